"""Saved views: who finds which, what is kept of a question, and that a name tells nobody what they may not know."""

import html
import re
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Group
from django.http import QueryDict
from playwright.sync_api import expect

from caricc.lib import writes
from caricc.lib.days import today
from caricc.lib.filters import Question
from caricc.lib.periods import period_of
from caricc.lib.saved import on_start_page, records_named
from caricc.models import History, SavedView, SavedViewMention
from events.filters import EventQuestion
from tests.pages.test_in_chromium import grave_findings
from tests.test_laws import count_on, signed_in
from tests.world import CANARY, USERS

EVENTS = "events:event_list"
VISIBLE = {  # who finds which of the views of the world
    "admin": {"view_for_all", "view_for_managers"},
    "officer": {"view_for_all", "view_private", "view_of_secret"},
    "manager": {"view_for_all", "view_for_managers"},
    "analyst": {"view_for_all"},
    "newcomer": set(),
}
NAMES = ("view_for_all", "view_private", "view_of_secret", "view_for_managers")


def keep(owner, query="", page=EVENTS, **fields):
    with writes.change(owner, "page") as change:
        return change.save(SavedView(page=page, query=query, owner=owner, **{"name": "Kept", **fields}))


def on_start(user) -> list[str]:
    seen = EventQuestion._meta.model.objects.visible_to(user)
    return [tab.label for tab in on_start_page(user, EventQuestion({}, seen, user=user, on_page=True))]


def sent(**fields):
    return {"page": EVENTS, "query": "", "name": "Kept", "shared": "private", **fields}


def page_of(client, url, **more):
    return client.get(url, **more).content.decode()


def tabs_of(page):
    """{label of a tab: whether it is the current one}."""
    nav = re.search(r'<nav class="views".*?</nav>', page, re.DOTALL).group()
    return {
        html.unescape(re.sub(r"<[^>]+>", " ", label)).strip(): "aria-current" in mark
        for mark, label in re.findall(r"<li><a href=\"[^\"]*\"([^>]*)>(.*?)</a></li>", nav)
    }


def without_token(answer):
    return answer.status_code, re.sub(rb'csrfmiddlewaretoken" value="\w+"|CSRFToken": "\w+"', b"", answer.content)


# ---- who finds which


@pytest.mark.parametrize("who", USERS)
def test_each_finds_their_own_and_what_is_shared_with_them(world, who):
    client, user = signed_in(world.users[who]), world.users[who]
    found = {name for name in NAMES if getattr(world, name) in SavedView.objects.visible_to(user)}
    assert found == VISIBLE[who]
    if who == "newcomer":
        for path in ("/views/", "/views/add/", f"/views/{world.view_for_all.pk}/", "/views/999999/"):
            assert client.get(path).status_code == 403
        return
    page = page_of(client, "/views/")
    for name in NAMES:
        view = getattr(world, name)
        opened = client.get(f"/views/{view.pk}/")
        assert (view.name in page) == (name in found)
        if name in found:
            assert (opened.status_code, opened["Location"]) == (302, view.get_absolute_url())
            assert client.get(opened["Location"]).status_code == 200
        else:
            assert without_token(opened) == without_token(client.get("/views/999999/"))


@pytest.mark.parametrize("who", ["admin", "manager", "analyst"])
def test_a_private_view_is_answered_as_an_absent_one_byte_for_byte(world, who):
    client = signed_in(world.users[who])
    for path in ("/views/%d/", "/views/%d/change/", "/views/%d/delete/", "/events/?view=%d", "/api/v1/events/?view=%d",
                 "/api/v1/events/ids/?view=%d", "/api/v1/events/export.csv?view=%d"):  # fmt: skip
        for method in ("get", "post"):
            hidden, absent = (
                getattr(client, method)(path % pk, {}) if method == "post" else client.get(path % pk)
                for pk in (world.view_private.pk, 9_998)
            )
            told = [
                (code, body.replace(str(pk).encode(), b"N"))
                for (code, body), pk in zip(
                    map(without_token, (hidden, absent)), (world.view_private.pk, 9_998), strict=True
                )
            ]
            assert told[0] == told[1], (method, path)
            assert CANARY.encode() not in hidden.content


