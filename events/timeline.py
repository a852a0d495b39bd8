"""The time line of a case: what happened, what was promised and what was noted, page by page, the newest first.

The days of all of it are put in order by the database, and only what stands on the page is fetched: in a number of
queries that does not grow, and nothing is left out however long the case goes on.
"""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caricc.lib.days import today
from events.choices import CommitmentStatus, NoteKind
from events.ledger import when_due
from events.models import CaseNote, Commitment, CommitmentShift, Event, Outcome

PER_PAGE = 200
EVERYTHING, EVENTS, JOURNAL = "all", "events", "journal"
SHOWN = {
    EVERYTHING: (gettext_lazy("Everything"), ("event", "outcome", "due", "moved", "closed", "note")),
    EVENTS: (gettext_lazy("Events"), ("event", "outcome")),
    JOURNAL: (gettext_lazy("Journal"), ("note",)),
}
ELSEWHEN = Q(day__lt=F("event__start_date")) | Q(day__gt=F("event__end_date"))  # an outcome on a day of its own


@dataclass
class TimeLine:
    """One page of it. `errors` say what of the address makes no sense; there are no items then."""

    show: str = EVERYTHING
    number: int = 1
    count: int = 0
    ahead: int = 0
    items: list[dict] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // PER_PAGE))

    @property
    def first(self) -> int:
        return (self.number - 1) * PER_PAGE + 1

    @property
    def last(self) -> int:
        return min(self.number * PER_PAGE, self.count)

    @property
    def tabs(self) -> list[dict]:
        return [
            {"label": label, "query": f"?show={name}" if name != EVERYTHING else "?", "current": name == self.show}
            for name, (label, _kinds) in SHOWN.items()
        ]

    def query(self, number: int) -> str:
        pairs = [f"show={self.show}"] if self.show != EVERYTHING else []
        return "?" + "&".join([*pairs, *([f"page={number}"] if number > 1 else [])])

    @property
    def newer(self) -> str:
        return self.query(self.number - 1) if 1 < self.number <= self.pages else ""

    @property
    def older(self) -> str:
        return self.query(self.number + 1) if self.number < self.pages else ""


def asked(data) -> TimeLine:
    """What the address asks for: `show` and `page`."""
    line, show, page = TimeLine(), data.get("show") or EVERYTHING, data.get("page") or "1"
    if show not in SHOWN:
        known = ", ".join(SHOWN)
        line.errors.append(_("show: “%(value)s” is not one of: %(known)s.") % {"value": show[:60], "known": known})
    else:
        line.show = show
    if page.isascii() and page.isdigit() and int(page[:9]) > 0 and len(page) < 10:
        line.number = int(page)
    else:
        line.errors.append(_("page: “%(value)s” is not the number of a page.") % {"value": page[:60]})
    return line


def parts(case, user, events: QuerySet, promised: QuerySet) -> dict[str, tuple[QuerySet, str]]:
    """{kind: (rows that `user` may see, the field with the day on which they stand)}."""
    made = Outcome.objects.visible_to(user).filter(event__in=events.order_by().values("pk"))
    done = promised.exclude(status=CommitmentStatus.OPEN)
    shifts = CommitmentShift.objects.visible_to(user).filter(commitment__in=promised.order_by().values("pk"))
    return {
        "event": (events, "start_date"),
        "outcome": (made.filter(ELSEWHEN), "day"),
        "due": (promised.open().filter(due_date__isnull=False), "due_date"),
        "moved": (shifts, "day"),
        "closed": (done.filter(closed_on__isnull=False), "closed_on"),
        "note": (CaseNote.objects.visible_to(user).filter(case=case), "day"),
    }


def figures(found: dict[str, tuple[QuerySet, str]]) -> dict[str, QuerySet]:
    """What is to be counted for a time line, all of it and what lies ahead."""
    now = today()
    made = {kind: rows for kind, (rows, _day) in found.items()}
    return made | {f"{kind} ahead": rows.filter(**{f"{day}__gt": now}) for kind, (rows, day) in found.items()}


