"""The start page out of the figures that are kept ready, where nothing but days is asked.

Whole months come from the tallies. Events that are restricted, as far as the reader may see them, and those of months
that a period cuts are added live; so every figure is that of the list behind it.
"""

import calendar
import datetime
from collections import Counter
from typing import NamedTuple

from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce
from django.http import QueryDict
from django.utils.dateparse import parse_date
from django.utils.functional import cached_property

from caricc.lib.periods import Period, add_months
from contacts.models import Organization
from events.dashboards.counts import bodies_by_top, states_and_topics
from events.models import Delegation, Event, EventTally, Outcome, PartnerTally, SubjectTally, Topic

EVENTS, OUTCOMES, ORGANIZATIONS = "events:event_list", "events:outcome_list", "contacts:organization_list"
TOP, FEW = 15, 2_000
MISSING = {"without_outcome", "without_delegation"}
ASKED = {"date_after", "date_before", "status", *MISSING}
# {list: (name by which it asks about events, what it may ask beside)}
INSIDE: dict[str, tuple[str, dict]] = {OUTCOMES: ("at", {}), ORGANIZATIONS: ("met", {"own": ["false"]})}


class Cell(NamedTuple):
    """Events that begin and end on these days, or (`live` is 0) in the months of these days."""

    first: datetime.date
    last: datetime.date
    kind: str
    status: str
    format: str
    without_outcome: bool
    without_delegation: bool
    n: int
    outcomes: int
    live: int  # its id, where it is one event that was counted live; else 0

    def touches(self, period: Period) -> bool:
        return (period.after is None or self.last >= period.after) and (
            period.before is None or self.first <= period.before
        )

    def matches(self, asked: QueryDict) -> bool:
        statuses = asked.getlist("status")
        if statuses and self.status not in statuses:
            return False
        return all(
            asked[name] == "true" and self.status == "held" and getattr(self, name) for name in MISSING & set(asked)
        )


class Met(NamedTuple):
    """What took part: a body, a partner with those below it (`below`), a state (`country`) or a `topic`.

    `n` counts its events in the main period, `met` says of each period whether there were any.
    """

    what: str
    key: str
    n: int
    met: tuple[bool, ...]


def _last_of(day: datetime.date) -> datetime.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def days_of(asked: QueryDict) -> Period:
    return Period(*(parse_date(asked.get(name, "")) for name in ("date_after", "date_before")))


