"""The one way in which rows change: who, through which door, why, expecting which version.

    with writes.change(user, door="admin", why="") as change:
        change.save(event, expected=7)
        change.save(delegation)
        change.set(event, "topics", [3, 5])

Everything inside is one transaction. The first touch of an aggregate raises its version by one with a conditional
UPDATE; where the version is not the expected one, `Conflict` is raised and nothing is written. Each changed row
leaves one row of history. A bulk load leaves one row of history in all, with count and digest.
"""

import datetime
import decimal
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, router, transaction
from django.db.models import F
from django.db.models.deletion import Collector
from django.db.models.signals import m2m_changed, pre_save
from django.utils import timezone
from django.utils.translation import gettext as _

from caricc.lib import effect
from caricc.lib.copying import copy_rows
from caricc.lib.rollups import Rollup
from caricc.lib.search.index import Index, keep_true
from caricc.lib.text import clean_text

_current: ContextVar["Change | None"] = ContextVar("change", default=None)
_KEPT = {"restricted_in_effect", "counted_from"}  # worked out from other records too
_DERIVED = {"folded", *_KEPT}
_SILENT = {"id", "version", "updated_at", "created_at", "created_by", "seed_key"}


class WrongDoor(RuntimeError):
    """A row was about to change outside `writes.change()`: a mistake in the program, never of its user."""


class Conflict(Exception):
    """Somebody else changed the record meanwhile. `record` is the row as it is now, None where it has gone."""

    def __init__(self, record, expected: int):
        self.record, self.expected = record, expected
        super().__init__(f"{type(record).__name__} is no longer at version {expected}")


def must_be_writing(model, raw: bool = False) -> None:
    change = _current.get()
    if change is None or not (change.writing or (raw and change.door == "loaddata")):
        raise WrongDoor(f"{model.__name__} changes only through caricc.lib.writes")


@contextmanager
def change(actor, door: str, why: str = "", verbatim: bool = False) -> Iterator["Change"]:
    """One transaction of changes. `actor` is None for the system itself; `door` is a value of `History.Door`.

    `verbatim`: the rows are whole as they come, as those of fixtures are; nothing is filled in (`prepare`) and nothing
    follows (`settle`). They are checked like all others. There is no change within another one: figures that are kept
    would count what it did twice.
    """
    if _current.get() is not None:
        raise WrongDoor("A change is under way: write through that one.")
    made = Change(actor, door, why, verbatim)
    token = _current.set(made)
    try:
        with transaction.atomic():
            yield made
            made.flush()
    except (models.ProtectedError, models.RestrictedError):
        raise
    except IntegrityError as error:  # what is only found at the commit: a row that others still pointed to
        raise ValidationError(
            _("The database refused these values; a record that they point to may have gone.")
        ) from error
    finally:
        _current.reset(token)


