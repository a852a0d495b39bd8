"""Who is silent, for whom, since when, and why."""

import datetime

import pytest
from django.utils import timezone

from caricc.lib import writes
from caricc.lib.days import today
from caricc.lib.periods import add_months
from contacts import rhythm
from contacts.filters import OrganizationQuestion
from contacts.models import Organization, Rhythm
from contacts.rhythm import contacts, every, in_question, silences, standing, standings
from contacts.strip import strip
from events.models import Delegation, Event
from tests.world import READERS

DAY = datetime.date


@pytest.fixture
def make(world):
    """`make(model, **fields)`: one more row, through the write path."""

    def making(model, **fields):
        with writes.change(None, "command") as change:
            return change.save(model(**fields))

    return making


@pytest.fixture
def partner(make):
    """`partner(**fields)`: a body that was entered long ago, with a rhythm of six months."""

    def entering(**fields):
        entered = timezone.make_aware(datetime.datetime(2020, 1, 31, 12))
        given = {"name": "Some Partner", "kind": "other", "rhythm": 6, "created_at": entered}
        return make(Organization, **{**given, **fields})

    return entering


@pytest.fixture
def meet(make, world):
    """`meet(body, day)`: an event held with it that day."""

    def meeting(body, day, **fields):
        event = make(
            Event, **{"kind": "meeting", "title": "A meeting", "start_date": day, "owner": world.officer, **fields}
        )
        make(Delegation, event=event, organization=body)
        return event

    return meeting


def silent_ones(user) -> list[int]:
    return [one.organization for one in silences(user)]


# ---- for whom


def test_the_world_has_silent_partners_and_each_reader_counts_what_they_may_see(world):
    assert silent_ones(world.analyst) == [world.embassy.pk, world.agency.pk]
    assert silent_ones(world.officer) == [world.ministry.pk, world.embassy.pk, world.agency.pk]
    assert standing(world.officer, world.ministry.pk).last == DAY(2021, 10, 15)
    assert standing(world.analyst, world.ministry.pk).last is None
    assert silences(world.newcomer) == []


def test_a_partner_met_only_at_a_hidden_event_is_silent_for_those_who_cannot_see_it(world, partner, meet):
    body = partner()
    meet(body, today(), visibility="restricted")
    assert body.pk not in silent_ones(world.officer)
    for who in ("admin", "manager", "analyst"):
        found = next(one for one in silences(world.users[who]) if one.organization == body.pk)
        assert (found.last, found.since) == (None, DAY(2020, 7, 31))


def test_a_planned_event_is_the_next_contact_of_those_only_who_may_see_it(world):
    assert standing(world.officer, world.embassy.pk).next == world.hidden_ahead.start_date
    assert standing(world.analyst, world.embassy.pk).next is None
    found = silences(world.officer)
    assert contacts(world.officer, found)[world.embassy.pk] == {"last": world.talks, "next": world.hidden_ahead}
    assert contacts(world.analyst, silences(world.analyst))[world.embassy.pk] == {"last": world.talks}


# ---- what counts


def test_a_contact_of_an_office_is_one_of_the_body_above_it(world, partner, meet):
    head = partner(name="Head")
    office = partner(name="Office", parent=head, rhythm=None)
    desk = partner(name="Desk", parent=office, rhythm=None)
    assert head.pk in silent_ones(world.analyst)
    event = meet(desk, today())
    assert head.pk not in silent_ones(world.analyst)
    assert contacts(world.analyst, [standing(world.analyst, head.pk)]) == {head.pk: {"last": event}}


def test_what_is_planned_postponed_or_cancelled_is_no_contact(world, partner, meet):
    body = partner()
    for status in ("planned", "postponed", "cancelled"):
        meet(body, today(), status=status)
    assert body.pk in silent_ones(world.analyst)
    meet(body, today(), status="held")
    assert body.pk not in silent_ones(world.analyst)


def test_the_rhythm_of_a_kind_counts_only_at_the_top_of_the_tree(world, partner):
    top = partner(name="Embassy", kind="embassy", rhythm=None)
    below = partner(name="Consulate", kind="embassy", rhythm=None, parent=top)
    under_ours = partner(name="Mission", kind="embassy", rhythm=None, parent=world.caricc)
    of_its_own = partner(name="Attaché", kind="embassy", rhythm=2, parent=top)
    found = {one.organization: one for one in silences(world.analyst)}
    assert {top.pk, under_ours.pk, of_its_own.pk} <= set(found)
    assert below.pk not in found
    assert [(found[one.pk].months, found[one.pk].agreed) for one in (top, of_its_own)] == [(3, False), (2, True)]