class Rolled:
    """The figures of some periods for one reader; `main` is that of the charts."""

    def __init__(self, seen, main: Period, periods: list[Period], around: Period | None = None):
        self.seen, self.main = seen, main
        self.periods = list(dict.fromkeys([main, *periods]))
        asked = [*self.periods, *([around] if around else [])]
        afters, befores = [one.after for one in asked], [one.before for one in asked]
        self.hull = Period(None if None in afters else min(afters), None if None in befores else max(befores))
        self.cut_first = {day.replace(day=1) for day in befores if day and day != _last_of(day)}
        self.cut_last = {day.replace(day=1) for day in afters if day and day.day != 1}

    def kept(self, model):
        """The tallies that touch one of the periods, but for those of months that are cut."""
        rows = model.objects.filter(n__gt=0)
        if self.hull.before:
            rows = rows.filter(first__lte=self.hull.before)
        if self.hull.after:
            rows = rows.filter(last__gte=self.hull.after.replace(day=1))
        if self.cut_first:
            rows = rows.exclude(first__in=self.cut_first)
        return rows.exclude(last__in=self.cut_last) if self.cut_last else rows

    def live(self):
        """The events that no tally used here knows of."""
        beside = Q(restricted_in_effect=True)
        for month in self.cut_first:
            beside |= Q(start_date__gte=month, start_date__lt=add_months(month, 1))
        for month in self.cut_last:
            beside |= Q(end_date__gte=month, end_date__lt=add_months(month, 1))
        return self.seen.filter(beside).overlapping(self.hull.after, self.hull.before).order_by()

    @cached_property
    def cells(self) -> list[Cell]:
        """One query."""
        made = Outcome._base_manager.filter(event=OuterRef("pk")).order_by().values("event")
        there = Delegation._base_manager.filter(event=OuterRef("pk"))
        live = self.live().annotate(
            outcomes_made=Coalesce(Subquery(made.annotate(n=Count("pk")).values("n"), IntegerField()), 0),
            nobody=~Exists(there),
        )
        live = live.annotate(nothing=ExpressionWrapper(Q(outcomes_made=0), BooleanField()))
        kept = self.kept(EventTally).order_by().values_list(
            "first", "last", "kind", "status", "format", "without_outcome", "without_delegation", "n", "outcomes",
            Value(0, BigIntegerField()),
        )  # fmt: skip
        rows = kept.union(
            live.values_list(
                "start_date", "end_date", "kind", "status", "format", "nothing", "nobody", Value(1, IntegerField()),
                "outcomes_made", "pk",
            ),
            all=True,
        )  # fmt: skip
        return [Cell(*row) if row[-1] else Cell(row[0], _last_of(row[1]), *row[2:]) for row in rows]

    def events(self, asked: QueryDict) -> int:
        period = days_of(asked)
        return sum(cell.n for cell in self.cells if cell.touches(period) and cell.matches(asked))

    def outcomes(self, asked: QueryDict) -> int:
        period = days_of(asked)
        return sum(cell.outcomes for cell in self.cells if cell.touches(period) and cell.matches(asked))

    @cached_property
    def _live_held(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.live and cell.status == "held"]

    def _held(self, period: Period | None = None):
        """The events held among the live ones (of a period), for `__in`.

        A few go by their ids: from these the database finds what hangs from them, where it would read all delegations
        for those of a subquery.
        """
        ids = [cell.live for cell in self._live_held if period is None or cell.touches(period)]
        if len(ids) <= FEW:
            return ids
        rows = self.live().held()
        return (rows.overlapping(period.after, period.before) if period else rows).values("pk")

    # ---- who and what

    def _touching(self, period: Period, first: str = "first", last: str = "last") -> Q:
        wanted = Q()
        if period.before:
            wanted &= Q(**{f"{first}__lte": period.before})
        if period.after:
            wanted &= Q(**{f"{last}__gte": period.after.replace(day=1) if last == "last" else period.after})
        return wanted or Q(pk__isnull=False)

    def _flags(self, **names: str) -> dict:
        """{w0: 1 or 0}: whether a row touches each period."""
        return {
            f"w{place}": Sum(
                Case(When(self._touching(period, **names), then=1), default=0), output_field=IntegerField()
            )
            for place, period in enumerate(self.periods)
        }

    @cached_property
    def met(self) -> list[Met]:
        """One query; one more each for trees, and for states with topics, where there are live events."""
        sums = {"s": Sum("n", filter=self._touching(self.main)), **self._flags()}
        partners = self.kept(PartnerTally).filter(organization__own=False).order_by()
        partners = partners.annotate(
            what=Case(When(below=True, then=Value("below")), default=Value("body"), output_field=CharField()),
            which=Cast("organization", CharField()),
        )
        subjects = self.kept(SubjectTally).order_by()
        arms = [
            partners.values("what", "which").annotate(**sums).values_list("what", "which", *sums),
            subjects.values("about", "key").annotate(**sums).values_list("about", "key", *sums),
        ]
        if self._live_held:
            arms.append(self._live_bodies())
        counted: Counter = Counter()
        touched: dict[tuple[str, str], list[bool]] = {}
        for what, key, n, *touches in arms[0].union(*arms[1:], all=True):
            counted[what, key] += n or 0
            before = touched.get((what, key), [False] * len(self.periods))
            touched[what, key] = [one or bool(now) for one, now in zip(before, touches, strict=True)]
        if self._live_held:
            for what, key, n in self._live_subjects():
                counted[what, key] += n
                touched.setdefault((what, key), [False] * len(self.periods))
        return [Met(what, key, counted[what, key], tuple(flags)) for (what, key), flags in touched.items()]

    def _live_bodies(self):
        delegations = Delegation._base_manager.filter(event__in=self._held()).order_by()
        days = {"first": "event__start_date", "last": "event__end_date"}
        times = Count("event", filter=self._touching(self.main, **days), distinct=True)
        sums = {"s": times, **self._flags(**days)}
        rows = delegations.filter(organization__own=False).annotate(
            what=Value("body", CharField()), which=Cast("organization", CharField())
        )
        return rows.values("what", "which").annotate(**sums).values_list("what", "which", *sums)

    def _live_subjects(self) -> list[tuple[str, str, int]]:
        inside = Delegation._base_manager.filter(event__in=self._held(self.main))
        topics = Event.topics.through.objects.filter(event__in=self._held(self.main))
        found = [("below", str(pk), n) for pk, _name, _short, _country, n in bodies_by_top(inside)]
        return found + [(what, key, n) for what, key, _name, n in states_and_topics(inside, topics)]

    def partners(self, period: Period) -> int:
        """How many bodies, not our own, had a delegation at events held in the period."""
        place = self.periods.index(period)
        return sum(one.met[place] for one in self.met if one.what == "body")

    def count(self, list_name: str, query: str) -> int | None:
        """What a list answers to this question; None where the tallies do not know."""
        asked, inside = QueryDict(query), INSIDE.get(list_name)
        if inside is not None:
            name, beside = inside
            if {k: asked.getlist(k) for k in asked if k != name} != beside or name not in asked:
                return None
            asked = QueryDict(asked[name])
        if not set(asked) <= ASKED or days_of(asked) not in self.periods:
            return None
        if list_name == ORGANIZATIONS:
            return (
                self.partners(days_of(asked))
                if asked.getlist("status") == ["held"] and not set(asked) & MISSING
                else None
            )
        return self.outcomes(asked) if list_name == OUTCOMES else self.events(asked) if list_name == EVENTS else None

    def most(self, what: str, number: int) -> list[tuple[str, int]]:
        """(key, events) of those with the most events held in the main period."""
        rows = [(one.key, one.n) for one in self.met if one.what == what and one.n > 0]
        return sorted(rows, key=lambda row: (-row[1], int(row[0]) if row[0].isdigit() else 0, row[0]))[:number]

    @cached_property
    def _names(self) -> dict[str, tuple[str, str, str]]:
        """{key: name, short name, state} of all topics and of the bodies that a chart may show. One query."""
        bodies = [int(key) for what in ("below", "body") for key, _n in self.most(what, TOP)]
        topics = [int(one.key) for one in self.met if one.what == "topic"]
        blank = Value("", CharField())
        columns = (
            Organization._base_manager.filter(pk__in=bodies)
            .order_by()
            .values_list("pk", "name", "short_name", "country")
        )
        named = Topic._base_manager.filter(pk__in=topics).order_by().values_list("pk", "name", blank, blank)
        return {str(pk): tuple(words) for pk, *words in columns.union(named, all=True)}

    def partner_rows(self, what: str) -> list[tuple]:
        """The `TOP` most, as `bodies_by_top` gives them: id, name, short name, state, events."""
        return [(int(key), *self._names[key], n) for key, n in self.most(what, TOP) if key in self._names]

    def topics(self) -> list[tuple[int, str, int]]:
        """(id, name, events) of all topics."""
        rows = [one for one in self.met if one.what == "topic" and one.n > 0 and one.key in self._names]
        return [(int(one.key), self._names[one.key][0], one.n) for one in rows]

    def states(self) -> list[tuple[str, int]]:
        return [(one.key, one.n) for one in self.met if one.what == "country" and one.n > 0]
