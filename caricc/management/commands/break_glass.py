"""Opening one restricted record to one user, on the record."""

import re

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError

from caricc.lib import writes
from caricc.lib.visibility import NeedToKnow
from caricc.models import History, User


def kinds() -> dict[str, type]:
    """The models whose records may be restricted, by the word that stands before the colon."""
    return {model._meta.model_name: model for model in apps.get_models() if issubclass(model, NeedToKnow)}


class Command(BaseCommand):
    help = (
        "Names a user on a restricted event or case, so that they may read it. This is for the day on which nobody who "
        "may read it is there to do so; it leaves a row in the history of the record, which its readers see."
    )

    def add_arguments(self, parser):
        parser.add_argument("username", help="the account to be named on the record")
        parser.add_argument(
            "record",
            help="event:ID, case:ID, or case:NUMBER such as case:2021-003; the end of its address will do too (events/ID/)",
        )
        parser.add_argument("--why", required=True, help="the reason, for the history")
        parser.add_argument("--dry-run", action="store_true", help="say what would be opened, open nothing")

    def handle(self, *, username, record, why, dry_run, **options):
        if not why.strip():
            raise CommandError("Say why: the reason stands in the history.")
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError(f"There is no open account {username!r}.")
        found = find(record)
        name = f"{found._meta.verbose_name} “{found}”"
        if not found.is_restricted:
            parent = getattr(found, "parent", None)
            if parent is not None and parent.is_restricted:
                raise CommandError(f"It is restricted as a part of another: give event:{parent.pk} instead.")
            raise CommandError(f"The {name} is not restricted: whoever may view it reads it already.")
        named = list(found.readers.values_list("pk", flat=True))
        if user.pk in named or found.owner_id == user.pk:
            raise CommandError(f"{username} is named on the {name} already.")
        if dry_run:
            self.stdout.write(f"Would name {username} on the {name}.")
            return
        with writes.change(None, History.Door.COMMAND, why.strip()) as change:
            change.set(found, "readers", [*named, user.pk])
            change.note(found, History.Action.GRANT, {"readers": [None, user.pk]})
        self.stdout.write(f"{username} is named on the {name}.")
        if not type(found).objects.visible_to(user).filter(pk=found.pk).exists():
            self.stderr.write(self.style.WARNING(still_closed(found, user)))


def find(text: str):
    match = re.fullmatch(r"(?:.*/)?([a-z]+?)s?[:/]([\w-]+)/?", text.strip())
    model = kinds().get(match[1]) if match else None
    if model is None:
        raise CommandError(f"{text!r} names no record: write event:ID, case:ID or case:NUMBER.")
    key, rows = match[2], model._base_manager
    found = rows.filter(pk=key).first() if key.isascii() and key.isdigit() and int(key) < 2**63 else None
    if found is None and any(field.name == "number" for field in model._meta.fields):
        found = rows.filter(number=key.upper()).first()
    if found is None:
        raise CommandError(f"There is no {model._meta.verbose_name} {key}.")
    return found


def still_closed(record, user) -> str:
    parent = getattr(record, "parent", None)
    if parent is not None and not type(record).objects.visible_to(user).filter(pk=parent.pk).exists():
        return f"They cannot read it yet: it is part of event:{parent.pk}, on which they are not named."
    return "They cannot read it yet: their roles do not let them view such records."
