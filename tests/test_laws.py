"""The laws of the register, looped over every model, address and person of the world."""

import pathlib
import re

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.core.management import get_commands
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from caricc.lib import writes
from caricc.lib.models import Record
from caricc.models import History
from events.models import Case, Commitment, Delegation, Event
from tests.inventory import (
    PAGES,
    addresses,
    admin_addresses,
    deeds,
    front_addresses,
    questions,
    reading_addresses,
    resources,
)
from tests.twins import TOKEN, fetch, take_away_what_is_hidden_from
from tests.world import READERS

ROOT = pathlib.Path(settings.BASE_DIR)
RECORDS = [model for model in apps.get_models() if issubclass(model, Record)]
OPEN = {
    "login": "one has to come in somewhere",
    "livez": "asked by the machine that watches the process",
    "readyz": "asked by the machine that watches the process",
    "language": "the sign-in page speaks both languages",
    "theme": "the sign-in page follows the choice of light or dark",
    "events:feed": "calendar programs cannot sign in; the secret in the address proves whose rights it has",
}


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def count_on(page: str) -> int:
    found = re.findall(r'id="results"[^>]*data-count="(\d+)"|data-count="(\d+)"[^>]*id="results"', page)
    assert len(found) == 1, "a list has one results element with its count"
    return int("".join(found[0]))


# ---- 1: the same question has the same answer at every door


@pytest.mark.parametrize("who", ["officer", "analyst"])
@pytest.mark.parametrize("resource", PAGES)
def test_page_fragment_api_ids_and_export_agree_on_the_count(world, who, resource):
    client, viewset = signed_in(world.users[who]), dict(resources())[resource]
    asked = [
        "",
        *(q for q in questions(viewset.filterset_class) if not q.startswith(("limit", "offset", "view", "count"))),
    ]
    names = set()
    for question in asked:
        api = client.get(f"/api/v1/{resource}/?{question}").json()["count"]
        fragment = client.get(f"{PAGES[resource]}?{question}", headers={"HX-Request": "true"}).content.decode()
        assert count_on(fragment) == api, question
        if question.partition("=")[0] in names:
            continue
        names.add(question.partition("=")[0])
        assert count_on(client.get(f"{PAGES[resource]}?{question}").content.decode()) == api, question
        assert len(client.get(f"/api/v1/{resource}/ids/?{question}").json()) == api, question
        assert client.get(f"/api/v1/{resource}/export.csv?{question}")["X-Row-Count"] == str(api), question


# Every figure opens its rows: tests/test_figures.py


# ---- 2: a hidden row is nowhere


@pytest.mark.parametrize("who", ["admin", "manager", "analyst"])
def test_twin_worlds_do_not_differ_by_a_byte(world, who):
    user = world.users[who]
    client = signed_in(user)
    paths = [*front_addresses(), *admin_addresses()] if user.is_staff else list(reading_addresses())
    paths = list(dict.fromkeys(paths))
    with_them = {path: fetch(client, path) for path in paths}
    with transaction.atomic():
        assert take_away_what_is_hidden_from(user) > 5
        without = {path: fetch(client, path) for path in paths}
        transaction.set_rollback(True)
    differ = [path for path in paths if with_them[path] != without[path]]
    assert not differ, f"{len(differ)} of {len(paths)} differ: {differ[:20]}"
    secrets = {row.title.encode() for row in world.hidden[who]} | {world.secret_case.title.encode()}
    assert not [path for path in paths for secret in secrets if secret in with_them[path][2]]


@pytest.mark.parametrize("who", ["admin", "manager", "officer"])
def test_a_deed_on_a_hidden_record_is_answered_as_on_an_absent_one(world, who):
    """Also with the right to the model, and without a word of what the form would have needed."""
    client = signed_in(world.users[who])
    for path, view in deeds():
        absent = client.post(path.format(pk=999_999), {"version": "1"})
        seen = set(view.model.objects.visible_to(world.users[who]).values_list("pk", flat=True))
        for pk in set(view.model._base_manager.values_list("pk", flat=True)) - seen:
            before = view.model._base_manager.filter(pk=pk).values().get()
            hidden = client.post(path.format(pk=pk), {"version": "1", "text": "x", "why": "x"})
            said, unsaid = TOKEN.sub(b"", hidden.content), TOKEN.sub(b"", absent.content)
            assert hidden.status_code == absent.status_code, path
            assert said.replace(b"/%d/" % pk, b"/999999/") == unsaid, path
            assert view.model._base_manager.filter(pk=pk).values().get() == before


# ---- 3: the world is hard enough


def test_the_world_is_hard_enough(world):
    seen = {who: set(Event.objects.visible_to(world.users[who]).values_list("pk", flat=True)) for who in READERS}
    assert len({frozenset(pks) for pks in seen.values()}) == len(READERS)
    assert not Event.objects.visible_to(world.newcomer).exists()
    assert world.retreat_part.visibility == "internal"
    assert world.retreat_part.pk not in seen["analyst"]
    assert world.visit_closed.parent_id in seen["analyst"]
    assert world.visit_closed.pk not in seen["analyst"]
    assert world.talks.pk in seen["analyst"]
    assert world.secret_case not in Case.objects.visible_to(world.analyst)
    assert world.for_analyst.pk in seen["analyst"]
    assert world.for_managers.pk in seen["manager"]
    assert all(world.orphan.pk not in pks for pks in seen.values())
    promised = {who: Commitment.objects.visible_to(world.users[who]).count() for who in READERS}
    assert len(set(promised.values())) >= 3


# ---- 4: nobody comes in unasked


