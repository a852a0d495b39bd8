"""The mark of what is restricted in effect never says too little, whoever writes, in whatever order."""

import threading
import time

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, connections, transaction

from caricc.lib import effect, writes
from caricc.lib.rollups import Rollup
from events.models import Case, Commitment, Event

BEARERS = (Event, Commitment)


def wrong() -> dict:
    return {
        (model.__name__, value): found
        for model in BEARERS
        for value, rows in effect.wrong(model).items()
        if (found := list(rows.values_list("pk", flat=True)))
    }


def test_all_marks_of_the_world_are_right_and_both_kinds_are_there(world):
    assert effect.bearers() == [Event, Commitment]
    assert not wrong()
    for model in BEARERS:
        assert len(set(model._base_manager.values_list("restricted_in_effect", flat=True))) == 2
    assert Event._base_manager.get(pk=world.retreat_part.pk).restricted_in_effect  # through the event that contains it


def test_restricting_a_visit_reaches_its_meetings_and_what_was_promised_there_and_opening_it_too(world):
    for value in ("restricted", "internal"):
        visit = Event.objects.get(pk=world.visit.pk)
        visit.visibility = value
        with writes.change(world.officer, "admin") as change:
            change.save(visit)
        part, promise = Event.objects.get(pk=world.visit_open.pk), Commitment.objects.get(pk=world.kept.pk)
        assert part.visibility == "internal"
        assert (part.restricted_in_effect, promise.restricted_in_effect) == (value == "restricted",) * 2
        assert (part.pk in Event.objects.visible_to(world.analyst).values_list("pk", flat=True)) == (
            value == "internal"
        )
        assert (promise in Commitment.objects.visible_to(world.analyst)) == (value == "internal")
        assert not wrong()


def test_what_moves_to_a_restricted_record_is_marked_and_what_moves_away_is_not(world):
    with writes.change(world.officer, "admin") as change:
        world.talks.parent = world.retreat
        change.save(world.talks)
    assert Event.objects.get(pk=world.talks.pk).restricted_in_effect
    assert Commitment.objects.get(pk=world.owed.pk).restricted_in_effect
    assert not wrong()
    with writes.change(world.officer, "admin") as change:
        world.talks.parent = None
        change.save(world.talks)
        world.loose.case = world.secret_case
        change.save(world.loose)
    assert not Event.objects.get(pk=world.talks.pk).restricted_in_effect
    assert Commitment.objects.get(pk=world.loose.pk).restricted_in_effect
    assert not wrong()


def test_restricting_a_case_reaches_its_commitments(world):
    world.open_case.visibility, world.open_case.owner = "restricted", world.officer
    with writes.change(world.officer, "admin") as change:
        change.save(world.open_case)
    assert Commitment.objects.get(pk=world.due_to_us.pk).restricted_in_effect
    assert world.due_to_us not in Commitment.objects.visible_to(world.analyst)
    with writes.change(None, "command") as change:
        change.delete(Case.objects.get(pk=world.secret_case.pk))
    assert not wrong()


def test_a_bulk_load_is_marked_even_where_the_parts_come_before_the_whole(world):
    whole = Event(
        title="Closed days", kind="visit", start_date="2021-03-01", end_date="2021-03-02", visibility="restricted"
    )
    part = Event(title="First day", kind="meeting", start_date="2021-03-01", end_date="2021-03-01", parent_id=whole.pk)
    promise = Commitment(title="Slides", event_id=part.pk, debtor=world.unodc)
    with writes.change(None, "synthesize") as change:
        change.load([promise])
        change.load([part])
        change.load([whole])
    assert Event.objects.get(pk=part.pk).restricted_in_effect
    assert Commitment.objects.get(pk=promise.pk).restricted_in_effect
    assert not wrong()


def test_invented_events_are_marked_right(world):
    call_command("synthesize", events=150, seed=4, verbosity=0)
    assert not wrong()
    assert Event.objects.filter(restricted_in_effect=True).count() > len(world.hidden["admin"])


def test_the_database_refuses_a_restricted_event_without_the_mark(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        Event._base_manager.filter(pk=world.talks.pk).update(visibility="restricted")


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time: the second one sees it all")
@pytest.mark.parametrize("first", ["who restricts", "who adds"])
def test_who_adds_to_a_visit_while_another_restricts_it_adds_to_a_restricted_one(world, first):
    begun, errors = threading.Event(), []

    def at_once(is_first, act):
        try:
            if not is_first:
                begun.wait(10)
            with writes.change(world.officer, "admin") as change:
                act(change)
                if is_first:
                    begun.set()
                    time.sleep(0.5)  # the other one comes meanwhile, and waits for this transaction
        except Exception as error:  # noqa: BLE001 - told below, in the thread of the test
            errors.append(error)
        finally:
            connections.close_all()

    def restrict(change):
        visit = Event.objects.get(pk=world.visit.pk)
        visit.visibility = "restricted"
        change.save(visit)

    def add(change):
        part = change.save(Event(title="Late talks", kind="meeting", start_date="2021-10-15", parent_id=world.visit.pk))
        change.save(Commitment(title="Photographs", debtor=world.agency, event=part))

    threads = [
        threading.Thread(target=at_once, args=(first == name, act))
        for name, act in (("who restricts", restrict), ("who adds", add))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert not errors
    assert Event._base_manager.get(title="Late talks").restricted_in_effect
    assert Commitment._base_manager.get(title="Photographs").restricted_in_effect
    assert not wrong()
    assert sum(rollup.rebuild(only_say=True) for rollup in Rollup.of.values()) == 0
