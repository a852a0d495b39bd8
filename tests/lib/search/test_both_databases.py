"""The same hits on both databases: each is held against what the keys say in Python, over thousands of rows."""

import sqlite3
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from caricc.lib.search.found import understood
from caricc.lib.search.index import Index
from caricc.lib.search.keys import anywhere, asked, exactly, in_name, whole_key
from caricc.lib.search.tables import _make, sqlite_question
from contacts.models import Person
from events.models import Event
from tests.lib.search.reference import hits

pytestmark = pytest.mark.django_db


@pytest.fixture
def invented(world):
    call_command("synthesize", events=2000, stdout=StringIO())


def questions(kept: dict[int, set[str]]) -> list:
    """Of whole words, beginnings, other forms, several words and none that is there; the same in every run."""
    found = sorted({key[1:] for keys in kept.values() for key in keys if key[0] in "nw" and len(key) > 2})
    some = found[:: max(1, len(found) // 120)]
    typed = [
        *some,
        *(word[:3] for word in some),
        *(f"{one} {other[:4]}" for one, other in zip(some, some[7:], strict=False)),
    ]
    made = [[anywhere(word) for word in asked(text).words] for text in typed]
    made += [[in_name(word, initials=True) for word in asked(text).words] for text in (*typed[:40], "r", "a b")]
    return [*made, [exactly([whole_key(some[0])])], [exactly([])], []]


@pytest.mark.parametrize("label", sorted(Index.of))
def test_a_database_finds_what_the_keys_say(invented, label):
    index = Index.of[label]
    kept = {row.record: set(row.keys.split()) for row in index.table._base_manager.all()}
    assert kept.keys() == set(index.model._base_manager.values_list("pk", flat=True))
    found_something = 0
    for clauses in questions(kept):
        wanted = hits(kept, clauses)
        assert set(index.having(clauses).values_list("record", flat=True)) == wanted, clauses
        found_something += bool(wanted)
    assert found_something > 10


def test_the_other_database_answers_alike_from_the_same_keys(invented):
    """On PostgreSQL: its answers are those of an SQLite that holds the same keys."""
    index = Index.of["events.event"]
    rows = list(index.table._base_manager.values_list("record", "keys"))
    kept = {pk: set(keys.split()) for pk, keys in rows}
    other = sqlite3.connect(":memory:")
    other.execute("CREATE TABLE words (record bigint PRIMARY KEY, keys text)")
    _make(
        "words", None, type("Editor", (), {"execute": other.execute, "connection": type("", (), {"vendor": "sqlite"})})
    )
    other.executemany("INSERT INTO words VALUES (?, ?)", rows)
    for clauses in questions(kept)[:-2]:
        sql = "SELECT rowid FROM words_fts WHERE words_fts MATCH ?"
        there = {pk for (pk,) in other.execute(sql, [sqlite_question(clauses)])}
        assert set(index.having(clauses).values_list("record", flat=True)) == there
    other.close()


def test_words_mean_the_same_through_a_question_as_in_the_keys(invented, world):
    people = Person.objects.visible_to(world.analyst)
    name = people.order_by("pk").last().name
    for typed in (name, name.upper(), " ".join(reversed(name.split())), name.split()[0][:3]):
        meant = understood(Person, typed, world.analyst)
        assert not meant.within
        assert people.filter(name=name).first() in people.matching(typed, world.analyst)


def test_a_part_of_a_name_finds_it_where_no_name_begins_so(world):
    found = Person.objects.visible_to(world.analyst).matching("arimo", world.analyst)
    assert list(found) == [world.director]
    assert not Event.objects.visible_to(world.analyst).matching("alks", world.analyst).exists()


def test_the_index_is_used(invented):
    """The plan of a question names the index, not a scan of all keys."""
    index = Index.of["events.event"]
    rows = index.having([anywhere(asked("precursor").words[0])])
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        assert "events_eventwords_keys" in rows.explain()
    else:
        assert "VIRTUAL TABLE" in rows.explain()
