"""A real primary and a real standby: who answers, and that the answer is right whatever becomes of the standby."""

import logging
import re
import time

import psycopg
import pytest
from django.conf import settings
from django.db import connection as on_primary
from django.db import connections
from django.http import StreamingHttpResponse

from caricc.lib import standby as standby_module
from caricc.lib import writes
from caricc.lib.reading import connection, from_standby
from caricc.lib.standby import BEHIND, LOOSE, LOST, STANDBY, STRANGE, USED
from caricc.models import ApiToken, CalendarFeed
from events.models import Event
from tests.world import CANARY, READERS

pytestmark = pytest.mark.skipif(
    settings.DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql",
    reason="SQLite has no standby, which test_settings proves to be refused; the run on PostgreSQL has these",
)
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"|csrf-token" content="\w+"')
RIGHTS = re.compile(r"auth_|django_|caricc_(user|apitoken|calendarfeed)(_|$)")


@from_standby
def who_answers():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_is_in_recovery()")
        return "standby" if cursor.fetchone()[0] else "primary"


def rename(world, title, **fields):
    event = Event._base_manager.get(pk=world.talks.pk)
    event.title = title
    for name, value in fields.items():
        setattr(event, name, value)
    with writes.change(world.officer, "page") as change:
        change.save(event)


def export(name="events") -> str:
    return f"/api/v1/{name}/export.csv"


def test_marked_views_read_all_but_rights_on_the_standby(scene):
    _feed, secret = CalendarFeed.mint(user=scene.world.officer, name="All", query="")
    assert who_answers() == "standby"
    addresses = {
        "/": "events_event",
        "/?date_after=2021-01-01&date_before=2021-12-31": "events_event",
        f"/?partner={scene.world.unodc.pk}": "events_delegation",
        f"/commitments/handover/?whose={scene.world.specialist.pk}&to={scene.world.director.pk}": "events_commitment",
        f"/calendar/feed/{secret}.ics": "events_event",
        "/api/v1/events/ids/": "events_event",
        export().replace("csv", "xlsx"): "events_event",
        export().replace("csv", "jsonl"): "events_event",
        export(): "events_event",
    }
    for address, table in addresses.items():
        told = scene.ask("officer", address)
        assert told.status == 200, address
        assert table in told.standby, address
        strange = {name for name in told.primary if not RIGHTS.match(name)}
        assert not strange, f"{address} read {strange} on the primary, of another moment"
        assert not {name for name in told.standby if name in ("django_session", "auth_permission")}, address


def test_all_else_and_whatever_writes_stays_on_the_primary(scene):
    for address in ("/events/", f"/events/{scene.world.talks.pk}/", "/admin/events/event/", "/api/v1/events/"):
        told = scene.ask("officer", address)
        assert (told.status, told.standby) == (200, set()), address
    assert on_primary.settings_dict["PORT"] == 5432


def test_both_give_the_same_answers(scene, monkeypatch):
    addresses = [(who, address) for who in READERS for address in ("/", export(), "/api/v1/events/ids/")]
    there = [scene.ask(*asked) for asked in addresses]
    monkeypatch.setattr(scene.state, "has_everything", lambda: False)
    here = [scene.ask(*asked) for asked in addresses]
    for asked, one, other in zip(addresses, there, here, strict=True):
        assert "events_event" in one.standby
        assert not other.standby
        assert TOKEN.sub("", one.text) == TOKEN.sub("", other.text), asked


def test_nobody_misses_a_save_while_the_standby_is_behind(scene, caplog):
    token = ApiToken.make(scene.world.analyst, "export")[1]
    scene.servers.sql("standby", "SELECT pg_wal_replay_pause()")
    rename(scene.world, "Talks about the second phase")
    assert scene.servers.sql("standby", f"SELECT title FROM events_event WHERE id = {scene.world.talks.pk}") != (
        "Talks about the second phase"
    ), "the standby does not know yet"
    with caplog.at_level(logging.WARNING):
        for client, extra in (
            (scene.clients["officer"], {}),
            (scene.clients["admin"], {"Authorization": f"Token {token}"}),
        ):
            answer = b"".join(client.get(export(), headers=extra)).decode()
            assert "Talks about the second phase" in answer
    assert scene.state.state == BEHIND
    assert [record.message for record in caplog.records if record.name == "caricc.lib.standby"] == [
        standby_module.WORDS[BEHIND]
    ]
    ready = scene.clients["officer"].get("/readyz")
    assert (ready.status_code, ready.content.decode().startswith("ok\nstandby: behind by ")) == (200, True)
    scene.servers.sql("standby", "SELECT pg_wal_replay_resume()")
    assert scene.state.has_everything(patience=10)
    told = scene.ask("officer", export())
    assert "Talks about the second phase" in told.text
    assert "events_event" in told.standby
    rename(scene.world, "Talks with the Ambassador of Japan")


def test_what_was_restricted_a_moment_ago_is_told_to_nobody(scene):
    for number in range(5):
        title = f"{CANARY} number {number}"
        rename(scene.world, title, visibility="restricted")
        told = scene.ask("analyst", export())
        assert title not in told.text, "hidden at once, whoever answers"
        rename(scene.world, "Talks with the Ambassador of Japan", visibility="internal")
        told = scene.ask("analyst", export())
        assert "Talks with the Ambassador of Japan" in told.text


