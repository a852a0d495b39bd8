"""The figures that are kept ready are those that counting would give, after every kind of change."""

import datetime
from io import StringIO

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import transaction

from caricc.lib import rollups, writes
from caricc.lib.days import today
from caricc.lib.merge import merge
from caricc.lib.rollups import Rollup
from caricc.lib.unmerge import unmerge
from contacts.models import Organization
from events.models import Commitment, Delegation, Event, EventTally, Outcome, PartnerTally, SubjectTally, Topic
from events.synthesis.dice import Dice

DAY = datetime.date
TABLES = (EventTally, PartnerTally, SubjectTally)


def wrong() -> int:
    return sum(rollup.rebuild(only_say=True) for rollup in Rollup.of.values())


def test_the_world_is_counted(world):
    assert wrong() == 0
    assert all(table.objects.filter(n__gt=0).exists() for table in TABLES)
    tops = PartnerTally.objects.filter(below=True, n__gt=0).values_list("organization", flat=True)
    assert world.unodc.pk in tops  # met through its office alone
    assert not {world.caricc.pk, world.office.pk} & set(tops)
    assert SubjectTally.objects.get(about="country", key="JP", n__gt=0).n == 1


def test_what_is_restricted_in_effect_is_in_no_figure(world):
    found = Event._base_manager.filter(restricted_in_effect=False).count()
    assert sum(EventTally.objects.values_list("n", flat=True)) == found < Event._base_manager.count()


def steps(w):
    def again(model, pk, **values):
        def step(c):
            row = model._base_manager.get(pk=pk)
            for name, value in values.items():
                setattr(row, name, value)
            c.save(row)

        return step

    yield "moved to another month", again(Event, w.talks.pk, start_date=DAY(2021, 12, 30), end_date=DAY(2022, 1, 2))
    yield "a promise", lambda c: c.save(Commitment(title="A list", debtor=w.agency, creditor=w.caricc))
    yield "a promise of another event", again(Commitment, w.loose.pk, event=w.visit)
    yield "promises loaded", lambda c: c.load([Commitment(title="A call", debtor=w.agency, event=w.talks)])
    yield "renamed", again(Event, w.talks.pk, title="Talks in Astana")
    yield "another kind and format", again(Event, w.talks.pk, kind="meeting", format="online")
    yield "cancelled", again(Event, w.talks.pk, status="cancelled")
    yield "held after all", again(Event, w.talks.pk, status="held")
    yield "a part restricted", again(Event, w.visit_open.pk, visibility="restricted")
    yield "the whole restricted", again(Event, w.visit.pk, visibility="restricted")
    yield "the part open within it", again(Event, w.visit_open.pk, visibility="internal")
    yield "the whole opened", again(Event, w.visit.pk, visibility="internal")
    yield "made part of a restricted one", again(Event, w.talks.pk, parent=w.retreat)
    yield "no part any more", again(Event, w.talks.pk, parent=None)
    yield "a delegation more", lambda c: c.save(Delegation(event=w.talks, organization=w.desk))
    yield "a state by itself", lambda c: c.save(Delegation(event=w.talks, country="AT"))
    yield "a delegation less", lambda c: c.delete(w.talks.delegations.order_by("position")[1])
    yield "outcomes", lambda c: c.save(Outcome(event=w.visit, kind="agreement", title="On trainings"))
    yield "no outcome", lambda c: c.delete(w.visit_open.outcomes.first())
    yield "topics", lambda c: c.set(Event.objects.get(pk=w.visit.pk), "topics", [w.precursors, w.finance])
    yield "a topic gone", lambda c: c.set(Event.objects.get(pk=w.visit.pk), "topics", [w.finance])
    yield "a body moves in the tree", again(Organization, w.office.pk, parent=w.agency)
    yield "a body moves to the top", again(Organization, w.office.pk, parent=None)
    yield "a body that is ours", again(Organization, w.agency.pk, own=True)
    yield "a body that is not", again(Organization, w.agency.pk, own=False)
    yield "another state", again(Organization, w.embassy.pk, country="UZ")
    yield "no state", again(Organization, w.agency.pk, country="")
    yield "loaded", lambda c: [c.load([Event(title="A", kind="meeting", start_date="2021-02-28", end_date="2021-03-01", status="held")]),
                               c.load([Delegation(event_id=Event.objects.get(title="A").pk, organization_id=w.agency.pk)])]  # fmt: skip
    yield "parts loaded", lambda c: [c.load([Outcome(event=w.visit, kind="document", title="Protocol")]),
                                     c.load([Delegation(event=w.visit, organization=w.embassy)])]  # fmt: skip
    yield "a topic renamed", again(Topic, w.finance.pk, name="Money")
    yield "deleted, with its parts", lambda c: c.delete(Event._base_manager.get(pk=w.visit.pk))
    yield "the latest with a body deleted", lambda c: c.delete(Event._base_manager.get(pk=w.talks.pk))


