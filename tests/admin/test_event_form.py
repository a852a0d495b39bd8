"""An event is logged on one page, and an existing one is changed there."""

import pytest
from django.urls import reverse

from caricc.lib.days import today
from caricc.models import History
from events.models import Commitment, Delegate, Delegation, Event, Outcome
from tests.admin.typing import errors_on, row_of, typed

ADD = "/admin/events/event/add/"


@pytest.fixture
def officer(client, world):
    client.force_login(world.officer)
    return client


def change_url(event):
    return reverse("admin:events_event_change", args=[event.pk])


def log(client, **over):
    """Send the form for a new event; the event where it was saved, else the response."""
    before = set(Event._base_manager.values_list("pk", flat=True))
    response = client.post(ADD, typed(client.get(ADD), **{"kind": "bilateral", "title": "A talk", **over}))
    made = Event._base_manager.exclude(pk__in=before)
    return made.get() if response.status_code == 302 else response


def test_the_form_begins_with_today_and_our_own_delegation(officer, world):
    fields = typed(officer.get(ADD))
    assert fields["start_date"] == [today().isoformat()]
    assert fields["status"] == ["held"]
    assert fields["delegations-0-organization"] == [str(world.caricc.pk)]


def test_people_bring_their_delegations_titles_and_roles(officer, world):
    event = log(
        officer, start_date="2021-11-02", people__0__person=world.ambassador.pk, people__0__role="head",
        people__1__person=world.director.pk, people__2__name="an adviser", people__2__organization=world.embassy.pk,
    )  # fmt: skip
    assert [str(row) for row in event.delegations.all()] == ["CARICC", "Embassy of Japan"]
    embassy = event.delegations.get(organization=world.embassy)
    assert {(row.shown_name, row.title, row.role) for row in embassy.delegates.all()} == {
        ("Kenji Sato", "Ambassador", "head"), ("an adviser", "", "member"),
    }  # fmt: skip
    assert event.delegations.get(organization=world.caricc).delegates.get().rank == "General"
    assert event.owner == world.officer


def test_a_delegation_without_names_may_be_a_state_a_group_or_both(officer, world):
    event = log(
        officer, delegations__0__organization="", delegations__0__country="Japan", delegations__0__role="host",
        delegations__1__group="experts", delegations__1__country="at", delegations__1__headcount="30",
        delegations__1__headcount_at_least="on", delegations__TOTAL_FORMS=2,
    )  # fmt: skip
    rows = [(r.country, r.group, r.role, r.headcount, r.headcount_at_least) for r in event.delegations.all()]
    assert rows == [("JP", "", "host", None, False), ("AT", "experts", "participant", 30, True)]


def test_people_join_the_delegation_that_was_named_as_host(officer, world):
    event = log(
        officer, delegations__0__organization=world.embassy.pk, delegations__0__role="host",
        people__0__person=world.ambassador.pk,
    )  # fmt: skip
    assert event.delegations.get().role == "host"
    assert event.delegations.get().delegates.get().person == world.ambassador


def test_outcomes_and_commitments_are_logged_with_who_they_are_by(officer, world):
    event = log(
        officer, people__0__person=world.ambassador.pk, outcomes__0__kind="document", outcomes__0__title="A protocol",
        outcomes__0__lines="first\r\n\r\nsecond", outcomes__0__parties=[world.embassy.pk, world.caricc.pk],
        outcomes__0__by=f"person:{world.ambassador.pk}", commitments__0__title="A note", commitments__0__creditor_country="JP",
        commitments__0__due_date="2030-01-31",
    )  # fmt: skip
    outcome, promise = event.outcomes.get(), event.commitments.get()
    assert outcome.by_delegate.person == world.ambassador
    assert outcome.lines == ["first", "second"]
    assert set(outcome.parties.all()) == {world.embassy, world.caricc}
    assert (promise.debtor, promise.creditor_country, promise.direction) == (world.caricc, "JP", "ours")


def test_a_state_that_owes_takes_the_place_of_our_own_organization(officer, world):
    event = log(officer, commitments__0__title="Help", commitments__0__debtor_country="Japan")
    assert (event.commitments.get().debtor, event.commitments.get().debtor_country) == (None, "JP")


def test_an_outcome_by_somebody_who_was_not_there_is_refused_beside_its_field(officer, world):
    answer = log(
        officer,
        outcomes__0__kind="document",
        outcomes__0__title="A protocol",
        outcomes__0__by=f"person:{world.director.pk}",
    )
    assert errors_on(answer) == ["“Rustam Karimov” is not among those who were there."]
    assert not Event._base_manager.filter(title="A talk").exists()
    assert typed(answer)["outcomes-0-by"] == [f"person:{world.director.pk}"]


