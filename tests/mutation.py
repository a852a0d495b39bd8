"""Take each visibility filter away, one at a time, and want the twin worlds to differ: `make mutate`.

A filter is a line that calls `visible_to`, a line that calls `need_to_know`, or the `rule` of a queryset. The addresses of
the twin worlds are fetched once to learn which filters each of them passes. Then each filter is disabled, some of its
addresses are fetched again, and one answer at least must differ from that of the world without the hidden rows.
Filters that no GET passes guard writing; for them the tests named in `WRITING` must turn red.
"""

import ast
import pathlib
import sys
from collections import defaultdict

import pytest
from django.conf import settings
from django.db import transaction
from django.db.models import Q

from caricc.lib.visibility import RegisterQuerySet
from events import querysets
from tests import test_laws
from tests.api import test_writing
from tests.inventory import admin_addresses, front_addresses, reading_addresses
from tests.twins import fetch, take_away_what_is_hidden_from

ROOT = pathlib.Path(settings.BASE_DIR)
ENOUGH = 60  # addresses tried for one filter before it counts as a survivor
NOT_SEEN = {
    "caricc/lib/api.py": "links by id in a POST",
    "caricc/lib/writes.py": "links that the writer may not see are kept",
    "events/models/event.py": "parts that the one who deletes may not see are kept",
}
WRITING = [
    test_writing.test_a_link_to_a_hidden_record_is_refused_in_the_words_for_an_absent_one,
    test_writing.test_links_that_the_writer_may_not_see_stay_when_the_others_are_replaced,
    test_writing.test_deleting_an_event_keeps_the_parts_that_the_one_who_deletes_may_not_see,
]

TWICE = {
    'made = Outcome.objects.visible_to(user).filter(event__in=family).for_list(user).order_by("position", "id")': (
        "the family of the event holds visible events only"
    ),
    '"case": Offer(Case.objects.visible_to(user).open().order_by("-opened_on", "-id")[:40]),': "the bar asks again",
}


def line_of(name: str) -> str:
    file, _colon, line = name.partition(":")
    return (ROOT / file).read_text().splitlines()[int(line) - 1].strip() if line else ""


def place():
    """File and line of the nearest caller in our own code, outside the visibility module."""
    frame = sys._getframe(2)
    while frame:
        name = frame.f_code.co_filename
        if name.startswith(str(ROOT)) and ".venv" not in name and not name.endswith(("visibility.py", "mutation.py")):
            return f"{pathlib.Path(name).relative_to(ROOT)}:{frame.f_lineno}"
        frame = frame.f_back
    return "?"


class Filters:
    """Knows which filters were passed, and lets one of them be disabled."""

    def __init__(self, monkeypatch):
        self.passed: set[str] = set()
        self.disabled = ""
        visible_to, need_to_know = RegisterQuerySet.visible_to, querysets.need_to_know

        def visible(queryset, user):
            if type(queryset).rule is RegisterQuerySet.rule:  # as open to one reader as to another
                return visible_to(queryset, user)
            return queryset.all() if self._is_off(place()) else visible_to(queryset, user)

        def known(*args, **kwargs):
            return Q() if self._is_off(place()) else need_to_know(*args, **kwargs)

        monkeypatch.setattr(RegisterQuerySet, "visible_to", visible)
        monkeypatch.setattr(querysets, "need_to_know", known)
        for cls in RegisterQuerySet.__subclasses__():
            for one in (cls, *cls.__subclasses__()):
                if "rule" in vars(one):
                    monkeypatch.setattr(one, "rule", self._rule(one, one.rule))

    def _rule(self, cls, original):
        def rule(queryset, user):
            return Q() if self._is_off(f"rule of {cls.__name__}") else original(queryset, user)

        return rule

    def _is_off(self, name: str) -> bool:
        self.passed.add(name)
        return name == self.disabled


def written_in_the_source() -> set[str]:
    """File and line of every call of `visible_to` outside tests and commands."""
    found = set()
    for package in ("caricc", "contacts", "events"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "visible_to":
                    found.add(f"{path.relative_to(ROOT)}:{node.func.end_lineno}")
    return {name for name in found if "/management/" not in name}


def test_every_filter_that_is_taken_away_is_noticed(world, monkeypatch):
    filters, through, without, clients = Filters(monkeypatch), defaultdict(list), {}, {}
    for who in ("analyst", "manager", "admin"):
        user = world.users[who]
        clients[who] = test_laws.signed_in(user)
        paths = [*front_addresses(), *(admin_addresses() if user.is_staff else reading_addresses())]
        for path in dict.fromkeys(paths):
            filters.passed = set()
            fetch(clients[who], path)
            for name in filters.passed:
                through[name].append((who, path))
        with transaction.atomic():
            take_away_what_is_hidden_from(user)
            for path in dict.fromkeys(paths):
                without[who, path] = fetch(clients[who], path)
            transaction.set_rollback(True)
    survivors, without_effect = [], []
    for name, tried in sorted(through.items()):
        filters.disabled = name
        step = max(1, len(tried) // ENOUGH)
        caught = next((one for one in tried[::step] if fetch(clients[one[0]], one[1]) != without[one]), None)
        told = "caught by " + caught[1] if caught else "SURVIVED"
        if caught is None:
            reason = TWICE.get(line_of(name))
            told = f"narrowed twice: {reason}" if reason else told
            (without_effect if reason else survivors).append(name)
        print(f"{told:60} {name} ({len(tried)} addresses)")
    noticed = len(through) - len(survivors) - len(without_effect)
    print(f"{noticed} of {len(through)} filters are noticed, {len(without_effect)} stand beside another one")
    print("Passed by no address that is read:", sorted(written_in_the_source() - set(through)))
    assert through
    assert not survivors


@pytest.mark.parametrize("law", WRITING, ids=lambda law: law.__name__)
def test_the_filters_of_writing_are_noticed_too(world, monkeypatch, law):
    filters = Filters(monkeypatch)
    law(world)
    guards = {name for name in filters.passed if name.split(":")[0] in NOT_SEEN}
    assert guards
    caught = set()
    for name in guards:
        filters.disabled = name
        with transaction.atomic():
            try:
                law(world)
            except Exception:
                caught.add(name)
            transaction.set_rollback(True)
    print(f"{law.__name__}: {sorted(caught)} of {sorted(guards)}")
    assert caught
