"""Makes anew what search is based on."""

import time
from collections import Counter

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from caricc.lib.search.index import Index


class Command(BaseCommand):
    help = (
        "Compares the keys by which records are found with the records, mends them, and says what it found. The write "
        "path keeps them true; this is for rows that came another way, such as from a backup of parts, and after an "
        "update that finds records by more than before. So it does with the pairs that may be the same."
    )

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="only say what is not as it should be")
        parser.add_argument("models", nargs="*", metavar="MODEL", help="such as events.event (default: all)")

    def handle(self, *, check, models, **options):
        known = Index.of
        wanted = [label.lower() for label in models] or list(known)
        for label in wanted:
            if label not in known:
                raise CommandError(f"{label} is not searched. Searched are: {', '.join(sorted(known))}.")
        found = 0
        for label in wanted:
            began, told = time.monotonic(), Counter()
            for ids in known[label].every_id():
                with transaction.atomic():
                    told.update(known[label].renew(ids, only_say=check))
            found += self.tell(label, told, began)
        for label in wanted:
            began = time.monotonic()
            with transaction.atomic():
                twins = known[label].remake(only_say=check)
            if twins is not None:
                found += self.tell(f"{label}, likely twins", twins, began)
        if check and found:
            self.stdout.write("Nothing was changed; run it without --check to mend them.")

    def tell(self, about, told, began) -> int:
        what = ", ".join(f"{times:,} {name}" for name, times in told.items() if times) or "as it should be"
        self.stdout.write(f"{about}: {what} ({time.monotonic() - began:.1f} s)")
        return sum(told.values())
