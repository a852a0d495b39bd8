import datetime
from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from caricc.lib import writes
from caricc.models import History
from contacts.models import Organization, OrganizationName, Person, PersonName, Post
from events.models import Case, Commitment, Delegate, Delegation, Event, Outcome, Source, Topic
from events.synthesis.dice import Dice
from events.synthesis.directory import Directory
from events.synthesis.matters import load_cases

pytestmark = pytest.mark.django_db
MODELS = (Organization, OrganizationName, Person, PersonName, Post, Topic, Source)
MODELS += (Case, Event, Delegation, Delegate, Outcome, Commitment)
STAMPS = {"created_at", "updated_at"}


def synthesize(events=300, **options) -> str:
    out = StringIO()
    call_command("synthesize", events=events, stdout=out, **options)
    return out.getvalue()


def rows() -> dict:
    names = {model: [f.attname for f in model._meta.concrete_fields if f.name not in STAMPS] for model in MODELS}
    return {model: sorted(model._base_manager.values_list(*names[model]), key=str) for model in MODELS}


@pytest.fixture
def invented(world):
    synthesize()
    return Event._base_manager.filter(pk__gt=10_000)


def test_it_adds_as_many_events_as_asked_for(world):
    before = Event._base_manager.count()
    told = synthesize(137)
    assert Event._base_manager.count() == before + 137
    assert "137 of 137 events" in told


def test_the_same_seed_gives_the_same_rows():
    made = []
    for seed in (7, 7, 8):
        with transaction.atomic():
            synthesize(60, seed=seed)
            made.append(rows())
            transaction.set_rollback(True)
    assert made[0] == made[1]
    assert made[0] != made[2]


def test_a_seed_is_used_once_and_others_add_up():
    synthesize(20, seed=1)
    with pytest.raises(CommandError, match="seed 1 are there already"):
        synthesize(20, seed=1)
    assert "of seed 2" in synthesize(20)
    assert Event._base_manager.count() == 40
    assert Topic._base_manager.count() == Topic._base_manager.values("name").distinct().count()


def test_the_proportions_are_realistic(invented):
    delegations = Delegation._base_manager.filter(event__in=invented).count() / 300
    restricted = invented.filter(visibility="restricted").count()
    children = invented.filter(parent__isnull=False)
    assert 4.5 < delegations < 7.5
    assert 2 <= restricted <= 20
    assert 10 < children.count() < 70
    assert not children.filter(parent__parent__isnull=False).exists()
    assert 100 < Outcome._base_manager.filter(event__in=invented).count() < 400
    assert 30 < Commitment._base_manager.filter(event__in=invented).count() < 150
    assert Delegate._base_manager.filter(delegation__event__in=invented).count() > 300
    assert set(invented.values_list("language", flat=True)) == {"en", "ru"}
    assert not invented.filter(delegations=None).exists()
    partners = Counter(Delegation._base_manager.filter(organization__own=False).values_list("organization", flat=True))
    (_first, most), *_others, (_last, fewest) = partners.most_common()
    assert most > 8 * fewest


def test_restricted_events_have_owners_and_readers_among_the_accounts(invented, world):
    closed = invented.filter(visibility="restricted")
    assert not closed.filter(owner=None).exists()
    assert set(closed.values_list("owner", flat=True)) <= {world.admin.pk, world.officer.pk}
    assert world.newcomer.pk not in closed.values_list("readers", flat=True)


def test_without_accounts_nobody_owns_them():
    synthesize(60)
    assert not Event._base_manager.exclude(owner=None).exists()


def test_the_rows_would_pass_the_forms(invented):
    connection.check_constraints()
    for model in MODELS:
        for row in model._base_manager.filter(pk__gt=10_000).order_by("pk")[:20]:
            row.clean_fields(exclude=[field.name for field in row._meta.fields if field.is_relation])
            row.clean()


def test_parts_lie_within_the_whole(invented):
    for event in invented.filter(parent__isnull=False).select_related("parent"):
        assert event.parent.start_date <= event.start_date <= event.end_date <= event.parent.end_date


def test_what_was_invented_is_found_in_either_script(invented, world):
    name = PersonName._base_manager.filter(script="cyrillic", pk__gt=10_000).order_by("pk").first()
    latin = name.person.name.split()[-1]
    for written in (name.family, latin):
        assert (
            Person.objects.visible_to(world.analyst).matching(written, world.analyst).filter(pk=name.person_id).exists()
        )


def test_case_numbers_go_on_where_they_were_and_restricted_ones_tell_nothing(world):
    numbers = set(Case._base_manager.values_list("number", flat=True))
    with writes.change(None, "synthesize") as change:
        load_cases(Directory(Dice(3), change, 10, datetime.date(2022, 1, 1)), 60)
    made = Case._base_manager.exclude(number__in=numbers)
    assert made.count() == 60
    for case in made:
        assert case.number.startswith("R-" if case.is_restricted else f"{case.opened_on.year}-")
    in_2021 = sorted(made.filter(number__startswith="2021-").values_list("number", flat=True))
    assert in_2021[0] == "2021-002"
    assert len(set(in_2021)) == len(in_2021)


def test_each_load_leaves_one_row_of_history(invented):
    loads = History.objects.filter(action="load", door="synthesize")
    counted = Counter(loads.values_list("model", flat=True))
    assert counted["events.event"] == 1
    row = loads.get(model="events.event")
    assert (row.changes["rows"], row.why) == (300, "synthesize --events 300 --seed 1 --until 2026-11-30")


@pytest.mark.parametrize("wrong", [{"events": 0}, {"events": 9_000_000}, {"events": 5, "until": "1800-01-01"}])
def test_what_makes_no_sense_is_refused(wrong):
    arguments = [f"--{name}={value}" for name, value in wrong.items()]
    with pytest.raises(CommandError, match="Give a"):
        call_command("synthesize", *arguments)