def time_line(line: TimeLine, case, user, found: dict[str, tuple[QuerySet, str]], counts: dict[str, int]) -> TimeLine:
    """The page that was asked for, by the `counts` of its `figures`."""
    kinds = SHOWN[line.show][1]
    line.count = sum(counts[kind] for kind in kinds)
    line.ahead = sum(counts[f"{kind} ahead"] for kind in kinds)
    if not line.errors and line.number > line.pages:
        line.errors.append(_("page: There is no such page."))
    if line.errors:
        return line
    start = line.first - 1
    arms = [
        rows.order_by()
        .annotate(at=F(day), made=F("created_at"), what=Value(kind, CharField()), key=F("pk"))
        .values_list("at", "made", "what", "key")
        for kind, (rows, day) in found.items()
        if kind in kinds
    ]
    places = (arms[0].union(*arms[1:], all=True) if len(arms) > 1 else arms[0]).order_by("-at", "-made", "-key")
    places = list(places[start : start + PER_PAGE])
    rows = _fetch(case, user, found, places)
    items = [{"at": at, "kind": kind, kind: rows[kind][key]} for at, _made, kind, key in places if key in rows[kind]]
    for item in items:
        _dress(item)
    line.items = _with_heads(items, line, start)
    return line


def _fetch(case, user, found, places) -> dict[str, dict[int, Any]]:
    """{kind: {id: row}} of what stands on the page."""
    wanted: dict[str, set[int]] = {kind: set() for kind in found}
    for _at, _made, kind, key in places:
        wanted[kind].add(key)
    whole = {
        "event": Event.objects.for_rows(user),
        "outcome": Outcome.objects.select_related("event"),
        "due": Commitment.objects.select_related("debtor", "creditor", "responsible"),
        "moved": CommitmentShift.objects.select_related("commitment"),
        "closed": Commitment.objects.select_related("debtor", "creditor", "responsible"),
        "note": CaseNote.objects.select_related("created_by"),
    }
    rows = {
        kind: {row.pk: row for row in whole[kind].filter(pk__in=keys).order_by()} if keys else {}
        for kind, keys in wanted.items()
    }
    made: dict[int, list] = {}
    outcomes = Outcome.objects.visible_to(user).filter(event__in=rows["event"]).exclude(ELSEWHEN)
    for outcome in outcomes.order_by("position", "created_at", "id") if rows["event"] else ():
        outcome.event = rows["event"][outcome.event_id]
        made.setdefault(outcome.event_id, []).append(outcome)
    for pk, event in rows["event"].items():
        event.made = made.get(pk, [])
    turns = {note.pk for note in rows["note"].values() if note.kind == NoteKind.OPENED}
    if turns:
        told = case.notes.exclude(kind__in=(NoteKind.NOTE, NoteKind.DONE))
        first = told.order_by("day", "created_at", "id").values_list("pk", flat=True)
        begun = first.first()
        for pk in turns:
            rows["note"][pk].again = pk != begun
    return rows


def _dress(item: dict) -> None:
    kind, now = item["kind"], today()
    css = {"event": "", "outcome": "result", "due": "promise", "moved": "shift", "closed": "done", "note": "note"}[kind]
    if kind == "event" and item["at"] > now:
        css = "ahead"
    if kind in ("due", "closed"):
        item["owe"] = item[kind]
        item["owe"].when = when_due(item["owe"], now)
        if item["owe"].is_overdue:
            css = "promise is-late"
        elif item["owe"].status == CommitmentStatus.WITHDRAWN:
            css = "dropped"
    if kind == "note" and item["note"].kind != NoteKind.NOTE:
        css = "note turn"
    item["css"] = css


def _with_heads(items: list[dict], line: TimeLine, start: int) -> list[dict]:
    """With `Today` between what lies ahead and what lies behind, and the years where they change."""
    made, year = [], today().year if start == 0 else None
    mark = line.ahead - start if line.ahead else -1
    for place, item in enumerate(items):
        if place == mark:
            made.append({"kind": "today", "css": "today"})
            year = today().year
        if item["at"].year != year:
            if year is not None or start:
                made.append({"kind": "year", "css": "year", "year": item["at"].year})
            year = item["at"].year
        made.append(item)
    if items and mark == len(items) and line.ahead == line.count:
        made.append({"kind": "today", "css": "today"})
    return made
