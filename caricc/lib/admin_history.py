"""The history of a record in words, as one reader may see it: what points to a hidden record is as if absent."""

from itertools import groupby

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from caricc.lib.admin_fields import Picks, ids_in
from caricc.lib.days import written
from caricc.lib.fields import CountryField, country_name
from caricc.lib.merged import names_of_gone
from caricc.lib.unmerge import taken_up

LATEST = 1000


class Teller:
    """Puts rows of history into words."""

    def __init__(self, rows, user):
        self.rows, self.picks = list(rows), Picks(user)
        named: dict[type, set[int]] = {}
        for row in self.rows:
            for field, values in self._fields(row):
                if field.is_relation:
                    for value in values:
                        self.picks.want(field.related_model, value)
                        named.setdefault(field.related_model, set()).update(ids_in(value))
        self.gone = names_of_gone(named, user)

    @staticmethod
    def _fields(row):
        model = apps.get_model(row.model)
        if not hasattr(model, "part_of"):
            return
        for name, values in row.changes.items():
            try:
                field = model._meta.get_field(name)
            except FieldDoesNotExist:
                continue
            if isinstance(values, list) and len(values) == 2 and name not in (model.part_of, "position"):
                yield field, values

    def lines(self, row) -> list[dict]:
        """What changed from what to what; nothing where only hidden records came or went."""
        made = []
        if isinstance(row.changes.get("fields"), list):  # of an account, of which only the names are kept
            made.append({"label": _("Fields"), "old": "", "new": str(row.changes["fields"][-1])})
        if isinstance(row.changes.get("other"), list):
            made.append({"label": pgettext("another record", "With"), "old": "", "new": str(row.changes["other"][-1])})
        for field, (old, new) in self._fields(row):
            before, after = self._words(field, old), self._words(field, new)
            if before != after and not (old is None and new is False):
                made.append({"label": capfirst(str(field.verbose_name)), "old": before, "new": after})
        return made

    def _words(self, field, value) -> str:
        if field.is_relation:
            gone = self.gone.get(field.related_model, {})
            found = (gone.get(pk) or self.picks.get(field.related_model, pk) for pk in ids_in(value))
            return ", ".join(str(record) for record in found if record is not None)
        if value in (None, "", []):
            return ""
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, list):
            return "; ".join(map(str, value))
        if field.choices:
            return str(dict(field.flatchoices).get(value, value))
        if isinstance(field, CountryField):
            return country_name(value)
        if isinstance(field, models.DateField):
            return written(field.to_python(value))
        return str(value)


def _heading(row) -> str:
    name = apps.get_model(row.model)._meta.verbose_name
    return capfirst(str(name)) if row.model != row.root_model else ""


def told(rows, user) -> list[dict]:
    """Rows of history as entries, those of one change together."""
    teller, made = Teller(rows, user), []
    for _key, together in groupby(teller.rows, key=lambda row: (row.at, row.actor_id, row.door)):
        changes = []
        for row in together:
            lines = teller.lines(row)
            if lines or row.action != row.Action.CHANGE:
                changes.append({"action": row.get_action_display(), "part": _heading(row), "lines": lines})
                first = row
        if changes:
            made.append(
                {"at": first.at, "who": str(first.actor) if first.actor else _("the system"),
                 "door": first.get_door_display(), "why": first.why, "changes": changes}
            )  # fmt: skip
    return made


def history_of(record, user) -> list[dict]:
    return told(apps.get_model("caricc.History").objects.of(record)[:LATEST], user)


def histories_taken_up(record, user) -> list[dict]:
    """The histories of records that went into this one: `{name, at, entries}`, the latest merge first."""
    if not record.can_be_merged:
        return []
    made, rows = [], apps.get_model("caricc.History").objects.select_related("actor")
    for merge in taken_up(record):
        theirs = rows.filter(root_model=record._meta.label_lower, root_id=merge.gone_id)[:LATEST]
        made.append({"name": merge.gone_name, "at": merge.at, "entries": told(theirs, user)})
    return made


def changed_since(record, version: int, user) -> list[str]:
    """Who changed what from what to what after `version`, one sentence each, newest last."""
    rows = apps.get_model("caricc.History").objects.of(record).filter(version__gt=version)[:LATEST]
    made = []
    for entry in reversed(told(rows, user)):
        when = written(timezone.localtime(entry["at"]), "j M, H:i")
        for change in entry["changes"]:
            about = f"{change['part']}: " if change["part"] else ""
            told_lines = [
                _("%(field)s from “%(old)s” to “%(new)s”")
                % {"field": line["label"], "old": line["old"] or _("nothing"), "new": line["new"] or _("nothing")}
                for line in change["lines"]
            ]
            what = about + ("; ".join(told_lines) or change["action"].lower())
            made.append(_("%(who)s, %(when)s: %(what)s.") % {"who": entry["who"], "when": when, "what": what})
    return made
