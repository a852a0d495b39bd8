"""Invented events with all that hangs from them, one batch after the other."""

import datetime
from collections.abc import Iterator

from contacts.choices import Language
from events.models import Commitment, Delegate, Delegation, Event, Outcome, Source
from events.synthesis import words
from events.synthesis.dice import Weighted, rows_of
from events.synthesis.directory import DAY, YEARS, Body, Directory, Place
from events.synthesis.matters import RESTRICTED, Matter

# kind: share of the events that stand alone, and how many partners come
KINDS = {
    "bilateral": (40, 1, 1), "meeting": (19, 2, 5), "working_group": (11, 5, 12), "conference": (6, 14, 34),
    "workshop": (11, 5, 14), "briefing": (6, 2, 6), "visit": (5, 1, 3), "ceremony": (1.5, 2, 9), "other": (0.5, 1, 2),
}  # fmt: skip
PARTS = {"visit": ("bilateral", "meeting", "bilateral"), "conference": ("bilateral", "briefing", "working_group")}
GROUPS = ("diplomatic_corps", "member_states", "experts", "civil_society", "local_authorities", "law_enforcement")
OUTCOMES = Weighted(
    {"information": 30, "presentation": 22, "agreement": 16, "recommendation": 14, "document": 11, "decision": 7}
)
FORMATS = Weighted({"in_person": 72, "online": 11, "hybrid": 7, "": 10})
ONLINE_YEARS = Weighted({"in_person": 18, "online": 66, "hybrid": 8, "": 8})
HOURS = [datetime.time(hour, minute) for hour in range(9, 17) for minute in (0, 30)]
AHEAD = 45
LOADED = (
    Source, Event, Delegation, Delegate, Outcome, Commitment, Event.topics.through, Event.cases.through,
    Event.readers.through, Outcome.parties.through,
)  # fmt: skip


