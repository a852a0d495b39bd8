"""The calendar: what stands on which day, for whom, and that its figures are those of the lists."""

import datetime
import html
import re

import pytest
from playwright.sync_api import expect

from caricc.lib import writes
from caricc.lib.days import today
from events.models import Case, CasePartner, Commitment, Event
from tests.pages.test_in_chromium import grave_findings
from tests.test_figures import links_of
from tests.test_laws import count_on, signed_in
from tests.world import CANARY, READERS

DAY = datetime.date
NOW = f"{today():%Y-%m}"


@pytest.fixture
def officer(client, world):
    client.force_login(world.officer)
    return client


def page_of(client, query="", **headers):
    answer = client.get(f"/calendar/?{query}", headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def grid_of(page: str) -> str:
    """The table of the month, without the agenda that stands for it on a telephone."""
    return page[page.index('<table class="month') : page.index("</table>")]


def log(world, *rows, model=Event, **common):
    made = []
    with writes.change(world.officer, "command") as change:
        for fields in rows:
            row = model(**{"kind": "meeting", **common, **fields} if model is Event else fields)
            if model is Event and row.start_date > today() and "status" not in {**common, **fields}:
                row.status = "planned"
            made.append(change.save(row))
    return made


def bars(grid: str) -> dict[str, int]:
    """{title: columns} of every event drawn in the grid, the last bar of each."""
    found = re.findall(r'<td(?: colspan="(\d)")?[^>]*><div class="on[^"]*">(.*?)</div>', grid, re.S)
    title = re.compile(r'<a class="[^"]*" href="/events/\d+/">(?:<span.*?</span> )?(.*?)</a>', re.S)
    return {html.unescape(title.search(text)[1]): int(span or 1) for span, text in found}


# ---- what stands where


def test_an_event_of_two_days_spans_them_and_its_parts_say_what_is_not_known(officer):
    grid = grid_of(page_of(officer, "month=2021-10"))
    assert bars(grid)["Visit to Tashkent"] == 2
    assert bars(grid)["Talks at the agency"] == 2
    assert grid.count("some time in 14–15") == 2  # the open part and the restricted one that the officer owns
    assert grid.index("Visit to Tashkent") < grid.index("Talks at the agency")


def test_weeks_begin_on_monday_and_hold_the_whole_month(officer):
    page = page_of(officer, "month=2021-10")
    assert re.findall(r'<th scope="col">(\w+)</th>', page) == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    assert grid_of(page).count('<tr class="numbers">') == 5
    assert re.search(r'<tr class="numbers"><td class="outside">.*?27', page)


def test_what_is_planned_is_dashed_and_what_is_cancelled_is_struck(world, officer):
    log(world, {"title": "Called off", "status": "cancelled"}, {"title": "Put off", "status": "postponed"},
        start_date=DAY(2021, 10, 5))  # fmt: skip
    grid = grid_of(page_of(officer, "month=2021-10"))
    assert re.search(
        r'<div class="on cancelled day"><a class="struck" href="/events/\d+/">Called off</a> <small>Cancelled', grid
    )
    assert re.search(
        r'<div class="on postponed day"><a class="" href="/events/\d+/">Put off</a> <small>Postponed', grid
    )
    ahead = page_of(officer, f"shape=agenda&month={world.planned.start_date:%Y-%m}")
    assert re.search(r'<li class="on planned day"><p><a class="" href="/events/\d+/">Meeting of coordinators', ahead)


def test_the_time_of_an_event_stands_before_its_title(world, officer):
    log(world, {"title": "At ten", "start_date": DAY(2021, 10, 5), "start_time": datetime.time(10), "city": "Vienna",
                "end_time": datetime.time(12, 30), "time_zone": "Europe/Vienna"})  # fmt: skip
    agenda = page_of(officer, "month=2021-10&shape=agenda")
    assert re.search(r'<span class="at">10:00</span> At ten</a>.*?until 12:30 · Europe/Vienna', agenda, re.S)


def test_what_is_known_to_the_month_or_the_year_stands_above_the_grid_and_on_no_day(world, officer):
    log(world, {"title": "That month", "start_date": DAY(2021, 10, 1), "end_date": DAY(2021, 10, 31), "date_precision": "month"},
        {"title": "That year", "start_date": DAY(2021, 1, 1), "end_date": DAY(2021, 12, 31), "date_precision": "year"})  # fmt: skip
    page = page_of(officer, "month=2021-10")
    above = page[: page.index('<table class="month')]
    assert re.search(r"Some time in October.2021.*That month.*Some time in 2021.*That year", above, re.S)
    assert "That month" not in bars(grid_of(page))
    assert "That year" not in bars(grid_of(page))
    assert page.count("That month") == page.count("That year") == 1
    december = page_of(officer, "month=2021-12")
    assert "That year" in december
    assert "That month" not in december


def test_due_dates_of_open_promises_stand_on_their_day_with_their_direction(world, officer):
    page = page_of(officer, f"shape=agenda&month={world.owed.due_date:%Y-%m}")
    assert re.search(r"We owe:</b> <a[^>]*>A note on projects", page)
    page = page_of(officer, f"shape=agenda&month={world.due_to_us.due_date:%Y-%m}")
    assert re.search(
        r'class="falls late">.*?Owed to us:</b> <a[^>]*>A list of experts</a> <small>5 days late', page, re.S
    )
    assert "A review" not in page, "it is fulfilled"


def test_the_next_step_of_a_case_stands_on_its_day_until_the_case_is_closed(world, officer):
    assert "Send the plan of the third phase" in grid_of(page_of(officer, "month=2021-12"))
    with writes.change(world.officer, "page") as change:
        case = Case.objects.visible_to(world.officer).get(pk=world.open_case.pk)
        case.status = "closed"
        change.save(case)
    assert "Send the plan of the third phase" not in page_of(officer, "month=2021-12")


# ---- the same question as the lists


@pytest.mark.parametrize("who", READERS)
def test_every_figure_opens_exactly_its_rows(world, who):
    client = signed_in(world.users[who])
    log(
        world,
        *({"title": f"Long {n}", "end_date": DAY(2021, 10, 5 + n)} for n in range(20)),
        start_date=DAY(2021, 10, 3),
    )
    log(world, *({"title": f"Owed {n}", "debtor": world.caricc, "due_date": DAY(2021, 10, 14)} for n in range(12)),
        model=Commitment)  # fmt: skip
    addresses = [
        "month=2021-10", "month=2021-10&shape=agenda", f"partner={world.agency.pk}&month=2021-10", "kind=visit&month=2021-10",
        "date_after=2021-10-15&date_before=2021-10-26", "q=talks&month=2021-11", f"case={world.open_case.pk}&month=2021-10",
        "country=JP&month=2021-11", "shape=agenda", f"officer={world.specialist.pk}&month={NOW}", "period=this_month",
        "period=last_year", "status=planned", f"case={world.secret_case.pk}&month=2021-11",
    ]  # fmt: skip
    counts, seen = {}, 0
    for query in addresses:
        for link, count in links_of(page_of(client, query)):
            if count is None or "/commitments/?overdue" in link:
                continue
            if link not in counts:
                counts[link] = count_on(client.get(link).content.decode())
            assert counts[link] == count, f"{query}: {link}"
            seen += 1
    assert seen > 80
    assert any("/commitments/?" in link for link in counts)


@pytest.mark.parametrize("who", READERS)
def test_what_is_hidden_from_a_reader_is_on_no_day(world, who):
    client = signed_in(world.users[who])
    months = ["2021-10", "2021-11", *{f"{today() + datetime.timedelta(days=n):%Y-%m}" for n in (-5, 4, 5, 9)}]
    pages = "".join(page_of(client, f"{shape}month={month}") for month in months for shape in ("", "shape=agenda&"))
    titles = {event.title for event in world.hidden[who]}
    seen = {event.title for event in world.events} - titles
    assert not [title for title in titles if title in pages]
    assert all(title in pages for title in seen)
    if who != "officer":
        assert f"{CANARY} step" not in pages
        assert f"{CANARY} favour" not in pages
    else:
        assert f"{CANARY} step" in pages
        assert f"{CANARY} favour" in pages


def test_filters_narrow_events_and_due_dates_alike(world, officer):
    month = f"shape=agenda&month={world.owed.due_date:%Y-%m}"
    assert "A note on projects" in page_of(officer, f"partner={world.embassy.pk}&{month}")
    assert "A note on projects" not in page_of(officer, f"partner={world.agency.pk}&{month}")
    assert "A note on projects" in page_of(officer, f"officer={world.specialist.pk}&{month}")
    assert "A note on projects" in page_of(officer, f"kind=bilateral&{month}"), "it was promised at one"
    assert "A note on projects" not in page_of(officer, f"kind=visit&{month}")
    assert "A note on projects" in page_of(officer, f"topic={world.precursors.pk}&{month}")


def test_where_promises_have_no_answer_they_are_left_out_and_it_is_said(world, officer):
    page = page_of(officer, f"q=note&format=online&shape=agenda&month={world.owed.due_date:%Y-%m}")
    assert "A note on projects" not in page
    said = re.search(r"left out: they have no answer to “([^”]*)”\. <a href=\"([^\"]*)\"", page.replace("&amp;", "&"))
    assert said[1] == "Words, Format" or set(said[1].split(", ")) == {"Words", "Format"}
    assert "A note on projects" in officer.get(said[2]).content.decode()


def test_the_list_of_events_leads_to_the_calendar_with_its_question(officer):
    page = officer.get("/events/?kind=visit&ordering=title&page=1").content.decode()
    assert 'href="/calendar/?kind=visit">' in page
    assert "/calendar/" not in officer.get("/events/?kind=nonsense").content.decode().partition("<main")[2]


# ---- which month


def test_without_a_month_it_is_this_one_or_that_of_the_period(officer):
    def heading(query):
        return html.unescape(re.search(r"<h2>(.*?)</h2>", page_of(officer, query))[1])

    assert heading("") == f"{today():%B %Y}"
    assert heading("date_after=2021-10-15") == "October 2021"
    assert heading("date_after=2021-10-15&month=2021-11") == "November 2021"
    assert heading("date_before=2019-02-03") == "February 2019"
    assert heading("shape=agenda") == "The next 60 days"
    assert heading("shape=agenda&month=2021-10") == "October 2021"


@pytest.mark.parametrize("query", ["month=2021-13", "month=october", "month=1899-12", "month=2101-01", "month=2021-1",
                                   "month=٢٠٢١-١٠", "month=2021-10-01", "shape=gantt", "month=%00", "colour=red",
                                   "month=2021-10&date_after=2021-11-01&date_before=2021-10-01"])  # fmt: skip
def test_a_wrong_value_is_said_and_shows_no_rows(officer, query):
    page = page_of(officer, query)
    assert "This question cannot be answered" in page
    assert count_on(page) == 0
    assert '<table class="month' not in page
    name = query.rpartition("&")[2].partition("=")[0] if "date" not in query else "date_after"
    way_out = re.search(r'<a href="([^"]*)">Leave it out', page)[1]
    assert f"{name}=" not in way_out
    assert "cannot be answered" not in officer.get(html.unescape(way_out)).content.decode()


def steps_of(page: str) -> list[str]:
    nav = page[page.index('aria-label="Months"') :].partition("</nav>")[0]
    return [html.unescape(link) for link in re.findall(r'<a [^>]*href="([^"]*)"', nav)]


def test_the_steps_keep_the_question_and_lead_over_the_year_end(officer):
    before, now, after = steps_of(page_of(officer, "month=2021-12&kind=visit&shape=agenda"))
    assert before == "/calendar/?kind=visit&shape=agenda&month=2021-11"
    assert after == "/calendar/?kind=visit&shape=agenda&month=2022-01"
    assert now == "/calendar/?kind=visit&shape=agenda"


def test_a_period_is_let_go_only_where_it_would_leave_nothing(officer):
    before, now, after = steps_of(page_of(officer, "date_after=2021-10-15&date_before=2021-11-20&month=2021-10"))
    assert before == "/calendar/?month=2021-09"
    assert after == "/calendar/?date_after=2021-10-15&date_before=2021-11-20&month=2021-11"
    assert now == "/calendar/"


def test_the_first_and_the_last_month_of_the_register_have_one_neighbour(world, officer):
    log(
        world,
        {"title": "The very first", "start_date": DAY(1900, 1, 1)},
        {"title": "The very last", "start_date": DAY(2100, 12, 31)},
    )
    first, last = page_of(officer, "month=1900-01"), page_of(officer, "month=2100-12")
    assert "The very first" in bars(grid_of(first))
    assert "The very last" in bars(grid_of(last))
    assert [link for link in steps_of(first) if "month=" in link] == ["/calendar/?month=1900-02"]
    assert [link for link in steps_of(last) if "month=" in link] == ["/calendar/?month=2100-11"]


def test_what_crosses_the_year_end_is_in_both_months_and_counted_in_both(world, officer):
    log(world, {"title": "New year", "start_date": DAY(2019, 12, 30), "end_date": DAY(2020, 1, 7)})
    december, january = page_of(officer, "month=2019-12"), page_of(officer, "month=2020-01")
    assert count_on(december) == count_on(january) == 1
    assert bars(grid_of(december))["New year"] == 7  # the week from Monday 30 December
    assert bars(grid_of(january))["New year"] == 2  # its last bar, until Tuesday
    agenda = page_of(officer, "month=2020-01&shape=agenda")
    assert agenda.count("New year") == 1, "it stands on the first day shown"
    february = page_of(officer, "month=2020-02")
    assert count_on(february) == 0
    assert "New year" not in february


def test_an_agenda_says_what_goes_on_where_something_else_is_told(world, officer):
    log(world, {"title": "Second day", "start_date": DAY(2021, 10, 15)})
    agenda = page_of(officer, "month=2021-10&shape=agenda")
    assert re.search(r'Goes on: <a href="/events/\d+/">Visit to Tashkent</a>', agenda)
    headings = re.findall(r"<h3><b>(\w+)</b> <span[^>]*>([^<]*)</span>", agenda)
    assert ("Thursday", "14\xa0October\xa02021") in headings
    assert ("Friday", "15\xa0October\xa02021") in headings


# ---- many rows


def test_a_full_month_draws_little_counts_all_and_asks_no_more(world, officer, count_queries):
    asked = ("", "shape=agenda&", f"partner={world.caricc.pk}&kind=meeting&")
    few = []
    for query in asked:
        page_of(officer, f"{query}month=2021-10")
        with count_queries() as counted:
            page_of(officer, f"{query}month=2021-10")
        few.append(len(counted))
    log(world, *({"title": f"Round {n}", "start_date": DAY(2021, 10, 1 + n % 4)} for n in range(400)))
    log(world, *({"title": f"Owed {n}", "debtor": world.caricc, "due_date": DAY(2021, 10, 6)} for n in range(40)),
        model=Commitment)  # fmt: skip
    many = []
    for query in asked:
        with count_queries() as counted:
            page_of(officer, f"{query}month=2021-10")
        many.append(len(counted))
    assert many == few
    assert max(many) <= 13
    page = page_of(officer, "month=2021-10")
    assert sum(title.startswith("Round") for title in bars(grid_of(page))) == 16
    assert grid_of(page).count(">96 more<") == 4
    assert re.search(r'data-count="100">96 more', page)
    assert re.search(r'data-count="40">39 more due', page)
    assert page.count("Round ") < 60
    agenda = page_of(officer, "month=2021-10&shape=agenda")
    assert re.search(r'data-count="100">92 more events', agenda)


def test_more_next_steps_open_their_cases(world, officer):
    day, asked = DAY(2021, 10, 6), f"officer={world.specialist.pk}&country=JP&"
    log(world, *({"title": f"Case {n}", "next_step": "Write", "next_step_on": day} for n in range(11)), model=Case)
    log(world, {"title": "Closed", "next_step": "Write", "next_step_on": day, "status": "closed", "closed_on": day,
                "opened_on": day}, model=Case)  # fmt: skip
    mine = log(world, *({"title": f"Mine {n}", "next_step": "Write", "next_step_on": day, "lead": world.specialist} for n in range(10)),
               model=Case)  # fmt: skip
    with writes.change(world.officer, "command") as change:
        for case in mine:
            change.save(CasePartner(case=case, organization=world.embassy, role="donor"))
    for query, count in (("", 21), (asked, 10)):
        for shape, more in (("", count - 1), ("shape=agenda&", count - 8)):
            page = page_of(officer, f"{query}{shape}month=2021-10")
            page = page if shape else grid_of(page)
            link = re.search(rf'<a href="([^"]*)" data-count="{count}">{more} more next steps', page)
            assert count_on(officer.get(html.unescape(link[1])).content.decode()) == count


def test_what_is_vague_is_shown_up_to_a_number_that_is_said_and_never_counted_without_its_rows(world, officer):
    month = {"start_date": DAY(2021, 10, 1), "end_date": DAY(2021, 10, 31), "date_precision": "month"}
    log(world, *({"title": f"Vague {n}", **month} for n in range(20)))
    page = page_of(officer, "month=2021-10")
    assert page.count("Vague ") == 20
    assert "Not all:" not in page
    log(world, *({"title": f"Vague {n}", **month} for n in range(20, 55)))
    page = page_of(officer, "month=2021-10")
    assert page.count("Vague ") == 50
    assert "Not all: 50 are shown here" in page
    rows = re.search(r'<a href="([^"]*)">All events of these days', page)[1]
    assert "Vague 54" in officer.get(html.unescape(rows) + "&limit=100").content.decode()


def test_cases_are_asked_by_the_day_of_their_next_step(officer):
    def titles(query):
        answer = officer.get(f"/api/v1/cases/?{query}")
        assert answer.status_code == 200
        return {case["title"] for case in answer.json()["results"]}

    assert titles("next_step_after=2021-12-01&next_step_before=2021-12-01") == {"Operation Meadow"}
    assert "Operation Meadow" not in titles("next_step_after=2021-12-02")
    assert titles("next_step_before=2021-11-30") == set()
    assert officer.get("/api/v1/cases/?next_step_after=2021-12-02&next_step_before=2021-12-01").status_code == 400


# ---- rights, parts of pages, the browser


def test_the_newcomer_gets_403(world):
    assert signed_in(world.newcomer).get("/calendar/?month=2021-13").status_code == 403


def test_the_part_for_htmx_keeps_shape_and_month_in_the_address(officer):
    answer = officer.get(
        "/calendar/?q=&kind=visit&shape=agenda&month=2021-10", headers={"HX-Request": "true", "HX-Target": "results"}
    )
    page = answer.content.decode()
    assert answer["HX-Push-Url"] == "/calendar/?kind=visit&shape=agenda&month=2021-10"
    assert "<html" not in page
    assert '<input type="hidden" name="shape" value="agenda"><input type="hidden" name="month" value="2021-10">' in page


def test_the_chips_keep_shape_and_month(officer):
    page = page_of(officer, "kind=visit&kind=meeting&shape=agenda&month=2021-10")
    assert 'href="/calendar/?kind=meeting&amp;shape=agenda&amp;month=2021-10"' in page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 380])
