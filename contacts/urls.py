from django.urls import path

from contacts import views

app_name = "contacts"
urlpatterns = [
    path("organizations/", views.OrganizationList.as_view(), name="organization_list"),
    path("organizations/options/", views.OrganizationOptions.as_view(), name="organization_options"),
    path("organizations/duplicates/", views.DuplicateOrganizations.as_view(), name="organization_duplicates"),
    path("organizations/like/", views.LikeOrganizations.as_view(), name="organization_like"),
    path("organizations/merge/", views.MergeOrganizations.as_view(), name="organization_merge"),
    path("organizations/different/", views.MarkOrganizationsDifferent.as_view(), name="organization_different"),
    path("organizations/alike/", views.UnmarkOrganizations.as_view(), name="organization_alike"),
    path("organizations/<int:pk>/unmerge/", views.UnmergeOrganization.as_view(), name="organization_unmerge"),
    path("organizations/<int:pk>/", views.OrganizationDetail.as_view(), name="organization_detail"),
    path("organizations/<int:pk>/snooze/", views.Snooze.as_view(), name="organization_snooze"),
    path("organizations/<int:pk>/wake/", views.Wake.as_view(), name="organization_wake"),
    path("organizations/<int:pk>/rhythm/", views.AgreeRhythm.as_view(), name="organization_rhythm"),
    path("people/", views.PersonList.as_view(), name="person_list"),
    path("people/duplicates/", views.DuplicatePeople.as_view(), name="person_duplicates"),
    path("people/like/", views.LikePeople.as_view(), name="person_like"),
    path("people/merge/", views.MergePeople.as_view(), name="person_merge"),
    path("people/different/", views.MarkPeopleDifferent.as_view(), name="person_different"),
    path("people/alike/", views.UnmarkPeople.as_view(), name="person_alike"),
    path("people/<int:pk>/unmerge/", views.UnmergePerson.as_view(), name="person_unmerge"),
    path("people/<int:pk>/", views.PersonDetail.as_view(), name="person_detail"),
]
