"""The ledger of commitments: figures of the whole question, days in words, and the other shape."""

import datetime
import re

import pytest

from caricc.lib import writes
from caricc.lib.days import today
from events.ledger import days_of_section, moved_words, quarter_of, section_of, title_of
from events.models import Commitment, CommitmentShift
from tests.test_figures import links_of
from tests.test_laws import count_on
from tests.world import DAY, READERS

A_DAY = datetime.timedelta(days=1)


@pytest.fixture
def officer(client, world):
    client.force_login(world.officer)
    return client


def page_of(client, url):
    return client.get(url).content.decode()


def figures_of(page):
    """{address: number} of the figures of the list itself."""
    results = page.split('id="results"')[1]
    return {address: count for address, count in links_of(results) if count is not None}


def many_promises(world, ours=70, theirs=5):
    with writes.change(None, "command") as change:
        for place in range(ours + theirs):
            mine, other = (world.caricc, world.unodc) if place < ours else (world.unodc, world.caricc)
            change.save(
                Commitment(title=f"Promise {place}", debtor=mine, creditor=other, due_date=today() + place * A_DAY)
            )


@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize(
    "question",
    ["", "status=open", "overdue=true", "direction=ours", "status=fulfilled", "due__isnull=true", "limit=1", "q=note"],
)
def test_every_figure_of_the_ledger_opens_its_rows(client, world, who, question):
    client.force_login(world.users[who])
    page = page_of(client, f"/commitments/?{question}")
    for address, count in figures_of(page).items():
        assert count_on(page_of(client, address)) == count, address


def test_the_heads_count_the_whole_question_and_not_the_page(officer, world):
    many_promises(world)
    figures = figures_of(page_of(officer, "/commitments/?status=open&limit=10"))
    ours = officer.get("/api/v1/commitments/?status=open&direction=ours").json()["count"]
    assert ours > 70
    assert figures["/commitments/?status=open&direction=ours"] == ours
    assert figures["/commitments/?status=open&direction=theirs"] >= 5
    late = officer.get("/api/v1/commitments/?overdue=true&direction=ours").json()["count"]
    assert figures["/commitments/?status=open&direction=ours&overdue=true"] == late > 0


def test_a_side_without_rows_on_this_page_is_not_said_to_be_empty(officer, world):
    with writes.change(None, "command") as change:
        for row in Commitment.objects.visible_to(world.officer).filter(creditor=world.caricc):
            row.withdraw(today(), "So that only the new ones are left.")
            change.save(row)
    many_promises(world, ours=15, theirs=1)
    page = page_of(officer, "/commitments/?status=open&due_after=2020-01-01&limit=3")
    assert "Nothing on this page" in page
    assert '<p class="nothing">Nothing</p>' not in page
    one_side = page_of(officer, "/commitments/?direction=ours&limit=3")
    assert "Nothing" not in one_side.split('class="ledger"')[1]


def test_the_partners_page_counts_all_that_is_open_with_it(officer, world):
    many_promises(world, ours=30, theirs=0)
    panel = page_of(officer, world.unodc.get_absolute_url()).split('id="promises"')[1].split("</section>")[0]
    wanted = officer.get(f"/api/v1/commitments/?partner={world.unodc.pk}&status=open&direction=ours").json()["count"]
    assert f">{wanted} open</a>" in panel


def test_what_was_closed_this_quarter_is_counted_and_linked(officer, world):
    figures = figures_of(page_of(officer, "/commitments/?status=open"))
    closed = {address: n for address, n in figures.items() if "closed_after=" in address}
    first, last = quarter_of(today())
    address = f"/commitments/?status=fulfilled&closed_after={first}&closed_before={last}"
    assert closed == {address: 1}


@pytest.mark.parametrize("who", ["manager", "analyst"])
def test_hidden_promises_are_in_no_figure(client, world, who):
    client.force_login(world.users[who])
    page = page_of(client, "/commitments/?overdue=true")
    seen = Commitment.objects.visible_to(world.users[who]).overdue()
    assert (
        sum(figures_of(page)[f"/commitments/?overdue=true&direction={side}"] for side in ("ours", "theirs"))
        == seen.count()
    )


