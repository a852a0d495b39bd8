"""What the fields that offer records offer, and in which order."""

import pytest

from caricc.lib import writes
from contacts.models import Organization, OrganizationName, Person, PersonName
from events.models import Event
from tests.world import DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def offered(client, world):
    client.force_login(world.officer)

    def ask(term, model="delegate", field="person", page=1):
        asked = {"app_label": "events", "model_name": model, "field_name": field, "term": term, "page": page}
        answer = client.get("/admin/autocomplete/", asked)
        assert answer.status_code == 200
        return [row["text"] for row in answer.json()["results"]], answer.json()["pagination"]["more"]

    return ask


def people(world, *names):
    with writes.change(world.officer, "admin") as change:
        for family, given in names:
            person = change.save(Person())
            change.save(PersonName(person=person, family=family, given=given))


def test_the_likeliest_person_comes_first(world, offered):
    people(world, ("Karimova", "Rano"), ("Karimberdyev", "Anvar"), ("Karimov", "Rashid"), ("Akarimov", "Rustam"))
    names, more = offered("karimov rustam")
    assert names[0].startswith("Rustam Karimov")
    assert not more
    names, _more = offered("Каримов")
    assert names[0].split(" (")[0] in ("Rustam Karimov", "Rashid Karimov")
    assert "Anvar Karimberdyev" not in names


@pytest.mark.parametrize(
    "term", ["karimov r", "r karimov", "Каримов Р", "р.каримов", "KARIMOV", "karim", "Carimov", "Qarimov"]
)
def test_a_person_is_offered_by_initials_beginnings_and_other_transliterations(world, offered, term):
    assert offered(term)[0] == ["Rustam Karimov (CARICC)"]


def test_an_initial_stands_for_a_word_only_beside_a_name(world, offered):
    people(world, ("Berdiev", "R."), ("Berdiev", "Zafar"))
    assert offered("Berdiev Rustam")[0] == ["R. Berdiev"]
    assert offered("Бердиев Р")[0] == ["R. Berdiev"]
    assert offered("rotation")[0] == []
    assert offered("rotation bases")[0] == []


def test_a_name_is_offered_by_a_part_only_where_none_begins_so(world, offered):
    assert offered("arimo")[0] == ["Rustam Karimov (CARICC)"]
    people(world, ("Arimov", "Pulat"))
    assert offered("arimo")[0] == ["Pulat Arimov"]


def test_the_very_name_stands_before_sixty_that_begin_alike(world, offered):
    people(world, *(("Saidov", f"Aa{chr(97 + n // 26)}{chr(97 + n % 26)}") for n in range(60)), ("Zoirov", "Saidov"))
    with writes.change(world.officer, "admin") as change:
        change.save(PersonName(person=Person.objects.get(name="Saidov Zoirov"), family="Saidov", given=""))
    names, more = offered("Saidov")
    assert names[0] == "Saidov Zoirov"
    assert len(names) == 20
    assert more


def test_pages_of_choices_hold_each_once_and_end(world, offered):
    people(world, *(("Saidov", f"Aa{chr(97 + n // 26)}{chr(97 + n % 26)}") for n in range(45)))
    found = [offered("saidov", page=page) for page in (1, 2, 3)]
    names = [name for some, _more in found for name in some]
    assert len(names) == len(set(names)) == 45
    assert [more for _names, more in found] == [True, True, False]


@pytest.mark.parametrize("term", ["МВД", "mvd", "ministry internal", "Министерства внутренних дел", "внутр"])
def test_a_body_is_offered_by_short_and_other_names(world, offered, term):
    assert offered(term, "delegation", "organization")[0] == ["Ministry of Internal Affairs (MVD)"]


def test_the_exact_short_name_comes_before_longer_names_with_the_word(world, offered):
    with writes.change(world.officer, "admin") as change:
        for name, short in (("A Fund beside SCO", ""), ("Shanghai Cooperation Organization", "SCO"), ("SCO RATS", "")):
            change.save(Organization(name=name, short_name=short, kind="intergovernmental"))
    assert offered("sco", "delegation", "organization")[0][0] == "Shanghai Cooperation Organization (SCO)"
    with writes.change(world.officer, "admin") as change:
        body = Organization.objects.get(short_name="SCO")
        change.save(OrganizationName(organization=body, name="Шанхайская организация сотрудничества", short_name="ШОС"))
    assert offered("ШОС", "delegation", "organization")[0][0] == "Shanghai Cooperation Organization (SCO)"


def test_events_are_offered_by_name_before_text_and_the_newest_first(world, offered):
    with writes.change(world.officer, "admin") as change:
        for title, day, summary in (("Seminar", 1, "on harvests"), ("Harvest", 2, ""), ("Harvests compared", 3, "")):
            change.save(Event(title=title, kind="meeting", start_date=DAY(2020, 1, day), summary=summary))
    names, _more = offered("harvest", "commitment", "event")
    assert [name.split(" (")[0] for name in names] == ["Harvest", "Harvests compared", "Seminar"]


@pytest.mark.parametrize("term", ["rfhbvjd", "лфкшьщм"])
def test_what_was_typed_in_the_other_keyboard_layout_is_offered_where_nothing_else_is(world, offered, term):
    assert offered(term)[0] == ["Rustam Karimov (CARICC)"]
