"""Exports: every row of a question, streamed as CSV, XLSX or JSON lines, from one snapshot of the database.

`Columns` maps the names of the columns to functions of a row of `for_export()`. A function gives text, a number, a
day, a time, None, or a list (joined by "; " in tables, kept as a list in JSON lines).
"""

import csv
import datetime
import io
import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import xlsxwriter
from django.db import transaction
from django.http import FileResponse, StreamingHttpResponse

from caricc.lib.days import today
from caricc.lib.reading import alias, connection

Columns = dict[str, Callable]
CHUNK = 1000
SHEET_ROWS = 1_048_576
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/jsonl",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_FORMULA = tuple("=+-@\t\r\n%|＝＋－＠")


@contextmanager
def snapshot():
    """A read-only transaction in which every query sees the same rows; holds up no writer on either database."""
    if connection.in_atomic_block:  # somebody further out holds the transaction, as in tests
        yield
        return
    mode = getattr(connection, "transaction_mode", None)
    try:
        if connection.vendor == "sqlite":
            connection.transaction_mode = "DEFERRED"
        with transaction.atomic(using=alias()):
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    finally:
        if connection.vendor == "sqlite":
            connection.transaction_mode = mode


def response(rows, columns: Columns, suffix: str, user, name: str):
    """The rows as a download. `X-Row-Count` on CSV and XLSX; JSON lines end with `{"end": true, "rows": N}`."""
    filename = f"{name}-{today().isoformat()}.{suffix}"
    if suffix == "xlsx":
        file, count = _xlsx(rows, columns, user)
        made: StreamingHttpResponse = FileResponse(
            file, as_attachment=True, filename=filename, content_type=TYPES[suffix]
        )
    else:
        stream = _stream(rows, columns, user, _csv if suffix == "csv" else _jsonl)
        count = next(stream)
        made = StreamingHttpResponse(stream, content_type=TYPES[suffix])
        made["Content-Disposition"] = f'attachment; filename="{filename}"'
    if suffix != "jsonl":
        made["X-Row-Count"] = str(count)
    return made


def _stream(rows, columns, user, write) -> Iterator:
    """First the number of rows, then pieces of the file: both from one snapshot."""
    with snapshot():
        yield rows.order_by().count()
        yield from write(rows.for_export(user).iterator(chunk_size=CHUNK), columns)


def _csv(rows, columns):
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow(columns)
    for number, row in enumerate(rows, 1):
        writer.writerow([guard(plain(get(row))) for get in columns.values()])
        if number % 200 == 0:
            yield _drain(buffer)
    yield _drain(buffer)


def _jsonl(rows, columns):
    buffer, count = io.StringIO(), 0
    for row in rows:
        count += 1
        json.dump({name: _json(get(row)) for name, get in columns.items()}, buffer, ensure_ascii=False)
        buffer.write("\n")
        if count % 200 == 0:
            yield _drain(buffer)
    buffer.write(json.dumps({"end": True, "rows": count}) + "\n")
    yield _drain(buffer)


def _drain(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def _xlsx(rows, columns, user):
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, {**options, "strings_to_numbers": False})
    bold, count, sheet = book.add_format({"bold": True}), 0, None
    with snapshot():
        for row in rows.for_export(user).iterator(chunk_size=CHUNK):
            place = count % (SHEET_ROWS - 1)
            if place == 0:
                sheet = _sheet(book, columns, bold)
            for column, get in enumerate(columns.values()):
                value = plain(get(row))
                if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 10**15:
                    sheet.write_number(place + 1, column, value)
                elif value not in ("", None):
                    sheet.write_string(place + 1, column, str(value)[:32767])
            count += 1
    if sheet is None:
        _sheet(book, columns, bold)
    book.close()
    file.seek(0)
    return file, count


def _sheet(book, columns, bold):
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(columns):
        sheet.write_string(0, column, name, bold)
    return sheet


def plain(value):
    """As a table shows it: ISO days and times (UTC), yes/no as true/false, lists joined."""
    if isinstance(value, (list, tuple)):
        return "; ".join(str(plain(item)) for item in value)
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else value


def guard(value):
    """A text that a spreadsheet would take for a formula gets an apostrophe in front; numbers are left alone."""
    if isinstance(value, str) and (value.startswith(_FORMULA) or value.lstrip().startswith(_FORMULA)):
        return f"'{value}"
    return value


def _json(value):
    if isinstance(value, (list, tuple)):
        return [_json(item) for item in value]
    return plain(value) if isinstance(value, (datetime.date, datetime.time)) else value
