"""The admin site: our sign-in, our rights, our clothes."""

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _


class RegisterAdminSite(AdminSite):
    site_header = _("CARICC Register")
    site_title = _("CARICC Register")
    index_title = _("Editing")
    enable_nav_sidebar = False

    def has_permission(self, request):
        return request.user.is_active and request.user.is_staff

    def login(self, request, extra_context=None):
        """There is one sign-in page; somebody signed in whom the admin does not let in is told so."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or request.get_full_path())
