"""Many events soon: those that were invented are copied within PostgreSQL, with new ids and days moved by some days.

A copy has the words, partners and rights of its original, so that the share of rows that a question finds stays what it
is; what grows is the number of rows.
"""

from django.db import connection

from caricc.lib.ids import LARGEST
from events.index import CommitmentWords, EventWords, OutcomeWords
from events.models import Commitment, CommitmentShift, Delegate, Delegation, Event, Outcome

STEP = 7_368_787_000_000_011  # added to an id, modulo the largest: the copy of a row points to the copies of others
DAYS = ("start_date", "end_date", "due_date", "first_due_date", "closed_on", "day")
COPIED = (Event, Delegation, Delegate, Outcome, Commitment, CommitmentShift)
LINKS = (
    Event.topics.through, Event.cases.through, Event.readers.through, Event.reader_groups.through,
    Outcome.parties.through, Outcome.topics.through,
)  # fmt: skip
WORDS = (EventWords, OutcomeWords, CommitmentWords)


def events_up_to(number: int) -> None:
    """Copies all events that are there as often as fits into `number`."""
    there = Event._base_manager.count()
    with connection.cursor() as cursor:
        for model in (*COPIED, *LINKS, *WORDS):  # one source for all copies
            table = model._meta.db_table
            cursor.execute(f"CREATE TEMP TABLE {table}_first AS SELECT * FROM {table}")  # noqa: S608
        for turn in range(1, number // there):
            for model in (*COPIED, *LINKS, *WORDS):
                _copy(cursor, model, turn)
            connection.commit()
        cursor.execute("VACUUM (ANALYZE)")


def _copy(cursor, model, turn: int) -> None:
    names, values = [], []
    for field in model._meta.concrete_fields:
        if field.primary_key and model in LINKS:
            continue
        column = connection.ops.quote_name(field.column)
        names.append(column)
        points_there = field.is_relation and field.related_model in COPIED
        if field.primary_key or points_there:
            values.append(f"({column} + {turn} * {STEP}::numeric) % {LARGEST} + 1")
        elif field.name in DAYS:
            values.append(f"{column} + {turn}")
        else:
            values.append("NULL" if field.name == "seed_key" else column)
    table = model._meta.db_table
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} FROM {table}_first"  # noqa: S608
    )
