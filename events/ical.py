"""A diary as an iCalendar file (RFC 5545), for the calendar programs that subscribe to a feed."""

import datetime
import re
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, vDuration, vText

from caricc.lib.days import today, written
from caricc.lib.periods import add_months, around
from events.choices import DatePrecision, Direction, EventStatus
from events.diary import VAGUE, Diary

AT_MOST = 2000
MONTHS_BACK = 12
REFRESH = datetime.timedelta(hours=1)
ONE = datetime.timedelta(days=1)
STATUS = {
    EventStatus.PLANNED: "TENTATIVE", EventStatus.HELD: "CONFIRMED", EventStatus.POSTPONED: "TENTATIVE",
    EventStatus.CANCELLED: "CANCELLED",
}  # fmt: skip
LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def plain(text: str) -> str:
    """Text that cannot end its line: the library writes `\\n` for a line feed, and knows no other line end."""
    return CONTROLS.sub("", LINE_ENDS.sub("\n", text))


def line(text: str) -> str:
    return " ".join(plain(text).split())


def calendar_of(name: str, diary: Diary) -> bytes:
    """The events and due dates from a year back on; of more than `AT_MOST` the oldest are left out."""
    made = Calendar()
    made.add("prodid", "-//CARICC Register//Calendar//EN")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("name", line(name))
    made.add("x-wr-calname", line(name))
    made.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", vDuration(REFRESH))
    entries = _entries(diary)
    for zone, (first, last) in _zones(entries).items():
        made.add_component(_timezone(zone, first, last))
    for _day, _pk, entry in entries:
        made.add_component(entry)
    return made.to_ical()


def _entries(diary: Diary) -> list[tuple]:
    since = add_months(today(), -MONTHS_BACK)
    asked = diary.question.days() if diary.question.is_valid() else None
    events = diary.events.filter(end_date__gte=since).select_related("parent").order_by("-start_date", "-id")[:AT_MOST]
    found = [(one.start_date, one.pk, of_event(one)) for one in events]
    due, steps = diary.commitments.filter(due_date__gte=since), diary.cases.filter(next_step_on__gte=since)
    for name, bound in (("gte", asked and asked.after), ("lte", asked and asked.before)):
        if bound:
            due, steps = due.filter(**{f"due_date__{name}": bound}), steps.filter(**{f"next_step_on__{name}": bound})
    due = due.select_related("debtor", "creditor", "event__parent", "case").order_by("-due_date", "-id")[:AT_MOST]
    found += [(one.due_date, one.pk, of_commitment(one)) for one in due]
    steps = steps.order_by("-next_step_on", "-id")[:AT_MOST]
    found += [(one.next_step_on, one.pk, of_case(one)) for one in steps]
    return sorted(found, key=lambda one: one[:2], reverse=True)[:AT_MOST]


def _entry(record, kind: str, title: str, status: str, *wholes) -> Event:
    """What every entry says; it is confidential where the record, or one of the `wholes` that it belongs to, is restricted."""
    entry = Event()
    entry.add("uid", f"{kind}-{record.pk}@caricc-register")
    entry.add("dtstamp", record.updated_at)
    entry.add("last-modified", record.updated_at)
    entry.add("sequence", record.version)
    entry.add("summary", line(title))
    entry.add("status", status)
    entry.add("url", f"{settings.SITE_URL}{record.get_absolute_url()}")
    if any(one.is_restricted for one in wholes if one is not None):
        entry.add("class", "CONFIDENTIAL")
    return entry


def _whole_days(entry: Event, first: datetime.date, last: datetime.date) -> None:
    """From `first` to `last` inclusive; the end of iCalendar is the day after. They keep nobody busy."""
    entry.add("dtstart", first)
    entry.add("dtend", last + ONE)
    entry.add("transp", "TRANSPARENT")


