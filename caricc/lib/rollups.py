"""Figures that are kept ready, and how they are kept true.

A `Rollup` knows what one record adds to them. The write path hands it what each record was before a change and asks it
once more at the end of the transaction, so that the difference is added; rows of figures are locked last of all, in
order, by those who add to the same ones.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.apps import apps
from django.db import connection

STRUCTURE = 771_001  # number of the lock between those who add to figures and those who make some of them anew
AT_ONCE = 500


class Rollup:
    """Base of the definitions; one a root model, in `rollups.py` of its app."""

    model: Any
    tables: Sequence[Any] = ()  # the models of its figures
    parts: Mapping[str, str] = {}  # {label of a model whose rows count: its column with the id of the record}

    of: dict[str, "Rollup"] = {}  # {label of a root model, lower case: its rollup}

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        Rollup.of[cls.model._meta.label_lower] = cls()

    def facts(self, ids: Collection[int]) -> dict[int, Any]:
        """{id: what the figures need to know of it} of these records and of those that change with them."""
        raise NotImplementedError

    def apply(self, before: Mapping[int, Any], history: Iterable[Any]) -> None:
        """Add what changed since, and make anew what depends on others than the records counted.

        `before` are the facts of every record touched, None for one that was not there; `history`: what was changed.
        """
        raise NotImplementedError

    @classmethod
    def wholes(cls, model) -> list[tuple[Any, str]]:
        """(root model, column) of the records whose figures rows of this model change."""
        label = model._meta.label_lower
        return [(one.model, one.parts[label]) for one in cls.of.values() if label in one.parts]

    def is_missing(self) -> bool:
        """Whether there is something to count and no figure at all, as after an update."""
        return False

    def rebuild(self, only_say: bool = False) -> int:
        """Make all figures anew; how many were wrong."""
        raise NotImplementedError


def shared() -> None:
    """Wait until nobody makes figures anew; from here to the end of the transaction nobody begins to."""
    _lock("pg_advisory_xact_lock_shared")


def alone() -> None:
    """Wait until nobody adds to figures; from here to the end of the transaction nobody begins to."""
    _lock("pg_advisory_xact_lock")


def _lock(function: str) -> None:
    if connection.vendor == "postgresql":  # SQLite has one writer at a time
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s)", [STRUCTURE])


def add(model, keys: Sequence[str], values: Mapping[tuple, Mapping[str, Any]]) -> None:
    """Add to the rows of figures with these keys, or make them; a day (`latest`) gives way to a later one.

    `keys` are the fields of the model's unique constraint, each tuple their values; `values` {column: number or day}.
    """
    if not values:
        return
    quote = connection.ops.quote_name
    columns = {name: quote(model._meta.get_field(name).column) for name in (*keys, *next(iter(values.values())))}
    added = [name for name in columns if name not in keys]
    table, conflict = quote(model._meta.db_table), ", ".join(columns[name] for name in keys)
    sets = ", ".join(f"{columns[name]} = {_more(table, columns[name], model, name)}" for name in added)
    marks = f"({', '.join(['%s'] * len(columns))})"
    rows = sorted(values.items())
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        sql = (
            f"INSERT INTO {table} ({', '.join(columns.values())}) VALUES {', '.join([marks] * len(some))} "  # noqa: S608
            f"ON CONFLICT ({conflict}) DO UPDATE SET {sets}"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [_plain(v) for key, n in some for v in (*key, *(n[name] for name in added))])


def _more(table: str, column: str, model, name: str) -> str:
    old, new = f"{table}.{column}", f"excluded.{column}"
    if model._meta.get_field(name).get_internal_type() == "DateField":
        return f"CASE WHEN {old} IS NULL OR {new} > {old} THEN {new} ELSE {old} END"
    return f"{old} + {new}"


def _plain(value):
    return connection.ops.adapt_datefield_value(value) if hasattr(value, "isoformat") else value


def count_missing(sender, using, apps=apps, **kwargs) -> None:
    """After `migrate`: records from before there were figures are counted. `apps`: the models as the database now has them."""
    for rollup in Rollup.of.values():
        here = rollup.model._meta.app_label == sender.label
        if here and all(_is_there(model, apps) for model in (rollup.model, *rollup.tables)) and rollup.is_missing():
            rollup.rebuild()


def _is_there(model, apps) -> bool:
    """Whether the database has this model with all its fields; it may stand at an earlier migration."""
    try:
        there = apps.get_model(model._meta.label)
    except LookupError:
        return False
    return {one.name for one in model._meta.fields} <= {one.name for one in there._meta.fields}
