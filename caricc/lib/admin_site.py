"""The admin site: our sign-in, our rights, our clothes."""

from functools import update_wrapper

from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.utils.translation import gettext_lazy as _

TERM = 100


class Choices(AutocompleteJsonView):
    """What an autocomplete offers: rows that the user may see and that are not archived, found by any of their names."""

    def get(self, request, *args, **kwargs):
        term, self.model_admin, self.source_field, key = self.process_request(request)
        if not self.has_perm(request):
            raise PermissionDenied
        page = self.request.GET.get("page", "1")
        start = (
            int(page) - 1 if page.isascii() and page.isdigit() and len(page) < 5 and int(page) else 0
        ) * self.paginate_by
        rows = self.model_admin.offered(request)
        found, more = self.model_admin.best(request, rows, term[:TERM], start, start + self.paginate_by)
        results = [{"id": str(getattr(row, key)), "text": self.model_admin.offered_as(row)} for row in found]
        return JsonResponse({"results": results, "pagination": {"more": more}})

    def has_perm(self, request, obj=None):
        may = getattr(self.model_admin, "may_be_offered", None)
        return bool(may and may(request))


class RegisterAdminSite(AdminSite):
    site_header = _("CARICC Register")
    site_title = _("CARICC Register")
    index_title = _("Editing")
    enable_nav_sidebar = False

    def __init__(self, name="admin"):
        super().__init__(name)
        self.disable_action("delete_selected")

    def get_urls(self):
        """Without the address that leads from any id of any model to its page: it would tell what exists."""
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]

    def autocomplete_view(self, request):
        return Choices.as_view(admin_site=self)(request)

    def admin_view(self, view, cacheable=False):
        """Whoever is signed in and may not edit is told so at once."""
        inner = super().admin_view(view, cacheable)

        def guarded(request, *args, **kwargs):
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            return inner(request, *args, **kwargs)

        return update_wrapper(guarded, inner)

    def has_permission(self, request):
        return request.user.is_active and request.user.is_staff

    def login(self, request, extra_context=None):
        """There is one sign-in page; somebody signed in whom the admin does not let in is told so."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or request.get_full_path())
