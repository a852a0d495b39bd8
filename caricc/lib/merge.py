"""Two records of one kind become one, and two of them again.

Knows no model: whatever points to the record that goes is found by `relations`, a new model with a foreign key
included, and points to the one that stays, also where the one who merges may not see it. The record that goes is
deleted; the steps taken are kept in a `Merge`, and undoing takes them back, the last one first.

Where pointing elsewhere would break a unique rule, two rows become one: the row of the record that stays remains, what
it leaves empty (or at its default) is filled from the other, and whatever points to the other follows. Rows that say
the same (`same_by`) and contradict each other in nothing become one likewise. Where two records stand in one tree, the one that stays takes the place of
the other above it.
"""

from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext as _

from caricc.lib.filters import Question
from caricc.lib.saved import renamed
from caricc.lib.writes import plain

NOT_FILLED = {
    "id",
    "seed_key",
    "created_at",
    "created_by",
    "version",
    "updated_at",
    "folded",
    "position",
    "restricted_in_effect",
}
ASKING = ("SavedView", "CalendarFeed")  # of caricc.models: what keeps a question


def relations(model) -> list:
    """Every foreign key to `model`, hidden ones too, but for those of links, which `links` gives, and of kept figures."""
    found = model._meta.get_fields(include_hidden=True)
    found = [one for one in found if one.auto_created and not one.concrete and (one.one_to_many or one.one_to_one)]
    return [
        one
        for one in found
        if not one.related_model._meta.auto_created and not getattr(one.related_model, "derived", False)
    ]


def links(model) -> list:
    """Every many-to-many field of another record that links to `model`."""
    return [one for one in model._meta.get_fields(include_hidden=True) if one.auto_created and one.many_to_many]


def to_itself(model) -> list:
    return [field for field in model._meta.fields if field.is_relation and field.related_model is model]


def leads_back(model, field, start: int | None, to: int) -> bool:
    """Whether one comes to the record `to` when following `field` from `start`, itself included."""
    seen: set[int] = set()
    while start is not None and start not in seen:
        if start == to:
            return True
        seen.add(start)
        start = model._base_manager.filter(pk=start).values_list(field.attname, flat=True).first()
    return False


def is_part_by(row, field) -> bool:
    return getattr(row, "part_of", "") == field.name


def whole(row) -> dict[str, Any]:
    """All values of a row, by attname, as JSON keeps them."""
    return {field.attname: plain(getattr(row, field.attname)) for field in row._meta.concrete_fields}


def unique_sets(model) -> list[tuple[str, ...]]:
    """Names of fields of which no two rows have all the same values."""
    found = [one for one in model._meta.constraints if isinstance(one, models.UniqueConstraint)]
    made = [tuple(one.fields) for one in found if one.fields and one.condition is None]
    made += [tuple(names) for names in model._meta.unique_together]
    return made + [(field.name,) for field in model._meta.concrete_fields if field.unique and not field.primary_key]


def marks(model) -> list[str]:
    """Names of the fields that say yes on one row only, of those that have other values in common."""
    found = [one.condition for one in model._meta.constraints if isinstance(one, models.UniqueConstraint)]
    pairs: list[Any] = [condition.children[0] for condition in found if condition and len(condition.children) == 1]
    return [name for name, value in pairs if value is True]


def filled_fields(model, but) -> list:
    """The fields that a row may fill in another, besides `but`, by which both point to the same record."""
    left_out = {*NOT_FILLED, *marks(model), but.name}
    return [field for field in model._meta.concrete_fields if field.name not in left_out]


def is_empty(field, value) -> bool:
    return value in (None, "", []) or value == field.get_default()


