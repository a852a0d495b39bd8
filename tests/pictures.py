"""The pictures of docs/: `python -m tests.pictures http://127.0.0.1:8000 PASSWORD` beside a running `make run`."""

import pathlib
import sys

from playwright.sync_api import sync_playwright

from tests import chromium

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "docs" / "pictures"
PAGES = {
    "dashboard": "/",
    "calendar": "/calendar/?month=2021-10",
    "case": "/cases/?q=Substitution",
    "silent": "/organizations/?silent=true",
    "events": "/events/?date_after=2021-10-01&date_before=2021-11-30",
    "event": "/events/?q=Tashkent+Director+visit",
    "organization": "/organizations/?q=United+Nations+Office+on+Drugs+and+Crime&kind=un",
    "commitments": "/commitments/",
    "log": "/admin/events/event/add/",
}
FOLLOW = {"event", "organization", "case"}  # the first row of the list is the page that is meant
SHAPES = [(1440, "light"), (1440, "dark"), (380, "light"), (380, "dark")]


def main(base: str, password: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    path = chromium.find()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=chromium.ARGUMENTS)
        for width, scheme in SHAPES:
            context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
            page = context.new_page()
            page.goto(f"{base}/accounts/login/")
            page.fill("[name=username]", "officer")
            page.fill("[name=password]", password)
            page.press("[name=password]", "Enter")
            page.wait_for_load_state("networkidle")
            for name, path in PAGES.items():
                page.goto(base + path)
                if name in FOLLOW:
                    page.locator("#results tbody a.t").first.click()
                page.wait_for_load_state("networkidle")
                page.screenshot(path=FOLDER / f"{name}-{width}-{scheme}.png", full_page=name != "log")
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
