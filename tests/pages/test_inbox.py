"""The inbox: what is on record and lacks something."""

import datetime
import html
import re

import pytest

from caricc.lib import writes
from caricc.lib.days import today
from contacts.models import Organization, OrganizationName, Person, PersonName
from events import inbox
from events.models import Case, Commitment, Delegation, Event
from tests.pages.test_in_chromium import grave_findings
from tests.test_laws import count_on, signed_in
from tests.world import CANARY, READERS

FIGURE = re.compile(r'<a class="flaw" href="([^"]*)" data-count="(\d+)">')
DONE = re.compile(r'<a href="([^"]*)" data-count="0">')


@pytest.fixture
def flaws(world):
    """One record that lacks something for each figure, and the same again where only the officer may see it."""
    with writes.change(None, "command") as change:

        def event(title, **fields):
            given = {"kind": "meeting", "start_date": datetime.date(2021, 9, 1), "owner": world.officer}
            return change.save(Event(title=title, **{**given, **fields}))

        for visibility in ("internal", "restricted"):
            word = CANARY if visibility == "restricted" else "Plain"
            event(f"{word} meeting", visibility=visibility)
            event(f"{word} plan", visibility=visibility, status="planned")
            later = event(f"{word} later", visibility=visibility, status="planned", start_date=today())
            change.save(Commitment(title=f"{word} promise", debtor=world.caricc, event=later))
            change.save(Case(title=f"{word} case", visibility=visibility, owner=world.officer))
        change.save(Person(name="Nobody Known"))
        change.save(Organization(name="Ministry of Nowhere", kind="ministry"))
        first, second = (change.save(Person(name=name)) for name in ("Rustam Karimov", "R. Karimov"))
        for person in (first, second):
            change.save(PersonName(person=person, family="Karimov", given="Rustam"))
        twin = change.save(Organization(name="Drug Control Agency of Tajikistan", kind="law_enforcement", country="TJ"))
        change.save(OrganizationName(organization=twin, name="Drug Control Agency"))
    world.namesakes, world.twin = (first, second), twin
    return world


def inbox_of(user) -> str:
    return html.unescape(signed_in(user).get("/inbox/").content.decode())


@pytest.mark.parametrize("who", READERS)
def test_each_figure_opens_exactly_its_rows(flaws, who):
    client, page = signed_in(flaws.users[who]), inbox_of(flaws.users[who])
    found = [*FIGURE.findall(page), *((url, "0") for url in DONE.findall(page))]
    assert len(found) == len(inbox.figures(flaws.users[who])) == 11
    assert len(FIGURE.findall(page)) == 11
    for url, count in found:
        assert count_on(client.get(url).content.decode()) == int(count), url


def test_what_is_hidden_is_in_no_figure_and_no_line(flaws):
    counts = {who: {one.query: one.count for one in inbox.figures(flaws.users[who])} for who in READERS}
    for query in (
        "without_outcome=true",
        "day_passed=true",
        "status=open&due__isnull=true",
        "status=open&lead__isnull=true",
    ):
        assert counts["officer"][query] == counts["manager"][query] + 1, query
        assert counts["admin"][query] == counts["analyst"][query] == counts["manager"][query], query
    for who in ("admin", "manager", "analyst"):
        page = inbox_of(flaws.users[who])
        titles = set(re.findall(rf'<a class="what" href="[^"]*">({CANARY}[^<]*)</a>', page))
        seen = {str(row) for model in (Event, Commitment, Case) for row in model.objects.visible_to(flaws.users[who])}
        assert titles <= seen
    assert f"{CANARY} plan" in inbox_of(flaws.officer)


def test_the_first_rows_have_the_fix_one_click_away_for_those_who_may(flaws):
    plan = Event.objects.get(title="Plain plan")
    promise, case = Commitment.objects.get(title="Plain promise"), Case.objects.get(title="Plain case")
    of_events = f"/admin/events/event/{plan.pk}/change/#id_status"
    of_managers = (
        f"/admin/events/commitment/{promise.pk}/change/#id_due_date",
        f"/admin/events/commitment/{flaws.due_to_us.pk}/change/#id_responsible",
        f"/admin/events/case/{case.pk}/change/#id_lead",
    )
    officer, manager, analyst = (inbox_of(flaws.users[who]) for who in ("officer", "manager", "analyst"))
    assert of_events in officer
    assert of_events not in manager
    for link in of_managers:
        assert link in officer
        assert link in manager
    assert "/admin/" not in analyst.partition('id="main"')[2]


def test_every_fix_leads_to_a_place_that_is_on_the_page(flaws):
    """Also those of the lists: followed as an officer, each link finds its anchor."""
    client, places = signed_in(flaws.officer), set()
    for one in inbox.figures(flaws.officer):
        page = html.unescape(client.get(one.url).content.decode())
        links = re.findall(r'<a class="mend no-print" href="([^"#]*)#([^"]*)"', page)
        assert len(links) == one.count, one.url
        places.add((links[0][0].split("/")[3], links[0][1]))
        assert f'id="{links[0][1]}"' in client.get(links[0][0]).content.decode(), links[0]
    assert len(places) == 11


