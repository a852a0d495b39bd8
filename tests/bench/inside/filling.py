"""Fills a database up to a scale: what is missing is added, what is there stays.

The first hundred thousand events are invented one by one, further ones are copies of them (`tests.bench.copies`).
"""

from django.core.management import call_command, get_commands
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from events.models import Event
from tests.bench.copies import events_up_to
from tests.bench.crowd import people_up_to
from tests.bench.inside.reader import reader, token, with_restricted_rows
from tests.bench.inside.registry import side

INVENTED = 100_000
# What copying rows within the database leaves behind the times: commands, of those that this version has.
AFTER_FILLING = ("rollup",)


@side("fill", warm=False)
def fill(events: int, people: bool = True):
    return lambda: _fill(events, people)


def _fill(events: int, people: bool) -> dict:
    executor = MigrationExecutor(connection)
    migrating = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    call_command("migrate", verbosity=0)
    call_command("seed", verbosity=0)
    before = there = Event._base_manager.count()
    if there < min(events, INVENTED) * 0.95:
        call_command("synthesize", events=min(events, INVENTED) - there)
    if connection.vendor == "postgresql":
        events_up_to(events)
    if people:
        people_up_to(events // 5)
    with_restricted_rows()
    there = Event._base_manager.count()
    if migrating or there != before:
        for command in AFTER_FILLING:
            if command in get_commands():
                call_command(command)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)" if connection.vendor == "postgresql" else "ANALYZE")
    visible = Event.objects.visible_to(reader()).count()
    return {"events": there, "visible": visible, "user": reader().pk, "token": token()}
