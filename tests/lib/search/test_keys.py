"""Which keys texts are kept under and questions ask for."""

from hypothesis import given
from hypothesis import strategies as st

from caricc.lib.search.keys import (
    Key,
    anywhere,
    ascii_key,
    asked,
    in_name,
    in_text,
    name_keys,
    party_keys,
    text_keys,
    whole_key,
)
from caricc.lib.text import fold, words
from tests.lib.search.reference import holds

TEXTS = st.text(st.characters(codec="utf-8"), max_size=80)
LETTERS = st.text("abcdefghijклмнопрёйқү 'ə12-_.،ع", max_size=60)


@given(TEXTS | LETTERS)
def test_words_are_those_of_the_folded_text(text):
    assert [word.folded for word in words(text)] == fold(text).split()


@given(TEXTS | LETTERS)
def test_keys_are_ascii_letters_and_digits_whatever_the_script(text):
    for key in name_keys(text) | text_keys(text) | party_keys(text):
        assert key.isascii()
        assert key.isalnum()
        assert 2 <= len(key) <= 41


@given(TEXTS | LETTERS)
def test_every_word_of_a_text_is_found_in_it(text):
    for word in asked(text).words:
        assert holds(text_keys(text), in_text(word))
        assert holds(name_keys(text), in_name(word))
        assert holds(party_keys(text), anywhere(word))


@given(TEXTS | LETTERS, st.integers(1, 6))
def test_a_name_is_found_by_the_beginning_of_each_word(text, letters):
    for word in fold(text).split():
        begun = asked(word[: max(letters, 2)]).words[0]
        assert holds(name_keys(text), in_name(begun))


@given(st.lists(LETTERS, max_size=4))
def test_a_whole_name_is_the_same_in_any_order(parts):
    assert whole_key(" ".join(parts)) == whole_key(" ".join(reversed(parts)))


@given(TEXTS, TEXTS)
def test_the_beginning_of_a_word_is_the_beginning_of_its_key(first, rest):
    assert ascii_key(fold(first + rest)).startswith(ascii_key(fold(first + rest)[:2])[:1])
    assert ascii_key(first + rest).startswith(ascii_key(first)[:40])


def test_forms_of_a_word_find_each_other_in_either_language():
    for one, other in (
        ("meetings", "meeting"),
        ("agreed", "agreeing"),
        ("встречи", "встреча"),
        ("Агентства", "агентство"),
    ):
        assert holds(text_keys(one), in_text(asked(other).words[0])), (one, other)


def test_short_words_are_not_taken_for_beginnings_in_texts():
    (short,) = asked("of").words
    assert not holds(text_keys("office"), in_text(short))
    assert holds(text_keys("office"), in_text(asked("off").words[0]))


def test_a_letter_stands_for_a_word_in_names_of_people_only():
    (letter,) = asked("r").words
    assert Key("nr", begins=True) in in_name(letter, initials=True)
    assert Key("nr", begins=False) in in_name(letter)
