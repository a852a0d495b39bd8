from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from caricc.lib.guards import install


class ContactsConfig(AppConfig):
    name = "contacts"
    verbose_name = _("Organizations and people")

    def ready(self):
        from caricc.lib.search.index import find_missing
        from contacts import index  # noqa: F401 - what is found by what

        post_migrate.connect(install, sender=self, dispatch_uid="contacts.guards")
        post_migrate.connect(find_missing, sender=self, dispatch_uid="contacts.index")
