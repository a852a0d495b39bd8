"""Records that may be on record twice: judged, kept, warned of, listed."""

import html
import re

import pytest
from django.core.management import call_command

from caricc.lib import writes
from caricc.lib.merge import merge
from contacts.likeness import JUDGES, LIKELY, Body
from contacts.models import DifferentPeople, Organization, OrganizationName, Person, PersonName
from contacts.proposals import MANY, MOST, TABLES, ProposedOrganizations, ProposedPeople, remake
from events.models import Delegate, Delegation, Event
from tests.test_laws import signed_in

ADD = "/admin/contacts/person/add/"
PAIRS = "/people/duplicates/"


def read(page: str) -> str:
    return html.unescape(page).replace("\xa0", " ")


def named(given, family, **more) -> Person:
    with writes.change(None, "command") as change:
        person = change.save(Person(**more))
        change.save(PersonName(person=person, given=given, family=family, preferred=True))
    return person


def body(name, kind="ministry", **more) -> Organization:
    with writes.change(None, "command") as change:
        return change.save(Organization(name=name, kind=kind, **more))


def put(record, **values):
    with writes.change(None, "command") as change:
        fresh = type(record)._base_manager.get(pk=record.pk)
        for name, value in values.items():
            setattr(fresh, name, value)
        return change.save(fresh)


def pairs(model=Person) -> set[frozenset]:
    return {frozenset(pair) for pair in TABLES[model]._base_manager.values_list("first", "second")}


def pair(*records) -> frozenset:
    return frozenset(record.pk for record in records)


def as_it_should_be(model=Person) -> bool:
    return not any(remake(model, only_say=True).values())


def form(family="", given="", **more) -> dict:
    rows = {"names-TOTAL_FORMS": "1", "names-INITIAL_FORMS": "0", "posts-TOTAL_FORMS": "0", "posts-INITIAL_FORMS": "0"}
    return {**rows, "names-0-family": family, "names-0-given": given, "name": "", "note": "Met in Oslo", **more}


# ---- what is judged the same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bahrom Mirzoyev", "Мирзоев Бахром"),
        ("B. Mirzoyev", "Bahrom Mirzoyev"),
        ("Emomali Rahmonov", "Emomali Rahmon"),
        ("Bahrom Mirzoyev", "Mirzoyev Bahrom"),
    ],
)
def test_people_of_one_name_are_likely_the_same(one, other):
    assert JUDGES[Person].judge((one,), (other,)).score >= LIKELY
    assert JUDGES[Person].judge((other,), (one,)).score >= LIKELY


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bahrom Mirzoyev", "Rustam Mirzoyev"),
        ("Veun Liranman", "Veun Likaman"),
        ("Mirzoyev", "Bahrom Mirzoyev"),
        ("B. Mirzoyev", "R. Mirzoyev"),
    ],
)
def test_people_of_other_names_are_not(one, other):
    assert JUDGES[Person].judge((one,), (other,)).score < LIKELY


def test_an_initial_proves_nothing_where_both_are_known_in_full():
    judge = JUDGES[Person].judge
    assert judge(("Rustam Mirzoyev", "R. Mirzoyev"), ("Ruslan Mirzoyev",)).score < LIKELY
    assert judge(("R. Mirzoyev",), ("Ruslan Mirzoyev",)).score >= LIKELY


def test_bodies_of_two_states_seats_or_parents_are_two_whatever_they_are_called():
    judge, name = JUDGES[Organization].judge, ("Ministry of Internal Affairs",)
    assert judge(Body(name, "KZ", "ministry"), Body(name, "KZ", "ministry")).score == 1
    assert judge(Body(name, "KZ", "ministry"), Body(name, "", "ministry")).score == 1
    assert judge(Body(name, "KZ", "ministry"), Body(name, "UZ", "ministry")).score == 0
    assert judge(Body(name, parent=1), Body(name, parent=2)).score == 0
    assert judge(Body(name, seat_country="KZ"), Body(name, seat_country="UZ")).score == 0
    assert judge(Body(name, pk=1), Body(name, parent=1, pk=2)).score == 0
    assert judge(Body(name, pk=1), Body(name, succeeded_by=1, pk=2)).score == 0


