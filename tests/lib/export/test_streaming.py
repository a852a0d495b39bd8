"""What a download does while it runs: one snapshot, broken off so that it is seen, and nothing left behind."""

import json
import threading
from contextlib import closing

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, OperationalError, connection, transaction

from caricc.lib import writes
from caricc.lib.export import download, postgres, sqlite
from caricc.lib.export.columns import Plan
from caricc.lib.export.snapshot import snapshot
from events.exports import EVENT_COLUMNS
from events.models import Event


def plan_of(user, model=Event, columns=EVENT_COLUMNS) -> Plan:
    return Plan(model.objects.visible_to(user).order_by("-start_date", "-id"), columns, user)


def elsewhere(do) -> None:
    """`do()` with a connection of its own."""

    def run():
        try:
            do()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def add_an_event():
    with writes.change(None, "command") as change:
        change.save(Event(title="Came meanwhile", kind="meeting", start_date="2021-12-01"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("suffix", ["csv", "jsonl", "xlsx"])
def test_rows_that_come_meanwhile_are_in_neither_the_count_nor_the_file(world, suffix):
    stream = download.file(plan_of(world.officer), suffix)
    count = next(stream)
    elsewhere(add_an_event)
    body = b"".join(stream)
    if suffix == "xlsx":
        return
    assert "Came meanwhile" not in body.decode()
    told = json.loads(body.splitlines()[-1])["rows"] if suffix == "jsonl" else count
    assert body.count(b"\n") - 1 == told == 8
    assert b"Came meanwhile" in b"".join(list(download.file(plan_of(world.officer), "csv"))[1:])


@pytest.mark.django_db(transaction=True)
def test_whoever_goes_away_leaves_no_transaction_and_a_usable_connection(world):
    stream = download.file(plan_of(world.officer), "jsonl")
    next(stream), next(stream)
    assert connection.in_atomic_block
    stream.close()
    assert not connection.in_atomic_block
    elsewhere(add_an_event)
    assert Event.objects.filter(title="Came meanwhile").exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite asks by batches")
def test_the_query_of_whoever_goes_away_is_cancelled(world):
    plan = plan_of(world.officer)
    slow = "COPY (SELECT CASE WHEN n > 20000 THEN pg_sleep(0.01)::text ELSE repeat('x', 99) END FROM generate_series(1, 900000) n) TO STDOUT"

    def stream():
        with snapshot("default"):
            yield from postgres._copied(plan, [(slow, [], [])], postgres._lines)

    with closing(stream()) as pieces:
        assert sum(len(line) + 1 for line in next(pieces)) >= postgres.PIECE
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'COPY%'")
        assert cursor.fetchone() == (0,)
    assert Event.objects.visible_to(world.officer).count() == 8


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("suffix", ["csv", "jsonl", "xlsx"])
def test_what_breaks_off_raises_and_has_no_end(world, suffix, monkeypatch):
    source = {"sqlite": sqlite, "postgresql": postgres}[connection.vendor]
    whole = b"".join(list(download.file(plan_of(world.officer), suffix))[1:])
    rows = source.rows

    def broken(*args):
        yield next(rows(*args))
        raise DatabaseError("the server went away")

    monkeypatch.setitem(download.ROWS, connection.vendor, broken)
    got = []
    with pytest.raises(DatabaseError):
        for piece in download.file(plan_of(world.officer), suffix):
            got.append(piece)
    assert got
    body = b"".join(got[1:])
    assert len(body) < len(whole) or suffix == "csv"
    assert b'"end"' not in body
    assert b"PK\5\6" not in body
    assert not connection.in_atomic_block


def test_nothing_is_asked_for_before_it_is_wanted(world, monkeypatch):
    """Rows are taken as the reader takes the file: the second batch is asked for when the first is gone."""
    monkeypatch.setattr(
        Plan, "batches", lambda plan, first, then: ([pk] for pk in plan.rows.values_list("pk", flat=True))
    )
    stream = download.file(plan_of(world.officer), "csv")
    assert next(stream) == 8
    assert next(stream).startswith("\ufeffid,kind".encode())
    taken = []
    for piece in stream:
        taken.append(piece)
        assert piece.count(b"\r\n") == 1
    assert len(taken) == 8


def test_a_transaction_of_somebody_else_is_left_as_it_is(world):
    with transaction.atomic():
        list(download.file(plan_of(world.officer), "csv"))
        assert connection.in_atomic_block


def end_the_other_connection() -> None:
    """As the server does when it stops, or an administrator: every connection of this database but the asking one."""

    def end():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            assert (True,) in cursor.fetchall()

    elsewhere(end)


def assert_usable(client) -> None:
    assert not connection.in_atomic_block
    assert not connection.needs_rollback
    assert connection.get_autocommit()
    answer = client.get("/api/v1/events/")
    assert answer.status_code == 200
    assert answer.json()["count"] == 8


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server")
@pytest.mark.parametrize("suffix", ["csv", "jsonl", "xlsx"])
@pytest.mark.parametrize("wide", [False, True])
def test_a_lost_connection_breaks_the_answer_off_and_the_next_has_another(world, client, suffix, wide, monkeypatch):
    monkeypatch.setattr(postgres, "_is_wide", lambda plan, count: wide)
    monkeypatch.setattr(Plan, "batches", lambda plan, first, then: ([pk] for pk in list(plan.ids_of(plan.rows))))
    client.force_login(world.officer)
    answer = client.get(f"/api/v1/events/export.{suffix}")
    pieces = iter(answer.streaming_content)
    got = [next(pieces)]
    end_the_other_connection()
    with pytest.raises(OperationalError):
        got.extend(pieces)
    answer.close()
    body = b"".join(got)
    assert b'"end"' not in body
    assert b"PK\5\6" not in body
    assert_usable(client)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server")
@pytest.mark.parametrize("leaves", [False, True])
def test_a_connection_lost_within_the_rows_leaves_nothing_behind(world, client, leaves, monkeypatch):
    client.force_login(world.officer)
    endless = "COPY (SELECT repeat('x', 99) || generate_series(1, 900000000)) TO STDOUT"
    monkeypatch.setitem(
        download.ROWS,
        "postgresql",
        lambda plan, shape, count: postgres._copied(plan, [(endless, [], [])], postgres._lines),
    )
    answer = client.get("/api/v1/events/export.csv")
    pieces = iter(answer.streaming_content)
    assert len(next(pieces) + next(pieces)) > postgres.PIECE
    end_the_other_connection()
    if not leaves:
        with pytest.raises(OperationalError):
            list(pieces)
    answer.close()
    assert_usable(client)


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "xlsx"])
def test_whoever_may_see_none_of_the_related_rows_gets_the_file_without_them(world, suffix):
    rows = Event._base_manager.order_by("-start_date", "-id")
    stream = download.file(Plan(rows, EVENT_COLUMNS, AnonymousUser()), suffix)
    count = next(stream)
    body = b"".join(stream)
    if suffix == "jsonl":
        lines = [json.loads(line) for line in body.splitlines()]
        assert lines[-1]["rows"] == rows.count()
        assert all(line["cases"] == [] for line in lines[:-1])
    else:
        assert count == rows.count()
