import json
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from caricc.lib import writes
from caricc.models import SeedKey


class Command(BaseCommand):
    help = (
        "Loads the fixtures of the releases by their seed keys. Adds only keys that were never loaded before: "
        "an edited record is not overwritten, a deleted one does not return."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="Say what would be added, and change nothing.")

    def handle(self, *, dry_run, verbosity, **options):
        self.told: list[str] = []
        try:
            with writes.change(None, door="seed", verbatim=True) as change:
                self.load(change)
                if dry_run:
                    raise DryRun
        except DryRun:
            pass
        if verbosity > 1:
            for key in self.added:
                self.stdout.write(_("Added %(key)s") % {"key": key})
        if verbosity:
            for line in self.told:
                self.stdout.write(line)
            counts = {"added": len(self.added), "kept": self.kept, "gone": self.gone, "out": self.left_out}
            line = _("Fixtures: %(added)d added, %(kept)d kept as they are, %(gone)d deleted before, %(out)d left out.")
            self.stdout.write(line % counts + (" " + _("Nothing was changed: a dry run.") if dry_run else ""))

    def load(self, change) -> None:
        rows = [row for path in fixture_files() for row in json.loads(path.read_text(encoding="utf-8"))]
        keys = {row["fields"]["seed_key"] for row in rows}
        models = {apps.get_model(row["model"]) for row in rows}
        here = {
            key
            for model in models
            for key in model._base_manager.filter(seed_key__isnull=False).values_list("seed_key", flat=True)
        }
        remembered = set(SeedKey.objects.values_list("key", flat=True))
        self.kept, self.gone = len(keys & here), len((keys & remembered) - here)
        new = [row for row in rows if row["fields"]["seed_key"] not in here | remembered]
        self.added = [
            found.object.seed_key
            for found in serializers.deserialize("python", new, handle_forward_references=True)
            if self.add(change, found)
        ]
        self.left_out = len(new) - len(self.added)
        loaded = {*self.added, *(keys & here)} - remembered
        SeedKey.objects.bulk_create([SeedKey(key=key) for key in sorted(loaded)], ignore_conflicts=True)

    def add(self, change, found) -> bool:
        """Save one record of the fixtures; a link to what was deleted leaves out the link, a field the record."""
        record, links, missing = found.object, dict(found.m2m_data or {}), found.deferred_fields or {}
        for field, value in missing.items():
            if field.many_to_many:
                links[field.name] = [pk for natural in value if (pk := self.find(record, field, natural))]
            else:
                why = _("%(target)s is not in the register.") % {"target": " ".join(value)}
                return self.leave_out(record, why)
        try:
            change.save(record)
        except ValidationError as error:
            return self.leave_out(record, " ".join(error.messages))
        for name, values in links.items():
            change.set(record, name, values)
        return True

    def find(self, record, field, natural) -> int | None:
        try:
            return field.related_model._default_manager.get_by_natural_key(*natural).pk
        except ObjectDoesNotExist:
            self.told.append(
                _("%(key)s goes without %(target)s, which is not in the register.")
                % {"key": record.seed_key, "target": " ".join(natural)}
            )
            return None

    def leave_out(self, record, why: str) -> bool:
        self.told.append(_("%(key)s is left out: %(why)s") % {"key": record.seed_key, "why": why})
        return False


class DryRun(Exception):
    """Takes back what a dry run did."""


def fixture_files() -> list[Path]:
    """In the order of their names, which is the order in which they refer to each other."""
    return [path for folder in settings.FIXTURE_DIRS for path in sorted(Path(folder).glob("*.json"))]
