"""The other side of exports: psql, which copies what a statement gives."""

import hashlib
import os
import shutil
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

OPTIONS = {
    "csv": "(FORMAT csv, HEADER)",
    # As it is: no value of JSON holds these characters.
    "json": "(FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')",
}


def program() -> str:
    found = shutil.which("psql")
    if found:
        return found
    wheel = find_spec("pgserver")
    if wheel is None or wheel.origin is None:
        raise AssertionError("there is no psql: put it on the path, or install requirements-dev.txt")
    return str(Path(wheel.origin).parent / "pginstall" / "bin" / "psql")


def copy(address: str, sql: str, shape: str, digest: bool = False) -> dict:
    """`\\copy` of the statement: how long it took, and what came out where that is asked for."""
    target = "STDOUT" if digest else f"'{os.devnull}'"
    command = [program(), "-X", "-q", "-d", address.replace("pgsql:", "postgres:", 1), "-c", f"\\copy ({sql}) TO {target} {OPTIONS[shape]}"]  # fmt: skip
    env = {**os.environ, "PGOPTIONS": "-c jit=off", "PGCLIENTENCODING": "UTF8"}
    began = time.perf_counter()
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout
    assert process.stderr
    size, sha = 0, hashlib.sha256()
    while piece := process.stdout.read(1 << 18):
        size += len(piece)
        sha.update(piece)
    told = process.stderr.read().decode(errors="replace")
    if process.wait():
        raise AssertionError(f"psql: {told[:500]}")
    return {"ms": (time.perf_counter() - began) * 1000, "bytes": size, "sha": sha.hexdigest()}
