"""Every address of the register; docs and tests walk this file."""

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
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

# The reader of the schema draws its icons as data: images; nothing else is let in.
api_docs = csp_update({"img-src": [SELF, "data:"]})(SpectacularSwaggerSplitView.as_view(url_name="api_schema"))

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/v1/", include((router.urls, "api"))),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("api/v1/docs/", api_docs, name="api_docs"),
]
