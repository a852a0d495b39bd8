"""The breakdowns of the events held: by month and kind, by partner, state, format and topic.

Each bar carries the question that lists its rows. Where a name is asked for already, its breakdown shows only what was
asked: that several states took part together is no question of one name.
"""

import datetime
from collections import Counter
from dataclasses import dataclass, field

from django.db.models import BooleanField, Count, ExpressionWrapper, Q
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from caricc.lib.days import written
from caricc.lib.fields import country_name
from caricc.lib.periods import Period, add_months, around
from events.choices import EventFormat, EventKind
from events.dashboards.counts import bodies_by_top, states_and_topics
from events.dashboards.desk import EVENTS, Desk
from events.dashboards.rolled import TOP, Rolled
from events.models import Event

TINTS = 5
GROUND, FULL = 96, 80  # percent of the height: where the columns stand, and how high the highest is
MOST_COLUMNS = 24
UNITS = (("month", 1), ("quarter", 3), ("year", 12), ("decade", 120))


@dataclass
class Bar:
    """One bar: `width` of a lying one in percent of the longest; `y` and `height` of a part of a column."""

    label: str
    count: int
    query: str
    note: str = ""
    tint: int = 0
    width: int = 0
    y: float = 0
    height: float = 0

    @property
    def url(self) -> str:
        return f"{reverse(EVENTS)}?{self.query}"


@dataclass
class Column:
    """A month, quarter or year: its bars from the ground up, the last one being what is planned (`tint` 0)."""

    period: Period
    head: str
    foot: str
    query: str
    bars: list[Bar] = field(default_factory=list)
    planned: Bar | None = None
    inside: bool = True  # touches the period asked for; the others are its neighbours
    top: float = 0
    counts: Counter = field(default_factory=Counter)

    @property
    def held(self) -> int:
        return sum(bar.count for bar in self.bars)

    @property
    def total(self) -> int:
        return self.held + (self.planned.count if self.planned else 0)

    @property
    def url(self) -> str:
        return f"{reverse(EVENTS)}?{self.query}"


def with_widths(bars: list[Bar]) -> list[Bar]:
    most = max((bar.count for bar in bars), default=0)
    for bar in bars:
        bar.width = max(round(bar.count * 100 / most), 1)
    return bars


