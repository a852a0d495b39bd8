"""The page of a case: its time line, its deeds, its next step and its links."""

import datetime
import re

import pytest
from playwright.sync_api import expect

from caricc.lib import writes
from caricc.lib.days import today
from caricc.lib.told import tell
from caricc.models import History
from events.models import Case, CaseNote, Commitment, CommitmentShift, Delegation, Event, Outcome
from tests.api.client import Api
from tests.pages.test_in_chromium import grave_findings
from tests.test_figures import links_of
from tests.test_laws import count_on
from tests.world import CANARY, DAY, READERS

DEEDS = ("note", "close", "rest", "reopen", "step", "link")


def page_of(client, case, query="") -> str:
    answer = client.get(f"/cases/{case.pk}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def headings(page: str) -> list[str]:
    """What stands on the time line, from top to bottom."""
    line = re.search(r'<ol class="timeline">(.*?)</ol>', page, re.DOTALL)
    rows = (
        re.findall(r'<li class="([^"]*)"><span class="at">(.*?)</span><div>(.*?)</div></li>', line.group(1), re.DOTALL)
        if line
        else []
    )
    found = [(at, *re.findall(r"<h3>(.*?)(?:<span|</h3>)", told, re.DOTALL)) for _css, at, told in rows]
    return [re.sub(r"<[^>]*>", "", one[-1]).strip() for one in found]


def post(client, case, deed, **data):
    return client.post(f"/cases/{case.pk}/{deed}/", {name: str(value) for name, value in data.items()})


def fresh(record):
    return type(record)._base_manager.get(pk=record.pk)


# ---- the time line


def test_the_line_tells_events_outcomes_promises_and_notes_the_newest_first(client, world):
    with writes.change(None, "command") as change:
        change.save(Outcome(event=world.visit, kind="document", title="Protocol signed later", day=DAY(2021, 10, 25)))
        change.save(Outcome(event=world.visit, kind="document", title="Minutes of the day", day=DAY(2021, 10, 15)))
        ahead = today() + datetime.timedelta(days=3)
        promise = change.save(
            Commitment(title="The figures", debtor=world.caricc, case=world.open_case, due_date=ahead)
        )
        change.save(CommitmentShift(commitment=promise, before=DAY(2021, 10, 1), after=ahead, day=DAY(2021, 10, 18)))
        for status, day in (("fulfilled", DAY(2021, 10, 16)), ("withdrawn", DAY(2021, 10, 17))):
            change.save(
                Commitment(
                    title=f"It was {status}", debtor=world.caricc, case=world.open_case, status=status, closed_on=day
                )
            )
    client.force_login(world.analyst)
    page = page_of(client, world.open_case)
    assert headings(page) == [
        "The figures", "Today", "A list of experts", "A list of experts", "2021", "Talks with the Ambassador of Japan",
        "Protocol signed later", "Note", "The figures", "It was withdrawn", "It was fulfilled", "Visit to Tashkent",
    ]  # fmt: skip
    assert "5 days late" in page
    assert page.index("Visit to Tashkent</a>") < page.index("Minutes of the day"), "on a day of the event: with it"
    assert "moved from 1\xa0Oct\xa02021" in page


def test_the_switch_shows_events_or_the_journal_and_refuses_nonsense(client, world):
    client.force_login(world.analyst)
    assert headings(page_of(client, world.open_case, "?show=journal")) == ["2021", "Note"]
    events = headings(page_of(client, world.open_case, "?show=events"))
    assert events == ["2021", "Talks with the Ambassador of Japan", "Visit to Tashkent"]
    for query in ("?show=nonsense", "?page=0", "?page=-1", "?page=x", "?page=99", "?page=9999999999999", "?page=%00"):
        page = page_of(client, world.open_case, query)
        assert 'role="alert"' in page, query
        assert not headings(page), query


def test_a_line_of_five_hundred_items_is_whole_page_by_page_in_as_many_queries(client, world, count_queries):
    client.force_login(world.manager)
    with count_queries() as few:
        page_of(client, world.open_case)
    with writes.change(None, "command") as change:
        for n in range(170):
            day = DAY(2015, 1, 1) + datetime.timedelta(days=n * 9)
            change.save(CaseNote(case=world.open_case, day=day, text=f"item note {n}"))
            event = change.save(Event(kind="meeting", title=f"item event {n}", start_date=day))
            change.set(event, "cases", [world.open_case])
            change.save(Delegation(event=event, organization=world.agency))
            change.save(Commitment(title=f"item promise {n}", debtor=world.caricc, case=world.open_case, due_date=day))
    seen, page, queries = [], page_of(client, world.open_case), 0
    for number in range(1, 9):
        with count_queries() as counted:
            page = page_of(client, world.open_case, f"?page={number}")
        queries = max(queries, len(counted))
        line = re.search(r'<ol class="timeline">(.*?)</ol>', page, re.DOTALL).group(1)
        found = re.findall(r"item (?:note|event|promise) \d+", line)
        assert len(re.findall(r'<span class="at">', line)) <= 200 + 15
        seen += found
        if 'rel="next"' not in page:
            break
    assert number == 3
    assert len(seen) == len(set(seen)) == 510
    assert queries <= len(few) + 3, "rows of a kind that was not there before are fetched, nothing else"
    assert ">Older</a>" not in page


@pytest.mark.parametrize("who", READERS)
def test_every_figure_of_the_page_opens_its_rows_for_its_reader(client, world, who):
    client.force_login(world.users[who])
    figures = [
        (link, n) for link, n in links_of(page_of(client, world.open_case)) if n is not None and link.startswith("/")
    ]
    assert len(figures) >= 6
    for link, count in figures:
        assert count_on(client.get(link).content.decode()) == count, link


def test_a_partner_counts_the_events_of_the_bodies_below_it(client, world):
    client.force_login(world.analyst)
    page = page_of(client, world.open_case)
    counts = {link: n for link, n in links_of(page) if "partner=" in link}
    for body, n in ((world.unodc, 1), (world.office, 1), (world.embassy, 1), (world.agency, 1)):
        assert counts[f"/events/?case={world.open_case.pk}&partner={body.pk}"] == n, body
    assert f"partner={world.ministry.pk}" not in page, "met at a hidden event only"


def test_what_is_hidden_is_absent_from_the_page(client, world):
    for who in ("admin", "analyst"):
        client.force_login(world.users[who])
        for query in ("", "?show=events", "?show=journal"):
            assert CANARY not in page_of(client, world.open_case, query), who
    client.force_login(world.officer)
    assert f"{CANARY} summit" in page_of(client, world.open_case)


def test_no_movement_is_said_to_each_reader_by_what_they_may_see(client, world):
    with writes.change(None, "command") as change:
        case = change.save(Case(title="A quiet matter", opened_on=DAY(2021, 1, 1)))
        change.set(world.hidden_ahead, "cases", [world.open_case, case])
    said = "No movement for 90 days"
    for who, quiet in (("officer", False), ("analyst", True), ("admin", True)):
        client.force_login(world.users[who])
        assert (said in page_of(client, case)) is quiet, who
        row = re.search(r"<tr>(?:(?!</tr>).)*A quiet matter.*?</tr>", client.get("/cases/").content.decode(), re.DOTALL)
        assert (said in row.group()) is quiet, who


# ---- notes


@pytest.mark.parametrize("who", ["officer", "manager"])
def test_a_note_is_written_on_the_page_whatever_changed_meanwhile(client, world, who):
    client.force_login(world.users[who])
    read = fresh(world.open_case).version
    with writes.change(world.officer, "page") as change:
        change.save(CaseNote(case=world.open_case, text="Meanwhile"))
    answer = post(client, world.open_case, "note", text="What I learned", day="2021-11-05", version=read)
    assert answer.status_code == 302
    assert answer["Location"] == f"/cases/{world.open_case.pk}/#line"
    note = CaseNote._base_manager.get(text="What I learned")
    assert (note.case, note.day, note.kind, note.created_by) == (
        world.open_case, DAY(2021, 11, 5), "note", world.users[who],
    )  # fmt: skip
    assert f"Note by {world.users[who]}" in headings(page_of(client, world.open_case))


def test_a_note_sent_twice_is_kept_once_and_other_words_are_another_note(client, world):
    client.force_login(world.officer)
    read = fresh(world.open_case).version
    for text in ("Once", "Once", "Other words"):
        assert post(client, world.open_case, "note", text=text, day=today(), version=read).status_code == 302
    assert (
        CaseNote._base_manager.filter(text="Once").count()
        == CaseNote._base_manager.filter(text="Other words").count()
        == 1
    )
    again = fresh(world.open_case).version
    post(client, world.open_case, "note", text="Once", day=today(), version=again)
    assert CaseNote._base_manager.filter(text="Once").count() == 2, "said again from a page opened anew: meant"


def test_a_note_without_words_or_of_a_day_ahead_comes_back_with_what_was_typed(client, world):
    client.force_login(world.officer)
    before = CaseNote._base_manager.count()
    tomorrow = today() + datetime.timedelta(days=1)
    for data in ({"text": ""}, {"text": "Kept words", "day": tomorrow}, {"text": "Kept words", "day": "soon"}):
        answer = post(client, world.open_case, "note", **data)
        assert answer.status_code == 200
        assert 'class="err"' in answer.content.decode()
        assert data["text"] in answer.content.decode()
    assert CaseNote._base_manager.count() == before


# ---- rights


def test_who_may_not_is_refused_alike_for_every_id_and_a_hidden_case_is_an_absent_one(client, world):
    for who in ("analyst", "newcomer"):
        client.force_login(world.users[who])
        for deed in DEEDS:
            for pk in (world.open_case.pk, world.secret_case.pk, 999_999):
                assert client.get(f"/cases/{pk}/{deed}/").status_code == 403, (who, deed)
                assert client.post(f"/cases/{pk}/{deed}/", {"text": "x", "reason": "x"}).status_code == 403, (who, deed)
    client.force_login(world.analyst)
    page = page_of(client, world.open_case)
    assert not [deed for deed in DEEDS if f"/{deed}/" in page]
    client.force_login(world.manager)
    for deed in DEEDS:
        hidden = client.get(f"/cases/{world.secret_case.pk}/{deed}/")
        assert (hidden.status_code, hidden.content) == (404, client.get(f"/cases/999999/{deed}/").content), deed


# ---- closing and opening


def test_closing_leaves_reason_day_and_one_version_and_asks_about_what_is_open(client, world):
    client.force_login(world.manager)
    form = client.get(f"/cases/{world.open_case.pk}/close/").content.decode()
    link = f"/commitments/?case={world.open_case.pk}&status=open"
    assert dict(links_of(form))[link] == 1, "the one that the manager may see; a hidden one is not counted"
    assert "1 commitment is still open." in form
    read = fresh(world.open_case).version
    refused = post(client, world.open_case, "close", reason="Done with it", version=read)
    assert "all the same" in refused.content.decode()
    assert fresh(world.open_case).status == "open"
    said = post(client, world.open_case, "close", reason="Done with it", day="2021-12-24", version=read, go_on="on")
    assert said.status_code == 302
    case = fresh(world.open_case)
    assert (case.status, case.closed_on, case.version) == ("closed", DAY(2021, 12, 24), read + 1)
    assert History.objects.of(case).first().why == "Done with it"
    page = page_of(client, case)
    assert f"Closed by {world.manager}" in headings(page)
    assert "Done with it" in page
    assert "already" in post(client, case, "close", reason="Again", version=case.version, go_on="on").content.decode()


def test_a_case_rests_and_is_opened_again(client, world):
    client.force_login(world.officer)
    for deed, status, said in (
        ("rest", "dormant", "Put to rest by"), ("reopen", "open", "Opened again by"), ("close", "closed", "Closed by"),
        ("reopen", "open", "Opened again by"),
    ):  # fmt: skip
        version = fresh(world.open_case).version
        answer = post(client, world.open_case, deed, reason=f"Because of {deed}", version=version, go_on="on")
        assert answer.status_code == 302, answer.content.decode()
        assert fresh(world.open_case).status == status
        assert headings(page_of(client, world.open_case, "?show=journal"))[0].startswith(said)
    assert fresh(world.open_case).closed_on is None


def test_a_deed_needs_a_reason_and_the_version_that_was_read(client, world):
    client.force_login(world.officer)
    version = fresh(world.open_case).version
    assert "Reason is missing" in post(client, world.open_case, "rest", reason=" ", version=version).content.decode()
    stale = post(client, world.open_case, "rest", reason="Quiet times", version=version - 1)
    assert stale.status_code == 409
    assert "Quiet times" in stale.content.decode()
    early = post(client, world.open_case, "close", reason="x", day="2020-01-01", go_on="on", version=version)
    assert "before the one on which it was opened" in early.content.decode()
    assert fresh(world.open_case).status == "open"


# ---- the next step


def test_the_next_step_is_late_in_words_until_it_is_done_and_then_stands_in_the_journal(client, world):
    client.force_login(world.manager)
    due = today() - datetime.timedelta(days=3)
    version = fresh(world.open_case).version
    assert (
        post(client, world.open_case, "step", next_step="Call Vienna", next_step_on=due, version=version).status_code
        == 302
    )
    assert "3 days late" in page_of(client, world.open_case)
    assert re.search(r"Call Vienna.{0,200}3 days late", client.get("/cases/").content.decode(), re.DOTALL)
    done = re.search(
        r'<form method="post" action="/cases/\d+/step/">.*?</form>', page_of(client, world.open_case), re.DOTALL
    )
    sent = dict(re.findall(r'name="(version|next_step|next_step_on)" value="([^"]*)"', done.group()))
    assert post(client, world.open_case, "step", **sent).status_code == 302
    case = fresh(world.open_case)
    assert (case.next_step, case.next_step_on) == ("", None)
    note = CaseNote._base_manager.get(kind="done", text="Call Vienna")
    page = page_of(client, case)
    assert "Step done by Manager" in page
    client.cookies["django_language"] = "ru"
    assert "Шаг выполнен: Manager" in page_of(client, case)
    del client.cookies["django_language"]
    assert (note.case, note.created_by) == (case, world.manager)
    assert "No next step" in post(client, case, "step", version=case.version).content.decode()
    answer = post(client, case, "step", next_step_on=due, version=case.version)
    assert "Say what is to be done" in answer.content.decode()


def test_cases_are_put_in_order_by_their_next_step_those_without_last(client, world):
    client.force_login(world.officer)
    rows = re.findall(r'class="t" href="/cases/(\d+)/', client.get("/cases/?ordering=next_step_on").content.decode())
    assert rows == [str(world.open_case.pk), str(world.secret_case.pk), str(world.old_case.pk)]


# ---- links


def test_a_link_shows_on_both_pages_to_those_who_may_read_both(client, world):
    secret, other = f"/cases/{world.secret_case.pk}/", f"/cases/{world.old_case.pk}/"
    client.force_login(world.officer)
    assert secret in page_of(client, world.open_case)
    assert f'href="/cases/{world.open_case.pk}/"' in page_of(client, world.secret_case)
    for who in ("manager", "analyst", "admin"):
        client.force_login(world.users[who])
        page = page_of(client, world.open_case)
        assert other in page
        assert secret not in page, who


def test_links_are_chosen_among_what_is_seen_and_the_hidden_one_stays_untold(client, world):
    client.force_login(world.manager)
    with writes.change(None, "command") as change:
        third = change.save(Case(title="Third rotation"))
    path = f"/cases/{world.open_case.pk}/link/"
    assert world.secret_case.title not in client.get(f"{path}?q={CANARY}").content.decode()
    found = client.post(path, {"q": "rotation", "find": "1", "linked": [world.old_case.pk]}).content.decode()
    boxes = dict(re.findall(r'name="linked" value="(\d+)"[^>]*?( checked)?>', found))
    assert boxes == {str(world.old_case.pk): " checked", str(third.pk): ""}
    version = fresh(world.open_case).version
    hidden = client.post(path, {"linked": [world.secret_case.pk], "version": version}).content.decode()
    absent = client.post(path, {"linked": [999_999], "version": version}).content.decode()
    assert "not on record" in hidden
    clean = [re.sub(r'csrfmiddlewaretoken" value="\w+"', "", page) for page in (hidden, absent)]
    assert clean[0] == clean[1]
    before = fresh(third).version
    assert client.post(path, {"linked": [third.pk], "version": version}).status_code == 302
    assert set(fresh(world.open_case).linked.all()) == {third, world.secret_case}
    assert world.open_case not in fresh(world.old_case).linked.all()
    assert fresh(third).version == before + 1, "the other side changed, too"
    for case in (world.open_case, third, world.old_case):
        for reader in (world.manager, world.analyst, world.admin):
            assert CANARY not in str(tell(History.objects.of(case), reader))
    assert "Operation Meadow" in str(tell(History.objects.of(third), world.analyst)[0])


def test_over_the_api_a_hidden_link_is_untold_and_kept_and_no_case_is_linked_to_itself(world):
    api, path = Api(world.manager), f"cases/{world.open_case.pk}/"
    answer = api.get(path)
    assert answer.json()["linked"] == [world.old_case.pk]
    itself = api("patch", path, {"linked": [world.open_case.pk]}, If_Match=answer["ETag"])
    assert itself.status_code == 400
    assert "linked" in itself.json()
    hidden = api("patch", path, {"linked": [world.secret_case.pk]}, If_Match=answer["ETag"])
    absent = api("patch", path, {"linked": [999_999]}, If_Match=answer["ETag"])
    assert hidden.status_code == absent.status_code == 400
    assert hidden.content.replace(str(world.secret_case.pk).encode(), b"999999") == absent.content
    done = api("patch", path, {"linked": []}, If_Match=answer["ETag"])
    assert done.json()["linked"] == []
    assert list(fresh(world.open_case).linked.all()) == [world.secret_case]


def test_the_link_page_refuses_the_case_itself(client, world):
    client.force_login(world.officer)
    version = fresh(world.open_case).version
    answer = client.post(f"/cases/{world.open_case.pk}/link/", {"linked": [world.open_case.pk], "version": version})
    assert "not linked to itself" in answer.content.decode()
    assert world.open_case not in fresh(world.open_case).linked.all()


# ---- in a browser


def test_a_note_is_written_and_the_step_done_without_a_mouse(world, sign_in):
    page = sign_in(world.manager)
    page.goto(f"/cases/{world.open_case.pk}/")
    _tab_to(page, "#note")
    page.keyboard.type("Vienna answered at last")
    _tab_to(page, ".compose button")
    page.keyboard.press("Enter")
    expect(page.locator(".timeline")).to_contain_text("Vienna answered at last")
    _tab_to(page, ".next-step form button")
    page.keyboard.press("Enter")
    expect(page.locator(".timeline")).to_contain_text("Step done by Manager")
    _tab_to(page, "a[href$='?show=journal#line']")
    page.keyboard.press("Enter")
    expect(page.locator(".timeline > .note")).to_have_count(3)


def _tab_to(page, selector):
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    pytest.fail(f"the keyboard does not reach {selector}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 380])
def test_case_deeds_and_planned_event_have_no_grave_finding(world, sign_in, width, scheme):
    with writes.change(world.officer, "page", "It goes on.") as change:
        change.save(Commitment(title="For the state", debtor=world.caricc, creditor_country="AT"))
        world.open_case.plan(change, "Call Vienna", today() - datetime.timedelta(days=3))
    page = sign_in(world.officer)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    case = f"/cases/{world.open_case.pk}/"
    paths = (
        case,
        f"{case}?show=journal",
        f"{case}?show=no",
        f"{case}close/",
        f"{case}step/",
        f"{case}link/?q=rotation",
        "/cases/",
    )
    for path in (*paths, f"/events/{world.planned.pk}/", f"/events/{world.hidden_ahead.pk}/"):
        page.goto(path)
        assert not grave_findings(page), path
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path
