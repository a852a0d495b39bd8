"""Where reads, caches and sessions go, by the environment; on both databases."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from caricc import settings as of_the_register
from caricc.lib.reading import Router, alias, from_standby
from caricc.lib.standby import PRIMARY, STANDBY, standby
from caricc.models import ApiToken, CalendarFeed, User
from events.models import Event

ROOT = Path(__file__).resolve().parents[2]
SHOW = (
    "from django.conf import settings as s; print(sorted(s.DATABASES), s.DATABASE_ROUTERS, s.SESSION_ENGINE, "
    "s.CACHES['default']['BACKEND'].rsplit('.', 1)[-1])"
)
# Who takes the primary by name: the write path, what makes tables, the command that loads, the look whether all is well.
OF_THE_PRIMARY = {
    "caricc/lib/rollups.py", "caricc/views.py", "events/management/commands/synthesize.py",
}  # fmt: skip


def shown(**given: str) -> subprocess.CompletedProcess:
    """The settings of a process with this environment; an empty value is none."""
    environment = {**os.environ, "DEBUG": "1", "DJANGO_SETTINGS_MODULE": "caricc.settings", **given}
    environment = {name: value for name, value in environment.items() if value}
    command = [sys.executable, "-c", SHOW]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_without_more_one_database_answers_all_and_keeps_sessions_and_cache():
    done = shown(DATABASE_URL="", DATABASE_REPLICA_URL="", REDIS_URL="")
    assert done.stdout.strip() == "['default'] [] django.contrib.sessions.backends.db DatabaseCache", done.stderr


def test_a_standby_and_a_redis_are_named_in_the_environment():
    done = shown(
        DATABASE_URL="postgres://a@one/register",
        DATABASE_REPLICA_URL="postgres://b@two/register",
        REDIS_URL="redis://three/0",
    )
    assert done.stdout.strip() == (
        "['default', 'replica'] ['caricc.lib.reading.Router'] caricc.lib.sessions RedisCache"
    ), done.stderr


@pytest.mark.parametrize(
    ("primary", "replica"),
    [
        ("", "postgres://two/register"),
        ("postgres://one/register", "sqlite:///two.sqlite3"),
        ("", "sqlite:///two.sqlite3"),
    ],
)
def test_only_postgresql_has_a_standby(primary, replica):
    done = shown(DATABASE_URL=primary, DATABASE_REPLICA_URL=replica)
    assert done.returncode
    assert "DATABASE_REPLICA_URL names a standby of PostgreSQL, and DATABASE_URL its primary" in done.stderr


def test_a_standby_is_soon_given_up_and_never_written_to():
    primary = {"ENGINE": "django.db.backends.postgresql", "OPTIONS": {"options": "-c jit=off"}}
    made = of_the_register.standby_of(
        primary, "postgres://b@two:5433/register?connect_timeout=4&options=-c%20work_mem=64MB"
    )
    assert (made["HOST"], made["PORT"], made["OPTIONS"]["connect_timeout"]) == ("two", 5433, 4)
    assert made["OPTIONS"]["options"] == ("-c jit=off -c default_transaction_read_only=on -c work_mem=64MB")
    with pytest.raises(ImproperlyConfigured):
        of_the_register.standby_of({"ENGINE": "django.db.backends.sqlite3"}, "postgres://two/register")


def test_nothing_is_migrated_or_written_on_a_standby_and_rights_are_not_read_there(monkeypatch):
    router = Router()
    monkeypatch.setattr("caricc.lib.reading.alias", lambda: STANDBY)
    assert router.allow_migrate(STANDBY, "events") is False
    assert router.allow_migrate(PRIMARY, "events") is None
    assert router.db_for_write(Event) == PRIMARY
    assert router.db_for_read(Event) == STANDBY
    for model in (User, User.groups.through, ApiToken, CalendarFeed):
        assert router.db_for_read(model) == PRIMARY
    one, other = Event(), Event()
    one._state.db, other._state.db = PRIMARY, STANDBY
    assert router.allow_relation(one, other)


def test_where_no_standby_is_set_a_marked_view_is_any_other(world, count_queries):
    asked = []
    with count_queries() as counted:
        from_standby(lambda: asked.append(alias()))()
    assert (asked, len(counted), standby.standing()) == ([PRIMARY], 0, "")


def test_readyz_says_nothing_of_a_standby_where_none_is_set(db, client):
    assert client.get("/readyz").content == b"ok\n"


def test_raw_sql_follows_the_page_that_it_is_for():
    """`connection` of `django.db` is the primary whatever the view is marked for: reads take that of `caricc.lib.reading`."""
    taken = set()
    for app in ("caricc", "contacts", "events"):
        for path in (ROOT / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                by_name = isinstance(node, ast.ImportFrom) and node.module == "django.db"
                if by_name and "connection" in {name.name for name in node.names}:
                    taken.add(str(path.relative_to(ROOT)))
    assert taken == OF_THE_PRIMARY


def test_the_cache_without_redis_is_a_table_that_every_process_reads(db):
    assert settings.CACHES["default"]["BACKEND"].endswith(".DatabaseCache")
    caches["default"].set("told", {"by": "one process"}, 60)
    table = connections[PRIMARY].ops.quote_name("caricc_cache")
    with connections[PRIMARY].cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {table}")
        assert cursor.fetchone()[0] == 1
    another = type(caches["default"])("caricc_cache", {})
    assert another.get("told") == {"by": "one process"}