@pytest.mark.parametrize("who", ["admin", "manager", "analyst"])
def test_a_view_that_names_a_hidden_record_is_nowhere_for_those_who_may_not_see_it(world, who):
    client, view = signed_in(world.users[who]), world.view_of_secret
    page = page_of(client, f"/events/?view={view.pk}")
    assert "There is no saved view of this number" in page
    assert count_on(page) == 0
    assert client.get(f"/api/v1/events/?view={view.pk}").status_code == 400
    for path in ("/", "/events/", "/views/"):
        assert view.name not in page_of(client, path)
    assert view.name not in on_start(world.users[who])


def test_a_hidden_record_in_a_question_within_a_question_hides_the_view_as_well(world):
    within = f"at={urlencode({'x': f'case={world.secret_case.pk}'})[2:]}"
    view = keep(world.officer, within, "events:commitment_list", shared="all", name=f"{CANARY} follow-up")
    assert SavedViewMention.objects.get(view=view).record_id == world.secret_case.pk
    assert view not in SavedView.objects.visible_to(world.analyst)
    assert view in SavedView.objects.visible_to(world.officer)


def test_a_part_of_a_hidden_event_hides_the_view_too_and_an_absent_record_is_as_a_hidden_one(world):
    hidden = keep(world.officer, f"parent={world.retreat_part.pk}", shared="all")
    absent = keep(world.officer, "parent=999999", shared="all")
    seen = set(SavedView.objects.visible_to(world.analyst))
    assert not seen & {hidden, absent}
    assert {hidden, absent} <= set(SavedView.objects.visible_to(world.officer))


def test_a_view_comes_and_goes_with_the_right_to_what_it_names(world):
    assert world.view_of_secret not in SavedView.objects.visible_to(world.analyst)
    with writes.change(world.officer, "admin") as change:
        change.set(world.secret_case, "readers", [world.analyst])
    assert world.view_of_secret in SavedView.objects.visible_to(world.analyst)


def test_a_view_for_a_role_goes_when_the_role_is_taken_away(world):
    client, path = signed_in(world.manager), f"/views/{world.view_for_managers.pk}/"
    assert client.get(path).status_code == 302
    world.manager.groups.set([Group.objects.get(name="analyst")])
    assert client.get(path).status_code == 404


def test_a_shared_view_shows_nobody_more_than_they_may_read(world):
    view = keep(world.officer, f"kind=visit&q={CANARY}", shared="all")
    counts = {who: count_on(page_of(signed_in(world.users[who]), f"/events/?view={view.pk}")) for who in VISIBLE if who != "newcomer"}  # fmt: skip
    assert counts == {"admin": 0, "officer": 1, "manager": 0, "analyst": 0}


# ---- the question that was kept


def test_the_view_answers_as_its_question_and_shows_it_in_chips(world):
    client, view = signed_in(world.analyst), world.view_for_all
    page = page_of(client, f"/events/?view={view.pk}")
    assert count_on(page) == count_on(page_of(client, f"/events/?{view.query}")) > 0
    chips = re.findall(r'<li class="chip"><span>([^<]*) <b>([^<]*)</b></span><a href="([^"]*)"', page)
    assert [(label, value) for label, value, _url in chips] == [("From", "1 Oct 2021"), ("To", "31 Oct 2021"), ("Status", "Held")]  # fmt: skip
    without = QueryDict(html.unescape(chips[2][2]).partition("?")[2])
    assert without.dict() == {"date_after": "2021-10-01", "date_before": "2021-10-31", "of_view": str(view.pk)}


