"""What the words of organizations' names mean, in English and Russian: bodies, kinds, subjects, states, towns.

`glossary.tsv` and `states.tsv` beside this file are the data; names of states come from django_countries in both
languages. Words are compared by their stems (Snowball), acronyms only where they are written as such.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import snowballstemmer
from django.utils import translation
from django_countries import countries
from rapidfuzz.distance import OSA

from caricc.lib.names.spelling import bones, one_script, regional
from caricc.lib.text import clean_text, fold

_HERE = Path(__file__).parent
_ENGLISH, _RUSSIAN = snowballstemmer.stemmer("english"), snowballstemmer.stemmer("russian")
_CYRILLIC = re.compile("[\u0400-\u052f]")
_DOTTED = re.compile(r"\b(?:\w\.){2,}")
_JOINED = re.compile(r"\b(anti|counter|inter|co|анти|контр)-(?=\w)", re.IGNORECASE)
_POSSESSIVE = re.compile(r"(?<=\w)['’]s?\b")
_SPELLINGS = [
    (re.compile(pattern), into)
    for pattern, into in (
        (r"isation", "ization"),
        (r"ising$", "izing"),
        (r"ised$", "ized"),
        (r"programme", "program"),
        (r"centre", "center"),
        (r"defence", "defense"),
        (r"labour", "labor"),
        (r"^(anti|counter)(?:terror\w*)$", "antiterrorist"),
        (r"^(anti|counter)narcotics?$", "antinarcotic"),
        (r"^terrorists?$", "terrorism"),
    )
]
IGNORED = frozenset(
    [
        "of",
        "the",
        "and",
        "for",
        "to",
        "in",
        "on",
        "with",
        "a",
        "an",
        "by",
        "its",
        "their",
        "under",
        "at",
        "from",
        "de",
        "republic",
        "including",
        "de",
        "la",
        "i",
        "po",
        "na",
        "pri",
        "v",
        "vo",
        "ob",
        "o",
        "ot",
        "s",
        "so",
        "za",
        "dlya",
        "iz",
        "ikh",
        "nad",
        "k",
        "mezhdu",
        "respublik",
    ]
)
_PLACED = frozenset(["in", "to", "at", "v", "vo"])


class Word(NamedTuple):
    written: str
    stem: str
    acronym: str  # "" where it is not written as one


class Node:
    """A step in the phrases of the glossary."""

    __slots__ = ("meaning", "next")

    def __init__(self) -> None:
        self.next: dict[str, Node] = {}
        self.meaning: tuple[str, ...] = ()


class Meaning(NamedTuple):
    """A stretch of a name: its concepts ("" prefix "w:" for a word of no phrase), and whether "in" stands before it."""

    concepts: tuple[str, ...]
    placed: bool
    words: tuple[Word, ...]


@lru_cache(maxsize=32768)
def stem(word: str) -> str:
    lowered = one_script(word.lower().replace("ё", "е"))
    if _CYRILLIC.search(lowered):
        return fold(_RUSSIAN.stemWord(lowered))
    folded = fold(lowered).replace(" ", "")
    for pattern, into in _SPELLINGS:
        folded = pattern.sub(into, folded)
    return _ENGLISH.stemWord(folded) if folded else ""


@lru_cache(maxsize=16384)
def words(name: str) -> tuple[Word, ...]:
    text = clean_text(unicodedata.normalize("NFKC", name))
    text = _DOTTED.sub(lambda found: found.group().replace(".", "") + " ", text)
    text = _POSSESSIVE.sub("", _JOINED.sub(r"\1", text)).replace("_", " ")
    found = [piece for piece in re.findall(r"\w+", text) if not piece.isdigit() or len(piece) > 2]
    few = len(found) <= 2
    return tuple(
        Word(piece, stem(piece), f"^{fold(piece)}" if _is_acronym(piece) or (few and len(piece) <= 8) else "")
        for piece in found
    )


def _is_acronym(piece: str) -> bool:
    return 2 <= len(piece) <= 12 and sum(ch.isupper() for ch in piece[1:]) > 0


def meanings(name: str, literal: bool = False) -> list[Meaning]:
    """The name read from left to right, the longest phrase first; words that say nothing are left out.

    Read literally, a body is what the words of its English name say, so that another wording of it is met.
    """
    found = _read(name, _phrases(literal))
    if not literal:
        return found
    spelt = _spelt_out()
    return [
        meaning._replace(
            concepts=tuple(said for concept in meaning.concepts for said in spelt.get(concept, (concept,)))
        )
        for meaning in found
    ]


def _read(name: str, root: Node) -> list[Meaning]:
    pieces = tuple(_mended(word) for word in words(name))
    found: list[Meaning] = []
    placed, at = False, 0
    while at < len(pieces):
        length, concepts = _longest(root, pieces, at)
        if length:
            found.append(Meaning(concepts, placed, pieces[at : at + length]))
            placed, at = False, at + length
            continue
        word = pieces[at]
        at += 1
        if fold(word.written) in _PLACED and not word.written.isupper():
            placed = True
        elif word.stem in IGNORED or fold(word.written) in IGNORED:
            continue
        else:
            found.append(Meaning((f"w:{bones(regional(word.stem)) or word.stem}",), False, (word,)))
            placed = False
    return found


def _mended(word: Word) -> Word:
    """A long word with one slip of the finger becomes the word of the glossary that was meant, if only one was."""
    known = _known()
    if len(word.stem) < 6 or word.stem in known or word.acronym:
        return word
    near = {found for cut in _cuts(word.stem) for found in _cut_words().get(cut, ())}
    near = {found for found in near if OSA.distance(found, word.stem) == 1}
    return word._replace(stem=near.pop()) if len(near) == 1 else word


def nearest_acronym(written: str) -> tuple[str, ...]:
    """The concepts of the one acronym that differs from this by a letter ("UNDOC"); empty where none or several do."""
    folded = f"^{fold(written)}"
    if len(folded) < 5:
        return ()
    found = {
        node.meaning
        for acronym, node in _phrases().next.items()
        if acronym[0] == "^"
        and node.meaning
        and len(acronym) > 4
        and OSA.distance(acronym, folded, score_cutoff=1) == 1
    }
    return found.pop() if len(found) == 1 else ()


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    found: set[str] = set()
    waiting = [_phrases()]
    while waiting:
        node = waiting.pop()
        found.update(node.next)
        waiting.extend(node.next.values())
    return frozenset(found)


@lru_cache(maxsize=1)
def _cut_words() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word in _known():
        if len(word) > 4 and word[0] != "^":
            for cut in _cuts(word):
                found.setdefault(cut, []).append(word)
    return found


def _cuts(word: str) -> set[str]:
    return {word} | {word[:at] + word[at + 1 :] for at in range(len(word))}


def _longest(root: Node, pieces: tuple[Word, ...], start: int) -> tuple[int, tuple[str, ...]]:
    """How many words the longest phrase from here takes, and its concepts."""
    best: tuple[int, tuple[str, ...]] = (0, ())
    waiting = [(root, start, True)]
    while waiting:
        node, at, stepped = waiting.pop()
        if stepped and node.meaning and at - start > best[0]:
            best = (at - start, node.meaning)
        if at == len(pieces):
            continue
        word = pieces[at]
        for key in (word.acronym, word.stem):
            if key and key in node.next:
                waiting.append((node.next[key], at + 1, True))
        if at > start and (word.stem in IGNORED or fold(word.written) in IGNORED):
            waiting.append((node, at + 1, False))
    return best


def _lay(root: Node, phrase: str, concepts: tuple[str, ...], capitals: bool = True) -> None:
    node = root
    for word in words(phrase):
        if word.stem in IGNORED or fold(word.written) in IGNORED:
            continue
        key = word.acronym if capitals and _is_acronym(word.written) else word.stem
        node = node.next.setdefault(key, Node())
    if node is not root and not node.meaning:
        node.meaning = concepts


def _lay_declined(root: Node, phrase: str, concepts: tuple[str, ...]) -> None:
    """Китай has another stem than Китая, for Snowball."""
    _lay(root, phrase, concepts)
    if phrase.endswith("ай"):
        for end in "яюе":
            _lay(root, phrase[:-1] + end, concepts)


@lru_cache(maxsize=1)
def _spelt_out() -> dict[str, tuple[str, ...]]:
    """What the longest English name of each body says, word by word."""
    found: dict[str, tuple[str, ...]] = {}
    for row in _rows("glossary.tsv"):
        concepts = row[0].split()
        longest = max(_several(row[1:2]), key=lambda phrase: len(phrase.split()), default="")
        bodies = [concept for concept in concepts if concept.startswith("b:")]
        alone = len(bodies) == 1 and not any(concept[0] in "kt" for concept in concepts)
        if alone and bodies[0] not in found and len(longest.split()) > 2:
            told = {concept for meaning in _read(longest, _phrases(True)) for concept in meaning.concepts}
            found[bodies[0]] = tuple(sorted(told))
    return found


@lru_cache(maxsize=2)
def _phrases(literal: bool = False) -> Node:
    root = Node()
    for row in _rows("glossary.tsv"):
        for phrase in _several(row[1:]):
            if literal and row[0].startswith("b:") and len(phrase.split()) > 2:
                continue
            _lay(root, phrase, tuple(row[0].split()))
    for state, *columns in _rows("states.tsv"):
        for phrase in _several(columns[:2]):
            _lay_declined(root, phrase, (f"@{state}",))
        english, russian = ([town for town in column.split("|") if town] for column in ([*columns, "", ""])[2:4])
        for number, town in enumerate(english):
            _lay(root, town, (f"c:{state}{number}",))
        for number, town in enumerate(russian):
            same = min(number, len(english) - 1)
            _lay_declined(root, town, (f"c:{state}{same if not town.islower() else 0}",))
    for language in ("en", "ru"):
        with translation.override(language):
            named = [(country.code, re.sub(r"\(.*?\)|,.*", "", country.name)) for country in countries]
        for code, called in named:
            _lay_declined(root, called, (f"@{code}",))
    return root


def _rows(file: str) -> Iterator[list[str]]:
    for line in (_HERE / file).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def _several(columns: Iterable[str]) -> Iterator[str]:
    for column in columns:
        yield from filter(None, column.split("|"))