class Charts:
    """The breakdowns of one question; three queries in all."""

    def __init__(self, desk: Desk):
        self.desk = desk
        self.held = desk.events_of(desk.held())
        self.around = desk.around
        self.groups = self._groups()

    def _groups(self) -> list[tuple]:
        """(first month, last month, kind, status, format, in the period, count) of the events held and planned."""
        if self.desk.rolled:
            return self._kept_groups(self.desk.rolled)
        period, inside = self.desk.period, Q()
        if period.after:
            inside &= Q(end_date__gte=period.after)
        if period.before:
            inside &= Q(start_date__lte=period.before)
        rows = self.desk.events_of(self.desk.events(self.around or period, status=["held", "planned"]))
        keys = {
            "first": TruncMonth("start_date"),
            "last": TruncMonth("end_date"),
            "inside": ExpressionWrapper(inside or Q(pk__isnull=False), BooleanField()),
        }
        names = ("first", "last", "kind", "status", "format", "inside")
        rows = rows.annotate(**keys).values(*names).annotate(n=Count("pk"))
        return list(rows.order_by(*names).values_list(*names, "n"))

    def _kept_groups(self, rolled: Rolled) -> list[tuple]:
        window, period, found = self.around or self.desk.period, self.desk.period, Counter[tuple]()
        for cell in rolled.cells:
            if cell.status in ("held", "planned") and cell.touches(window):
                months = cell.first.replace(day=1), cell.last.replace(day=1)
                found[*months, cell.kind, cell.status, cell.format, cell.touches(period)] += cell.n
        return sorted((*key, n) for key, n in found.items())

    # ---- months

    def columns(self) -> dict:
        """Columns of a month, quarter or year each, whichever is the finest that fits on the page."""
        span = self._span()
        if span is None:
            return {"columns": [], "kinds": [], "table": [], "unit": "month"}
        unit = _unit_of(span)
        columns = [self._column(period, unit) for period in _cut(span, unit)]
        most = max(column.total for column in columns)
        for column in columns:
            _stack(column, max(most, 1))
        known = {kind for _f, _l, kind, status, _format, _inside, _n in self.groups if status == "held"}
        kinds = [(kind, str(label)) for kind, label in EventKind.choices if kind in known]
        return {"columns": columns, "kinds": kinds, "table": self._table(columns, kinds), "unit": unit}

    def _span(self) -> Period | None:
        months = [day for first, last, *_rest in self.groups for day in (first, last)]
        if not months:
            return None
        if self.around:
            return self.around
        first, last = min(months), add_months(max(months), 1) - datetime.timedelta(1)
        asked = self.desk.period
        return Period(max(asked.after or first, first), min(asked.before or last, last))

    @cached_property
    def held_by_kind(self) -> dict[str, int]:
        """{kind: events held}, those held most first."""
        held: Counter = Counter()
        for _first, _last, kind, status, _format, inside, n in self.groups:
            if status == "held" and inside:
                held[kind] += n
        return dict(held.most_common())

    @cached_property
    def tints(self) -> dict[str, int]:
        """The kinds held most have a tint of their own, the others share the last."""
        own = TINTS if len(self.held_by_kind) <= TINTS else TINTS - 1
        return {kind: place + 1 if place < own else TINTS for place, kind in enumerate(self.held_by_kind)}

    def _column(self, period: Period, unit: str) -> Column:
        counts: Counter = Counter()
        for first, last, kind, status, _format, _inside, n in self.groups:
            if first <= period.before and last >= period.after.replace(day=1):
                counts[status, kind] += n
        column = Column(period, *_heads(period, unit), query=self.desk.events(period, status=["held", "planned"]))
        column.counts = counts
        asked = self.desk.period
        column.inside = not self.around or (asked.after <= period.before and period.after <= asked.before)
        by_tint: dict[int, list[str]] = {}
        for kind in EventKind.values:
            if counts["held", kind]:
                by_tint.setdefault(self.tints.get(kind, TINTS), []).append(kind)
        for tint, kinds in sorted(by_tint.items()):
            label = dict(EventKind.choices)[kinds[0]] if len(kinds) == 1 else _("Other kinds")
            n = sum(counts["held", kind] for kind in kinds)
            column.bars.append(Bar(str(label), n, self.desk.events(period, status="held", kind=kinds), tint=tint))
        planned = sum(n for (status, _kind), n in counts.items() if status == "planned")
        if planned:
            column.planned = Bar(_("Planned"), planned, self.desk.events(period, status="planned"))
        return column

    def _table(self, columns: list[Column], kinds) -> list[dict]:
        """The same numbers in rows, each a link: months down, kinds across, planned last."""
        return [
            {
                "column": column,
                "cells": [
                    Bar(label, column.counts["held", kind], self.desk.events(column.period, status="held", kind=kind))
                    for kind, label in kinds
                ],
            }
            for column in reversed(columns)
        ]

    # ---- bars

    def kinds(self) -> list[Bar]:
        labels = dict(EventKind.choices)
        made = [
            Bar(str(labels[kind]), n, self.desk.held_with(kind=kind), tint=self.tints[kind])
            for kind, n in self.held_by_kind.items()
        ]
        return with_widths(made)

    def formats(self) -> list[Bar]:
        counts: Counter = Counter()
        for _first, _last, _kind, status, form, inside, n in self.groups:
            if status == "held" and inside:
                counts[form] += n
        made = [
            Bar(str(label), counts[value], self.desk.held_with(format=value))
            for value, label in EventFormat.choices
            if counts[value]
        ]
        if counts[""]:
            made.append(Bar(_("Not stated"), counts[""], self.desk.held_with(format=[], format__isnull="true")))
        return with_widths(sorted(made, key=lambda bar: -bar.count))

    def _delegations(self):
        return self.desk.question.in_roles().filter(event__in=self.held.values("pk"))

    def partners(self) -> list[Bar]:
        """The partners met most: with their offices, or each body by itself."""
        rolled, delegations = self.desk.rolled, self._delegations()
        if rolled:
            name = "partner" if self.desk.rolled_up else "body"
            counted = rolled.partner_rows("below" if self.desk.rolled_up else "body")
        elif self.desk.rolled_up:
            name, counted = "partner", bodies_by_top(delegations, TOP)
        else:
            name, rows = "body", delegations.filter(organization__own=False).order_by().values("organization")
            asked = self.desk.asked.get("body")
            rows = rows.filter(organization__in=asked) if asked else rows
            columns = ("organization", "organization__name", "organization__short_name", "organization__country", "n")
            rows = rows.annotate(n=Count("event", distinct=True)).order_by("-n", "organization")
            counted = list(rows.values_list(*columns)[:TOP])
        return with_widths(
            [
                Bar(short or full, n, self.desk.held_with(**{name: pk}), note=country)
                for pk, full, short, country, n in counted
            ]
        )

    def states_and_topics(self) -> tuple[list[Bar], list[Bar]]:
        """States that took part, themselves or through an organization, and topics; those of most events first."""
        if self.desk.rolled:
            states = [(key, country_name(key), n) for key, n in self.desk.rolled.states()]
            return self._bars_of("country", states), self._bars_of("topic", self.desk.rolled.topics())
        delegations = self._delegations()
        topics = Event.topics.through.objects.filter(event__in=self.held.values("pk"))
        found = states_and_topics(delegations, topics)
        states = [(key, country_name(key), n) for what, key, _label, n in found if what == "country"]
        filed = [(int(key), label, n) for what, key, label, n in found if what == "topic"]
        return self._bars_of("country", states), self._bars_of("topic", filed)

    def _bars_of(self, name: str, counted: list[tuple]) -> list[Bar]:
        asked = self.desk.asked.get(name) or []
        rows = sorted((row for row in counted if not asked or row[0] in asked), key=lambda row: (-row[2], row[1]))
        return with_widths([Bar(label, n, self.desk.held_with(**{name: key})) for key, label, n in rows[:TOP]])


