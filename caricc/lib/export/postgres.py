"""Rows of a file made by PostgreSQL itself: COPY brings them line by line, and Python only passes them on."""

from collections.abc import Generator, Iterable, Iterator

from caricc.lib.export.book import END_CELL, LONGEST, NO_CELL, TEXT_CELL
from caricc.lib.export.columns import ALL, BATCH, IDS, OF_ROW, Column, Part, Plan

PIECE = 1 << 16
FIRST = 1000
WIDE_ROWS, WIDE_PART = 10_000, 0.2
# White space as Python's str.lstrip knows it, then what a spreadsheet takes for a formula; \uXXXX is read by PostgreSQL.
_SPACE = r"\u0009-\u000d\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_SUSPECT = rf"^(?:[\t\r\n]|[{_SPACE}]*[-=+@%%|\uff1d\uff0b\uff0d\uff20])"
_HEADER = 19  # bytes before the first row of a binary COPY; before each row stand the number of columns and a length
_BEFORE = 6


def rows(plan: Plan, shape: str, count: int) -> Generator[list, None, None]:
    """The rows in lists of some 64 KB, each row as bytes without its end of line."""
    read = _lines if shape == "csv" else _texts
    looked_up = _statement(plan, shape, OF_ROW)
    if _is_wide(plan, count):  # the first rows are looked up, so that something leaves while the rest is worked out
        first = list(plan.ids_of(plan.rows[:FIRST]))
        return _copied(plan, [(*looked_up, first), (*_statement(plan, shape, ALL), [])], read)
    return _copied(plan, ((*looked_up, ids) for ids in plan.batches(first=FIRST, then=10_000)), read)


def _copied(plan: Plan, statements: Iterable[tuple[str, list, list]], read) -> Generator[list, None, None]:
    with plan.connection.wrap_database_errors, plan.connection.cursor() as cursor:
        for sql, params, ids in statements:
            known = "{" + ",".join(map(str, ids)) + "}"
            with cursor.copy(sql, [known if param is IDS else param for param in params]) as copy:
                yield from read(copy)


def _is_wide(plan: Plan, count: int) -> bool:
    """Whether so many rows are asked for that whole tables are read sooner than each row's part of them is looked up."""
    if count < WIDE_ROWS:
        return False
    table = plan.connection.ops.quote_name(plan.model._meta.db_table)
    with plan.connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [table])
        return count > cursor.fetchone()[0] * WIDE_PART


def _lines(copy) -> Iterator[list]:
    piece, size = [], 0
    for data in copy:
        piece.append(data[:-1])
        size += len(data)
        if size >= PIECE:
            yield piece
            piece, size = [], 0
    if piece:
        yield piece


def _texts(copy) -> Iterator[list]:
    piece, size, skip = [], 0, _HEADER
    for data in copy:
        if len(data) - skip > _BEFORE:  # else the mark of the end
            piece.append(data[skip + _BEFORE :])
            size += len(data)
        skip = 0
        if size >= PIECE:
            yield piece
            piece, size = [], 0
    if piece:
        yield piece


def _statement(plan: Plan, shape: str, within: str) -> tuple[str, list]:
    """Of a batch: each list by the row, from an index. Of everything but the first: each list of all rows in one set."""
    make = {"csv": _csv, "jsonl": _json, "xlsx": _cell}[shape]
    lists = plan.lists(within)
    places = {part.place: f"{part.place}.v" for part in lists if part.kind == "list"}
    places |= {part.place: f"COALESCE({part.place}.v, 0)" for part in lists if part.kind == "number"}
    values = [make(column, places.get(column.place, f"base.{column.place}")) for column in plan.columns]
    if shape == "xlsx":
        values = [f"'<row>' || {' || '.join(values)} || '</row>' AS v"]
    else:
        quote = plan.connection.ops.quote_name
        values = [f"{value} AS {quote(column.name)}" for value, column in zip(values, plan.columns, strict=True)]
    if within == OF_ROW:
        asked = Part("SELECT id, n FROM unnest(%s::bigint[]) WITH ORDINALITY AS i(id, n)", [IDS])
    else:
        ids = plan.ids()
        placed = f"SELECT id, row_number() OVER () AS n FROM ({ids.sql}) AS i(id)"
        asked = Part(f"SELECT id, n FROM ({placed}) AS p WHERE n > {FIRST}", ids.params)
    sql = [
        f"WITH {BATCH} AS MATERIALIZED ({asked.sql})",
        f"SELECT {', '.join(values)} FROM {BATCH} JOIN ({plan.base.sql}) AS base ON base.k = {BATCH}.id",
    ]
    params = [*asked.params, *plan.base.params]
    for part in lists:
        together = _together(part, shape)
        if within == OF_ROW:
            sql.append(f"LEFT JOIN LATERAL (SELECT {together} AS v FROM ({part.sql}) AS r) AS {part.place} ON true")
        else:
            sets = f"SELECT k, {together} AS v FROM ({part.sql}) AS r GROUP BY k"
            sql.append(f"LEFT JOIN ({sets}) AS {part.place} ON {part.place}.k = {BATCH}.id")
        params += part.params
    sql.append(f"ORDER BY {BATCH}.n")
    whole = " ".join(sql)
    if shape == "jsonl":
        whole = f"SELECT row_to_json(t)::text FROM ({whole}) AS t"
    return f"COPY ({whole}) TO STDOUT (FORMAT {'csv' if shape == 'csv' else 'binary'})", params