class Change:
    def __init__(self, actor, door: str, why: str, verbatim: bool = False):
        self.actor = actor if actor is not None and actor.pk else None
        self.door, self.why = door, clean_text(why).replace("\x00", "")
        self.verbatim, self.at = verbatim, timezone.now()
        self.writing = False
        self._versions: dict[tuple[type, int], int] = {}
        self._rows: list[Any] = []
        # {model: ids of roots that a bulk load brought or touched}
        self._loaded: dict[str, set[int]] = defaultdict(set)
        self._facts: dict[str, dict[int, Any]] = defaultdict(dict)  # what records were before, that figures are made of
        self._reached: dict[type, set[int]] = defaultdict(set)  # others hang from these, which may be restricted now

    # ---- one record with what belongs to it

    def save(self, record, expected: int | None = None):
        """Insert or update one row. `expected` is the version of its aggregate that the writer saw; None: any.

        Raises Conflict, or ValidationError naming the field, also for what only the database can know.
        """
        adding = record._state.adding
        if adding and record.created_by_id is None:
            record.created_by = self.actor
        if not self.verbatim:
            record.prepare(self)
        relations = {f.name for f in record._meta.fields if f.is_relation}
        record.clean_fields(exclude=relations | _DERIVED)
        record.clean()
        before = {} if adding else _row(type(record), record.pk)
        after = _values(record)
        if adding or before != after:
            self._touch_root(record, adding, expected)
            changes = {k: [before.get(k), v] for k, v in after.items() if before.get(k) != v}
            self._note_left(record, {} if adding else changes)
            names = {field.name for field in record._meta.concrete_fields}
            derived = {"folded", "version", "updated_at"} & names
            derived |= self._mark(record, adding, changes)
            with self._naming_the_field(record), self._open():
                record.save(force_insert=adding, update_fields=None if adding else {*changes, *derived})
            self._log(record, "create" if adding else "change", changes)
        elif expected is not None:
            self.expect(record, expected)
        if not self.verbatim:
            record.settle(self)
        return record

    def _mark(self, record, adding: bool, changes: Iterable[str]) -> set[str]:
        """Whether the record is restricted in effect, where that may have changed; the columns to be written for it."""
        if not adding and not effect.concerns(type(record), changes):
            return set()
        effect.fill([record])
        if not adding:
            self._reached[type(record)].add(record.pk)
        return {"restricted_in_effect"} if isinstance(record, effect.RestrictedInEffect) else set()

    def set(self, record, field: str, values: Iterable) -> None:
        """Make the many-to-many `field` hold `values` (records or ids), and those kept that the actor may not see."""
        getattr(record, "_prefetched_objects_cache", {}).pop(field, None)  # it may hold the visible ones only
        accessor = getattr(record, field)
        model = accessor.through
        new = sorted({getattr(value, "pk", value) for value in values})
        source = accessor.source_field_name
        old = sorted(
            model._base_manager.filter(**{source: record.pk}).values_list(f"{accessor.target_field_name}_id", flat=True)
        )
        target = record._meta.get_field(field).related_model
        both_ways = record._meta.get_field(field).remote_field.symmetrical
        if both_ways and record.pk in new:
            raise ValidationError({field: _("A record is not linked to itself.")})
        if self.actor is not None and hasattr(target._default_manager, "visible_to"):
            seen = target._default_manager.visible_to(self.actor).filter(pk__in=old).values_list("pk", flat=True)
            new = sorted({*new, *(set(old) - set(seen))})
        if old == new:
            return
        self._touch_root(record, False, None)
        with self._open():
            accessor.set(new)
        self._log(record, "change", {field: [old, new]})
        if both_ways and not getattr(record, "is_restricted", False):  # a version more would tell of the hidden one
            self._tell_the_others(record, field, set(old) ^ set(new), new)

    def _tell_the_others(self, record, field: str, changed: Iterable[int], linked: Iterable[int]) -> None:
        """A link that holds both ways changes both: those at the other end get a version and history of their own."""
        accessor = getattr(record, field)
        links, far = accessor.through._base_manager, f"{accessor.target_field_name}_id"
        for other in type(record)._base_manager.filter(pk__in=changed).order_by("pk"):
            ends = links.filter(**{accessor.source_field_name: other.pk}).values_list(far, flat=True)
            without = sorted(set(ends) - {record.pk})
            pair = [without, sorted([*without, record.pk])]
            self._touch_root(other, False, None)
            self._log(other, "change", {field: pair if other.pk in linked else pair[::-1]})

    def delete(self, record, expected: int | None = None) -> None:
        """Delete a row and what belongs to it; each leaves its last values in the history.

        Records in their own right that hang from it go too. One that the actor may not see is let go instead; one that
        they may see but not delete keeps everything as it is: ProtectedError, as for a record to which others refer.
        """
        root = record.root()
        if root is record:
            self.expect(record, expected)
            self._note_facts(type(record), [record.pk])
            self._versions[type(record), record.pk] = record.version + 1
        else:
            self._touch_root(record, False, expected)
        self._let_go(record)
        self._unlink(record)
        collector = Collector(using=router.db_for_write(type(record)), origin=record)
        collector.collect([record])
        gone = [obj for found in collector.data.values() for obj in found]
        gone += [obj for found in collector.fast_deletes for obj in found]
        updates: Any = collector.field_updates
        for (field, _value), groups in updates.items():
            for obj in (obj for group in groups for obj in group if obj not in gone):
                self._touch_root(obj, False, None)
                self._log(obj, "change", {field.name: [getattr(obj, field.attname), None]})
        for obj in gone:
            if hasattr(obj, "root") and obj != record:
                self._log(obj, "delete", _last(obj))
        self._log(record, "delete", _last(record))
        with self._open():
            record.delete()

    def _let_go(self, record) -> None:
        from caricc.lib.rights import may_delete

        for rel in record._meta.related_objects:
            model: Any = rel.related_model
            if rel.on_delete is not models.CASCADE or getattr(model, "part_of", None) != "":
                continue
            rows = list(model._base_manager.filter(**{rel.field.name: record.pk}))
            seen = {row.pk for row in rows}
            if rows and self.actor is not None:
                seen = set(model.objects.visible_to(self.actor).filter(pk__in=seen).values_list("pk", flat=True))
            for row in rows:
                if row.pk not in seen:
                    setattr(row, rel.field.name, None)
                    self.save(row)
                elif self.actor is not None and not may_delete(self.actor, row):
                    raise models.ProtectedError("", {row})
                else:
                    self.delete(row)

    def _unlink(self, record) -> None:
        """Links to a case are taken off, with a version and history of their own; other linked records are kept."""
        for field in record._meta.many_to_many:
            if field.remote_field.symmetrical and not getattr(record, "is_restricted", False):
                accessor = getattr(record, field.name)
                ends = accessor.through._base_manager.filter(**{accessor.source_field_name: record.pk})
                linked = list(ends.values_list(f"{accessor.target_field_name}_id", flat=True))
                self._tell_the_others(record, field.name, linked, ())
        for rel in record._meta.related_objects:
            if not rel.many_to_many or not hasattr(rel.related_model, "part_of"):
                continue
            for owner in rel.related_model._base_manager.filter(**{rel.field.name: record.pk}):
                if not hasattr(record, "readers"):
                    raise models.ProtectedError("", {owner})
                links = getattr(owner, rel.field.name)
                self.set(owner, rel.field.name, links.exclude(pk=record.pk).values_list("pk", flat=True))

    def expect(self, record, expected: int | None) -> None:
        """Raise Conflict unless the aggregate of `record` is still at `expected`; holds its row until the end."""
        root = record.root()
        if expected is None or (type(root), root.pk) in self._versions:
            return
        rows = type(root)._base_manager.filter(pk=root.pk)
        if not rows.filter(version=expected).update(version=expected):
            raise Conflict(rows.first(), expected)

    def _touch_root(self, record, adding: bool, expected: int | None) -> None:
        root = record.root()
        key = (type(root), root.pk)
        if adding and root is record:
            root.version, root.updated_at = 1, self.at
            self._versions[key] = 1
            self._note_new(type(root), [root.pk])
            return
        if key not in self._versions:
            rows = type(root)._base_manager.filter(pk=root.pk)
            wanted = rows if expected is None else rows.filter(version=expected)
            if not wanted.update(version=F("version") + 1, updated_at=self.at):
                raise Conflict(rows.first(), expected or 0)
            self._versions[key] = rows.values_list("version", flat=True).get()
            self._note_facts(type(root), [root.pk])
        root.version, root.updated_at = self._versions[key], self.at

    def _note_new(self, model, ids: Iterable[int]) -> None:
        label = model._meta.label_lower
        if label in Rollup.of:
            self._facts[label] = dict.fromkeys(ids) | self._facts[label]

    def _note_facts(self, model, ids: Iterable[int]) -> None:
        """Keep what these roots were before; to be asked when they are held, and nothing has changed yet."""
        label = model._meta.label_lower
        if label in Rollup.of and (new := set(ids) - self._facts[label].keys()):
            self._facts[label] = Rollup.of[label].facts(new) | self._facts[label]

    def _note_left(self, record, changes: dict) -> None:
        """Keep what the whole was that a part is about to leave for another one."""
        for root, column in Rollup.wholes(type(record)):
            old = changes.get(record.part_of, [None])[0]
            if old is not None and column == f"{record.part_of}_id":
                self._note_facts(root, [old])

    # ---- single rows and nothing that follows from them: what merging and its undoing are made of

    def alter(self, record, **values) -> None:
        """Set these columns (by attname) and nothing else: no `prepare`, `clean` or `settle`; the database's rules hold."""
        names = {field.attname: field.name for field in record._meta.concrete_fields}
        changes = {names[key]: [plain(getattr(record, key)), plain(value)] for key, value in values.items()}
        for key, value in values.items():
            setattr(record, key, value)
        self._touch_root(record, False, None)
        self._note_left(record, changes)
        marked = {name: getattr(record, name) for name in self._mark(record, False, changes)}
        with self._naming_the_field(record), self._open():
            type(record)._base_manager.filter(pk=record.pk).update(**values, **marked)
        self._log(record, "change", changes)

    def take_out(self, record) -> None:
        """Delete one row, to which nothing points any more."""
        root = record.root()
        if root is record:
            self._note_facts(type(record), [record.pk])
            record.version = self._versions.setdefault((type(record), record.pk), record.version + 1)
        else:
            self._touch_root(record, False, None)
        with self._open():
            type(record)._base_manager.filter(pk=record.pk).delete()
        self._log(record, "delete", _last(record))

    def put_back(self, record) -> None:
        """Insert a row as it was, with its id; of a whole record the version goes on."""
        if record.root() is record:
            record.version, record.updated_at = record.version + 1, self.at
            self._versions[type(record), record.pk] = record.version
            self._note_new(type(record), [record.pk])
        else:
            self._touch_root(record, False, None)
        effect.fill([record])
        with self._naming_the_field(record), self._open():
            record.save(force_insert=True)
        values = {name: [None, value] for name, value in _values(record).items() if value not in (None, "", [])}
        self._log(record, "create", values)

    def tell(self, record, action: str, other: str) -> None:
        """Put a deed that concerns another record, by its name, into the history: a version of its own."""
        self._touch_root(record, False, None)
        self._log(record, action, {"other": [None, other]})

    # ---- bulk loads

    def load(self, records: Iterable, batch: int = 2000) -> int:
        """Insert many new rows of one model; history keeps their number and a digest of their ids. Returns the number."""
        digest, count, model = hashlib.sha256(), 0, None
        for rows in _batches(records, batch):
            model = type(rows[0])
            effect.fill(rows)
            self._note_new(model, [row.pk for row in rows])
            for root, column in Rollup.wholes(model):
                self._note_facts(root, {getattr(row, column) for row in rows})
            self._reached[model].update(row.pk for row in rows if effect.restricts(row))
            with self._open():
                copy_rows(model, rows)
            for row in rows:
                digest.update(str(row.pk).encode() + b"\n")
            count += len(rows)
            self._note_loaded(model, rows)
        if model is not None:
            history = apps.get_model("caricc", "History")
            self._rows.append(
                history(
                    model=model._meta.label_lower, action="load", door=self.door, why=self.why, actor=self.actor,
                    at=self.at, changes={"rows": count, "sha256_of_ids": digest.hexdigest()},
                )
            )  # fmt: skip
        return count

    def _note_loaded(self, model, rows: list) -> None:
        """What is to be found by new keys. Parts of records that the same change brings are found with these."""
        if not hasattr(model, "part_of"):
            return
        label = model._meta.label_lower
        if label in Index.of:
            self._loaded[label].update(row.pk for row in rows)
        path, root = model.root_path(), model
        for name in path.split("__") if path else ():
            root = root._meta.get_field(name).related_model
        label = root._meta.label_lower
        if root is model or label not in Index.of or label in self._loaded:
            return
        first, _dot, rest = path.partition("__")
        ids = {getattr(row, f"{first}_id") for row in rows}
        if rest:
            whole: Any = model._meta.get_field(first).related_model
            ids = set(whole._base_manager.filter(pk__in=ids).values_list(f"{rest}_id", flat=True))
        self._loaded[label] |= ids

    def before_raw_save(self, record) -> None:
        """Version, stamps and history of a row that `loaddata` writes, which goes round `save`."""
        old = type(record)._base_manager.filter(pk=record.pk).first()
        if old is None:
            effect.fill([record])
            self._reached[type(record)].add(record.pk)  # what hangs from it may have come before it
            if record.root() is record:
                self._versions[type(record), record.pk] = record.version
                self._note_new(type(record), [record.pk])
            else:
                self._touch_root(record, False, None)
            values = {name: [None, value] for name, value in _values(record).items() if value not in (None, "", [])}
            self._log(record, "create", values)
            return
        for field in record._meta.concrete_fields:
            if field.name in _SILENT | _KEPT and field.name != "seed_key":
                setattr(record, field.attname, getattr(old, field.attname))
        effect.fill([record])  # what it hangs from may be another one than when the fixture was made
        before, after = _values(old), _values(record)
        if before != after:
            changes = {k: [before[k], v] for k, v in after.items() if before[k] != v}
            self._touch_root(record, False, None)
            self._note_left(record, changes)
            self._mark(record, False, changes)
            self._log(record, "change", changes)

    def after_raw_link(self, record, field: str, old: Iterable, new: Iterable) -> None:
        self._touch_root(record, False, None)
        self._log(record, "change", {field: [sorted(old), sorted(new)]})

    # ---- history

    def note(self, record, action: str, changes: dict | None = None) -> None:
        """Put something into the history that is not a change of a field, such as a seed key never to be loaded again."""
        self._log(record, action, changes or {})

    def _log(self, record, action: str, changes: dict) -> None:
        root = record.root()
        history = apps.get_model("caricc", "History")
        self._rows.append(
            history(
                model=record._meta.label_lower,
                record_id=record.pk,
                root_model=root._meta.label_lower,
                root_id=root.pk,
                version=self._versions.get((type(root), root.pk)),
                action=action,
                changes=changes,
                actor=self.actor,
                door=self.door,
                why=self.why,
                at=self.at,
            )
        )

    def flush(self) -> None:
        if self._reached:
            effect.pass_on(self._reached)
            self._reached.clear()
        for label, rollup in Rollup.of.items():
            rollup.apply(self._facts.pop(label, {}), self._rows)
        keep_true(self._rows, self._loaded)
        self._loaded.clear()
        if self._rows:
            apps.get_model("caricc", "History").objects.bulk_create(self._rows, batch_size=500)
            self._rows = []

    @contextmanager
    def _open(self):
        before, self.writing = self.writing, True
        try:
            yield
        finally:
            self.writing = before

    @contextmanager
    def _naming_the_field(self, record):
        try:
            with transaction.atomic():
                yield
        except IntegrityError as error:
            raise explain(record, error) from error


