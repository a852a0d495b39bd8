"""Many events soon: those that were invented are copied within PostgreSQL, with new ids and days moved by some days.

A copy has the words, partners and rights of its original, so that the share of rows that a question finds stays what it
is; what grows is the number of rows. A run that was broken off is taken up where it stood.
"""

import sys

from django.db import connection, transaction

from caricc.lib.ids import LARGEST
from events.index import CommitmentWords, EventWords, OutcomeWords
from events.models import Commitment, CommitmentShift, Delegate, Delegation, Event, Outcome

STEP = 7_368_787_000_000_011  # times a number, added to an id, modulo the largest: copies point to copies of one number
DAYS = ("start_date", "end_date", "due_date", "first_due_date", "closed_on", "counted_from", "day")
COPIED = (Event, Delegation, Delegate, Outcome, Commitment, CommitmentShift)
LINKS = (
    Event.topics.through, Event.cases.through, Event.readers.through, Event.reader_groups.through,
    Outcome.parties.through, Outcome.topics.through,
)  # fmt: skip
WORDS = (EventWords, OutcomeWords, CommitmentWords)
KEPT = "bench_copies"  # how many numbers are taken: 1 where nothing was copied yet


def events_up_to(number: int) -> None:
    """Copies all events that are there as often as fits into `number`."""
    there = Event._base_manager.count()
    if number < 2 * there:
        return
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE IF NOT EXISTS {KEPT} (taken integer NOT NULL)")
        cursor.execute(f"SELECT taken FROM {KEPT}")
        taken = (cursor.fetchone() or [1])[0]
        for model in (*COPIED, *LINKS, *WORDS):  # one source for all copies
            table = model._meta.db_table
            cursor.execute(f"CREATE TEMP TABLE {table}_first AS SELECT * FROM {table}")
        for turn in range(1, number // there):
            with transaction.atomic():
                for model in (*COPIED, *LINKS, *WORDS):
                    _copy(cursor, model, turn * taken)
                cursor.execute(f"DELETE FROM {KEPT}")
                cursor.execute(f"INSERT INTO {KEPT} VALUES (%s)", [(turn + 1) * taken])
            print(f"{there * (turn + 1):,} of {number:,} events", file=sys.stderr, flush=True)
        cursor.execute("VACUUM (ANALYZE)")


def _copy(cursor, model, number: int) -> None:
    names, values = [], []
    for field in model._meta.concrete_fields:
        if field.primary_key and model in LINKS:
            continue
        column = connection.ops.quote_name(field.column)
        names.append(column)
        points_there = field.is_relation and field.related_model in COPIED
        if field.primary_key or points_there:
            values.append(f"({column} + {number} * {STEP}::numeric) % {LARGEST} + 1")
        elif field.name in DAYS:
            values.append(f"{column} + {number}")
        else:
            values.append("NULL" if field.name == "seed_key" else column)
    table = model._meta.db_table
    cursor.execute(f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} FROM {table}_first")
