"""A merge is taken back, step by step, the last one first; what was changed since stays as it is.

Only the last merge into a record can be undone, and only while that record itself has not gone into another: then the
steps meet the rows as they left them. What is left is told of the record alone, which is open to whoever may undo: of
rows that point to it nothing is said.
"""

from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from caricc.lib.days import written
from caricc.lib.ids import new_id
from caricc.lib.merge import ask, leads_back, to_itself, whole
from caricc.lib.merged import id_that_stays


def why_not(merge) -> str:
    """Why a merge can not be undone; empty where it can."""
    rows = type(merge).objects.filter(about=merge.about, undone_at=None)
    if merge.undone_at is not None:
        return _("This merge has been undone already.")
    above = rows.filter(gone_id=merge.kept_id).first()
    if above is not None:
        told = {"name": merge.kept_name, "other": above.kept_name}
        return _("%(name)s itself went into %(other)s: undo that first.") % told
    if not apps.get_model(merge.about)._base_manager.filter(pk=merge.kept_id).exists():
        return _("%(name)s has been deleted since.") % {"name": merge.kept_name}
    if merge.too_late:
        last = written(timezone.localdate(merge.last_moment))
        return _("A merge can be undone for 30 days; for this one that was until %(day)s.") % {"day": last}
    last = rows.filter(kept_id=merge.kept_id).order_by("-at", "-id").first()
    if last is not None and last.pk != merge.pk:
        return _("%(name)s was merged later: undo that first.") % {"name": last.gone_name}
    return ""


def taken_up(record) -> list:
    """The merges that made a record what it is, the newest first, those of records that went into it among them.

    Each knows as `why_not` why it cannot be undone.
    """
    rows = apps.get_model("caricc", "Merge").objects.filter(about=record._meta.label, undone_at=None).defer("undo")
    found: dict[int, Any] = {}
    ahead = {record.pk}
    while ahead:
        new = {one.pk: one for one in rows.filter(kept_id__in=ahead).select_related("actor") if one.pk not in found}
        found |= new
        ahead = {one.gone_id for one in new.values()}
    made = sorted(found.values(), key=lambda one: (one.at, one.pk), reverse=True)
    for one in made:
        one.why_not = why_not(one)
    return made


