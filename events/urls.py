from django.urls import path

from events import views

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
    path("cases/<int:pk>/note/", views.AddNote.as_view(), name="case_note"),
    path("cases/<int:pk>/close/", views.CloseCase.as_view(), name="case_close"),
    path("cases/<int:pk>/rest/", views.RestCase.as_view(), name="case_rest"),
    path("cases/<int:pk>/reopen/", views.ReopenCase.as_view(), name="case_reopen"),
    path("cases/<int:pk>/step/", views.NextStep.as_view(), name="case_step"),
    path("cases/<int:pk>/link/", views.LinkCases.as_view(), name="case_link"),
    path("commitments/", views.CommitmentList.as_view(), name="commitment_list"),
    path("commitments/shape/", views.choose_shape, name="commitment_shape"),
    path("commitments/handover/", views.Handover.as_view(), name="handover"),
    path("commitments/<int:pk>/", views.CommitmentDetail.as_view(), name="commitment_detail"),
    path("inbox/", views.Inbox.as_view(), name="inbox"),
    path("commitments/<int:pk>/fulfil/", views.Fulfil.as_view(), name="commitment_fulfil"),
    path("commitments/<int:pk>/shift/", views.Shift.as_view(), name="commitment_shift"),
    path("commitments/<int:pk>/withdraw/", views.Withdraw.as_view(), name="commitment_withdraw"),
    path("commitments/<int:pk>/reopen/", views.Reopen.as_view(), name="commitment_reopen"),
    path("commitments/<int:pk>/assign/", views.Assign.as_view(), name="commitment_assign"),
    path("outcomes/", views.OutcomeList.as_view(), name="outcome_list"),
    path("outcomes/<int:pk>/done/", views.FollowUp.as_view(), name="outcome_done"),
    path("outcomes/<int:pk>/undone/", views.TakeUpAgain.as_view(), name="outcome_undone"),
    path("search/", views.Search.as_view(), name="search"),
]
