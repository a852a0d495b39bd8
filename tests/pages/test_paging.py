"""Walking a list by its own links, and how far it counts."""

import datetime
import re
from html import unescape

import pytest

from caricc.lib import counts, writes
from caricc.lib.days import today
from contacts.models import Person
from events.models import Event
from tests.api.client import Api
from tests.inventory import PAGES, resources

LINK = 'rel="{}" href="([^"]*)"'
ROW = re.compile(r'<a class="(?:t|what)[^"]*" href="/\w+/(\d+)/"')
DAY = datetime.date(2021, 10, 15)


@pytest.fixture
def officer(client, world):
    client.force_login(world.officer)
    return client


def link(page, rel):
    found = re.search(LINK.format(rel), page)
    return unescape(found.group(1)) if found else ""


def page_of(client, url):
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def events(world, number, day=DAY, status="held"):
    with writes.change(world.officer, "command") as change:
        return [
            change.save(
                Event(kind="meeting", title=f"Tied {place % 3}", start_date=day, status=status, owner=world.officer)
            )
            for place in range(number)
        ]


def walk(client, url, rel="next", most=60):
    """[(address, page)] of a list, link by link."""
    made = []
    while url and len(made) < most:
        made.append((url, page_of(client, url)))
        url = link(made[-1][1], rel)
    assert len(made) < most
    return made


def rows_on(pages):
    return [int(pk) for _url, page in pages for pk in ROW.findall(page)]


def in_order(user, *order):
    return list(Event.objects.visible_to(user).order_by(*order).values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("asked", "order"),
    [
        ("", ("-start_date", "-id")), ("&ordering=start_date", ("start_date", "id")),
        ("&ordering=title", ("title", "id")), ("&ordering=-title", ("-title", "-id")),
    ],
)  # fmt: skip
def test_next_leads_to_the_end_and_previous_back_through_every_row_once(officer, world, asked, order):
    events(world, 11)
    there = walk(officer, f"/events/?limit=4{asked}")
    last_url = there[-1][0]
    assert "cursor=" in last_url
    back = walk(officer, last_url, "prev")
    wanted = in_order(world.officer, *order)
    assert sorted(rows_on(there)) == sorted(rows_on(back)) == sorted(wanted)
    for pages in (there, list(reversed(back))):
        for place, (_url, page) in enumerate(pages):
            assert sorted(map(int, ROW.findall(page))) == sorted(wanted[place * 4 : place * 4 + 4])
    told = [re.search(r"<span>(\d+)–(\d+) of (\d+)</span>", page).groups() for _url, page in there]
    assert told[0] == ("1", "4", str(len(wanted)))
    assert told[-1][1] == str(len(wanted))
    assert told == [re.search(r"<span>(\d+)–(\d+) of (\d+)</span>", page).groups() for _url, page in reversed(back)]


