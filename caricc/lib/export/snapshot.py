"""One look at the database for a whole file."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections, transaction

# To count with little memory keeps PostgreSQL from building a table of all visible events for the few that are parts of
# others. Rows are looked up by their ids: with the cost of a disk that has to seek, it would rather read whole tables.
COUNTING = {"work_mem": "4MB", "random_page_cost": "1.1", "datestyle": "ISO"}
READING = {
    "work_mem": "64MB",
    "jit": "off",
}  # compiling the many expressions of a file takes seconds, whatever its rows


@contextmanager
def snapshot(using: str) -> Iterator[Callable[[dict[str, str]], None]]:
    """A read-only transaction in which every query sees the same rows; holds up no writer on either database.

    Gives what sets PostgreSQL's settings until its end; within somebody else's transaction that sets nothing.
    """
    connection: Any = connections[using]
    if connection.in_atomic_block:  # somebody further out holds the transaction, as in tests
        yield lambda settings: None
        return

    def go_by(settings: dict[str, str]) -> None:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                for name, value in settings.items():
                    cursor.execute(f"SET LOCAL {name} = '{value}'")

    mode = getattr(connection, "transaction_mode", None)
    try:
        if connection.vendor == "sqlite":
            connection.transaction_mode = "DEFERRED"
        with transaction.atomic(using=using):
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield go_by
    finally:
        if connection.vendor == "sqlite":
            connection.transaction_mode = mode
