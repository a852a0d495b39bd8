"""The pages of silent partners, and the deeds on a rhythm."""

import datetime
import html
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from caricc.lib import writes
from caricc.lib.days import today
from caricc.lib.periods import add_months
from caricc.models import History
from contacts.models import Organization, Rhythm
from contacts.rhythm import silences
from events.models import Delegation, Event
from tests.pages.test_in_chromium import grave_findings
from tests.test_laws import count_on, signed_in
from tests.world import READERS

SILENT = "/organizations/?silent=true"
ROW = re.compile(r'<tr><th scope="row"><a class="t" href="([^"]*)">([^<]*)</a>')


def page_of(user, url, **headers) -> str:
    return html.unescape(signed_in(user).get(url, headers=headers).content.decode())


def deed(body, name) -> str:
    return reverse(f"contacts:organization_{name}", args=[body.pk])


def send(user, body, name, **fields):
    fields.setdefault("version", Organization._base_manager.get(pk=body.pk).version)
    return signed_in(user).post(deed(body, name), fields)


@pytest.fixture
def never_met(world):
    entered = timezone.make_aware(datetime.datetime(2020, 1, 31, 12))
    with writes.change(None, "command") as change:
        return change.save(Organization(name="Quiet Academy", kind="academy", rhythm=12, created_at=entered))


# ---- the list


@pytest.mark.parametrize("who", READERS)
def test_page_part_api_and_export_name_the_same_partners_the_longest_silent_first(world, who, never_met):
    user, client = world.users[who], signed_in(world.users[who])
    wanted = [one.organization for one in silences(user)]
    assert wanted[0] == never_met.pk
    api = client.get("/api/v1/organizations/?silent=true").json()
    assert [row["id"] for row in api["results"]] == wanted
    names = {row["id"]: row["name"] for row in api["results"]}
    for headers in ({}, {"HX-Request": "true"}):
        page = page_of(user, SILENT, **headers)
        assert count_on(page) == len(wanted)
        assert [name for _url, name in ROW.findall(page)] == [names[pk] for pk in wanted]
    export = client.get("/api/v1/organizations/export.csv?silent=true")
    assert export["X-Row-Count"] == str(len(wanted))


def test_each_row_says_when_by_what_rhythm_since_when_and_what_comes_next(world):
    page = page_of(world.officer, f"{SILENT}&kind=embassy")
    assert "2 Nov 2021" in page.replace("\xa0", " ")
    assert f'<a class="linkish" href="{world.talks.get_absolute_url()}">{world.talks.title}</a>' in page
    assert "every 3 months, as for embassies" in page
    assert "Last met on 2 Nov 2021; the next contact was due by 2 Feb 2022." in page
    assert world.hidden_ahead.get_absolute_url() in page
    assert world.hidden_ahead.get_absolute_url() not in page_of(world.manager, f"{SILENT}&kind=embassy")
    assert "every 6 months, as agreed" in page_of(world.officer, f"{SILENT}&kind=law_enforcement")


def test_a_partner_never_met_says_so_with_the_day_it_was_entered(world, never_met):
    page = page_of(world.analyst, f"{SILENT}&kind=academy").replace("\xa0", " ")
    assert "never met" in page
    assert "entered on 31 Jan 2020" in page


def test_another_order_is_followed_where_it_is_asked_for(world, never_met):
    names = [name for _url, name in ROW.findall(page_of(world.officer, f"{SILENT}&ordering=name"))]
    assert names == sorted(names)
    assert 'aria-sort="ascending"' in page_of(world.officer, f"{SILENT}&ordering=name")
    assert "aria-sort" not in page_of(world.officer, SILENT)


def test_the_list_has_a_tab_and_only_those_who_edit_rhythms_a_link_to_them(world):
    assert f'<a href="{SILENT}" aria-current="true">Silent</a>' in page_of(world.manager, SILENT)
    editor = reverse("admin:contacts_rhythm_changelist")
    assert editor in page_of(world.officer, SILENT)
    assert editor in page_of(world.officer, f"{SILENT}&q=unheard-of")
    for who in ("manager", "analyst"):
        assert editor not in page_of(world.users[who], SILENT)
    assert editor not in page_of(world.officer, "/organizations/")


