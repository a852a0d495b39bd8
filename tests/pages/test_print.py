"""What comes out of the printer: A4, light, with who printed it, and without what only works on a screen."""

import re
import shutil
import subprocess

import pytest
from playwright.sync_api import expect

from caricc import __version__
from tests.test_laws import more_rows

ON_SCREEN_ONLY = (
    "Save this view", "Export", "Print", "Sign out", "Search in any script", "Words, any script", "Remove all", "Next page",
    "Edit", f"Version {__version__}", "Show", "Skip to the content", "All as a list",
)  # fmt: skip
WHITE = "rgb(255, 255, 255)"


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def addresses(world):
    records = (world.talks, world.visit, world.retreat, world.unodc, world.director, world.open_case, world.owed)
    return ["/", "/events/", "/organizations/", "/people/", "/cases/", "/commitments/", "/views/",
            *(record.get_absolute_url() for record in records)]  # fmt: skip


def test_each_page_prints_light_with_its_date_and_without_tools(world, sign_in):
    page = sign_in(world.officer)
    page.emulate_media(color_scheme="dark")
    for path in addresses(world):
        page.goto(path)
        pdf = page.pdf(format="A4", prefer_css_page_size=True)
        assert 1 <= pages_of(pdf) <= 3, path
        assert b"/MediaBox [0 0 59" in pdf, path  # 210 mm
        page.emulate_media(media="print", color_scheme="dark")
        lines = {line.strip() for line in page.inner_text("body").splitlines()}
        assert any(line.startswith("CARICC Register · printed ") and path in line and "by Officer" in line for line in lines), path  # fmt: skip
        assert not [line for line in lines for words in ON_SCREEN_ONLY if line == words], path
        assert page.locator("h1").is_visible(), path
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        ink = page.evaluate("getComputedStyle(document.querySelector('h1')).color")
        assert ground == WHITE, path
        assert sum(map(int, re.findall(r"\d+", ink)[:3])) < 200, path
        page.emulate_media(media="screen", color_scheme="dark")


def test_the_choice_of_dark_prints_light_as_well(world, sign_in, live_server):
    page = sign_in(world.officer)
    page.context.add_cookies([{"name": "theme", "value": "dark", "url": live_server.url}])
    page.goto("/events/")
    page.emulate_media(media="print")
    panel = page.evaluate("getComputedStyle(document.querySelector('h1')).color")
    assert sum(map(int, re.findall(r"\d+", panel)[:3])) < 200


def test_the_stripe_of_a_restricted_record_stays_on_paper(world, sign_in):
    page = sign_in(world.officer)
    page.goto(world.retreat.get_absolute_url())
    page.emulate_media(media="print")
    assert page.locator(".veil").is_visible()
    assert "Do not forward" in page.inner_text(".veil")


def test_the_ledger_keeps_its_two_columns_on_paper(world, sign_in):
    page = sign_in(world.officer)
    page.set_viewport_size({"width": 688, "height": 1000})  # what A4 leaves between the margins
    page.goto("/commitments/")
    page.emulate_media(media="print")
    ours, theirs = (page.locator(f".ledger-head .{side}").bounding_box() for side in ("ours", "theirs"))
    assert ours["y"] == theirs["y"]
    assert ours["x"] + ours["width"] <= theirs["x"]


def test_no_page_is_wider_than_the_paper(world, sign_in):
    page = sign_in(world.officer)
    page.set_viewport_size({"width": 688, "height": 1000})
    page.emulate_media(media="print")
    for path in addresses(world):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext reads what the PDF says")
def test_the_head_of_a_long_table_stands_on_each_page_and_rows_are_whole(world, sign_in):
    more_rows(world, 60)
    page = sign_in(world.officer)
    page.goto("/events/?limit=100")
    pdf = page.pdf(format="A4", prefer_css_page_size=True)
    text = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()
    sheets = text.split("\f")[:-1]
    assert len(sheets) == pages_of(pdf) > 1
    for number, sheet in enumerate(sheets, 1):
        assert "Took part" in sheet, number
        assert re.search(rf"\b{number}\s*/\s*{len(sheets)}\s*$", sheet), sheet[-200:]
        assert "Export" not in sheet
    rounds = re.findall(r"Round \d+", text)
    assert len(rounds) == len(set(rounds)) == 60


def test_the_button_prints_and_is_not_there_without_a_script(world, sign_in, chromium, live_server):
    page = sign_in(world.officer)
    page.add_init_script("window.print = () => { document.documentElement.dataset.printed = 'yes' }")
    for path in ("/events/", world.talks.get_absolute_url()):
        page.goto(path)
        page.get_by_role("button", name="Print").click()
        assert page.locator("html").get_attribute("data-printed") == "yes"
    page.goto("/events/")
    page.locator("thead a", has_text="Event").click()  # the results come anew
    page.wait_for_url("**ordering=title")
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    context.add_cookies(page.context.cookies())
    plain = context.new_page()
    plain.goto("/events/")
    assert not plain.locator("[data-print]").is_visible()
    context.close()
