"""A visit with three meetings is logged by keyboard alone, in few page loads."""

import datetime

from caricc.lib import writes
from contacts.models import Organization, Person
from events.models import Event
from tests.admin.keyboard import Keyboard

VISIT, LAST = datetime.date(2021, 10, 14), datetime.date(2021, 10, 15)


def meeting(hands, title, body, kind="bilateral", person=None, outcome=None):
    """One of the meetings: its day, place and our own people are there already."""
    hands.radio("kind", kind)
    hands.type("title", title)
    if person:
        hands.choose("people-1-person", person)
    hands.choose("delegations-1-organization", body)
    if outcome:
        kind, words = outcome
        hands.select("outcomes-0-kind", kind)
        hands.type("outcomes-0-title", words)


def test_the_visit_to_tashkent_takes_at_most_eight_page_loads(world, sign_in):
    with writes.change(None, "command") as change:
        change.save(Organization(name="Regional Anti-Terrorist Structure", short_name="RATS", kind="intergovernmental"))
    page = sign_in(world.officer)
    hands = Keyboard(page)
    page.goto("/admin/events/event/add/")
    hands.radio("kind", "visit")
    hands.type("title", "Visit of the Director to Tashkent")
    hands.day("start_date", VISIT)
    hands.day("end_date", LAST)
    hands.type("city", "Ташкент")
    hands.choose("people-0-person", "karimov")
    hands.select("people-0-role", "Head")
    hands.button("_addchild")

    meeting(hands, "Talks at the drug control agency", "drug control", outcome=("Pres", "A review of financial flows"))
    hands.button("_addchild")
    meeting(hands, "Talks with the anti-terrorist structure", "rats", outcome=("Doc", "Protocol of the talks"))
    hands.button("_addchild")
    meeting(hands, "Meeting with the coordinator", "unodc kaz", person="berg", outcome=("Agr", "Joint trainings"))
    hands.type("commitments-0-title", "A list of training subjects")
    hands.button("_save")

    assert hands.loads <= 8
    visit = Event.objects.get(title="Visit of the Director to Tashkent")
    assert (visit.start_date, visit.end_date) == (VISIT, LAST)
    assert (visit.country, visit.place) == ("UZ", world.tashkent)
    assert visit.delegations.get().delegates.get().role == "head"
    meetings = list(visit.children.order_by("created_at"))
    assert [m.title.split()[-1] for m in meetings] == ["agency", "structure", "coordinator"]
    for one in meetings:
        assert (one.date_precision, one.city, one.start_date) == ("within", "Ташкент", VISIT)
        assert one.delegations.filter(organization=world.caricc, delegates__person=world.director).exists()
        assert one.outcomes.count() == 1
    assert meetings[2].delegations.filter(organization=world.office, delegates__person=world.coordinator).exists()
    assert meetings[2].commitments.get().debtor == world.caricc


def test_the_post_of_the_day_is_shown_as_soon_as_somebody_is_chosen(world, sign_in):
    page = sign_in(world.officer)
    hands = Keyboard(page)
    page.goto("/admin/events/event/add/")
    hands.day("start_date", datetime.date(2021, 11, 2))
    hands.choose("people-0-person", "сато")
    page.locator("#people-0 .field-organization .select2-selection__rendered", has_text="Embassy of Japan").wait_for()
    assert page.locator("[name=people-0-title]").input_value() == "Ambassador"
    assert page.locator("[name=outcomes-0-by] option", has_text="Kenji Sato").count() == 1


def test_a_missing_person_is_made_without_leaving_the_page(world, sign_in):
    page = sign_in(world.officer)
    hands = Keyboard(page)
    page.goto("/admin/events/event/add/")
    hands.type("title", "Typed before")
    hands.to("people-0-person")
    hands.press("Tab")
    with page.expect_popup() as opened:
        hands.press("Enter")
    popup = opened.value
    inside = Keyboard(popup)
    popup.wait_for_load_state()
    inside.type("names-0-family", "Yamada")
    inside.type("names-0-given", "Jun")
    inside.choose("posts-0-organization", "japan")
    with popup.expect_event("close"):
        inside.to("_save")
        inside.press("Enter")
    page.locator("#people-0 .field-person .select2-selection__rendered", has_text="Jun Yamada").wait_for()
    assert page.locator("[name=title]").input_value() == "Typed before"
    assert Person.objects.get(name="Jun Yamada").posts.get().organization == world.embassy


def test_another_row_is_added_and_reached_by_keyboard(world, sign_in):
    page = sign_in(world.officer)
    page.goto(f"/admin/events/event/{world.talks.pk}/change/")
    hands = Keyboard(page)
    page.locator("#people-group tr.add-row a").focus()
    hands.press("Enter")
    hands.choose("people-4-person", "berg")
    with page.expect_navigation():
        page.locator("[name=_continue]").press("Enter")
    assert world.talks.delegations.get(organization=world.office).delegates.get().person == world.coordinator


def test_no_editing_page_breaks_the_content_security_policy(world, sign_in):
    """The page itself complains, and the test with it: see `page`."""
    page = sign_in(world.admin)
    for model, pk in (
        ("events/event", world.talks.pk), ("events/case", world.open_case.pk), ("events/commitment", world.owed.pk),
        ("events/topic", world.finance.pk), ("events/source", world.source.pk), ("contacts/person", world.director.pk),
        ("contacts/organization", world.unodc.pk), ("contacts/post", world.director.posts.get().pk),
        ("contacts/city", world.almaty.pk), ("caricc/user", world.officer.pk),
    ):  # fmt: skip
        for part in ("", "add/", f"{pk}/change/", f"{pk}/history/", f"{pk}/delete/", "add/?_popup=1"):
            if (model, part) == ("caricc/user", f"{pk}/delete/"):
                continue
            answer = page.goto(f"/admin/{model}/{part}")
            assert answer.status == 200, f"{model}/{part}"
            page.wait_for_load_state("networkidle")
    for address in (
        "/admin/",
        "/admin/events/",
        "/admin/caricc/apitoken/",
        "/admin/auth/group/",
        "/admin/password_change/",
    ):
        assert page.goto(address).status == 200


def test_nothing_runs_out_of_the_page_on_a_telephone(world, sign_in):
    page = sign_in(world.officer)
    page.set_viewport_size({"width": 380, "height": 800})
    for address in (
        "/admin/", "/admin/events/event/", "/admin/events/event/add/", f"/admin/events/event/{world.talks.pk}/change/",
        f"/admin/contacts/person/{world.director.pk}/change/", f"/admin/events/event/{world.talks.pk}/history/",
    ):  # fmt: skip
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 380, address
