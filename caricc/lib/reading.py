"""Which database a read goes to: the primary, or a standby for views that are marked with `from_standby`.

Rights, accounts and sessions are read on the primary always. A marked view reads everything else on the standby, raw SQL
included, which takes `connection` from here and not from `django.db`; so no figure of a page is of another moment
than the rows beside it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any

import psycopg
from django.conf import settings
from django.db import connections
from django.http import FileResponse

from caricc.lib.standby import BROKEN, PRIMARY, STANDBY, standby

_reads: ContextVar[str] = ContextVar("reads", default=PRIMARY)


def alias() -> str:
    """The database that is read at this place; within a transaction of the primary that one, which knows what it wrote."""
    where = _reads.get()
    return PRIMARY if where != PRIMARY and connections[PRIMARY].in_atomic_block else where


class Reading:
    """The connection of `alias()`, as `django.db.connection` is that of the primary."""

    def __getattr__(self, name: str) -> Any:
        return getattr(connections[alias()], name)


connection: Any = Reading()


@contextmanager
def reads(where: str) -> Iterator[None]:
    token = _reads.set(where)
    try:
        yield
    finally:
        _reads.reset(token)


class Router:
    """Django's question where a query goes. Nothing is migrated on the standby, which gets all from the primary."""

    def db_for_read(self, model, **hints) -> str:
        stays = settings.READ_ON_PRIMARY & {model._meta.app_label, model._meta.label_lower}
        return PRIMARY if stays else alias()

    def db_for_write(self, model, **hints) -> str:
        return PRIMARY

    def allow_relation(self, one, other, **hints) -> bool:
        return True

    def allow_migrate(self, db, app_label, **hints) -> bool | None:
        return False if db == STANDBY else None


def from_standby(view: Callable) -> Callable:
    """Marks a view, or a method of one, that only reads: where a standby has all that the primary has, it answers.

    Where the standby fails meanwhile, the view is run again on the primary; what it streams, as long as nothing went out.
    """

    @wraps(view)
    def answered(*args, **kwargs):
        if not standby.has_everything():
            return view(*args, **kwargs)
        try:
            with reads(STANDBY):
                response = view(*args, **kwargs)
                if getattr(response, "streaming", False) and not isinstance(response, FileResponse):
                    _begin(response)
                return response
        except BROKEN as error:
            if _took_too_long(error):
                raise
            standby.failed(error)
        return view(*args, **kwargs)

    return answered


def _took_too_long(error: BaseException) -> bool:
    """On the primary it would take as long."""
    return isinstance(error.__cause__ or error, psycopg.errors.QueryCanceled)


def _begin(response) -> None:
    """What is streamed is read where its first piece was, long after the view has returned."""
    pieces = iter(response.streaming_content)
    response.streaming_content = _go_on(next(pieces, b""), pieces)


def _go_on(first: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    while True:
        with reads(STANDBY):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece
