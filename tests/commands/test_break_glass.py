from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from caricc.models import History
from events.models import Case, Event


def break_glass(username, record, why="The owner is ill.", **options) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("break_glass", username, record, why=why, stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def test_the_named_user_reads_the_event_from_then_on(world):
    assert not Event.objects.visible_to(world.admin).filter(pk=world.orphan.pk).exists()
    break_glass("admin", f"event:{world.orphan.pk}")
    assert Event.objects.visible_to(world.admin).filter(pk=world.orphan.pk).exists()
    assert not Event.objects.visible_to(world.manager).filter(pk=world.orphan.pk).exists()


def test_those_named_before_stay_named(world):
    break_glass("manager", f"event:{world.for_analyst.pk}")
    assert set(world.for_analyst.readers.all()) == {world.analyst, world.manager}


def test_the_history_says_who_and_why(world):
    break_glass("manager", f"event:{world.orphan.pk}", "Needed for the audit.")
    row = History.objects.of(world.orphan).filter(action="grant").get()
    assert (row.door, row.why, row.changes) == (
        "command",
        "Needed for the audit.",
        {"readers": [None, world.manager.pk]},
    )
    world.orphan.refresh_from_db()
    assert row.version == world.orphan.version == 2


@pytest.mark.parametrize(
    "written", ["case:{0.number}", "case:{0.pk}", "cases/{0.pk}/", "https://r.example.org/cases/{0.pk}/"]
)
def test_a_case_is_named_by_number_id_or_address(world, written):
    break_glass("manager", written.format(world.secret_case))
    assert Case.objects.visible_to(world.manager).filter(pk=world.secret_case.pk).exists()


def test_it_says_when_the_whole_is_still_closed(world):
    _out, err = break_glass("manager", f"event:{world.visit_closed.pk}")
    assert err == ""
    closed = world.retreat_part
    with pytest.raises(CommandError, match=f"event:{world.retreat.pk} instead"):
        break_glass("manager", f"event:{closed.pk}")


def test_it_says_when_the_user_has_no_role(world):
    _out, err = break_glass("newcomer", f"event:{world.orphan.pk}")
    assert "their roles do not let them" in err


def test_a_dry_run_opens_nothing(world):
    out, _err = break_glass("manager", f"event:{world.orphan.pk}", dry_run=True)
    assert out.startswith("Would name manager")
    assert not world.orphan.readers.exists()
    assert not History.objects.filter(action="grant").exists()


@pytest.mark.parametrize(
    ("username", "record", "why", "told"),
    [
        ("manager", "event:{orphan}", "  ", "Say why"),
        ("nobody", "event:{orphan}", "x", "no open account"),
        ("manager", "event:1", "x", "There is no event 1"),
        ("manager", "event:99999999999999999999999", "x", "There is no event"),
        ("manager", "person:{orphan}", "x", "names no record"),
        ("manager", "{orphan}", "x", "names no record"),
        ("manager", "case:1999-001", "x", "There is no case"),
        ("manager", "event:{talks}", "x", "not restricted"),
        ("analyst", "event:{for_analyst}", "x", "named on the event .* already"),
        ("officer", "event:{retreat}", "x", "already"),
    ],
)
def test_what_makes_no_sense_is_refused(world, username, record, why, told):
    ids = {name: getattr(world, name).pk for name in ("orphan", "talks", "for_analyst", "retreat")}
    with pytest.raises(CommandError, match=told):
        break_glass(username, record.format(**ids), why)
    assert not History.objects.filter(action="grant").exists()
