"""Merging on the pages: who may, what is shown of two records, stale pages, undoing, marks of difference; and old ids."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from caricc.lib import writes
from caricc.lib.merge import merge
from caricc.models import ApiToken, History, Merge, SavedView
from contacts.models import DifferentPeople, Organization, OrganizationName, Person, PersonName, Post
from events.models import Case, CasePartner, Commitment, Delegate, Delegation
from tests.lib.test_merge import database, differences, fresh, make, merged, put
from tests.test_laws import count_on, signed_in
from tests.twins import TOKEN, fetch, take_away_what_is_hidden_from
from tests.world import CANARY

KINDS = {"people": Person, "organizations": Organization}


@pytest.fixture
def pair(world):
    world.anna = make(Person, name="A. Berg", note="Speaks Russian")
    world.bureau = make(Organization, name="UN Drugs Bureau", short_name="UNDB", kind="un", note="Seen in Vienna")
    world.pairs = {"people": (world.coordinator, world.anna), "organizations": (world.unodc, world.bureau)}
    return world


@pytest.fixture
def officer(client, world):
    client.force_login(world.officer)
    return client


def address(kind, one, other) -> str:
    return f"/{kind}/merge/?a={one.pk}&b={other.pk}"


def text(answer) -> str:
    return answer.content.decode()


def ticked(page: str) -> dict[str, str]:
    """{name: value} of what the form sends as it is shown."""
    form = re.search(r'<form class="form act-form compare-form".*?</form>', page, re.DOTALL).group()
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
    boxes = re.findall(r'<input type="radio" name="(\w+)" value="(\w+)"[^>]*? checked', form)
    typed = re.findall(r'<input type="text" name="(\w+)" value="([^"]*)"', form)
    return {name: value for name, value in (*hidden, *boxes, *typed) if name != "csrfmiddlewaretoken"}


def sent(client, kind, one, other, **values):
    page = text(client.get(address(kind, one, other)))
    data = {**ticked(page), "why": "Entered twice.", **values}
    return client.post(f"/{kind}/merge/", {name: value for name, value in data.items() if value is not None})


# ---- who may


@pytest.mark.parametrize("kind", KINDS)
def test_only_who_may_change_them_in_the_editing_pages_sees_the_pages_and_the_deeds(pair, kind):
    one, other = pair.pairs[kind]
    merged(pair.officer, one, make(type(one), name="Third", **({"kind": "un"} if kind == "organizations" else {})))
    paths = [
        f"/{kind}/merge/", address(kind, one, other), f"/{kind}/different/?a={one.pk}&b={other.pk}",
        f"/{kind}/alike/?a={one.pk}&b={other.pk}", f"/{kind}/{one.pk}/unmerge/",
    ]  # fmt: skip
    for who in ("admin", "officer", "manager", "analyst", "newcomer"):
        client, may = signed_in(pair.users[who]), who in ("admin", "officer")
        for path in paths:
            assert client.get(path).status_code == (200 if may else 403), (who, path)
        if who != "newcomer":
            page = text(client.get(one.get_absolute_url()))
            assert ("Merge with another" in page) is may
            assert (f"/{kind}/{one.pk}/unmerge/" in page) is may
            assert "from Third" in page
        if not may:
            for path in paths:
                assert client.post(path.partition("?")[0], {"a": one.pk, "b": other.pk}).status_code == 403
    assert fresh(other) is not None
    assert Client().get(paths[0]).status_code == 302


@pytest.mark.parametrize("kind", KINDS)
def test_an_unknown_id_is_not_found_and_nothing_is_merged(officer, pair, kind):
    one = pair.pairs[kind][0]
    for query in (
        "?a=999999",
        f"?a={one.pk}&b=999999",
        f"?a={one.pk}&b=nonsense",
        f"?b=999999&a={one.pk}",
        "?a=" + "9" * 40,
    ):
        assert officer.get(f"/{kind}/merge/{query}").status_code == 404, query
    for data in ({}, {"a": one.pk}, {"a": one.pk, "b": "999999"}, {"a": "x", "b": "\x00"}):
        for deed in ("merge", "different", "alike"):
            assert officer.post(f"/{kind}/{deed}/", data).status_code == 404, (deed, data)
    assert not Merge.objects.exists()


# ---- the search


def test_the_other_is_searched_by_name_in_any_script(officer, pair):
    page = text(officer.get(f"/organizations/merge/?a={pair.bureau.pk}&q=МВД"))
    assert f"?a={pair.bureau.pk}&amp;b={pair.ministry.pk}" in page
    page = text(officer.get(f"/organizations/merge/?a={pair.bureau.pk}&q=undb"))
    assert f"b={pair.bureau.pk}" not in page
    assert "No other record" in page
    page = text(officer.get("/people/merge/?q=berg"))
    assert f"?a={pair.anna.pk}" in page
    assert "&amp;b=" not in page


def test_the_search_for_the_other_needs_a_word_and_puts_the_very_name_first(officer, pair, count_queries):
    assert "No other record has “-”" in text(officer.get(f"/people/merge/?a={pair.anna.pk}&q=-"))
    for number in range(15):
        make(Organization, name=f"A bureau of UNDB, {number}", kind="un")
    page = text(officer.get("/organizations/merge/?q=undb"))
    assert f"?a={pair.bureau.pk}" in page
    with count_queries() as few:
        officer.get("/people/merge/?q=berg")
    for number in range(5):
        make(Post, person=make(Person, name=f"Berg {number}"), organization=pair.unodc, title="Guest")
    with count_queries() as more:
        officer.get("/people/merge/?q=berg")
    assert len(more) == len(few)


def test_the_start_page_lists_what_was_merged_lately_with_the_way_to_undo_it(officer, pair):
    merged(pair.officer, pair.coordinator, pair.anna, "twice there")
    page = text(officer.get("/people/merge/"))
    assert "A. Berg →" in page
    assert "twice there" in page
    assert f"/people/{pair.coordinator.pk}/unmerge/" in page
    assert "A. Berg →" not in text(officer.get("/organizations/merge/"))


# ---- the preview


def test_the_preview_shows_both_and_ticks_what_loses_nothing(officer, pair):
    page = text(officer.get(address("people", pair.anna, pair.coordinator)))
    chosen = ticked(page)
    assert chosen["keep"] == "b", "more points to it"
    assert chosen["name"] == "b"
    assert chosen["note"] == "a", "the other has none"
    assert "Speaks Russian" in page
    assert "not stated" in page
    third = make(Person, name="Third")
    assert ticked(text(officer.get(address("people", third, pair.anna))))["keep"] == "b", "the older"


def test_it_counts_and_ticks_by_what_the_reader_may_see_alone(world):
    """The same page, byte for byte, with the rows that the reader may not see and without them."""
    admin, other = world.admin, make(Person, name="R. Karimov", note="At the board")
    body = make(Organization, name="Desk of precursors", kind="un")
    for event in (world.visit_closed, world.retreat, world.for_analyst, world.for_managers, world.orphan):
        make(Delegate, delegation=Delegation._base_manager.filter(event=event).first(), person=other)
        make(Delegation, event=event, organization=body)
        make(Commitment, title=f"{CANARY} {event.pk}", event=event, debtor=body, responsible=other)
    make(CasePartner, case=world.secret_case, organization=body)
    make(SavedView, name=f"{CANARY} view", page="events:event_list", query=f"partner={body.pk}", owner=world.officer)
    make(Case, title=f"{CANARY} case", lead=other, visibility="restricted", owner=world.officer)
    client = signed_in(admin)
    paths = [
        address("people", world.ambassador, other), address("people", other, world.specialist),
        address("organizations", world.desk, body), address("organizations", body, world.old_body),
        "/people/merge/?q=karimov", "/organizations/merge/?q=precursor",
    ]  # fmt: skip
    with_them = {path: fetch(client, path) for path in paths}
    from django.db import transaction

    with transaction.atomic():
        assert take_away_what_is_hidden_from(admin) > 10
        without = {path: fetch(client, path) for path in paths}
        transaction.set_rollback(True)
    assert [path for path in paths if with_them[path] != without[path]] == []
    assert all(status == 200 and CANARY.encode() not in body for status, _headers, body in with_them.values())


def test_after_merging_no_page_tells_of_hidden_rows_that_were_repointed(pair):
    for event in (pair.retreat, pair.orphan):
        make(Delegation, event=event, organization=pair.bureau, label=f"{CANARY} party")
    make(CasePartner, case=pair.secret_case, organization=pair.bureau, role="donor")
    client = signed_in(pair.admin)
    answer = sent(client, "organizations", pair.unodc, pair.bureau)
    assert answer.status_code == 302
    assert Delegation._base_manager.get(event=pair.orphan, organization=pair.unodc)
    paths = [
        answer["Location"], f"/admin/contacts/organization/{pair.unodc.pk}/history/", "/organizations/merge/",
        f"/organizations/{pair.unodc.pk}/unmerge/", f"/api/v1/organizations/{pair.unodc.pk}/",
    ]  # fmt: skip
    told = {path: fetch(client, path) for path in paths}
    from django.db import transaction

    with transaction.atomic():
        take_away_what_is_hidden_from(pair.admin)
        again = {path: fetch(client, path) for path in paths}
        transaction.set_rollback(True)
    told[paths[0]] = fetch(client, paths[0])  # without the message of the deed
    assert [path for path in paths[1:] if told[path] != again[path]] == []
    assert not [path for path in paths if CANARY.encode() in told[path][2]]


# ---- merging


@pytest.mark.parametrize("kind", KINDS)
def test_one_stays_with_the_values_chosen_and_the_page_says_so(officer, pair, kind):
    one, other = pair.pairs[kind]
    answer = sent(officer, kind, one, other, keep="a", name="b", note="b")
    assert (answer.status_code, answer["Location"]) == (302, one.get_absolute_url())
    kept = fresh(one)
    assert fresh(other) is None
    assert (kept.name, kept.note) == (other.name, other.note)
    page = text(officer.get(answer["Location"]))
    assert f"{other} went into {kept}" in page
    assert "Entered twice." in page
    assert f"/{kind}/{one.pk}/unmerge/" in page
    history = text(officer.get(f"/admin/contacts/{kept._meta.model_name}/{one.pk}/history/"))
    assert "which went into this record" in history
    assert "merged" in history


def test_two_notes_may_be_kept_one_after_the_other(officer, pair):
    with writes.change(None, "command") as change:
        pair.coordinator.note = "Met in 2018"
        change.save(pair.coordinator)
    assert sent(officer, "people", pair.anna, pair.coordinator, keep="b").status_code == 302
    assert fresh(pair.coordinator).note == "Met in 2018\n\nSpeaks Russian"


@pytest.mark.parametrize(
    ("left_out", "said"), [("why", "is missing"), ("keep", "Choose one."), ("name", "Choose one.")]
)
def test_what_is_missing_is_named_and_what_was_chosen_stays(officer, pair, left_out, said):
    values = {"keep": "a", "name": "b", "note": "b", "why": "Because", left_out: None}
    answer = sent(officer, "people", pair.coordinator, pair.anna, **values)
    page = text(answer)
    assert answer.status_code == 200
    assert said in page
    shown = ticked(page)
    for name in {"keep", "name", "note", "why"} - {left_out}:
        assert shown[name] == values[name], name
    assert fresh(pair.anna) is not None


def test_what_the_model_refuses_is_said_and_stays_typed(officer, pair):
    below = make(Organization, name="Below", kind="un", parent=pair.unodc)
    with writes.change(None, "command") as change:
        pair.bureau.parent = below
        change.save(pair.bureau)
    answer = sent(officer, "organizations", pair.unodc, pair.bureau, keep="a", parent="b", note="b")
    page = text(answer)
    assert "leads back" in page
    assert ticked(page)["parent"] == "b"
    assert ticked(page)["why"] == "Entered twice."
    assert fresh(pair.bureau) is not None


@pytest.mark.parametrize("stale", ["a", "b"])
def test_a_page_that_is_stale_on_either_side_is_told_what_changed_and_keeps_what_was_typed(officer, pair, stale):
    one, other = pair.coordinator, pair.anna
    data = {**ticked(text(officer.get(address("people", one, other)))), "why": "Same face", "keep": "b", "name": "b"}
    with writes.change(pair.admin, "admin") as change:
        changed = fresh(one if stale == "a" else other)
        changed.archived = True
        change.save(changed)
    answer = officer.post("/people/merge/", data)
    page = text(answer)
    assert answer.status_code == 409
    assert "Somebody saved this record" in page
    assert "Admin" in page
    shown = ticked(page)
    assert (shown["why"], shown["keep"], shown["name"]) == ("Same face", "b", "b")
    assert fresh(other) is not None
    answer = officer.post("/people/merge/", {**shown, "archived": "a"})
    assert answer.status_code == 302, "sent again, it is done"


@pytest.mark.parametrize("name", ["version", "other_version"])
def test_without_either_version_nothing_is_done(officer, pair, name):
    answer = sent(officer, "people", pair.coordinator, pair.anna, **{name: None})
    assert "which version of the record you had read" in text(answer)
    assert fresh(pair.anna) is not None
    assert ticked(text(answer))[name] == str(fresh(pair.coordinator if name == "version" else pair.anna).version)


def test_of_two_tabs_the_second_finds_them_merged_already(officer, pair):
    data = {**ticked(text(officer.get(address("people", pair.coordinator, pair.anna)))), "why": "x"}
    assert officer.post("/people/merge/", data).status_code == 302
    again = officer.post("/people/merge/", data)
    assert (again.status_code, again["Location"]) == (302, pair.coordinator.get_absolute_url())
    assert Merge.objects.count() == 1
    assert officer.get(address("people", pair.coordinator, pair.anna)).status_code == 302


@pytest.mark.parametrize("end", ["a", "b"])
def test_a_page_whose_record_went_into_a_third_meanwhile_does_not_merge_with_that_one_unseen(officer, pair, end):
    put(Person, pair.anna.pk, note="one version more")
    pages = {"a": (pair.anna, pair.director), "b": (pair.director, pair.anna)}[end]
    shown = {**ticked(text(officer.get(address("people", *pages)))), "why": "x"}
    third = make(Person, name="Third")
    merged(pair.officer, third, pair.anna)
    name = "version" if end == "a" else "other_version"
    assert shown[name] == str(fresh(third).version), "its version alone does not tell them apart"
    answer = officer.post("/people/merge/", shown)
    assert (answer.status_code, Merge.objects.count()) == (409, 1)
    again = ticked(text(answer))
    assert again[end] == str(third.pk)
    assert officer.post("/people/merge/", again).status_code == 302
    assert Merge.objects.count() == 2


# ---- undoing


@pytest.mark.parametrize("kind", KINDS)
def test_both_rows_are_held_in_one_order_whichever_is_named_first(officer, pair, kind):
    one, other = sorted(pair.pairs[kind], key=lambda record: record.pk)
    table = KINDS[kind]._meta.db_table
    with CaptureQueriesContext(connection) as asked:
        assert sent(officer, kind, other, one).status_code == 302
    held = [query["sql"] for query in asked if query["sql"].startswith(f'UPDATE "{table}"')]
    assert str(one.pk) in held[0]
    assert str(other.pk) in held[1]


@pytest.mark.parametrize("kind", KINDS)
def test_undoing_from_the_page_makes_two_of_one(officer, pair, kind):
    one, other = pair.pairs[kind]
    before = database()
    assert sent(officer, kind, one, other, keep="a").status_code == 302
    url = f"/{kind}/{one.pk}/unmerge/"
    assert "Undo the merge" in text(officer.get(url))
    answer = officer.post(url, {"version": fresh(one).version, "why": "Brothers"})
    assert answer.status_code == 302
    assert "is a record of its own again" in text(officer.get(answer["Location"]))
    assert not differences(before, database())
    assert History.objects.filter(root_id=other.pk, action="unmerge", why="Brothers").exists()
    assert "Nothing went into this record" in text(officer.get(url))
    assert "Nothing went" in text(officer.post(url, {"version": fresh(one).version}))


def test_undoing_says_what_was_changed_since(officer, pair):
    sent(officer, "people", pair.coordinator, pair.anna, keep="a", note="b")
    with writes.change(None, "command") as change:
        kept = fresh(pair.coordinator)
        kept.note = "Retired"
        change.save(kept)
    answer = officer.post(f"/people/{kept.pk}/unmerge/", {"version": fresh(kept).version})
    assert "Changed since, and left as it is: Note." in text(officer.get(answer["Location"]))


def test_a_stale_page_undoes_nothing_and_an_old_merge_is_refused_in_words(officer, pair):
    done = merged(pair.officer, pair.coordinator, pair.anna)
    url = f"/people/{pair.coordinator.pk}/unmerge/"
    assert officer.post(url, {"version": fresh(pair.coordinator).version - 1}).status_code == 409
    Merge.objects.filter(pk=done.pk).update(at="2021-01-01T00:00:00Z")
    page = text(officer.post(url, {"version": fresh(pair.coordinator).version}))
    assert "can be undone for 30 days; for this one that was until 31 Jan 2021" in page
    assert fresh(pair.anna) is None
    assert "30 days" in text(officer.get(pair.coordinator.get_absolute_url()))


def test_where_the_record_that_stayed_was_deleted_nothing_is_offered_to_undo(officer, pair):
    merged(pair.officer, pair.anna, make(Person, name="Third"))
    with writes.change(pair.admin, "admin") as change:
        change.delete(fresh(pair.anna))
    page = text(officer.get("/people/merge/"))
    assert "A. Berg has been deleted since" in page
    assert "unmerge" not in page


# ---- different


def test_a_pair_is_marked_as_different_once_told_on_both_pages_and_taken_back(officer, pair):
    one, other = pair.coordinator, pair.anna
    page = text(officer.get(address("people", one, other)))
    assert "They are different" in page
    data = {"a": one.pk, "b": other.pk, "version": fresh(one).version}
    assert officer.post("/people/different/", data).status_code == 302
    assert DifferentPeople.between(other, one).by == pair.officer
    assert DifferentPeople.from_(other.pk) == {one.pk}
    for row, second in ((one, other), (other, one)):
        page = text(officer.get(row.get_absolute_url()))
        assert "Not the same as" in page
        assert f"/people/alike/?a={row.pk}&amp;b={second.pk}" in page
        assert History.objects.filter(root_id=row.pk, action="differ", changes__other=[None, str(second)]).exists()
    turned = {"a": other.pk, "b": one.pk, "version": fresh(other).version}
    assert "marked as different already" in text(officer.post("/people/different/", turned))
    assert DifferentPeople.objects.count() == 1
    answer = sent(officer, "people", one, other, keep="a")
    assert "take the mark back first" in text(answer)
    assert fresh(other) is not None
    assert officer.post("/people/alike/", turned).status_code == 302
    assert not DifferentPeople.objects.exists()
    assert sent(officer, "people", one, other, keep="a").status_code == 302


def test_a_record_is_not_marked_as_different_from_itself(officer, pair):
    data = {"a": pair.anna.pk, "b": pair.anna.pk, "version": pair.anna.version}
    assert officer.post("/people/different/", data).status_code == 404


def test_a_mark_goes_with_either_record(pair):
    with writes.change(pair.officer, "page") as change:
        DifferentPeople.mark(change, pair.coordinator, pair.anna)
    with writes.change(pair.admin, "admin") as change:
        change.delete(fresh(pair.anna))
    assert not DifferentPeople.objects.exists()


# ---- where the id of a record that went leads


@pytest.fixture
def gone(pair):
    """A chain: the bureau went into UNODC by way of a third body; a second Anna Berg into the first."""
    pair.third = make(Organization, name="Third", kind="un")
    make(Delegation, event=pair.visit, organization=pair.bureau)
    merged(pair.officer, pair.third, pair.bureau)
    merged(pair.officer, pair.unodc, pair.third)
    merged(pair.officer, pair.coordinator, pair.anna)
    return pair


def test_pages_lead_on_and_no_browser_remembers_it(officer, gone):
    for path, wanted in (
        (f"/organizations/{gone.bureau.pk}/", gone.unodc.get_absolute_url()),
        (f"/people/{gone.anna.pk}/", gone.coordinator.get_absolute_url()),
        (f"/organizations/{gone.bureau.pk}/rhythm/", gone.unodc.get_absolute_url()),
        (f"/people/{gone.anna.pk}/unmerge/", gone.coordinator.get_absolute_url()),
        (
            f"/admin/contacts/organization/{gone.bureau.pk}/change/",
            f"/admin/contacts/organization/{gone.unodc.pk}/change/",
        ),
        (
            f"/admin/contacts/organization/{gone.bureau.pk}/history/",
            f"/admin/contacts/organization/{gone.unodc.pk}/change/",
        ),
        (f"/admin/contacts/person/{gone.anna.pk}/delete/", f"/admin/contacts/person/{gone.coordinator.pk}/change/"),
    ):
        answer = officer.get(path)
        assert (answer.status_code, answer["Location"]) == (302, wanted), path
        assert "no-store" in answer["Cache-Control"]
    assert officer.get("/organizations/999999/").status_code == 404
    assert officer.get("/admin/contacts/organization/999999/change/").status_code == 404


def test_a_deed_sent_to_it_does_nothing_and_says_so(officer, gone):
    answer = officer.post(f"/organizations/{gone.bureau.pk}/rhythm/", {"version": 1, "months": 3, "reason": "x"})
    assert answer["Location"] == gone.unodc.get_absolute_url()
    assert "nothing was done" in text(officer.get(answer["Location"]))
    assert fresh(gone.unodc).rhythm is None
    answer = officer.post(f"/admin/contacts/organization/{gone.bureau.pk}/change/", {"version": 1, "name": "X"})
    assert answer["Location"] == f"/admin/contacts/organization/{gone.unodc.pk}/change/"
    assert fresh(gone.unodc).name == "United Nations Office on Drugs and Crime"


@pytest.mark.parametrize(
    ("path", "resource"),
    [
        ("/events/", "events"), ("/commitments/", "commitments"), ("/cases/", "cases"), ("/outcomes/", "outcomes"),
        ("/organizations/", "organizations"),
    ],
)  # fmt: skip
def test_questions_about_it_mean_the_one_that_stays_at_every_door(officer, gone, path, resource):
    old, new = f"partner={gone.bureau.pk}", f"partner={gone.unodc.pk}"
    answer = officer.get(f"{path}?{old}&ordering=", follow=True)
    assert answer.redirect_chain == [(f"{path}?{new}", 302)]
    n = count_on(text(answer))
    assert n == count_on(text(officer.get(f"{path}?{new}"))) > 0
    assert f"{gone.unodc}" in text(answer)
    api = f"/api/v1/{resource}/"
    assert officer.get(f"{api}?{old}").json()["count"] == n
    assert len(officer.get(f"{api}ids/?{old}").json()) == n
    assert officer.get(f"{api}export.csv?{old}")["X-Row-Count"] == str(n)
    fragment = officer.get(f"{path}?{old}", headers={"HX-Request": "true"})
    assert fragment["Location"] == f"{path}?{new}"


def test_so_do_those_about_people_those_within_others_and_kept_ones(officer, gone):
    for name, path in (("person", "events"), ("lead", "cases"), ("person", "posts"), ("officer", "commitments")):
        old, new = (officer.get(f"/api/v1/{path}/?{name}={pk}").json() for pk in (gone.anna.pk, gone.coordinator.pk))
        assert old == new, path
    nested = f"met=partner%3D{gone.bureau.pk}"
    assert officer.get(f"/api/v1/organizations/?{nested}").json()["count"] > 0
    late = make(SavedView, name="Late", page="events:event_list", query=f"partner={gone.bureau.pk}", owner=gone.officer)
    answer = officer.get(f"/events/?view={late.pk}", follow=True)
    assert f"partner={gone.unodc.pk}" in answer.redirect_chain[-1][0]
    assert officer.get(f"/api/v1/events/?view={late.pk}").json()["count"] == count_on(text(answer))
    for path in ("/", "/calendar/"):
        chain = officer.get(f"{path}?partner={gone.bureau.pk}", follow=True).redirect_chain
        assert f"partner={gone.unodc.pk}" in chain[0][0], path
    assert officer.get(f"/admin/events/event/?partner={gone.bureau.pk}").status_code == 200


def test_both_ids_in_one_question_are_one(officer, gone):
    answer = officer.get(f"/api/v1/events/?partner={gone.bureau.pk}&partner={gone.unodc.pk}").json()
    assert answer["count"] == officer.get(f"/api/v1/events/?partner={gone.unodc.pk}").json()["count"]


def test_the_api_leads_on_lists_it_no_longer_and_refuses_to_write_to_it(officer, gone):
    _row, token = ApiToken.make(gone.officer, "write")
    client = Client(headers={"Authorization": f"Token {token}"})
    answer = client.get(f"/api/v1/organizations/{gone.bureau.pk}/")
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"/api/v1/organizations/{gone.unodc.pk}/")
    assert answer.json() == {"merged_into": gone.unodc.pk}
    assert "no-store" in answer["Cache-Control"]
    ids = client.get("/api/v1/organizations/ids/").json()
    assert gone.unodc.pk in ids
    assert gone.bureau.pk not in ids
    for method in (client.patch, client.put, client.delete):
        answer = method(
            f"/api/v1/organizations/{gone.bureau.pk}/", {"note": "x"}, content_type="application/json",
            headers={"If-Match": f'"{fresh(gone.unodc).version}"'},
        )  # fmt: skip
        assert answer.status_code == 409, method
        assert str(gone.unodc.pk) in answer.json()["detail"]
    assert client.get("/api/v1/organizations/999999/").status_code == 404
    assert fresh(gone.unodc).note == ""


def test_a_link_written_by_its_id_is_a_link_to_the_one_that_stays(officer, gone):
    _row, token = ApiToken.make(gone.officer, "write")
    client = Client(headers={"Authorization": f"Token {token}"})
    answer = client.post(
        "/api/v1/commitments/", {"title": "By an old id", "debtor": gone.bureau.pk}, content_type="application/json"
    )
    assert answer.status_code == 201, answer.content
    assert answer.json()["debtor"] == gone.unodc.pk
    answer = officer.post(
        "/admin/contacts/post/add/",
        {"person": gone.anna.pk, "organization": gone.bureau.pk, "title": "Guest", "_save": "1"},
    )
    assert answer.status_code == 302, TOKEN.sub(b"", answer.content)
    post = Post._base_manager.get(title="Guest")
    assert (post.person, post.organization) == (gone.coordinator, gone.unodc)


def test_the_history_of_what_was_repointed_names_the_record_as_it_was(officer, gone):
    event = text(officer.get(f"/admin/events/event/{gone.visit.pk}/history/"))
    assert "<del>UNDB</del> <ins>Third</ins>" in event
    assert "<del>Third</del> <ins>UNODC</ins>" in event
    assert "Third → UNODC" in text(officer.get(gone.visit.get_absolute_url()))


def test_an_undone_merge_leads_nowhere(officer, gone):
    assert officer.post(
        f"/people/{gone.coordinator.pk}/unmerge/", {"version": fresh(gone.coordinator).version}
    ).status_code == 302  # fmt: skip
    assert officer.get(f"/people/{gone.anna.pk}/").status_code == 200
    assert officer.get(f"/api/v1/people/{gone.anna.pk}/").status_code == 200


def test_who_may_not_view_the_record_that_stays_is_not_led_to_it(gone):
    client = signed_in(gone.newcomer)
    assert client.get(f"/organizations/{gone.bureau.pk}/").status_code == 403
    assert client.get(f"/api/v1/organizations/{gone.bureau.pk}/").status_code == 403


def test_searching_finds_the_one_that_stays_by_the_names_of_both(officer, gone):
    assert officer.get("/api/v1/organizations/?q=undb").json()["results"][0]["id"] == gone.unodc.pk
    assert PersonName._base_manager.filter(person=gone.coordinator, family="Berg", given="A.").exists()
    assert OrganizationName._base_manager.filter(organization=gone.unodc, short_name="UNDB").exists()


def test_a_merge_within_one_change_is_seen_by_nobody_until_it_is_whole(pair):
    with pytest.raises(ZeroDivisionError), writes.change(pair.officer, "page") as change:
        merge(change, fresh(pair.unodc), fresh(pair.bureau), {})
        raise ZeroDivisionError
    assert fresh(pair.bureau) is not None
    assert not Merge.objects.exists()
