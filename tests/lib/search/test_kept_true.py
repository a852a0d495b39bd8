"""The keys are what they should be after every kind of change, renames of partners and people included."""

from collections import Counter
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from caricc.lib import writes
from caricc.lib.search import index as searched
from caricc.lib.search.index import Index
from contacts.models import CityName, Organization, OrganizationName, Person, PersonName
from events.models import Case, CaseAlias, CaseNote, Commitment, Delegate, Delegation, Event, Outcome, Topic
from tests.world import CANARY

pytestmark = pytest.mark.django_db


def untrue() -> dict[str, dict]:
    """What `reindex --check` would say, by model."""
    found = {}
    for label, index in Index.of.items():
        told = sum((index.renew(ids, only_say=True) for ids in index.every_id()), Counter())
        if told:
            found[label] = dict(told)
    return found


def events(user, words) -> set[str]:
    return set(Event.objects.visible_to(user).matching(words, user).values_list("title", flat=True))


@pytest.fixture
def change(world):
    with writes.change(world.officer, "admin") as change:
        yield change


def test_the_world_is_found_by_what_it_says(world):
    assert untrue() == {}


def test_after_each_kind_of_change_they_are_those_that_would_be_made_anew(world):
    steps = [
        lambda c: c.save(Person(name="Ёлкин Пётр")),
        lambda c: c.save(PersonName(person=world.ambassador, family="Сато", given="Кендзи")),
        lambda c: c.delete(PersonName._base_manager.filter(person=world.director, preferred=False)[0]),
        lambda c: c.save(OrganizationName(organization=world.caricc, name="ЦАРИКЦ")),
        lambda c: c.save(CityName(city=world.tashkent, name="Chach")),
        lambda c: c.save(CaseAlias(case=world.open_case, name="Wiese")),
        lambda c: c.save(CaseNote(case=world.open_case, text="They telephoned.")),
        lambda c: c.set(world.visit, "cases", []),
        lambda c: c.save(Outcome(event=world.talks, kind="agreement", title="On trainings", lines=["dogs", "labs"])),
        lambda c: c.save(Delegation(event=world.talks, country="AT")),
        lambda c: c.save(Delegate(delegation=world.talks.delegations.first(), person=world.coordinator)),
        lambda c: c.delete(world.talks.delegations.order_by("position")[1]),
        lambda c: c.save(Commitment(title="A list of contacts", debtor=world.agency, creditor=world.caricc)),
        lambda c: c.load([Topic(name="Synthetic drugs")]),
        lambda c: c.load([Outcome(event=world.visit, kind="document", title="Protocol")]),
        lambda c: c.load([Delegate(delegation=world.visit.delegations.first(), name="an adviser")]),
        lambda c: c.delete(Event._base_manager.get(pk=world.visit_open.pk)),
        lambda c: c.delete(Case._base_manager.get(pk=world.old_case.pk)),
    ]
    for number, step in enumerate(steps):
        with writes.change(world.admin, "admin") as change:
            step(change)
        assert untrue() == {}, number


def test_an_event_is_found_by_a_new_name_of_its_partner_and_of_who_was_there(world):
    assert events(world.analyst, "Nippon") == set()
    with writes.change(world.officer, "admin") as change:
        world.embassy.name = "Nippon Embassy"
        change.save(world.embassy)
        change.save(Delegate(delegation=world.talks.delegations.first(), person=world.coordinator))
        change.save(PersonName(person=world.coordinator, family="Горная", given="Анна"))
    assert "Talks with the Ambassador of Japan" in events(world.analyst, "Nippon")
    assert "Talks with the Ambassador of Japan" in events(world.analyst, "горная")
    assert "Talks with the Ambassador of Japan" in events(world.analyst, "Embassy of Japan"), "old names stay"


def test_an_event_is_found_by_a_new_name_of_its_city(world):
    assert events(world.analyst, "Chach") == set()
    with writes.change(world.officer, "admin") as change:
        change.save(CityName(city=world.tashkent, name="Chach"))
    assert "Visit to Tashkent" in events(world.analyst, "чач")


