from django.urls import path

from contacts import views

app_name = "contacts"
urlpatterns = [
    path("organizations/", views.OrganizationList.as_view(), name="organization_list"),
    path("organizations/options/", views.OrganizationOptions.as_view(), name="organization_options"),
    path("organizations/<int:pk>/", views.OrganizationDetail.as_view(), name="organization_detail"),
    path("organizations/<int:pk>/snooze/", views.Snooze.as_view(), name="organization_snooze"),
    path("organizations/<int:pk>/wake/", views.Wake.as_view(), name="organization_wake"),
    path("organizations/<int:pk>/rhythm/", views.AgreeRhythm.as_view(), name="organization_rhythm"),
    path("people/", views.PersonList.as_view(), name="person_list"),
    path("people/<int:pk>/", views.PersonDetail.as_view(), name="person_detail"),
]
