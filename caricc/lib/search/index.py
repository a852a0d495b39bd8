"""What is found by what, and how it is kept true.

An `Index` says which keys the records of one model are found by. The write path tells this module what changed, in the
same transaction; names that are told in the keys of other records (a partner's in those of an event) reach them too.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.apps import apps
from django.db import connections, models, transaction

from caricc.lib.copying import copy_rows
from caricc.lib.names.directory import ENOUGH, Candidate
from caricc.lib.search.keys import MOST_KEYS, Clause, exactly, is_key
from caricc.lib.search.tables import Words

BATCH = 1000
AT_ONCE = 200  # candidates of one stage: more of them share a single given name, and say nothing
ALL = frozenset({"*"})


class Index:
    """Base of the definitions; one a model, in `index.py` of its app.

    `names` says which fields of which models make the name of such a record ({label: fields}), so that others that tell
    it are made anew; `tells` the lookups that lead from here to records whose names are told in these keys.
    `spelt`: the field that leads back from the model of its names, which keeps their `folded` text, and that model.
    `newest` is the order among equal hits.
    """

    model: Any
    table: type[Words]
    initials = False  # whether a letter may stand for a word in its names
    spelt: tuple[str, Any] | None = None
    newest: tuple[str, ...] = ("-id",)
    names: Mapping[str, frozenset[str]] = {}
    tells: Mapping[str, tuple[str, ...]] = {}

    of: dict[str, "Index"] = {}  # {label of a model, lower case: its index}

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        Index.of[cls.model._meta.label_lower] = cls()

    def having(self, clauses: Sequence[Clause]):
        """Ids of the records with a key of every clause, as a subquery."""
        return self.table._base_manager.filter(keys__have=clauses).values("record")

    def keys_of(self, ids: list[int]) -> dict[int, set[str]]:
        """{id: keys} of those of these records that are there; some fixed number of queries."""
        raise NotImplementedError

    def aligned(self, typed: str, ids: list[int]) -> list[int]:
        """These hits in the order of their likeness to what was typed, where that says more than their order does."""
        return ids

    def near(self, typed: str, rows, limit: int, **known) -> list[Candidate]:
        """Which of `rows` may be meant although they are written otherwise, the likeliest first; only of names."""
        return []

    def candidates(self, rows, stages: Iterable[Sequence[Iterable[str]]]) -> list[int]:
        """Ids of rows that hold a key of every clause, stage after stage, until there are enough to compare.

        What is no single word of ASCII is no key.
        """
        found: dict[int, None] = {}
        for stage in stages:
            clauses = [exactly(filter(is_key, clause)) for clause in stage]
            some = rows.filter(pk__in=self.having(clauses)).order_by(*self.newest)
            found.update(dict.fromkeys(some.values_list("pk", flat=True)[:AT_ONCE]))
            if len(found) >= ENOUGH:
                break
        return list(found)

    def changed(self, ids: set[int]) -> None:
        """Something that is made of the keys may be made anew; the keys of these records are right already."""

    def remake(self, only_say: bool = False) -> Counter | None:
        """Make all of that anew; how much was `missing`, `wrong` or `left over`. None where there is nothing of the kind."""
        return None

    def telling(self, label: str, ids: Iterable[int]) -> set[int]:
        """The records whose keys tell the names of these."""
        found: set[int] = set()
        for lookup in self.tells.get(label, ()):
            for some in in_batches(sorted(ids)):
                found.update(self.model._base_manager.filter(**{f"{lookup}__in": some}).values_list("pk", flat=True))
        return found

    @transaction.atomic(savepoint=False)
    def renew(self, ids: Iterable[int], only_say: bool = False) -> Counter:
        """Make the keys of these records what they should be; how many were `missing`, `wrong` or `left over`."""
        told: Counter = Counter()
        for some in in_batches(sorted(set(ids))):
            held = self.table._base_manager.filter(record__in=some).order_by("record")
            # held before anything is read: who renames a partner and who saves its event do not undo each other's keys
            kept = dict((held if only_say else held.select_for_update()).values_list("record", "keys"))
            right = {pk: _written(keys) for pk, keys in self.keys_of(some).items()}
            gone = kept.keys() - right.keys()
            new = [pk for pk, keys in right.items() if pk not in kept]
            changed = [pk for pk, keys in right.items() if pk in kept and kept[pk] != keys]
            told.update(missing=len(new), wrong=len(changed), **{"left over": len(gone)})
            if only_say:
                continue
            if gone:
                self.table._base_manager.filter(record__in=gone).delete()
            if new:
                copy_rows(self.table, [self.table(record=pk, keys=right[pk]) for pk in new])
            if changed:
                rows = [self.table(record=pk, keys=right[pk]) for pk in changed]
                self.table._base_manager.bulk_update(rows, ["keys"], batch_size=100)
        return told

    def every_id(self) -> Iterator[list[int]]:
        """The ids of all records, then those of keys without a record, in batches."""
        there = self.model._base_manager.filter(pk=models.OuterRef("record"))
        left = self.table._base_manager.filter(~models.Exists(there))
        for rows, key in ((self.model._base_manager.all(), "pk"), (left, "record")):
            last = 0
            while some := list(rows.filter(**{f"{key}__gt": last}).order_by(key).values_list(key, flat=True)[:BATCH]):
                yield some
                last = some[-1]

    def without_keys(self):
        """Records that are not found yet."""
        kept = self.table._base_manager.filter(record=models.OuterRef("pk"))
        return self.model._base_manager.filter(~models.Exists(kept))


def _written(keys: set[str]) -> str:
    keys = {key for key in keys if is_key(key)}
    if len(keys) > MOST_KEYS:  # names before texts, short words before long ones
        keys = set(sorted(keys, key=lambda key: (key[0] in "wt", len(key), key))[:MOST_KEYS])
    return " ".join(sorted(keys))


def in_batches(ids: list[int], size: int = BATCH) -> Iterator[list[int]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def keep_true(history: Iterable[Any], loaded: Mapping[str, set[int]]) -> None:
    """Renew what these changes touch. `history`: rows of it, not yet saved perhaps; `loaded`: {label: ids of roots}."""
    touched: dict[str, set[int]] = defaultdict(set)
    renamed: dict[str, set[int]] = defaultdict(set)
    for row in history:
        if row.root_id is None:
            continue
        roots = {row.root_id, *_left(row)}
        touched[row.root_model] |= roots
        index = Index.of.get(row.root_model)
        fields = index.names.get(row.model, frozenset()) if index else frozenset()
        if fields and (fields == ALL or fields & row.changes.keys()):
            renamed[row.root_model] |= roots
        if row.model != row.root_model and row.model in Index.of and row.record_id is not None:
            touched[row.model].add(row.record_id)
    for label, ids in loaded.items():
        touched[label] |= ids
    for label, index in Index.of.items():
        ids = set(touched.get(label, ()))
        for other, some in renamed.items():
            ids |= index.telling(other, some)
        if ids:
            index.renew(ids)
            index.changed(ids)


def _left(row: Any) -> set[int]:
    """The record that a part went away from to another of its kind, as in a merge."""
    owner = getattr(apps.get_model(row.model), "part_of", "") if row.model != row.root_model else ""
    old = row.changes.get(owner, [None])[0] if owner and row.action == "change" else None
    if old is None:
        return set()
    whole: Any = apps.get_model(row.model)._meta.get_field(owner).related_model
    return {old} if whole._meta.label_lower == row.root_model else set()


def find_missing(sender, using, **kwargs) -> None:
    """After `migrate`: records from before there was an index get their keys."""
    tables = connections[using].introspection.table_names()
    for index in Index.of.values():
        here = index.model._meta.app_label == sender.label
        if not here or index.table._meta.db_table not in tables or index.model._meta.db_table not in tables:
            continue
        last = 0
        rows = index.without_keys().order_by("pk").values_list("pk", flat=True)
        while ids := list(rows.filter(pk__gt=last)[:BATCH]):  # each batch goes on from the last, however many there are
            index.renew(ids)
            last = ids[-1]
        if last:
            index.remake()
