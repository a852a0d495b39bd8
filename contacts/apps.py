from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from caricc.lib.guards import install


class ContactsConfig(AppConfig):
    name = "contacts"
    verbose_name = _("Organizations and people")

    def ready(self):
        post_migrate.connect(install, sender=self, dispatch_uid="contacts.guards")
