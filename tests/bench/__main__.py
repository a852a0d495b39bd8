"""`EVENTS=1000000 make bench`: makes a PostgreSQL with so many events and a fifth as many people, and measures in it.

The first hundred thousand events are invented one by one, further ones are copies of them (`copies`). A database that
DATABASE_URL names is used as it is found; what is missing to the scale is added to it.
"""

import os
import sys
from pathlib import Path

from tests.postgres import server

INVENTED = 100_000  # the rest are copies of them
EVENTS = int(os.environ.get("EVENTS") or 20_000)
TUNED = (
    "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=50 -c shared_buffers=1GB "
    "-c maintenance_work_mem=256MB -c work_mem=32MB -c max_wal_size=4GB"
)
RESULTS = Path(__file__).resolve().parents[2] / "bench.json"


def fill(events: int) -> None:
    from django.core.management import call_command

    from events.models import Event
    from tests.bench.copies import events_up_to
    from tests.bench.crowd import people_up_to

    call_command("migrate", verbosity=0)
    call_command("seed", verbosity=0)
    there = Event._base_manager.count()
    if there < min(events, INVENTED) * 0.95:
        call_command("synthesize", events=min(events, INVENTED) - there)
    if events >= 2 * Event._base_manager.count():
        events_up_to(events)
    people_up_to(events // 5)


def reader():
    """An analyst, as most who search are."""
    from django.contrib.auth.models import Group

    from caricc.models import User

    user, _made = User.objects.get_or_create(username="bench")
    user.groups.set(Group.objects.filter(name="officer"))
    return User.objects.get(pk=user.pk)


def main() -> int:
    with server(TUNED) as address:
        os.environ |= {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "caricc.settings", "DEBUG": ""}
        os.environ.setdefault("SECRET_KEY", "only-for-measuring-" + "0123456789abcdef" * 3)
        os.environ.setdefault("ALLOWED_HOSTS", "testserver")
        import django

        django.setup()
        from events.models import Event
        from tests.bench import search
        from tests.bench.measure import measured, told, written

        fill(EVENTS)
        user, events = reader(), Event._base_manager.count()
        print(f"{events:,} events, {search.people():,} people", flush=True)
        results = [measured(make(user)) for make in (search.person_autocomplete, search.event_search)]
        print(told(results))
        written(RESULTS, events, results)
    return 0


if __name__ == "__main__":
    sys.exit(main())
