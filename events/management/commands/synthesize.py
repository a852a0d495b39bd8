"""Many invented rows, to try the register out with and to measure it."""

import datetime
import time

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from caricc.lib import writes
from caricc.models import History
from contacts.models import Organization
from events.models import Event
from events.synthesis.dice import Dice
from events.synthesis.directory import Directory
from events.synthesis.matters import load_cases
from events.synthesis.meetings import Meetings

UNTIL = datetime.date(2026, 11, 30)
BATCH = 5000


class Command(BaseCommand):
    help = (
        "Adds N invented events with about six delegations each, delegates, outcomes, commitments, cases, bodies and "
        "people, 3 % of them restricted. The same seed gives the same rows; several seeds add up. For trying out and "
        "measuring: there is no command that takes them out again."
    )

    def add_arguments(self, parser):
        parser.add_argument("--events", type=int, required=True, metavar="N", help="how many events to add")
        parser.add_argument("--seed", type=int, help="a number (default: 1, or the next that was not used yet)")
        parser.add_argument(
            "--until",
            type=datetime.date.fromisoformat,
            default=UNTIL,
            metavar="DAY",
            help="what counts as today: twelve years up to here, and six weeks of plans (default: %(default)s)",
        )

    def handle(self, *, events, seed, until, **options):
        if not 0 < events <= 5_000_000:
            raise CommandError("Give a number of events between 1 and 5,000,000.")
        if not datetime.date(1950, 1, 1) <= until <= datetime.date(2090, 1, 1):
            raise CommandError("Give a last day between 1950 and 2090.")
        if seed is None:
            seed = next(number for number in range(1, 10_000) if not used(number))
        elif used(seed):
            raise CommandError(f"The rows of seed {seed} are there already; give another one.")
        self.verbosity, self.began = options["verbosity"], time.monotonic()
        why = f"synthesize --events {events} --seed {seed} --until {until}"
        with writes.change(None, History.Door.SYNTHESIZE, why) as change:
            directory = Directory(Dice(seed), change, events, until)
            cases = load_cases(directory, 3 + events // 250)
        self.say(f"{len(directory.partners):,} partners, {len(cases):,} cases")
        meetings, rows = Meetings(directory, cases, events), 0
        for batch in meetings.batches(BATCH):
            with writes.change(None, History.Door.SYNTHESIZE, why) as change:
                rows += sum(change.load(found) for found in batch.values())
            self.say(f"{meetings.made:,} of {events:,} events, {rows:,} rows")
        self.refresh_statistics()
        self.say(f"done: {events:,} events of seed {seed}; {Event._base_manager.count():,} in all")

    def say(self, text: str) -> None:
        if self.verbosity > 0:
            self.stdout.write(f"{time.monotonic() - self.began:6.1f} s  {text}")
            self.stdout.flush()

    def refresh_statistics(self) -> None:
        """So that the database plans for many rows at once, not only after it has noticed them by itself."""
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql" and not connection.in_atomic_block:
                cursor.execute("VACUUM (ANALYZE)")
            else:
                cursor.execute("ANALYZE")


def used(seed: int) -> bool:
    """Whether the first body of this seed is there."""
    return Organization._base_manager.filter(pk=Dice(seed).id()).exists()