def test_what_was_typed_survives_an_error(officer, world):
    typing = {
        "title": "", "summary": "Two words", "topics": [world.precursors.pk], "start_date": "2021-11-02",
        "people__0__person": world.ambassador.pk, "people__0__title": "Envoy", "people__1__name": "a clerk",
        "delegations__0__country": "Utopia", "outcomes__0__title": "No kind", "outcomes__0__lines": "one\r\ntwo",
        "commitments__0__title": "Help", "commitments__0__creditor": world.embassy.pk,
    }  # fmt: skip
    answer = log(officer, **typing)
    told = " ".join(errors_on(answer))
    assert answer.status_code == 200
    assert "Utopia" in told
    assert "a clerk" in told
    fields = typed(answer)
    for name, value in typing.items():
        assert fields[name.replace("__", "-")] == [str(v) for v in (value if isinstance(value, list) else [value])]
    assert "Kenji Sato" in answer.content.decode()


def test_a_person_without_a_post_needs_to_be_told_for_whom(officer, world):
    answer = log(officer, start_date="2017-01-01", people__0__person=world.coordinator.pk)
    assert errors_on(answer) == ["No post of Anna Berg on 1 Jan 2017 is on record: say for whom."]


def test_opening_and_saving_changes_nothing(officer, world):
    count = History.objects.count()
    for event in (world.talks, world.visit, world.visit_open, world.visit_closed, world.planned, world.retreat):
        version = event.version
        page = officer.get(change_url(event))
        answer = officer.post(change_url(event), typed(page))
        assert answer.status_code == 302, errors_on(answer)
        event.refresh_from_db()
        assert event.version == version
    assert History.objects.count() == count


def test_one_changed_field_is_one_row_of_history(officer, world):
    count = History.objects.count()
    officer.post(
        change_url(world.talks), typed(officer.get(change_url(world.talks)), venue="The embassy", _why="told later")
    )
    row = History.objects.latest("id")
    assert History.objects.count() == count + 1
    assert (row.door, row.why, row.actor, row.changes) == (
        "admin",
        "told later",
        world.officer,
        {"venue": ["", "The embassy"]},
    )


def test_people_are_moved_and_taken_out(officer, world):
    fields = typed(officer.get(change_url(world.talks)))
    ambassador = row_of(fields, "people", person=world.ambassador.pk)
    specialist = row_of(fields, "people", person=world.specialist.pk)
    fields[f"{ambassador}-organization"] = [str(world.ministry.pk)]
    fields[f"{specialist}-DELETE"] = ["on"]
    officer.post(change_url(world.talks), fields)
    delegates = Delegate._base_manager.filter(delegation__event=world.talks)
    assert {(row.person, row.delegation.organization) for row in delegates} == {
        (world.director, world.caricc), (world.ambassador, world.ministry),
    }  # fmt: skip
    assert not world.talks.delegations.filter(organization=world.embassy).exists()


def test_a_delegation_is_not_taken_out_from_under_its_people(officer, world):
    fields = typed(officer.get(change_url(world.talks)))
    row = row_of(fields, "delegations", organization=world.embassy.pk)
    fields[f"{row}-DELETE"] = ["on"]
    answer = officer.post(change_url(world.talks), fields)
    assert errors_on(answer)[0].startswith("Somebody above was there for Embassy of Japan")
    assert world.talks.delegations.filter(organization=world.embassy).exists()


def test_saved_as_new_it_is_another_event_with_the_same_people(officer, world):
    fields = typed(officer.get(change_url(world.talks)), start_date="2022-01-10", end_date="", _saveasnew="1")
    officer.post(change_url(world.talks), fields)
    made = Event._base_manager.get(start_date="2022-01-10")
    assert made.pk != world.talks.pk
    assert Delegation._base_manager.filter(event=made).count() == 3
    assert Delegate._base_manager.filter(delegation__event=made).count() == 3
    assert Outcome._base_manager.filter(event=made).count() == 2
    assert Commitment._base_manager.filter(event=world.talks).count() == 3
    assert History.objects.filter(root_id=made.pk, action="create").exists()


def test_a_side_meeting_begins_with_what_its_parent_says(officer, world):
    fields = typed(officer.get(f"{ADD}?parent={world.visit.pk}"))
    assert fields["parent"] == [str(world.visit.pk)]
    assert (fields["start_date"], fields["end_date"]) == (["2021-10-14"], ["2021-10-15"])
    assert fields["date_precision"] == ["within"]
    assert fields["city"] == ["Tashkent"]
    row_of(fields, "delegations", organization=world.agency.pk)
    row_of(fields, "people", person=world.director.pk, role="head")


def test_a_hidden_parent_is_as_an_absent_one(client, world):
    client.force_login(world.officer)
    hidden, absent = (client.get(f"{ADD}?parent={pk}") for pk in (world.orphan.pk, 999_999))
    assert typed(hidden) | {"csrfmiddlewaretoken": []} == typed(absent) | {"csrfmiddlewaretoken": []}


def test_save_and_add_a_side_meeting_leads_to_its_form(officer, world):
    fields = typed(officer.get(change_url(world.visit)), _addchild="1")
    answer = officer.post(change_url(world.visit), fields)
    assert answer.url == f"{ADD}?parent={world.visit.pk}"
