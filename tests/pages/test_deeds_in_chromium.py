"""Deeds in a browser: by keyboard alone, without a script, and nothing for axe to find."""

import pytest
from playwright.sync_api import expect

from caricc.lib.days import today
from tests.pages.test_in_chromium import grave_findings


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 380])
def test_ledger_table_handover_and_outcomes_have_no_grave_finding(world, sign_in, width, scheme):
    page = sign_in(world.officer)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    handover = f"/commitments/handover/?whose={world.specialist.pk}&to={world.director.pk}"
    for path in ("/commitments/?status=open", "/commitments/?limit=2", "/commitments/handover/", handover, "/outcomes/",
                 f"/commitments/{world.due_to_us.pk}/", f"/commitments/{world.owed.pk}/fulfil/"):  # fmt: skip
        page.goto(path)
        assert not grave_findings(page), path
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path
    page.goto("/commitments/?status=open")
    page.locator(".deeds > summary").first.click()
    page.locator(".deeds[open] .links a", has_text="Move the due date").click()
    expect(page.locator(".deeds[open] .slot form")).to_be_visible()
    assert not grave_findings(page)
    page.locator("button[value=table]").click()
    expect(page.locator("table.commitments")).to_be_visible()
    assert not grave_findings(page)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_row_is_fulfilled_by_keyboard_and_the_list_stays(world, sign_in):
    page = sign_in(world.officer)
    page.goto(f"/commitments/?status=open&event={world.talks.pk}")
    summary = page.locator(f".deeds:has(a[href^='/commitments/{world.owed.pk}/']) > summary")
    summary.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(".deeds[open] .links a", has_text="Mark as fulfilled")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".deeds[open] .slot input[name=day]")).to_be_focused()
    proof = page.locator(".deeds[open] .slot textarea[name=proof]")
    for _ in range(8):  # day, month, year and the picker of the date are stops of their own
        page.keyboard.press("Tab")
        if proof.evaluate("one => one === document.activeElement"):
            break
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # sent without a proof: the form says so in the row
    expect(page.locator(".deeds[open] .slot .err")).to_contain_text("no proof")
    proof.focus()
    page.keyboard.type("Letter 17 of the embassy")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("Fulfilled: A note on projects")
    assert page.url.endswith(f"/commitments/?status=open&event={world.talks.pk}")
    expect(page.locator("#results")).not_to_contain_text("A note on projects")
    world.owed.refresh_from_db()
    assert (world.owed.proof, world.owed.closed_on) == ("Letter 17 of the embassy", today())


def test_the_deed_works_without_a_script(world, chromium, sign_in, live_server):
    cookies = sign_in(world.officer).context.cookies()
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto("/commitments/?status=open")
    row = page.locator(f".deeds:has(a[href^='/commitments/{world.owed.pk}/'])")
    row.locator("summary").click()
    row.locator("a", has_text="Withdraw").click()
    page.fill("[name=why]", "They found it themselves.")
    page.locator("main button", has_text="Withdraw").click()
    assert page.url.endswith("/commitments/?status=open")
    assert page.locator(".toast").inner_text().startswith("Withdrawn:")
    context.close()


def test_all_are_unticked_with_one_key(world, sign_in):
    page = sign_in(world.officer)
    page.goto(f"/commitments/handover/?whose={world.specialist.pk}&to={world.director.pk}")
    ticks = page.locator("input[name=commitment]")
    assert ticks.count() == page.locator("input[name=commitment]:checked").count() > 0
    page.locator("button", has_text="Untick all").first.click()
    expect(page.locator("input[name=commitment]:checked")).to_have_count(0)
    expect(page.locator("input[name=case]:checked")).not_to_have_count(0)
