"""Folding, cleaning, ids and the guard against formulas: small things that everything rests on."""

import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caricc.lib.export.sqlite import guard
from caricc.lib.ids import LARGEST, new_code, new_id
from caricc.lib.text import clean_text, fold, fold_words


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Мирализода Рустам", "miralizoda rustam"),
        ("MIRALIZODA  R.", "miralizoda r"),
        ("Щукин-Ёлкин", "shchukin elkin"),
        ("O'zbekiston Respublikasi", "ozbekiston respublikasi"),
        ("Тәжікстан Қазақстан", "tazhikstan qazaqstan".replace("q", "k")),
        ("Nuŕ-Sułtan İstanbul", "nur sultan istanbul"),
        ("ﬁnance №5", "finance no5"),
        ("", ""),
    ],
)
def test_both_scripts_fold_to_the_same_words(written, folded):
    assert fold(written) == folded


@given(st.text())
def test_folding_is_stable_and_leaves_words_with_single_spaces(text):
    once = fold(text)
    assert fold(once) == once
    assert once == " ".join(once.split())


@given(st.text())
def test_every_word_of_a_question_is_found_in_the_text_it_was_taken_from(text):
    folded = fold(text)
    assert all(word in folded for word in fold_words(text))


def test_zero_width_characters_go_except_where_persian_needs_them():
    assert clean_text("CAR\u200bICC\ufeff") == "CARICC"
    assert clean_text("می\u200cخواهم") == "می\u200cخواهم"
    assert clean_text("e\u0301\r\n") == "é\n"


def test_ids_are_positive_fit_into_javascript_and_repeat_only_when_asked_to():
    assert all(0 < new_id() <= LARGEST for _ in range(1000))
    assert new_id(random.Random(1)) == new_id(random.Random(1))
    assert not set(new_code(200)) & set("ILO01" + string.ascii_lowercase)


@pytest.mark.parametrize("text", ["=1+1", "+7 727", "-5", "@sum", "\tx", "\rx", " =1", "＝1", "%x", "|cmd"])
def test_no_cell_is_taken_for_a_formula(text):
    assert guard(text) == f"'{text}"


def test_numbers_and_ordinary_texts_are_left_alone():
    assert [guard(v) for v in ("5", "a=b", None, "", "true", " x; 3")] == ["5", "a=b", None, "", "true", " x; 3"]