def test_names_asked_beside_the_view_win(world):
    view = keep(world.officer, "kind=visit&status=held")
    asked = EventQuestion(QueryDict(f"view={view.pk}&kind=meeting"), user=world.officer).data
    assert dict(asked.lists()) == {"kind": ["meeting"], "status": ["held"]}
    empty = EventQuestion(QueryDict(f"view={view.pk}&kind="), user=world.officer).data
    assert empty["kind"] == "visit"


@pytest.mark.parametrize(
    ("kept", "beside", "together"),
    [
        ("period=this_quarter", "date_after=2021-10-01", {"date_after": "2021-10-01"}),
        ("date_after=2021-10-01&date_before=2021-10-31", "period=this_year", {"period": "this_year"}),
        ("date_after=2021-10-01&date_before=2021-10-31", "date_after=2021-10-15",
         {"date_after": "2021-10-15", "date_before": "2021-10-31"}),
    ],
)  # fmt: skip
def test_days_and_periods_take_each_others_place(world, kept, beside, together):
    view = keep(world.officer, kept)
    assert EventQuestion(QueryDict(f"view={view.pk}&{beside}"), user=world.officer).data.dict() == together


def test_a_view_about_another_kind_of_record_is_none(world):
    client = signed_in(world.officer)
    for path in ("/organizations/?view=%d", "/commitments/?view=%d"):
        assert "There is no saved view of this number" in page_of(client, path % world.view_for_all.pk)
    assert client.get(f"/api/v1/people/?view={world.view_for_all.pk}").status_code == 400


def test_a_view_works_within_another_question(world):
    client, view = signed_in(world.officer), keep(world.officer, "kind=visit")
    by_view, plain = (
        client.get("/api/v1/organizations/", {"met": met}).json()["count"] for met in (f"view={view.pk}", "kind=visit")
    )
    assert by_view == plain > 0
    assert signed_in(world.analyst).get("/api/v1/organizations/", {"met": f"view={view.pk}"}).status_code == 400


def test_a_name_that_is_no_filter_any_more_is_said_and_can_be_left_out(world):
    client, view = signed_in(world.officer), keep(world.officer, "colour=red&kind=visit")
    page = page_of(client, f"/events/?view={view.pk}")
    assert count_on(page) == 0
    assert "There is no question of this name" in page
    left_out = re.search(r'<a href="([^"]*)">Leave it out', page).group(1)
    assert count_on(page_of(client, html.unescape(left_out))) > 0
    assert "cannot be answered" in page_of(client, f"/views/{view.pk}/change/")
    assert client.get(f"/api/v1/events/?view={view.pk}").status_code == 400


def test_the_api_the_page_and_the_export_agree_on_a_view(world):
    client, number = signed_in(world.analyst), world.view_for_all.pk
    n = count_on(page_of(client, f"/events/?view={number}"))
    part = client.get(
        f"/events/?view={number}", headers={"HX-Request": "true", "HX-Target": "results"}
    ).content.decode()
    assert count_on(part) == client.get(f"/api/v1/events/?view={number}").json()["count"] == n
    assert len(client.get(f"/api/v1/events/ids/?view={number}").json()) == n
    assert client.get(f"/api/v1/events/export.csv?view={number}")["X-Row-Count"] == str(n)
    assert client.get(f"/api/v1/events/?of_view={number}").status_code == 400


# ---- tabs


def test_the_current_view_is_marked_and_a_changed_one_says_so(world):
    client, view = signed_in(world.analyst), world.view_for_all
    assert tabs_of(page_of(client, "/events/"))["October"] is False
    assert tabs_of(page_of(client, f"/events/?view={view.pk}"))["October"] is True
    assert tabs_of(page_of(client, f"/events/?{view.query}"))["October"] is True
    changed = tabs_of(page_of(client, f"/events/?{view.query}&kind=visit&of_view={view.pk}"))
    assert changed.pop("October changed") is True
    assert not any(changed.values())
    assert "October" not in tabs_of(page_of(client, "/cases/"))