def test_bodies_of_another_kind_only_by_the_very_same_name_and_parts_in_two_states_never():
    judge = JUDGES[Organization].judge
    russian, english = ("МВД Казахстана",), ("Ministry of Internal Affairs of Kazakhstan",)
    assert judge(Body(russian, "KZ", "ministry"), Body(english, "KZ", "ministry")).score >= LIKELY
    centre = "Anti-Narcotics Centre in {}".format
    assert judge(Body((centre("Kazakhstan"),)), Body((centre("Tajikistan"),))).score < LIKELY
    assert judge(Body(("Border Service",), "KZ", "other"), Body(("Border Service",), "KZ", "ministry")).score == 1


# ---- what is kept


def test_a_pair_comes_with_a_name_and_goes_with_it(world):
    one, other = named("Bahrom", "Mirzoyev"), named("Бахром", "Мирзоев")
    assert pair(one, other) in pairs()
    name = other.names.get()
    put(name, given="Олег", family="Язлыев")
    assert pair(one, other) not in pairs()
    with writes.change(None, "command") as change:
        change.save(PersonName(person=one, given="Oleg", family="Yazlyev"))
    assert pair(one, other) in pairs()
    assert as_it_should_be()


def test_who_is_archived_or_deleted_is_nobodys_twin(world):
    one, other, third = (named("Bahrom", "Mirzoyev") for _ in range(3))
    put(other, archived=True)
    assert pairs() & {pair(one, other), pair(other, third), pair(one, third)} == {pair(one, third)}
    put(other, archived=False)
    with writes.change(None, "command") as change:
        change.delete(Person._base_manager.get(pk=third.pk))
    assert pair(one, other) in pairs()
    assert not {one_pair for one_pair in pairs() if third.pk in one_pair}
    assert as_it_should_be()


def test_what_is_marked_as_different_is_not_proposed_until_the_mark_is_taken_back(world):
    one, other = named("Bahrom", "Mirzoyev"), named("Bahrom", "Mirzoyev")
    with writes.change(world.officer, "page") as change:
        DifferentPeople.mark(change, other, one)
    assert pair(one, other) not in pairs()
    put(one, note="changed")
    assert pair(one, other) not in pairs()
    assert as_it_should_be()
    with writes.change(world.officer, "page") as change:
        DifferentPeople.unmark(change, Person.objects.get(pk=one.pk), Person.objects.get(pk=other.pk))
    assert pair(one, other) in pairs()


def test_a_merge_takes_the_pair_along(world):
    one, other, third = (named("Bahrom", "Mirzoyev") for _ in range(3))
    with writes.change(world.officer, "page") as change:
        merge(change, one, other, {})
    assert {found for found in pairs() if found & {one.pk, other.pk, third.pk}} == {pair(one, third)}
    assert as_it_should_be()


def test_a_bulk_load_leaves_what_single_changes_would(world):
    given = ["Bahrom", "Rustam", "Oleg", "Anna", "Zarina", "Nodir", "Timur"]
    family = [
        "Mirzoyev",
        "Yazlyev",
        "Nazarov",
        "Ismoilov",
        "Sattorov",
        "Qodirov",
        "Holmatov",
        "Berdiyev",
        "Umarov",
        "Azizov",
    ]
    people = [Person(name=f"{a} {b}") for a in given for b in family]
    assert len(people) > MANY
    again = named("Р.", "Назаров")
    with writes.change(None, "synthesize") as change:
        change.load(people)
        change.load(
            [
                PersonName(person=one, given=one.name.split()[0], family=one.name.split()[1], preferred=True)
                for one in people
            ]
        )
    twin = next(one for one in people if one.name == "Rustam Nazarov")
    assert {found for found in pairs() if again.pk in found} == {pair(again, twin)}
    assert as_it_should_be()
    for one in people[:3]:
        put(one, note="touched")
    assert as_it_should_be()


