"""What exports hold, told row by row in plain Python: both databases are held to it, byte by byte.

Slow and simple on purpose: functions of a record, the csv and json of the standard library, no SQL.
"""

import csv
import datetime
import io
import json

from django.db.models import F

CASES = F("opened_on").desc(nulls_last=True), "title", "id"
_FORMULA = tuple("=+-@\t\r\n%|＝＋－＠")


CITY_COLUMNS = {
    "id": lambda row: row.pk,
    "name": lambda row: row.name,
    "name_ru": lambda row: row.name_ru,
    "names": lambda row: [name.name for name in row.names.order_by(F("until").desc(nulls_last=True), "id")],
    "country": lambda row: row.country,
    "time_zone": lambda row: row.time_zone,
    "updated_at": lambda row: row.updated_at,
}
ORGANIZATION_COLUMNS = {
    "id": lambda row: row.pk,
    "name": lambda row: row.name,
    "short_name": lambda row: row.short_name,
    "names": lambda row: [str(name) for name in row.names.all()],
    "kind": lambda row: row.kind,
    "country": lambda row: row.country,
    "seat_city": lambda row: row.seat_city and row.seat_city.name,
    "seat_country": lambda row: row.seat_country,
    "parent": lambda row: row.parent_id,
    "parent_name": lambda row: row.parent and row.parent.name,
    "own": lambda row: row.own,
    "rhythm": lambda row: row.rhythm,
    "snoozed_until": lambda row: row.snoozed_until,
    "archived": lambda row: row.archived,
    "updated_at": lambda row: row.updated_at,
}
PERSON_COLUMNS = {
    "id": lambda row: row.pk,
    "name": lambda row: row.name,
    "names": lambda row: [str(name) for name in row.names.all()],
    "posts": lambda row: [str(post) for post in row.posts.order_by(F("since").desc(nulls_last=True), "id")],
    "archived": lambda row: row.archived,
    "updated_at": lambda row: row.updated_at,
}
POST_COLUMNS = {
    "id": lambda row: row.pk,
    "person": lambda row: row.person_id,
    "person_name": lambda row: row.person.name,
    "organization": lambda row: row.organization_id,
    "organization_name": lambda row: row.organization.name,
    "title": lambda row: row.title,
    "rank": lambda row: row.rank,
    "email": lambda row: row.email,
    "phone": lambda row: row.phone,
    "since": lambda row: row.since,
    "until": lambda row: row.until,
    "updated_at": lambda row: row.updated_at,
}


TOPIC_COLUMNS = {
    "id": lambda row: row.pk,
    "name": lambda row: row.name,
    "name_ru": lambda row: row.name_ru,
    "archived": lambda row: row.archived,
    "updated_at": lambda row: row.updated_at,
}


def in_place(event):
    return event.delegations.order_by("position", "id")


def states(event) -> list[str]:
    """States that took part, themselves or through an organization, in order of their codes."""
    codes = {row.country for row in event.delegations.all()}
    codes |= {row.organization.country for row in event.delegations.all() if row.organization_id}
    return sorted(codes - {""})


