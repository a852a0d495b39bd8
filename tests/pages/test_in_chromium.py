"""The pages in a browser: nothing for axe to find, and a filter bar that keeps the address."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.inventory import merges, plain_pages, record_pages

GRAVE = {"serious", "critical"}
PARTS = ("/organizations/options/", "/organizations/like/", "/people/like/")  # of other pages, no pages of their own


def addresses(user):
    """Every page of the URLconf, deeds included, with a record that the reader may see; and pages that find nothing."""
    yield from (path for path in plain_pages() if path not in PARTS)
    for path, model in record_pages():
        rows = model.objects.visible_to(user).order_by("pk")
        yield from (path.format(pk=pk) for pk in rows.values_list("pk", flat=True)[:2])
    yield from (
        "/search/?q=talks", "/search/?q=precursors", "/search/?q=rfhbvjd", "/search/?q=talks+xyzzy", "/search/?q=%25", "/people/?q=каримов", "/events/?q=talks+xyzzy", "/events/?kind=nonsense", "/events/?q=unheard-of", "/events/?page=9", "/events/999999/",
        "/calendar/?shape=agenda", "/calendar/?month=2021-10", "/?period=all_time", "/?kind=nonsense", "/organizations/?silent=true",
        "/events/?without_outcome=true", "/commitments/?status=fulfilled", *list(merges())[::9], "/people/merge/?q=berg",
    )  # fmt: skip


def grave_findings(page):
    found = Axe().run(page).response["violations"]
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found if one["impact"] in GRAVE]


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (380, "dark")])
def test_no_page_has_a_grave_finding_or_scrolls_sideways(world, sign_in, width, scheme):
    page = sign_in(world.officer)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    found = {}
    for path in dict.fromkeys(addresses(world.officer)):
        page.goto(path)
        if grave := grave_findings(page):
            found[path] = grave
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found[path] = "scrolls sideways"
    assert not found


def test_the_sign_in_page_has_no_grave_finding(world, page):
    page.goto("/accounts/login/")
    assert not grave_findings(page)
    page.fill("#id_username", "officer")


def test_open_menus_and_filters_have_no_grave_finding(world, sign_in):
    page = sign_in(world.officer)
    page.goto("/events/")
    for place in range(page.locator("details.pick").count()):
        page.locator("details.pick > summary").nth(place).click()
        assert not grave_findings(page), place


def test_the_filter_bar_asks_by_itself_and_the_address_holds_the_question(world, sign_in):
    page = sign_in(world.officer)
    page.goto("/events/")
    page.locator("summary", has_text="Kind").click()
    page.locator("label", has_text="Visit").locator("input").check()
    expect(page).to_have_url(re.compile(r"/events/\?kind=visit$"))
    expect(page.locator(".chip")).to_have_count(1)
    page.keyboard.press("Escape")
    page.fill("#q", "tashkent")
    expect(page).to_have_url(re.compile(r"\?q=tashkent&kind=visit$"))
    page.locator("thead a", has_text="Event").click()
    expect(page).to_have_url(re.compile(r"q=tashkent&kind=visit&ordering=title$"))
    page.fill("#q", "")
    expect(page).to_have_url(re.compile(r"\?kind=visit&ordering=title$"))
    shown = page.locator("#results").get_attribute("data-count")
    page.reload()
    assert page.locator("#results").get_attribute("data-count") == shown
    page.go_back()
    expect(page.locator("#q")).to_have_value("tashkent")


def test_a_partner_is_found_by_name_and_stays_chosen(world, sign_in):
    page = sign_in(world.officer)
    page.goto("/events/")
    page.locator("summary", has_text="Partner").click()
    page.fill("#f-partner", "МВД")
    found = page.locator("#found-partner label")
    expect(found).to_have_count(1)
    found.locator("input").click()
    expect(page).to_have_url(re.compile(rf"partner={world.ministry.pk}$"))
    page.fill("#f-partner", "japan")
    expect(found).to_contain_text("Embassy of Japan")
    found.locator("input").click()
    expect(page).to_have_url(re.compile(rf"partner={world.embassy.pk}&partner={world.ministry.pk}$|partner={world.ministry.pk}&partner={world.embassy.pk}$"))  # fmt: skip


def test_the_form_works_without_a_script(world, chromium, sign_in, live_server):
    cookies = sign_in(world.officer).context.cookies()
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto("/events/")
    page.locator("summary", has_text="Kind").click()
    page.locator("label", has_text="Visit").locator("input").check()
    page.locator("details[open] button", has_text="Show").click()
    assert "kind=visit" in page.url
    assert page.locator("#results").get_attribute("data-count") == "2"
    context.close()


def test_the_keyboard_reaches_the_search_and_closes_menus(world, sign_in):
    page = sign_in(world.officer)
    page.goto("/")
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    page.locator("summary", has_text="Log").click()
    expect(page.locator("details.menu[open]")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("details.menu[open]")).to_have_count(0)
    page.locator("summary[aria-label^='Your account']").click()
    page.locator("label", has_text="Dark").click()
    expect(page.locator("#theme-dark")).to_be_checked()