@pytest.mark.parametrize("path", PAGES.values())
def test_every_list_can_be_walked_to_its_end_and_back(officer, path):
    ids = officer.get(f"/api/v1/{next(name for name, page in PAGES.items() if page == path)}/ids/").json()
    there = walk(officer, f"{path}?limit=2")
    back = walk(officer, there[-1][0], "prev")
    shown = [re.findall(r'<a class="(?:t|what)[^"]*" href="([^"]*)"', page) for _url, page in there]
    assert shown == [re.findall(r'<a class="(?:t|what)[^"]*" href="([^"]*)"', page) for _url, page in reversed(back)]
    assert len(there) == -(-len(ids) // 2)


def test_rows_that_come_and_go_before_the_edge_move_nothing(officer, world):
    new = events(world, 9, today())
    wanted = in_order(world.officer, "-start_date", "-id")
    first = page_of(officer, "/events/?limit=4")
    events(world, 3, today() + datetime.timedelta(days=900), "planned")
    with writes.change(world.officer, "command") as change:
        gone = next(one for one in new if one.pk in wanted[:4])
        change.delete(gone)
    rest = walk(officer, link(first, "next"))
    assert sorted([*map(int, ROW.findall(first)), *rows_on(rest)]) == sorted(wanted)
    back = rows_on(walk(officer, rest[-1][0], "prev"))
    assert sorted(back) == sorted(in_order(world.officer, "-start_date", "-id"))


def test_the_last_page_is_a_click_away_and_begins_where_it_does_by_number(officer, world):
    events(world, 11)
    first, count = page_of(officer, "/events/?limit=4"), Event.objects.visible_to(world.officer).count()
    by_number = page_of(officer, f"/events/?limit=4&page={-(-count // 4)}")
    last = page_of(officer, link(first, "last"))
    assert ROW.findall(last) == ROW.findall(by_number)
    assert f"–{count} of {count}" in last
    assert not link(last, "next")
    assert not link(last, "last")


def test_a_page_by_its_number_or_by_rows_to_skip_goes_on_as_well(officer, world):
    wanted = in_order(world.officer, "-start_date", "-id")
    for url in ("/events/?limit=3&page=2", "/events/?limit=3&offset=3"):
        page = page_of(officer, url)
        assert sorted(map(int, ROW.findall(page))) == sorted(wanted[3:6])
        assert sorted(map(int, ROW.findall(page_of(officer, link(page, "next"))))) == sorted(wanted[6:9])
        assert sorted(map(int, ROW.findall(page_of(officer, link(page, "prev"))))) == sorted(wanted[:3])


@pytest.mark.parametrize("asked", ["cursor=nonsense", "ordering=title&{other}", "{other}&ordering=start_date"])
def test_a_place_that_makes_no_sense_is_an_error_on_the_page_and_over_the_api(officer, world, asked):
    events(world, 2)
    other = re.search(r"cursor=[\w-]+", link(page_of(officer, "/events/?limit=2"), "next")).group()
    asked = asked.format(other=other)
    page = page_of(officer, f"/events/?{asked}")
    assert "names no place among these rows" in page
    assert not ROW.findall(page)
    assert 'data-count="0"' in page
    answer = Api(world.officer).get(f"events/?{asked}")
    assert answer.status_code == 400
    assert list(answer.json()) == ["cursor"]


def test_an_empty_place_is_as_if_absent_and_a_list_without_places_refuses_any(officer, world):
    events(world, 2)
    place = re.search(r"cursor=[\w-]+", link(page_of(officer, "/events/?limit=2"), "next")).group()
    assert ROW.findall(page_of(officer, "/events/?limit=2&cursor=")) == ROW.findall(
        page_of(officer, "/events/?limit=2")
    )
    assert Api(world.officer).get(f"commitments/?{place}").status_code == 400


def test_no_other_link_of_the_page_keeps_the_place(officer, world):
    events(world, 9)
    second = page_of(officer, link(page_of(officer, "/events/?limit=3&kind=meeting"), "next"))
    kept = [unescape(url) for url in re.findall(r'(?:href|hx-get|value)="([^"]*cursor=[^"]*)"', second)]
    pager = re.search(r'<nav class="pager".*?</nav>', second, re.DOTALL).group()
    assert kept
    assert all(url.replace("&", "&amp;") in pager for url in kept)
    assert 'name="cursor"' not in second


@pytest.mark.parametrize("resource", dict(resources()))
@pytest.mark.parametrize("more", ["", "&count=false"])
def test_a_program_that_follows_next_and_then_previous_gets_each_row_once(world, resource, more):
    api = Api(world.officer)
    wanted = [row["id"] for row in api.rows(f"{resource}/?limit=500")]
    at, pages = f"{resource}/?limit=2{more}", []
    while at:
        pages.append(api.get(at).json())
        at = pages[-1]["next"] and pages[-1]["next"].split("/api/v1/")[1]
    assert [row["id"] for page in pages for row in page["results"]] == wanted
    assert {page["count"] for page in pages} == {None if more else len(wanted)}
    back, at = [pages[-1]], pages[-1]["previous"]
    while at:
        back.append(api.get(at.split("/api/v1/")[1]).json())
        at = back[-1]["previous"]
    assert [row["id"] for page in reversed(back) for row in page["results"]] == wanted
    if resource == "events":
        assert "cursor=" in pages[0]["next"]
        assert "offset=" not in pages[0]["next"]
        assert ("count=false" in pages[0]["next"]) == bool(more)


# ---- how far it is counted


@pytest.fixture
def a_large_register(monkeypatch):
    monkeypatch.setattr(counts, "CAP", 5)
    monkeypatch.setattr(counts, "SMALL", 10)
    monkeypatch.setattr(counts, "_large", set())


def test_many_rows_are_said_to_be_many_and_counted_where_somebody_asks(officer, world, a_large_register):
    events(world, 12)
    count = Event.objects.visible_to(world.officer).count()
    page = page_of(officer, "/events/?limit=3")
    assert "<strong>5+ events</strong>" in page
    assert "1–3 of 5+" in page
    assert not re.search(r'id="results"[^>]*data-count', page)
    counted = page_of(officer, unescape(re.search(r'href="([^"]*)"[^>]*>count them<', page).group(1)))
    assert f"<strong>{count} events</strong>" in counted
    assert f'data-count="{count}"' in counted
    assert "count them" not in counted
    assert ROW.findall(counted) == ROW.findall(page)
    assert "count=true" in link(counted, "next")
    last = page_of(officer, link(page, "last"))
    assert sorted(map(int, ROW.findall(last))) == sorted(in_order(world.officer, "-start_date", "-id")[-3:])
    assert "3 of 5+" in last
    assert not link(last, "next")
    before = page_of(officer, link(last, "prev"))
    assert sorted(map(int, ROW.findall(before))) == sorted(in_order(world.officer, "-start_date", "-id")[-6:-3])


def test_a_page_that_shows_all_rows_or_the_end_of_them_knows_their_number(officer, world, a_large_register):
    events(world, 12)
    count = Event.objects.visible_to(world.officer).count()
    for url in ("/events/", f"/events/?limit=4&page={-(-count // 4)}"):
        assert f"<strong>{count} events</strong>" in page_of(officer, url)


def test_the_rows_of_a_small_table_are_always_counted(officer, world, a_large_register):
    assert Event.objects.visible_to(world.officer).count() > counts.CAP
    assert Event._base_manager.count() <= 12
    counts.SMALL = 100
    assert 'data-count="8"' in page_of(officer, "/events/?limit=2")


def test_the_api_counts_exactly_all_the_same(world, a_large_register):
    events(world, 12)
    count = Event.objects.visible_to(world.officer).count()
    assert Api(world.officer).get("events/?limit=2").json()["count"] == count


def test_what_was_counted_no_further_is_written_so_and_compares_as_a_number():
    assert str(counts.AtLeast(1000)) == "1,000+".replace(",", counts.THIN)
    assert f"{counts.AtLeast(10_000):,}" == "10,000+"
    assert counts.AtLeast(1000) == 1000


@pytest.mark.parametrize("path", ["/people/?limit=2", "/organizations/?limit=2"])
def test_lists_by_name_go_on_by_name(officer, world, path):
    with writes.change(world.officer, "command") as change:
        for _ in range(5):
            change.save(Person(name="Namesake"))
    there = walk(officer, path)
    assert all("cursor=" in url for url, _page in there[1:])
