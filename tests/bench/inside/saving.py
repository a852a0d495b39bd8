"""An event with six delegations saved through the editing page: the very form that it shows, filled in and sent.

What is written is taken back: the request runs in a transaction that ends with a rollback, after the constraints that
are put off to its end were checked and what waits for the commit was called.
"""

import re
import time
from html.parser import HTMLParser

from django.db import connection, transaction

from contacts.models import Organization
from events.models import Event
from tests.bench.inside.questions import partners
from tests.bench.inside.reader import browser
from tests.bench.inside.registry import side

ADD, DELEGATIONS = "/admin/events/event/add/", 6


class _Form(HTMLParser):
    """{name: value} of what the form of an event would send as it is shown."""

    def __init__(self):
        super().__init__()
        self.values: dict[str, object] = {}
        self.inside, self.select, self.area = False, "", ""

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "form":
            self.inside = given.get("id") == "event_form"
        if not self.inside or "disabled" in given:
            return
        if tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in given:
            self.values.setdefault(self.select, []).append(given.get("value", ""))
        elif tag == "textarea" and name:
            self.area = name
            self.values[name] = ""
        elif tag == "input" and name:
            kind = given.get("type", "text")
            if kind in ("checkbox", "radio") and "checked" not in given:
                return
            if kind not in ("submit", "button", "file"):
                self.values[name] = given.get("value") or ""

    def handle_data(self, data):
        if self.area:
            self.values[self.area] = f"{self.values[self.area]}{data}"

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
        self.select = "" if tag == "select" else self.select
        self.area = "" if tag == "textarea" else self.area


def filled() -> dict:
    """The form of a new event, with a title and six parties."""
    parser = _Form()
    parser.feed(browser().get(ADD, secure=True).content.decode())
    form = {name: value for name, value in parser.values.items() if "__prefix__" not in name}
    form = {name: value for name, value in form.items() if not re.match(r"delegations-\d", name)}
    for place, body in enumerate(bodies()):
        form |= {f"delegations-{place}-organization": body, f"delegations-{place}-role": "participant"}
    form["delegations-TOTAL_FORMS"] = DELEGATIONS
    what = {"kind": "meeting", "title": "Talks to be measured", "status": "held"}
    return {**form, **what, "start_date": "2024-03-05", "end_date": "2024-03-05"}


def bodies() -> list[int]:
    """Partners in the middle of those that are met: neither the same few rows as all others, nor rows nobody reads."""
    found = partners()[20 : 20 + DELEGATIONS]
    if len(found) < DELEGATIONS:
        found = list(Organization._base_manager.order_by("id").values_list("pk", flat=True)[:DELEGATIONS])
    return found


@side("save")
def save():
    form = filled()

    def run() -> dict:
        began = time.perf_counter()
        with transaction.atomic():
            answer = browser().post(ADD, form, secure=True)
            connection.check_constraints()
            for _savepoints, call, _robust in connection.run_on_commit:
                call()
            took = (time.perf_counter() - began) * 1000
            saved = Event._base_manager.order_by("-updated_at").first()
            made = saved.delegations.count() if saved and saved.title == form["title"] else 0
            transaction.set_rollback(True)
        if answer.status_code != 302 or made != DELEGATIONS:
            raise AssertionError(f"the form was answered with {answer.status_code}, and {made} delegations were saved")
        return {"ms": took}

    return run
