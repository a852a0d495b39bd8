"""Cases open, rest, close and are linked: what the models keep of it, through whichever door."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from caricc.lib import writes
from caricc.models import History
from events.models import Case, CaseNote
from tests.api.client import Api
from tests.world import DAY


def fresh(record):
    return type(record)._base_manager.get(pk=record.pk)


def journal(case):
    return list(case.notes.order_by("created_at", "id").values_list("kind", "text", "day"))


def test_a_case_opened_with_a_reason_tells_it_in_its_journal(world):
    with writes.change(world.officer, "admin", "Takes over what phase 2 left open.") as change:
        case = change.save(Case(title="Phase 3", opened_on=DAY(2021, 9, 2)))
        case.settle(change)
    assert journal(case) == [("opened", "Takes over what phase 2 left open.", DAY(2021, 9, 2))]
    assert fresh(case).version == 1
    with writes.change(world.officer, "admin") as change:
        assert journal(change.save(Case(title="Without a reason"))) == []
    with writes.change(None, "command", "an import") as change:
        assert journal(change.save(Case(title="Imported"))) == []


def test_over_the_api_the_reason_of_the_call_is_that_of_the_turn(world):
    api = Api(world.manager)
    made = api("post", "cases/", {"title": "Phase 4"}, X_Reason="Asked for by two states").json()
    assert [(note["kind"], note["text"]) for note in made["notes"]] == [("opened", "Asked for by two states")]
    path = f"cases/{made['id']}/"
    version = api.get(path)["ETag"]
    closed = api("patch", path, {"status": "closed"}, If_Match=version, X_Reason="They withdrew").json()
    assert {(note["kind"], note["text"]) for note in closed["notes"]} >= {("closed", "They withdrew")}
    assert closed["closed_on"]


def test_each_verb_sets_status_and_day_and_leaves_one_note_in_one_version(world):
    case = fresh(world.open_case)
    for verb, status, kind, day in (
        ("rest", "dormant", "dormant", DAY(2021, 11, 1)),
        ("close", "closed", "closed", DAY(2021, 11, 2)),
        ("reopen", "open", "opened", DAY(2021, 11, 3)),
    ):
        before = fresh(case).version
        with writes.change(world.manager, "page", "why") as change:
            getattr(case, verb)(change, f"Reason to {verb}", day)
        case = fresh(case)
        assert (case.status, case.version) == (status, before + 1)
        assert case.closed_on == (day if status == "closed" else None)
        assert journal(case)[-1] == (kind, f"Reason to {verb}", day)


def test_a_verb_that_makes_no_sense_or_lacks_a_reason_changes_nothing(world):
    for case, verb, reason in (
        (world.old_case, "close", "x"), (world.old_case, "rest", "x"), (world.open_case, "reopen", "x"),
        (world.open_case, "close", "  "),
    ):  # fmt: skip
        case, before = fresh(case), fresh(case)
        with pytest.raises(ValidationError), writes.change(world.manager, "page") as change:
            getattr(case, verb)(change, reason)
        assert (fresh(case).status, fresh(case).version) == (before.status, before.version)


def test_a_step_replaced_is_not_done_and_a_step_cleared_is(world):
    case, before = fresh(world.open_case), CaseNote._base_manager.count()
    with writes.change(world.manager, "page") as change:
        case.plan(change, "Another one", DAY(2022, 1, 1))
    assert CaseNote._base_manager.count() == before
    with writes.change(world.manager, "page") as change:
        case.plan(change, "")
    assert journal(case)[-1][:2] == ("done", "Another one")


def test_a_link_holds_both_ways_with_version_and_history_on_both_sides(world):
    first, second = fresh(world.old_case), fresh(world.secret_case)
    with writes.change(world.officer, "page") as change:
        change.set(first, "linked", [world.open_case, second])
    assert fresh(world.old_case).version == world.old_case.version + 1
    assert fresh(world.secret_case).version == world.secret_case.version + 1
    assert first in fresh(second).linked.all()
    row = History.objects.of(second).first()
    assert row.changes == {"linked": [[world.open_case.pk], sorted([world.open_case.pk, first.pk])]}
    with writes.change(world.officer, "page") as change:
        change.set(first, "linked", [world.open_case])
    row = History.objects.of(second).first()
    assert row.changes == {"linked": [sorted([world.open_case.pk, first.pk]), [world.open_case.pk]]}


def test_a_case_that_is_deleted_leaves_those_that_it_was_linked_with_told(world):
    before = fresh(world.open_case).version
    with writes.change(None, "command") as change:
        change.delete(fresh(world.old_case))
    assert fresh(world.open_case).version == before + 1
    assert History.objects.of(world.open_case).first().changes["linked"][1] == [world.secret_case.pk]


def test_no_case_is_linked_to_itself(world):
    with pytest.raises(ValidationError) as refused, writes.change(world.officer, "admin") as change:
        change.set(world.open_case, "linked", [world.open_case])
    assert "linked" in refused.value.message_dict


def test_a_step_that_is_done_is_no_opening_and_is_told_in_the_words_of_whoever_reads(world):
    with writes.change(world.manager, "page") as change:
        case = fresh(world.open_case)
        case.plan(change, "")
    with translation.override("ru"):
        with writes.change(world.manager, "page") as change:
            case.plan(change, "Позвонить")
            case.plan(change, "")
        assert journal(case)[-1][:2] == ("done", "Позвонить")
        assert case.notes.order_by("created_at").last().get_kind_display() == "Шаг выполнен"
    assert {kind for kind, *_rest in journal(case)} == {"note", "done"}


@pytest.mark.django_db(transaction=True)
def test_the_kind_of_a_done_step_goes_and_comes_with_its_migration(world):
    with writes.change(world.manager, "page") as change:
        fresh(world.open_case).plan(change, "")
    step = world.open_case.next_step
    try:
        call_command("migrate", "events", "0004", verbosity=0)
        assert ("note", step) in [line[:2] for line in journal(world.open_case)]
        with pytest.raises(IntegrityError), transaction.atomic():
            connection.cursor().execute(f"UPDATE {CaseNote._meta.db_table} SET kind = 'done'")  # noqa: S608
    finally:
        call_command("migrate", "events", verbosity=0)