EVENT_COLUMNS = {
    "id": lambda row: row.pk,
    "kind": lambda row: row.kind,
    "title": lambda row: row.title,
    "start_date": lambda row: row.start_date,
    "end_date": lambda row: row.end_date,
    "format": lambda row: row.format,
    "status": lambda row: row.status,
    "city": lambda row: row.city,
    "country": lambda row: row.country,
    "venue": lambda row: row.venue,
    "parent": lambda row: row.parent_id,
    "partners": lambda row: [d.organization.name if d.organization_id else d.name for d in in_place(row) if not d.own],
    "states": states,
    "delegates": lambda row: [p.shown_name for d in in_place(row) for p in d.delegates.all()],
    "outcomes": lambda row: [outcome.title for outcome in row.outcomes.all()],
    "cases": lambda row: [str(case) for case in row.cases.visible_to(row.reader).order_by(*CASES)],
    "topics": lambda row: [topic.name for topic in row.topics.all()],
    "summary": lambda row: row.summary,
    "visibility": lambda row: row.visibility,
    "updated_at": lambda row: row.updated_at,
}
DELEGATION_COLUMNS = {
    "id": lambda row: row.pk,
    "event": lambda row: row.event_id,
    "event_title": lambda row: row.event.title,
    "start_date": lambda row: row.event.start_date,
    "organization": lambda row: row.organization_id,
    "organization_name": lambda row: row.organization and row.organization.name,
    "country": lambda row: row.country,
    "group": lambda row: row.group,
    "role": lambda row: row.role,
    "label": lambda row: row.label,
    "headcount": lambda row: row.headcount,
    "headcount_at_least": lambda row: row.headcount_at_least,
    "attendance": lambda row: row.attendance,
    "delegates": lambda row: [delegate.shown_name for delegate in row.delegates.all()],
}
OUTCOME_COLUMNS = {
    "id": lambda row: row.pk,
    "event": lambda row: row.event_id,
    "event_title": lambda row: row.event.title,
    "kind": lambda row: row.kind,
    "title": lambda row: row.title,
    "text": lambda row: row.text,
    "day": lambda row: row.day,
    "by_delegation": lambda row: row.by_delegation and row.by_delegation.name,
    "by_delegate": lambda row: row.by_delegate and row.by_delegate.shown_name,
    "parties": lambda row: [party.name for party in row.parties.all()],
    "topics": lambda row: [topic.name for topic in row.topics.all()],
    "lines": lambda row: row.lines,
    "done_on": lambda row: row.done_on,
}
COMMITMENT_COLUMNS = {
    "id": lambda row: row.pk,
    "title": lambda row: row.title,
    "text": lambda row: row.text,
    "direction": lambda row: row.direction,
    "debtor": lambda row: row.debtor_name,
    "creditor": lambda row: row.creditor_name,
    "due_date": lambda row: row.due_date,
    "first_due_date": lambda row: row.first_due_date,
    "overdue": lambda row: row.is_overdue,
    "status": lambda row: row.status,
    "closed_on": lambda row: row.closed_on,
    "responsible": lambda row: row.responsible and row.responsible.name,
    "event": lambda row: row.event_id,
    "event_title": lambda row: row.event and row.event.title,
    "case": lambda row: row.case and str(row.case),
    "shifts": lambda row: len(row.shifts.all()),
    "proof": lambda row: row.proof,
    "note": lambda row: row.note,
    "updated_at": lambda row: row.updated_at,
}
CASE_COLUMNS = {
    "id": lambda row: row.pk,
    "number": lambda row: row.number,
    "title": lambda row: row.title,
    "aliases": lambda row: [alias.name for alias in row.aliases.all()],
    "status": lambda row: row.status,
    "lead": lambda row: row.lead and row.lead.name,
    "partners": lambda row: [str(partner) for partner in row.partners.all()],
    "opened_on": lambda row: row.opened_on,
    "closed_on": lambda row: row.closed_on,
    "next_step": lambda row: row.next_step,
    "next_step_on": lambda row: row.next_step_on,
    "summary": lambda row: row.summary,
    "visibility": lambda row: row.visibility,
    "updated_at": lambda row: row.updated_at,
}


COLUMNS = {
    "events": EVENT_COLUMNS,
    "organizations": ORGANIZATION_COLUMNS,
    "people": PERSON_COLUMNS,
    "posts": POST_COLUMNS,
    "delegations": DELEGATION_COLUMNS,
    "outcomes": OUTCOME_COLUMNS,
    "commitments": COMMITMENT_COLUMNS,
    "cases": CASE_COLUMNS,
    "topics": TOPIC_COLUMNS,
    "cities": CITY_COLUMNS,
}


def as_csv(rows, columns) -> bytes:
    file = io.StringIO("")
    file.write("\ufeff")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([guard(plain(get(row))) for get in columns.values()] for row in rows)
    return file.getvalue().encode()


def as_lines(rows, columns) -> bytes:
    made = [{name: _json(get(row)) for name, get in columns.items()} for row in rows]
    end = json.dumps({"end": True, "rows": len(made)})
    lines = [*(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in made), end]
    return "".join(line + "\n" for line in lines).encode()


def as_cells(rows, columns) -> list[list]:
    """As a workbook holds them: None for what is empty, numbers up to fifteen digits, all else text."""
    return [list(columns), *([_cell(plain(get(row))) for get in columns.values()] for row in rows)]


def _cell(value):
    if isinstance(value, int) and abs(value) < 10**15:
        return value
    return None if value in ("", None) else str(value)[:32767]


def plain(value):
    if isinstance(value, (list, tuple)):
        return "; ".join(str(plain(item)) for item in value)
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else value


def guard(value):
    if isinstance(value, str) and (value.startswith(_FORMULA) or value.lstrip().startswith(_FORMULA)):
        return f"'{value}"
    return value


def _json(value):
    if isinstance(value, (list, tuple)):
        return [_json(item) for item in value]
    return plain(value) if isinstance(value, datetime.date) else value
