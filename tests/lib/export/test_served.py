"""Under gunicorn with the settings of `caricc.serving`: what breaks off is seen, and nobody waits for a download."""

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from caricc import serving

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "-c", "python:caricc.serving", "tests.lib.export.served"]
    environment = {**os.environ, "BIND": f"127.0.0.1:{number}", "WEB_WORKERS": "1", "WEB_THREADS": "2",
                   "DJANGO_SETTINGS_MODULE": "tests.settings"}  # fmt: skip
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    try:
        for _again in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", number), 1):
                break
            time.sleep(0.1)
        yield number
    finally:
        server.terminate()
        server.wait(20)


def asked(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path)
    return connection.getresponse()


def test_a_whole_file_ends(port):
    body = asked(port, "/whole.jsonl").read()
    assert body.endswith(b'{"end": true, "rows": 2800}\n')
    assert asked(port, "/whole.xlsx").read()[-22:].startswith(b"PK\5\6")


@pytest.mark.parametrize("path", ["/broken.jsonl", "/broken.xlsx"])
def test_a_file_that_breaks_off_is_cut_so_that_a_client_sees_it(port, path):
    answer = asked(port, path)
    assert answer.status == 200
    with pytest.raises(http.client.IncompleteRead):
        answer.read()


def test_others_are_answered_while_a_download_runs(port):
    download = asked(port, "/slow.jsonl")
    assert download.read(1000)
    began = time.monotonic()
    assert [asked(port, "/quick").read() for _n in range(5)] == [b"quick"] * 5
    assert time.monotonic() - began < 20  # the download takes a hundred seconds
    assert download.read(1000)
    download.close()


def test_the_settings_choose_threads():
    assert serving.worker_class == "gthread"
    assert serving.threads > 1