def test_the_part_for_htmx_brings_the_tabs_along(world):
    asked = f"/events/?{world.view_for_all.query}&kind=visit&of_view={world.view_for_all.pk}"
    part = page_of(signed_in(world.analyst), asked, headers={"HX-Request": "true", "HX-Target": "results"})
    assert 'id="views"' in part
    assert "October changed" in tabs_of(part)


@pytest.mark.parametrize("number", ["999999", "view_private", "view_of_secret"])
def test_the_number_of_a_hidden_view_as_origin_is_as_none(world, number):
    client = signed_in(world.analyst)
    pk = getattr(world, number).pk if number.startswith("view") else number
    told = [
        without_token(client.get(f"/events/?kind=visit&of_view={n}"))[1].replace(str(n).encode(), b"N")
        for n in (pk, 9_998)
    ]
    assert told[0] == told[1]


def test_pinned_views_of_the_dashboard_come_first(world):
    keep(world.officer, "kind=visit", "dashboard", name="Zebra crossing", pinned=True)
    keep(world.officer, "kind=visit", name="Aardvark", pinned=True)
    assert on_start(world.officer) == ["Zebra crossing", f"{CANARY} watch", "Aardvark", "October"]
    assert on_start(world.analyst) == ["October"]
    assert on_start(world.newcomer) == []


@pytest.mark.parametrize("path", ["/events/", "/organizations/", "/people/", "/cases/", "/commitments/"])
def test_tabs_keep_a_list_within_ten_queries_however_many_views_there_are(world, count_queries, path):
    client, page = signed_in(world.officer), {"/events/": EVENTS, "/commitments/": "events:commitment_list", "/cases/": "events:case_list",
        "/people/": "contacts:person_list", "/organizations/": "contacts:organization_list"}[path]  # fmt: skip
    views = [keep(world.manager, "", page, shared="all", name=f"View {n}") for n in range(30)]
    client.get(path)
    for address in (path, f"{path}?view={views[0].pk}"):
        with count_queries() as counted:
            answer = client.get(address)
        assert len(counted) <= 10, address
        assert "View 29" in tabs_of(answer.content.decode())


# ---- keeping


@pytest.mark.parametrize("who", USERS)
def test_only_roles_that_may_keep_views_get_the_link_and_the_page(world, who):
    client = signed_in(world.users[who])
    allowed = who in ("admin", "officer", "manager")
    assert client.get("/views/add/", {"page": EVENTS}).status_code == (200 if allowed else 403)
    assert client.post("/views/add/", sent()).status_code == (302 if allowed else 403)
    assert SavedView.objects.filter(name="Kept").exists() == allowed
    if who != "newcomer":
        assert ("/views/add/?" in page_of(client, "/events/")) == allowed


def test_a_view_is_kept_through_the_write_path_and_opened_at_once(world):
    client = signed_in(world.manager)
    link = html.unescape(
        re.search(r'href="(/views/add/[^"]*)"', page_of(client, "/events/?kind=visit&page=1&limit=5")).group(1)
    )
    page = page_of(client, link)
    assert "<span>Kind <b>Visit</b></span>" in page
    fields = dict(re.findall(r'<input type="hidden" name="(page|query|of_view)" value="([^"]*)"', page))
    answer = client.post("/views/add/", {**{k: html.unescape(v) for k, v in fields.items()}, "name": " Visits ", "shared": "role",
        "role": Group.objects.get(name="analyst").pk, "pinned": "on", "owner": world.officer.pk, "version": "7"})  # fmt: skip
    view = SavedView.objects.get(name="Visits")
    assert answer["Location"] == f"/events/?view={view.pk}"
    assert (view.owner, view.page, view.query, view.shared, view.pinned) == (world.manager, EVENTS, "kind=visit&limit=5", "role", True)  # fmt: skip
    assert view in SavedView.objects.visible_to(world.analyst)
    assert view not in SavedView.objects.visible_to(world.officer)
    row = History.objects.filter(model="caricc.savedview", record_id=view.pk).get()
    assert (row.action, row.door, row.actor) == ("create", "page", world.manager)