def test_anonymous_gets_the_sign_in_page_or_401_at_every_address(world):
    found = dict(addresses())
    assert len(found) > 60
    for name, path in found.items():
        if name in OPEN:
            continue
        answer = Client().get(path)
        if path.startswith("/api/"):
            assert answer.status_code == 401, f"{name} {path}"
        else:
            assert answer.status_code == 302, f"{name} {path}"
            assert answer["Location"].startswith(("/accounts/login/", "/admin/login/")), f"{name} {path}"


def test_no_exemption_is_stale(world):
    found = dict(addresses())
    for name in OPEN:
        assert name in found, f"{name} is no address any more"
        answer = Client().get(found[name])
        assert answer.status_code in (200, 404, 405) or not answer.headers.get(
            "Location", "/accounts/login"
        ).startswith("/accounts/login"), name


def test_the_newcomer_is_told_whom_to_ask_at_every_page_and_gets_403(world):
    client = signed_in(world.newcomer)
    for path in ("/", *PAGES.values(), "/search/?q=talks", f"/events/{world.talks.pk}/", "/events/999999/", "/admin/"):
        answer = client.get(path)
        assert answer.status_code == 403, path
        assert "administrator" in answer.content.decode().lower(), path
    for resource, _viewset in resources():
        assert client.get(f"/api/v1/{resource}/").status_code == 403


# ---- 5: more rows do not mean more queries


def more_rows(world, number=120):
    """Many more events, organizations and people of the kinds that are there."""
    with writes.change(None, "command") as change:
        for place in range(number):
            event = change.save(
                Event(
                    kind="meeting", title=f"Round {place}", start_date=f"2021-0{1 + place % 9}-11", owner=world.officer
                )
            )
            change.set(event, "topics", [world.finance])
            change.set(event, "cases", [world.open_case])
            for body in (world.caricc, world.ministry, world.office):
                change.save(Delegation(event=event, organization=body))
            change.save(Commitment(title=f"Promise {place}", debtor=world.caricc, creditor=world.unodc, event=event))


def test_no_list_asks_more_of_the_database_for_more_rows(world):
    client = signed_in(world.officer)
    paths = ["/", *PAGES.values(), *(f"{page}?q=talks" for page in PAGES.values())]
    paths += [f"/api/v1/{resource}/" for resource, _viewset in resources()]
    paths += [f"/admin/{m._meta.app_label}/{m._meta.model_name}/" for m in admin.site._registry if m in RECORDS]

    def counts():
        made = {}
        for path in paths:
            client.get(path)
            with CaptureQueriesContext(connection) as counted:
                assert client.get(path).status_code == 200, path
            made[path] = len(counted)
        return made

    few = counts()
    more_rows(world)
    many = counts()
    counting = {path: path.startswith("/api/") for path in paths}  # a page that shows all rows need not count them
    grown = {path: (few[path], many[path]) for path in paths if many[path] > few[path] + counting[path]}
    assert not grown
    for path, n in many.items():
        if not path.startswith("/admin/") and path != "/":
            nothing = "?q=" in path and count_on(client.get(path).content.decode()) == 0
            most = 24 if nothing else 9 + ("?q=" in path)  # what to ask instead; PostgreSQL's plan for the words
            assert n <= most, path
    assert many["/"] <= 15


# ---- 7: everything stands in the docs


def docs() -> str:
    return "\n".join(path.read_text() for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))])


def test_every_model_filter_setting_and_command_stands_in_the_docs():
    text = docs()
    wanted = {f"`{model._meta.model_name}`" for model in RECORDS}
    for _resource, viewset in resources():
        wanted |= {f"`{name}`" for name in viewset.filterset_class.base_filters}
    source = (ROOT / "caricc/settings.py").read_text()
    wanted |= {f"`{name}`" for name in re.findall(r'(?:text|flag|words)\("(\w+)"', source)} | {"`DATABASE_URL`"}
    own = ("caricc", "contacts", "events")
    wanted |= {f"manage.py {name}" for name, app in get_commands().items() if app in own and name != "loaddata"}
    missing = sorted(name for name in wanted if name not in text)
    assert not missing


# ---- 8: no row changes without history and version


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_no_row_changes_outside_the_write_path(world, model):
    row = model._base_manager.order_by("pk").first()
    assert row is not None, "the world has a row of every model"
    for act in (
        row.save,
        row.delete,
        lambda: model.objects.filter(pk=row.pk).update(created_by=None),
        lambda: model.objects.filter(pk=row.pk).delete(),
        lambda: model.objects.bulk_create([model(created_by=None)]),
        lambda: model.objects.bulk_update([row], ["created_by"]),
        lambda: model.objects.create(),
    ):
        with pytest.raises(writes.WrongDoor):
            act()


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_every_row_of_the_world_left_history_and_every_change_a_version(world, model):
    row = model._base_manager.order_by("pk").first()
    assert History.objects.filter(model=model._meta.label_lower, record_id=row.pk, action="create").exists()
    wanted = ("title", "name", "label", "family", "text", "role", "reason", "months")
    names = {field.name for field in model._meta.fields}
    name = next(name for name in wanted if name in names)
    before = row.root().version
    with writes.change(world.officer, "admin", "to see") as change:
        value = {"role": "other", "months": 7}.get(name, "Renamed")
        setattr(row, name, value)
        change.save(row)
    fresh = model._base_manager.get(pk=row.pk)
    assert fresh.root().version == before + 1
    last = History.objects.filter(model=model._meta.label_lower, record_id=row.pk).first()
    assert (last.actor, last.door, last.why, last.changes[name][1]) == (world.officer, "admin", "to see", value)
