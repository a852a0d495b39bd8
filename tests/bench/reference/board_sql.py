"""Stands for: the figures and charts of the start page as live aggregates, written by hand over the rows themselves.

Months by kind, status and format; partners met; outcomes; events without one; the partners, states and topics of most
events. What is owed and what comes, which the page also shows, is left out: it is asked of few rows.
"""

import datetime

from tests.bench.reference.events_sql import visible_events

SEEN = """
SELECT event.id, event.kind, event.status, event.format, event.start_date, event.end_date
FROM events_event event WHERE {visible} {period}"""

AGGREGATES = (
    "SELECT date_trunc('month', start_date), date_trunc('month', end_date), kind, status, format, count(*) FROM ({seen}) e "
    "WHERE status IN ('held', 'planned') GROUP BY 1, 2, 3, 4, 5",
    "SELECT count(DISTINCT party.organization_id) FROM events_delegation party JOIN ({seen}) e ON e.id = party.event_id "
    "JOIN contacts_organization body ON body.id = party.organization_id WHERE e.status = 'held' AND NOT body.own",
    "SELECT count(*) FROM events_outcome outcome JOIN ({seen}) e ON e.id = outcome.event_id WHERE e.status = 'held'",
    "SELECT count(*) FROM ({seen}) e WHERE e.status = 'held' "
    "AND NOT EXISTS (SELECT FROM events_outcome outcome WHERE outcome.event_id = e.id)",
    "SELECT count(*) FROM ({seen}) e WHERE e.status = 'held' "
    "AND NOT EXISTS (SELECT FROM events_delegation party WHERE party.event_id = e.id)",
    "WITH RECURSIVE tree (id, top) AS ("
    "SELECT body.id, body.id FROM contacts_organization body LEFT JOIN contacts_organization up ON up.id = body.parent_id "
    "WHERE NOT body.own AND (up.id IS NULL OR up.own) UNION "
    "SELECT body.id, tree.top FROM contacts_organization body JOIN tree ON body.parent_id = tree.id) "
    "SELECT body.id, body.name, count(DISTINCT party.event_id) FROM events_delegation party "
    "JOIN ({seen}) e ON e.id = party.event_id JOIN tree ON tree.id = party.organization_id "
    "JOIN contacts_organization body ON body.id = tree.top WHERE e.status = 'held' "
    "GROUP BY body.id ORDER BY 3 DESC, body.id LIMIT 15",
    "SELECT side.code, count(DISTINCT party.event_id) FROM events_delegation party JOIN ({seen}) e ON e.id = party.event_id "
    "LEFT JOIN contacts_organization body ON body.id = party.organization_id "
    "CROSS JOIN LATERAL (VALUES (party.country), (body.country)) AS side (code) "
    "WHERE e.status = 'held' AND side.code <> '' GROUP BY 1 ORDER BY 2 DESC LIMIT 15",
    "SELECT topic.id, topic.name, count(*) FROM events_event_topics link JOIN ({seen}) e ON e.id = link.event_id "
    "JOIN events_topic topic ON topic.id = link.topic_id WHERE e.status = 'held' GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 15",
)


def statements(user: int, after: datetime.date | None, before: datetime.date | None) -> list[str]:
    period = f"AND event.end_date >= '{after}' AND event.start_date <= '{before}'" if after and before else ""
    seen = SEEN.format(visible=visible_events(user), period=period)
    return [sql.format(seen=seen) for sql in AGGREGATES]
