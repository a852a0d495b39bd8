"""Search beside the bare SQL of the same question.

The SQL is what somebody writes by hand who knows the tables: the keys of the words are given to it ready, it looks at
the same rights, and fetches what is shown. Ours is all that runs between the typed words and the rows.
"""

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from django.contrib import admin
from django.db import connection
from django.test import RequestFactory

from caricc.lib.search.found import clauses
from caricc.lib.search.keys import asked, every, in_name
from caricc.lib.search.tables import postgresql_question, sqlite_question
from caricc.models import User
from contacts.models import PersonName
from events.filters import EventQuestion
from events.models import Event
from events.synthesis.dice import Dice
from tests.bench.inside.reader import reader
from tests.bench.inside.registry import side

QUESTIONS = 200
HELD = {
    "postgresql": "{table}.keys @@ %s::tsquery",
    "sqlite": "{table}.record IN (SELECT rowid FROM {table}_fts WHERE {table}_fts MATCH %s)",
}
PEOPLE = """
SELECT person.id, person.name, (
    SELECT body.name FROM contacts_post post JOIN contacts_organization body ON body.id = post.organization_id
    WHERE post.person_id = person.id ORDER BY post.since DESC LIMIT 1)
FROM contacts_person person JOIN contacts_personwords ON contacts_personwords.record = person.id
WHERE NOT person.archived AND {held} ORDER BY person.name, person.id LIMIT 21
"""
EVENTS = """
SELECT event.id, event.title, event.start_date FROM events_event event
LEFT JOIN events_event whole ON whole.id = event.parent_id
WHERE {held}
AND (event.visibility = 'internal' OR event.owner_id = %s OR event.id IN {named})
AND (event.parent_id IS NULL OR whole.visibility = 'internal' OR whole.owner_id = %s OR whole.id IN {named})
ORDER BY event.start_date DESC, event.id DESC LIMIT 50
"""
NAMED = """(
    SELECT event_id FROM events_event_readers WHERE user_id = %s UNION ALL
    SELECT event_id FROM events_event_reader_groups named
    JOIN caricc_user_groups mine ON mine.group_id = named.group_id WHERE mine.user_id = %s)"""


class Work(NamedTuple):
    """`ours` and `other` answer a question each."""

    ours: Callable[[object], object]
    other: Callable[[object], object]
    questions: Sequence


@side("search", warm=False)
def search(what: str):
    """Milliseconds of both, 95th percentile. Each question is asked by both once before it counts, and who begins takes turns."""
    work = {"people": person_autocomplete, "events": event_search}[what](reader())

    def run() -> dict:
        times: dict[str, list[float]] = {"ours": [], "other": []}
        both = [("ours", work.ours), ("other", work.other)]
        for number, question in enumerate(work.questions):
            for _name, answer in both:
                answer(question)
            for name, answer in both if number % 2 else both[::-1]:
                began = time.perf_counter()
                answer(question)
                times[name].append((time.perf_counter() - began) * 1000)
        return {name: percentile(found, 0.95) for name, found in times.items()}

    return run


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def question_of(wanted) -> str:
    made = [sorted(clause) for clause in wanted]
    return postgresql_question(made) if connection.vendor == "postgresql" else sqlite_question(made)


def rows(sql: str, params: list) -> list:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def person_autocomplete(user: User) -> Work:
    """The field that asks who was there, as the editing page of an event asks it."""
    factory, site = RequestFactory(), admin.site
    asks = {"app_label": "events", "model_name": "delegate", "field_name": "person"}
    held = HELD[connection.vendor].format(table="contacts_personwords")
    bare = PEOPLE.format(held=f"contacts_personwords.record IN (SELECT record FROM contacts_personwords WHERE {held})")
    ready = {typed: question_of(every([in_name(w, True) for w in asked(typed).words], True)) for typed in names_typed()}

    def ours(typed):
        request = factory.get("/admin/autocomplete/", {**asks, "term": typed})
        request.user = User.objects.get(pk=user.pk)
        return site.autocomplete_view(request).content

    return Work(ours, lambda typed: rows(bare, [ready[typed]]), list(ready))


def event_search(user: User) -> Work:
    """The newest fifty events with the words, ids and what a row begins with, as the list page asks for them."""
    held = HELD[connection.vendor].format(table="events_eventwords")
    inner = f"event.id IN (SELECT record FROM events_eventwords WHERE {held})"
    bare = EVENTS.format(held=inner, named=NAMED)
    ready = {typed: question_of(clauses(Event, asked(typed), user)) for typed in texts_typed()}

    def ours(typed):
        question = EventQuestion({"q": typed}, Event.objects.visible_to(user), user=user)
        return list(question.qs.values_list("pk", "title", "start_date")[:50])

    def other(typed):
        return rows(bare, [ready[typed], *[user.pk] * 6])

    return Work(ours, other, list(ready))


def names_typed() -> list[str]:
    """As people type names: beginnings, surname and initial, both scripts; of people who are there."""
    dice, typed = Dice(5), []
    last = PersonName._base_manager.order_by("-id").values_list("id", flat=True).first()
    while len(typed) < QUESTIONS:
        name = PersonName._base_manager.filter(id__gte=int(dice.throw() * last), family__gt="").order_by("id").first()
        if name is None:
            continue
        typed.append(
            (name.family[: dice.number(3, 7)], f"{name.family} {name.given[:1]}", name.written())[len(typed) % 3]
        )
    return list(dict.fromkeys(typed))


def texts_typed() -> list[str]:
    """One to three words of events that are there, some of them begun only."""
    dice, typed = Dice(6), []
    last = Event._base_manager.order_by("-id").values_list("id", flat=True).first()
    while len(typed) < QUESTIONS:
        event = Event._base_manager.filter(id__gte=int(dice.throw() * last)).order_by("id").first()
        words = (
            [word for word in f"{event.title} {event.summary} {event.city}".split() if len(word) > 3] if event else []
        )
        if not words:
            continue
        some = [dice.one(words) for _ in range(1 + len(typed) % 3)]
        typed.append(" ".join(some)[:-1] if dice.chance(0.3) else " ".join(some))
    return list(dict.fromkeys(typed))
