"""Every address of the register; docs and tests walk this file."""

from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework.routers import SimpleRouter

from contacts import api as contacts
from events import api as events

router = SimpleRouter()
router.register("events", events.Events, basename="events")
router.register("organizations", contacts.Organizations, basename="organizations")
router.register("people", contacts.People, basename="people")
router.register("posts", contacts.Posts, basename="posts")
router.register("delegations", events.Delegations, basename="delegations")
router.register("outcomes", events.Outcomes, basename="outcomes")
router.register("commitments", events.Commitments, basename="commitments")
router.register("cases", events.Cases, basename="cases")
router.register("topics", events.Topics, basename="topics")
router.register("cities", contacts.Cities, basename="cities")

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/v1/", include((router.urls, "api"))),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("api/v1/docs/", SpectacularSwaggerView.as_view(url_name="api_schema"), name="api_docs"),
]
