"""The query string of the contract, asked of the API."""

import datetime
from urllib.parse import urlencode

import pytest

from caricc.lib import writes
from caricc.lib.days import today
from events.filters import EventQuestion
from events.models import Commitment
from tests.api.client import Api
from tests.inventory import questions


@pytest.fixture
def api(world):
    return Api(world.officer)


def ids(*records):
    return {record.pk for record in records}


def test_a_partner_question_includes_the_bodies_below_and_not_the_parent_of_what_was_asked(world, api):
    assert api.ids(f"events/?partner={world.unodc.pk}") == ids(world.talks, world.retreat, world.retreat_part)
    assert api.ids(f"events/?partner={world.desk.pk}") == set()


def test_partners_may_be_repeated_and_mean_any_of_them(world, api):
    found = api.ids(f"events/?partner={world.embassy.pk}&partner={world.agency.pk}")
    assert found == ids(world.talks, world.visit, world.visit_open, world.hidden_ahead)


def test_an_event_matches_when_its_days_overlap_the_range(world, api):
    assert api.ids("events/?date_after=2021-10-15&date_before=2021-10-15") == ids(
        world.visit, world.visit_open, world.visit_closed
    )
    assert world.talks.pk not in api.ids("events/?date_before=2021-11-01")


def test_a_state_took_part_itself_or_through_an_organization_but_not_as_the_venue(world, api):
    assert api.ids("events/?country=JP") == ids(world.talks, world.hidden_ahead)
    assert api.ids("events/?country=AT") == ids(world.planned)
    assert api.ids("events/?held_in=KZ") == ids(world.talks)


def test_a_role_narrows_partner_and_country(world, api):
    assert api.ids(f"events/?partner={world.agency.pk}&role=host") == ids(world.visit_open)
    assert api.ids("events/?country=AT&role=observer") == ids(world.planned)
    assert api.ids("events/?country=AT&role=host") == set()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("ambassador japan", ["talks"]),
        ("Каримов", ["talks", "visit", "visit_open", "visit_closed", "retreat"]),
        ("karimov mvd", ["visit_closed"]),
        ("нур-султан", ["talks"]),
        ("встреча", ["talks"]),
        ("Meadow Луг", ["talks", "visit", "visit_closed", "hidden_ahead"]),
        ("nowhere", []),
    ],
)
def test_every_word_must_match_in_either_script(world, api, words, found):
    assert api.ids(f"events/?q={words}") == ids(*(getattr(world, name) for name in found))


def test_parts_and_wholes_are_told_apart(world, api):
    assert api.ids(f"events/?parent={world.visit.pk}") == ids(world.visit_open, world.visit_closed)
    assert world.visit_open.pk not in api.ids("events/?parent__isnull=true")


def test_person_kind_format_status_topic_and_case_narrow(world, api):
    assert api.ids(f"events/?person={world.ambassador.pk}") == ids(world.talks)
    assert api.ids("events/?kind=visit&kind=working_group") == ids(world.visit, world.retreat, world.planned)
    assert api.ids("events/?format=hybrid") == ids(world.planned)
    assert api.ids("events/?status=planned") == ids(world.planned, world.hidden_ahead)
    assert api.ids(f"events/?topic={world.finance.pk}") == ids(world.visit, world.hidden_ahead)
    found = api.ids(f"events/?case={world.open_case.pk}")
    assert found == ids(world.talks, world.visit, world.visit_closed, world.hidden_ahead)


def test_order_is_by_day_newest_first_or_by_title(world, api):
    days = [row["start_date"] for row in api.rows("events/")]
    assert days == sorted(days, reverse=True)
    titles = [row["title"] for row in api.rows("events/?ordering=title")]
    assert titles == sorted(titles)


def test_an_empty_value_is_as_if_absent(world, api):
    assert api.ids("events/?kind=&partner=&q=&date_after=&ordering=") == api.ids("events/")


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("kind=party", "kind"),
        ("format=phone", "format"),
        ("country=XX", "country"),
        ("partner=abc", "partner"),
        ("partner=0", "partner"),
        ("partner=123456789012345678901", "partner"),
        ("person=-1", "person"),
        ("date_after=31.10.2021", "date_after"),
        ("date_after=2021-02-30", "date_after"),
        ("date_after=2021-11-01&date_before=2021-10-01", "date_after"),
        ("ordering=summary", "ordering"),
        ("parent__isnull=maybe", "parent__isnull"),
        ("limit=0", "limit"),
        ("limit=abc", "limit"),
        ("offset=-1", "offset"),
        ("count=perhaps", "count"),
        ("updated_after=yesterday", "updated_after"),
        ("view=mine", "view"),
        ("page=2", "page"),
        ("owner__password=x", "owner__password"),
        ("q=%00", "q"),
    ],
)
def test_a_value_that_makes_no_sense_and_an_unknown_name_are_400_naming_it(world, api, query, name):
    answer = api.get(f"events/?{query}")
    assert answer.status_code == 400
    assert name in answer.json()


def test_an_unknown_name_is_told_the_known_ones(world, api):
    assert "date_after" in str(api.get("events/?since=2021-01-01").json()["since"])


