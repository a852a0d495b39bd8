"""Deeds on commitments and recommendations: who may, what they leave, and what happens when somebody was quicker."""

import datetime
import re

import pytest

from caricc.lib import writes
from caricc.lib.days import today, written
from caricc.models import History
from events.models import Case, Commitment, CommitmentShift
from tests.inventory import deeds
from tests.twins import TOKEN
from tests.world import CANARY

A_DAY = datetime.timedelta(days=1)
DEEDS = {
    "fulfil": {"day": today().isoformat(), "proof": "A letter of thanks"},
    "shift": {"due": (today() + 30 * A_DAY).isoformat(), "why": "They asked for a month."},
    "withdraw": {"day": today().isoformat(), "why": "No longer needed."},
    "assign": {"person": "", "why": ""},
}


def at(record, deed: str) -> str:
    return f"/{record._meta.model_name}s/{record.pk}/{deed}/"


def send(client, record, deed, **values):
    sent = {**DEEDS.get(deed, {}), "version": record.root().version, **values}
    return client.post(at(record, deed), sent, headers=values.pop("headers", None))


@pytest.fixture
def officer(client, world):
    client.force_login(world.officer)
    return client


# ---- what each leaves


def test_fulfilling_keeps_the_day_and_the_proof(officer, world):
    answer = send(officer, world.owed, "fulfil", next="/commitments/?status=open")
    assert (answer.status_code, answer["Location"]) == (302, "/commitments/?status=open")
    world.owed.refresh_from_db()
    assert (world.owed.status, world.owed.closed_on, world.owed.proof) == ("fulfilled", today(), "A letter of thanks")
    page = officer.get(world.owed.get_absolute_url()).content.decode()
    assert "A letter of thanks" in page
    assert f"Fulfilled: {world.owed}" in page


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"proof": ""}, "tick that there is no proof"),
        ({"without_proof": "on"}, "not both"),
        ({"day": (today() + A_DAY).isoformat()}, "has not come yet"),
        ({"day": "soon"}, "Write a day as"),
        ({"day": ""}, "is missing"),
    ],
)
def test_fulfilling_asks_for_a_day_and_for_a_proof_or_that_there_is_none(officer, world, values, said):
    answer = send(officer, world.owed, "fulfil", **values)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    world.owed.refresh_from_db()
    assert world.owed.status == "open"


def test_that_there_is_no_proof_may_be_said(officer, world):
    assert send(officer, world.owed, "fulfil", proof="", without_proof="on").status_code == 302
    world.owed.refresh_from_db()
    assert (world.owed.status, world.owed.proof) == ("fulfilled", "")


def test_a_shift_keeps_both_days_who_and_why(officer, world):
    before = world.owed.due_date
    assert send(officer, world.owed, "shift").status_code == 302
    shift = CommitmentShift.objects.get(commitment=world.owed)
    assert (shift.before, shift.after, shift.day) == (before, today() + 30 * A_DAY, today())
    assert (shift.reason, shift.created_by) == ("They asked for a month.", world.officer)
    page = officer.get(world.owed.get_absolute_url()).content.decode()
    for part in ("They asked for a month.", "moved once, first", "How the due date moved", "Officer"):
        assert part in page
    world.owed.refresh_from_db()
    send(officer, world.owed, "shift", due=(today() + 40 * A_DAY).isoformat())
    assert "moved twice, first" in officer.get(f"/commitments/?event={world.talks.pk}").content.decode()


@pytest.mark.parametrize(
    ("values", "said"), [({"why": " "}, "Reason is missing"), ({"due": "2021-01-01"}, "has passed"), ({"due": None}, "already")]
)  # fmt: skip
def test_a_shift_wants_another_day_and_a_reason(officer, world, values, said):
    if values.get("due", "") is None:
        values = {"due": world.owed.due_date.isoformat()}
    assert said in send(officer, world.owed, "shift", **values).content.decode()
    assert not CommitmentShift.objects.filter(commitment=world.owed).exists()