def test_nobody_responsible_is_said_of_open_ones_alone(officer, world):
    row = page_of(officer, "/commitments/?q=equipment").split('class="ledger"')[1]
    assert "nobody responsible" in row
    assert "nobody responsible" not in page_of(officer, "/commitments/?status=fulfilled").split('class="ledger"')[1]


def test_a_restricted_row_carries_the_lock(officer, world):
    assert 'class="lock"' in page_of(officer, f"/commitments/?event={world.visit_closed.pk}")
    assert 'class="lock"' not in page_of(officer, "/commitments/?q=equipment").split('id="results"')[1]


# ---- days in words


@pytest.mark.parametrize(
    ("now", "week", "month", "later"),
    [
        (DAY(2021, 11, 8), "8–14 Nov", "15–30 Nov", "from 1 Dec"),
        (DAY(2021, 11, 10), "8–14 Nov", "15–30 Nov", "from 1 Dec"),
        (DAY(2021, 11, 28), "22–28 Nov", "29–30 Nov", "from 1 Dec"),
        (DAY(2021, 12, 30), "27 Dec – 2 Jan", "", "from 3 Jan"),
        (DAY(2021, 10, 24), "18–24 Oct", "25–31 Oct", "from 1 Nov"),
    ],
)
def test_sections_say_their_days(now, week, month, later):
    told = [days_of_section(name, now).replace("\u00a0", " ") for name in ("week", "month", "later")]
    assert told[0] == week
    assert told[2] == later
    if month:
        assert told[1] == month
    covered = {section_of(Commitment(due_date=now + n * A_DAY), now) for n in range(60)}
    assert ("month" in covered) == bool(month)


def test_the_section_of_the_month_has_its_name():
    assert title_of("month", DAY(2021, 11, 8)) == "November"
    assert title_of("late", DAY(2021, 11, 8)) == "Overdue"


@pytest.mark.parametrize(
    ("times", "words"),
    [
        (0, ""),
        (1, "moved once, first 1 Dec 2021"),
        (2, "moved twice, first 1 Dec 2021"),
        (3, "moved 3 times, first 1 Dec 2021"),
    ],
)
def test_how_often_it_was_moved_is_told(world, times, words):
    with writes.change(world.officer, "page", "They asked.") as change:
        made = change.save(Commitment(title="Papers", debtor=world.caricc, due_date=DAY(2021, 12, 1)))
    for _turn in range(times):
        with writes.change(world.officer, "page", "They asked.") as change:
            made.shift(made.due_date + A_DAY)
            change.save(made)
    assert moved_words(made).replace("\u00a0", " ") == words
    assert CommitmentShift.objects.filter(commitment=made, reason="They asked.").count() == times


# ---- ledger or table


def unlinked_numbers(part):
    """Numbers of heads and sections that no link surrounds."""
    bare = re.sub(r"<a\b.*?</a>|<svg.*?</svg>", "", part, flags=re.DOTALL)
    return re.findall(r"<small>\s*(\d+)\s*</small>|class=\"count\">\s*(\d+)|class=\"between\">[^<]*(\d+)", bare)


def between_others(world):
    with writes.change(None, "command") as change:
        for event, case in ((world.talks, None), (None, world.open_case)):
            change.save(
                Commitment(title="Not for us", debtor=world.agency, creditor=world.unodc, event=event, case=case)
            )
            change.save(Commitment(title="To nobody", debtor_country="JP", event=event, case=case))


@pytest.mark.parametrize("who", READERS)
def test_no_number_of_a_ledger_stands_without_its_rows(client, world, who):
    between_others(world)
    client.force_login(world.users[who])
    for address in (
        "/commitments/", "/commitments/?direction=others", "/commitments/?status=fulfilled", "/commitments/?direction=ours",
        "/commitments/?overdue=false&limit=2", world.talks.get_absolute_url(), world.visit.get_absolute_url(),
        world.open_case.get_absolute_url(),
    ):  # fmt: skip
        page = page_of(client, address)
        part = re.search(r'(<div class="ledger">|<p class="between">).*?(</section>|</main>)', page, re.DOTALL).group()
        assert not unlinked_numbers(part), address
        figures = [(link, n) for link, n in links_of(part) if n is not None and link.startswith("/commitments/?")]
        assert figures or "direction=others" in address, address
        for link, count in figures:
            assert count_on(page_of(client, link)) == count, (address, link)
        if not re.search("ours|fulfilled|limit", address) and address != world.visit.get_absolute_url():
            assert any("direction=others" in link and n for link, n in figures), address