def test_a_case_that_becomes_restricted_takes_its_words_from_its_events(world):
    assert "Visit to Tashkent" in events(world.analyst, "meadow")
    with writes.change(world.officer, "admin") as change:
        case = Case._base_manager.get(pk=world.open_case.pk)
        case.visibility, case.owner = "restricted", world.officer
        change.save(case)
    assert events(world.analyst, "meadow") == set()
    assert "Visit to Tashkent" in events(world.officer, "meadow")
    assert untrue() == {}


def test_words_of_a_restricted_case_are_in_no_key_but_its_own(world):
    for label, index in Index.of.items():
        if label != "events.case":
            seen = [row.pk for row in index.model.objects.visible_to(world.analyst) if CANARY not in str(row)]
            keys = index.table._base_manager.filter(record__in=seen)
            assert keys.exists()
            assert not [row for row in keys if "zmeinogorsk" in row.keys], label


def test_reindex_mends_and_says_what_it_found(world):
    table = Index.of["events.event"].table
    table._base_manager.filter(record=world.talks.pk).delete()
    table._base_manager.filter(record=world.visit.pk).update(keys="wnothing")
    table._base_manager.create(record=5, keys="wleft")
    out = StringIO()
    call_command("reindex", "--check", "events.event", stdout=out)
    assert "events.event: 1 missing, 1 wrong, 1 left over" in out.getvalue()
    assert untrue() == {"events.event": {"missing": 1, "wrong": 1, "left over": 1}}
    call_command("reindex", stdout=out)
    assert untrue() == {}
    assert "contacts.person: as it should be" in out.getvalue()
    with pytest.raises(CommandError, match=r"caricc\.user is not searched"):
        call_command("reindex", "caricc.user")


def test_after_migrate_records_without_keys_get_theirs_however_many(world, monkeypatch):
    monkeypatch.setattr(searched, "BATCH", 2)
    for one in Index.of.values():
        one.table._base_manager.all().delete()
    for app in ("contacts", "events"):
        searched.find_missing(apps.get_app_config(app), using="default")
    assert untrue() == {}


def test_a_body_is_a_candidate_by_the_state_beside_its_name(world, monkeypatch):
    monkeypatch.setattr(searched, "AT_ONCE", 1)
    for country in ("AM", "TJ"):
        with writes.change(world.officer, "admin") as change:
            body = change.save(Organization(name="Ministry of Justice", kind="ministry", country=country))
    rows = Organization.objects.visible_to(world.analyst)
    near = Index.of["contacts.organization"].near("Ministry of Justice of Tajikistan", rows, 5)
    assert body.pk in [one.key for one in near]


def test_a_change_that_fails_leaves_the_keys_alone(world):
    with pytest.raises(RuntimeError), writes.change(world.officer, "admin") as change:
        change.save(OrganizationName(organization=world.agency, name="Agencija"))
        raise RuntimeError
    assert untrue() == {}
    assert not Organization.objects.visible_to(world.analyst).matching("agencija", world.analyst).exists()


def test_a_record_of_any_length_is_kept(change, world):
    words = " ".join(f"слово{n}" for n in range(1100))
    for _ in range(3):
        change.save(Outcome(event=world.talks, kind="information", title="Long", text=words[:10_000]))


@pytest.mark.parametrize(
    "name",
    ["«Ўзбекистон» 'A' -B- \\ : & | ! (C)", "the 'quoted' \"twice\"", "ГУ 'X' * NOT AND", "O'G‘ʻ-ъ", "中心 中心 中心"],
)
def test_names_with_odd_signs_are_kept_and_found(world, name):
    with writes.change(world.officer, "admin") as change:
        body = change.save(Organization(name=name, short_name=name[:8].strip(), kind="other"))
        person = change.save(Person(name=name))
        change.save(Event(title=name, kind="meeting", start_date="2020-01-02", summary=name))
    assert body in Organization.objects.visible_to(world.analyst).matching(name, world.analyst)
    assert person in Person.objects.visible_to(world.analyst).matching(name, world.analyst)
    assert events(world.analyst, name)
    assert untrue() == {}
