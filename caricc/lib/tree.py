"""Trees by parent. Bodies are few and shallow: one recursive query for their ids is cheaper than a kept path."""

from collections.abc import Iterable

from django.db import connections

from caricc.lib.reading import alias


def ids_below(model, ids: Iterable[int], using: str = "") -> list[int]:
    """The given ids and those of everything below them, in one query; unknown ids are kept, a loop ends by itself."""
    ids = list(dict.fromkeys(ids))
    if not ids:
        return []
    using = using or alias()
    table = connections[using].ops.quote_name(model._meta.db_table)
    marks = ", ".join(["%s"] * len(ids))
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE below(id) AS (SELECT id FROM {table} WHERE id IN ({marks}) UNION "  # noqa: S608
            f"SELECT child.id FROM {table} child JOIN below ON child.parent_id = below.id) SELECT id FROM below",
            ids,
        )
        found = [row[0] for row in cursor.fetchall()]
    return [*found, *(i for i in ids if i not in set(found))]


def ids_above(model, pk: int | None, using: str = "default") -> list[int]:
    """The given id and those of everything above it, nearest first; empty for None."""
    above: list[int] = []
    while pk is not None and pk not in above:
        above.append(pk)
        pk = model._base_manager.using(using).filter(pk=pk).values_list("parent_id", flat=True).first()
    return above


def parents_of(model, ids: Iterable[int], using: str = "") -> dict[int, int | None]:
    """{id: parent} of the given ids and of everything above them, in one query."""
    ids = list(dict.fromkeys(ids))
    if not ids:
        return {}
    using = using or alias()
    table = connections[using].ops.quote_name(model._meta.db_table)
    marks = ", ".join(["%s"] * len(ids))
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE above(id, parent_id) AS (SELECT id, parent_id FROM {table} WHERE id IN ({marks}) UNION "  # noqa: S608
            f"SELECT whole.id, whole.parent_id FROM {table} whole JOIN above ON whole.id = above.parent_id) "
            "SELECT id, parent_id FROM above",
            ids,
        )
        return dict(cursor.fetchall())