def test_between_others_are_those_that_have_no_direction(officer, world):
    between_others(world)
    rows = officer.get("/api/v1/commitments/?limit=500").json()["results"]
    asked = officer.get("/api/v1/commitments/?limit=500&direction=others").json()["results"]
    assert {row["id"] for row in asked} == {row["id"] for row in rows if not row["direction"]}
    assert len(asked) == 4
    assert {row["direction"] for row in rows} == {"ours", "theirs", ""}


def test_what_is_still_owed_stands_first_however_much_is_over(officer, world):
    with writes.change(None, "command") as change:
        for n in range(60):
            change.save(
                Commitment(title=f"Long ago {n}", debtor=world.caricc, due_date=DAY(2020, 1, 1), status="fulfilled")
            )
    assert world.due_to_us.title in page_of(officer, "/commitments/")
    rows = officer.get("/api/v1/commitments/?limit=500").json()["results"]
    places = [(row["status"] != "open", row["due_date"] is None, row["due_date"] or "", row["id"]) for row in rows]
    assert places == sorted(places)
    assert world.due_to_us.title not in page_of(officer, "/commitments/?ordering=due_date")
    by_day = officer.get("/api/v1/commitments/?limit=500&ordering=due_date").json()["results"]
    places = [(row["due_date"] is None, row["due_date"] or "", row["id"]) for row in by_day]
    assert places == sorted(places)


def test_the_shape_is_kept_for_the_reader_and_asks_nothing(officer, world):
    address = "/commitments/?status=open"
    assert 'class="ledger"' in page_of(officer, address)
    answer = officer.post("/commitments/shape/", {"shape": "table", "next": address})
    assert (answer.status_code, answer["Location"]) == (302, address)
    page = page_of(officer, address)
    assert 'class="ledger"' not in page
    assert 'aria-sort="ascending"' in page
    assert count_on(page) == officer.get("/api/v1/commitments/?status=open").json()["count"]
    assert "/fulfil/?next=" in page
    part = officer.get(address, headers={"HX-Request": "true", "HX-Target": "results"}).content.decode()
    assert "<table" in part
    officer.post("/commitments/shape/", {"shape": "nonsense"})
    assert "<table" in page_of(officer, address)
    officer.post("/commitments/shape/", {"shape": "ledger"})
    assert 'class="ledger"' in page_of(officer, address)


def test_the_shape_leads_to_no_other_host_and_is_sent_not_followed(officer, world):
    answer = officer.post("/commitments/shape/", {"shape": "table", "next": "https://evil.example/"})
    assert answer["Location"] == "/commitments/"
    assert officer.get("/commitments/shape/").status_code == 405


def test_the_table_has_the_same_deeds_and_asks_no_more(officer, world, count_queries):
    def queries(address):
        officer.get(address)
        with count_queries() as counted:
            officer.get(address)
        return len(counted)

    for shape in ("ledger", "table"):
        officer.post("/commitments/shape/", {"shape": shape})
        few = queries("/commitments/")
        many_promises(world, 40, 20)
        assert queries("/commitments/?limit=200") <= few <= 10, shape


# ---- outcomes


def test_the_list_of_outcomes_has_its_views(officer, world):
    page = page_of(officer, "/outcomes/")
    for address in ("/outcomes/?kind=document", "/outcomes/?unfinished=true"):
        assert f'href="{address}"' in page
        assert count_on(page_of(officer, address)) == officer.get(f"/api/v1{address}").json()["count"]
    assert re.search(rf'href="/outcomes/{world.advice.pk}/done/\?next=%2Foutcomes%2F"', page)
    assert f"#outcome-{world.advice.pk}" in page
