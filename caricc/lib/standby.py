"""Whether the standby of `DATABASE_REPLICA_URL` may be believed at this moment.

It may, once it has replayed all that the primary had written when it was asked: then nobody misses a save, and no row
is told that was hidden, or whose reader was struck off, a moment ago. A standby that does not get there in time, or
that cannot be reached, is left in peace for some seconds by this process, and the primary answers.
"""

import logging
import threading
import time

import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections

PRIMARY, STANDBY = DEFAULT_DB_ALIAS, "replica"
PAUSE = 15.0  # seconds before a standby that was lost or of no use is tried again
NO_WAITING = 5.0  # seconds in which one that fell behind is looked at, and not waited for
TELL_AGAIN = 60.0  # seconds before it is logged again that it fell behind
BROKEN = (Error, psycopg.Error)  # COPY raises those of psycopg itself

# Flushed is enough: a commit is flushed before anybody sees it, unless `synchronous_commit` is off.
OF_PRIMARY = """
SELECT CASE WHEN pg_is_in_recovery() THEN NULL ELSE pg_current_wal_flush_lsn() END,
       current_setting('synchronous_commit'), system_identifier, timeline_id
FROM pg_control_system(), pg_control_checkpoint()
"""
# The identity is that of the cluster and its timeline: positions in the log of another one say nothing about ours.
OF_STANDBY = """
SELECT pg_is_in_recovery() AND (system_identifier, timeline_id) = (%s, %s),
       pg_last_wal_replay_lsn() >= %s::pg_lsn, %s::pg_lsn - pg_last_wal_replay_lsn()
FROM pg_control_system(), pg_control_checkpoint()
"""

NEW, USED, BEHIND, LOST = "not tried yet", "in use", "behind", "not reached"
STRANGE, LOOSE = "no standby of this primary", "not to be believed, as synchronous_commit is off"
WORDS = {
    USED: "The standby is used again.",
    BEHIND: "The standby is behind: the primary answers.",
    LOST: "The standby is not reached: the primary answers.",
    STRANGE: "DATABASE_REPLICA_URL names no standby of the primary, or one of another timeline: the primary answers.",
    LOOSE: "synchronous_commit is off on the primary: what was saved may not have been sent, so the primary answers.",
}
log = logging.getLogger(__name__)


class Standby:
    """What one process knows of its standby; shared by its threads."""

    def __init__(self) -> None:
        self.state, self.missing = NEW, 0
        self._not_before = self._no_waiting_before = self._told_behind = 0.0
        self._told = USED
        self._trying = threading.Lock()

    @property
    def is_set(self) -> bool:
        return STANDBY in connections.settings

    def has_everything(self, patience: float | None = None) -> bool:
        """Whether it shows all that was committed before this call, after waiting `patience` seconds at most.

        None: as the settings say, and not at all where it was found behind a moment ago.
        """
        if not self.is_set or connections[PRIMARY].in_atomic_block or time.monotonic() < self._not_before:
            return False
        # One thread finds out whether it can be reached; the others do not wait for a connection with it.
        tries = self.state not in (USED, BEHIND)
        if tries and not self._trying.acquire(blocking=False):
            return False
        try:
            if patience is None:
                hurried = time.monotonic() < self._no_waiting_before
                patience = 0 if hurried else settings.DATABASE_REPLICA_WAIT / 1000
            return self._ask(patience)
        finally:
            if tries:
                self._trying.release()

    def _ask(self, patience: float) -> bool:
        try:
            with connections[PRIMARY].cursor() as cursor:
                cursor.execute(OF_PRIMARY)
                position, commits, *identity = cursor.fetchone()
        except BROKEN as error:  # if it is down, the view will say so
            return self._is(STRANGE, str(error).strip())
        if position is None or commits == "off":
            return self._is(STRANGE if position is None else LOOSE)
        until, pause = time.monotonic() + patience, 0.002
        try:
            with connections[STANDBY].cursor() as cursor:
                while True:
                    cursor.execute(OF_STANDBY, [*identity, position, position])
                    ours, reached, missing = cursor.fetchone()
                    if not ours:
                        return self._is(STRANGE)
                    if reached:
                        return self._is(USED)
                    if time.monotonic() + pause > until:
                        self.missing = int(missing or 0)
                        return self._is(BEHIND)
                    time.sleep(pause)
                    pause = min(pause * 2, 0.02)
        except BROKEN as error:
            connections[STANDBY].close()
            return self._is(LOST, str(error).strip())

    def failed(self, error: BaseException) -> None:
        """A query on it failed. Where it is alive, that was a conflict with what it replays, and nothing to remember."""
        connection = connections[STANDBY]
        if connection.connection is not None and connection.is_usable():
            log.warning("A query on the standby failed, and the primary answered: %s", str(error).strip())
            return
        connection.close()
        self._is(LOST, str(error).strip())

    def _is(self, state: str, why: str = "") -> bool:
        now = time.monotonic()
        if state in (LOST, STRANGE, LOOSE):
            self._not_before = now + PAUSE
        if state == BEHIND and now >= self._no_waiting_before:
            self._no_waiting_before = now + NO_WAITING
        if state == USED:
            self._no_waiting_before = 0.0
        self.state = state
        self._tell(state, why, now)
        return state == USED

    def _tell(self, state: str, why: str, now: float) -> None:
        """Each change is logged once; falling behind, which may come and go, once a minute."""
        if state == self._told or (state == BEHIND and now < self._told_behind):
            return
        if state == BEHIND:
            self._told_behind = now + TELL_AGAIN
        self._told = state
        log.warning("%s%s", WORDS[state], f" {why}" if why else "")

    def standing(self) -> str:
        """How it stands, for whoever watches over the register; empty where none is set."""
        if not self.is_set:
            return ""
        self.has_everything(patience=0)
        return f"{self.state} by {self.missing} bytes" if self.state == BEHIND else self.state


standby = Standby()
