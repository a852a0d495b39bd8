"""The number of queries grows neither with the rows of a list nor with those of a form."""

import pytest
from django.urls import reverse

from caricc.lib import writes
from caricc.lib.days import today
from contacts.models import City, Organization, OrganizationName, Person, PersonName, Post
from events.models import Case, Commitment, Delegate, Delegation, Event, Outcome, Source, Topic
from tests.admin.typing import errors_on, row_of, typed

MOST = 30


def conference(world, size):
    """An event with so many delegations, each with one person, an outcome for every tenth, a commitment for every fifth."""
    with writes.change(None, "synthesize") as change:
        event = change.save(Event(kind="conference", title=f"{size} bodies", start_date=today(), owner=world.officer))
        bodies = [Organization(name=f"Body {n} of {size}", kind="other") for n in range(size)]
        people = [Person(name=f"Somebody {n} of {size}") for n in range(size)]
        delegations = [Delegation(event=event, organization=body, position=n) for n, body in enumerate(bodies)]
        pairs = list(zip(people, delegations, strict=True))
        for rows in (
            bodies, people, [Post(person=p, organization=d.organization) for p, d in pairs], delegations,
            [Delegate(delegation=d, person=p, title="Delegate") for p, d in pairs],
            [Outcome(event=event, kind="information", title=f"Word {n}", by_delegation=delegations[n])
             for n in range(0, size, 10)],
            [Commitment(event=event, title=f"Promise {n}", debtor=bodies[n], responsible=people[n])
             for n in range(0, size, 5)],
        ):  # fmt: skip
            change.load(rows)
    return event


@pytest.fixture
def officer(client, world):
    client.force_login(world.officer)
    return client


def change_url(record):
    return reverse("admin:events_event_change", args=[record.pk])


def test_an_event_with_150_delegations_opens_and_saves(officer, world, count_queries):
    event = conference(world, 150)
    with count_queries() as opening:
        page = officer.get(change_url(event))
    assert len(opening) <= MOST
    fields = typed(page, title="A better title")
    with count_queries() as saving:
        answer = officer.post(change_url(event), fields)
    assert answer.status_code == 302, errors_on(answer)
    assert len(saving) <= 2 * MOST
    event.refresh_from_db()
    assert (event.title, event.version) == ("A better title", 2)
    assert Delegate._base_manager.filter(delegation__event=event).count() == 150


def test_one_changed_row_among_150_costs_little(officer, world, count_queries):
    event = conference(world, 150)
    fields = typed(officer.get(change_url(event)))
    row = row_of(fields, "people", person=Person._base_manager.get(name="Somebody 77 of 150").pk)
    fields[f"{row}-title"] = ["Head of unit"]
    with count_queries() as saving:
        officer.post(change_url(event), fields)
    assert len(saving) <= 2 * MOST
    assert (
        Delegate._base_manager.get(delegation__event=event, person__name="Somebody 77 of 150").title == "Head of unit"
    )


def test_forms_ask_as_much_for_many_rows_as_for_few(officer, world, count_queries):
    few, many = conference(world, 10), conference(world, 40)
    figures = []
    for event in (few, many):
        officer.get(change_url(event))
        with count_queries() as opening:
            officer.get(change_url(event))
        with count_queries() as saving:
            officer.post(change_url(event), typed(officer.get(change_url(event)), title="T", start_date=""))
        figures.append((len(opening), len(saving)))
    assert figures[0] == figures[1]


LISTED = [
    ("events", "event"), ("events", "case"), ("events", "commitment"), ("events", "topic"), ("events", "source"),
    ("contacts", "organization"), ("contacts", "person"), ("contacts", "post"), ("contacts", "city"),
]  # fmt: skip


def more_rows(world, n):
    with writes.change(None, "synthesize") as change:
        bodies = [Organization(name=f"Body {i}", kind="other", parent=world.unodc) for i in range(n)]
        people = [Person(name=f"Person {i}") for i in range(n)]
        cities = [City(name=f"City {i}", country="KZ") for i in range(n)]
        events = [
            Event(
                kind="meeting", title=f"Part {i}", start_date=today(), end_date=today(), parent=world.visit, city="Osh"
            )
            for i in range(n)
        ]
        for rows in (
            bodies, people, cities, events, [OrganizationName(organization=row, name=row.name) for row in bodies],
            [PersonName(person=row, family=row.name) for row in people],
            [Post(person=p, organization=b) for p, b in zip(people, bodies, strict=True)],
            [Topic(name=f"Topic {i}") for i in range(n)], [Source(title=f"Source {i}", created_by=world.officer) for i in range(n)],
            [Case(title=f"Case {i}", number=f"X-{i}", lead=people[i]) for i in range(n)],
            [Commitment(title=f"C {i}", debtor=bodies[i], creditor=world.caricc, event=world.talks) for i in range(n)],
        ):  # fmt: skip
            change.load(rows)


def test_lists_ask_as_much_for_200_rows_as_for_10(officer, world, count_queries):
    def figures():
        found = {}
        for app, model in LISTED:
            with count_queries() as counted:
                page = officer.get(reverse(f"admin:{app}_{model}_changelist"))
            found[model] = (len(counted), page.context["cl"].result_count)
        return found

    more_rows(world, 10)
    figures()
    before = figures()
    more_rows_again = 190
    with writes.change(None, "synthesize") as change:
        change.load(
            [Event(kind="visit", title=f"E {i}", start_date=today(), end_date=today()) for i in range(more_rows_again)]
        )
        change.load([Organization(name=f"B {i}", kind="other", parent=world.unodc) for i in range(more_rows_again)])
        people = [Person(name=f"P {i}") for i in range(more_rows_again)]
        change.load(people)
        change.load([Post(person=row, organization=world.unodc) for row in people])
        change.load([Topic(name=f"T {i}") for i in range(more_rows_again)])
        change.load([Source(title=f"S {i}", created_by=world.officer) for i in range(more_rows_again)])
        change.load([City(name=f"K {i}", country="UZ") for i in range(more_rows_again)])
        change.load([Case(title=f"K {i}", number=f"Y-{i}", lead=world.director) for i in range(more_rows_again)])
        change.load([Commitment(title=f"K {i}", debtor=world.unodc) for i in range(more_rows_again)])
    after = figures()
    for model, (queries, _rows) in before.items():
        assert after[model][1] >= 200
        assert after[model][0] == queries, model
        assert queries <= 12, model
