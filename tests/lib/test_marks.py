"""What was found in a text, as marks and as reasons: by the same keys as in the database."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caricc.lib.search.instead import instead, other_keyboard, shorter
from caricc.lib.search.keys import asked
from caricc.lib.search.marks import NAMES, PARTIES, TEXTS, TITLES, WIDTH, Finder, Found, Source, pieces, why
from caricc.lib.text import words

TEXT = st.text() | st.text("abcЖиёйҚğ'ʼ’-. <>&\"\u0301\u200bﬁ½", max_size=40)


def finder(typed, **options):
    return Finder(asked(typed), **options)


def marks(html):
    return [unescape(one) for one in re.findall("<mark>(.*?)</mark>", html)]


def bare(html):
    return unescape(html.replace("<mark>", "").replace("</mark>", ""))


@given(TEXT)
def test_the_words_of_the_pieces_are_the_words_of_the_text(text):
    assert [word for start, end in pieces(text) for word in words(text[start:end])] == list(words(text))


@given(TEXT, st.text(max_size=12), st.sampled_from([NAMES, TITLES, PARTIES, TEXTS]), st.booleans())
def test_a_marked_text_without_its_marks_is_the_text_and_nothing_else_is_html(text, typed, keys, within):
    html = finder(typed, within=within).marked(text, keys)
    assert bare(html) == text
    assert set(re.findall("<[^>]*>", html)) <= {"<mark>", "</mark>"}
    assert html.count("<mark>") == html.count("</mark>")


@given(TEXT)
def test_a_text_is_marked_wherever_one_asks_for_its_words(text):
    for start, end in pieces(text):
        for word in words(text[start:end]):
            if len(word.folded) > 2:
                assert any((one.start, one.end) == (start, end) for one in finder(word.folded).places(text, TEXTS))


@given(TEXT, TEXT)
def test_a_snippet_is_part_of_the_text_and_shows_what_was_found(text, more):
    whole = f"{text} {'before ' * 40}needle{' after' * 40} {more}"
    html = finder("needle").snippet(whole)
    assert "needle" in marks(html)
    assert bare(html).removeprefix("… ").removesuffix(" …") in " ".join(whole.split())
    assert len(bare(html)) <= WIDTH + len("… needle …")


def test_a_word_without_end_does_not_make_a_snippet_endless():
    html = finder("needle").snippet("x" * 5000 + " needle " + "y" * 5000)
    assert marks(html) == ["needle"]
    assert len(bare(html)) < 2 * WIDTH


@pytest.mark.parametrize(
    ("typed", "text", "keys", "found"),
    [
        ("miralizoda", "Мирализода Рустам", NAMES, ["Мирализода"]),
        ("Мирализода Р", "Rustam Miralizoda", NAMES, ["Rustam", "Miralizoda"]),
        ("встречи", "Встреча с послом", TITLES, ["Встреча"]),
        ("meeting", "Two meetings, one visit", TEXTS, ["meetings"]),
        ("tash", "Tashkent–Almaty", TEXTS, ["Tashkent"]),
        ("МВД", "(MVD)", NAMES, ["MVD"]),
        ("oneill", "Mr O’Neill", NAMES, ["O’Neill"]),
        ("sco", "Scores", TEXTS, ["Scores"]),
        ("co", "SCO", TEXTS, []),
        ("b", "<b>bold</b> & b", TEXTS, ["b", "b", "b"]),
        ("кав", "Закавказье", TEXTS, []),
    ],
)
def test_words_are_marked_in_either_script_and_in_other_forms(typed, text, keys, found):
    people = keys is NAMES
    assert marks(finder(typed, initials=people).marked(text, keys)) == found


def test_a_name_that_only_contains_the_word_is_marked_where_that_was_meant():
    assert marks(finder("kavk", within=True).marked("Закавказье")) == ["Закавказье"]
    assert not marks(finder("kavk").marked("Закавказье"))


def test_what_only_sounds_alike_is_said_with_its_name():
    found = finder("Miralezoda").places("Rustam Miralizoda", NAMES)
    assert [one.how for one in found] == [Found.SOUND]
    told = why(finder("Miralezoda"), [Source("name", ("Rustam Miralizoda",), shown=True)])
    assert [(one.label, one.html) for one in told.reasons] == [("same sound", "Miralizoda")]


def test_reasons_are_given_for_what_the_row_does_not_show_and_for_nothing_else():
    shown, former = Source("name", ("Agency",), shown=True), Source("former name", ("State <Committee>",))
    assert not why(finder("agency"), [shown, former]).reasons
    told = why(finder("agency committee state"), [shown, former])
    assert [(one.label, one.html) for one in told.reasons] == [
        ("former name", "<mark>State</mark> &lt;<mark>Committee</mark>&gt;")
    ]
    assert why(finder("agency bureau"), [shown, former]).unexplained == [1]


def test_the_word_itself_goes_before_its_sound():
    shown, alias = Source("name", ("Miralizoda",), shown=True), Source("alias", ("Miralezoda",))
    assert [one.label for one in why(finder("Miralezoda"), [shown, alias]).reasons] == ["alias"]


def test_another_name_is_told_with_the_one_that_the_reader_knows():
    told = why(finder("МВД"), [Source("partner", ("MVO", "МВД РК"), of="Ministry & Co")])
    assert [one.html for one in told.reasons] == ["Ministry &amp; Co (<mark>МВД</mark> РК)"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("vbhfkbpjlf", "мирализода"),
        ("ghjnjrjk", "протокол"),
        ("[fvbljd", "хамидов"),
        ("Vbhfkbpjlf F.", "Мирализода А."),
        ("эгтщвсэ", "'unodc'"),
        ("ЫСЩ", "SCO"),
        ("ьууештп", "meeting"),
    ],
)
def test_the_other_keyboard_is_read_in_both_directions(typed, meant):
    assert meant in other_keyboard(typed)


@given(TEXT)
def test_another_keyboard_always_gives_words_to_ask(text):
    assert all(list(words(one)) and one != text for one in other_keyboard(text))


def test_a_question_is_shortened_by_one_word_at_a_time_and_only_by_words():
    assert shorter("talks xyz") == [("xyz", "talks"), ("talks", "xyz")]
    assert shorter("talks -") == []
    assert shorter("talks") == shorter("a b c d e f g") == []


def test_only_what_finds_something_is_offered():
    found = {"протокол": 3, "talks": 2}
    counted = lambda one: found.get(one, 0)  # noqa: E731
    assert [one.words for one in instead("ghjnjrjk", counted, [])] == ["протокол"]
    assert [(one.words, one.without, one.found) for one in instead("talks xyz", counted, ["Nobody"])] == [
        ("talks", "xyz", 2)
    ]
    assert instead("xyz", counted, ["Nobody"]) == []