def test_after_each_kind_of_change_they_are_those_that_would_be_counted_anew(world):
    for name, step in steps(world):
        with writes.change(world.admin, "admin") as change:
            step(change)
        assert wrong() == 0, name


def test_many_changes_in_one_leave_the_figures_right(world):
    with writes.change(world.admin, "admin") as change:
        for _name, step in steps(world):
            step(change)
    assert wrong() == 0


def test_merging_bodies_and_undoing_it_leave_the_figures_right(world):
    for kept, gone in ((world.unodc, world.embassy), (world.ministry, world.office), (world.agency, world.caricc)):
        with writes.change(world.admin, "admin", "the same") as change:
            done = merge(change, Organization.objects.get(pk=kept.pk), Organization.objects.get(pk=gone.pk), {})
        assert wrong() == 0, gone.name
        with writes.change(world.admin, "admin", "not the same") as change:
            unmerge(change, done)
        assert wrong() == 0, gone.name


def test_after_many_invented_changes_in_any_order_they_are_right(world):
    """Two hundred changes thrown with a fixed dice, some of which fail and leave nothing behind."""
    dice = Dice(17)
    call_command("synthesize", events=60, seed=3, verbosity=0)
    bodies = list(Organization._base_manager.order_by("pk").values_list("pk", flat=True)[:40])
    topics = list(Topic._base_manager.order_by("pk").values_list("pk", flat=True)[:6])
    refused = 0
    for turn in range(200):
        event = dice.one(list(Event._base_manager.order_by("pk")))
        what = dice.number(0, 7)
        try:
            with transaction.atomic(), writes.change(world.admin, "admin") as change:
                if what == 0:
                    event.start_date = event.end_date = DAY(2021, dice.number(1, 12), dice.number(1, 28))
                elif what == 1:
                    event.status = dice.one(["held", "planned", "cancelled"])
                elif what == 2:
                    event.visibility = dice.one(["internal", "restricted"])
                elif what == 3:
                    change.save(Delegation(event=event, organization_id=dice.one(bodies)))
                elif what == 4 and event.delegations.exists():
                    change.delete(event.delegations.order_by("pk").first())
                elif what == 5:
                    change.set(event, "topics", [dice.one(topics)])
                elif what == 6:
                    change.save(Outcome(event=event, kind="decision", title="D"))
                else:
                    body = Organization._base_manager.get(pk=dice.one(bodies))
                    body.country, body.parent_id = dice.one(["KZ", "UZ", ""]), dice.one([None, *bodies])
                    change.save(body)
                change.save(event)
                if turn % 10 == 9:
                    raise InterruptedError
        except (InterruptedError, ValidationError):
            refused += 1  # and nothing has changed
        if turn % 20 == 0:
            assert wrong() == 0, turn
    assert wrong() == 0
    assert 20 <= refused < 100


def test_the_command_says_what_is_wrong_and_mends_it(world):
    EventTally.objects.filter(pk=EventTally.objects.first().pk).update(n=99)
    PartnerTally.objects.filter(pk=PartnerTally.objects.first().pk).delete()
    out = StringIO()
    call_command("rollup", "--check", stdout=out)
    assert "events.event: 2 figures wrong" in out.getvalue()
    assert wrong() == 2
    call_command("rollup", stdout=out)
    assert wrong() == 0
    call_command("rollup", "--check", stdout=out)
    assert "events.event: as it should be" in out.getvalue()
    assert "events.commitment: as it should be" in out.getvalue()


def test_after_migrate_events_without_figures_are_counted(world):
    for table in TABLES:
        table.objects.all().delete()
    rollups.count_missing(apps.get_app_config("contacts"), using="default")
    assert not EventTally.objects.exists()
    rollups.count_missing(apps.get_app_config("events"), using="default")
    assert wrong() == 0
    assert EventTally.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_earlier_state_of_the_database_has_nothing_to_count(world):
    call_command("migrate", "events", "0010", verbosity=0)
    call_command("migrate", "events", verbosity=0)
    assert wrong() == 0
    assert EventTally.objects.exists()


@pytest.mark.parametrize("latest", [DAY(2021, 11, 2), DAY(2021, 10, 15)])
def test_the_latest_day_with_a_body_is_known_in_each_month(world, latest):
    body = world.embassy if latest.month == 11 else world.agency
    assert PartnerTally.objects.filter(organization=body, below=False, n__gt=0).latest("latest").latest == latest


def test_a_commitment_counts_from_its_event_or_its_entry_whichever_is_earlier(world):
    assert Commitment.objects.get(pk=world.owed.pk).counted_from == world.talks.start_date
    assert Commitment.objects.get(pk=world.loose.pk).counted_from == today()
    world.talks.start_date = DAY(2021, 11, 1)
    with writes.change(world.officer, "admin") as change:
        change.save(world.talks)
    assert Commitment.objects.get(pk=world.owed.pk).counted_from == DAY(2021, 11, 1)
