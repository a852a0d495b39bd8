"""Exports in the process itself: the reference programs, on some rows, and what a download does without a server."""

from functools import cache

from django.db import connection
from django_countries import countries

from caricc.lib.fields import country_name
from events.models import Event
from tests.bench.inside.reader import browser, reader
from tests.bench.inside.registry import side
from tests.bench.inside.replay import bare, caught, known_to_psycopg
from tests.bench.reference.events_sql import statement

CSV = "/api/v1/events/export.csv"


@cache
def last_of(rows: int) -> int:
    """The id up to which the reader sees so many events; ids are random, so that these are like all others."""
    ids = Event.objects.visible_to(reader()).order_by("pk").values_list("pk", flat=True)
    return ids[rows - 1] if ids.count() >= rows else ids.last()


def sql(shape: str, rows: int = 0) -> str:
    states = {code: country_name(code) for code, _name in countries}
    return statement(reader().pk, shape, states, last_of(rows) if rows else None)


@side("hand-written SQL", warm=False)
def hand_written(shape: str):
    return lambda: {"sql": sql(shape)}


@side("import-export", warm=False)
def import_export(rows: int):
    from tests.bench.reference.import_export import export

    last = last_of(rows)
    return lambda: {"rows": export(reader(), last)}


@side("serializer stream", warm=False)
def serializer_stream(rows: int):
    from tests.bench.reference.serializer_stream import lines

    last = last_of(rows)
    return lambda: {"rows": sum(1 for _line in lines(reader(), last))}


@side("XlsxWriter", warm=False)
def xlsx(rows: int):
    from tests.bench.reference.xlsx import write

    wanted = sql("rows", rows)
    return lambda: {"rows": write(known_to_psycopg(connection), wanted)}


def download() -> int:
    answer = browser().get(CSV, secure=True)
    size = sum(len(piece) for piece in answer.streaming_content)
    if not size:
        raise AssertionError("the export was empty")
    return size


@side("export in process")
def in_process():
    """All that a request for the CSV does, without a server before it."""
    return lambda: {"bytes": download()}


@side("export SQL")
def in_process_sql():
    """The statements of that export, their rows fetched and dropped."""
    statements = [text for text in caught(download) if text.lstrip().upper().startswith(("SELECT", "WITH"))]
    send = bare()

    def run() -> dict:
        return {"rows": sum(len(send(text)) for text in statements)}

    return run
