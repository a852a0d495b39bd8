"""The register's addresses, and those of the reference programs beside them."""

from django.urls import include, path

from tests.bench.reference import plain_api, plain_list

urlpatterns = [
    path("", include("caricc.urls")),
    path("reference/events/", plain_list.EventList.as_view()),
    path("reference/api/events/", plain_api.Events.as_view({"get": "list"})),
]