def explain(record, error: IntegrityError) -> ValidationError:
    """What the database refused, in the words of the constraint that it names."""
    text, table = str(error), record._meta.db_table
    for constraint in record._meta.constraints:
        fields = getattr(constraint, "fields", ())
        columns = ", ".join(f"{table}.{record._meta.get_field(name).column}" for name in fields)  # SQLite's words
        if constraint.name in text or (columns and text.endswith(f" {columns}")):
            return ValidationError(constraint.violation_error_message)
    for code, message in record.refusals.items() if hasattr(record, "refusals") else ():
        if code in text:
            return ValidationError(message)
    for field in record._meta.fields:
        if (field.unique and f"{table}.{field.column}" in text) or f"({field.column})=" in text:
            if field.is_relation and not field.unique:
                return ValidationError({field.name: _("This record does not exist.")})
            return ValidationError({field.name: _("This value is already in use.")})
    return ValidationError(_("The database refused these values; a record that they point to may have gone."))


def _batches(records: Iterable, size: int) -> Iterator[list]:
    batch: list = []
    for record in records:
        batch.append(record)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def plain(value):
    """A value of a field as JSON keeps it; the field's `to_python` takes it back."""
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return str(value) if isinstance(value, decimal.Decimal) else value


def _tracked(model) -> list[models.Field]:
    return [f for f in model._meta.concrete_fields if f.name not in _SILENT and f.name not in _DERIVED]


