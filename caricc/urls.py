"""Every address of the register; docs and tests walk this file."""

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from caricc import saved_views, views
from caricc.lib.api import Router
from contacts import api as contacts
from events import api as events
from events.views import Dashboard

router = Router()
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
    path("", Dashboard.as_view(), name="dashboard"),
    path("", include("events.urls")),
    path("", include("contacts.urls")),
    path("views/", saved_views.SavedViews.as_view(), name="views"),
    path("views/add/", saved_views.Add.as_view(), name="view_add"),
    path("views/<int:pk>/", saved_views.Open.as_view(), name="view_open"),
    path("views/<int:pk>/change/", saved_views.Change.as_view(), name="view_change"),
    path("views/<int:pk>/delete/", saved_views.Delete.as_view(), name="view_delete"),
    path("accounts/login/", views.SignIn.as_view(), name="login"),
    path("accounts/logout/", LogoutView.as_view(), name="logout"),
    path("theme/", views.choose_theme, name="theme"),
    path("language/<slug:code>/", views.choose_language, name="language"),
    path("livez", views.livez, name="livez"),
    path("readyz", views.readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("api/v1/", include((router.urls, "api"))),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("api/v1/docs/", api_docs, name="api_docs"),
]

handler400, handler403, handler404 = "caricc.views.bad_request", "caricc.views.refused", "caricc.views.not_found"
