"""The register behind gunicorn on a socket, as an office serves it with one worker, and what is downloaded from it."""

import hashlib
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.worker import ROOT, environment

SETTINGS = ROOT / "caricc" / "serving.py"  # the project's own, where it has them
PIECE = 1 << 18


@dataclass
class Served:
    socket: str
    master: int
    token: str

    @property
    def pids(self) -> list[int]:
        """The worker and whatever it started."""
        return below(self.master)

    def memory(self, name: str) -> float:
        """MB of VmRSS or VmHWM, of all together."""
        return sum(status(pid, name) for pid in self.pids)

    def forget_peak(self) -> None:
        for pid in self.pids:
            Path(f"/proc/{pid}/clear_refs").write_text("5")

    def download(self, path: str, digest: bool = False) -> dict:
        """What `path` is answered with: seconds to the first byte of the body and to the last, bytes, lines."""
        request = (
            f"GET {path} HTTP/1.1\r\nHost: testserver\r\nAuthorization: Token {self.token}\r\n"
            "X-Forwarded-Proto: https\r\nConnection: close\r\n\r\n"
        )
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(3600)
            line.connect(self.socket)
            began = time.perf_counter()
            line.sendall(request.encode())
            body = _Body(digest)
            buffer = bytearray(PIECE)
            while size := line.recv_into(buffer):
                body.take(buffer, size)
            took = time.perf_counter() - began
        body.check()
        return {"ms": took * 1000, "first": (body.first - began) * 1000, "bytes": body.size, "sha": body.sha()}


class _Body:
    """Looks at the head and the end; takes the pieces of the body apart only where its digest is wanted."""

    def __init__(self, digest: bool):
        self.head, self.size, self.first, self.tail = b"", 0, 0.0, b""
        self.inside, self.rest = False, b""
        self.digest = hashlib.sha256() if digest else None
        self.left_over = b""

    def take(self, buffer: bytearray, size: int) -> None:
        piece = bytes(memoryview(buffer)[:size])
        if not self.inside:
            self.head += piece
            if b"\r\n\r\n" not in self.head:
                return
            self.head, piece = self.head.split(b"\r\n\r\n", 1)
            self.inside = True
            if not self.head.startswith(b"HTTP/1.1 200"):
                raise AssertionError(self.head.split(b"\r\n")[0].decode() + ": " + piece[:300].decode(errors="replace"))
        if piece and not self.first:
            self.first = time.perf_counter()
        self.size += len(piece)
        self.tail = (self.tail + piece)[-7:]
        if self.digest is not None:
            self.rest += piece
            self._unpack()

    @property
    def chunked(self) -> bool:
        return b"chunked" in self.head.lower()

    def _unpack(self) -> None:
        if not self.chunked:
            self._digest(self.rest)
            self.rest = b""
            return
        start = 0
        while (end := self.rest.find(b"\r\n", start)) >= 0:
            length = int(self.rest[start:end], 16)
            if len(self.rest) < end + 2 + length + 2:
                break
            self._digest(self.rest[end + 2 : end + 2 + length])
            start = end + 2 + length + 2
        self.rest = self.rest[start:]

    def _digest(self, piece: bytes) -> None:
        """Ends of lines are taken alike: psql writes them as its own system does."""
        whole = self.left_over + piece
        self.left_over = whole[-1:] if whole.endswith(b"\r") else b""
        assert self.digest is not None
        self.digest.update(whole[: len(whole) - len(self.left_over)].replace(b"\r\n", b"\n"))

    def sha(self) -> str:
        return self.digest.hexdigest() if self.digest is not None else ""

    def check(self) -> None:
        length = re.search(rb"content-length: (\d+)", self.head.lower())
        whole = self.tail == b"\r\n0\r\n\r\n" if self.chunked else length is None or int(length.group(1)) == self.size
        if not self.inside or not whole:
            raise AssertionError("the download broke off")


@contextmanager
def served(address: str, token: str) -> Iterator[Served]:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        place = f"{folder}/socket"
        shape = ["--config", str(SETTINGS)] if SETTINGS.exists() else ["--worker-class", "gthread", "--threads", "4"]
        command = [
            sys.executable, "-m", "gunicorn", "caricc.wsgi", *shape, "--workers", "1", "--bind", f"unix:{place}",
            "--log-level", "error",
        ]  # fmt: skip
        process = subprocess.Popen(command, env=environment(address), cwd=ROOT, start_new_session=True)
        try:
            for _ in range(300):
                if os.path.exists(place) and below(process.pid):
                    break
                time.sleep(0.1)
            yield Served(place, process.pid, token)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)


def below(pid: int) -> list[int]:
    """Ids of the processes that this one started, and of theirs."""
    try:
        found = [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
    return [*found, *(other for one in found for other in below(one))]


def status(pid: int, name: str) -> float:
    found = re.search(rf"{name}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found.group(1)) / 1024 if found else 0.0