class Work:
    """The steps of one merge, each done within `change` and kept for its undoing."""

    def __init__(self, change):
        self.change, self.steps = change, []

    def note(self, do: str, row, **more) -> None:
        self.steps.append({"do": do, "model": row._meta.label, "id": row.pk, **more})

    def alter(self, row, **values) -> None:
        told = {key: [plain(getattr(row, key)), plain(value)] for key, value in values.items()}
        self._write(row, values)
        self.note("alter", row, values=told)

    def _write(self, row, values) -> None:
        if hasattr(row, "part_of"):
            self.change.alter(row, **values)
        else:
            type(row)._base_manager.filter(pk=row.pk).update(**values)

    def drop(self, row) -> None:
        row = type(row)._base_manager.get(pk=row.pk)
        values = whole(row)
        if hasattr(row, "part_of"):
            self.change.take_out(row)
        else:
            type(row)._base_manager.filter(pk=row.pk).delete()
        if hasattr(row, "version"):
            values["version"] = row.version  # it goes on from here when the row is put back
        self.note("drop", row, values=values)

    # ---- what points to the record that goes

    def replace(self, gone, kept, taken=frozenset()) -> None:
        """Whatever points to `gone` points to `kept`; then `gone` goes."""
        for relation in relations(type(gone)):
            field, model = relation.field, relation.related_model
            rows = model._base_manager.filter(**{field.name: gone.pk}).order_by("pk")
            path = model.root_path() if hasattr(model, "root_path") else ""
            for row in rows.select_related(path) if path else rows:
                self.repoint(row, field, gone, kept, taken)
        for link in links(type(gone)):
            for owner in link.related_model._base_manager.filter(**{link.field.name: gone.pk}).order_by("pk"):
                self.relink(owner, link.field.name, gone, kept)
        self.drop(gone)

    def repoint(self, row, field, gone, kept, taken) -> None:
        part = is_part_by(row, field)
        twin = self.saying_the_same(row, field, kept) or self.colliding(row, field, kept)
        if twin is not None:
            self.become(row, twin, field, kept, taken)
        elif self.is_refused(row, field, kept):
            self.drop(row)
        else:
            values = {field.attname: kept.pk, **self.marks_given_up(row, field, kept, taken)}
            if part:
                before = whole(row)
                self._write(row, values)
                self.note("move", row, before=before, after=whole(row), fields=sorted(values))
            else:
                self.alter(row, **values)

    def relink(self, owner, name, gone, kept) -> None:
        accessor = getattr(owner, name)
        ends = accessor.through._base_manager.filter(**{accessor.source_field_name: owner.pk})
        old = sorted(ends.values_list(f"{accessor.target_field_name}_id", flat=True))
        self.change.set(owner, name, {*old, kept.pk} - {gone.pk})
        self.note("link", owner, field=name, old=old)

    @staticmethod
    def colliding(row, field, kept):
        """The row that has what `row` would have, where only one may have it."""
        model = type(row)
        for names in unique_sets(model):
            if field.name not in names:
                continue
            wanted = {name: kept.pk if name == field.name else getattr(row, _attname(model, name)) for name in names}
            if None not in wanted.values() and (
                found := model._base_manager.filter(**wanted).exclude(pk=row.pk).first()
            ):
                return found
        return None

    @staticmethod
    def saying_the_same(row, field, kept):
        """The row of `kept` that agrees with `row` in `same_by`, and in all else that both of them say."""
        if not getattr(row, "same_by", ()):
            return None
        model = type(row)
        said = {name: getattr(row, _attname(model, name)) for name in row.same_by if name != field.name}
        for other in model._base_manager.filter(**said, **{field.name: kept.pk}).order_by("pk"):
            pairs = [
                (one, getattr(row, one.attname), getattr(other, one.attname)) for one in filled_fields(model, field)
            ]
            if all(a == b or is_empty(one, a) or is_empty(one, b) for one, a, b in pairs):
                return other
        return None

    @staticmethod
    def is_refused(row, field, kept) -> bool:
        """Whether a mark on a pair (no record) would be there twice, or be of one record with itself."""
        model = type(row)
        if hasattr(row, "part_of"):
            return False
        tried = model._base_manager.get(pk=row.pk)
        setattr(tried, field.attname, kept.pk)
        for rule in model._meta.constraints:
            if isinstance(rule, models.CheckConstraint) or not rule.fields:
                try:
                    rule.validate(model, tried)
                except ValidationError:
                    return True
        return False

    def become(self, row, other, field, kept, taken) -> None:
        """`row` and `other` become one: what `other` does not say is filled from `row`."""
        filled = {}
        for one in filled_fields(type(row), field):
            if is_empty(one, getattr(other, one.attname)) and not is_empty(one, getattr(row, one.attname)):
                filled[one.attname] = getattr(row, one.attname)
        for mark in marks(type(row)):
            if getattr(row, mark) and type(row).mark_follows in taken:
                self.take_mark(mark, field, kept, but=other)
                filled[mark] = True
        self.replace(row, other)
        if filled:
            self.alter(other, **filled)

    def marks_given_up(self, row, field, kept, taken) -> dict:
        """The marks that `row` leaves to a row of `kept`; where its own count, it is the other that gives way."""
        given = {}
        for mark in marks(type(row)):
            if (
                not getattr(row, mark)
                or not type(row)._base_manager.filter(**{field.name: kept.pk, mark: True}).exists()
            ):
                continue
            if type(row).mark_follows in taken:
                self.take_mark(mark, field, kept, but=row)
            else:
                given[mark] = False
        return given

    def take_mark(self, mark, field, kept, but) -> None:
        for other in type(but)._base_manager.filter(**{field.name: kept.pk, mark: True}).exclude(pk=but.pk):
            self.alter(other, **{mark: False})

    # ---- the record that stays

    def step_aside(self, kept, gone) -> None:
        """Where `kept` stands somewhere below `gone` in a tree, it takes the place of `gone`."""
        for field in to_itself(type(kept)):
            if leads_back(type(kept), field, getattr(kept, field.attname), gone.pk):
                above = getattr(gone, field.attname)
                back = leads_back(type(kept), field, above, kept.pk)
                self.alter(kept, **{field.attname: None if back else above})

    def fill(self, kept, gone, values: dict[str, Any], first: dict[str, Any]) -> None:
        """Give `kept` the values chosen, by attname; `first` are those that it had at the beginning."""
        model = type(kept)
        parts = [one for one in relations(model) if getattr(one.related_model, "part_of", "") == one.field.name]
        before, known = whole(model._base_manager.get(pk=kept.pk)), {one: _ids(one, kept) for one in parts}
        for field in model._meta.concrete_fields:
            if field.attname not in values:
                continue
            value = values[field.attname]
            if field in to_itself(model) and (value == gone.pk or leads_back(model, field, value, kept.pk)):
                if value in (first[field.attname], kept.pk, gone.pk):
                    continue  # as `step_aside` left it
                raise ValidationError({field.name: _("This leads back to the record itself.")})
            setattr(kept, field.attname, value)
        self.change.save(kept)
        after = whole(model._base_manager.get(pk=kept.pk))
        changed = {
            k: [old, after[k]] for k, old in before.items() if old != after[k] and k not in ("version", "updated_at")
        }
        if changed:
            self.note("alter", kept, values=changed)
        for one in parts:
            for row in one.related_model._base_manager.filter(pk__in=_ids(one, kept) - known[one]):
                self.note("made", row, values=whole(row))

    def ask_for(self, gone, kept) -> None:
        """Kept questions that name `gone` name `kept`; one that would grow too long is left, since reading follows it."""
        for name in ASKING:
            model = apps.get_model("caricc", name)
            longest = model._meta.get_field("query").max_length
            for row in model._base_manager.filter(query__contains=str(gone.pk)).order_by("pk"):
                about = Question.about[row.about]
                new = renamed(about, QueryDict(row.query), type(gone)._meta.label, gone.pk, kept.pk)
                same = renamed(about, QueryDict(row.query), type(gone)._meta.label, gone.pk, gone.pk)
                if new != same and len(new) <= longest:
                    old, row.query = row.query, new
                    ask(self.change, row)
                    self.note("ask", row, old=old, new=row.query)