def test_what_came_through_a_view_is_kept_in_full(world):
    client, view = signed_in(world.officer), keep(world.officer, "kind=visit", name="Old")
    client.post("/views/add/", sent(query=f"view={view.pk}&status=held&of_view={view.pk}", name="New"))
    assert QueryDict(SavedView.objects.get(name="New").query).dict() == {"kind": "visit", "status": "held"}
    client.post("/views/add/", sent(query=f"met=view%3D{view.pk}", name="Met", page="contacts:organization_list"))
    assert SavedView.objects.get(name="Met").asked.dict() == {"met": "kind=visit"}


def kept_from(client, address) -> SavedView:
    """What the button of a page keeps."""
    link = re.search(r'href="(/views/add/[^"]*)"', page_of(client, address)).group(1)
    page = page_of(client, html.unescape(link))
    fields = dict(re.findall(r'<input type="hidden" name="(page|query|of_view)" value="([^"]*)"', page))
    answer = client.post("/views/add/", sent(**{name: html.unescape(value) for name, value in fields.items()}))
    assert answer.status_code == 302, html.unescape(answer.content.decode())
    return SavedView.objects.latest("created_at")


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("/?rollup=false&kind=visit&date_after=2021-10-01&date_before=2021-12-31",
         {"rollup": "false", "kind": "visit", "date_after": "2021-10-01", "date_before": "2021-12-31"}),
        ("/calendar/?kind=visit&shape=agenda&month=2021-10", {"kind": "visit", "shape": "agenda", "month": "2021-10"}),
    ],
)  # fmt: skip
def test_what_only_its_page_knows_is_kept_and_asked_there_and_nowhere_else(world, address, asked):
    client = signed_in(world.officer)
    view = kept_from(client, address)
    assert view.asked.dict() == asked
    opened = page_of(client, view.get_absolute_url())
    assert "cannot be answered" not in opened
    assert tabs_of(opened)["Kept"] is True
    assert "cannot be answered" not in page_of(client, f"/views/{view.pk}/change/")
    shared = {name: value for name, value in asked.items() if name in EventQuestion.base_filters}
    expected = count_on(page_of(client, f"/events/?{urlencode(shared)}"))
    for page in ("/", "/events/", "/calendar/"):
        assert "cannot be answered" not in page_of(client, f"{page}?view={view.pk}"), page
    assert count_on(page_of(client, f"/events/?view={view.pk}")) == expected > 0
    assert client.get(f"/api/v1/events/?view={view.pk}").json()["count"] == expected
    assert client.get("/api/v1/outcomes/", {"at": f"view={view.pk}"}).status_code == 200
    assert (
        client.get("/api/v1/events/?shape=agenda").status_code
        == client.get("/api/v1/events/?rollup=false").status_code
        == 400
    )


def test_a_view_of_the_calendar_opens_its_month_and_its_shape(world):
    client, view = signed_in(world.officer), keep(world.officer, "shape=agenda&month=2021-10", "events:calendar")
    page = page_of(client, f"/calendar/?view={view.pk}")
    assert "October 2021" in page.replace("\xa0", " ")
    assert re.search(r'<a href="[^"]*shape=agenda[^"]*" aria-current="page">Agenda', page)
    changed = page_of(client, f"/calendar/?shape=agenda&month=2021-11&of_view={view.pk}")
    assert tabs_of(changed) == {"Kept changed": True}
    part = page_of(
        client, f"/calendar/?view={view.pk}&kind=visit", headers={"HX-Request": "true", "HX-Target": "results"}
    )
    assert tabs_of(part) == {"Kept changed": True}
    assert "data-print" in page


def test_a_name_that_only_another_page_knows_is_still_wrong_in_a_view_of_the_list(world):
    client, view = signed_in(world.officer), keep(world.officer, "rollup=false")
    assert "There is no question of this name" in page_of(client, f"/events/?view={view.pk}")