def test_one_who_is_struck_off_reads_nothing_from_that_moment(scene):
    analyst = scene.world.analyst
    assert scene.ask("analyst", export()).status == 200
    roles = list(analyst.groups.all())
    scene.servers.sql("standby", "SELECT pg_wal_replay_pause()")
    analyst.groups.clear()
    assert scene.ask("analyst", export()).status == 403
    analyst.groups.set(roles)
    analyst.is_active = False
    analyst.save()
    assert scene.ask("analyst", "/").response.status_code == 302
    analyst.is_active = True
    analyst.save()
    scene.servers.sql("standby", "SELECT pg_wal_replay_resume()")


def test_a_standby_that_dies_costs_one_attempt_and_comes_back(scene, caplog, monkeypatch):
    attempts, connect = [], connections[STANDBY].get_new_connection
    monkeypatch.setattr(
        connections[STANDBY], "get_new_connection", lambda params: attempts.append(1) or connect(params)
    )
    connections[STANDBY].close()
    scene.servers.stop("standby")
    begun = time.monotonic()
    with caplog.at_level(logging.WARNING):
        for _again in range(5):
            told = scene.ask("officer", export())
            assert told.status == 200
            assert "Talks with the Ambassador of Japan" in told.text
    assert time.monotonic() - begun < 10
    assert len(attempts) == 1
    assert scene.state.state == LOST
    assert len([record for record in caplog.records if record.name == "caricc.lib.standby"]) == 1
    ready = scene.clients["officer"].get("/readyz")
    assert (ready.status_code, ready.content.decode()) == (200, "ok\nstandby: not reached\n")
    scene.servers.start("standby")
    assert not scene.ask("officer", export()).standby, "it is left in peace for a while"
    scene.state._not_before = 0  # that while is over
    assert scene.state.has_everything(patience=10)
    assert "events_event" in scene.ask("officer", export()).standby
    assert scene.state.state == USED


def test_one_that_dies_in_the_middle_of_a_view_is_answered_for_by_the_primary(scene):
    ran = []

    @from_standby
    def dies_meanwhile():
        ran.append(connection.settings_dict["PORT"])
        if len(ran) == 1:
            scene.servers.stop("standby")
        return list(Event.objects.visible_to(scene.world.officer).values_list("pk", flat=True))

    found = dies_meanwhile()
    assert scene.world.talks.pk in found
    assert ran == [5433, 5432]
    assert scene.state.state == LOST


def test_what_streams_goes_on_where_it_began(scene):
    @from_standby
    def streams():
        def pieces():
            for _number in range(3):
                yield str(connection.settings_dict["PORT"]).encode()

        return StreamingHttpResponse(pieces())

    assert list(streams()) == [b"5433"] * 3
    assert connection.settings_dict["PORT"] == 5432, "the thread is left as it was"


def test_a_query_that_the_standby_takes_back_is_asked_of_the_primary(scene):
    asked = []

    @from_standby
    def in_conflict():
        asked.append(connection.settings_dict["PORT"])
        if len(asked) == 1:
            with connection.cursor() as cursor:
                cursor.execute(
                    "DO $$ BEGIN RAISE EXCEPTION 'conflict with recovery' USING ERRCODE = 'serialization_failure'; END $$"
                )
        return "right"

    assert in_conflict() == "right"
    assert asked == [5433, 5432]
    assert scene.state.state == USED, "it is alive"


def test_a_server_that_follows_another_primary_or_none_is_not_believed(scene, monkeypatch):
    monkeypatch.setitem(connections[STANDBY].settings_dict, "PORT", 5432)
    connections[STANDBY].close()
    assert who_answers() == "primary"
    assert scene.state.state == STRANGE
    connections[STANDBY].close()


def test_saves_that_need_not_be_flushed_are_read_on_the_primary(scene):
    with on_primary.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        assert who_answers() == "primary"
        cursor.execute("RESET synchronous_commit")
    assert scene.state.state == LOOSE


def test_a_transaction_reads_what_it_wrote(scene):
    with writes.change(scene.world.officer, "page") as change:
        event = Event._base_manager.get(pk=scene.world.talks.pk)
        event.venue = "Hall of the second floor"
        change.save(event)

        @from_standby
        def venue():
            return Event._base_manager.values_list("venue", flat=True).get(pk=event.pk)

        assert venue() == "Hall of the second floor"


def test_while_one_thread_looks_whether_a_lost_standby_is_back_the_others_do_not_wait(scene):
    scene.state.state = LOST
    with scene.state._trying:
        assert who_answers() == "primary"
    assert who_answers() == "standby"


def test_the_look_takes_no_rights_but_those_of_an_ordinary_role(scene):
    scene.servers.sql("primary", "CREATE ROLE plain LOGIN")
    assert scene.state.has_everything(patience=10)
    with psycopg.connect(host=str(scene.servers.home), port=5432, user="plain", dbname="postgres") as primary:
        position, _commits, *identity = primary.execute(standby_module.OF_PRIMARY).fetchone()
    with psycopg.connect(host=str(scene.servers.home), port=5433, user="plain", dbname="postgres") as follower:
        found = follower.execute(standby_module.OF_STANDBY, [*identity, position, position]).fetchone()
    assert found[0] is True
    scene.servers.sql("primary", "DROP ROLE plain")
