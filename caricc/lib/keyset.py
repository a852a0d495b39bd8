"""Rows page by page from a place among them: the next page costs the same at any depth, and nothing is told twice or left out.

A place is the order's own values of the row at the edge of a page, so that rows which come or go before it move nothing.
It holds for orders made of plain columns that are never empty; of other orders pages are taken by their number.
"""

import binascii
import datetime
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q, QuerySet

AFTER, BEFORE, LAST = "after", "before", "last"
LONGEST = 4000  # of a token
LARGEST = 2**63 - 1


class NoPlace(ValueError):
    """A token that was not made here, or for another order."""


@dataclass(frozen=True)
class Place:
    """Beside the row of these values, in this order of columns; `LAST` is the end of all rows."""

    order: tuple[str, ...]
    side: str
    values: tuple = ()

    @property
    def token(self) -> str:
        values = [value.isoformat() if isinstance(value, datetime.date) else value for value in self.values]
        text = json.dumps([",".join(self.order), self.side, *values], ensure_ascii=False, separators=(",", ":"))
        return urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @property
    def backwards(self) -> bool:
        return self.side != AFTER

    def narrow(self, rows: QuerySet) -> QuerySet:
        """The rows on this side of the place, the nearest first."""
        order = turned(self.order) if self.backwards else self.order
        return rows.filter(beyond(order, self.values)).order_by(*order) if self.values else rows.order_by(*order)


def beyond(order: Sequence[str], values: Sequence) -> Q:
    """What comes after these values: `a <= x AND (a < x OR (a = x AND id < y))`, of which an index answers the first part.

    A row comparison would be shorter, and cannot have columns in both directions; the plain OR is not seen by the index.
    """
    name, value = order[0].lstrip("-"), values[0]
    sign = "lt" if order[0].startswith("-") else "gt"
    past = Q(**{f"{name}__{sign}": value})
    if len(order) == 1:
        return past
    return Q(**{f"{name}__{sign}e": value}) & (past | Q(**{name: value}) & beyond(order[1:], values[1:]))


def turned(order: Sequence[str]) -> tuple[str, ...]:
    return tuple(name[1:] if name.startswith("-") else f"-{name}" for name in order)


def order_of(rows: QuerySet) -> tuple[str, ...]:
    """The columns by which these rows can be walked; empty where their order has others, or does not tell every two rows apart."""
    order = tuple(one for one in rows.query.order_by if isinstance(one, str) and _reader(rows.model, one.lstrip("-")))
    whole = bool(order) and len(order) == len(rows.query.order_by)
    return order if whole and order[-1].lstrip("-") in ("id", "pk") else ()


def read(token: str, rows: QuerySet) -> Place:
    """The place that a token names among these rows; `NoPlace` for anything else."""
    order = order_of(rows)
    try:
        if not order or not token.isascii() or len(token) > LONGEST:
            raise NoPlace
        named, side, *values = json.loads(urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        if named != ",".join(order) or side not in (AFTER, BEFORE, LAST):
            raise NoPlace
        if len(values) != (0 if side == LAST else len(order)):
            raise NoPlace
        readers = [_reader(rows.model, name.lstrip("-")) for name in order]
        return Place(order, side, tuple(made(value) for made, value in zip(readers, values, strict=False) if made))
    except (binascii.Error, TypeError, RecursionError, ValueError) as error:
        raise NoPlace from error


def _reader(model, path: str) -> Callable[[Any], Any] | None:
    """What reads a value of a column out of a token; None for one that may be empty or is of another kind."""
    *through, last = path.split("__")
    try:
        for name in through:
            field = model._meta.get_field(name)
            if not isinstance(field, models.ForeignKey) or field.null:
                return None
            model = field.related_model
        field = model._meta.pk if last == "pk" else model._meta.get_field(last)
    except FieldDoesNotExist:
        return None
    if getattr(field, "null", True) or field.is_relation:
        return None
    kinds = {models.DateTimeField: None, models.DateField: _day, models.IntegerField: _whole, models.CharField: _text}
    return next((made for kind, made in kinds.items() if isinstance(field, kind)), None)


def _day(value) -> datetime.date:
    return datetime.date.fromisoformat(value)


def _whole(value) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > LARGEST:
        raise NoPlace
    return value


def _text(value) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise NoPlace
    value.encode()  # half a character is none
    return value


class Stretch:
    """The rows of one page: `limit` of them from a place on, else from a number on, and whether there are others.

    One row more than asked is looked for, so that nothing has to be counted. The rows are found by the narrowest query,
    and only those of the page are widened by `wide`: what a row shows is never made for one that is skipped, and what
    it is shown with never makes the database walk another way. `in_one` makes one query of both: for rows with a join or
    two, since beyond eight PostgreSQL no longer sees that few are meant.
    """

    def __init__(
        self,
        rows: QuerySet,
        limit: int,
        wide: Callable[[QuerySet], Any],
        place: Place | None = None,
        start: int = 0,
        in_one: bool = False,
    ):
        self.order, self.place, self.in_one = order_of(rows), place, in_one
        narrowed = rows if place is None else place.narrow(rows)
        found = self._wide(narrowed.values("pk")[start : start + limit + 1], wide)
        further, self.rows = len(found) > limit, found[:limit]
        if place is not None and place.backwards:
            self.rows.reverse()
            self.more_before, self.more_after = further, place.side == BEFORE
        else:
            self.more_before, self.more_after = place is not None or start > 0, further

    def _wide(self, chosen: QuerySet, wide) -> list:
        every = chosen.model.objects
        if self.order and self.in_one:
            order = turned(self.order) if self.place is not None and self.place.backwards else self.order
            return list(wide(every.filter(pk__in=chosen)).order_by(*order))
        ids = list(chosen.values_list("pk", flat=True))
        found = {row["id"] if isinstance(row, dict) else row.pk: row for row in wide(every.filter(pk__in=ids))}
        return [found[pk] for pk in ids if pk in found]

    def _at(self, side: str, row) -> str:
        values = []
        for path in (name.lstrip("-") for name in self.order):
            values.append(row[path] if isinstance(row, dict) else attrgetter(path.replace("__", "."))(row))
        return Place(self.order, side, tuple(values)).token

    @property
    def before(self) -> str:
        """The token of what stands before these rows; empty where their order knows no places."""
        return self._at(BEFORE, self.rows[0]) if self.order and self.rows else ""

    @property
    def after(self) -> str:
        return self._at(AFTER, self.rows[-1]) if self.order and self.rows else ""

    @property
    def end(self) -> str:
        return Place(self.order, LAST).token if self.order else ""
