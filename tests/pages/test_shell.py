"""The frame around every page: coming in, theme, language, what is late, health."""

import re

import pytest

from tests.world import PASSWORD


def test_whoever_is_not_signed_in_is_led_to_the_form_and_back(client, world):
    assert client.get("/events/?kind=visit").url == "/accounts/login/?next=/events/%3Fkind%3Dvisit"
    given = {"username": "officer", "password": PASSWORD, "next": "/events/?kind=visit"}
    assert client.post("/accounts/login/", given).url == "/events/?kind=visit"


def test_signing_in_leads_to_no_other_host(client, world):
    given = {"username": "officer", "password": PASSWORD, "next": "https://elsewhere.example/"}
    assert client.post("/accounts/login/", given).url == "/"


def test_a_wrong_password_does_not_say_whether_the_name_is_known(client, world):
    pages = [
        client.post("/accounts/login/", {"username": name, "password": "wrong"}).content.decode()
        for name in ("officer", "nobody")
    ]
    known, unknown = (re.sub(r'value="[^"]*"', "", page) for page in pages)
    assert known == unknown
    assert "do not belong together" in known


def test_signing_out_is_a_form(client, world):
    client.force_login(world.officer)
    assert client.get("/accounts/logout/").status_code == 405
    assert client.post("/accounts/logout/").url == "/accounts/login/"
    assert client.get("/").status_code == 302


def test_a_part_asked_for_after_the_session_ended_reloads_the_page(client, db):
    answer = client.get("/events/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Refresh"]) == (200, "true")


def test_the_theme_is_kept_and_written_on_the_page(client, world):
    client.force_login(world.officer)
    assert "data-theme" not in client.get("/").content.decode()
    answer = client.post("/theme/", {"theme": "dark"}, headers={"Referer": "http://testserver/events/?kind=visit"})
    assert answer.url == "http://testserver/events/?kind=visit"
    assert 'data-theme="dark"' in client.get("/").content.decode()
    assert "theme" not in client.post("/theme/", {"theme": "<b>"}).cookies


def test_the_language_is_kept_and_leads_to_no_other_host(client, world):
    answer = client.get("/language/ru/", headers={"Referer": "https://elsewhere.example/"})
    assert answer.url == "/"
    assert '<html lang="ru"' in client.get("/accounts/login/").content.decode()
    assert not client.get("/language/xx/").cookies


def test_each_reader_is_told_how_much_is_late_of_what_they_may_see(client, world):
    shown = {}
    for name in ("officer", "analyst", "newcomer"):
        client.force_login(world.users[name])
        page = client.get("/commitments/").content.decode()
        found = re.search(r'href="(/commitments/\?overdue=true)" data-count="(\d+)"', page)
        shown[name] = int(found.group(2)) if found else 0
        if found:
            assert (
                f'id="results" class="results" data-count="{found.group(2)}"'
                in client.get(found.group(1)).content.decode()
            )
    assert shown["officer"] > shown["analyst"] > shown["newcomer"] == 0


def test_what_may_be_entered_depends_on_the_role(client, world):
    offered = {}
    for name in ("officer", "manager", "analyst"):
        client.force_login(world.users[name])
        page = client.get("/").content.decode()
        offered[name] = "/admin/events/event/add/" in page, "/admin/events/case/add/" in page
    assert offered == {"officer": (True, True), "manager": (False, True), "analyst": (False, False)}


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_health_is_told_without_signing_in_and_without_details(client, db, path):
    answer = client.get(path)
    assert (answer.status_code, answer.content) == (200, b"ok\n")