def test_nobody_has_more_than_five_and_the_likeliest_are_kept(world):
    near = [named("B.", "Mirzoyev") for _ in range(3)]
    same = [named("Bahrom", "Mirzoyev") for _ in range(8)]
    ids = {one.pk for one in (*near, *same)}
    counted = {pk: [found for found in pairs() if pk in found] for pk in ids}
    assert all(len(found) <= MOST for found in counted.values())
    assert all(counted[one.pk] for one in same)
    assert Person.objects.twins().filter(pk__in=[one.pk for one in same]).count() == 8
    first = same[0]
    assert all(found <= {one.pk for one in same} for found in counted[first.pk])


def test_reindex_says_what_it_found_and_mends_it(world, capsys):
    one, other, third = named("Bahrom", "Mirzoyev"), named("Bahrom", "Mirzoyev"), named("Oleg", "Yazlyev")
    rows = ProposedPeople._base_manager
    first, second = sorted((one.pk, other.pk))
    rows.filter(first=first, second=second).update(score=1)
    rows.create(first=min(one.pk, third.pk), second=max(one.pk, third.pk), score=99)
    call_command("reindex", "contacts.person", check=True)
    assert "contacts.person, likely twins: 1 wrong, 1 left over" in capsys.readouterr().out
    call_command("reindex", "contacts.person")
    assert rows.get(first=first, second=second).score == 100
    rows.all().delete()
    call_command("reindex")
    told = capsys.readouterr().out
    assert re.search(r"contacts.person, likely twins: \d+ missing", told)
    assert "contacts.organization, likely twins: as it should be" in told
    assert pair(one, other) in pairs()


def test_the_filter_finds_who_stands_in_a_pair_and_the_other_way_round(world):
    one, other = named("Bahrom", "Mirzoyev"), named("Б.", "Мирзоев")
    assert {one, other} <= set(Person.objects.twins())
    assert Person.objects.twins_of([one.pk]) == {one.pk: [other]}
    first, second = (
        body("МВД Казахстана", country="KZ"),
        body("Ministry of Internal Affairs of Kazakhstan", country="KZ"),
    )
    assert {first, second} <= set(Organization.objects.twins())


# ---- the warning


@pytest.fixture
def known(world):
    """Somebody met twice: where everybody reads it, and later where only the officer does."""
    world.known = named("Bahrom", "Mirzoyev")
    with writes.change(None, "command") as change:
        for day, visibility in (("2021-03-02", "internal"), ("2021-07-09", "restricted")):
            event = change.save(
                Event(
                    kind="meeting",
                    title="Talks",
                    start_date=day,
                    status="held",
                    visibility=visibility,
                    owner=world.officer,
                )
            )
            party = change.save(Delegation(event=event, organization=world.agency))
            change.save(Delegate(delegation=party, person=world.known))
    return world


def like(user, query) -> str:
    answer = signed_in(user).get(f"/people/like/?{query}")
    assert answer.status_code == 200
    return read(answer.content.decode())


def test_what_is_typed_is_met_by_who_is_there_and_when_met_as_the_reader_may_know(known):
    officer, analyst = (like(user, "family=Мирзоев&given=Б.") for user in (known.officer, known.analyst))
    assert known.known.get_absolute_url() in officer
    assert "initial" in officer.lower()
    assert "met on 9 Jul 2021" in officer
    assert "met on 2 Mar 2021" in analyst
    assert "Jul" not in analyst


def test_nothing_is_said_of_nothing_and_of_the_record_itself(known):
    assert not like(known.officer, "").strip()
    assert not like(known.officer, "family=Nobodyknownhere&given=Q").strip()
    assert not like(known.officer, f"family=Mirzoyev&given=Bahrom&but={known.known.pk}").strip()
    assert "_another" in like(known.officer, "family=Mirzoyev&given=Bahrom&new=1")
    assert "_another" not in like(known.officer, "family=Mirzoyev&given=Bahrom")


