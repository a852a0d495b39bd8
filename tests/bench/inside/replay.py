"""The statements of a request, caught once and sent again by the bare driver of the database."""

import sqlite3
from collections.abc import Callable

import psycopg
from django.db import connection
from django.db.backends.sqlite3 import _functions
from django.test.utils import CaptureQueriesContext

ASKS = ("SELECT", "WITH", "(SELECT")


def caught(request: Callable[[], object]) -> list[str]:
    """Everything that one request asks the database, session and account among it."""
    with CaptureQueriesContext(connection) as found:
        request()
    return [query["sql"] for query in found.captured_queries]


def known_to_psycopg(connection) -> dict:
    given = connection.get_connection_params()
    return {name: given[name] for name in ("dbname", "user", "password", "host", "port", "options") if name in given}


def bare() -> Callable[[str], object]:
    """Sends a statement and fetches its rows, on a connection of its own with the same options."""
    given = connection.get_connection_params()
    if connection.vendor == "sqlite":
        plain = sqlite3.connect(given["database"])
        _functions.register(plain)
        for pragma in filter(None, given.get("init_command", "").split(";")):
            plain.execute(pragma)
        return lambda sql: plain.execute(sql).fetchall()
    cursor = psycopg.connect(
        **known_to_psycopg(connection), autocommit=True, cursor_factory=psycopg.ClientCursor
    ).cursor()
    return lambda sql: cursor.execute(sql).fetchall()


def replay(request: Callable[[], object]) -> Callable[[], dict]:
    """What only asks among the statements of a request that was made before, so that its own caches are warm."""
    request()
    statements = [sql for sql in caught(request) if sql.lstrip().upper().startswith(ASKS)]
    send = bare()

    def again() -> dict:
        for sql in statements:
            send(sql)
        return {"queries": len(statements)}

    return again