def test_lists_show_a_fix_only_where_its_question_is_asked_and_to_those_who_may(flaws):
    def fixes(who, url):
        return signed_in(flaws.users[who]).get(url).content.decode().count('class="mend')

    assert fixes("officer", "/events/?without_outcome=true") > 0
    assert fixes("officer", "/events/?without_outcome=false") == 0
    assert fixes("officer", "/events/") == 0
    assert fixes("manager", "/events/?without_outcome=true") == 0
    assert fixes("manager", "/commitments/?officer__isnull=true") > 0
    assert fixes("analyst", "/commitments/?officer__isnull=true") == 0
    assert fixes("officer", "/events/?without_outcome=nonsense") == 0


def test_twins_stand_side_by_side_each_pair_once(flaws):
    page = inbox_of(flaws.officer)
    part = page[page.index("People who may be on record twice") :]
    for person in (*flaws.namesakes, flaws.director):
        assert part.count(f'<a class="what" href="{person.get_absolute_url()}">') == 1
    part = page[page.index("Organizations that may be on record twice") :]
    for body in (flaws.twin, flaws.agency):
        assert part.count(f'<a class="what" href="{body.get_absolute_url()}">') == 1


def test_the_list_of_twins_names_the_other(flaws):
    page = html.unescape(signed_in(flaws.analyst).get("/organizations/?twins=true").content.decode())
    for body in (flaws.twin, flaws.agency):
        assert f'<a href="{body.get_absolute_url()}">{body.name}</a>' in page
    page = html.unescape(signed_in(flaws.analyst).get("/people/?twins=true").content.decode())
    for person in flaws.namesakes:
        assert page.count(f'<a href="{person.get_absolute_url()}">') == 2


def test_who_is_archived_is_nobodys_twin(flaws):
    with writes.change(None, "command") as change:
        flaws.twin.archived = True
        change.save(flaws.twin)
    found = {one.query + one.list_name: one.count for one in inbox.figures(flaws.analyst)}
    assert found["twins=truecontacts:organization_list"] == 0
    assert Organization.objects.twins_of([flaws.agency.pk]) == {flaws.agency.pk: []}


def test_what_is_complete_is_said_quietly(world):
    page = inbox_of(world.analyst)
    done = {one.url for one in inbox.figures(world.analyst) if not one.count}
    assert "/people/?without_post=true" in done
    assert set(DONE.findall(page)) == done


def test_the_newcomer_is_shown_nothing(world):
    assert signed_in(world.newcomer).get("/inbox/").status_code == 403
    assert inbox.figures(world.newcomer) == []


def test_the_figures_are_one_query_and_the_page_a_number_that_does_not_grow(flaws, count_queries):
    client, costs = signed_in(flaws.officer), []
    flaws.officer.has_perm("events.view_event")
    with count_queries() as counted:
        inbox.figures(flaws.officer)
    assert len(counted) == 1
    for _more in range(2):
        with count_queries() as counted:
            client.get("/inbox/")
        costs.append(len(counted))
        with writes.change(None, "command") as change:
            for n in range(20):
                event = change.save(Event(kind="meeting", title=f"M {n}", start_date="2021-03-04", status="planned"))
                change.save(Delegation(event=event, organization=flaws.ministry))
                change.save(Commitment(title=f"P {n}", debtor=flaws.caricc, creditor=flaws.unodc))
                change.save(Person(name=f"Same {n // 2}"))
                change.save(Organization(name=f"Same {n // 2}", kind="ministry"))
    assert costs[0] == costs[1] <= 15


def test_a_large_number_keeps_to_one_line_on_a_telephone(flaws, sign_in):
    page = sign_in(flaws.officer)
    page.set_viewport_size({"width": 380, "height": 900})
    page.goto("/inbox/")
    number = page.locator(".flaw b").first
    one_line = number.bounding_box()["height"]
    page.locator(".flaw span").first.evaluate(
        "e => { e.textContent = 'Held events without any outcome on record '.repeat(3) }"
    )
    number.evaluate("e => { e.textContent = '1193' }")
    assert number.bounding_box()["height"] == one_line


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 380])
def test_axe_finds_nothing_grave(flaws, sign_in, width, scheme):
    page = sign_in(flaws.officer)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    for path in ("/inbox/", "/organizations/?twins=true", "/people/?twins=true", "/events/?without_outcome=true",
                 "/commitments/?officer__isnull=true", "/cases/?lead__isnull=true"):  # fmt: skip
        page.goto(path)
        assert not grave_findings(page), path
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path


def test_the_inbox_is_in_the_menu_of_the_account(world, sign_in):
    page = sign_in(world.manager)
    page.goto("/events/")
    page.locator(".bar-end summary", has=page.locator(".avatar")).click()
    page.get_by_role("link", name="Inbox").click()
    assert page.locator("h1").inner_text() == "Inbox"
