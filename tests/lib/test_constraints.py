"""What the database itself refuses, whoever asks and by whichever way."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import InternalError

from contacts.models import Organization, PersonName, Post
from events.models import Case, Commitment, Delegate, Delegation, Event

DAY = datetime.date


def refuses(model, where, **values):
    """Whether a bare UPDATE, without forms, `clean` or the write path, is refused."""
    try:
        with transaction.atomic():
            changed = model._base_manager.filter(**where).update(**values)
    except (IntegrityError, InternalError):
        return True
    assert changed, "no row was tried"
    return False


@pytest.mark.parametrize(
    "values",
    [
        {"end_date": DAY(2021, 1, 1)},
        {"start_date": DAY(1899, 12, 31), "end_date": DAY(1899, 12, 31)},
        {"end_date": DAY(2101, 1, 1)},
        {"kind": "party"},
        {"status": "lost"},
        {"format": "phone"},
        {"date_precision": "decade"},
        {"visibility": "secret"},
    ],
)
def test_an_event_keeps_to_its_days_and_lists(world, values):
    assert refuses(Event, {"pk": world.talks.pk}, **values)


def test_events_contain_events_one_level_deep(world):
    assert refuses(Event, {"pk": world.talks.pk}, parent=world.visit_open.pk)
    assert refuses(Event, {"pk": world.visit.pk}, parent=world.talks.pk)
    assert refuses(Event, {"pk": world.talks.pk}, parent=world.talks.pk)
    assert not refuses(Event, {"pk": world.talks.pk}, parent=world.planned.pk)


def test_the_tree_of_organizations_has_no_loop(world):
    assert refuses(Organization, {"pk": world.unodc.pk}, parent=world.desk.pk)
    assert refuses(Organization, {"pk": world.unodc.pk}, parent=world.unodc.pk)
    assert not refuses(Organization, {"pk": world.desk.pk}, parent=world.unodc.pk)


def test_a_delegation_names_somebody_and_so_does_a_delegate(world):
    assert refuses(Delegation, {"event": world.talks.pk}, organization=None)
    assert refuses(Delegate, {"person": world.ambassador.pk}, person=None)


def test_somebody_owes_every_commitment(world):
    assert refuses(Commitment, {"pk": world.loose.pk}, debtor=None)
    assert not refuses(Commitment, {"pk": world.loose.pk}, debtor=None, debtor_country="JP")


def test_days_of_posts_names_and_cases_are_in_order(world):
    assert refuses(Post, {"person": world.director.pk}, until=DAY(2019, 1, 1))
    assert refuses(PersonName, {"person": world.ambassador.pk}, since=DAY(2021, 1, 2), until=DAY(2021, 1, 1))
    assert refuses(Case, {"pk": world.open_case.pk}, closed_on=DAY(1950, 1, 1))


def test_a_person_has_one_preferred_name(world):
    assert refuses(PersonName, {"person": world.director.pk}, preferred=True)


def test_a_case_number_is_given_once(world):
    assert refuses(Case, {"pk": world.secret_case.pk}, number=world.open_case.number)
