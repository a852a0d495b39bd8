"""`EVENTS=1000000 make bench`: the works of `tests.bench.works`, each with what it is compared to, in one run.

`ONLY=export make bench` takes the works with that word in their name (several with commas), `GROWTH=1` measures at smaller
scales too, `WRITE_DOCS=1` puts the tables into docs/performance.md. A work that fails is shown so, the others go on, and the
run ends with 1; a goal that is not met does not make it fail.
"""

import os
import signal
import sys
import time
import traceback
from pathlib import Path

from tests.bench import downloads, growth, table
from tests.bench.databases import Databases, server
from tests.bench.measure import Result, failed, written
from tests.bench.works import WORKS, Run

EVENTS = int(os.environ.get("EVENTS") or 20_000)
RESULTS = Path(__file__).resolve().parents[2] / "bench.json"
__all__ = ["downloads"]  # its works are known once it is read


def chosen(only: str) -> dict:
    """The works in whose names one of these words stands; the whole without any."""
    words = [word.strip().lower() for word in only.split(",") if word.strip()]
    found = {name: make for name, make in WORKS.items() if not words or any(word in name.lower() for word in words)}
    if not found:
        raise SystemExit(f"No work is called like {only}; there are: {', '.join(WORKS)}")
    return found


def measured(name: str, make, run: Run) -> list[Result]:
    found: list[Result] = []
    try:
        found.extend(make(run))
    except Exception as error:  # the others go on
        traceback.print_exc()
        found.append(failed(name, f"{type(error).__name__}: {error}"))
    return found


class Progress:
    """One line a work: its place among them, and what goes on in it."""

    def __init__(self, number: int):
        self.number, self.place, self.name = number, 0, ""
        self.began = time.monotonic()

    def next(self, name: str) -> None:
        self.place, self.name = self.place + 1, name
        spent = time.monotonic() - self.began
        print(f"[{self.place}/{self.number}, {spent / 60:.1f} min] {name}", flush=True)

    def told(self, what: str) -> None:
        if sys.stdout.isatty():
            print(f"\r    {what:60}", end="\r", flush=True)


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is stopped
    works = chosen(os.environ.get("ONLY", ""))
    results: list[Result] = []
    with server() as address:
        databases = Databases(address, EVENTS)
        try:
            databases.big  # noqa: B018 - filled before anything is measured
            progress = Progress(len(works))
            run = Run(databases, progress.told)
            for name, make in works.items():
                progress.next(name)
                found = measured(name, make, run)
                print(table.told(found), flush=True)
                results += found
            grown = growth.growth(run) if os.environ.get("GROWTH") else None
            events, server_is = databases.big.events, databases.server_version()
        finally:
            databases.close()
    print(f"\n{events:,} events\n{table.told(results)}")
    if grown:
        print("\n" + table.told_plainly(*grown))
    written(RESULTS, events, results, machine={**table.machine(), "PostgreSQL": server_is})
    if os.environ.get("WRITE_DOCS"):
        table.write_docs(events, results, grown, server_is)
    return 1 if any(one.failed for one in results) else 0


if __name__ == "__main__":
    sys.exit(main())