def test_the_calendar_has_no_grave_finding_and_does_not_scroll_sideways(world, sign_in, width, scheme):
    page = sign_in(world.officer)
    log(world, {"title": "That month", "end_date": DAY(2021, 10, 31), "date_precision": "month"},
        {"title": "Called off", "status": "cancelled"}, *({"title": f"Round {n}"} for n in range(7)),
        start_date=DAY(2021, 10, 1))  # fmt: skip
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    for path in ("/calendar/?month=2021-10", f"/calendar/?month={NOW}", "/calendar/?shape=agenda", "/calendar/?month=x",
                 "/calendar/?shape=agenda&month=2021-10", "/calendar/?q=unheard&month=1950-01", "/calendar/feeds/?kind=visit"):  # fmt: skip
        page.goto(path)
        assert not grave_findings(page), path
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path


def test_on_a_telephone_the_month_is_an_agenda_and_the_question_stays_with_the_month(world, sign_in):
    page = sign_in(world.officer)
    page.goto("/calendar/?month=2021-10")
    expect(page.locator("table.month")).to_be_visible()
    expect(page.locator(".one-day").first).to_be_hidden()
    page.set_viewport_size({"width": 380, "height": 900})
    expect(page.locator("table.month")).to_be_hidden()
    expect(page.locator(".one-day").first).to_be_visible()
    page.set_viewport_size({"width": 1440, "height": 900})
    page.fill("#q", "tashkent")
    expect(page).to_have_url(re.compile(r"/calendar/\?q=tashkent&month=2021-10$"))
    page.locator("a", has_text="Nov 2021").click()
    expect(page.locator("h2").first).to_have_text("November 2021")
    expect(page.locator("#q")).to_have_value("tashkent")
