"""One look at the database for a whole file."""

from contextlib import contextmanager
from typing import Any

from django.db import connections, transaction

# Batches are read by their ids. With the cost of a disk that has to seek, PostgreSQL would read whole tables for each.
SETTINGS = {"work_mem": "64MB", "random_page_cost": "1.1", "datestyle": "ISO"}


@contextmanager
def snapshot(using: str):
    """A read-only transaction in which every query sees the same rows; holds up no writer on either database."""
    connection: Any = connections[using]
    if connection.in_atomic_block:  # somebody further out holds the transaction, as in tests
        yield
        return
    mode = getattr(connection, "transaction_mode", None)
    try:
        if connection.vendor == "sqlite":
            connection.transaction_mode = "DEFERRED"
        with transaction.atomic(using=using):
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                    for name, value in SETTINGS.items():
                        cursor.execute(f"SET LOCAL {name} = '{value}'")
            yield
    finally:
        if connection.vendor == "sqlite":
            connection.transaction_mode = mode