def test_withdrawing_keeps_the_reason_beside_the_note_and_reopening_takes_it_up(officer, world):
    with writes.change(None, "command") as change:
        world.owed.note = "Asked for by telephone."
        change.save(world.owed)
    send(officer, world.owed, "withdraw")
    world.owed.refresh_from_db()
    assert (world.owed.status, world.owed.closed_on) == ("withdrawn", today())
    assert world.owed.note == "Asked for by telephone.\n\nNo longer needed."
    assert send(officer, world.owed, "reopen", why="").status_code == 200
    send(officer, world.owed, "reopen", why="They need it after all.")
    world.owed.refresh_from_db()
    assert (world.owed.status, world.owed.closed_on, world.owed.proof) == ("open", None, "")
    last = History.objects.of(world.owed).first()
    assert (last.why, last.door, last.actor) == ("They need it after all.", "page", world.officer)


def test_whoever_asks_is_offered_first_and_only_our_own_people_are(officer, world):
    page = officer.get(at(world.loose, "assign")).content.decode()
    assert f'<option value="{world.specialist.pk}" selected>' in page
    assert str(world.ambassador) not in page
    assert send(officer, world.loose, "assign", person=world.ambassador.pk).status_code == 200
    assert send(officer, world.loose, "assign", person=world.specialist.pk).status_code == 302
    world.loose.refresh_from_db()
    assert world.loose.responsible == world.specialist


def test_what_is_closed_is_first_reopened(officer, world):
    for deed in DEEDS:
        answer = send(officer, world.kept, deed)
        assert "reopen it first" in answer.content.decode(), deed
    assert "It is open." in send(officer, world.owed, "reopen", why="So").content.decode()
    assert Commitment.objects.get(pk=world.kept.pk).version == world.kept.version


# ---- recommendations


def test_a_recommendation_is_followed_up_and_taken_up_again(officer, world):
    unfinished = "/outcomes/?unfinished=true"
    assert str(world.advice) in officer.get(unfinished).content.decode()
    version = world.talks.version
    answer = send(
        officer, world.advice, "done", day=today().isoformat(), note="The lists were compared.", next=unfinished
    )
    assert answer["Location"] == unfinished
    world.talks.refresh_from_db()
    assert world.talks.version == version + 1
    assert world.advice.title not in officer.get(unfinished).content.decode().split("toasts")[0]
    assert "The lists were compared." in officer.get(world.talks.get_absolute_url()).content.decode()
    world.advice.refresh_from_db()
    assert not world.advice.is_unfinished
    assert (
        "followed up already" in send(officer, world.advice, "done", day=today().isoformat(), note="x").content.decode()
    )
    send(officer, world.advice, "undone", why="One list was missing.")
    world.advice.refresh_from_db()
    assert (world.advice.is_unfinished, world.advice.done_note) == (True, "")


def test_only_recommendations_are_followed_up(officer, world):
    news = world.talks.outcomes.get(kind="information")
    answer = send(officer, news, "done", day=today().isoformat(), note="x")
    assert "Only recommendations" in answer.content.decode()


def test_the_version_of_a_recommendation_is_that_of_its_event(officer, world):
    with writes.change(world.admin, "admin") as change:
        world.talks.summary = "Told anew"
        change.save(world.talks)
    answer = officer.post(at(world.advice, "done"), {"day": today().isoformat(), "note": "Kept", "version": 1})
    assert answer.status_code == 409
    assert "Kept" in answer.content.decode()
    assert "Told anew" in answer.content.decode()


# ---- who may


@pytest.mark.parametrize(
    ("who", "may"), [("admin", 1), ("officer", 1), ("manager", 1), ("analyst", 0), ("newcomer", 0)]
)
def test_each_role_does_what_it_may(client, world, who, may):
    client.force_login(world.users[who])
    for deed in (*DEEDS, "reopen"):
        for pk in (world.owed.pk, 999_999):
            path = f"/commitments/{pk}/{deed}/"
            wanted = 403 if not may else 404 if pk == 999_999 else 200
            assert client.get(path).status_code == wanted, path
            if not may:
                assert client.post(path, DEEDS.get(deed, {})).status_code == 403
    assert client.get("/commitments/handover/").status_code == (200 if may else 403)
    assert client.get(at(world.advice, "done")).status_code == (200 if who in ("admin", "officer") else 403)
    world.owed.refresh_from_db()
    assert world.owed.status == "open"