def test_what_is_agreed_with_a_partner_goes_before_its_kind_and_zero_means_never(world, partner):
    never = partner(kind="embassy", rhythm=0)
    assert never.pk not in silent_ones(world.analyst)
    assert standing(world.analyst, never.pk).rhythm == "none expected, as agreed"
    yearly = partner(kind="embassy", rhythm=12, name="Another")
    assert standing(world.analyst, yearly.pk).months == 12


@pytest.mark.parametrize("fields", [{"archived": True}, {"own": True}, {"succeeded": True}])
def test_bodies_of_old_and_our_own_do_not_ring(world, partner, fields):
    if fields.pop("succeeded", None):
        fields["succeeded_by"] = world.agency
    body = partner(**fields)
    assert body.pk not in silent_ones(world.analyst)
    assert standing(world.analyst, body.pk) is None


# ---- since when


def test_the_clock_of_a_partner_never_met_begins_on_the_day_it_was_entered(world, partner):
    body = partner()
    found = next(one for one in silences(world.analyst) if one.organization == body.pk)
    assert (found.entered, found.since) == (DAY(2020, 1, 31), DAY(2020, 7, 31))
    assert found.why == "Never met; entered on 31 Jan 2020, and a contact was due by 31 Jul 2020."


def test_the_day_of_entry_is_that_of_almaty(world, partner):
    body = partner(created_at=datetime.datetime(2020, 1, 31, 20, tzinfo=datetime.UTC))
    assert standing(world.analyst, body.pk).entered == DAY(2020, 2, 1)


@pytest.mark.parametrize(
    ("last", "months", "due"),
    [
        (DAY(2021, 8, 31), 6, DAY(2022, 2, 28)),
        (DAY(2023, 8, 31), 6, DAY(2024, 2, 29)),
        (DAY(2021, 11, 30), 3, DAY(2022, 2, 28)),
        (DAY(2022, 2, 28), 1, DAY(2022, 3, 28)),
    ],
)
def test_a_month_without_such_a_day_ends_on_its_last_one(world, partner, meet, last, months, due):
    body = partner(rhythm=months)
    meet(body, last)
    assert standing(world.analyst, body.pk).since == due


def test_on_the_day_on_which_it_is_due_nothing_rings_and_on_the_next_it_does(world, partner, meet, monkeypatch):
    body = partner(rhythm=3)
    meet(body, DAY(2021, 11, 30))
    for day, rings in ((DAY(2022, 2, 28), False), (DAY(2022, 3, 1), True)):
        monkeypatch.setattr(rhythm, "today", lambda day=day: day)
        assert (body.pk in silent_ones(world.analyst)) is rings


def test_an_event_of_several_days_is_a_contact_until_its_last(world, partner, meet):
    body = partner()
    meet(body, DAY(2021, 1, 30), end_date=DAY(2021, 2, 2))
    assert standing(world.analyst, body.pk).last == DAY(2021, 2, 2)


def test_an_event_that_goes_on_is_still_the_next_one(world, partner, meet):
    body, yesterday = partner(), today() - datetime.timedelta(days=1)
    meet(body, yesterday, end_date=today(), status="planned")
    meet(body, yesterday - datetime.timedelta(days=9), status="planned")
    assert standing(world.analyst, body.pk).next == yesterday


def test_the_longest_silence_comes_first(world, partner, meet):
    early, late = partner(name="A"), partner(name="B")
    meet(early, DAY(2021, 3, 1))
    meet(late, DAY(2021, 2, 1))
    found = silent_ones(world.analyst)
    assert found.index(late.pk) < found.index(early.pk)


# ---- quiet for a while


def test_who_may_be_quiet_does_not_ring_until_the_day_after(world, partner):
    until = partner(snoozed_until=today(), snooze_reason="The post is vacant")
    over = partner(snoozed_until=today() - datetime.timedelta(days=1), snooze_reason="It was", name="Another")
    assert until.pk not in silent_ones(world.analyst)
    assert over.pk in silent_ones(world.analyst)
    now = standing(world.analyst, until.pk)
    assert (now.is_overdue, now.is_snoozed, now.is_silent) == (True, True, False)


# ---- the question