@pytest.mark.parametrize(
    "typed", ["%00", "'%22*)(", "a-b", "%27 OR 1", "ı" * 400, "&given=&but=99999999999999999999", "ʻ", "и-и"]
)
def test_whatever_is_typed_is_answered(world, typed):
    for path in (
        f"/people/like/?family={typed}&given={typed}",
        f"/organizations/like/?name={typed}&parent={typed}&country=XX",
    ):
        assert signed_in(world.officer).get(path).status_code == 200


def test_an_archived_one_is_shown_as_archived(known):
    put(known.known, archived=True)
    assert "Archived" in like(known.officer, "family=Mirzoyev&given=Bahrom")


def test_a_body_is_looked_for_in_its_state(world):
    there = body("Ministry of Internal Affairs of Kazakhstan", country="KZ")
    client = signed_in(world.officer)
    assert (
        there.get_absolute_url() in client.get("/organizations/like/?name=МВД+Казахстана&country=KZ").content.decode()
    )
    assert not client.get("/organizations/like/?name=МВД&country=UZ").content.decode().count(there.get_absolute_url())


def test_who_may_not_view_people_is_not_told(world):
    assert signed_in(world.newcomer).get("/people/like/?family=Karimov").status_code == 403


# ---- saving without a script


@pytest.mark.parametrize("where", [ADD, f"{ADD}?_popup=1"])
def test_a_new_person_who_is_likely_there_is_saved_when_said_to_be_another(known, where):
    client, before = signed_in(known.officer), Person.objects.count()
    sent = form("Mirzoyev", "Bahrom", **({"_popup": "1"} if "popup" in where else {}))
    page = read(client.post(where, sent).content.decode())
    assert Person.objects.count() == before
    assert "Bahrom Mirzoyev may be the same" in page
    assert 'value="Mirzoyev"' in page
    assert "Met in Oslo" in page
    box = re.search(r'name="_another" value="([\d,]+)"', page).group(1)
    assert box == str(known.known.pk)
    client.post(where, {**sent, "_another": box})
    assert Person.objects.count() == before + 1
    made = Person.objects.order_by("-created_at").first()
    assert pair(made, known.known) in pairs()  # that it is another was said of this form, not of the pair


def test_that_it_is_another_is_said_of_those_that_were_shown(known):
    client, before = signed_in(known.officer), Person.objects.count()
    other = named("Oleg", "Yazlyev")
    client.post(ADD, form("Mirzoyev", "Bahrom", _another=str(other.pk)))
    assert Person.objects.count() == before + 1
    client.post(ADD, form("Unheard", "Quentin"))
    assert Person.objects.count() == before + 2


def test_a_change_of_a_record_is_not_held_up(known):
    other = named("Oleg", "Yazlyev")
    name = other.names.get()
    rows = {
        "names-TOTAL_FORMS": "1",
        "names-INITIAL_FORMS": "1",
        "names-0-id": name.pk,
        "names-0-version": other.version,
    }
    sent = {
        **form("Mirzoyev", "Bahrom", names_0_preferred="on"),
        **rows,
        "version": Person.objects.get(pk=other.pk).version,
    }
    signed_in(known.officer).post(f"/admin/contacts/person/{other.pk}/change/", sent)
    assert PersonName.objects.get(pk=name.pk).family == "Mirzoyev"
    assert pair(other, known.known) in pairs()


def test_a_new_body_that_is_likely_there_comes_back(world):
    there, client = body("Ministry of Internal Affairs of Kazakhstan", country="KZ"), signed_in(world.officer)
    rows = {"names-TOTAL_FORMS": "0", "names-INITIAL_FORMS": "0"}
    sent = {**rows, "name": "МВД Казахстана", "kind": "ministry", "country": "KZ"}
    page = client.post("/admin/contacts/organization/add/", sent).content.decode()
    assert there.get_absolute_url() in page
    assert not OrganizationName.objects.filter(name="МВД Казахстана").exists()
    client.post("/admin/contacts/organization/add/", {**sent, "country": "UZ"})
    assert OrganizationName.objects.filter(name="МВД Казахстана").exists()


# ---- the list of pairs