def of_event(event) -> Event:
    title = f"{event.get_status_display()}: {event.title}" if event.status == EventStatus.POSTPONED else event.title
    entry = _entry(event, "event", title, STATUS[EventStatus(event.status)], event, event.parent)
    told = [plain(event.summary).strip()] if event.summary else []
    times = _times(event)
    if times:
        start, end = times
        entry.add("dtstart", start)
        if end:
            entry.add("dtend", end)
        entry.add("transp", "TRANSPARENT" if event.status == EventStatus.CANCELLED else "OPAQUE")
    elif event.date_precision in VAGUE:
        told.insert(0, _vaguely(event))
        unit = "month" if event.date_precision == DatePrecision.MONTH else "year"
        _whole_days(entry, around(event.start_date, unit).after, around(event.end_date, unit).before)
    else:
        if event.date_precision == DatePrecision.WITHIN and event.start_date != event.end_date:
            told.insert(0, event.get_date_precision_display() + ".")
        _whole_days(entry, event.start_date, event.end_date)
    place = ", ".join(line(part) for part in (event.venue, event.city, event.country_name) if part)
    if place:
        entry.add("location", place)
    if told:
        entry.add("description", "\n".join(told))
    entry.add("categories", [vText(str(event.get_kind_display()))])
    return entry


def _times(event) -> tuple | None:
    """Start and end, in the zone of the place or, where none is known, in nobody's; None where it is told by days alone."""
    if event.date_precision != DatePrecision.DAY or event.start_time is None:
        return None
    if event.end_time is None and event.start_date != event.end_date:
        return None
    zone = _zone(event.time_zone)
    start = datetime.datetime.combine(event.start_date, event.start_time, zone)
    end = datetime.datetime.combine(event.end_date, event.end_time, zone) if event.end_time else None
    return start, end if end and end > start else None


@lru_cache
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ValueError, OSError):  # the name of a zone that this machine no longer knows
        return None


def _vaguely(event) -> str:
    if event.date_precision == DatePrecision.MONTH:
        return _("Some time in %(month)s") % {"month": written(event.start_date, "F Y")} + "."
    return _("Some time in %(year)s") % {"year": written(event.start_date, "Y")} + "."


def of_commitment(one) -> Event:
    wholes = (one.event, one.event and one.event.parent, one.case)
    entry = _entry(one, "commitment", _("Due: %(what)s") % {"what": one.title}, "CONFIRMED", *wholes)
    _whole_days(entry, one.due_date, one.due_date)
    told = [str(Direction(one.direction).label)] if one.direction else []
    told += [_("%(debtor)s to %(creditor)s") % {"debtor": one.debtor_name, "creditor": one.creditor_name}
             if one.creditor_name else one.debtor_name]  # fmt: skip
    if one.text:
        told.append(one.text)
    entry.add("description", plain("\n".join(told)))
    return entry


def of_case(case) -> Event:
    entry = _entry(case, "case", _("Next step: %(what)s") % {"what": case.next_step or case.title}, "CONFIRMED", case)
    _whole_days(entry, case.next_step_on, case.next_step_on)
    entry.add("description", line(str(case)))
    return entry


def _zones(entries: list[tuple]) -> dict[str, tuple[int, int]]:
    """The zones that are used, each with the first and last year."""
    found: dict[str, tuple[int, int]] = {}
    for _day, _pk, entry in entries:
        for name in ("dtstart", "dtend"):
            moment = entry[name].dt if name in entry else None
            if isinstance(moment, datetime.datetime) and moment.tzinfo is not None:
                first, last = found.get(moment.tzinfo.key, (moment.year, moment.year))
                found[moment.tzinfo.key] = min(first, moment.year), max(last, moment.year)
    return dict(sorted(found.items()))


@lru_cache(maxsize=64)
def _timezone(name: str, first: int, last: int) -> Timezone:
    return Timezone.from_tzid(name, first_date=datetime.date(first - 1, 1, 1), last_date=datetime.date(last + 1, 1, 1))
