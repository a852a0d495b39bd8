"""What the name of an organization says: bodies, kind, subject, whose organ it is, where it sits, its aliases."""

import re
from functools import lru_cache
from typing import NamedTuple

from caricc.lib.names.glossary import IGNORED, meanings, nearest_acronym, words
from caricc.lib.text import fold

MISSIONS = frozenset(("k:embassy", "k:consulate", "k:mission"))
HARD = MISSIONS | {"k:ministry", "k:academy", "k:university", "k:court", "k:parliament", "k:bank"}
_TOGETHER = (  # subjects told in several words
    (({"t:drugs"}, {"t:combating", "t:control", "t:trafficking", "t:crime"}), "t:drugcontrol"),
    (({"t:finance"}, {"t:monitoring", "t:intelligence"}), "t:finmonitoring"),
    (({"t:corruption"}, {"t:combating"}), "t:anticorruption"),
    (({"t:terrorism"}, {"t:combating"}), "t:terrorism"),
    (({"t:drugcontrol"}, {"t:combating", "t:control", "t:trafficking", "t:crime", "t:drugs"}), "t:drugcontrol"),
)
PARENTHESES = re.compile(r"\s*[(\[]([^)\]]*)[)\]]\s*")


class Body(NamedTuple):
    """What a name says, by the bodies of the glossary and `literal`ly, word by word: `of` is whose organ it is, `at` where it sits; `implied` the state that its acronym implies."""

    concepts: frozenset[str]
    literal: frozenset[str]
    of: frozenset[str]
    at: frozenset[str]
    implied: frozenset[str]
    aliases: frozenset[str]
    initialism: str

    @property
    def bodies(self) -> frozenset[str]:
        return frozenset(concept for concept in self.concepts if concept.startswith("b:"))

    @property
    def hard(self) -> frozenset[str]:
        return self.concepts & HARD

    @property
    def states(self) -> frozenset[str]:
        return self.of or self.implied


@lru_cache(maxsize=16384)
def read(name: str) -> Body:
    concepts: set[str] = set()
    of: set[str] = set()
    at: set[str] = set()
    implied: set[str] = set()
    short = _without_own_acronym(name)
    for meaning in meanings(short):
        alone = len(meaning.concepts) == 1
        for concept in meaning.concepts:
            if concept.startswith("@"):
                (at if meaning.placed and alone else of if alone else implied).add(concept[1:])
            elif concept.startswith("c:"):
                concepts.add(concept)
                at.add(concept[2:4])
            else:
                concepts.add(concept)
    if len(words(name)) == 1 and all(concept.startswith("w:") for concept in concepts):
        near = nearest_acronym(name)
        concepts |= {concept for concept in near if concept[0] != "@"}
        implied |= {concept[1:] for concept in near if concept[0] == "@"}
    literal = {concept for meaning in meanings(short, literal=True) for concept in meaning.concepts}
    literal = {concept for concept in literal if concept[0] != "@"}
    _put_together(concepts)
    _put_together(literal)
    if not concepts & MISSIONS and not of and at and not any(c.startswith("b:") for c in concepts):
        of, at = at, set()  # "the Ministry of Justice in Italy" is of Italy
    return Body(
        concepts=frozenset(concepts),
        literal=frozenset(literal),
        of=frozenset(of),
        at=frozenset(at),
        implied=frozenset(implied),
        aliases=aliases(name),
        initialism=_initialism(name),
    )


def _without_own_acronym(name: str) -> str:
    """Without "(GMCP)" where the glossary does not know it: it says nothing that the words before it do not."""

    def kept(found: re.Match[str]) -> str:
        inside = found.group(1)
        known = any(c[0] != "w" for meaning in meanings(inside) for c in meaning.concepts)
        return found.group() if known or " " in inside.strip() else " "

    return PARENTHESES.sub(kept, name)


def _put_together(concepts: set[str]) -> None:
    for several, one in _TOGETHER:
        if all(concepts & each for each in several):
            concepts -= frozenset[str]().union(*several)
            concepts.add(one)


@lru_cache(maxsize=16384)
def aliases(name: str) -> frozenset[str]:
    """Folded forms under which a name is the same name: without articles, in UN or US spelling, the acronym alone."""
    found = {_alias(name), _alias(PARENTHESES.sub(" ", name))}
    for inside in PARENTHESES.findall(name):
        if len(inside) > 1 and inside.upper() == inside and len(inside.split()) <= 2:
            found.add(_alias(inside))
    short = PARENTHESES.sub(" ", name)
    read_as = meanings(short)
    if len(read_as) == 1 and read_as[0].concepts[0].startswith("b:"):
        found.add("".join(read_as[0].concepts))
    return frozenset(re.sub("[^a-z0-9]", "", alias) for alias in found if alias) - {""}


def _alias(name: str) -> str:
    spelt = [word.stem for word in words(name) if fold(word.written) not in ("the", "of", "a", "an")]
    return "".join(spelt) if any(spelt) else fold(name).replace(" ", "").encode().hex() if not name.isascii() else ""


def _initialism(name: str) -> str:
    told = [
        word
        for word in words(PARENTHESES.sub(" ", name))
        if word.stem not in IGNORED and fold(word.written) not in IGNORED
    ]
    letters = "".join(fold(word.written)[:1] for word in told) if len(told) > 2 else ""
    return re.sub("[^a-z0-9]", "", letters)