@pytest.mark.parametrize("page", ["", "events:event_detail", "login", "nonsense", "http://elsewhere"])
def test_only_pages_that_ask_questions_are_kept(world, page):
    client = signed_in(world.officer)
    assert client.get("/views/add/", {"page": page}).status_code == 404
    assert client.post("/views/add/", sent(page=page)).status_code == 404


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": ""}, "Name is missing"),
        ({"name": "x" * 121}, "at most 120 characters"),
        ({"name": "\u202eback"}, "direction of writing"),
        ({"shared": "world"}, "Select a valid choice"),
        ({"shared": "role"}, "Say for which role"),
        ({"shared": "role", "role": "999999"}, "Select a valid choice"),
        ({"query": "colour=red"}, "This question cannot be answered"),
        ({"query": "kind=nonsense"}, "is not one of"),
        ({"query": "view=999999"}, "There is no saved view of this number"),
        ({"query": "&".join(f"partner={10**15 + n}" for n in range(400))}, "too long to be kept"),
        ({"query": "kind=visit&" * 30_000}, "too long to be kept"),
    ],
)
def test_what_cannot_be_kept_is_said_and_what_was_typed_stays(world, fields, said):
    answer = signed_in(world.officer).post("/views/add/", sent(**{"name": "Typed", **fields}))
    assert answer.status_code == 200
    assert said in html.unescape(answer.content.decode())
    assert not SavedView.objects.filter(owner=world.officer, name__in=["Typed", fields.get("name", "Typed")]).exists()


def test_a_name_of_120_characters_with_markup_is_kept_and_shown_as_it_is(world):
    client, name = signed_in(world.officer), ("<script>alert(1)</script> & “Япония” " + "я" * 120)[:120]
    assert client.post("/views/add/", sent(name=name)).status_code == 302
    for path in ("/events/", "/views/"):
        page = page_of(client, path)
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_the_same_name_may_be_kept_by_everybody(world):
    """Were it refused, it would tell that somebody has a view of this name."""
    for who in ("admin", "manager", "officer"):
        assert signed_in(world.users[who]).post("/views/add/", sent(name=f"{CANARY} list")).status_code == 302
    assert SavedView.objects.filter(name=f"{CANARY} list").count() == 4


def test_a_question_with_a_hidden_id_is_taken_as_one_with_an_absent_id(world):
    client, told = signed_in(world.manager), []
    for pk in (world.secret_case.pk, 9_998):
        form = without_token(client.get("/views/add/", {"page": EVENTS, "query": f"case={pk}"}))[1]
        wrong = without_token(client.post("/views/add/", sent(query=f"case={pk}", name="")))[1]
        kept = client.post("/views/add/", sent(query=f"case={pk}", name=f"Number {pk}", shared="all"))
        view = SavedView.objects.get(name=f"Number {pk}")
        opened = without_token(client.get(kept["Location"]))[1].replace(str(view.pk).encode(), b"V")
        told.append([text.replace(str(pk).encode(), b"N") for text in (form, wrong, opened)])
        assert view not in SavedView.objects.visible_to(world.analyst)
    assert told[0][:2] == told[1][:2]
    assert b"nobody else will find this view" in told[0][0]


def test_the_form_says_who_will_find_a_view_of_a_restricted_record(world):
    client = signed_in(world.officer)
    page = page_of(client, "/views/add/?" + urlencode({"page": EVENTS, "query": f"case={world.secret_case.pk}"}))
    assert f"only those who may read {world.secret_case} will find this view" in html.unescape(page)
    part = page_of(client, "/views/add/?" + urlencode({"page": EVENTS, "query": f"parent={world.retreat_part.pk}"}))
    assert "will find this view" in part
    plain = page_of(client, "/views/add/?" + urlencode({"page": EVENTS, "query": f"case={world.open_case.pk}"}))
    assert "will find this view" not in plain