def test_rows_show_deeds_to_those_who_may_do_them(client, world):
    pages = ("/commitments/", world.talks.get_absolute_url(), world.open_case.get_absolute_url(),
             world.embassy.get_absolute_url(), world.owed.get_absolute_url())  # fmt: skip
    for who, may in (("manager", True), ("analyst", False)):
        client.force_login(world.users[who])
        for path in pages:
            assert ("/fulfil/" in client.get(path).content.decode()) == may, (who, path)
    assert "/done/" not in client.get("/outcomes/").content.decode()


def test_a_hidden_row_is_an_absent_one(client, world):
    client.force_login(world.manager)
    hidden = world.secret_promises[0]
    for deed in (*DEEDS, "reopen"):
        asked, absent = client.get(at(hidden, deed)), client.get(f"/commitments/999999/{deed}/")
        assert (asked.status_code, asked.content) == (absent.status_code, absent.content) == (404, absent.content)
        sent = client.post(at(hidden, deed), {**DEEDS.get(deed, {}), "version": 1})
        gone = client.post(f"/commitments/999999/{deed}/", {**DEEDS.get(deed, {}), "version": 1})
        assert (sent.status_code, sent.content) == (gone.status_code, gone.content)
    hidden.refresh_from_db()
    assert hidden.status == "open"


# ---- somebody was quicker; the way back


def test_a_stale_form_does_nothing_keeps_what_was_typed_and_says_who_changed_what(officer, world):
    with writes.change(world.manager, "page", "A new agreement") as change:
        world.owed.title = "A longer note"
        change.save(world.owed)
    answer = officer.post(at(world.owed, "fulfil"), {**DEEDS["fulfil"], "proof": "Letter 17", "version": 1})
    page = answer.content.decode()
    assert answer.status_code == 409
    for part in ("Letter 17", "Manager", "A note on projects", "A longer note"):
        assert part in page
    world.owed.refresh_from_db()
    assert world.owed.status == "open"
    again = officer.post(at(world.owed, "fulfil"), {**DEEDS["fulfil"], "version": world.owed.version})
    assert again.status_code == 302


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "https:evil.example"],
)
def test_next_cannot_lead_to_another_host(officer, world, elsewhere):
    page = officer.get(at(world.owed, "fulfil"), {"next": elsewhere}).content.decode()
    assert not re.search(r'(?:href|value|action)="[^"]*(?:evil|javascript)', page)
    answer = send(officer, world.owed, "fulfil", next=elsewhere)
    assert answer["Location"] == world.owed.get_absolute_url()


def test_htmx_gets_the_form_alone_and_the_page_is_loaded_anew_where_it_was(officer, world):
    here = {"HX-Request": "true", "HX-Current-URL": "http://testserver/commitments/?status=open"}
    part = officer.get(at(world.owed, "fulfil"), headers=here).content.decode()
    assert "<html" not in part
    assert f'id="{world.owed.pk}-day"' in part
    wrong = officer.post(at(world.owed, "fulfil"), {"day": ""}, headers=here)
    assert wrong.status_code == 422
    sent = {**DEEDS["fulfil"], "version": 1, "next": "/commitments/?status=open"}
    assert officer.post(at(world.owed, "fulfil"), sent, headers=here)["HX-Refresh"] == "true"
    other = {**DEEDS["shift"], "version": 1, "next": "/events/"}
    assert officer.post(at(world.loose, "shift"), other, headers=here)["HX-Redirect"] == "/events/"


def test_the_links_of_a_row_lead_back_to_the_list_with_its_question(officer):
    page = officer.get("/commitments/?status=open&q=&page=1").content.decode()
    assert "/fulfil/?next=%2Fcommitments%2F%3Fstatus%3Dopen%26page%3D1" in page


