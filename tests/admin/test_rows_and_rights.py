"""Whom the editing pages let in, and which rows exist there for whom."""

import pytest
from django.urls import reverse

from caricc.models import History
from events.models import Commitment, Event
from tests.admin.typing import errors_on, typed
from tests.world import CANARY

MODELS = {
    "contacts": ("organization", "person", "post", "city"),
    "events": ("event", "case", "commitment", "topic", "source"),
    "caricc": ("user", "apitoken"),
    "auth": ("group",),
}
MANAGED = {"case", "commitment"}


def url(model, page, *args):
    app = next(app for app, models in MODELS.items() if model in models)
    return reverse(f"admin:{app}_{model}_{page}", args=args)


def pages():
    return [(model, page) for models in MODELS.values() for model in models for page in ("changelist", "add")]


def expected(name, model, page) -> int:
    if name == "admin":
        return 403 if (model, page) in {("apitoken", "add"), ("group", "add")} else 200
    if name == "officer":
        return 200 if model in MODELS["contacts"] + MODELS["events"] else 403
    return 200 if name == "manager" and model in MANAGED else 403


@pytest.mark.parametrize("name", ["admin", "officer", "manager", "analyst", "newcomer"])
def test_each_role_edits_what_the_table_of_rights_says(client, world, name):
    client.force_login(world.users[name])
    for model, page in pages():
        assert client.get(url(model, page)).status_code == expected(name, model, page), (model, page)


def test_a_stranger_is_asked_to_sign_in(client, world):
    answer = client.get(url("event", "add"))
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/")


@pytest.mark.parametrize("name", ["admin", "officer"])
@pytest.mark.parametrize("page", ["change", "delete", "history"])
def test_a_hidden_event_is_absent_from_every_page(client, world, name, page):
    client.force_login(world.users[name])
    absent = client.get(url("event", page, 999_999))
    assert absent.status_code == 404
    for event in world.hidden[name]:
        for method in (client.get, client.post):
            answer = method(url("event", page, event.pk))
            assert answer.status_code == 404
        assert answer.content.count(CANARY.encode()) == 0


def test_lists_and_autocompletes_name_no_hidden_row(client, world):
    client.force_login(world.admin)
    for model in ("event", "case", "commitment", "source"):
        assert CANARY not in client.get(url(model, "changelist")).content.decode()
    for source, field in (
        ("events.event", "parent"), ("events.event", "cases"), ("events.event", "source"), ("events.commitment", "event"),
        ("events.commitment", "case"),
    ):  # fmt: skip
        app, model = source.split(".")
        asked = {"app_label": app, "model_name": model, "field_name": field, "term": CANARY}
        assert client.get("/admin/autocomplete/", asked).json()["results"] == []
        assert CANARY not in client.get("/admin/autocomplete/", {**asked, "term": ""}).content.decode()


def test_a_hidden_choice_is_refused_in_the_words_for_an_absent_one(client, world):
    client.force_login(world.admin)
    told = []
    for parent, case in ((world.retreat.pk, world.secret_case.pk), (999_999, 888_888)):
        fields = typed(client.get(url("event", "add")), kind="visit", title="A try", parent=parent, cases=[case])
        answer = client.post(url("event", "add"), fields)
        told.append(errors_on(answer))
    assert told[0] == told[1] == ["This is not on record.", "This is not on record."]


def test_a_hidden_case_stays_on_an_event_whose_editor_does_not_see_it(client, world):
    client.force_login(world.admin)
    page = client.get(url("event", "change", world.talks.pk))
    assert CANARY not in page.content.decode()
    client.post(url("event", "change", world.talks.pk), typed(page, cases=[]))
    assert list(world.talks.cases.all()) == [world.secret_case]
    assert CANARY not in client.get(url("event", "history", world.talks.pk)).content.decode()


def test_hidden_commitments_are_no_rows_of_the_event(client, world):
    client.force_login(world.admin)
    fields = typed(client.get(url("event", "change", world.talks.pk)))
    assert fields["commitments-INITIAL_FORMS"] == ["2"]
    fields["commitments-0-id"] = [str(world.secret_promises[-1].pk)]
    client.post(url("event", "change", world.talks.pk), fields)
    world.secret_promises[-1].refresh_from_db()
    assert world.secret_promises[-1].title == f"{CANARY} favour"


def test_the_address_of_any_object_does_not_lead_to_its_page(client, world):
    client.force_login(world.officer)
    assert client.get(f"/admin/r/9/{world.orphan.pk}/").status_code == 404


def version_of(record):
    return type(record)._base_manager.get(pk=record.pk).version


def test_a_delete_without_the_version_that_was_read_deletes_nothing(client, world):
    client.force_login(world.admin)
    for data in ({}, {"version": "0"}, {"version": "x"}):
        client.post(url("event", "delete", world.visit.pk), {"post": "yes", **data})
    assert Event._base_manager.filter(pk=world.visit.pk).exists()


