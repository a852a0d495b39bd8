"""Rows of a file made here from what SQLite holds: the same bytes as `postgres` makes of the same rows."""

import csv
import json
from collections import defaultdict
from collections.abc import Callable, Generator
from typing import Any

from caricc.lib.export.book import cell
from caricc.lib.export.columns import BATCH, IDS, OF_BATCH, Column, Part, Plan

_FORMULA = tuple("=+-@\t\r\n%|＝＋－＠")
_BEGINNINGS = frozenset(_FORMULA) | {chr(code) for code in range(0x3001) if chr(code).isspace()}
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
NOTHING: list = []


def rows(plan: Plan, shape: str, count: int) -> Generator[list, None, None]:
    """The rows in lists, each row as bytes without its end of line."""
    write = {"csv": _csv, "jsonl": _json, "xlsx": _xml}[shape](plan.columns)
    values = ", ".join("NULL" if column.place in plan.gathered else _value(column) for column in plan.columns)
    places = {column.place: number for number, column in enumerate(plan.columns, 1)}
    parts = [(places[part.place], part) for part in plan.lists(OF_BATCH)]
    base = Part(f"SELECT k, {values} FROM ({plan.base.sql})", plan.base.params)
    return _written(plan, base, parts, write)


def _written(plan: Plan, base: Part, parts: list[tuple[int, Part]], write: Callable) -> Generator[list, None, None]:
    with plan.connection.cursor() as wrapped:
        for ids in plan.batches(first=200, then=1000):
            known = json.dumps(ids)
            lists = [(place, _gathered(wrapped, part, known)) for place, part in parts]
            found = {}
            for row in _run(wrapped, base, known):
                row = list(row)
                for place, gathered in lists:
                    row[place] = gathered(row[0])
                found[row[0]] = row
            yield write([found[pk] for pk in ids if pk in found])


def _run(cursor, part: Part, known: str):
    """The rows as SQLite gives them, without the converters of Django's own queries."""
    sql = f"WITH {BATCH}(id) AS (SELECT value FROM json_each(%s)) {part.sql}"
    return cursor.execute(sql, [known, *(known if param is IDS else param for param in part.params)]).fetchall()


def _gathered(cursor, part: Part, known: str) -> Callable:
    if part.kind == "number":
        counted: dict = defaultdict(int)
        for key, _one in _run(cursor, part, known):
            counted[key] += 1
        return lambda pk: counted.get(pk, 0)
    found: dict = defaultdict(list)
    for key, value in _run(cursor, part, known):
        if value is not None:
            found[key].append(value)
    return lambda pk: found.get(pk, NOTHING)


def _value(column: Column) -> str:
    """SQLite's value of a column as text, number, or None."""
    place = column.place
    return {
        "day": f"CAST({place} AS text)",
        "moment": f"substr({place}, 1, 10) || 'T' || substr({place}, 12, 8) || 'Z'",
        "yes": f"{place} + 0",
        "lines": f"CAST({place} AS text)",
    }.get(column.kind, place)


def guard(value):
    """A text that a spreadsheet would take for a formula gets an apostrophe in front; numbers are left alone."""
    if value and value[0] in _BEGINNINGS and (value.startswith(_FORMULA) or value.lstrip().startswith(_FORMULA)):
        return f"'{value}"
    return value


def _array(value: str | None) -> list:
    made = json.loads(value) if value else []
    return made if isinstance(made, list) else []


def _joined(value: list) -> str:
    return "; ".join(value)


_YES = {1: "true", 0: "false", None: ""}
PLAIN: dict[str, Callable[[Any], Any]] = {
    "yes": _YES.get,
    "lines": lambda value: _joined(_array(value)),
    "list": _joined,
}


def _forms(columns: list[Column], special: dict[str, Callable]) -> list[tuple[int, Callable]]:
    return [(number, special[column.kind]) for number, column in enumerate(columns, 1) if column.kind in special]


def _csv(columns: list[Column]):
    special = {**PLAIN, "text": guard, "list": lambda value: guard("; ".join(value))}
    special["lines"] = lambda value: guard(_joined(_array(value)))
    forms = _forms(columns, special)

    def write(rows: list[list]) -> list[bytes]:
        for row in rows:
            for place, form in forms:
                row[place] = form(row[place])
        made = _Lines()
        csv.writer(made, lineterminator="\r\n").writerows(row[1:] for row in rows)
        return made

    return write


class _Lines(list):
    def write(self, line: str) -> None:
        self.append(line[:-2].encode())


def _json(columns: list[Column]):
    forms = _forms(columns, {"yes": {1: True, 0: False}.get, "lines": _array})
    names = [column.name for column in columns]

    def write(rows: list[list]) -> list[bytes]:
        for row in rows:
            for place, form in forms:
                row[place] = form(row[place])
        return [_encode(dict(zip(names, row[1:], strict=True))).encode() for row in rows]

    return write


def _xml(columns: list[Column]):
    forms = _forms(columns, PLAIN)

    def write(rows: list[list]) -> list[bytes]:
        for row in rows:
            for place, form in forms:
                row[place] = form(row[place])
        return [f"<row>{''.join(map(cell, row[1:]))}</row>".encode() for row in rows]

    return write
