"""What one event adds to the figures that are kept ready, and what a changed tree of bodies does to them."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from caricc.lib import rollups
from caricc.lib.periods import add_months
from caricc.lib.rollups import Rollup
from caricc.lib.search.index import in_batches
from caricc.lib.tree import ids_below, parents_of
from contacts.models import Organization
from events.models import Commitment, Delegation, Event, EventTally, Outcome, PartnerTally, SubjectTally

BATCH = 5000
EVENT_KEYS = ("first", "last", "kind", "status", "format", "without_outcome", "without_delegation")
PARTNER_KEYS = ("below", "organization", "first", "last")
SUBJECT_KEYS = ("about", "key", "first", "last")


class Facts(NamedTuple):
    """An event that nothing restricts. `bodies` and `countries`: who took part; only of one held."""

    start: datetime.date
    end: datetime.date
    kind: str
    status: str
    format: str
    outcomes: int
    delegations: int
    bodies: frozenset[int]
    countries: frozenset[str]
    topics: frozenset[int]

    @property
    def months(self) -> tuple[datetime.date, datetime.date]:
        return self.start.replace(day=1), self.end.replace(day=1)

    @property
    def event_key(self) -> tuple:
        return *self.months, self.kind, self.status, self.format, not self.outcomes, not self.delegations


class Bodies:
    """What the figures need to know of some bodies: their states, and the partners at the top that they count for.

    `gone`: {id: state} of those that were there when the change began; what they counted for is made anew.
    """

    def __init__(self, ids: Collection[int], gone: Mapping[int, str] | None = None):
        above = parents_of(Organization, ids)
        found = Organization._base_manager.filter(pk__in=above).values_list("pk", "country", "own")
        self.country, own = dict(gone or {}), {}
        for pk, country, is_own in found:
            self.country[pk], own[pk] = country, is_own
        self.tops = {pk: frozenset(_tops(pk, above, own)) for pk in ids}


def _tops(pk: int, above: Mapping[int, int | None], own: Mapping[int, bool]) -> Iterator[int]:
    seen: set[int] = set()
    at: int | None = pk
    while at is not None and at in own and at not in seen:
        seen.add(at)
        up = above.get(at)
        if not own[at] and (up is None or up not in own or own[up]):
            yield at
        at = up


class Sums:
    """Figures to be added: {key: numbers} of the three tables."""

    def __init__(self):
        self.events: defaultdict[tuple, list[int]] = defaultdict(lambda: [0, 0])
        self.partners: Counter = Counter()
        self.latest: dict[tuple, datetime.date] = {}
        self.subjects: Counter = Counter()

    def add(self, facts: Facts, bodies: Bodies, sign: int = 1) -> None:
        cell = self.events[facts.event_key]
        cell[0] += sign
        cell[1] += sign * facts.outcomes
        months = facts.months
        tops, countries = set(), set(facts.countries)
        for pk in facts.bodies:
            key = (False, pk, *months)
            self.partners[key] += sign
            if sign > 0:
                self.latest[key] = max(facts.end, self.latest.get(key, facts.end))
            tops |= bodies.tops[pk]
            countries.add(bodies.country.get(pk, ""))
        self.partners.update({(True, pk, *months): sign for pk in tops})
        self.subjects.update({("country", code, *months): sign for code in countries - {""}})
        self.subjects.update({("topic", str(pk), *months): sign for pk in facts.topics})

    def write(self) -> None:
        rollups.add(
            EventTally, EVENT_KEYS, {k: {"n": n, "outcomes": made} for k, (n, made) in self.events.items() if n or made}
        )
        rollups.add(
            PartnerTally, PARTNER_KEYS,
            {k: {"n": n, "latest": self.latest.get(k)} for k, n in self.partners.items() if n or k in self.latest},
        )  # fmt: skip
        rollups.add(SubjectTally, SUBJECT_KEYS, {k: {"n": n} for k, n in self.subjects.items() if n})


def facts_of(rows) -> dict[int, Facts]:
    """{id: facts} of those of these events that nothing restricts; four queries."""
    columns = ("pk", "start_date", "end_date", "kind", "status", "format")
    found = list(rows.filter(restricted_in_effect=False).order_by().values_list(*columns))
    if not found:
        return {}
    ids = [row[0] for row in found]
    outcomes = Counter(Outcome._base_manager.filter(event__in=ids).values_list("event", flat=True))
    delegations: Counter = Counter()
    bodies, countries, topics = defaultdict(set), defaultdict(set), defaultdict(set)
    parties = Delegation._base_manager.filter(event__in=ids).order_by().values_list("event", "organization", "country")
    for event, body, country in parties.iterator(BATCH * 4):
        delegations[event] += 1
        if body is not None:
            bodies[event].add(body)
        if country:
            countries[event].add(country)
    for event, topic in Event.topics.through.objects.filter(event__in=ids).values_list("event", "topic"):
        topics[event].add(topic)
    made = {}
    for pk, start, end, kind, status, form in found:
        held = status == "held"
        made[pk] = Facts(
            start, end, kind, status, form, outcomes[pk], delegations[pk], frozenset(bodies[pk]) if held else frozenset(),
            frozenset(countries[pk]) if held else frozenset(), frozenset(topics[pk]) if held else frozenset(),
        )  # fmt: skip
    return made


class CommitmentDays(Rollup):
    """The day from which each commitment counts as promised; before the lock of `EventRollup`, which others wait for."""

    model = Commitment

    def facts(self, ids):
        return dict.fromkeys(ids)

    def apply(self, before, history):
        label = Event._meta.label_lower
        moved = {row.record_id for row in history if row.model == label and "start_date" in row.changes}
        for name, ids in (("pk__in", before), ("event__in", moved)):
            for some in in_batches(sorted(ids)):
                self._renew(Commitment._base_manager.filter(**{name: some}))

    def is_missing(self):
        return Commitment._base_manager.filter(counted_from=None).exists()

    @transaction.atomic(savepoint=False)
    def rebuild(self, only_say=False):
        wrong, last = 0, 0
        rows = Commitment._base_manager.order_by("pk")
        while ids := list(rows.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
            wrong += self._renew(Commitment._base_manager.filter(pk__in=ids), only_say)
            last = ids[-1]
        return wrong

    @staticmethod
    def _renew(rows, only_say: bool = False) -> int:
        days: defaultdict[datetime.date, list[int]] = defaultdict(list)
        for pk, kept, entered, begins in rows.values_list("pk", "counted_from", "created_at", "event__start_date"):
            day = min(timezone.localdate(entered), begins or datetime.date.max)
            if day != kept:
                days[day].append(pk)
        if not only_say:
            for day, ids in sorted(days.items()):
                Commitment._base_manager.filter(pk__in=ids).update(counted_from=day)
        return sum(map(len, days.values()))


class EventRollup(Rollup):
    model = Event
    tables = (EventTally, PartnerTally, SubjectTally)
    parts = {"events.delegation": "event_id", "events.outcome": "event_id"}

    def facts(self, ids):
        """Of the events and of those that they contain, which are restricted with them; all are held until the end."""
        wanted = Event._base_manager.filter(Q(pk__in=ids) | Q(parent__in=ids)).order_by("pk")
        there = set(wanted.select_for_update(no_key=True).values_list("pk", flat=True))
        found = facts_of(Event._base_manager.filter(pk__in=there)) if there else {}
        return {pk: found.get(pk) for pk in there}

    def apply(self, before, history):
        bodies, codes, gone = _changed_bodies(history)
        if bodies or codes:
            rollups.alone()
        elif before:
            rollups.shared()
        for some in in_batches(sorted(before), BATCH):
            self._add(before, some, gone)
        _renew_tops(bodies)
        _renew_states(codes)

    def _add(self, before: Mapping[int, Facts | None], ids: list[int], gone: dict[int, str]) -> None:
        after = facts_of(Event._base_manager.filter(pk__in=ids))
        pairs = [(before[pk], after.get(pk)) for pk in ids if before[pk] != after.get(pk)]
        bodies = Bodies({body for pair in pairs for facts in pair if facts for body in facts.bodies}, gone)
        sums, left = Sums(), set()
        for old, new in pairs:
            if old is not None:
                sums.add(old, bodies, -1)
                left |= {(False, body, *old.months, old.end) for body in old.bodies}
            if new is not None:
                sums.add(new, bodies)
        sums.write()
        _look_for_the_latest(left)

    def is_missing(self):
        return not EventTally.objects.exists() and Event._base_manager.filter(restricted_in_effect=False).exists()

    @transaction.atomic(savepoint=False)
    def rebuild(self, only_say=False):
        rollups.alone()
        sums, last = Sums(), 0
        rows = Event._base_manager.order_by("pk")
        while ids := list(rows.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
            found = facts_of(Event._base_manager.filter(pk__in=ids)).values()
            bodies = Bodies({body for facts in found for body in facts.bodies})
            for facts in found:
                sums.add(facts, bodies)
            last = ids[-1]
        wrong = _differences(sums)
        if wrong and not only_say:
            for model in self.tables:
                model.objects.all().delete()
            sums.write()
        return wrong


def _changed_bodies(history: Iterable[Any]) -> tuple[set[int], set[str], dict[int, str]]:
    """Bodies that stand elsewhere in the tree or are ours or no longer; states that bodies belong to, or did; bodies gone."""
    bodies, codes, gone = set(), set(), {}
    for row in history:
        if row.model != Organization._meta.label_lower or row.record_id is None:
            continue
        if row.action == "delete":
            gone[row.record_id] = (row.changes.get("country") or [""])[0]
        if row.action == "delete" or (row.action == "change" and row.changes.keys() & {"parent", "own"}):
            bodies |= {row.record_id, *filter(None, row.changes.get("parent", ()))}
        if row.action == "change":
            codes |= {code for code in row.changes.get("country", ()) if code}
    return bodies, codes, gone


def _differences(sums: Sums) -> int:
    """How many rows of figures are not what they should be; one of nothing is as good as none."""
    right: dict[Any, dict] = {
        EventTally: {key: tuple(n) for key, n in sums.events.items()},
        PartnerTally: {key: (n, sums.latest.get(key)) for key, n in sums.partners.items()},
        SubjectTally: {key: (n,) for key, n in sums.subjects.items()},
    }
    wrong = 0
    for model, keys, values in (
        (EventTally, EVENT_KEYS, ("n", "outcomes")), (PartnerTally, PARTNER_KEYS, ("n", "latest")),
        (SubjectTally, SUBJECT_KEYS, ("n",)),
    ):  # fmt: skip
        rows = model.objects.exclude(n=0).values_list(*keys, *values)
        kept = {row[: len(keys)]: tuple(row[len(keys) :]) for row in rows.iterator()}
        wrong += sum(kept.get(key) != right[model].get(key) for key in kept.keys() | right[model].keys())
    return wrong


def _look_for_the_latest(left: Iterable[tuple]) -> None:
    """Where an event left that was the latest with a body in its months, find the one that is it now."""
    for below, body, first, last, end in sorted(left):
        cell = PartnerTally.objects.filter(below=below, organization=body, first=first, last=last, latest=end)
        if not cell.exists():
            continue
        events = Delegation._base_manager.filter(
            organization=body, event__status="held", event__restricted_in_effect=False,
            event__start_date__gte=first, event__start_date__lt=add_months(first, 1),
            event__end_date__gte=last, event__end_date__lt=add_months(last, 1),
        )  # fmt: skip
        cell.update(latest=events.aggregate(day=Max("event__end_date"))["day"])


def _renew_tops(changed: set[int]) -> None:
    """Count anew for the bodies that may have come to stand at the top of a tree, or to another one."""
    if not changed:
        return
    children = Organization._base_manager.filter(parent__in=changed).values_list("pk", flat=True)
    affected = {*changed, *parents_of(Organization, changed), *children}
    PartnerTally.objects.filter(below=True, organization__in=affected).delete()
    wanted, known = Sums(), Bodies(affected)
    for top in sorted(affected):
        if top not in known.tops[top]:
            continue
        events = Delegation._base_manager.filter(organization__in=ids_below(Organization, [top])).values("event")
        for start, end in _held(events):
            wanted.partners[True, top, start.replace(day=1), end.replace(day=1)] += 1
    wanted.write()


def _renew_states(codes: set[str]) -> None:
    if not codes:
        return
    SubjectTally.objects.filter(about="country", key__in=codes).delete()
    wanted = Sums()
    for code in sorted(codes):
        organs = Organization._base_manager.filter(country=code).values("pk")
        took_part = Delegation._base_manager.filter(Q(country=code) | Q(organization__in=organs)).values("event")
        for start, end in _held(took_part):
            wanted.subjects["country", code, start.replace(day=1), end.replace(day=1)] += 1
    wanted.write()


def _held(events) -> Iterator[tuple[datetime.date, datetime.date]]:
    rows = Event._base_manager.filter(status="held", restricted_in_effect=False, pk__in=events)
    return rows.order_by().values_list("start_date", "end_date").iterator(BATCH)
