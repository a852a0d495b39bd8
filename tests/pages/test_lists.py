"""What every list page does with a question."""

import datetime
import re

import pytest

from caricc.lib import writes
from contacts.models import Organization, Person
from events.models import Case, Commitment, Delegation, Event
from tests.inventory import PAGES

AS_PART = {"HX-Request": "true", "HX-Target": "results"}
TITLE = re.compile(r'<a class="(?:t|what)[^"]*" href="[^"]*">([^<]*)</a>')


@pytest.fixture
def officer(client, world):
    client.force_login(world.officer)
    return client


def page_of(client, url, **headers):
    return client.get(url, headers=headers).content.decode()


def count(page):
    return int(re.search(r'id="results"[^>]*data-count="(\d+)"', page).group(1))


@pytest.mark.parametrize("path", PAGES.values())
def test_the_part_for_htmx_is_the_results_alone(officer, path):
    answer = officer.get(path, headers=AS_PART)
    part, page = answer.content.decode(), page_of(officer, path)
    assert count(part) == count(page) > 0
    assert "<html" not in part
    assert TITLE.findall(part) == TITLE.findall(page)
    assert {"HX-Request", "HX-Target"} <= set(answer["Vary"].replace(" ", "").split(","))


def test_the_address_to_keep_holds_the_question_without_empty_values(officer):
    answer = officer.get("/events/?q=&kind=visit&date_after=&ordering=title", headers=AS_PART)
    assert answer["HX-Push-Url"] == "/events/?kind=visit&ordering=title"


def test_going_back_in_the_browser_gets_the_whole_page(officer):
    assert "<html" in page_of(officer, "/events/", **AS_PART, **{"HX-History-Restore-Request": "true"})


def test_an_empty_value_is_as_if_absent(officer):
    assert count(page_of(officer, "/events/?kind=&q=&date_after=")) == count(page_of(officer, "/events/"))


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("kind=nonsense", "is not one of"),
        ("date_after=2021-13-01", "Write a day as"),
        ("date_after=2021-11-01&date_before=2021-10-01", "comes after the last one"),
        ("partner=abc", "is not an id"),
        ("country=ZZ", "two-letter state code"),
        ("colour=red", "There is no question of this name"),
        ("ordering=price", "Order by one of"),
        ("view=mine", "no saved view"),
        ("page=0", "greater than or equal to 1"),
    ],
)
def test_what_makes_no_sense_is_said_and_gives_no_rows(officer, question, said):
    for headers in ({}, AS_PART):
        page = page_of(officer, f"/events/?{question}", **headers)
        assert said in page
        assert count(page) == 0
        assert not TITLE.findall(page)


def test_an_error_stands_beside_its_field_in_page_and_part(officer):
    for headers in ({}, AS_PART):
        page = page_of(officer, "/events/?kind=nonsense", **headers)
        assert re.search(r'id="err-kind"[^>]*>[^<]*nonsense', page)
        assert re.search(r'id="err-topic"[^>]*></span>', page)


def test_each_value_in_force_is_a_chip_that_takes_it_away(officer, world):
    page = page_of(officer, f"/events/?kind=visit&kind=bilateral&partner={world.agency.pk}&person={world.director.pk}")
    chips = re.findall(r'<li class="chip"><span>([^<]*) <b>([^<]*)</b></span><a href="([^"]*)"', page)
    assert [(label, value) for label, value, _url in chips] == [
        ("Kind", "Visit"), ("Kind", "Bilateral meeting"), ("Partner", "Drug Control Agency"), ("Person", "Rustam Karimov"),
    ]  # fmt: skip
    without = chips[0][2].replace("&amp;", "&")
    assert without == f"/events/?kind=bilateral&partner={world.agency.pk}&person={world.director.pk}"


def test_a_hidden_record_has_the_chip_of_an_absent_one(client, world):
    client.force_login(world.manager)
    hidden, absent = (page_of(client, f"/events/?case={pk}", **AS_PART) for pk in (world.secret_case.pk, 999_999))
    assert hidden.replace(str(world.secret_case.pk), "X") == absent.replace("999999", "X")
    assert "not on record" in hidden


def test_the_form_carries_along_what_the_bar_does_not_ask_for(officer, world):
    page = page_of(officer, f"/events/?person={world.director.pk}&ordering=title&page=1&kind=visit")
    carried = re.search(r'<div id="carried"[^>]*>(.*?)</div>', page, re.DOTALL).group(1)
    assert re.findall(r'name="(\w+)" value="([^"]+)"', carried) == [
        ("person", str(world.director.pk)), ("ordering", "title"),
    ]  # fmt: skip