def test_days_that_are_a_known_stretch_can_be_kept_moving(world):
    client, quarter = signed_in(world.officer), period_of("this_quarter")
    query = urlencode({**quarter.query, "kind": "visit"})
    page = page_of(client, "/views/add/?" + urlencode({"page": EVENTS, "query": query}))
    assert "This quarter, moving with the calendar" in page
    assert f"Always these days: {quarter}" in page
    for how, kept in (
        ("this_quarter", {"kind": "visit", "period": "this_quarter"}),
        ("fixed", {**quarter.query, "kind": "visit"}),
    ):
        client.post("/views/add/", sent(query=query, days=how, name=how))
        assert SavedView.objects.get(name=how).asked.dict() == kept
    some = page_of(
        client, "/views/add/?" + urlencode({"page": EVENTS, "query": "date_after=2021-10-02&date_before=2021-10-03"})
    )
    assert "moving with the calendar" not in some


def test_a_moving_period_stays_moving_unless_it_is_told_to_stay(world):
    client = signed_in(world.officer)
    for how, kept in (
        ("this_month", {"period": "this_month"}),
        ("", {"period": "this_month"}),
        ("fixed", period_of("this_month").query),
    ):
        client.post("/views/add/", sent(query="period=this_month", name=f"P {how}", **({"days": how} if how else {})))
        assert SavedView.objects.get(name=f"P {how}").asked.dict() == kept
    assert period_of("this_month").after == today().replace(day=1)


# ---- changing and deleting


def test_the_owner_changes_it_with_the_version_that_they_read(world):
    client, view = signed_in(world.officer), world.view_for_all
    path = f"/views/{view.pk}/change/"
    assert f'value="{view.name}"' in page_of(client, path)
    asked = sent(name="Autumn", query="kind=visit", shared="private", version=view.version)
    assert client.post(path, asked)["Location"] == view.get_absolute_url()
    fresh = SavedView.objects.get(pk=view.pk)
    assert (fresh.name, fresh.query, fresh.shared, fresh.pinned) == ("Autumn", "kind=visit", "private", False)
    stale = client.post(path, {**asked, "name": "Winter"})
    assert stale.status_code == 409
    assert "Somebody saved this record while you had it open" in stale.content.decode()
    assert 'value="Winter"' in stale.content.decode()
    assert SavedView.objects.get(pk=view.pk).name == "Autumn"


def test_a_question_that_grew_out_of_ones_own_view_can_take_its_place(world):
    client, view = signed_in(world.officer), world.view_for_all
    grown = page_of(client, f"/events/?{view.query}&kind=visit&of_view={view.pk}")
    add = page_of(client, html.unescape(re.search(r'href="(/views/add/[^"]*)"', grown).group(1)))
    link = html.unescape(re.search(rf'href="(/views/{view.pk}/change/[^"]*)"', add).group(1))
    form = page_of(client, link)
    assert "<span>Kind <b>Visit</b></span>" in form
    assert 'value="October"' in form
    other = signed_in(world.manager)
    assert "/change/" not in page_of(
        other, "/views/add/?" + urlencode({"page": EVENTS, "query": "kind=visit", "of_view": view.pk})
    )


def test_sharing_with_a_role_and_taking_it_back_leaves_no_role_behind(world):
    view, group = keep(world.officer), Group.objects.get(name="analyst")
    client, path = signed_in(world.officer), f"/views/{view.pk}/change/"
    client.post(path, sent(shared="role", role=group.pk, version=1))
    assert view in SavedView.objects.visible_to(world.analyst)
    client.post(path, sent(shared="private", role=group.pk, version=2))
    assert SavedView.objects.get(pk=view.pk).role_id is None
    assert view not in SavedView.objects.visible_to(world.analyst)


@pytest.mark.parametrize(
    ("who", "change", "delete"),
    [("admin", 403, 302), ("officer", 302, 302), ("manager", 403, 403), ("analyst", 403, 403)],
)
def test_others_may_see_a_shared_view_but_not_change_it_and_administrators_may_delete_it(world, who, change, delete):
    client, view = signed_in(world.users[who]), world.view_for_all
    assert client.post(f"/views/{view.pk}/change/", sent(version=1)).status_code == change
    version = SavedView.objects.get(pk=view.pk).version
    assert client.post(f"/views/{view.pk}/delete/", {"version": version}).status_code == delete
    assert SavedView.objects.filter(pk=view.pk).exists() == (delete == 403)
    assert ("Delete October" in page_of(client, "/views/")) is False


