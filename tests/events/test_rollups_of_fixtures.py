"""Marks and kept figures stay right when fixtures are loaded over what is there, when parts move, and between two writers."""

import json
import threading

import pytest
from django.core import serializers
from django.core.management import call_command
from django.db import connection, connections

from caricc.lib import effect, writes
from caricc.lib.rollups import Rollup
from events.models import Case, Commitment, Event

only_postgresql = pytest.mark.skipif(
    connection.vendor == "sqlite", reason="SQLite has one writer at a time: the second one sees all of the first"
)


def wrong() -> int:
    marks = sum(rows.count() for model in effect.bearers() for rows in effect.wrong(model).values())
    return marks + sum(rollup.rebuild(only_say=True) for rollup in Rollup.of.values())


def fixture(path, rows, without=(), **fields) -> str:
    data = json.loads(serializers.serialize("json", rows))
    for row in data:
        row["fields"] = {name: value for name, value in row["fields"].items() if name not in without} | fields
    path = path / "rows.json"
    path.write_text(json.dumps(data))
    return str(path)


def again(who, model, pk, **values) -> None:
    with writes.change(who, "admin") as change:
        row = model.objects.get(pk=pk)
        for name, value in values.items():
            setattr(row, name, value)
        change.save(row)


def test_what_was_open_when_the_fixture_was_made_stays_restricted_with_its_case(world, tmp_path):
    made = fixture(tmp_path, Commitment._base_manager.filter(pk=world.due_to_us.pk))
    again(world.officer, Case, world.open_case.pk, visibility="restricted", owner=world.officer)
    call_command("loaddata", made, verbosity=0)
    assert world.due_to_us not in Commitment.objects.visible_to(world.analyst)
    assert wrong() == 0


@pytest.mark.parametrize("title", ["Talks at the agency", "Renamed since"])
def test_a_meeting_stays_restricted_with_its_visit(world, tmp_path, title):
    made = fixture(tmp_path, Event._base_manager.filter(pk=world.visit_open.pk))
    again(world.officer, Event, world.visit.pk, visibility="restricted")
    again(world.officer, Event, world.visit_open.pk, title=title)
    call_command("loaddata", made, verbosity=0)
    assert world.visit_open not in Event.objects.visible_to(world.analyst)
    assert wrong() == 0


def test_a_fixture_needs_to_know_nothing_of_what_is_worked_out(world, tmp_path):
    rows = [world.due_to_us, world.talks, world.visit]
    call_command("loaddata", fixture(tmp_path, rows, without=("restricted_in_effect", "counted_from")), verbosity=0)
    assert wrong() == 0


def test_topics_that_a_fixture_brings_are_counted(world, tmp_path):
    topics = [world.finance.pk, world.precursors.pk]
    call_command(
        "loaddata", fixture(tmp_path, Event._base_manager.filter(pk=world.talks.pk), topics=topics), verbosity=0
    )
    assert world.talks.topics.count() == 2
    assert wrong() == 0


def test_a_part_that_moves_to_another_event_leaves_the_figures_of_both_right(world, tmp_path):
    delegation, outcome = world.talks.delegations.get(organization=world.embassy), world.advice
    with writes.change(world.officer, "admin") as change:
        delegation.event = outcome.event = world.visit_open
        change.save(delegation)
        change.save(outcome)
    assert wrong() == 0
    call_command("loaddata", fixture(tmp_path, [delegation], event=world.talks.pk), verbosity=0)
    assert wrong() == 0


def two_at_once(world, first, second) -> None:
    """`second` begins when `first` has flushed, and has all the time it wants until `first` is committed."""
    errors = []

    def meanwhile():
        try:
            with writes.change(world.officer, "admin") as change:
                second(change)
        except Exception as error:  # noqa: BLE001 - told below, in the thread of the test
            errors.append(error)
        finally:
            connections.close_all()

    other = threading.Thread(target=meanwhile)
    with writes.change(world.officer, "admin") as change:
        first(change)
        change.flush()
        other.start()
        other.join(1)
    other.join(20)
    assert not errors
    assert not other.is_alive()


def saving(model, pk, **values):
    def save(change):
        row = model.objects.get(pk=pk)
        for name, value in values.items():
            setattr(row, name, value)
        change.save(row)

    return save


@only_postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("opened", ["event", "case"])
def test_a_promise_whose_event_is_opened_while_its_case_is_restricted_stays_hidden(world, opened):
    event, case = (Event, world.talks.pk), (Case, world.open_case.pk)
    opens, restricts = (event, case) if opened == "event" else (case, event)
    again(world.officer, *opens, visibility="restricted", owner=world.officer)
    two_at_once(
        world, saving(*opens, visibility="internal"), saving(*restricts, visibility="restricted", owner=world.officer)
    )
    assert world.due_to_us not in Commitment.objects.visible_to(world.analyst)
    assert wrong() == 0


@only_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_meeting_that_changes_while_its_visit_is_restricted_is_counted_as_it_was(world):
    two_at_once(
        world,
        saving(Event, world.visit.pk, visibility="restricted"),
        saving(Event, world.visit_open.pk, kind="meeting"),
    )
    assert wrong() == 0


@only_postgresql
@pytest.mark.django_db(transaction=True)
def test_an_event_that_changes_while_it_is_deleted_is_counted_once(world):
    def delete(change):
        change.delete(Event.objects.get(pk=world.planned.pk))

    two_at_once(world, saving(Event, world.planned.pk, kind="meeting"), delete)
    assert not Event._base_manager.filter(pk=world.planned.pk).exists()
    assert wrong() == 0
