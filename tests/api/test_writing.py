"""Creating, changing and deleting over the API: rights, versions, links, words of refusal."""

import pytest

from caricc.models import History
from events.models import Delegate, Delegation, Event
from tests.api.client import Api


@pytest.fixture
def api(world):
    return Api(world.officer)


def test_an_event_needs_kind_title_and_first_day_only(world, api):
    missing = api("post", "events/", {})
    assert missing.status_code == 400
    assert set(missing.json()) == {"kind", "title", "start_date"}
    made = api("post", "events/", {"kind": "visit", "title": "To Dushanbe", "start_date": "2021-12-01"})
    assert made.status_code == 201, made.content
    assert made.json()["end_date"] == "2021-12-01"
    assert made["ETag"] == '"1"'
    row = History.objects.get(record_id=made.json()["id"])
    assert (row.actor, row.door, row.action, row.changes["title"]) == (
        world.officer,
        "api",
        "create",
        [None, "To Dushanbe"],
    )


def test_a_change_needs_the_version_that_was_read_and_a_stale_one_gets_the_current_record(world, api):
    path = f"events/{world.talks.pk}/"
    version = api.get(path)["ETag"]
    assert api("patch", path, {"venue": "Residence"}).status_code == 428
    done = api("patch", path, {"venue": "Residence"}, If_Match=version)
    assert done.status_code == 200
    assert int(done["ETag"].strip('"')) == int(version.strip('"')) + 1
    stale = api("patch", path, {"venue": "Hotel"}, If_Match=version)
    assert stale.status_code == 412
    assert stale.json()["current"]["venue"] == "Residence"
    assert api("delete", path, If_Match=version).status_code in (403, 412)
    assert Event._base_manager.get(pk=world.talks.pk).venue == "Residence"


