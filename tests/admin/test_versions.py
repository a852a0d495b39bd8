"""Two people with the same form open: nobody loses anything without being told."""

import pytest
from django.urls import reverse

from caricc.lib import writes
from contacts.models import Person
from events.models import Delegate
from tests.admin.typing import errors_on, row_of, typed


def change_url(record):
    opts = record._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[record.pk])


@pytest.fixture
def officer(client, world):
    client.force_login(world.officer)
    return client


def test_a_form_that_is_out_of_date_comes_back_and_says_who_changed_what(officer, world):
    fields = typed(officer.get(change_url(world.talks)), title="My title", people__3__name="a clerk")
    world.talks.refresh_from_db()
    world.talks.venue = "The old hall"
    with writes.change(world.manager, "page") as change:
        change.save(world.talks)
    answer = officer.post(change_url(world.talks), fields)
    told = " ".join(errors_on(answer))
    assert "Somebody saved this record while you had it open" in told
    assert "Manager" in told
    assert "Venue from “nothing” to “The old hall”" in told
    again = typed(answer)
    assert again["title"] == ["My title"]
    assert again["people-3-name"] == ["a clerk"]
    world.talks.refresh_from_db()
    assert world.talks.title == "Talks with the Ambassador of Japan"
    again["people-3-name"] = [""]
    assert officer.post(change_url(world.talks), again).status_code == 302


def test_a_form_without_a_version_is_refused(officer, world):
    for version in (None, "", "x"):
        fields = typed(officer.get(change_url(world.talks)), title="Slipped in", version=version)
        assert (
            "without the version" in " ".join(errors_on(officer.post(change_url(world.talks), fields)))
            or version == "x"
        )
    world.talks.refresh_from_db()
    assert world.talks.title != "Slipped in"


def test_a_conflict_at_the_last_moment_ends_in_the_form_too(officer, world, monkeypatch):
    fields = typed(officer.get(change_url(world.talks)), title="My title")

    def too_late(self, record, expected=None):
        raise writes.Conflict(record, expected)

    monkeypatch.setattr(writes.Change, "save", too_late)
    answer = officer.post(change_url(world.talks), fields)
    assert answer.status_code == 200
    assert "Somebody saved this record" in " ".join(errors_on(answer))
    assert typed(answer)["title"] == ["My title"]


def test_rows_that_went_meanwhile_are_not_lost(officer, world):
    fields = typed(officer.get(change_url(world.talks)))
    row = row_of(fields, "people", person=world.ambassador.pk)
    fields[f"{row}-title"] = ["Envoy"]
    with writes.change(world.manager, "page") as change:
        change.delete(Delegate._base_manager.get(delegation__event=world.talks, person=world.ambassador))
    answer = officer.post(change_url(world.talks), fields)
    again = typed(answer)
    assert again[f"{row}-title"] == ["Envoy"]
    assert officer.post(change_url(world.talks), again).status_code == 302
    assert Delegate._base_manager.get(delegation__event=world.talks, person=world.ambassador).title == "Envoy"


def test_a_commitment_among_the_rows_has_its_own_version(officer, world):
    fields = typed(officer.get(change_url(world.talks)))
    row = row_of(fields, "commitments", title="A note on projects")
    fields[f"{row}-title"] = ["A longer note"]
    with writes.change(world.manager, "page") as change:
        world.owed.note = "begun"
        change.save(world.owed)
    answer = officer.post(change_url(world.talks), fields)
    assert "Note from “nothing” to “begun”" in " ".join(errors_on(answer))
    assert officer.post(change_url(world.talks), typed(answer)).status_code == 302
    world.owed.refresh_from_db()
    assert (world.owed.title, world.owed.note) == ("A longer note", "begun")


def test_the_preferred_name_changes_hands(officer, world):
    fields = typed(officer.get(change_url(world.director)), "person_form")
    latin = row_of(fields, "names", family="Karimov")
    cyrillic = row_of(fields, "names", family="Каримов")
    del fields[f"{latin}-preferred"]
    fields[f"{cyrillic}-preferred"] = ["on"]
    assert officer.post(change_url(world.director), fields).status_code == 302
    assert world.director.names.get(preferred=True).family == "Каримов"
    fields = typed(officer.get(change_url(world.director)), "person_form")
    fields[f"{row_of(fields, 'names', family='Karimov')}-preferred"] = ["on"]
    answer = officer.post(change_url(world.director), fields)
    assert errors_on(answer) == ["Only one name can be the preferred one."]


def test_a_person_needs_a_name_and_may_get_a_post_at_once(officer, world):
    add = reverse("admin:contacts_person_add")
    answer = officer.post(add, typed(officer.get(add), "person_form"))
    assert errors_on(answer)
    fields = typed(
        officer.get(add), "person_form", names__0__family="Yamada", names__0__given="Jun",
        posts__0__organization=world.embassy.pk, posts__0__title="Counsellor",
    )  # fmt: skip
    answer = officer.post(f"{add}?_popup=1", {**fields, "_popup": "1"})
    person = Person.objects.get(name="Jun Yamada")
    assert str(person.pk) in answer.content.decode()
    assert person.posts.get().organization == world.embassy


def test_a_person_opened_and_saved_is_as_before(officer, world):
    for record, form in (
        (world.director, "person_form"), (world.unodc, "organization_form"), (world.astana, "city_form"),
        (world.secret_case, "case_form"), (world.owed, "commitment_form"), (world.precursors, "topic_form"),
        (world.source, "source_form"),
    ):  # fmt: skip
        version = type(record)._base_manager.get(pk=record.pk).version
        answer = officer.post(change_url(record), typed(officer.get(change_url(record)), form))
        assert answer.status_code == 302, errors_on(answer)
        assert type(record)._base_manager.get(pk=record.pk).version == version
