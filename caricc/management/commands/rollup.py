"""Makes anew the figures that are kept ready."""

import time

from django.core.management.base import BaseCommand

from caricc.lib.rollups import Rollup


class Command(BaseCommand):
    help = (
        "Compares the figures that are kept ready for dashboards with the rows that they count, makes them anew where "
        "they differ, and says how many did. The write path keeps them true; this is for rows that came another way."
    )

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="only say what is not as it should be")

    def handle(self, *, check, **options):
        found = 0
        for label, rollup in Rollup.of.items():
            began = time.monotonic()
            found += (wrong := rollup.rebuild(only_say=check))
            what = f"{wrong:,} figures wrong" if wrong else "as it should be"
            self.stdout.write(f"{label}: {what} ({time.monotonic() - began:.1f} s)")
        if check and found:
            self.stdout.write("Nothing was changed; run it without --check to mend them.")
