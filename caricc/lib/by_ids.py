"""Rows by the ids of what they hang from, for questions that are the same for every reader: their statement is put together
once a process, and only told how many ids there are. To put one together takes longer than PostgreSQL takes to answer it."""

from collections.abc import Callable, Iterable

from django.db import connections, router
from django.db.models import QuerySet

SAMPLE = (1, 2)
PLACES = "IN (%s, %s)"


class ByIds:
    """`make` gives the query of plain columns (`values_list`) for some ids; nothing else in it may be a value."""

    def __init__(self, model, make: Callable[[Iterable[int]], QuerySet]):
        self.model, self.make = model, make
        self._parts: dict[str, list[str]] = {}

    def rows(self, ids: Iterable[int]) -> list[tuple]:
        ids = list(ids)
        if not ids:
            return []
        using = router.db_for_read(self.model)
        if using not in self._parts:
            self._parts[using] = self._put_together(using)
        before, after = self._parts[using]
        with connections[using].cursor() as cursor:
            cursor.execute(f"{before}IN ({', '.join(['%s'] * len(ids))}){after}", ids)
            return cursor.fetchall()

    def _put_together(self, using: str) -> list[str]:
        sql, values = self.make(SAMPLE).query.get_compiler(using).as_sql()
        parts = sql.split(PLACES)
        if tuple(values) != SAMPLE or len(parts) != 2:
            raise ValueError(f"not a question of ids alone: {sql}")
        return parts