# ---- the other doors keep the reason, too


def test_a_reason_given_to_the_api_or_the_editing_page_is_that_of_the_shift(officer, world):
    due = (today() + 60 * A_DAY).isoformat()
    answer = officer.patch(
        f"/api/v1/commitments/{world.owed.pk}/", {"due_date": due, "proof": "A draft"}, content_type="application/json",
        headers={"If-Match": '"1"', "X-Reason": "Agreed by telephone."},
    )  # fmt: skip
    assert answer.status_code == 200, answer.content
    shown = answer.json()
    assert [(one["after"], one["reason"]) for one in shown["shifts"]] == [(due, "Agreed by telephone.")]
    assert shown["proof"] == "A draft"
    page = officer.get(f"/admin/events/commitment/{world.owed.pk}/change/").content.decode()
    assert "Agreed by telephone." in page
    assert 'name="proof"' in page


# ---- handing over


def hand_over(client, world, *records, **values):
    sent = {
        "whose": world.specialist.pk,
        "to": world.director.pk,
        "why": "On leave until March.",
        "commitment": [],
        "case": [],
    }
    for record in records:
        sent[record._meta.model_name].append(f"{record.pk}:{record.version}")
    return client.post("/commitments/handover/", {**sent, **values})


def test_what_is_ticked_goes_to_the_other_in_one_go(officer, world):
    page = officer.get(f"/commitments/handover/?whose={world.specialist.pk}&to={world.director.pk}").content.decode()
    assert str(world.owed) in page
    assert str(world.secret_case) in page
    assert "may not read it" in page  # the director is not named on the restricted case
    answer = hand_over(officer, world, world.owed, world.secret_case)
    assert answer["Location"] == f"/commitments/?officer={world.director.pk}&status=open"
    world.owed.refresh_from_db()
    assert world.owed.responsible == world.director
    assert Case.objects.get(pk=world.secret_case.pk).lead == world.director
    assert History.objects.of(world.owed).first().why == "On leave until March."


def test_what_is_not_ticked_stays_and_a_reason_is_wanted(officer, world):
    assert "Nothing is ticked" in hand_over(officer, world).content.decode()
    assert "Reason is missing" in hand_over(officer, world, world.owed, why="").content.decode()
    world.owed.refresh_from_db()
    assert world.owed.responsible == world.specialist


def test_a_changed_record_stops_everything_and_is_named(officer, world):
    with writes.change(world.manager, "page") as change:
        world.owed.title = "A longer note"
        change.save(world.owed)
        change.save(Commitment(title="A second note", debtor=world.caricc, responsible=world.specialist))
    second = Commitment.objects.get(title="A second note")
    world.owed.version = 1
    answer = hand_over(officer, world, world.owed, second)
    page = answer.content.decode()
    assert answer.status_code == 409
    for part in ("Nothing was handed over", "Manager", "A longer note", "On leave until March."):
        assert part in page
    assert len(re.findall(r'type="checkbox"[^>]* checked', page)) == 2
    assert {one.responsible for one in Commitment.objects.filter(pk__in=[world.owed.pk, second.pk])} == {
        world.specialist
    }


def test_a_hidden_record_is_handed_over_as_an_absent_one(client, world):
    client.force_login(world.manager)
    hidden = world.secret_promises[0]
    with writes.change(None, "command") as change:
        hidden.assign(world.specialist)
        change.save(hidden)
    page = client.get(f"/commitments/handover/?whose={world.specialist.pk}&to={world.director.pk}").content.decode()
    assert CANARY not in page
    answers = []
    for tick in (f"{hidden.pk}:{hidden.version}", "999999:2"):
        answer = hand_over(client, world, world.owed, commitment=[f"{world.owed.pk}:1", tick])
        answers.append((answer.status_code, TOKEN.sub(b"", answer.content)))
    assert answers[0] == answers[1]
    assert answers[0][0] == 409
    hidden.refresh_from_db()
    assert hidden.responsible == world.specialist