def ask(change, row) -> None:
    """Keep another question in a row that holds one."""
    if hasattr(row, "part_of"):
        change.save(row)
    else:
        type(row)._base_manager.filter(pk=row.pk).update(query=row.query)


def merge(change, kept, gone, values: dict[str, Any]):
    """Let `gone` go into `kept`, which gets `values` (by attname); returns the `Merge`.

    Whoever calls has made sure of both versions with `change.expect`.
    """
    if type(kept) is not type(gone) or kept.pk == gone.pk:
        raise ValidationError(_("Choose two different records of one kind."))
    names, work, first = (str(kept), str(gone)), Work(change), whole(kept)
    taken = frozenset(
        field.name
        for field in kept._meta.concrete_fields
        if values.get(field.attname, first[field.attname])
        == getattr(gone, field.attname)
        != getattr(kept, field.attname)
    )
    work.step_aside(kept, gone)
    work.ask_for(gone, kept)
    work.replace(gone, kept, taken)
    work.fill(kept, gone, values, first)
    change.tell(kept, "merge", names[1])
    change.tell(gone, "merge", names[0])
    return apps.get_model("caricc", "Merge").objects.create(
        about=type(kept)._meta.label, kept_id=kept.pk, gone_id=gone.pk, kept_name=names[0][:300], gone_name=names[1][:300],
        gone_key=gone.seed_key or "", actor=change.actor, at=change.at, why=change.why, undo=work.steps,
    )  # fmt: skip


def _attname(model, name: str) -> str:
    return model._meta.get_field(name).attname


def _ids(relation, whole_record) -> set[int]:
    rows = relation.related_model._base_manager.filter(**{relation.field.name: whole_record.pk})
    return set(rows.values_list("pk", flat=True))
