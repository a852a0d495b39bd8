from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from caricc.lib.guards import install


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = _("Events and what follows")

    def ready(self):
        from caricc.lib.rollups import count_missing
        from caricc.lib.search.index import find_missing
        from events import index, rollups  # noqa: F401 - what is found by what, what is counted

        post_migrate.connect(install, sender=self, dispatch_uid="events.guards")
        post_migrate.connect(find_missing, sender=self, dispatch_uid="events.index")
        post_migrate.connect(count_missing, sender=self, dispatch_uid="events.rollups")