def test_the_id_of_a_hidden_case_is_answered_as_an_absent_one(world):
    analyst = Api(world.analyst)
    hidden, absent = (analyst.get(f"events/?case={pk}") for pk in (world.secret_case.pk, 999_999))
    assert (hidden.status_code, hidden.content) == (absent.status_code, absent.content)


def test_words_of_a_hidden_case_find_none_of_its_open_events(world):
    assert Api(world.analyst).ids("events/?q=Zmeinogorsk matter") == set()
    assert Api(world.officer).ids("events/?q=Zmeinogorsk matter") == {world.talks.pk}


def test_commitments_are_asked_by_side_direction_day_and_lateness(world, api):
    assert api.ids(f"commitments/?debtor={world.caricc.pk}&status=fulfilled") == ids(world.kept)
    assert api.ids(f"commitments/?partner={world.embassy.pk}") == ids(world.owed, world.due_to_us)
    assert world.owed.pk in api.ids("commitments/?direction=ours")
    assert world.due_to_us.pk in api.ids("commitments/?direction=theirs")
    assert world.due_to_us.pk in api.ids("commitments/?overdue=true")
    assert world.loose.pk in api.ids("commitments/?overdue=false")
    assert api.ids(f"commitments/?creditor={world.unodc.pk}&event={world.talks.pk}") == set()


def test_cases_know_partners_named_and_those_of_their_events(world, api):
    assert world.open_case.pk in api.ids(f"cases/?partner={world.embassy.pk}")
    assert api.ids(f"cases/?lead={world.director.pk}") == ids(world.open_case)
    assert api.ids("cases/?q=луг") == ids(world.open_case)


def test_people_and_posts_are_asked_by_organization_and_state(world, api):
    assert api.ids(f"people/?organization={world.unodc.pk}") == ids(world.coordinator)
    assert api.ids("people/?country=JP") == ids(world.ambassador)
    assert api.ids("people/?q=рустам") == ids(world.director)
    assert len(api.ids(f"posts/?organization={world.caricc.pk}")) == 2


def test_organizations_are_asked_by_kind_state_parent_and_words(world, api):
    assert api.ids(f"organizations/?parent={world.unodc.pk}") == ids(world.office)
    assert api.ids("organizations/?q=мвд") == api.ids("organizations/?q=MVD") == ids(world.ministry)
    assert api.ids("organizations/?kind=embassy&country=JP") == ids(world.embassy)


def test_delegations_and_outcomes_are_asked_by_their_own_names(world, api):
    assert len(api.ids(f"delegations/?event={world.planned.pk}&group=member_states")) == 1
    assert len(api.ids("delegations/?country=JP")) == 2
    assert len(api.ids(f"outcomes/?partner={world.agency.pk}&kind=information")) == 2


@pytest.mark.parametrize(
    ("resource", "name"), [("outcomes", "at"), ("commitments", "at"), ("cases", "at"), ("organizations", "met")]
)
def test_every_question_about_events_may_be_asked_within_another(world, api, resource, name):
    for question in questions(EventQuestion):
        if question.startswith(("limit", "offset", "count", "ordering")):
            continue
        found = api.get(f"{resource}/?{urlencode({name: question})}")
        assert found.status_code == 200, question
        assert isinstance(found.json()["count"], int)


def test_what_is_wrong_in_a_question_within_another_is_told_by_its_name(world, api):
    found = api.get(f"outcomes/?{urlencode({'at': 'kind=party&colour=blue'})}")
    assert found.status_code == 400
    assert "party" in found.json()["at"][0] + found.json()["at"][1]
    assert "colour" in " ".join(found.json()["at"])


@pytest.mark.parametrize("name", ["open_on", "overdue_on", "due_after", "closed_before"])
@pytest.mark.parametrize("day", ["0001-01-01", "1700-01-05", "9999-12-31"])
def test_days_beyond_those_of_the_register_mean_its_first_or_last(world, api, name, day):
    assert api.get(f"commitments/?{name}={day}").status_code == 200
    assert api.get(f"events/?date_before={day}&count=false").status_code == 200


def test_a_promise_made_for_a_planned_event_is_open_from_the_day_it_was_entered(world, api):
    with writes.change(world.officer, "api") as change:
        made = change.save(Commitment(title="For the day", debtor=world.caricc, event=world.planned))
    assert made.pk in api.ids(f"commitments/?open_on={today().isoformat()}")
    assert made.pk not in api.ids(f"commitments/?open_on={today().replace(year=today().year - 1, day=1).isoformat()}")


def test_a_due_date_given_later_does_not_make_a_promise_late_before(world, api):
    late = today() - datetime.timedelta(days=40)
    with writes.change(world.officer, "api") as change:
        change.save(Commitment(title="Long ago", debtor=world.caricc, event=world.talks, due_date=None))
    row = Commitment._base_manager.get(title="Long ago")
    with writes.change(world.officer, "api", "At last") as change:
        row.due_date = late
        change.save(row)
    yesterday = today() - datetime.timedelta(days=1)
    assert row.pk in api.ids("commitments/?overdue=true")
    assert row.pk not in api.ids(f"commitments/?overdue_on={yesterday.isoformat()}")
