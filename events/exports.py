"""The columns of exported events and of what follows; those of events are the contract's."""

TOPIC_COLUMNS = {
    "id": lambda row: row.pk,
    "name": lambda row: row.name,
    "name_ru": lambda row: row.name_ru,
    "archived": lambda row: row.archived,
    "updated_at": lambda row: row.updated_at,
}


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
    "partners": lambda row: [
        d.organization.name if d.organization_id else d.name for d in row.delegations.all() if not d.own
    ],
    "states": states,
    "delegates": lambda row: [p.shown_name for d in row.delegations.all() for p in d.delegates.all()],
    "outcomes": lambda row: [outcome.title for outcome in row.outcomes.all()],
    "cases": lambda row: [str(case) for case in row.cases.all()],
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
