"""The editing pages in a browser, in both themes: nothing grave for axe to find."""

import pytest

from tests.pages.test_in_chromium import grave_findings


def addresses(world):
    return (
        "/admin/", "/admin/events/event/", "/admin/events/event/?kind=nonsense", "/admin/events/event/add/",
        f"/admin/events/event/{world.talks.pk}/change/", f"/admin/events/event/{world.talks.pk}/history/",
        f"/admin/events/case/{world.open_case.pk}/change/", "/admin/events/commitment/add/",
        f"/admin/contacts/person/{world.director.pk}/change/", "/admin/contacts/organization/",
        "/admin/contacts/organization/add/?_popup=1", f"/admin/events/event/{world.visit.pk}/delete/",
        "/admin/caricc/user/add/",
    )  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_editing_page_has_a_grave_finding(world, sign_in, scheme):
    page = sign_in(world.admin)
    page.emulate_media(color_scheme=scheme)
    found = {}
    for path in addresses(world):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        grave = grave_findings(page)
        if grave:
            found[path] = grave
    assert not found


def test_a_refused_form_has_no_grave_finding_and_its_summary_leads_to_the_fields(world, sign_in):
    page = sign_in(world.officer)
    page.goto("/admin/events/event/add/")
    page.locator("#people-0 .field-person summary").click()
    page.fill("[name=people-0-name]", "a specialist")
    page.locator("[name=_save]").click()
    page.locator("#errors").wait_for()
    assert not grave_findings(page)
    page.locator("#errors a", has_text="For").click()
    page.wait_for_function("() => document.activeElement.closest('#people-0 .field-organization')")
