"""The start page: one bar drives everything, and it says what it counts."""

import datetime
import html
import re
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

import pytest

from caricc.lib import writes
from caricc.lib.days import today
from events.models import Delegation, Event
from tests.test_figures import links_of
from tests.test_laws import count_on, signed_in

AUTUMN = "date_after=2021-10-01&date_before=2021-12-31"
DAY = datetime.date


def page_of(user, query=""):
    answer = signed_in(user).get(f"/?{query}" if query else "/")
    assert answer.status_code == 200
    return answer.content.decode()


def panel(page: str, heading: str) -> str:
    """The HTML of the panel with this id of its heading."""
    start = page.index(f'aria-labelledby="{heading}"')
    return page[start : page.index("</section>", start)]


def bars(page: str, heading: str) -> dict[str, int]:
    found = re.findall(r'data-count="(\d+)"><span class="name">([^<]*)', panel(page, heading))
    return {html.unescape(name).strip(): int(n) for n, name in found}


def figure(page: str, label: str) -> int:
    return int(re.search(rf'data-count="(\d+)" title="[^"]*"><span class="label">{label}<', page).group(1))


def test_without_a_question_it_shows_the_latest_quarter_in_which_something_was_held(world):
    page = page_of(world.analyst)
    assert "<h1>Fourth quarter 2021</h1>" in page
    assert 'name="date_after" value="2021-10-01"' in page


def test_a_period_without_events_is_shown_as_empty_and_leads_on(world):
    page = page_of(world.analyst, "date_after=2015-01-01&date_before=2015-03-31")
    assert "<h1>First quarter 2015</h1>" in page
    assert figure(page, "Events held") == 0
    assert "Nothing was held or planned in these days." in page
    assert "Fourth quarter 2014" in page
    assert "Second quarter 2015" in page


def test_figures_are_counted_for_the_one_who_reads(world):
    held = {who: figure(page_of(world.users[who], AUTUMN), "Events held") for who in ("admin", "officer", "analyst")}
    assert held == {"admin": 3, "officer": 6, "analyst": 4}


def test_each_figure_stands_beside_the_period_before_and_the_same_a_year_ago(world):
    with writes.change(world.officer, "admin") as change:
        for day in (DAY(2021, 7, 5), DAY(2021, 8, 5), DAY(2020, 11, 5)):
            change.save(Event(kind="meeting", title="Round", start_date=day, owner=world.officer))
    page = page_of(world.admin, AUTUMN)
    tile = page[page.index('<span class="label">Events held<') :]
    tile = tile[: tile.index("</div>")]
    assert "Third quarter 2021" in tile
    assert "Fourth quarter 2020" in tile
    counts = [count for _link, count in links_of(tile) if count is not None]
    assert counts == [2, 1]
    assert "<b>+1</b>" in tile


def test_what_is_owed_in_a_period_that_is_over_is_told_as_it_stood_on_its_last_day(world):
    page = page_of(world.admin, AUTUMN)
    link = next(link for link, _n in links_of(page) if "overdue_on" in link)
    assert parse_qs(urlsplit(link).query)["overdue_on"] == ["2021-12-31"]
    page = page_of(world.admin, "period=this_year")
    assert any("overdue=true" in link for link, _n in links_of(page))


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        ("kind=visit", 1),
        ("country=JP", 1),
        ("country=TJ", 2),
        ("partner={unodc}", 1),
        ("partner={agency}", 2),
        ("topic={finance}", 1),
        ("case={open_case}", 2),
        ("case={secret_case}", 0),
        ("officer={director}", 3),
        ("officer={specialist}", 3),
        ("q=ambassador", 1),
    ],
)
def test_the_bar_drives_everything(world, asked, held):
    asked = asked.format(**{name: getattr(row, "pk", row) for name, row in vars(world).items()})
    page = page_of(world.admin, f"{AUTUMN}&{asked}")
    assert figure(page, "Events held") == held
    name = asked.partition("=")[0]
    inner = [link for link, count in links_of(page[page.index("<main") :]) if count is not None]
    assert len(inner) > 20
    assert all(name in html.unescape(link) or (name == "officer" and "lead" in link) for link in inner), asked


def test_a_month_counts_what_touches_it_and_its_bars_are_its_kinds(world):
    with writes.change(world.officer, "admin") as change:
        change.save(
            Event(
                kind="conference", title="Over the new month", start_date=DAY(2021, 10, 30), end_date=DAY(2021, 11, 1)
            )
        )
    client, page = signed_in(world.admin), page_of(world.admin, AUTUMN)
    months = panel(page, "h-months")
    columns = re.findall(r'<a class="x" href="([^"]+)" data-count="(\d+)"><span class="vh">(\w+ \d+)', months)
    told = {name: int(n) for _url, n, name in columns}
    assert (told["October 2021"], told["November 2021"], told["September 2021"]) == (3, 2, 0)
    for url, n, _name in columns:
        assert count_on(client.get(html.unescape(url)).content.decode()) == int(n)
    assert bars(page, "h-months") == {"Bilateral meeting": 2, "Visit": 1, "Conference": 1}


def test_offices_count_with_their_organization_or_by_themselves(world):
    with writes.change(world.officer, "admin") as change:
        both = change.save(Event(kind="meeting", title="Both", start_date=DAY(2021, 11, 5)))
        for body in (world.office, world.desk, world.unodc):
            change.save(Delegation(event=both, organization=body))
    together, apart = page_of(world.admin, AUTUMN), page_of(world.admin, f"{AUTUMN}&rollup=false")
    assert bars(together, "h-part") == {"UNODC": 2, "Drug Control Agency": 2, "Embassy of Japan": 1}
    assert bars(apart, "h-part") == {
        "UNODC Office in Kazakhstan": 2, "Drug Control Agency": 2, "UNODC": 1, "Precursor Desk": 1, "Embassy of Japan": 1,
    }  # fmt: skip


