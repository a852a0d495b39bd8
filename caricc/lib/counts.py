"""How many rows there are: of several questions in one query, and no further than somebody looks."""

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import CharField, Count, QuerySet, Value

THIN = "\u202f"
CAP = 1_000  # found in a few milliseconds among a million
SMALL = 20_000  # rows of a table of which any answer is counted in a few milliseconds
_large: set[tuple[str, str]] = set()


class AtLeast(int):
    """A number of rows that were counted so far and no further; written “10 000+”."""

    def __str__(self):
        return format(self, ",").replace(",", THIN)

    def __format__(self, spec):
        return f"{int.__format__(self, spec)}+"


def count_few(querysets: dict[str, QuerySet]) -> dict[str, int]:
    """How many rows each of several query sets has, in one query; an `AtLeast` of what has more than `CAP`.

    Of a table that is small as a whole more is counted too, at the cost of another query.
    """
    found = _counted(querysets, CAP + 1)
    many = {name: rows for name, rows in querysets.items() if found[name] > CAP}
    small = {name: rows for name, rows in many.items() if _is_small(rows)}
    if small:
        found |= _counted(small, SMALL)
    return {name: AtLeast(CAP) if name in many.keys() - small.keys() else n for name, n in found.items()}


def _counted(querysets: dict[str, QuerySet], most: int) -> dict[str, int]:
    found, arms, values, using = dict.fromkeys(querysets, 0), [], [], ""
    for name, rows in querysets.items():
        few = rows.order_by().values("pk")[:most]
        try:
            sql, params = few.query.get_compiler(using := rows.db).as_sql()
        except EmptyResultSet:
            continue
        arms.append(f"SELECT %s, COUNT(*) FROM ({sql}) AS few")  # noqa: S608 - SQL of the ORM
        values += [name, *params]
    if arms:
        with connections[using].cursor() as cursor:
            cursor.execute(" UNION ALL ".join(arms), values)
            found |= dict(cursor.fetchall())
    return found


def _is_small(rows: QuerySet) -> bool:
    """Whether the whole table is; one that is not is not asked again, since records hardly ever go."""
    table = (rows.db, rows.model._meta.db_table)
    if (
        table not in _large
        and rows.model._base_manager.using(rows.db).order_by().values("pk")[: SMALL + 1].count() > SMALL
    ):
        _large.add(table)
    return table not in _large


def count_all(querysets: dict[str, QuerySet]) -> dict[str, int]:
    """How many rows each of several query sets has, in one query."""
    arms = [
        rows.order_by()
        .annotate(figure=Value(name, CharField()))
        .values("figure")
        .annotate(n=Count("pk"))
        .values_list("figure", "n")
        for name, rows in querysets.items()
    ]
    found = dict(arms[0].union(*arms[1:], all=True) if len(arms) > 1 else arms[0]) if arms else {}
    return {name: found.get(name, 0) for name in querysets}
