"""How many rows there are: of several questions in one query, and no further than somebody looks."""

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet

THIN = "\u202f"
CAP = 10_000  # counted in a few milliseconds, at any size of the register


class AtLeast(int):
    """A number of rows that were counted so far and no further; written “10 000+”."""

    def __str__(self):
        return format(self, ",").replace(",", THIN)

    def __format__(self, spec):
        return f"{int.__format__(self, spec)}+"


def count_few(querysets: dict[str, QuerySet], cap: int = CAP) -> dict[str, int]:
    """How many rows each of several query sets has, in one query; of more than `cap` an `AtLeast`."""
    found, arms, values, using = dict.fromkeys(querysets, 0), [], [], ""
    for name, rows in querysets.items():
        few = rows.order_by().values("pk")[: cap + 1]
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
    return {name: AtLeast(cap) if n > cap else n for name, n in found.items()}