def test_where_a_partner_is_asked_for_its_offices_stand_by_themselves(world):
    page = page_of(world.officer, f"{AUTUMN}&partner={world.unodc.pk}")
    assert bars(page, "h-part")["UNODC Office in Kazakhstan"] == 3


def test_a_state_that_is_asked_for_is_the_only_one_that_is_broken_down(world):
    assert set(bars(page_of(world.officer, f"{AUTUMN}&country=JP"), "h-stat")) == {"Japan"}


def test_a_wrong_question_is_said_and_answers_nothing(world):
    for query in (
        "kind=party",
        "date_after=2021-12-01&date_before=2021-11-01",
        "colour=blue",
        "status=held",
        "rollup=maybe",
    ):
        page = page_of(world.analyst, query)
        assert "This question cannot be answered" in page, query
        assert "data-count" not in page[page.index("<main") :], query


@pytest.mark.parametrize(
    "query",
    [
        "date_after=0001-01-01&date_before=9999-12-31",
        "date_after=9999-12-31",
        "date_before=0001-01-01",
        "date_after=1900-01-01&date_before=2100-12-31",
        f"q={'word+' * 11}",
    ],
)
def test_no_question_breaks_the_page(world, query):
    assert "<h1>" in page_of(world.analyst, query)


def test_the_chart_reaches_over_centuries_without_thousands_of_columns(world):
    with writes.change(world.officer, "admin") as change:
        for year, status in ((1900, "held"), (2100, "planned")):
            change.save(
                Event(kind="meeting", title="Far", start_date=DAY(year, 1, 2), status=status, owner=world.officer)
            )
    page = page_of(world.analyst, "period=all_time")
    assert "Events by decade" in page
    assert panel(page, "h-months").count('class="x"') == 21


def test_the_presets_keep_the_rest_of_the_question(world):
    page = page_of(world.analyst, f"{AUTUMN}&kind=visit")
    now = today()
    assert f"kind=visit&amp;date_after={now.year}-01-01&amp;date_before={now.year}-12-31" in page
    assert "kind=visit&amp;period=all_time" in page


def test_the_page_needs_at_most_15_queries_whatever_is_asked(world, count_queries):
    client = signed_in(world.manager)
    for query in ("", AUTUMN, f"period=all_time&partner={world.unodc.pk}&country=JP&kind=visit&topic={world.finance.pk}"
                  f"&case={world.open_case.pk}&officer={world.director.pk}&q=talks"):  # fmt: skip
        with count_queries() as counted:
            assert client.get(f"/?{query}" if query else "/").status_code == 200
        assert len(counted) <= 15 + ("q=" in query), query  # and a look at PostgreSQL's plan for words


def test_partners_met_are_listed_by_how_often_with_the_events_behind_the_number(world):
    client, page = signed_in(world.officer), page_of(world.officer, AUTUMN)
    link = next(link for link, n in links_of(page) if n is not None and link.startswith("/organizations/?own=false"))
    listed = client.get(link).content.decode()
    names = re.findall(r'<th scope="row"><a class="t" href="[^"]+">([^<]+)', listed)
    assert names[0] == "UNODC Office in Kazakhstan"
    assert set(names) == {
        "UNODC Office in Kazakhstan",
        "Drug Control Agency",
        "Embassy of Japan",
        "Ministry of Internal Affairs",
    }
    for url, n in [(url, n) for url, n in links_of(listed) if n is not None and "body=" in url]:
        assert count_on(client.get(url).content.decode()) == n


def test_a_quarter_that_is_not_over_is_not_measured_against_a_whole_one(world):
    page = page_of(world.analyst, "period=this_quarter")
    tile = page[page.index('<span class="label">Events held<') :]
    assert "<b>so far</b>" in tile[: tile.index("</div>")]


def test_a_quiet_partner_is_told_with_its_rhythm_in_every_language(world):
    with writes.change(None, "command") as change:
        for partner, months in ((world.ministry, 1), (world.agency, 24)):
            partner.rhythm = months
            change.save(partner)
    client = signed_in(world.officer)
    page = panel(client.get("/").content.decode(), "h-quiet")
    assert "every month, as agreed" in page
    assert "every 2 years, as agreed" in page
    client.get("/language/ru/")
    page = panel(client.get("/").content.decode(), "h-quiet")
    assert "раз в месяц" in page
    assert "%(" not in page
    assert "{{" not in page


LABELS = """[...document.querySelectorAll('.months .columns .x > [aria-hidden]')].map(label => {
  const text = document.createRange(); text.selectNode(label.firstChild)
  const {left, right} = text.getBoundingClientRect()
  return getComputedStyle(label).visibility === 'visible' ? [left, right] : null
}).filter(Boolean)"""


@pytest.mark.parametrize("width", [380, 800, 1440])
@pytest.mark.parametrize("until", ["2021-08-31", "2021-12-31", "2022-04-30", "2022-12-31"])
def test_the_names_of_months_do_not_touch(world, sign_in, width, until):
    page = sign_in(world.officer)
    with writes.change(world.officer, "command") as change:
        for day in (DAY(2021, 1, 1), DAY.fromisoformat(until)):
            change.save(Event(title="At an end", kind="meeting", start_date=day))
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"/?date_after=2021-01-01&date_before={until}")
    labels = page.evaluate(LABELS)
    assert len(labels) >= 6
    assert all(after[0] - before[1] >= 2 for before, after in pairwise(labels))
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