class Undoing:
    """`left` is what stays as it is, in words that whoever may see the record may read."""

    def __init__(self, change, merge):
        self.change, self.merge = change, merge
        self.model = apps.get_model(merge.about)
        self.left: list[str] = []
        self.found: set[tuple[type, int]] = set()  # records that something may point to

    def run(self) -> list[str]:
        for step in reversed(self.merge.undo):
            model = apps.get_model(step["model"])
            path = model.root_path() if hasattr(model, "root_path") else ""
            rows = model._base_manager.select_related(path) if path else model._base_manager
            getattr(self, step["do"])(step, model, rows.filter(pk=step["id"]).first())
        return list(dict.fromkeys(self.left))

    def alter(self, step, model, row) -> None:
        if row is None:
            return
        values = {}
        for key, (old, new) in step["values"].items():
            field = next((one for one in model._meta.concrete_fields if one.attname == key), None)
            if field is None:
                continue
            old = self.led_on(field, old)
            if plain_of(row, key) == new and self.may_be(model, field, old, row.pk):
                values[key] = field.to_python(old)
            else:
                self.leave(model, row.pk, field)
        if values:
            self.write(row, values)

    def write(self, row, values) -> None:
        if not hasattr(row, "part_of"):
            type(row)._base_manager.filter(pk=row.pk).update(**values)
            return
        try:
            self.change.alter(row, **values)
        except ValidationError:  # a rule of the database: another row has it meanwhile
            for key in values:
                self.leave(type(row), row.pk, next(one for one in row._meta.concrete_fields if one.attname == key))

    def leave(self, model, pk: int, field) -> None:
        if model is self.model and pk in (self.merge.kept_id, self.merge.gone_id):
            self.left.append(capfirst(str(field.verbose_name)))

    def is_there(self, model, pk: int) -> bool:
        if (model, pk) not in self.found and not model._base_manager.filter(pk=pk).exists():
            return False
        self.found.add((model, pk))
        return True

    def led_on(self, field, value):
        """A value as it was; of a record that went in another merge since, the id of the one that stays."""
        if value is None or not field.is_relation or self.is_there(field.related_model, value):
            return value
        return id_that_stays(field.related_model, value) or value

    def may_be(self, model, field, value, pk: int) -> bool:
        """Whether a row can point there: the other end is there, and does not lead back to it."""
        if value is None or not field.is_relation:
            return True
        if not self.is_there(field.related_model, value):
            return False
        return field not in to_itself(model) or not leads_back(model, field, value, pk)

    def move(self, step, model, row) -> None:
        if row is not None and whole(row) == step["after"]:
            self.write(row, {key: step["before"][key] for key in step["fields"]})
            return
        if row is not None:
            self.left.append(str(row))
            step = {**step, "before": {**step["before"], "id": new_id(), "seed_key": None}}
        self.insert(model, step["before"])

    def drop(self, step, model, row) -> None:
        if row is None:
            self.insert(model, step["values"], must=model is self.model and step["id"] == self.merge.gone_id)

    def insert(self, model, values: dict[str, Any], must: bool = False) -> None:
        made: dict[str, Any] = {}
        for field in model._meta.concrete_fields:
            if field.attname not in values:
                continue
            value = made[field.attname] = self.led_on(field, field.to_python(values[field.attname]))
            if value is None or field.primary_key:
                continue
            free = not field.unique or not model._base_manager.filter(**{field.attname: value}).exists()
            if free and self.may_be(model, field, value, values["id"]):
                continue
            if not field.null:
                if must:
                    raise ValidationError(
                        _("%(field)s can not be given back.") % {"field": capfirst(field.verbose_name)}
                    )
                return
            made[field.attname] = None
            self.leave(model, values["id"], field)
        row = model(**made)
        if not hasattr(row, "part_of"):
            row.save(force_insert=True)
            return
        try:
            self.change.put_back(row)
        except ValidationError:
            if must:
                raise

    def link(self, step, model, row) -> None:
        if row is None:
            return
        accessor = getattr(row, step["field"])
        ends = accessor.through._base_manager.filter(**{accessor.source_field_name: row.pk})
        now = set(ends.values_list(f"{accessor.target_field_name}_id", flat=True))
        if self.merge.kept_id in now:
            new = {*now, self.merge.gone_id} - ({self.merge.kept_id} - set(step["old"]))
            self.change.set(row, step["field"], new)

    def made(self, step, model, row) -> None:
        if row is None:
            return
        if whole(row) == step["values"]:
            self.change.take_out(row)
        else:
            self.left.append(str(row))

    def ask(self, step, model, row) -> None:
        if row is not None and row.query == step["new"]:
            row.query = step["old"]
            ask(self.change, row)


def plain_of(row, attname: str):
    return whole(row)[attname]


def unmerge(change, merge) -> list[str]:
    """Make two records of one again; returns what was left as it is. Whoever calls expects the version of the record."""
    merge = type(merge).objects.select_for_update().get(pk=merge.pk)
    refusal = why_not(merge)
    if refusal:
        raise ValidationError(refusal)
    undoing = Undoing(change, merge)
    left = undoing.run()
    merge.undone_at, merge.undone_by = change.at, change.actor
    merge.save(update_fields=["undone_at", "undone_by"])
    records = undoing.model._base_manager
    kept, gone = records.get(pk=merge.kept_id), records.get(pk=merge.gone_id)
    change.tell(kept, "unmerge", str(gone))
    change.tell(gone, "unmerge", str(kept))
    return left