def test_the_list_has_the_likeliest_first_with_reason_and_deeds_for_those_who_may(known):
    same, near = named("Bahrom", "Mirzoyev"), named("B.", "Mirzoyev")
    page = read(signed_in(known.officer).get(f"{PAIRS}?q=mirzoyev").content.decode())
    assert 'data-count="3"' in page
    assert page.index("100 %") < page.index("94 %")
    assert "initial B fits Bahrom" in page
    assert f"/people/merge/?a={min(same.pk, known.known.pk)}&b={max(same.pk, known.known.pk)}" in page
    assert "met on 9 Jul 2021" in page
    analyst = read(signed_in(known.analyst).get(f"{PAIRS}?q=mirzoyev").content.decode())
    assert 'data-count="3"' in analyst
    assert "met on 2 Mar 2021" in analyst
    assert "merge" not in analyst
    assert near.get_absolute_url() in analyst


def test_the_events_of_either_are_as_many_as_their_link_lists(known):
    named("Bahrom", "Mirzoyev")
    for user, n in ((known.officer, 2), (known.analyst, 1)):
        client = signed_in(user)
        page = read(client.get(f"{PAIRS}?q=mirzoyev").content.decode())
        address = re.search(rf'href="([^"]*person={known.known.pk})" data-count="(\d+)"', page)
        assert int(address.group(2)) == n
        assert f'data-count="{n}"' in client.get(address.group(1), headers={"HX-Request": "true"}).content.decode()


def test_a_pair_is_said_to_be_different_from_the_list_and_leaves_it(known):
    other, client = named("Bahrom", "Mirzoyev"), signed_in(known.officer)
    page = client.get(f"{PAIRS}?q=mirzoyev").content.decode()
    part = page[page.index('action="/people/different/"') :]
    sent = {name: re.search(rf'name="{name}" value="([^"]*)"', part).group(1) for name in ("a", "b", "version", "next")}
    answer = client.post("/people/different/", sent)
    assert answer["Location"] == f"{PAIRS}?q=mirzoyev"
    assert pair(other, known.known) not in pairs()


def test_mine_are_those_of_which_i_entered_one(known):
    with writes.change(known.officer, "admin") as change:
        change.save(Person(name="Bahrom Mirzoyev"))
    assert 'data-count="1"' in signed_in(known.officer).get(f"{PAIRS}?mine=true").content.decode()
    assert (
        'id="results" class="results" data-count="0"'
        in signed_in(known.admin).get(f"{PAIRS}?mine=true").content.decode()
    )


def test_the_list_does_not_ask_more_for_more_pairs(world, count_queries):
    client = signed_in(world.officer)

    def asked() -> int:
        client.get(PAIRS)
        with count_queries() as counted:
            assert client.get(PAIRS).status_code == 200
        return len(counted)

    named("Bahrom", "Mirzoyev"), named("Bahrom", "Mirzoyev")
    few = asked()
    for given in ("Oleg", "Nodir", "Timur", "Zarina"):
        named(given, "Yazlyev"), named(given, "Yazlyev")
    assert asked() == few


def test_the_world_has_pairs_of_neither_kind_that_nobody_expects(world):
    assert as_it_should_be()
    assert as_it_should_be(Organization)
    assert not ProposedOrganizations._base_manager.exists()


def test_a_surname_alone_is_a_hint_and_holds_nothing_up(known):
    said = like(known.officer, "family=Karimov&given=&patronymic=&new=1")
    assert "Rustam Karimov" in said
    assert "Perhaps the same: Karimov is the same" in said
    assert "_another" not in said


def test_the_page_of_a_record_and_the_inbox_lead_to_the_comparison_where_one_may_merge(world):
    with writes.change(world.officer, "admin") as change:
        other = change.save(Person(name="Рустам Каримов"))
    first, second = f"a={world.director.pk}&amp;b={other.pk}", f"a={other.pk}&amp;b={world.director.pk}"
    for who, may_merge in (("officer", True), ("analyst", False)):
        page = signed_in(world.users[who]).get(world.director.get_absolute_url()).content.decode()
        assert "May be the same as" in page
        assert (first in page) == may_merge
    inbox = signed_in(world.officer).get("/inbox/").content.decode()
    assert first in inbox or second in inbox
