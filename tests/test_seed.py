"""`manage.py seed`: adds what was never loaded before, and nothing else."""

import json
from io import StringIO

import pytest
from django.apps import apps
from django.core import serializers
from django.core.management import call_command
from django.db import transaction

from caricc.lib import writes
from caricc.lib.models import Record
from caricc.models import History, SeedKey
from contacts.models import City, OrganizationName
from events.management.commands.seed import fixture_files
from events.models import Delegation, Event, Topic

pytestmark = pytest.mark.django_db

TOPIC = {"model": "events.topic", "fields": {"seed_key": "t-training", "name": "Training"}}
BODY = {
    "model": "contacts.organization",
    "fields": {"seed_key": "o-office", "name": "Office", "short_name": "OFF", "kind": "un"},
}
NAME = {
    "model": "contacts.organizationname",
    "fields": {"seed_key": "o-office-name", "organization": ["o-office"], "name": "Office", "short_name": "OFF"},
}
TALKS = {
    "model": "events.event",
    "fields": {
        "seed_key": "e-talks", "kind": "bilateral", "title": "Talks", "start_date": "2021-10-13",
        "end_date": "2021-10-13", "topics": [["t-training"]],
    },
}  # fmt: skip
PARTY = {
    "model": "events.delegation",
    "fields": {"seed_key": "e-talks-office", "event": ["e-talks"], "organization": ["o-office"]},
}


@pytest.fixture
def fixtures(tmp_path, settings):
    settings.FIXTURE_DIRS = [tmp_path]

    def write(*rows):
        (tmp_path / "01.json").write_text(json.dumps(rows), encoding="utf-8")

    return write


def seed(**options):
    out = StringIO()
    call_command("seed", stdout=out, **options)
    return out.getvalue()


def rename(record, name):
    record.name = name
    with writes.change(None, "command") as change:
        change.save(record)


def delete(record):
    with writes.change(None, "command") as change:
        change.delete(record)


def everything():
    """All records by model, with the keys of others in place of ids, without stamps."""
    found = {}
    for model in apps.get_models():
        if issubclass(model, Record):
            rows = serializers.serialize(
                "python", model.objects.all(), use_natural_foreign_keys=True, use_natural_primary_keys=True
            )
            for row in rows:
                row["fields"].pop("created_at")
                row["fields"].pop("updated_at", None)
                row["fields"] = {k: sorted(v) if isinstance(v, list) else v for k, v in row["fields"].items()}
            found[model] = sorted((row["fields"] for row in rows), key=lambda fields: fields["seed_key"])
    return found


def test_seed_gives_the_same_rows_as_loaddata():
    with transaction.atomic():
        call_command("loaddata", *map(str, fixture_files()), verbosity=0)
        loaded = everything()
        transaction.set_rollback(True)
    assert not any(everything().values())
    seed(verbosity=0)
    assert everything() == loaded


def test_seed_twice_adds_nothing(fixtures):
    fixtures(TOPIC, BODY, NAME, TALKS, PARTY)
    assert seed() == "Fixtures: 5 added, 0 kept as they are, 0 deleted before, 0 left out.\n"
    before = History.objects.count()
    assert seed() == "Fixtures: 0 added, 5 kept as they are, 0 deleted before, 0 left out.\n"
    assert History.objects.count() == before
    assert OrganizationName.objects.count() == 1


def test_each_record_leaves_its_history_and_an_event_counts_as_one(fixtures):
    fixtures(TOPIC, BODY, NAME, TALKS, PARTY)
    seed()
    assert History.objects.filter(door="seed", action="create").count() == 5
    assert Event.objects.get().version == 1


def test_nothing_is_said_without_verbosity(fixtures):
    fixtures(TOPIC)
    assert seed(verbosity=0) == ""


def test_a_dry_run_says_what_it_would_do_and_does_nothing(fixtures):
    fixtures(TOPIC, BODY)
    assert "2 added" in seed(dry_run=True, verbosity=2)
    assert not Topic.objects.exists()
    assert not SeedKey.objects.exists()
    assert not History.objects.exists()


def test_an_edited_record_stays_as_edited(fixtures):
    fixtures(TOPIC)
    seed()
    rename(Topic.objects.get(), "Courses")
    seed()
    assert Topic.objects.get().name == "Courses"


def test_a_deleted_record_does_not_return(fixtures):
    fixtures(TOPIC, BODY)
    seed()
    delete(Topic.objects.get())
    assert "1 deleted before" in seed()
    assert not Topic.objects.exists()


def test_what_loaddata_brought_and_somebody_deleted_does_not_return(fixtures):
    fixtures(TOPIC)
    call_command("loaddata", "01.json", verbosity=0)
    delete(Topic.objects.get())
    seed()
    assert not Topic.objects.exists()


def test_a_record_whose_key_was_never_remembered_counts_as_loaded_while_it_is_there(fixtures):
    with writes.change(None, "command") as change:
        change.save(Topic(name="Courses", seed_key="t-training"))
    fixtures(TOPIC)
    assert "0 added, 1 kept" in seed()
    delete(Topic.objects.get())
    assert "1 deleted before" in seed()


def test_only_what_is_new_is_added_later(fixtures):
    fixtures(TOPIC, BODY, NAME, TALKS)
    seed()
    fixtures(TOPIC, BODY, NAME, TALKS, PARTY)
    assert "1 added, 4 kept" in seed()
    assert Event.objects.get().version == 2


def test_a_new_record_that_points_to_a_deleted_one_is_left_out_and_said_so(fixtures):
    fixtures(TOPIC, BODY, NAME, TALKS)
    seed()
    delete(Event.objects.get())
    fixtures(TOPIC, BODY, NAME, TALKS, PARTY)
    said = seed()
    assert "e-talks-office is left out: e-talks is not in the register." in said
    assert "1 left out" in said
    assert not Delegation.objects.exists()
    assert not SeedKey.objects.filter(key="e-talks-office").exists()


def test_a_new_event_goes_without_a_topic_that_was_deleted(fixtures):
    fixtures(TOPIC)
    seed()
    delete(Topic.objects.get())
    fixtures(TOPIC, TALKS)
    assert "e-talks goes without t-training" in seed()
    assert not Event.objects.get().topics.exists()


def test_a_record_that_the_register_refuses_is_left_out_with_the_reason(fixtures):
    with writes.change(None, "command") as change:
        change.save(Topic(name="Training"))
    fixtures(TOPIC, BODY)
    said = seed()
    assert "t-training is left out:" in said
    assert "1 added" in said


def test_nothing_is_filled_in_that_the_fixtures_leave_empty():
    seed(verbosity=0)
    assert not [row for row in everything()[apps.get_model("events.case")] if row["opened_on"]]


def test_a_city_entered_by_hand_still_gets_its_names(fixtures):
    """Only the fixtures are taken as they come: a record saved by hand is completed as before."""
    with writes.change(None, "command") as change:
        change.save(City(name="Vienna", name_ru="Вена", country="AT"))
    assert City.objects.get().names.count() == 2
