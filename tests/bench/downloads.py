"""The works of exports: the register behind gunicorn, psql, and the libraries that make files of some rows."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.bench import psql
from tests.bench.measure import Result, Times, times_as_fast, within
from tests.bench.serving import Served, served
from tests.bench.works import Run, work

SHARE = 20  # one row in so many is asked of what is slow or keeps all in memory; its time is scaled to the whole
LEAST = 2_000
PATH = "/api/v1/events/export."
WARM = "?date_after=2024-01-01&date_before=2024-01-31"


@contextmanager
def warmed(run: Run, suffix: str) -> Iterator[tuple[Served, float]]:
    """The server after it has served a small file of that kind, and the memory that it then has."""
    big = run.big
    with served(big.address, big.token) as server:
        for _ in range(2):
            server.download(f"{PATH}{suffix}{WARM}")
        server.forget_peak()
        yield server, server.memory("VmRSS")


def some(run: Run) -> tuple[int, float]:
    """How many rows the slow ones are asked for, and by what their time is then multiplied."""
    rows = min(run.big.visible, max(LEAST, run.big.events // SHARE))
    return rows, run.big.visible / rows


def scaled(name: str, rows: int, factor: float) -> str:
    return name if factor == 1 else f"{name}, scaled from {rows:,}"


@work("export CSV")
def csv(run: Run) -> Iterator[Result]:
    big, (rows, factor) = run.big, some(run)
    sql = big.ask("hand-written SQL", shape="csv")["sql"]
    with warmed(run, "csv") as (server, before):
        run.told("comparing the bytes of both")
        ours, other = server.download(f"{PATH}csv", digest=True), psql.copy(big.address, sql, "csv", digest=True)
        same = (
            "same bytes" if ours["sha"] == other["sha"] else f"BYTES DIFFER: {ours['bytes']:,} and {other['bytes']:,}"
        )
        server.forget_peak()
        sides = {
            "ours": lambda: server.download(f"{PATH}csv"),
            "psql": lambda: psql.copy(big.address, sql, "csv"),
            "django-import-export": big.side("import-export", rows=rows),
            "serializer stream": big.side("serializer stream", rows=rows),
        }
        times = run.turns(sides, seconds=0)
        grown, first = server.memory("VmHWM") - before, times["ours"].most("first")
    took = times["ours"].ms
    yield times_as_fast("CSV, all events", took, times["psql"].ms, "psql \\copy", 0.80, note=same)
    yield within("CSV: worker memory above rest", grown, 20, "MB", note=f"{before:.0f} MB at rest")
    yield within("CSV: first byte", first, 500, "ms", note="the slowest")
    for name, goal in (("django-import-export", 12), ("serializer stream", 8)):
        known = scaled(name, rows, factor)
        yield times_as_fast("CSV, all events", took, times[name].ms * factor, known, goal)


@work("export JSON lines")
def json_lines(run: Run) -> Iterator[Result]:
    big = run.big
    sql = big.ask("hand-written SQL", shape="json")["sql"]
    with warmed(run, "jsonl") as (server, _before):
        sides = {
            "ours": lambda: server.download(f"{PATH}jsonl"),
            "psql": lambda: psql.copy(big.address, sql, "json"),
        }
        times: dict[str, Times] = run.turns(sides, seconds=0)
    yield times_as_fast("JSON lines, all events", times["ours"].ms, times["psql"].ms, "psql row_to_json", 0.70)


@work("export XLSX")
def xlsx(run: Run) -> Iterator[Result]:
    big, (rows, factor) = run.big, some(run)
    with warmed(run, "xlsx") as (server, before):
        sides = {
            "ours": lambda: server.download(f"{PATH}xlsx"),
            "XlsxWriter": big.side("XlsxWriter", rows=rows),
        }
        times = run.turns(sides, seconds=0)
        peak = server.memory("VmHWM")
    known = scaled("XlsxWriter, constant memory", rows, factor)
    yield times_as_fast("XLSX, all events", times["ours"].ms, times["XlsxWriter"].ms * factor, known, 5)
    yield within("XLSX: worker memory", peak, 120, "MB", note=f"{before:.0f} MB at rest")