def test_an_administrator_deletes_no_view_that_they_cannot_see(world):
    answer = signed_in(world.admin).post(f"/views/{world.view_private.pk}/delete/", {"version": 1})
    assert answer.status_code == 404
    assert SavedView.objects.filter(pk=world.view_private.pk).exists()


def test_the_owner_deletes_it_whatever_its_age_and_whatever_became_of_their_role(world):
    view = keep(world.manager, "kind=visit", shared="all")
    with writes.change(None, "command") as change:
        view.created_at = view.created_at.replace(year=2021)
        change.save(view)
    world.manager.groups.set([Group.objects.get(name="analyst")])
    client = signed_in(world.manager)
    assert client.post(f"/views/{view.pk}/change/", sent(version=1)).status_code == 403
    assert client.post(f"/views/{view.pk}/delete/", {"version": view.version, "next": view.get_absolute_url()})["Location"] == "/views/"  # fmt: skip
    assert not SavedView.objects.filter(pk=view.pk).exists()
    assert not SavedViewMention.objects.filter(view=view.pk).exists()
    assert History.objects.filter(model="caricc.savedview", record_id=view.pk, action="delete").exists()


def test_records_are_found_at_any_depth_of_a_question():
    inner = urlencode({"case": "5", "parent": "7"})
    question = QueryDict(urlencode({"at": inner, "event": "9"}))
    about = Question.about["events.Outcome"]
    assert records_named(about, question) == {("events.Case", 5), ("events.Event", 7), ("events.Event", 9)}


# ---- in a browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 380])
def test_the_pages_of_saved_views_have_no_grave_finding(world, sign_in, width, scheme):
    page, view = sign_in(world.officer), world.view_for_all
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    asked = urlencode({"page": EVENTS, "query": f"case={world.secret_case.pk}&period=this_month", "of_view": view.pk})
    for path in ("/views/", f"/views/add/?{asked}", f"/views/{view.pk}/change/", f"/views/{view.pk}/delete/",
                 f"/events/?{view.query}&kind=visit&of_view={view.pk}"):  # fmt: skip
        page.goto(path)
        assert not grave_findings(page), path
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path


def test_a_view_is_kept_changed_and_deleted_by_keyboard_alone(world, sign_in):
    page = sign_in(world.officer)
    page.goto("/events/?kind=visit")
    page.get_by_role("link", name="Save this view").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Name").focus()
    page.keyboard.type("By keyboard")
    expect(page.locator("#id_role")).to_be_hidden()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")  # from "Only me" to "A role"
    expect(page.locator("#id_role")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.type("man")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".views [aria-current]")).to_have_text("By keyboard")
    view = SavedView.objects.get(name="By keyboard")
    assert (view.shared, view.role.name, view.pinned) == ("role", "manager", True)
    page.goto("/views/")
    page.get_by_role("link", name="Delete By keyboard").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Delete this view").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("was deleted")
    assert not SavedView.objects.filter(pk=view.pk).exists()


def test_the_tab_says_changed_as_soon_as_a_filter_is_changed_and_no_more_when_it_is_put_back(world, sign_in):
    page = sign_in(world.officer)
    page.goto("/events/")
    page.get_by_role("link", name="October").click()
    current = page.locator(".views [aria-current]")
    expect(current).to_have_text("October")
    page.locator("summary", has_text="Kind").click()
    box = page.locator("label", has_text="Visit").locator("input")
    box.check()
    expect(current).to_have_text(re.compile("October.*changed"))
    box.uncheck()
    expect(current).to_have_text("October")
    page.locator("summary[aria-label^='Your account']").click()
    page.get_by_role("link", name="Saved views").click()
    expect(page.locator("h1")).to_have_text("Saved views")
