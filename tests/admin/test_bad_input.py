"""Whatever is sent, the editing pages answer; nothing of it is an error of the program."""

import pytest
from django.urls import reverse

from events.models import Event
from tests.admin.typing import typed

NASTY = [
    "\x00",
    "x" * 5000,
    "9" * 21,
    "-1",
    "0",
    "٣",
    "\u202eabc",
    "'\"<script>",
    "1,2",
    "2021-13-45",
    "0001-01-01",
    "⅓",
    " ",
]


PARTS = 6  # all fields get each value, a sixth of them at a time


@pytest.fixture
def officer(client, world):
    client.force_login(world.officer)
    return client


@pytest.mark.parametrize("value", NASTY, ids=range(len(NASTY)))
def test_addresses_take_anything(officer, world, value):
    change = reverse("admin:events_event_change", args=[world.talks.pk])
    for path, names in (
        ("/admin/events/event/", ["q", "p", "o", "kind", "partner", "date_after", "all", "_to_field", "_popup", value]),
        ("/admin/events/event/add/", ["parent", "copy", "kind", "title", "start_date", "_changelist_filters"]),
        ("/admin/events/event/post/", ["person", "day"]),
        ("/admin/events/source/", ["q", "o", "p"]),
        ("/admin/contacts/post/", ["q", "person"]),
        (change, ["_changelist_filters"]),
    ):
        for name in names:
            assert officer.get(path, {name: value}).status_code in (200, 302, 400, 403, 404), (path, name)
    asked = {"app_label": "events", "model_name": "event", "field_name": "parent", "term": "x", "page": "1"}
    for name in asked:
        assert officer.get("/admin/autocomplete/", {**asked, name: value}).status_code in (200, 403, 404), name
    for model in ("event", "case", "commitment"):
        for page in ("change", "delete", "history"):
            path = f"/admin/events/{model}/{value.replace('/', '')}/{page}/"
            assert officer.get(path).status_code in (301, 302, 400, 404), path


@pytest.mark.parametrize("value", NASTY, ids=range(len(NASTY)))
def test_fields_take_anything(officer, world, value):
    change = reverse("admin:events_event_change", args=[world.talks.pk])
    fields = typed(officer.get(change))
    names = [name for name in fields if name != "csrfmiddlewaretoken"]
    for part in range(PARTS):
        nasty = {name: [value] for name in names[part::PARTS]}
        assert officer.post(change, {**fields, **nasty}).status_code in (200, 302), part
        fields["version"] = [str(Event._base_manager.get(pk=world.talks.pk).version)]


def test_a_form_without_its_rows_is_answered(officer, world):
    answer = officer.post("/admin/events/event/add/", {"kind": "visit", "title": "Bare", "start_date": "2021-10-14"})
    assert answer.status_code == 200
    assert not Event._base_manager.filter(title="Bare").exists()