def test_choices_in_force_are_ticked(officer, world):
    page = page_of(officer, f"/events/?partner={world.old_body.pk}&topic={world.finance.pk}&country=BR")
    for name, value in (("partner", world.old_body.pk), ("topic", world.finance.pk), ("country", "BR")):
        assert f'name="{name}" value="{value}" checked' in page


def test_parts_follow_the_event_that_contains_them(officer):
    titles = TITLE.findall(page_of(officer, "/events/"))
    place = titles.index("Visit to Tashkent")
    assert "Talks at the agency" in titles[place + 1 : place + 3]


def test_pages_are_honest_about_where_they_end(officer):
    first, second = page_of(officer, "/events/?limit=3"), page_of(officer, "/events/?limit=3&page=2")
    assert not set(TITLE.findall(first)) & set(TITLE.findall(second))
    assert count(first) == count(second)
    beyond = page_of(officer, "/events/?limit=3&page=99")
    assert count(beyond) == count(first)
    assert "There is no such page" in beyond


def test_the_export_asks_the_same_question(officer, world):
    page = page_of(officer, f"/events/?partner={world.unodc.pk}&limit=1&page=1")
    links = re.findall(r'href="(/api/v1/events/export\.\w+\?[^"]*)"', page)
    assert links == [f"/api/v1/events/export.{s}?partner={world.unodc.pk}" for s in ("xlsx", "csv", "jsonl")]
    assert officer.get(links[1])["X-Row-Count"] == str(count(page))


def test_nothing_found_says_how_to_loosen_the_question(officer):
    page = page_of(officer, "/events/?q=unheard-of&kind=visit")
    assert "No events match" in page
    assert 'href="/events/?q=unheard-of"' in page


def test_names_are_looked_up_in_either_script(officer):
    assert "Ministry of Internal Affairs" in page_of(officer, "/organizations/options/?name=partner&q=министерство")
    assert 'name="creditor"' in page_of(officer, "/organizations/options/?name=creditor&q=ministry")
    assert 'name="partner"' in page_of(officer, '/organizations/options/?name="><script>&q=ministry')


@pytest.mark.parametrize("model", [Organization, Person, Event, Case, Commitment])
def test_a_choice_is_called_what_the_record_is_called(officer, world, model):
    rows = model.objects.visible_to(world.officer)
    assert dict(rows.values_list("pk", rows.label)) == {row.pk: str(row) for row in rows}


def add_many(world, n):
    """n more rows of everything that lists show."""
    day = datetime.date(2021, 9, 1)
    with writes.change(None, "command") as change:
        for i in range(n):
            body = change.save(Organization(name=f"Body {i}", kind="ministry", country="KZ", parent=world.ministry))
            person = change.save(Person(name=f"Person {i}"))
            case = change.save(Case(title=f"Case {i}", lead=person))
            event = change.save(Event(kind="meeting", title=f"Meeting {i}", start_date=day, owner=world.officer))
            change.set(event, "cases", [case])
            change.save(Delegation(event=event, organization=body))
            change.save(Commitment(title=f"Promise {i}", debtor=world.caricc, creditor=body, event=event, due_date=day))


@pytest.mark.parametrize("path", [*PAGES.values(), "/"])
def test_a_page_costs_few_queries_however_many_rows(client, world, count_queries, path):
    client.force_login(world.analyst)
    costs = []
    add_many(world, 10)
    for more in (0, 60):
        add_many(world, more)
        with count_queries() as counted:
            assert client.get(path).status_code == 200
        costs.append(len(counted))
    assert costs[0] + 1 >= costs[1], "one more query counts the rows once they fill a page"
    assert costs[1] <= {"/": 15, "/events/": 7}.get(path, 9), [query["sql"] for query in counted.captured_queries]


def test_a_question_about_partners_costs_hardly_more(client, world, count_queries):
    client.force_login(world.analyst)
    add_many(world, 60)
    asked = f"partner={world.unodc.pk}&partner={world.ministry.pk}&topic={world.finance.pk}&case={world.open_case.pk}&q=talks"
    year = "date_after=2021-01-01&date_before=2021-12-31"
    for url, most in {
        f"/events/?{asked}": 11,  # the words, and a look at PostgreSQL's plan for them
        f"/events/?{year}": 7,
        f"/events/?partner={world.ministry.pk}&kind=meeting&{year}": 8,
        f"/commitments/?partner={world.ministry.pk}": 10,
    }.items():
        with count_queries() as counted:
            client.get(url)
        assert len(counted) <= most, url