def _values(record) -> dict:
    return {f.name: plain(f.to_python(getattr(record, f.attname))) for f in _tracked(type(record))}


def _last(record) -> dict:
    return {k: [v, None] for k, v in _values(record).items() if v not in (None, "", [])}


def _row(model, pk) -> dict:
    fields = _tracked(model)
    row = model._base_manager.filter(pk=pk).values_list(*(f.attname for f in fields)).first()
    return {} if row is None else {f.name: plain(value) for f, value in zip(fields, row, strict=True)}


def _watch_raw_save(sender, instance, raw, **kwargs):
    if raw and hasattr(instance, "part_of"):
        must_be_writing(sender, raw=True)
        _current.get().before_raw_save(instance)


def _watch_links(sender, instance, action, reverse, pk_set, **kwargs):
    if not hasattr(instance, "part_of"):
        return
    must_be_writing(type(instance), raw=True)
    made = _current.get()
    if made.writing or reverse or not pk_set:
        return  # `set` keeps its own history
    if action in ("pre_add", "pre_remove"):
        made._touch_root(instance, False, None)
    if action not in ("post_add", "post_remove"):
        return
    name = next(f.name for f in instance._meta.many_to_many if f.remote_field.through is sender)
    made.after_raw_link(instance, name, *((), pk_set) if action == "post_add" else (pk_set, ()))


pre_save.connect(_watch_raw_save, dispatch_uid="writes.raw")
m2m_changed.connect(_watch_links, dispatch_uid="writes.m2m")