class Meetings:
    """Events in the order of their entry: that of their days, but for one in ten, which is entered late."""

    def __init__(self, directory: Directory, cases: list[Matter], number: int):
        self.directory, self.dice, self.number = directory, directory.dice, number
        self.kinds = Weighted({kind: share for kind, (share, *_numbers) in KINDS.items()})
        self.places = Weighted.zipf(directory.cities)
        self.cases: dict[int, list[Matter]] = {}
        for matter in cases:
            for year in range(matter.since.year, min(matter.until, directory.until).year + 1):
                self.cases.setdefault(year, []).append(matter)
        self.until = directory.until
        self.event, self.delegation, self.delegate = rows_of(Event), rows_of(Delegation), rows_of(Delegate)
        self.outcome, self.commitment, self.source = rows_of(Outcome), rows_of(Commitment), rows_of(Source)
        self.topic_link, self.case_link = rows_of(Event.topics.through), rows_of(Event.cases.through)
        self.reader_link, self.party_link = rows_of(Event.readers.through), rows_of(Outcome.parties.through)
        self.made = 0
        self._empty()

    def _empty(self):
        self.rows: dict[type, list] = {model: [] for model in LOADED}

    def batches(self, size: int) -> Iterator[dict[type, list]]:
        """Rows by model, in an order in which they can be loaded."""
        wholes = self._wholes()
        for day, (kind, parts) in zip(self._days(len(wholes)), wholes, strict=True):
            self._with_parts(day, kind, parts)
            if len(self.rows[Event]) >= size:
                yield self.rows
                self._empty()
        if self.rows[Event]:
            yield self.rows

    def _wholes(self) -> list[tuple[str, int]]:
        """The kind of each event that is part of no other, and the number of its parts; together as many as asked for."""
        dice, left, wholes = self.dice, self.number, []
        while left > 0:
            kind, parts = self.kinds.one(dice), 0
            if kind == "visit" and dice.chance(0.7):
                parts = dice.number(2, 4)
            elif kind == "conference" and dice.chance(0.35):
                parts = dice.number(1, 2)
            parts = min(parts, left - 1)
            wholes.append((kind, parts))
            left -= 1 + parts
        return wholes

    def _days(self, number: int) -> list[datetime.date]:
        """More in later years, few at weekends, a few ahead; in the order of entry."""
        dice, entries = self.dice, []
        for place in range(number):
            day = self.until - int((1 - dice.throw() ** 0.6) * YEARS * 365) * DAY
            if dice.chance(0.015):
                day = self.until + dice.number(1, AHEAD) * DAY
            if day.weekday() > 4 and dice.chance(0.85):
                day -= (day.weekday() - 4) * DAY
            late = dice.number(30, 500) if dice.chance(0.1) else dice.number(0, 4)
            entries.append((day + late * DAY, place, day))
        return [day for _entered, _place, day in sorted(entries)]

    def _with_parts(self, day: datetime.date, kind: str, parts: int) -> None:
        dice = self.dice
        long = parts or kind in ("conference", "workshop", "working_group")
        last = day + (dice.number(0, 3) if long else 0) * DAY
        place, partner = self.places.one(dice), self.directory.anyone.one(dice)
        whole = self._one(kind, day, last, place, partner, None)
        for _ in range(parts):
            other = partner if kind == "visit" and dice.chance(0.6) else self.directory.anyone.one(dice)
            told = dice.chance(0.7)
            when = day + int(dice.throw() * ((last - day).days + 1)) * DAY
            self._one(dice.one(PARTS[kind]), when if told else day, when if told else last, place, other, whole)

    def _one(self, kind, first, last, place: Place, partner: Body, whole) -> Event:
        dice, directory, rows = self.dice, self.directory, self.rows
        self.made += 1
        status = "planned" if last > self.until else "held"
        if status == "held" and dice.chance(0.06):
            status = "cancelled" if dice.chance(0.6) else "postponed"
        format = (ONLINE_YEARS if first.year in (2020, 2021) else FORMATS).one(dice)
        russian = dice.chance(0.27)
        topics = dice.some(directory.topics, 2)
        topic = dice.one(topics)
        names = {
            "p": partner.short or partner.name, "t": topic[1 + russian], "n": dice.number(2, 30),
            "c": place.name_ru if russian else place.name,
        }  # fmt: skip
        precision = "day" if whole is None or first == last else "within"
        if whole is None and first == last and dice.chance(0.013):
            precision = "month"
            first = first.replace(day=1)
            last = (first + 31 * DAY).replace(day=1) - DAY
        timed = precision == "day" and dice.chance(0.4)
        start = dice.one(HOURS) if timed else None
        named_place = format != "online" and dice.chance(0.93)
        restricted = dice.chance(RESTRICTED)
        crowd = kind in ("conference", "working_group", "workshop") and dice.chance(0.5)
        summary = dice.one(words.SUMMARIES[russian]).format(**names) if dice.chance(0.8) else ""
        if summary and dice.chance(0.4):
            summary += " " + dice.one(words.SUMMARIES[russian]).format(**names)
        source_id = None
        if whole is None and dice.chance(0.1):
            source_id = dice.id()
            published = last + dice.number(0, 9) * DAY
            rows[Source].append(
                self.source(
                    id=source_id,
                    title=f"Note {dice.number(1, 999)} of the Centre",
                    language=Language.EN,
                    address=f"https://register.example.org/notes/{source_id}",
                    published=published,
                )
            )
        event = self.event(
            id=dice.id(),
            kind=kind,
            title=words.capital(dice.one(words.TITLES[kind][russian]).format(**names))[:300],
            summary=summary,
            start_date=first,
            end_date=last,
            date_precision=precision,
            start_time=start,
            end_time=start.replace(hour=start.hour + 2) if timed else None,
            time_zone=place.zone if timed else "",
            format=format,
            status=status,
            city=names["c"] if named_place else "",
            place_id=place.id if named_place else None,
            country=place.country if named_place else "",
            venue=dice.one(words.VENUES).format(b=words.invented(dice)[0]) if named_place and dice.chance(0.3) else "",
            parent_id=whole.pk if whole else None,
            language="ru" if russian else "en",
            source_id=source_id,
            reported_participants=dice.number(3, 24) * 10 if crowd else None,
            reported_countries=dice.number(4, 30) if crowd and dice.chance(0.4) else None,
            reported_at_least=crowd and dice.chance(0.5),
            owner_id=dice.one(directory.owners),
            visibility="restricted" if restricted else "internal",
        )
        rows[Event].append(event)
        rows[Event.topics.through] += [
            self.topic_link(event_id=event.pk, topic_id=pk) for pk, _english, _russian in topics
        ]
        if restricted:
            link = self.reader_link
            rows[Event.readers.through] += [
                link(event_id=event.pk, user_id=pk) for pk in dice.some(directory.readers, 2)
            ]
        matter = self._case_of(event)
        delegations = self._delegations(event, kind, partner, place)
        if status == "held":
            self._outcomes(event, delegations, names, russian)
            self._commitments(event, partner, matter, names, russian)
        return event

    def _case_of(self, event) -> Matter | None:
        matter = self.dice.one(self.cases.get(event.start_date.year)) if self.dice.chance(0.35) else None
        if matter is None or not matter.since <= event.start_date <= matter.until:
            return None
        self.rows[Event.cases.through].append(self.case_link(event_id=event.pk, case_id=matter.id))
        return matter

    def _delegations(self, event, kind, partner: Body, place: Place) -> list[tuple[int, int | None]]:
        """Ours first, then the partner of the title, then the others; returns ids of delegations and of their bodies."""
        dice, directory, rows = self.dice, self.directory, self.rows
        _share, fewest, most = KINDS[kind]
        big = most > 5
        ours = directory.own[0] if dice.chance(0.8) else dice.one(directory.own)
        role = dice.one(("organizer", "host", "participant")) if big else "host" if dice.chance(0.3) else "participant"
        bodies = [partner] + [directory.anyone.one(dice) for _ in range(dice.number(fewest, most) - 1)]
        made = [(self._delegation(event, 0, organization_id=ours.id, role=role), ours.id)]
        self._delegates(made[0][0], ours, event, dice.number(1, 3))
        for body in dict.fromkeys(bodies):
            role = "participant"
            if body is partner and made[0][1] is not None and dice.chance(0.35):
                role = "host"
            elif big and dice.chance(0.06):
                role = "observer"
            pk = self._delegation(event, len(made), organization_id=body.id, role=role)
            made.append((pk, body.id))
            named = self._delegates(pk, body, event, dice.number(1, 2)) if dice.chance(0.6) else 0
            if not named:
                if dice.chance(0.3):
                    rows[Delegate].append(self.delegate(id=dice.id(), delegation_id=pk, name=dice.one(words.UNNAMED)))
                elif dice.chance(0.5):
                    rows[Delegation][-1].headcount = dice.number(1, 8)
        if dice.chance(0.55 if big else 0.08):
            state = dice.one(words.MEMBERS if dice.chance(0.5) else words.OTHERS)
            made.append((self._delegation(event, len(made), country=state, headcount=dice.number(1, 5)), None))
        if dice.chance(0.5 if big else 0.05):
            group = dice.one(GROUPS)
            size, at_least = dice.number(2, 12) * 5, dice.chance(0.5)
            pk = self._delegation(event, len(made), group=group, headcount=size, headcount_at_least=at_least)
            made.append((pk, None))
        return made

    def _delegation(self, event, position: int, **values) -> int:
        pk = self.dice.id()
        self.rows[Delegation].append(self.delegation(id=pk, event_id=event.pk, position=position, **values))
        return pk

    def _delegates(self, delegation_id: int, body: Body, event, most: int) -> int:
        dice = self.dice
        people = self.directory.sent_by(body, event.start_date, most)
        for position, held in enumerate(people):
            self.rows[Delegate].append(
                self.delegate(
                    id=dice.id(),
                    delegation_id=delegation_id,
                    person_id=held.person,
                    title=held.title,
                    rank=held.rank,
                    role="head" if position == 0 else "speaker" if dice.chance(0.08) else "member",
                    position=position,
                    attendance="excused" if position and dice.chance(0.03) else "",
                )
            )
        return len(people)

    def _outcomes(self, event, delegations, names, russian: bool) -> None:
        dice = self.dice
        number = dice.number(1, 3) if dice.chance(0.2) else int(dice.chance(0.45))
        for position in range(number):
            kind = OUTCOMES.one(dice)
            bodies = [pk for _delegation, pk in delegations if pk is not None]
            by = dice.one(delegations)[0] if kind in ("presentation", "information") else None
            row = self.outcome(
                id=dice.id(),
                event_id=event.pk,
                kind=kind,
                title=words.OUTCOMES[kind][russian].format(**names),
                day=event.start_date if kind == "document" and event.date_precision == "day" else None,
                by_delegation_id=by,
                position=position,
                lines=[topic[1 + russian] for topic in dice.some(self.directory.topics, 4)] if dice.chance(0.1) else [],
            )
            self.rows[Outcome].append(row)
            if kind in ("document", "agreement"):
                self.rows[Outcome.parties.through] += [
                    self.party_link(outcome_id=row.pk, organization_id=pk) for pk in bodies[:2]
                ]

    def _commitments(self, event, partner: Body, matter: Matter | None, names, russian: bool) -> None:
        dice, ours = self.dice, self.directory.own[0].id
        if not dice.chance(0.25):
            return
        due = event.end_date + dice.number(7, 120) * DAY if dice.chance(0.85) else None
        age = (self.until - event.end_date).days
        settled = dice.chance(1 if age > 900 else 0.95 if age > 300 else 0.55 if age > 60 else 0.15)
        status = "open"
        if settled:
            status = "withdrawn" if dice.chance(0.07) else "fulfilled"
        closed = min(event.end_date + dice.number(5, 160) * DAY, self.until) if settled else None
        debtor, creditor = (ours, partner.id) if dice.chance(0.5) else (partner.id, ours)
        moved = dice.chance(0.1)
        self.rows[Commitment].append(
            self.commitment(
                id=dice.id(),
                title=dice.one((words.PROMISES, words.PROMISES_RU)[russian]).format(**names),
                event_id=event.pk,
                case_id=matter.id if matter and dice.chance(0.4) else None,
                debtor_id=debtor,
                creditor_id=creditor,
                due_date=due,
                first_due_date=due - 14 * DAY if due and moved else due,
                status=status,
                closed_on=closed,
                responsible_id=dice.one(self.directory.staff),
            )
        )
