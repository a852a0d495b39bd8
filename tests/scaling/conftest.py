"""Django on a real primary with its standby, in place of the database of the suite."""

import re
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connections
from django.test import Client, override_settings

from caricc import settings as of_the_register
from caricc.lib import standby as standby_module
from caricc.lib.standby import PRIMARY, STANDBY, Standby
from tests.standby import pair
from tests.world import build_world


def databases(servers) -> dict:
    """As the settings make them of DATABASE_URL and DATABASE_REPLICA_URL."""
    primary = {
        **of_the_register.dj_database_url.parse(servers.address("primary"), conn_health_checks=True),
        "OPTIONS": {"options": "-c jit=off"},
    }
    return {PRIMARY: primary, STANDBY: of_the_register.standby_of(primary, servers.address("standby"))}


@contextmanager
def connected_with(made: dict):
    """Other databases under the names of the project's, in this thread."""
    kept, of_the_suite = connections.settings, connections[PRIMARY]
    connections.settings = connections.configure_settings(made)
    del connections[PRIMARY]
    ContentType.objects.clear_cache()
    try:
        with override_settings(DATABASE_ROUTERS=["caricc.lib.reading.Router"]):
            yield
    finally:
        for alias in made:
            connections[alias].close()
            del connections[alias]
        connections.settings = kept
        connections[PRIMARY] = of_the_suite
        ContentType.objects.clear_cache()


@pytest.fixture(scope="module")
def servers(django_db_setup, django_db_blocker):
    with pair() as made, django_db_blocker.unblock():
        made.make_primary()
        with connected_with(databases(made)):
            call_command("migrate", verbosity=0)
            made.world = build_world()
            made.make_standby()
            yield made


@pytest.fixture
def scene(servers, monkeypatch):
    """Both servers running and at one, a process that knows nothing of them yet, and clients of the people of the world."""
    for name in ("primary", "standby"):
        if not (servers.home / name / "postmaster.pid").exists():
            servers.start(name)
    servers.sql("standby", "SELECT pg_wal_replay_resume()")
    fresh = Standby()
    monkeypatch.setattr(standby_module, "standby", fresh)
    for module in ("caricc.lib.reading", "caricc.views"):
        monkeypatch.setattr(f"{module}.standby", fresh)
    connections[STANDBY].close()
    assert fresh.has_everything(patience=10)
    clients = {}
    for name, user in servers.world.users.items():
        clients[name] = Client()
        clients[name].force_login(user)
    return SimpleNamespace(servers=servers, world=servers.world, state=fresh, clients=clients, ask=asking(clients))


def asking(clients):
    def ask(who: str, address: str):
        """The answer, its text, and the tables that were read for it on each of the two."""
        here, there = Tables(), Tables()
        with connections[PRIMARY].execute_wrapper(here), connections[STANDBY].execute_wrapper(there):
            response = clients[who].get(address)
            body = b"".join(response) if response.streaming else response.content
        return SimpleNamespace(
            status=response.status_code, response=response, text=body.decode(errors="replace"),
            primary=here.named, standby=there.named,
        )  # fmt: skip

    return ask


class Tables:
    """The tables that queries name."""

    def __init__(self):
        self.named: set[str] = set()

    def __call__(self, execute, sql, params, many, context):
        self.named |= set(re.findall(r'(?:FROM|JOIN|UPDATE|INTO) "(\w+)"', str(sql)))
        return execute(sql, params, many, context)