@pytest.mark.parametrize("query", ["whose=1&to=2", "whose=x&to=", "whose=&to=", "to=%00"])
def test_wrong_people_are_named_beside_the_field(officer, world, query):
    answer = officer.get(f"/commitments/handover/?{query}")
    assert answer.status_code == 200
    assert "tickable" not in answer.content.decode()


def test_nobody_hands_over_to_themselves(officer, world):
    answer = hand_over(officer, world, world.owed, to=world.specialist.pk)
    assert "This is the same person." in answer.content.decode()


def test_three_hundred_go_at_once_and_the_page_asks_no_more_for_them(officer, world, count_queries):
    path = f"/commitments/handover/?whose={world.specialist.pk}&to={world.director.pk}"
    with count_queries() as few:
        officer.get(path)
    with writes.change(None, "command") as change:
        for place in range(300):
            change.save(Commitment(title=f"Promise {place}", debtor=world.caricc, responsible=world.specialist))
    with count_queries() as many:
        page = officer.get(path).content.decode()
    assert len(many) <= len(few)
    assert page.count('type="checkbox"') == 302
    answer = hand_over(officer, world, *Commitment.objects.filter(responsible=world.specialist))
    assert answer.status_code == 302
    assert Commitment.objects.filter(responsible=world.director).count() == 301


# ---- no version, no deed


@pytest.mark.parametrize("version", ["", "soon", "99999999999"])
def test_what_does_not_say_which_version_it_read_does_nothing_and_may_be_sent_again(officer, world, version):
    for record, deed in ((world.owed, "fulfil"), (world.owed, "withdraw"), (world.advice, "done")):
        before = record.root().version
        values = {"day": today().isoformat(), "note": "Compared.", "version": version}
        answer = send(officer, record, deed, **values)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "which version of the record you had read" in page, deed
        assert type(record).objects.get(pk=record.pk).root().version == before, deed
        assert f'name="version" value="{before}"' in page
        assert send(officer, record, deed, **{**values, "version": before}).status_code == 302
        record.refresh_from_db()
        if record is world.owed and deed == "fulfil":
            assert send(officer, record, "reopen", why="Not yet.").status_code == 302
            record.refresh_from_db()
            assert "which version" in send(officer, record, "shift", version=version).content.decode()


def test_every_deed_on_a_record_asks_for_the_version_but_a_note():
    exempt = {view.__name__ for _path, view in deeds() if not view.needs_version}
    assert exempt == {"AddNote"}


# ---- on which day


@pytest.mark.parametrize("deed", ["fulfil", "withdraw"])
def test_nothing_is_kept_or_dropped_before_it_was_promised(officer, world, deed):
    said = send(officer, world.owed, deed, day="2021-11-01").content.decode()
    assert "an event that began on 2 Nov 2021" in said
    assert Commitment.objects.get(pk=world.owed.pk).is_open
    assert send(officer, world.owed, deed, day="2021-11-02").status_code == 302


@pytest.mark.parametrize("deed", ["fulfil", "withdraw"])
def test_what_no_event_promised_is_not_kept_before_it_was_entered(officer, world, deed):
    for day in ("1950-01-01", (today() - A_DAY).isoformat()):
        said = send(officer, world.loose, deed, day=day).content.decode()
        assert f"It was entered on {written(today())}" in said
    assert send(officer, world.loose, deed).status_code == 302


def test_what_is_promised_at_an_event_ahead_may_be_kept_before_it(officer, world):
    with writes.change(None, "command") as change:
        world.loose.event = world.planned
        change.save(world.loose)
    assert "It was entered on" in send(officer, world.loose, "fulfil", day="1950-01-01").content.decode()
    assert send(officer, world.loose, "fulfil").status_code == 302


def test_whoever_assigns_is_told_where_the_one_assigned_may_not_read_it(client, world):
    secret = world.secret_promises[0]
    client.force_login(world.officer)
    address = f"/commitments/{secret.pk}/assign/"
    version = type(secret)._base_manager.get(pk=secret.pk).version
    answer = client.post(address, {"version": version, "person": world.director.pk}, follow=True)
    assert "They may not read it" in answer.content.decode()
