"""The history of a record in sentences, for one reader: a link to what they may not see is not mentioned."""

from collections import Counter
from itertools import groupby

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.dateparse import parse_date
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from caricc.lib.days import written
from caricc.lib.merged import names_of_gone

AT_HAND, SHOWN, LONGEST = 120, 5, 80
NOT_TOLD = {"position", "folded", "restricted_in_effect", "counted_from"}
CALLED_BY = ("title", "name", "text", "family", "person", "organization", "group", "country")


def tell(rows, user, shown: int = SHOWN) -> list[dict]:
    """The newest changes of `History.objects.of(record)`: `{at, actor, door, what, why, lines}`, one for each saving.

    What was saved at one time is told as one: of an entry only how many rows came with it, of a change what changed.
    """
    rows = list(rows[:AT_HAND])
    names = _names(rows, user)
    told = []
    for _key, group in groupby(rows, key=lambda row: (row.at, row.actor_id, row.door)):
        saved = list(group)
        first = next((row for row in saved if row.record_id == row.root_id and row.action != "change"), None)
        entered = any(row.version == 1 for row in saved) or (first is not None and first.action == "create")
        lines = _came_with(saved) if entered else _changed(saved, names)
        if not (entered or first or lines):
            continue
        what = _("Entered") if entered else first.get_action_display() if first else _("Changed")
        told.append(
            {
                "at": saved[0].at,
                "actor": saved[0].actor,
                "door": saved[0].get_door_display(),
                "what": what,
                "why": saved[0].why,
                "lines": lines,
            }
        )
        if len(told) == shown:
            break
    return told


def _came_with(saved) -> list[dict]:
    """How many rows of each kind were entered with the record."""
    counts = Counter(row.model for row in saved if row.record_id != row.root_id and row.action == "create")
    models = [(apps.get_model(label), n) for label, n in counts.items() if _model(label)]
    words = [f"{model._meta.verbose_name if n == 1 else model._meta.verbose_name_plural} ({n})" for model, n in models]
    return [{"label": _("With it"), "old": "", "new": ", ".join(words)}] if words else []


def _changed(saved, names) -> list[dict]:
    """From what to what; of a part that came or went only what it is called."""
    lines = []
    for row in reversed(saved):
        model = _model(row.model)
        if model is None:
            continue
        order = {field.name: place for place, field in enumerate(model._meta.get_fields())}
        pairs = sorted(
            _pairs(row), key=lambda item: order.get(item[0], 0)
        )  # one database keeps the order, one does not
        lines += [_line(pgettext("another record", "With"), str(pair[-1])) for name, pair in pairs if name == "other"]
        fields = [made for name, pair in pairs if (made := _field(model, name, pair, names))]
        if row.action == "change":
            lines += fields
        elif row.record_id != row.root_id:
            words = {f["name"]: f["new"] or f["old"] for f in fields}
            called = next((words[name] for name in CALLED_BY if words.get(name)), "")
            label = f"{model._meta.verbose_name}, {row.get_action_display().lower()}"
            lines.append({"label": label, "old": "", "new": called, "bare": not called})
    return lines


def _line(label: str, new: str) -> dict:
    return {"label": label, "old": "", "new": new}


def _pairs(row):
    for name, pair in row.changes.items():
        if isinstance(pair, list) and len(pair) == 2:
            yield name, pair


def _model(label):
    try:
        return apps.get_model(label)
    except LookupError:
        return None


def _get_field(model, name):
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _ids(value):
    return value if isinstance(value, list) else [] if value in (None, "") else [value]


def _names(rows, user) -> dict:
    """{model: {id: name}} of all records that these changes point to and `user` may see."""
    wanted: dict[type[models.Model], set] = {}
    for row in rows:
        model = _model(row.model)
        for name, pair in _pairs(row) if model else ():
            field = _get_field(model, name)
            if field is not None and field.is_relation:
                wanted.setdefault(field.related_model, set()).update(i for side in pair for i in _ids(side))
    found = {}
    for model, ids in wanted.items():
        if ids:
            manager = model._default_manager
            visible = manager.visible_to(user) if hasattr(manager, "visible_to") else manager
            found[model] = {record.pk: str(record) for record in visible.filter(pk__in=ids)}
    gone = names_of_gone({model: wanted[model] - found[model].keys() for model in found}, user)
    return {model: {**names, **gone.get(model, {})} for model, names in found.items()}


def _field(model, name, pair, names) -> dict | None:
    field = _get_field(model, name)
    if field is None or name in NOT_TOLD or name == model.part_of:
        return None
    if field.is_relation:
        known = names.get(field.related_model, {})
        old, new = ([known[i] for i in _ids(side) if i in known] for side in pair)
        if old == new:
            return None
        if not isinstance(field, models.ManyToManyField) and (len(old), len(new)) != tuple(len(_ids(s)) for s in pair):
            return None
        told = [", ".join(side) for side in (old, new)]
    else:
        told = [_words(field, side) for side in pair]
    return {"name": name, "label": str(field.verbose_name), "old": told[0], "new": told[1]}


def _words(field, value) -> str:
    if value in (None, "", []):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.DateField):
        parsed = parse_date(str(value))
        return written(parsed) if parsed else str(value)
    text = "; ".join(map(str, value)) if isinstance(value, list) else str(value)
    return Truncator(text).chars(LONGEST)
