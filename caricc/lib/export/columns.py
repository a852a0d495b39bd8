"""How the columns of an export are declared, and which SQL their values come from."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connections
from django.db.models import BooleanField, Case, CharField, Expression, F, Func, QuerySet, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Concat

from caricc.lib.fields import country_choices

BATCH = "batch"  # the rows whose values are asked for at once: a CTE of their ids
ALL, OF_BATCH, OF_ROW = "", f"SELECT id FROM {BATCH}", f"{BATCH}.id"  # which related rows a list is gathered from
IDS = object()  # stands among the parameters where the ids of a batch will be


@dataclass(frozen=True)
class Gathered:
    """A list for each row: one value of each related row that the reader may see, in order; nulls are left out.

    `rows(user)` are all of them, visible to `user` and ordered; `to` leads from them to the row that is exported.
    Where several values are `distinct`, the list holds each once, in order.
    """

    rows: Callable[[Any], QuerySet]
    to: str
    value: "str | Expression | Sequence[str | Expression]"
    distinct: bool = False


@dataclass(frozen=True)
class Counted:
    """How many related rows there are, for each row."""

    rows: Callable[[Any], QuerySet]
    to: str


Declared = str | Expression | F | Gathered | Counted | Callable[[], Expression]
Columns = dict[str, Declared]


class Label(Func):
    """What a value of a controlled list is called in the language of the one who asks; the value where it is not on it."""

    arity = 1
    output_field = CharField()

    def __init__(self, value, choices=None):
        super().__init__(value)
        self.choices = choices

    def labels(self) -> dict[str, str]:
        return {str(value): str(label) for value, label in self.choices}

    def as_postgresql(self, compiler, connection, **extra):
        sql, params = compiler.compile(self.source_expressions[0])
        return f"COALESCE(%s::jsonb ->> {sql}, {sql})", [json.dumps(self.labels()), *params, *params]

    def as_sqlite(self, compiler, connection, **extra):
        sql, params = compiler.compile(self.source_expressions[0])
        found = f"json_extract(%s, '$.\"' || {sql} || '\"')"
        return f"COALESCE({found}, {sql})", [json.dumps(self.labels()), *params, *params]


class StateName(Label):
    """The short name of a state, by its code."""

    def labels(self):
        return {code: str(name) for code, name in country_choices()}


class _Empty(Func):
    template = "(COALESCE(%(expressions)s, '') = '')"
    arity = 1
    output_field = BooleanField()


def joined(between: str, first, *others) -> Expression:
    """Texts (paths or expressions) with `between` between them, leaving out those that are empty."""
    rest = joined(between, *others) if len(others) > 1 else others[0]
    both = Concat(first, Value(between), rest, output_field=CharField())
    return Case(
        When(_Empty(first), then=rest), When(_Empty(rest), then=first), default=both, output_field=CharField()
    )  # fmt: skip


@dataclass(frozen=True)
class Column:
    """`kind`: text, code (a text of a fixed list), number, yes, day, moment, lines (JSON) or list (gathered)."""

    name: str
    kind: str
    place: str  # its name in the SQL


@dataclass(frozen=True)
class Part:
    """A compiled query of a batch, and the place whose values it has; of the base of the rows, no place."""

    sql: str
    params: list
    place: str = ""
    kind: str = ""


class Plan:
    """The columns of one question, compiled for the database that its rows come from, in the language of the moment.

    The question itself is asked for ids alone, in its order; `base` has the values of the rows themselves, `lists()`
    those that are gathered from related rows.
    """

    def __init__(self, rows: QuerySet, columns: Columns, user):
        self.using, self.model, self.user = rows.db, rows.model, user
        self.connection: Any = connections[self.using]
        self.rows = rows.using(self.using)
        self.gathered: dict[str, Gathered | Counted] = {}
        places, taken = [], {}
        for number, (name, declared) in enumerate(columns.items()):
            place = f"c{number}"
            places.append((name, place))
            if isinstance(declared, (Gathered, Counted)):
                self.gathered[place] = declared
            elif isinstance(declared, str):
                taken[place] = F(declared)
            else:
                taken[place] = declared if hasattr(declared, "resolve_expression") else declared()  # type: ignore
        rows = self.model._base_manager.using(self.using).order_by()
        if self.connection.vendor == "sqlite":  # on PostgreSQL the batch is joined to it
            rows = rows.filter(pk__in=RawSQL(OF_BATCH, []))
        rows = rows.annotate(k=F("pk"), **taken)
        self.base = Part(*self._compiled(rows.values_list("k", *taken)))
        self.columns = [Column(name, self._kind(place, rows), place) for name, place in places]

    def _kind(self, place: str, rows: QuerySet) -> str:
        if place in self.gathered:
            return "number" if isinstance(self.gathered[place], Counted) else "list"
        return _kind(rows.query.annotations[place].output_field)

    def count(self) -> int:
        return self.rows.order_by().count()

    def ids(self) -> Part:
        return Part(*self._compiled(self.ids_of(self.rows)))

    @staticmethod
    def ids_of(rows: QuerySet) -> QuerySet:
        return rows.values_list("pk", flat=True)

    def batches(self, first: int, then: int) -> Iterator[list[int]]:
        """The ids of the rows, in their order; few at first, so that the first bytes leave soon."""
        ids, size = self.ids_of(self.rows).iterator(chunk_size=then), first
        while batch := list(islice(ids, size)):
            yield batch
            size = then

    def lists(self, within: str) -> list[Part]:
        """The queries of (key of the row, value) for each gathered list, from `ALL` related rows or fewer."""
        return [self._gather(declared, place, within) for place, declared in self.gathered.items()]

    def _gather(self, declared: Gathered | Counted, place: str, within: str) -> Part:
        rows = declared.rows(self.user).using(self.using).annotate(k=F(declared.to))
        if within:
            lookup = "exact" if within == OF_ROW else "in"
            rows = rows.filter(**{f"{declared.to}__{lookup}": RawSQL(within, [])})
        if isinstance(declared, Counted):
            return Part(*self._compiled(rows.order_by().annotate(v=Value(1)).values_list("k", "v")), place, "number")
        values = [declared.value] if isinstance(declared.value, (str, Expression)) else list(declared.value)
        rows = rows.order_by() if declared.distinct else rows.order_by("k", *rows.query.order_by)
        asked = [rows.annotate(v=F(v) if isinstance(v, str) else v).values_list("k", "v") for v in values]
        queries = [self._compiled(one) for one in asked]
        sql = " UNION ".join(sql for sql, _params in queries)
        params = [param for _sql, params in queries for param in params]
        if declared.distinct:
            order = 'v COLLATE "C"' if self.connection.vendor == "postgresql" else "v"
            sql = f"SELECT k, v FROM ({sql}) AS u WHERE v <> '' ORDER BY k, {order}"
        return Part(sql, params, place, "list")

    def _compiled(self, rows: QuerySet) -> tuple[str, list]:
        sql, params = rows.query.get_compiler(self.using, elide_empty=False).as_sql()  # of none: nothing, not an error
        return sql, list(params)


def _kind(field) -> str:
    kinds = {"BooleanField": "yes", "DateField": "day", "DateTimeField": "moment", "JSONField": "lines"}
    kind = kinds.get(field.get_internal_type())
    if kind is None:
        texts = ("CharField", "TextField", "SlugField", "EmailField", "URLField")
        kind = "text" if field.get_internal_type() in texts else "number"
    return "code" if kind == "text" and getattr(field, "choices", None) else kind
