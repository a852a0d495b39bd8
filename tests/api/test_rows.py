"""Lists, records and what is left out of them."""

import pytest

from tests.api.client import Api
from tests.world import CANARY

RESOURCES = (
    "events", "organizations", "people", "posts", "delegations", "outcomes", "commitments", "cases", "topics", "cities",
)  # fmt: skip
LISTED = {
    "id", "kind", "title", "start_date", "end_date", "date_precision", "start_time", "end_time", "time_zone", "format",
    "status", "city", "country", "venue", "parent", "summary", "language", "visibility", "topics", "cases", "partners",
    "updated_at", "version",
}  # fmt: skip
DETAILED = {
    "delegations", "outcomes", "commitments", "children", "source", "reported_participants", "reported_countries",
    "reported_organizations", "reported_at_least",
}  # fmt: skip


def test_an_event_in_a_list_and_in_detail_has_the_fields_of_the_contract(world):
    api = Api(world.officer)
    row = next(row for row in api.rows("events/") if row["id"] == world.talks.pk)
    assert set(row) >= LISTED
    detail = api.get(f"events/{world.talks.pk}/").json()
    assert set(detail) >= LISTED | DETAILED
    assert (detail["source"], detail["source_name"]) == (world.source.pk, "Note of the Centre")
    assert {p["short_name"] for p in row["partners"] if p["own"]} == {"CARICC"}
    assert set(row["partners"][0]) == {"id", "name", "short_name", "country", "group", "role", "own"}
    delegates = [person for delegation in detail["delegations"] for person in delegation["delegates"]]
    assert {"person", "name", "role", "title", "rank", "unit", "attendance"} <= set(delegates[0])
    assert [d["title"] for d in delegates if d["name"] == "Rustam Karimov"] == ["Director"]


def test_a_delegation_without_organization_is_a_partner_without_id(world):
    row = next(row for row in Api(world.officer).rows("events/") if row["id"] == world.planned.pk)
    assert [(p["id"], p["group"], p["country"]) for p in row["partners"]][1:] == [
        (None, "member_states", ""),
        (None, "", "AT"),
    ]


def test_links_are_ids_with_readable_names_beside_them(world):
    commitment = Api(world.officer).get(f"commitments/{world.owed.pk}/").json()
    assert commitment["debtor"] == world.caricc.pk
    assert commitment["debtor_name"] == "CARICC"
    assert commitment["responsible_name"] == "Asel Nurova"
    assert commitment["direction"] == "ours"


def test_cases_and_parts_that_the_reader_may_not_see_are_left_out(world):
    analyst = Api(world.analyst)
    assert analyst.get(f"events/{world.talks.pk}/").json()["cases"] == [world.open_case.pk]
    assert analyst.get(f"events/{world.visit.pk}/").json()["children"] == [world.visit_open.pk]
    assert set(Api(world.officer).get(f"events/{world.talks.pk}/").json()["cases"]) == {
        world.open_case.pk,
        world.secret_case.pk,
    }


@pytest.mark.parametrize("resource", RESOURCES)
@pytest.mark.parametrize("who", ["admin", "manager", "analyst"])
def test_no_list_record_or_export_holds_a_word_of_what_is_hidden(world, resource, who):
    api, own = Api(world.users[who]), {"manager": f"{CANARY} board", "analyst": f"{CANARY} figures"}.get(who)
    body = api.get(f"{resource}/?limit=500").content.decode()
    export = b"".join(api.get(f"{resource}/export.jsonl").streaming_content).decode()
    for hidden in (world.retreat.title, world.orphan.title, world.visit_closed.title, world.secret_case.title):
        assert hidden not in body + export
    assert own is None or resource != "events" or own in body


@pytest.mark.parametrize("resource", RESOURCES)
def test_lists_ids_and_exports_agree_and_page(world, resource):
    api = Api(world.officer)
    first = api.get(f"{resource}/?limit=1").json()
    ids = api.get(f"{resource}/ids/").json()
    assert first["count"] == len(ids) > 0
    assert len(first["results"]) == 1
    walked, link = [], f"{resource}/?limit=3"
    while link:
        page = api.get(link).json()
        walked += [row["id"] for row in page["results"]]
        link = page["next"] and page["next"].split("/api/v1/")[1]
    assert sorted(walked) == ids
    answer = api.get(f"{resource}/export.csv")
    assert answer["X-Row-Count"] == str(len(ids))
    assert b"".join(answer.streaming_content).count(b"\r\n") >= len(ids) + 1


def test_the_count_may_be_left_out_and_is_exact_otherwise(world):
    api = Api(world.officer)
    assert api.get("events/?count=false").json()["count"] is None
    assert api.get("events/").json()["count"] == 8
    assert api.get("events/?offset=5&limit=5").json()["next"] is None
    assert api.get("events/?limit=100000").status_code == 200


def test_what_changed_since_is_told_and_a_part_counts_as_a_change_of_the_event(world):
    from caricc.lib import writes
    from events.models import Event, Outcome

    api = Api(world.officer)
    since = Event._base_manager.get(pk=world.talks.pk).updated_at.isoformat().replace("+00:00", "Z")
    assert api.ids(f"events/?updated_after={since}") == set()
    with writes.change(world.officer, "api") as change:
        change.save(Outcome(event=world.talks, kind="decision", title="To meet again"))
    assert api.ids(f"events/?updated_after={since}") == {world.talks.pk}


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_record_that_is_hidden_or_absent_or_no_id_is_404_and_json(world, resource):
    api = Api(world.analyst)
    for pk in ("999999", "123456789012345678901", "abc", "0"):
        answer = api.get(f"{resource}/{pk}/")
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/json")


def test_hidden_and_absent_are_the_same_bytes_for_every_method(world):
    api = Api(world.officer)
    for method in ("get", "put", "patch", "delete"):
        answers = [
            api(method, f"events/{pk}/", None if method == "get" else {"title": "x"}, If_Match='"1"')
            for pk in (world.orphan.pk, 999_999)
        ]
        assert [a.status_code for a in answers] == [404, 404]
        assert answers[0].content == answers[1].content
        for answer in answers:
            del answer["Expires"]  # the second of the answer
        assert answers[0].headers == answers[1].headers


def test_lists_do_not_ask_more_of_the_database_for_more_rows(world, django_assert_max_num_queries):
    api = Api(world.officer)
    api.get("events/")
    for resource in RESOURCES:
        with django_assert_max_num_queries(10):
            api.get(f"{resource}/")
