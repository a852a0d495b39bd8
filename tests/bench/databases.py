"""Which databases are measured: kept from run to run, one a scale, with a process in each.

Without DATABASE_URL it is a PostgreSQL in a stable folder, `var/bench` of the checkout where its user can reach that, else
one in /var/tmp. A database that DATABASE_URL names is filled up to the scale and the small one is made beside it, where its
account may make databases.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from tests.bench.worker import ROOT, Worker
from tests.postgres import ADDRESS, QUICK, kept

TUNED = (
    f"{QUICK} -c shared_buffers=1GB -c maintenance_work_mem=256MB -c work_mem=32MB -c max_wal_size=4GB "
    "-c checkpoint_timeout=30min"
)
SMALL, ON_SQLITE = 10_000, 100_000


def folders() -> list[Path]:
    mark = hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]
    return [ROOT / "var" / "bench", Path(f"/var/tmp/caricc-bench-{mark}")]


@contextmanager
def server() -> Iterator[str]:
    """The address of a database on the server that is measured."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith(ADDRESS):
        print("PostgreSQL: the one that DATABASE_URL names", flush=True)
        yield given
    else:
        with kept(folders(), TUNED) as address:
            yield address


@dataclass
class Database:
    """A filled database and the process that has it open."""

    address: str
    worker: Worker
    events: int = 0
    visible: int = 0
    user: int = 0
    token: str = ""

    def side(self, name: str, **args):
        return self.worker.side(name, **args)

    def ask(self, name: str, **args) -> dict:
        return self.worker.ask(name, **args)

    def fill(self, events: int, people: bool = True) -> "Database":
        print(f"Filling up to {events:,} events ...", flush=True)
        told = self.worker.ask("fill", events=events, people=people)
        self.events, self.visible, self.user, self.token = (
            told[name] for name in ("events", "visible", "user", "token")
        )
        print(f"  {self.events:,} events, {self.visible:,} of them for the reader", flush=True)
        return self


@dataclass
class Databases:
    """Those of a run; each is opened and filled when it is first asked for."""

    address: str
    events: int
    opened: dict[int | str, Database] = field(default_factory=dict)

    @property
    def small_scale(self) -> int:
        return SMALL if self.events > SMALL else max(self.events // 10, 100)

    @property
    def big(self) -> Database:
        return self.of(self.events)

    @cached_property
    def small(self) -> Database | None:
        """None where the account may not make a database for it on the server that was given."""
        try:
            return self.of(self.small_scale)
        except psycopg.errors.InsufficientPrivilege as error:
            print(f"The rows that compare with {self.small_scale:,} events are left out: {error}".strip(), flush=True)
            return None

    def of(self, events: int) -> Database:
        if events not in self.opened:
            given = os.environ.get("DATABASE_URL", "").startswith(ADDRESS)
            address = self.address if given and events == self.events else self._beside(events)
            self.opened[events] = Database(address, Worker(address))
            self.opened[events].fill(events)
        return self.opened[events]

    def _beside(self, events: int) -> str:
        """The address of the database of a scale on the same server, made where it is missing."""
        parts = urlsplit(self.address)
        given = parts.path.strip("/")
        name = f"events_{events}" if given == "postgres" else f"{given}_events_{events}"
        with psycopg.connect(self.address.replace("pgsql:", "postgres:", 1), autocommit=True) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
                make = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name))
                connection.execute(make)
        return urlunsplit(parts._replace(path=f"/{name}"))

    @property
    def sqlite(self) -> Database:
        if "sqlite" not in self.opened:
            events = min(self.events, ON_SQLITE)
            folder = next(folder for folder in folders() if usable(folder))
            address = f"sqlite:///{folder / f'events_{events}.sqlite3'}"
            self.opened["sqlite"] = Database(address, Worker(address))
            self.opened["sqlite"].fill(events, people=False)
        return self.opened["sqlite"]

    def server_version(self) -> str:
        with psycopg.connect(self.address.replace("pgsql:", "postgres:", 1)) as connection:
            return str(connection.execute("SHOW server_version").fetchone()[0])

    def close(self) -> None:
        for database in self.opened.values():
            database.worker.close()


def usable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        return False
    return os.access(folder, os.W_OK) and not folder.is_symlink()