def test_a_part_shares_the_version_of_its_event(world, api):
    before = Event._base_manager.get(pk=world.talks.pk).version
    delegation = {"event": world.talks.pk, "country": "AT", "delegates": [{"name": "an attaché"}]}
    made = api("post", "delegations/", delegation)
    assert made.status_code == 201, made.content
    assert made["ETag"] == f'"{before + 1}"'
    path = f"delegations/{made.json()['id']}/"
    changed = api(
        "patch", path, {"delegates": [{"person": world.coordinator.pk, "role": "head"}]}, If_Match=made["ETag"]
    )
    assert changed.status_code == 200, changed.content
    assert [d.person for d in Delegate._base_manager.filter(delegation=made.json()["id"])] == [world.coordinator]
    assert api("delete", path, If_Match=made["ETag"]).status_code == 412
    assert api("delete", path, If_Match=changed["ETag"]).status_code == 204


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ({"start_date": "1899-12-31"}, "start_date"),
        ({"start_date": "2021-12-02", "end_date": "2021-12-01"}, "end_date"),
        ({"start_date": "0001-01-01"}, "start_date"),
        ({"kind": "party"}, "kind"),
        ({"title": "A\u202eB"}, "title"),
        ({"title": "A\x00B"}, "title"),
        ({"title": ""}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"country": "ZZ"}, "country"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"topics": [999999]}, "topics"),
        ({"parent": 2**70}, "parent"),
        ({"parent": True}, "parent"),
        ({"reported_participants": 2**40}, "reported_participants"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_value_is_refused_naming_the_field(world, api, data, name):
    answer = api("post", "events/", {"kind": "visit", "title": "T", "start_date": "2021-12-01", **data})
    assert answer.status_code == 400, answer.content
    assert name in answer.json()


def test_events_contain_events_one_level_deep(world, api):
    answer = api(
        "post", "events/", {"kind": "meeting", "title": "T", "start_date": "2021-10-14", "parent": world.visit_open.pk}
    )
    assert answer.status_code == 400
    assert "parent" in answer.json()


def test_a_delegation_names_at_least_one_of_organization_state_and_group(world, api):
    answer = api("post", "delegations/", {"event": world.talks.pk, "label": "some people"})
    assert answer.status_code == 400


def test_a_link_to_a_hidden_record_is_refused_in_the_words_for_an_absent_one(world):
    api = Api(world.officer)
    answers = [
        api("post", "delegations/", {"event": pk, "country": "AT"}).json()["event"][0].replace(str(pk), "N")
        for pk in (world.orphan.pk, 999_999)
    ]
    assert answers[0] == answers[1]


def test_links_that_the_writer_may_not_see_stay_when_the_others_are_replaced(world):
    admin = Api(world.admin)
    path = f"events/{world.talks.pk}/"
    version = admin.get(path)["ETag"]
    assert admin("patch", path, {"cases": []}, If_Match=version).status_code == 200
    assert set(Event._base_manager.get(pk=world.talks.pk).cases.values_list("pk", flat=True)) == {world.secret_case.pk}


def test_deleting_an_event_keeps_the_parts_that_the_one_who_deletes_may_not_see(world):
    admin = Api(world.admin)
    version = admin.get(f"events/{world.visit.pk}/")["ETag"]
    assert admin("delete", f"events/{world.visit.pk}/", If_Match=version).status_code == 204
    assert not Event._base_manager.filter(pk__in=[world.visit.pk, world.visit_open.pk]).exists()
    assert Event._base_manager.get(pk=world.visit_closed.pk).parent_id is None
    assert Delegation._base_manager.filter(event=world.visit_closed).exists()


@pytest.mark.parametrize(
    ("who", "resource", "data", "status"),
    [
        ("analyst", "events", {"kind": "visit", "title": "T", "start_date": "2021-12-01"}, 403),
        ("manager", "events", {"kind": "visit", "title": "T", "start_date": "2021-12-01"}, 403),
        ("manager", "cases", {"title": "Rotation"}, 201),
        ("officer", "organizations", {"name": "New Body", "kind": "ministry"}, 201),
        ("officer", "people", {"names": [{"family": "Lee", "given": "Min"}]}, 201),
        ("officer", "topics", {"name": "Prevention"}, 201),
        ("officer", "cities", {"name": "Osh", "country": "KG"}, 201),
        ("newcomer", "events", {"kind": "visit", "title": "T", "start_date": "2021-12-01"}, 403),
    ],
)
def test_rights_of_the_roles_hold_for_creating(world, who, resource, data, status):
    answer = Api(world.users[who])("post", f"{resource}/", data)
    assert answer.status_code == status, answer.content


def test_scopes_only_narrow(world):
    read, export = Api(world.officer, "read"), Api(world.officer, "export")
    assert read.get("events/").status_code == 200
    assert read.get("events/export.csv").status_code == 403
    assert export.get("events/export.csv").status_code == 200
    assert export("post", "topics/", {"name": "T"}).status_code == 403
    assert Api(world.analyst, "write")("post", "topics/", {"name": "T"}).status_code == 403


def test_the_right_to_the_model_is_asked_before_the_row(world):
    newcomer = Api(world.newcomer)
    answers = [newcomer.get(f"events/{pk}/") for pk in (world.talks.pk, world.orphan.pk, 999_999)]
    assert [a.status_code for a in answers] == [403] * 3
    assert len({a.content for a in answers}) == 1


def test_officers_delete_their_own_records_of_the_day_and_administrators_any(world, api):
    mine = api("post", "topics/", {"name": "Mistake"})
    assert api("delete", f"topics/{mine.json()['id']}/", If_Match=mine["ETag"]).status_code == 204
    version = api.get(f"topics/{world.finance.pk}/")["ETag"]
    assert api("delete", f"topics/{world.finance.pk}/", If_Match=version).status_code == 403


def test_a_record_in_use_is_not_deleted_and_nothing_is_said_of_where(world):
    admin = Api(world.admin)
    version = admin.get(f"organizations/{world.embassy.pk}/")["ETag"]
    answer = admin("delete", f"organizations/{world.embassy.pk}/", If_Match=version)
    assert answer.status_code == 409
    assert "Delegation" not in answer.content.decode()


def test_a_shown_name_is_made_from_the_names_and_a_renamed_body_is_found_under_both(world, api):
    person = api("post", "people/", {"names": [{"family": "Каримова", "given": "Лола", "patronymic": "А."}]}).json()
    assert person["name"] == "Каримова Лола А."
    version = api.get(f"organizations/{world.agency.pk}/")["ETag"]
    api("patch", f"organizations/{world.agency.pk}/", {"name": "Agency for Drug Control"}, If_Match=version)
    assert api.ids("organizations/?q=drug control agency") == {world.agency.pk}


def test_without_a_token_or_session_it_is_401_and_with_a_bad_token_too(world):
    assert Api().get("events/").status_code == 401
    for bad in ("Token nonsense", "Token", "Token a b", "Token car_00000000_x", "Token car_é_x"):
        assert Api().client.get("/api/v1/events/", headers={"Authorization": bad}).status_code == 401


def test_what_was_read_can_be_sent_back_and_changes_nothing(world, api):
    for path in (f"events/{world.talks.pk}/", f"commitments/{world.owed.pk}/", f"cases/{world.open_case.pk}/"):
        read = api.get(path)
        known = {key: value for key, value in read.json().items() if not key.endswith("_name")}
        answer = api("put", path, known, If_Match=read["ETag"])
        assert answer.status_code == 200, answer.content
        assert answer["ETag"] == read["ETag"]


def test_a_part_stays_with_its_event(world, api):
    delegation = world.talks.delegations.first()
    path = f"delegations/{delegation.pk}/"
    answer = api("patch", path, {"event": world.visit.pk}, If_Match=api.get(path)["ETag"])
    assert answer.status_code == 400
    assert "event" in answer.json()


def test_a_writer_may_make_a_record_invisible_to_themselves_and_gets_no_body(world, api):
    path = f"events/{world.talks.pk}/"
    change = {"visibility": "restricted", "owner": world.manager.pk}
    answer = api("patch", path, change, If_Match=api.get(path)["ETag"])
    assert (answer.status_code, answer.content) == (204, b"")
    assert api.get(path).status_code == 404


@pytest.mark.parametrize("line", ["a\x00b", "a\ud800b", "a\u202eb"])
def test_no_line_of_an_outcome_can_make_a_list_fail(world, api, line):
    answer = api("post", "outcomes/", {"event": world.talks.pk, "kind": "decision", "title": "T", "lines": [line]})
    assert answer.status_code == 400
    assert api("post", "topics/", {"name": line}).status_code == 400


@pytest.mark.parametrize("pk", ["²", "9" * 5000, -1, 1.5, None, [], {}])
def test_what_is_no_id_is_refused(world, api, pk):
    assert api("post", "delegations/", {"event": pk, "country": "AT"}).status_code == 400


def test_left_out_parts_go_first_so_that_the_same_person_can_be_named_anew(world, api):
    delegation = world.talks.delegations.get(organization=world.embassy)
    path = f"delegations/{delegation.pk}/"
    named = {"delegates": [{"person": world.ambassador.pk, "role": "speaker"}]}
    answer = api("patch", path, named, If_Match=api.get(path)["ETag"])
    assert answer.status_code == 200, answer.content
    assert [row["role"] for row in answer.json()["delegates"]] == ["speaker"]
    stray = {"delegates": [{"id": 12345, "name": "somebody"}]}
    assert api("patch", path, stray, If_Match=answer["ETag"]).status_code == 400


def test_names_given_with_a_body_or_left_to_it_find_it(world, api):
    body = {"name": "Zebra Institute", "kind": "academy", "names": [{"name": "Институт Зебра", "language": "ru"}]}
    made = api("post", "organizations/", body).json()["id"]
    assert api.ids("organizations/?q=zebra institute") == api.ids("organizations/?q=институт") == {made}
    person = api("post", "people/", {"name": "Qwerty Uiop"}).json()["id"]
    assert api.ids("people/?q=uiop") == {person}


def test_a_corrected_name_is_shown(world, api):
    path = f"people/{world.coordinator.pk}/"
    read = api.get(path)
    names = read.json()["names"]
    names[0]["family"] = "Bergh"
    assert api("patch", path, {"names": names}, If_Match=read["ETag"]).json()["name"] == "Anna Bergh"


def test_a_manager_adds_to_a_journal_and_takes_nothing_out_of_it(world):
    manager = Api(world.manager)
    path = f"cases/{world.open_case.pk}/"
    read = manager.get(path)
    notes = [*read.json()["notes"], {"day": "2021-10-22", "text": "Asked again."}]
    added = manager("patch", path, {"notes": notes}, If_Match=read["ETag"])
    assert added.status_code == 200, added.content
    assert len(added.json()["notes"]) == 2
    assert manager("patch", path, {"notes": []}, If_Match=added["ETag"]).status_code == 403
    assert manager("delete", path, If_Match=added["ETag"]).status_code == 403