def _cut(span: Period, unit: str) -> list[Period]:
    """The calendar months, quarters or years of a span, its ends cut to it."""
    pieces, piece = [], around(span.after, unit)
    while piece.after <= span.before:
        pieces.append(Period(max(piece.after, span.after), min(piece.before, span.before)))
        piece = piece.shifted(1)
    return pieces


def _unit_of(span: Period) -> str:
    months = (span.before.year - span.after.year) * 12 + span.before.month - span.after.month + 1
    return next((unit for unit, length in UNITS if months <= MOST_COLUMNS * length), "decade")


def _heads(period: Period, unit: str) -> tuple[str, str]:
    """What stands under a column: the month or quarter, and the year where it begins."""
    if unit == "year":
        return str(period.after.year), ""
    if unit == "decade":
        return _("%(year)ds") % {"year": period.after.year // 10 * 10}, ""
    year = str(period.after.year) if period.after.month == 1 else ""
    if unit == "month":
        return written(period.after, "M"), year
    return _("Q%(n)d") % {"n": (period.after.month + 2) // 3}, year


def _stack(column: Column, most: int) -> None:
    """Where each bar stands, in percent of the height from above; the highest column takes `FULL` of it."""
    ground = GROUND
    for bar in [*column.bars, *([column.planned] if column.planned else [])]:
        bar.height = round(bar.count * FULL / most, 2)
        ground -= bar.height
        bar.y = round(ground, 2)
    column.top = round(ground - 3, 2)
