"""A question as a download."""

import json
from collections.abc import Iterator
from contextlib import closing

from django.http import StreamingHttpResponse

from caricc.lib.days import today
from caricc.lib.export import postgres, sqlite
from caricc.lib.export.book import book
from caricc.lib.export.columns import Columns, Plan
from caricc.lib.export.snapshot import COUNTING, READING, snapshot

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/jsonl",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
ROWS = {"postgresql": postgres.rows, "sqlite": sqlite.rows}


def response(rows, columns: Columns, suffix: str, user, name: str) -> StreamingHttpResponse:
    """The rows as a download. `X-Row-Count` on CSV and XLSX; JSON lines end with `{"end": true, "rows": N}`.

    A stream that breaks off raises: the server then cuts the connection without the end of the answer.
    """
    stream = file(Plan(rows, columns, user), suffix)
    count = next(stream)
    made = StreamingHttpResponse(stream, content_type=TYPES[suffix])
    made["Content-Disposition"] = f'attachment; filename="{name}-{today().isoformat()}.{suffix}"'
    if count is not None:
        made["X-Row-Count"] = str(count)
    return made


def file(plan: Plan, suffix: str) -> Iterator:
    """First the number of rows (None for JSON lines, which tell it at their end), then the file in pieces."""
    with snapshot(plan.using) as go_by:
        go_by(COUNTING)
        count = plan.count()
        go_by(READING)
        # Its words in the language of now, not of later. A COPY that nobody ended holds the connection's lock, for which
        # the end of the transaction would wait forever: it is closed first.
        with closing(ROWS[plan.connection.vendor](plan, suffix, count)) as pieces:
            yield None if suffix == "jsonl" else count
            names = [column.name for column in plan.columns]
            if suffix == "xlsx":
                yield from book(names, pieces)
            elif suffix == "jsonl":
                yield from _lines(pieces)
            else:
                yield f"\ufeff{','.join(names)}\r\n".encode()
                for piece in pieces:
                    yield b"\r\n".join([*piece, b""])


def _lines(pieces: Iterator[list]) -> Iterator[bytes]:
    count = 0
    for piece in pieces:
        count += len(piece)
        yield b"\n".join([*piece, b""])
    yield f"{json.dumps({'end': True, 'rows': count})}\n".encode()