def test_a_silent_list_costs_at_most_ten_queries_however_many_rows(world, count_queries):
    client, costs = signed_in(world.officer), []
    entered = timezone.make_aware(datetime.datetime(2020, 1, 31, 12))
    for more in (5, 60):
        with writes.change(None, "command") as change:
            for n in range(more):
                body = change.save(Organization(name=f"B {more} {n}", kind="other", rhythm=1, created_at=entered))
                event = change.save(Event(kind="meeting", title=f"M {n}", start_date="2021-03-04"))
                change.save(Delegation(event=event, organization=body))
        for query in ("silent=true", "silent=false", "snoozed=false", "snoozed=true", "twins=true"):
            with count_queries() as counted:
                assert client.get(f"/organizations/?{query}").status_code == 200
            costs.append((query, len(counted)))
    assert max(cost for _query, cost in costs) <= 10, costs


# ---- the page of a partner


def test_a_silent_partner_says_so_on_its_page_with_the_deed_for_those_who_may(world):
    url = world.embassy.get_absolute_url()
    for who in READERS:
        page = page_of(world.users[who], url)
        assert "Last met on 2 Nov 2021; the next contact was due by 2 Feb 2022." in page
        assert (deed(world.embassy, "snooze") in page) is (who in ("admin", "officer"))
        assert (deed(world.embassy, "rhythm") in page) is (who in ("admin", "officer"))


def test_what_is_only_silent_to_some_rings_only_for_them(world):
    """Met long ago at a meeting that only the officer may know of; for others it was entered today."""
    url = world.ministry.get_absolute_url()
    assert "Silent for" in page_of(world.officer, url)
    for who in ("admin", "manager", "analyst"):
        page = page_of(world.users[who], url)
        assert "Silent for" not in page
        assert "every 2 months, as agreed" in page


def test_our_own_units_have_no_rhythm(world):
    page = page_of(world.officer, world.caricc.get_absolute_url())
    assert deed(world.caricc, "rhythm") not in page
    assert 'id="rhythm"' not in page


@pytest.mark.parametrize("who", READERS)
def test_each_dot_of_the_strip_opens_its_events(world, who):
    last = add_months(today().replace(day=1), -2)
    with writes.change(None, "command") as change:
        for visibility in ("internal", "restricted"):
            event = change.save(
                Event(kind="visit", title="Over two months", start_date=last - datetime.timedelta(days=3),
                      end_date=last + datetime.timedelta(days=3), visibility=visibility, owner=world.officer)
            )  # fmt: skip
            change.save(Delegation(event=event, organization=world.office))
    client = signed_in(world.users[who])
    page = html.unescape(client.get(world.unodc.get_absolute_url()).content.decode())
    strip = page[page.index('<ol class="rhythm">') :].partition("</ol>")[0]
    dots = re.findall(r'<a href="([^"]*)" data-count="(\d+)"', strip)
    assert len(dots) == 2
    assert strip.count('class="none"') == 22
    for url, count in dots:
        assert int(count) == (2 if who == "officer" else 1)
        assert count_on(client.get(url).content.decode()) == int(count)


# ---- deeds


def test_a_partner_may_be_quiet_until_a_day_for_a_reason_that_the_history_keeps(world):
    until = add_months(today(), 2)
    answer = send(world.officer, world.embassy, "snooze", until=until.isoformat(), reason="The post is vacant")
    assert (answer.status_code, answer["Location"]) == (302, world.embassy.get_absolute_url())
    body = Organization._base_manager.get(pk=world.embassy.pk)
    assert (body.snoozed_until, body.snooze_reason) == (until, "The post is vacant")
    assert History.objects.of(body).order_by("-id").first().why == "The post is vacant"
    assert world.embassy.name not in page_of(world.officer, SILENT)
    assert "The post is vacant" in page_of(world.analyst, "/organizations/?snoozed=true")
    page = page_of(world.officer, body.get_absolute_url())
    assert "The post is vacant" in page
    assert "Silent for" not in page
    assert deed(body, "wake") in page
    assert send(world.officer, body, "wake").status_code == 302
    body.refresh_from_db()
    assert (body.snoozed_until, body.snooze_reason) == (None, "")
    assert world.embassy.name in page_of(world.officer, SILENT)


