"""What all suites share: counting queries, and a page in Chromium that notices what it should not see."""

from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import chromium as chromium_of_this_machine
from tests.world import world  # noqa: F401 - a fixture for all

IN_CHROMIUM = {"chromium", "page"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Whatever uses Chromium belongs to the browser suite; whatever empties the tables gets back what migrations put in."""
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        if names & IN_CHROMIUM:
            item.add_marker(pytest.mark.browser)
        marker = item.get_closest_marker("django_db")
        if names & {"live_server", "transactional_db"} or (marker and marker.kwargs.get("transaction")):
            item.fixturenames.append("django_db_serialized_rollback")


@pytest.fixture
def count_queries():
    """`with count_queries() as counted: ...` - then `len(counted)`, and `counted.captured_queries` to see them."""

    @contextmanager
    def counting():
        with CaptureQueriesContext(connection) as counted:
            yield counted

    return counting


@pytest.fixture(scope="session")
def chromium(django_db_setup):
    """One Chromium for the run.

    Playwright keeps an event loop running in this thread: Django must be told that this is meant, and gives the thread
    another connection from here on, which must know, too, what the migrations put into the database.
    """
    path = chromium_of_this_machine.find()
    if path is None:
        pytest.fail(chromium_of_this_machine.ADVICE, pytrace=False)
    from playwright.sync_api import sync_playwright

    contents = connection._test_serialized_contents
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        with sync_playwright() as playwright:
            connections[connection.alias]._test_serialized_contents = contents
            browser = playwright.chromium.launch(executable_path=path, args=chromium_of_this_machine.ARGUMENTS)
            yield browser
            browser.close()
            connections.close_all()


@pytest.fixture
def page(chromium, live_server):
    """A page at 1440 px whose addresses begin at the live server (`page.goto("/events/")`).

    The test fails if anything was asked of another host, a script failed, or the content security policy was broken.
    """
    context = chromium.new_context(
        base_url=live_server.url, viewport={"width": 1440, "height": 900}, locale="en-GB", timezone_id="Asia/Almaty",
        reduced_motion="reduce",  # a button half-way between two colours is measured as too pale
    )  # fmt: skip
    context.set_default_timeout(15_000)
    opened, problems = context.new_page(), []
    here = urlsplit(live_server.url).netloc

    def keep_here(route):
        if urlsplit(route.request.url).netloc in (here, ""):
            route.continue_()
        else:
            problems.append(f"asked another host: {route.request.url}")
            route.abort()

    context.route("**/*", keep_here)
    opened.on("pageerror", lambda error: problems.append(f"script failed: {error}"))
    opened.on("console", lambda message: problems.extend(_complaint(message)))
    yield opened
    context.close()
    assert not problems, "\n".join(problems)


def _complaint(message) -> list[str]:
    """Errors of the console; that an answer was 403 or 404 is for the test to judge."""
    told = message.type == "error" and not message.text.startswith("Failed to load resource")
    return [f"console: {message.text}"] if told else []


@pytest.fixture
def sign_in(page, live_server):
    """`sign_in(user)`: the session of `user` in the page, without the form."""

    def signing_in(user):
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        return page

    return signing_in
