"""Stands for: the export of events as somebody writes it by hand who knows SQL and these tables.

One pass over each table that belongs to events, grouped and joined once; the rule who may see what, the guard against
formulas and the names of states written out. `shape` is "csv" for the very bytes of our file, "json" for `row_to_json` of
the same columns, "rows" for the columns alone.
"""

from events.choices import Group

FORMULA = "=+-@%|＝＋－＠"
TEXTS = ("title", "city", "venue", "partners", "delegates", "outcomes", "cases", "topics", "summary")

COLUMNS = (
    "id", "kind", "title", "start_date", "end_date", "format", "status", "city", "country", "venue", "parent", "partners",
    "states", "delegates", "outcomes", "cases", "topics", "summary", "visibility", "updated_at",
)  # fmt: skip

READABLE = """
    ({row}.visibility = 'internal' OR {row}.owner_id = {user}
     OR {row}.id IN (SELECT {key} FROM {table}_readers WHERE user_id = {user})
     OR {row}.id IN (SELECT {key} FROM {table}_reader_groups named
                     JOIN caricc_user_groups mine ON mine.group_id = named.group_id WHERE mine.user_id = {user}))"""
VISIBLE = """
    (NOT event.restricted_in_effect OR {event} AND (event.parent_id IS NULL OR EXISTS (
        SELECT FROM events_event whole WHERE whole.id = event.parent_id AND {whole})))"""

EVENTS = """
SELECT event.id, event.kind, event.title, event.start_date, event.end_date, event.format, event.status, event.city,
       event.country, event.venue, event.parent_id AS parent, parties.partners, sides.states, people.delegates,
       made.outcomes, matters.cases, filed.topics, event.summary, event.visibility,
       to_char(event.updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS updated_at
FROM events_event event
LEFT JOIN (
    SELECT party.event_id, {partners} AS partners
    FROM events_delegation party
    LEFT JOIN contacts_organization body ON body.id = party.organization_id
    LEFT JOIN (VALUES {groups}) AS crowd (code, name) ON crowd.code = party."group" AND party.organization_id IS NULL
    LEFT JOIN (VALUES {states}) AS state (code, name) ON state.code = party.country AND party.organization_id IS NULL
    WHERE body.own IS NOT TRUE {few_parties}
    GROUP BY party.event_id
) parties ON parties.event_id = event.id
LEFT JOIN (
    SELECT party.event_id, {sides} AS states
    FROM events_delegation party
    LEFT JOIN contacts_organization body ON body.id = party.organization_id
    CROSS JOIN LATERAL (VALUES (party.country), (body.country)) AS side (code)
    WHERE side.code <> '' {few_parties}
    GROUP BY party.event_id
) sides ON sides.event_id = event.id
LEFT JOIN (
    SELECT party.event_id, {delegates} AS delegates
    FROM events_delegation party
    JOIN events_delegate one ON one.delegation_id = party.id
    LEFT JOIN contacts_person person ON person.id = one.person_id
    WHERE true {few_parties}
    GROUP BY party.event_id
) people ON people.event_id = event.id
LEFT JOIN (
    SELECT outcome.event_id, {outcomes} AS outcomes
    FROM events_outcome outcome WHERE true {few_outcomes} GROUP BY outcome.event_id
) made ON made.event_id = event.id
LEFT JOIN (
    SELECT link.event_id, {cases} AS cases
    FROM events_event_cases link JOIN events_case matter ON matter.id = link.case_id
    WHERE {case_is_visible} {few_links} GROUP BY link.event_id
) matters ON matters.event_id = event.id
LEFT JOIN (
    SELECT link.event_id, {topics} AS topics
    FROM events_event_topics link JOIN events_topic topic ON topic.id = link.topic_id
    WHERE true {few_links} GROUP BY link.event_id
) filed ON filed.event_id = event.id
WHERE {event_is_visible} {few_events}
ORDER BY event.start_date DESC, event.id DESC"""


def visible_events(user: int) -> str:
    """The rule of events, of a row that is called `event`."""
    rows = {
        row: READABLE.format(row=row, table="events_event", key="event_id", user=int(user))
        for row in ("event", "whole")
    }
    return VISIBLE.format(**rows)


def statement(user: int, shape: str, states: dict[str, str], last: int | None = None) -> str:
    """The statement in one line. `last`: only events up to this id; every table is then read only so far."""

    def listed(value: str, order: str, distinct: str = "") -> str:
        if shape == "json":
            return f"json_agg({distinct}{value} ORDER BY {order})"
        return f"string_agg({distinct}{value}, '; ' ORDER BY {order})"

    def few(column: str) -> str:
        return "" if last is None else f"AND {column} <= {int(last)}"

    sql = EVENTS.format(
        partners=listed(
            "COALESCE(body.name, crowd.name || COALESCE(', ' || state.name, ''), state.name)",
            "party.position, party.id",
        ),
        sides=listed("side.code", "side.code", "DISTINCT "),
        delegates=listed(
            "COALESCE(person.name, one.name)",
            "party.position, party.id, one.position, one.created_at, one.id",
        ),
        outcomes=listed("outcome.title", "outcome.position, outcome.created_at, outcome.id"),
        cases=listed("matter.number || ' ' || matter.title", "matter.opened_on DESC, matter.title, matter.id"),
        topics=listed("topic.name", "topic.name, topic.id"),
        groups=_values({value: str(label) for value, label in Group.choices}),
        states=_values(states),
        event_is_visible=visible_events(user),
        case_is_visible=READABLE.format(row="matter", table="events_case", key="case_id", user=int(user)),
        few_events=few("event.id"),
        few_parties=few("party.event_id"),
        few_outcomes=few("outcome.event_id"),
        few_links=few("link.event_id"),
    )
    if shape == "json":
        sql = f"SELECT row_to_json(line) FROM ({sql}) line"
    elif shape == "csv":
        sql = _guarded(sql)
    return " ".join(sql.split())


def _guarded(sql: str) -> str:
    """Texts that a spreadsheet would take for a formula get an apostrophe; empty ones are nothing; the first head has the mark."""
    columns = [
        "id",
        "kind",
        "title",
        "start_date",
        "end_date",
        "format",
        "status",
        "city",
        "country",
        "venue",
        "parent",
        "partners",
        "states",
        "delegates",
        "outcomes",
        "cases",
        "topics",
        "summary",
        "visibility",
        "updated_at",
    ]
    shown = []
    for name in columns:
        value = name
        if name in TEXTS:
            value = f"CASE WHEN strpos('{FORMULA}', left(ltrim({name}), 1)) > 0 THEN '''' || {name} ELSE {name} END"
            value = f"NULLIF({value.replace('THEN', f'AND {name} <> {chr(39)}{chr(39)} THEN')}, '')"
        elif name in ("format", "country"):
            value = f"NULLIF({name}, '')"
        shown.append(f'{value} AS "{chr(0xFEFF) if name == "id" else ""}{name}"')
    return f"SELECT {', '.join(shown)} FROM ({sql}) line"


def _values(names: dict[str, str]) -> str:
    rows = []
    for code, name in names.items():
        quoted = name.replace("'", "''")
        rows.append(f"('{code}', '{quoted}')")
    return ", ".join(rows)