def _together(part: Part, shape: str) -> str:
    if part.kind == "number":
        return "count(*)"
    return "array_agg(v) FILTER (WHERE v IS NOT NULL)" if shape == "jsonl" else "string_agg(v, '; ')"


def _csv(column: Column, value: str) -> str:
    return {
        "number": value, "day": value, "yes": _yes(value), "moment": _moment(value), "code": f"NULLIF({value}, '')",
        "lines": f"(SELECT {_guarded('x')} FROM ({_lines_of(value, 'string_agg')}) AS l(x))",
    }.get(column.kind) or _guarded(value)  # fmt: skip


def _json(column: Column, value: str) -> str:
    return {
        "number": value, "moment": _moment(value), "list": f"COALESCE({value}, '{{}}')",
        "lines": f"COALESCE(({_lines_of(value, 'array_agg')}), '{{}}')",
    }.get(column.kind, value)  # fmt: skip


def _cell(column: Column, value: str) -> str:
    if column.kind == "number":
        text = f"'{TEXT_CELL}' || {value} || '{END_CELL}'"
        return (
            f"CASE WHEN {value} IS NULL THEN '{NO_CELL}' WHEN abs({value}) < 1000000000000000 "
            f"THEN '<c><v>' || {value} || '</v></c>' ELSE {text} END"
        )
    never_empty = {"day": f"{value}::text", "yes": _yes(value), "moment": _moment(value)}.get(column.kind)
    if never_empty:  # worked out once: what is joined to a null is null
        return f"COALESCE('{TEXT_CELL}' || {never_empty} || '{END_CELL}', '{NO_CELL}')"
    text = f"({_lines_of(value, 'string_agg')})" if column.kind == "lines" else value
    if column.kind in ("text", "lines", "list"):
        filled = f"replace(replace(replace(left({text}, {LONGEST}), '&', '&amp;'), '<', '&lt;'), '>', '&gt;')"
    else:
        filled = text
    return f"CASE WHEN {text} <> '' THEN '{TEXT_CELL}' || {filled} || '{END_CELL}' ELSE '{NO_CELL}' END"


def _guarded(value: str) -> str:
    """Letters of Latin and Cyrillic, with which most texts begin, need no look at the text."""
    return (
        f"CASE WHEN ascii({value}) BETWEEN 65 AND 122 OR ascii({value}) BETWEEN 1024 AND 1327 THEN {value} "
        f"WHEN {value} = '' THEN NULL WHEN {value} ~ '{_SUSPECT}' THEN '''' || {value} ELSE {value} END"
    )


def _yes(value: str) -> str:
    return f"CASE WHEN {value} THEN 'true' WHEN NOT {value} THEN 'false' END"


def _moment(value: str) -> str:
    return f"""to_char({value} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')"""


def _lines_of(value: str, together: str) -> str:
    whole = f"CASE WHEN jsonb_typeof({value}) = 'array' THEN {value} ELSE '[]' END"
    what = "x, '; ' ORDER BY n" if together == "string_agg" else "x ORDER BY n"
    return f"SELECT {together}({what}) FROM jsonb_array_elements_text({whole}) WITH ORDINALITY AS e(x, n)"
