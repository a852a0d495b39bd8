from django.urls import path

from events import views
from events.views.outcomes import OutcomeList

app_name = "events"
urlpatterns = [
    path("events/", views.EventList.as_view(), name="event_list"),
    path("events/<int:pk>/", views.EventDetail.as_view(), name="event_detail"),
    path("calendar/", views.Calendar.as_view(), name="calendar"),
    path("calendar/feeds/", views.Feeds.as_view(), name="feeds"),
    path("calendar/feeds/<int:pk>/revoke/", views.RevokeFeed.as_view(), name="feed_revoke"),
    path("calendar/feed/<str:token>.ics", views.feed, name="feed"),
    path("cases/", views.CaseList.as_view(), name="case_list"),
    path("cases/<int:pk>/", views.CaseDetail.as_view(), name="case_detail"),
    path("commitments/", views.CommitmentList.as_view(), name="commitment_list"),
    path("commitments/<int:pk>/", views.CommitmentDetail.as_view(), name="commitment_detail"),
    path("outcomes/", OutcomeList.as_view(), name="outcome_list"),
    path("inbox/", views.Inbox.as_view(), name="inbox"),
    path("search/", views.Search.as_view(), name="search"),
]
