"""The write path: versions, history, transactions, and what it refuses."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError

from caricc.lib import writes
from caricc.lib.days import today
from caricc.models import History
from contacts.models import Organization
from events.models import Case, Commitment, Delegation, Event, Topic


def fresh(record):
    return type(record)._base_manager.get(pk=record.pk)


def test_only_one_of_two_writers_who_read_the_same_version_succeeds(world):
    first, second = fresh(world.talks), fresh(world.talks)
    version = first.version
    with writes.change(world.officer, "admin") as change:
        first.venue = "Residence"
        change.save(first, expected=version)
    with pytest.raises(writes.Conflict) as refused, writes.change(world.manager, "admin") as change:
        second.venue = "Hotel"
        change.save(second, expected=version)
    assert refused.value.record.venue == "Residence"
    assert fresh(world.talks).venue == "Residence"


def test_a_stale_writer_is_refused_even_where_nothing_but_a_part_changed(world):
    version = fresh(world.talks).version
    with writes.change(world.officer, "admin") as change:
        change.save(Delegation(event=world.talks, country="AT"))
    with pytest.raises(writes.Conflict), writes.change(world.manager, "admin") as change:
        change.delete(fresh(world.talks), expected=version)


def test_many_changes_of_one_record_in_one_go_are_one_version(world):
    before = fresh(world.talks).version
    with writes.change(world.officer, "admin") as change:
        event = fresh(world.talks)
        change.save(Delegation(event=event, country="AT"))
        event.venue = "Hall"
        change.save(event)
        change.set(event, "topics", [])
    assert fresh(world.talks).version == before + 1


def test_saving_what_did_not_change_leaves_no_trace(world):
    before, rows = fresh(world.talks).version, History.objects.count()
    with writes.change(world.officer, "admin") as change:
        change.save(fresh(world.talks), expected=before)
        change.set(world.talks, "topics", [world.precursors])
    assert (fresh(world.talks).version, History.objects.count()) == (before, rows)


def test_all_or_nothing(world):
    rows = History.objects.count()
    with pytest.raises(ValidationError), writes.change(world.officer, "admin") as change:
        change.save(Topic(name="First"))
        change.save(Topic(name=""))
    assert not Topic._base_manager.filter(name="First").exists()
    assert History.objects.count() == rows


def test_what_is_deleted_leaves_its_last_values_with_all_that_went_with_it(world):
    with writes.change(world.admin, "admin", "logged twice") as change:
        change.delete(fresh(world.visit_open))
    gone = History.objects.filter(root_id=world.visit_open.pk, action="delete")
    assert {row.model for row in gone} >= {"events.event", "events.delegation", "events.delegate", "events.outcome"}
    assert next(row for row in gone if row.model == "events.event").changes["title"] == ["Talks at the agency", None]
    assert {row.why for row in gone} == {"logged twice"}


def test_a_bulk_load_is_one_row_of_history_with_count_and_digest(world):
    with writes.change(None, "synthesize") as change:
        assert change.load(Topic(name=f"Topic {n}") for n in range(30)) == 30
    row = History.objects.get(action="load")
    assert row.changes["rows"] == 30
    assert len(row.changes["sha256_of_ids"]) == 64
    assert Topic.objects.visible_to(world.officer).matching("topic 7", world.officer).count() == 1


def test_what_the_database_refuses_is_told_in_words(world):
    with transaction.atomic(), pytest.raises(ValidationError, match="already in use"):
        with writes.change(world.officer, "admin") as change:
            change.save(Topic(name="Precursors"))
    with transaction.atomic(), pytest.raises(ValidationError, match="already in the delegation"):
        with writes.change(world.officer, "admin") as change:
            delegation = world.talks.delegations.get(organization=world.embassy)
            change.save(delegation.delegates.model(delegation=delegation, person=world.ambassador))


def test_a_loop_is_refused_naming_the_field(world):
    world.unodc.parent = world.desk
    with pytest.raises(ValidationError) as refused, writes.change(world.officer, "admin") as change:
        change.save(world.unodc)
    assert "parent" in refused.value.message_dict


def test_a_case_gets_its_number_once_everybody_may_read_it(world):
    def make(**fields):
        with writes.change(world.officer, "admin") as change:
            return change.save(Case(title="A matter", **fields))

    year = datetime.date.today().year
    first, secret, second = make(), make(visibility="restricted"), make()
    assert [first.number, second.number] == [f"{year}-001", f"{year}-002"]
    assert secret.number.startswith("R-")
    assert secret.owner == world.officer
    secret.visibility = "internal"
    with writes.change(world.officer, "admin") as change:
        change.save(secret)
    assert secret.number == f"{year}-003"


def test_dates_due_and_days_of_closing_follow_from_the_status(world):
    day = datetime.date(2022, 1, 31)
    with writes.change(world.officer, "admin") as change:
        promise = change.save(Commitment(title="A list", debtor=world.caricc, due_date=day))
        promise.due_date = datetime.date(2022, 2, 28)
        promise.status = "fulfilled"
        change.save(promise)
    assert promise.first_due_date == day
    assert promise.closed_on is not None


def test_the_state_and_zone_of_an_event_follow_its_city_in_either_script(world):
    with writes.change(world.officer, "admin") as change:
        event = change.save(
            Event(
                kind="visit",
                title="T",
                start_date=datetime.date(2021, 1, 1),
                city="Ташкент",
                start_time=datetime.time(9),
            )
        )
    assert (event.country, event.time_zone, event.place) == ("UZ", "Asia/Tashkent", world.tashkent)
    assert event.end_date == event.start_date


def test_names_are_kept_when_a_body_is_renamed(world):
    with writes.change(world.officer, "admin") as change:
        world.agency.name = "Agency for Drug Control"
        change.save(world.agency)
    assert set(world.agency.names.values_list("name", flat=True)) == {"Drug Control Agency", "Agency for Drug Control"}
    assert Organization.objects.all().matching("drug control agency", world.officer).get() == world.agency


def test_deleting_a_record_lets_go_of_what_is_hidden_at_every_level(world):
    with writes.change(None, "command") as change:
        case = change.save(Case(title="Quiet", visibility="restricted", owner=world.manager))
        pledge = change.save(Commitment(title="Quiet", debtor=world.caricc, event=world.visit_open, case=case))
    with writes.change(world.admin, "admin") as change:
        change.delete(fresh(world.visit))
    assert fresh(pledge).event_id is None
    assert fresh(world.visit_closed).parent_id is None


def test_an_officer_does_not_delete_what_others_entered_by_deleting_what_it_hangs_from(world):
    with writes.change(world.officer, "admin") as change:
        mine = change.save(Event(kind="visit", title="Mine", start_date=datetime.date(2021, 1, 1)))
    with writes.change(world.manager, "admin") as change:
        theirs = change.save(Commitment(title="Theirs", debtor=world.caricc, event=mine))
    with pytest.raises(ProtectedError), writes.change(world.officer, "admin") as change:
        change.delete(fresh(mine))
    assert fresh(theirs).event_id == mine.pk


def test_links_that_go_with_a_record_leave_version_and_history_where_they_were(world):
    before = fresh(world.visit).version
    with writes.change(world.admin, "admin") as change:
        change.delete(fresh(world.open_case))
    assert fresh(world.visit).version == before + 1
    row = History.objects.filter(model="events.event", record_id=world.visit.pk).first()
    assert row.changes == {"cases": [[world.open_case.pk], []]}
    with pytest.raises(ProtectedError), writes.change(world.admin, "admin") as change:
        change.delete(fresh(world.finance))


def test_a_case_that_becomes_restricted_gives_up_its_number(world):
    with writes.change(world.officer, "admin") as change:
        case = change.save(Case(title="A matter"))
        case.visibility = "restricted"
        change.save(case)
    assert case.number.startswith("R-")


def test_state_and_zone_of_the_old_city_do_not_outlive_it(world):
    event = fresh(world.visit)
    assert event.country == "UZ"
    with writes.change(world.officer, "admin") as change:
        event.city = "Almaty"
        change.save(event)
    assert fresh(event).country == "KZ"


def test_what_lies_ahead_is_not_held_at_any_door(world):
    far = today() + datetime.timedelta(days=9)
    with pytest.raises(ValidationError) as refused, writes.change(world.officer, "api") as change:
        change.save(Event(kind="meeting", title="Too early", start_date=far))
    assert "status" in refused.value.message_dict
    with writes.change(world.officer, "api") as change:
        change.save(Event(kind="meeting", title="East of us", start_date=today() + datetime.timedelta(days=1)))


def test_a_change_within_another_is_refused_and_nothing_is_written(world):
    with pytest.raises(writes.WrongDoor), writes.change(world.officer, "admin") as change:
        world.talks.title = "Renamed"
        change.save(world.talks)
        with writes.change(world.officer, "admin"):
            pass
    assert Event.objects.get(pk=world.talks.pk).title != "Renamed"
