"""Organizations: exact aliases, what rules a match out, what is only proposed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caricc.lib.names.organizations import (
    OrganizationDirectory,
    Row,
    organization_keys,
    organization_stages,
    rank,
    read,
)

ON_RECORD = {
    "unodc-kz": ("UNODC Programme Office in Kazakhstan",),
    "unodc": ("United Nations Office on Drugs and Crime", "UNODC"),
    "sco": ("Shanghai Cooperation Organization", "SCO"),
    "rats": ("SCO Regional Anti-Terrorist Structure (SCO RATS)",),
    "mia-kz": ("Ministry of Internal Affairs of the Republic of Kazakhstan",),
    "mia-kg": ("Ministry of Internal Affairs of the Kyrgyz Republic",),
    "japan": ("Embassy of Japan in Kazakhstan",),
    "consulate": ("Consulate General of Japan in Almaty",),
    "euda": ("European Union Drugs Agency",),
}


@pytest.fixture
def directory():
    made = OrganizationDirectory()
    for key, names in ON_RECORD.items():
        made.add(key, *names)
    return made


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("the S.C.O.", "sco"),
        ("ШОС", "sco"),
        ("UNODC Program Office in Kazakhstan", "unodc-kz"),
        ("SCO RATS", "rats"),
        ("EMCDDA", "euda"),
        ("united nations office on drugs and crime", "unodc"),
        ("Embassy of Japan in Kazakhstan", "japan"),
    ],
)
def test_an_alias_is_preselected(directory, written, key):
    found = directory.ask(written)
    assert (found[0].key, found[0].preselected) == (key, True)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("МВД РК", "mia-kz"),
        ("Kyrgyz Interior Ministry", "mia-kg"),
        ("Посольство Японии в Республике Казахстан", "japan"),
        ("UNODC Almaty Office", "unodc-kz"),
        ("Генконсульство Японии в Алматы", "consulate"),
        ("Исполнительный комитет РАТС ШОС", "rats"),
        ("UNDOC", "unodc"),
        ("Minstry of Internal Afairs of Kazakhstan", "mia-kz"),
    ],
)
def test_another_wording_is_proposed_and_not_preselected(directory, written, key):
    found = directory.ask(written)
    assert (found[0].key, found[0].preselected) == (key, False)


@pytest.mark.parametrize(
    ("written", "never"),
    [
        ("МВД Таджикистана", {"mia-kz", "mia-kg"}),
        ("Ministry of Justice of Japan", {"mia-kz", "mia-kg", "japan", "consulate"}),
        ("Embassy of Kazakhstan in Japan", {"japan", "consulate", "mia-kz"}),
        ("Embassy of Japan in Turkmenistan", {"japan", "consulate"}),
        ("UNODC Programme Office in Tajikistan", {"unodc-kz"}),
        ("Embassy of Italy in Kazakhstan", {"japan", "consulate"}),
    ],
)
def test_another_state_place_or_kind_rules_a_match_out(directory, written, never):
    assert not {candidate.key for candidate in directory.ask(written)} & never


def test_the_state_on_record_counts_where_the_name_does_not_tell_it():
    rows = [Row("kz", ("Drug Enforcement Committee",), "KZ"), Row("kg", ("Drug Enforcement Committee",), "KG")]
    assert [candidate.key for candidate in rank("Drug Enforcement Committee of Kyrgyzstan", rows)] == ["kg"]


def test_an_alias_of_two_is_nobodys():
    rows = [Row(1, ("Anti-Terrorism Centre (ATC)",)), Row(2, ("Advanced Training Centre (ATC)",))]
    assert not any(candidate.preselected for candidate in rank("ATC", rows))


def test_letters_of_a_long_name_are_understood_where_no_glossary_knows_them():
    rows = [Row(1, ("Regional Mountain Rescue Training Academy",)), Row(2, ("Regional Museum",))]
    found = rank("RMRTA", rows)
    assert [(candidate.key, candidate.preselected) for candidate in found] == [(1, False)]


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=60))
def test_any_text_can_be_read_stored_and_asked(text):
    read(text)
    tokens = organization_keys(text)
    assert all(token.isascii() and token.isalnum() and token == token.lower() for token in tokens)
    assert all(clause for stage in organization_stages(text) for clause in stage)


@settings(deadline=None, max_examples=100)
@given(st.sampled_from([name for names in ON_RECORD.values() for name in names]))
def test_a_stored_name_meets_its_own_question_at_once(name):
    assert all(clause & organization_keys(name) for clause in organization_stages(name)[0])