def test_the_question_finds_the_silent_and_its_opposite_all_others(world, partner):
    partner()

    def ask(query):
        rows = Organization.objects.visible_to(world.analyst)
        return list(OrganizationQuestion(query, rows, user=world.analyst).qs.values_list("pk", flat=True))

    silent, others = ask({"silent": "true"}), ask({"silent": "false"})
    assert silent == silent_ones(world.analyst)
    assert sorted([*silent, *others]) == sorted(ask({}))
    assert ask({"silent": "true", "ordering": "name"}) == [
        pk for pk in ask({"ordering": "name"}) if pk in silent
    ]  # fmt: skip


def test_thousands_of_silent_partners_keep_their_order(world, count_queries):
    entered = timezone.make_aware(datetime.datetime(2020, 1, 31, 12))
    with writes.change(None, "command") as change:
        change.load(
            [Organization(name=f"Body {n}", kind="other", rhythm=1 + n % 9, created_at=entered) for n in range(3000)]
        )
    rows = Organization.objects.visible_to(world.analyst)
    question = OrganizationQuestion({"silent": "true"}, rows, user=world.analyst)
    with count_queries() as counted:
        found = list(question.qs.values_list("pk", flat=True))
    assert len(found) > 3000
    assert found == silent_ones(world.analyst)
    assert len(counted) == 2


def test_standings_are_one_query_whatever_they_are_of(world, partner, meet, count_queries):
    for n in range(5):
        meet(partner(name=f"Body {n}"), DAY(2021, 1, 1 + n))
    world.analyst.has_perm("contacts.view_organization")
    for asked in (lambda: silences(world.analyst), lambda: standings(world.analyst, in_question())):
        with count_queries() as counted:
            found = asked()
        assert len(counted) == 1
    with count_queries() as counted:
        assert len(contacts(world.analyst, found)) >= 5
    assert len(counted) == 1


# ---- words


def test_a_rhythm_is_said_as_one_says_it(world, partner):
    assert [every(n) for n in (1, 3, 12, 18, 24)] == [
        "every month", "every 3 months", "every year", "every 18 months", "every 2 years"
    ]  # fmt: skip
    assert standing(world.analyst, world.agency.pk).rhythm == "every 6 months, as agreed"
    assert standing(world.analyst, world.embassy.pk).rhythm == "every 3 months, as for embassies"
    assert standing(world.analyst, world.unodc.pk).rhythm == "not agreed"
    assert standing(world.analyst, world.embassy.pk).why == (
        "Last met on 2 Nov 2021; the next contact was due by 2 Feb 2022."
    )


def test_every_kind_has_words_for_its_rhythm(world, make):
    for kind, _label in Rhythm._meta.get_field("kind").choices:
        body = make(Organization, name=f"A body of {kind}", kind=kind)
        Rhythm._base_manager.filter(kind=kind).exists() or make(Rhythm, kind=kind, months=7)
        assert ", as for " in standing(world.analyst, body.pk).rhythm


# ---- the strip


@pytest.mark.parametrize("who", READERS)
def test_the_strip_counts_what_the_question_of_each_month_finds(world, partner, meet, who):
    from events.filters import EventQuestion

    body = partner()
    office = partner(name="Office", parent=body)
    first = add_months(today().replace(day=1), -3)
    meet(body, first - datetime.timedelta(days=2), end_date=first)
    meet(office, first)
    meet(office, first, visibility="restricted")
    meet(body, add_months(first, -20) - datetime.timedelta(days=1))
    user = world.users[who]
    met = Event.objects.visible_to(user).with_delegation(organization__in=[body.pk, office.pk]).held()
    months = strip(met, f"partner={body.pk}&status=held")
    assert len(months) == 24
    assert [month.count for month in months if month.count] == [1, 3 if who == "officer" else 2]
    for month in months:
        asked = dict(pair.split("=") for pair in month.query.split("&"))
        found = EventQuestion(asked, Event.objects.visible_to(user), user=user).qs.count()
        assert found == month.count, month


def test_the_area_of_a_dot_is_its_number(world, partner, meet):
    body = partner()
    for n in range(5):
        meet(body, add_months(today(), -1 - (n > 0)))
    met = Event.objects.visible_to(world.analyst).with_delegation(organization=body.pk)
    one, four = (next(m.radius for m in strip(met, "") if m.count == n) for n in (1, 4))
    assert four == pytest.approx(2 * one, abs=0.05)
    for _n in range(60):
        meet(body, add_months(today(), -2))
    assert max(month.radius for month in strip(met, "")) <= 12.5
