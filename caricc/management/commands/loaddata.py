from django.core.management.commands import loaddata

from caricc.lib import writes
from caricc.models import SeedKey


class Command(loaddata.Command):
    """Django's own, inside a change: the register takes raw rows through no other door, and keeps their history.

    It overwrites what it finds, as ever; `seed` is the one that leaves edited and deleted records alone.
    """

    def loaddata(self, fixture_labels):
        self.seed_keys: set[str] = set()
        with writes.change(None, door="loaddata"):
            super().loaddata(fixture_labels)
            SeedKey.objects.bulk_create([SeedKey(key=key) for key in sorted(self.seed_keys)], ignore_conflicts=True)

    def save_obj(self, obj):
        saved = super().save_obj(obj)
        if saved and getattr(obj.object, "seed_key", None):
            self.seed_keys.add(obj.object.seed_key)
        return saved
