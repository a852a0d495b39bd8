"""Pages of one record."""

import re

import pytest

from caricc.lib import writes
from caricc.lib.told import tell
from caricc.models import History
from events.models import Delegation
from tests.world import CANARY


def addresses_of(world):
    return {
        "events": world.talks.pk, "organizations": world.unodc.pk, "people": world.director.pk,
        "cases": world.open_case.pk, "commitments": world.owed.pk,
    }  # fmt: skip


def test_a_hidden_record_is_answered_as_an_absent_one(client, world):
    client.force_login(world.manager)
    for hidden in (world.retreat, world.visit_closed, world.secret_case, world.secret_promises[0]):
        path = hidden.get_absolute_url()
        absent = client.get(path.replace(str(hidden.pk), "999999"))
        answer = client.get(path)
        assert answer.status_code == absent.status_code == 404, path
        assert answer.content == absent.content, path
    assert client.get(f"/events/{2**70}/").status_code == 404


def test_without_a_right_to_the_model_every_id_is_403_and_says_whom_to_ask(client, world):
    client.force_login(world.newcomer)
    for name, pk in addresses_of(world).items():
        for path in (f"/{name}/", f"/{name}/{pk}/", f"/{name}/999999/"):
            answer = client.get(path)
            assert answer.status_code == 403, path
            assert "Ask an administrator" in answer.content.decode()
    assert client.get("/").status_code == client.get("/search/?q=talks").status_code == 403
    assert client.get("/organizations/options/?q=un").status_code == 403


@pytest.mark.parametrize("who", ["admin", "officer", "manager", "analyst"])
def test_every_record_opens_for_its_readers(client, world, who):
    client.force_login(world.users[who])
    for event in world.events:
        expected = 404 if event in world.hidden[who] else 200
        assert client.get(event.get_absolute_url()).status_code == expected, event.title
    for name, pk in addresses_of(world).items():
        assert client.get(f"/{name}/{pk}/").status_code == 200, name


def test_a_restricted_record_names_who_may_read_it(client, world):
    client.force_login(world.analyst)
    page = client.get(f"/events/{world.for_analyst.pk}/").content.decode()
    assert re.search(r'class="veil".*?Analyst', page, re.DOTALL)
    client.force_login(world.officer)
    part = client.get(f"/events/{world.retreat_part.pk}/").content.decode()
    assert re.search(r'class="veil".*?As part of', part, re.DOTALL)
    assert 'class="veil"' not in client.get(f"/events/{world.talks.pk}/").content.decode()


def test_pages_of_open_records_say_nothing_of_hidden_ones(client, world):
    client.force_login(world.admin)
    for name, pk in addresses_of(world).items():
        assert CANARY not in client.get(f"/{name}/{pk}/").content.decode(), name
    assert CANARY not in client.get(f"/organizations/{world.agency.pk}/").content.decode()
    assert CANARY not in client.get(f"/people/{world.specialist.pk}/").content.decode()


def test_the_crumbs_of_an_event_lead_back_to_a_question(client, world):
    client.force_login(world.analyst)
    page = client.get(f"/events/{world.visit.pk}/").content.decode()
    assert 'href="/events/?date_after=2021-10-01&date_before=2021-10-31">October 2021</a>' in page.replace("&amp;", "&")


def test_history_tells_what_changed_from_what_to_what(world):
    with writes.change(world.officer, "page", "a slip of the pen") as change:
        world.talks.city = "Astana"
        change.save(world.talks)
        change.set(world.talks, "topics", [world.precursors, world.finance])
        change.save(Delegation(event=world.talks, organization=world.agency))
    newest, *_older = tell(History.objects.of(world.talks), world.officer)
    assert (newest["what"], newest["actor"], newest["why"]) == ("Changed", world.officer, "a slip of the pen")
    told = {line["label"]: (line["old"], line["new"]) for line in newest["lines"]}
    assert told["city"] == ("Nur-Sultan", "Astana")
    assert told["topics"] == ("Precursors", "Precursors, Financial flows")
    assert told["delegation, entered"] == ("", "Drug Control Agency")


def test_history_does_not_mention_a_link_to_what_the_reader_may_not_see(world):
    with writes.change(world.officer, "page") as change:
        change.set(world.talks, "cases", [world.open_case])
    assert CANARY in str(tell(History.objects.of(world.talks), world.officer)[0])
    told = tell(History.objects.of(world.talks), world.analyst)
    assert CANARY not in str(told)
    assert [one["what"] for one in told] == ["Entered"], "a change that only touched the hidden link is not told at all"


def test_the_bodies_below_count_what_their_own_list_counts(client, world):
    client.force_login(world.officer)
    page = client.get(f"/organizations/{world.unodc.pk}/").content.decode()
    shown = re.search(rf'href="/events/\?partner={world.office.pk}" data-count="(\d+)"', page).group(1)
    listed = client.get(f"/events/?partner={world.office.pk}").content.decode()
    assert f'id="results" class="results" data-count="{shown}"' in listed


def test_search_shows_the_first_rows_of_each_list_and_leads_to_the_rest(client, world):
    client.force_login(world.officer)
    page = client.get("/search/?q=каримов").content.decode()
    assert "Rustam <mark>Karimov</mark>" in page
    groups = re.findall(r'href="(/[a-z]+/\?q=[^"]*)" data-count="(\d+)"', page)
    assert len(groups) >= 2
    for url, count in groups:
        assert f'data-count="{count}"' in client.get(url).content.decode()
    assert (
        CANARY
        not in client.get(f"/search/?q={CANARY}")
        .content.decode()
        .replace(f'value="{CANARY}"', "")
        .replace(f"Search: {CANARY}", "")
        or world.officer.pk
    )


def test_search_without_words_and_with_odd_ones_answers(client, world):
    client.force_login(world.officer)
    for words in ("", "%00", "%E2%80%AE", "x" * 400, "%"):
        assert client.get(f"/search/?q={words}").status_code == 200