@pytest.mark.parametrize(
    ("days", "reason", "said"),
    [
        (0, "A reason", "must lie ahead"),
        (-9, "A reason", "must lie ahead"),
        (800, "A reason", "At most 24 months ahead"),
        (9, "", "is missing"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(world, days, reason, said):
    until = (today() + datetime.timedelta(days=days)).isoformat()
    answer = send(world.officer, world.embassy, "snooze", until=until, reason=reason)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert Organization._base_manager.get(pk=world.embassy.pk).snoozed_until is None


def test_exactly_24_months_are_allowed(world):
    until = add_months(today(), 24).isoformat()
    assert send(world.officer, world.embassy, "snooze", until=until, reason="Closed").status_code == 302


@pytest.mark.parametrize(("typed", "kept"), [("5", 5), ("0", 0), ("", None)])
def test_a_rhythm_is_agreed_put_aside_or_left_to_the_kind(world, typed, kept):
    assert send(world.officer, world.agency, "rhythm", months=typed, reason="Talks of May").status_code == 302
    body = Organization._base_manager.get(pk=world.agency.pk)
    assert body.rhythm == kept
    assert History.objects.of(body).order_by("-id").first().why == "Talks of May"


@pytest.mark.parametrize("typed", ["-1", "121", "often"])
def test_a_rhythm_is_a_number_of_months(world, typed):
    assert send(world.officer, world.agency, "rhythm", months=typed, reason="x").status_code == 200
    assert Organization._base_manager.get(pk=world.agency.pk).rhythm == 6


@pytest.mark.parametrize("name", ["snooze", "wake", "rhythm"])
def test_the_deeds_are_those_of_officers_and_administrators(world, name):
    fields = {"until": add_months(today(), 1).isoformat(), "reason": "x", "months": "4"}
    for who in ("manager", "analyst", "newcomer"):
        client = signed_in(world.users[who])
        for pk in (world.embassy.pk, 999_999):
            assert client.get(f"/organizations/{pk}/{name}/").status_code == 403
            assert client.post(f"/organizations/{pk}/{name}/", fields).status_code == 403
    assert Organization._base_manager.get(pk=world.embassy.pk).version == world.embassy.version
    assert signed_in(world.officer).get(f"/organizations/999999/{name}/").status_code == 404
    assert signed_in(world.admin).get(deed(world.embassy, name)).status_code == 200


def test_nothing_is_done_for_our_own_and_for_bodies_of_old(world):
    for body in (world.caricc, world.old_body):
        assert send(world.officer, body, "rhythm", months="4", reason="x").status_code == 200
        assert Organization._base_manager.get(pk=body.pk).rhythm is None


def test_who_saved_first_is_told(world):
    answer = send(world.officer, world.agency, "rhythm", months="4", reason="x", version=0)
    assert answer.status_code == 409
    assert Organization._base_manager.get(pk=world.agency.pk).rhythm == 6


def test_a_deed_leads_back_to_the_list_it_was_opened_from(world):
    page = page_of(world.officer, f"{SILENT}&kind=embassy")
    link = re.search(rf'href="({deed(world.embassy, "snooze")}\?next=[^"]*)"', page).group(1)
    client = signed_in(world.officer)
    form = html.unescape(client.get(link).content.decode())
    back = re.search(r'name="next" value="([^"]*)"', form).group(1)
    assert back == f"{SILENT}&kind=embassy"
    fields = {"until": add_months(today(), 1).isoformat(), "reason": "x", "next": back, "version": 1}
    fields["version"] = Organization._base_manager.get(pk=world.embassy.pk).version
    assert client.post(link, fields)["Location"] == back


# ---- rhythms of kinds


def test_an_officer_edits_the_rhythm_of_a_kind_and_it_counts_at_once(world):
    client = signed_in(world.officer)
    url = reverse("admin:contacts_rhythm_change", args=[world.of_embassies.pk])
    page = client.get(url).content.decode()
    version = re.search(r'name="version" value="(\d+)"', page)
    fields = {"kind": "embassy", "months": "120", **({"version": version.group(1)} if version else {})}
    assert client.post(url, fields).status_code == 302
    assert Rhythm._base_manager.get(pk=world.of_embassies.pk).months == 120
    assert world.embassy.name not in page_of(world.officer, SILENT)


def test_rhythms_are_found_by_the_words_of_their_kind(world):
    url = reverse("admin:contacts_rhythm_changelist")
    assert 'data-count="1"' in page_of(world.officer, f"{url}?q=embassy")
    assert 'data-count="0"' in page_of(world.officer, f"{url}?q=academy")


# ---- in the browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 380])
def test_axe_finds_nothing_grave_on_the_pages_of_rhythm(world, sign_in, width, scheme):
    with writes.change(None, "command") as change:
        event = change.save(Event(kind="visit", title="Of late", start_date=today(), owner=world.officer))
        change.save(Delegation(event=event, organization=world.office))
    page = sign_in(world.officer)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    for path in (SILENT, "/organizations/?snoozed=false", "/organizations/?twins=false", world.embassy.get_absolute_url(),
                 world.unodc.get_absolute_url(), deed(world.embassy, "snooze"), deed(world.embassy, "rhythm")):  # fmt: skip
        page.goto(path)
        assert not grave_findings(page), path
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path
