from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _


class CariccConfig(AppConfig):
    name = "caricc"
    verbose_name = _("Accounts")
    default = True


class RegisterAdminConfig(admin_apps.AdminConfig):
    default = False
    default_site = "caricc.lib.admin_site.RegisterAdminSite"
