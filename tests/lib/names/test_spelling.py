"""One spelling for many romanisations."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caricc.lib.names.spelling import letters, one_script, readings, regional, skeleton
from caricc.lib.text import fold
from tests.lib.names.generated import FAMILIES, FATHERS, GIVEN, SCHEMES


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=40))
def test_the_regional_fold_of_any_text_is_ascii_and_stays_what_it_is(text):
    once = regional(text)
    assert regional(once) == once
    assert once == "" or (once.isalnum() and once.isascii() and once == once.lower())


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=40))
def test_the_skeleton_of_any_text_is_the_skeleton_of_its_fold(text):
    assert skeleton(text) == skeleton(regional(text))


@pytest.mark.parametrize(
    "spellings",
    [
        "Dzhumakhon Djumahon Jumakhon Джумахон Ҷумахон",
        "Yazlyyev Язлыев Ýazlyýew Yazliyev Yazlyev",
        "Makhmud Mahmud Maxmud Махмуд Mahmood",
        "Shcherbakov Щербаков Ŝerbakov Schtscherbakow",
        "Shavkat Шавкат Şawkat Šavkat Schawkat",
        "Rakhimov Rahimov Raximov Рахимов",
        "Chary Чары Çary Tschary",
        "Kassymov Kasymov Qasymov Касымов Қасымов",
    ],
)
def test_spellings_of_one_name_become_one(spellings):
    assert len({regional(word) for word in spellings.split()}) == 1


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [("Cəfərov", "Джафаров"), ("Bexultan", "Бексултан"), ("Jurij", "Юрий"), ("Zwetkow", "Цветков"),
     ("Michail", "Михаил"), ("Takashi", "Такаси"), ("Zhang", "Чжан"), ("John", "Джон"), ("Chavkat", "Шавкат")],
)  # fmt: skip
def test_a_letter_with_several_readings_is_read_in_each(latin, cyrillic):
    assert {skeleton(word) for word in readings(latin)} & {skeleton(word) for word in readings(cyrillic)}


def test_the_fold_of_other_uses_is_left_as_it_was():
    assert fold("Джумахон Şükür") == "dzhumakhon sukur"


@pytest.mark.parametrize("word", ["Nазаров", "Рaхимов", "КAРИМОВ"])
def test_letters_of_the_other_script_inside_a_word_are_put_right(word):
    assert one_script(word.lower()).isascii() is False
    assert not set(one_script(word.lower())) & set("aceopxy")


@pytest.mark.parametrize(
    ("initial", "name"),
    [("sh", "Шавкат"), ("s", "Shavkat"), ("yu", "Yusuf"), ("y", "Юсуф"), ("e", "Yerlan"), ("y", "Ерлан"), ("j", "Жасур"),
     ("h", "Khamid"), ("k", "Хамид"), ("v", "William"), ("ch", "Çary")],
)  # fmt: skip
def test_a_name_can_be_cut_to_the_initials_that_people_write(initial, name):
    assert initial in letters(name)


def test_every_romanisation_of_a_common_name_keeps_its_skeleton_in_one_of_its_readings():
    for word in (*FAMILIES, *GIVEN, *FATHERS):
        plain = skeleton(word)
        lost = [
            scheme
            for scheme, write in SCHEMES.items()
            if plain not in {skeleton(reading) for reading in readings(write(word))}
        ]
        assert not lost, (word, lost)