def test_officers_delete_their_own_within_a_day_and_nothing_else(client, world):
    client.force_login(world.officer)
    assert client.get(url("event", "delete", world.talks.pk)).status_code == 403
    client.post(url("event", "add"), typed(client.get(url("event", "add")), kind="visit", title="Mine"))
    mine = Event._base_manager.get(title="Mine")
    page = client.get(url("event", "delete", mine.pk))
    assert page.status_code == 200
    client.post(url("event", "delete", mine.pk), {"post": "yes", "version": version_of(mine), "why": "twice"})
    assert not Event._base_manager.filter(pk=mine.pk).exists()
    assert History.objects.filter(root_id=mine.pk, action="delete", why="twice", door="admin").exists()


def test_deleting_names_what_goes_but_nothing_hidden(client, world):
    client.force_login(world.admin)
    page = client.get(url("event", "delete", world.visit.pk)).content.decode()
    assert "Talks at the agency" in page
    assert CANARY not in page
    client.post(url("event", "delete", world.visit.pk), {"post": "yes", "version": version_of(world.visit)})
    world.visit_closed.refresh_from_db()
    assert world.visit_closed.parent is None


def test_what_others_refer_to_stays_and_no_hidden_row_is_the_reason(client, world):
    client.force_login(world.admin)
    assert "archive it instead" in client.get(url("organization", "delete", world.unodc.pk)).content.decode()
    held_by_hidden = world.desk
    page = client.get(url("organization", "delete", held_by_hidden.pk)).content.decode()
    assert "archive it instead" not in page
    answer = client.post(
        url("organization", "delete", held_by_hidden.pk),
        {"post": "yes", "version": version_of(held_by_hidden)},
        follow=True,
    )
    assert "archive it instead" in answer.content.decode()
    held_by_hidden.refresh_from_db()


def test_the_list_asks_the_question_of_the_page(client, world):
    client.force_login(world.officer)
    for question in (
        f"partner={world.unodc.pk}", "date_after=2021-10-15&date_before=2021-10-31", "kind=visit&kind=bilateral", "q=послом",
        f"topic={world.precursors.pk}", "status=planned", "country=JP", f"case={world.open_case.pk}", "format=hybrid",
    ):  # fmt: skip
        there = client.get(f"/api/v1/events/?{question}").json()["count"]
        here = client.get(f"{url('event', 'changelist')}?{question}")
        assert here.context["cl"].result_count == there > 0, question


@pytest.mark.parametrize(
    "question", ["kind=nonsense", "title__startswith=T", "date_after=2021-13-01", "e=1&owner__password=x"]
)
def test_a_question_without_sense_is_told_and_gives_no_rows(client, world, question):
    client.force_login(world.officer)
    answer = client.get(f"{url('event', 'changelist')}?{question}")
    assert answer.context["cl"].result_count == 0
    assert answer.context["cl"].problems


def test_autocompletes_find_by_any_name_in_either_script(client, world):
    client.force_login(world.manager)
    asked = {"app_label": "events", "model_name": "commitment"}
    for field, term, found in (
        ("debtor", "мвд", world.ministry), ("debtor", "внутренних дел", world.ministry), ("debtor", "unodc kaz", world.office),
        ("responsible", "Каримов", world.director), ("responsible", "karimov rustam", world.director),
    ):  # fmt: skip
        answer = client.get("/admin/autocomplete/", {**asked, "field_name": field, "term": term}).json()
        assert [row["id"] for row in answer["results"]] == [str(found.pk)], term


def test_what_is_archived_is_not_offered_but_stays_where_it_was_used(client, world):
    client.force_login(world.officer)
    asked = {"app_label": "events", "model_name": "commitment", "field_name": "debtor", "term": "dissolved"}
    assert client.get("/admin/autocomplete/", asked).json()["results"] == []
    page = client.get(url("commitment", "change", world.loose.pk))
    client.post(url("commitment", "change", world.loose.pk), typed(page, "commitment_form", debtor=world.old_body.pk))
    assert "Dissolved Committee" in client.get(url("commitment", "change", world.loose.pk)).content.decode()


def test_names_of_accounts_are_offered_to_editors_only(client, world):
    asked = {"app_label": "events", "model_name": "event", "field_name": "readers", "term": "anal"}
    for name, code in (("officer", 200), ("manager", 200), ("analyst", 403)):
        client.force_login(world.users[name])
        assert client.get("/admin/autocomplete/", asked).status_code == code
    client.force_login(world.officer)
    assert [row["text"] for row in client.get("/admin/autocomplete/", asked).json()["results"]] == ["Analyst"]


def test_managers_change_commitments_but_no_rows_beyond_their_rights(client, world):
    client.force_login(world.manager)
    page = client.get(url("commitment", "change", world.owed.pk))
    client.post(url("commitment", "change", world.owed.pk), typed(page, "commitment_form", status="fulfilled"))
    world.owed.refresh_from_db()
    assert world.owed.status == "fulfilled"
    assert client.post(url("commitment", "delete", world.owed.pk), {"post": "yes"}).status_code == 403
    assert Commitment._base_manager.filter(pk=world.owed.pk).exists()
