"""A primary and its standby, made by `pg_basebackup` and following it by streaming, for tests that need both."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg

from tests import postgres

# As `QUICK`, but a commit is flushed before it is seen, as it is in earnest.
OPTIONS = "-c fsync=off -c full_page_writes=off -c wal_level=replica -c max_connections=30 -c listen_addresses=''"
PORTS = {"primary": 5432, "standby": 5433}


class Pair:
    """Two servers in one folder. `standby.sql(...)` asks one of them; both are gone when the folder is."""

    def __init__(self, home: Path):
        self.home = home
        self.user = postgres._unprivileged(home)
        self.binaries = postgres._binaries(home, self.user)

    def run(self, name: str, *arguments: object) -> None:
        found = self.binaries / name
        postgres._run(found if found.exists() else shutil.which(name), *arguments, user=self.user)

    def make_primary(self) -> None:
        locale = postgres._locale(self.binaries, self.user)
        self.run(
            "initdb",
            "-D",
            self.home / "primary",
            "-U",
            "postgres",
            "--auth=trust",
            "--no-sync",
            "--encoding=UTF8",
            *locale,
        )
        self.start("primary")

    def make_standby(self) -> None:
        follows = f"host={self.home} port={PORTS['primary']} user=postgres"
        self.run(
            "pg_basebackup", "-D", self.home / "standby", "-R", "-c", "fast", "-X", "stream", "--no-sync", "-d", follows
        )
        self.start("standby")

    def start(self, name: str) -> None:
        self.run(
            "pg_ctl", "-D", self.home / name, "-w", "-t", "60", "-l", self.home / f"{name}.log",
            "-o", f"-k {self.home} -p {PORTS[name]} {OPTIONS}", "start",
        )  # fmt: skip

    def stop(self, name: str) -> None:
        if (self.home / name / "postmaster.pid").exists():
            self.run("pg_ctl", "-D", self.home / name, "-w", "-m", "immediate", "stop")

    def address(self, name: str) -> str:
        return f"postgres://postgres@{quote(str(self.home), safe='')}:{PORTS[name]}/postgres"

    def sql(self, name: str, statement: str):
        """The first value of what a server answers, asked past Django."""
        with psycopg.connect(
            host=str(self.home), port=PORTS[name], user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            done = connection.execute(statement)
            return done.fetchone()[0] if done.description else None


@contextmanager
def pair() -> Iterator[Pair]:
    home = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp" if len(tempfile.gettempdir()) > 60 else None))
    made = Pair(home)
    try:
        yield made
    finally:
        for name in ("standby", "primary"):
            made.stop(name)
        shutil.rmtree(home, ignore_errors=True)
