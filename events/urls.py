from django.urls import path

from events import views

app_name = "events"
urlpatterns = [
    path("events/", views.EventList.as_view(), name="event_list"),
    path("events/<int:pk>/", views.EventDetail.as_view(), name="event_detail"),
    path("cases/", views.CaseList.as_view(), name="case_list"),
    path("cases/<int:pk>/", views.CaseDetail.as_view(), name="case_detail"),
    path("cases/<int:pk>/note/", views.AddNote.as_view(), name="case_note"),
    path("cases/<int:pk>/close/", views.CloseCase.as_view(), name="case_close"),
    path("cases/<int:pk>/rest/", views.RestCase.as_view(), name="case_rest"),
    path("cases/<int:pk>/reopen/", views.ReopenCase.as_view(), name="case_reopen"),
    path("cases/<int:pk>/step/", views.NextStep.as_view(), name="case_step"),
    path("cases/<int:pk>/link/", views.LinkCases.as_view(), name="case_link"),
    path("commitments/", views.CommitmentList.as_view(), name="commitment_list"),
    path("commitments/<int:pk>/", views.CommitmentDetail.as_view(), name="commitment_detail"),
    path("search/", views.Search.as_view(), name="search"),
]
