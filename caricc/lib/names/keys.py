"""What is stored of a name so that it can be found, and what to ask for, from the most telling to the loosest.

Tokens are ASCII: "k" and the skeleton of a full part, "d" and a long skeleton as it is and without one letter, "r" and
the skeleton of a surname without its ending, "g" and a letter that a full part can be cut to, "i" and an initial.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from caricc.lib.names.parts import Name, Part, parse
from caricc.lib.names.spelling import bones, initial_letters

Clause = frozenset[str]

LONG = 4  # shorter skeletons with a letter taken out say nothing
LONGEST = 24  # of what is no name, no more is kept
ENDINGS = re.compile(r"(?:[oe]va?|zod[ae]?|zad[ae]?|ion|i)$")


def stored(written: str) -> set[str]:
    """The tokens of one spelling."""
    name = parse(written)
    tokens: set[str] = set()
    for part in name.parts:
        tokens |= _exact(part) | _loose(part) | _roots(part)
        tokens.update("g" + letter for letter in part.letters)
    for joined in joins(name):
        tokens |= _exact_words((joined,)) | _loose_words((joined,))
    for initial in name.initials:
        tokens.update("i" + letter for letter in initial_letters(initial))
    return tokens


def stages(written: str) -> list[list[Clause]]:
    """Queries to try in turn until there are some fifty candidates: every clause of a stage must share a token."""
    name = parse(written)
    exact = [_exact(part) for part in name.parts]
    loose = [_exact(part) | _loose(part) | _roots(part) for part in name.parts]
    cut = [frozenset("i" + letter for letter in part.letters) for part in name.parts]
    initials = [
        frozenset(kind + letter for letter in initial_letters(initial) for kind in "gi") for initial in name.initials
    ]
    glued = frozenset[str]().union(*(_exact_words((joined,)) | _loose_words((joined,)) for joined in joins(name)))
    found: list[list[Clause]] = []
    if not exact:
        return [initials] if initials else []
    if len(exact) + len(initials) > 1:
        found.append(exact + initials)
        both = [part | letter for part, letter in zip(exact, cut, strict=True)] + initials
        found.append([_any(exact), *two_of(both)])
        either = [part | letter for part, letter in zip(loose, cut, strict=True)] + initials
        found.append([_any(loose), *two_of(either)])
    if glued:
        found.append([glued])
    order = sorted(range(len(exact)), key=lambda i: (name.parts[i].patronymic, -len(name.parts[i].readings[0])))
    found.extend([exact[i]] for i in order)
    found.extend([loose[i]] for i in order if loose[i] != exact[i])
    return [stage for stage in found if all(stage)]


def two_of(items: list[Clause]) -> list[Clause]:
    """ "At least two of these hold", as clauses that must all hold: leave out any one, and another holds still."""
    return list(dict.fromkeys(_any(items[:i] + items[i + 1 :]) for i in range(len(items))))


def joins(name: Name) -> Iterable[str]:
    """Neighbouring parts written as one: "Nur Sultan", "Mac Gregor"."""
    return [first + second for first, second in zip(name.full, name.full[1:], strict=False)]


@lru_cache(maxsize=65536)
def _exact(part: Part) -> Clause:
    return _exact_words(part.readings)


@lru_cache(maxsize=65536)
def _loose(part: Part) -> Clause:
    return _loose_words(part.readings)


@lru_cache(maxsize=65536)
def _roots(part: Part) -> Clause:
    return frozenset("r" + bones(root_)[:LONGEST] for root_ in filter(None, map(root, part.readings)))


def root(word: str) -> str:
    """A folded surname without -ov, -zoda, -iyon: Tajik families went from one to the other. Empty for other words."""
    found = ENDINGS.sub("", word)
    return found if len(found) >= 4 and found != word else ""


def _exact_words(words: Iterable[str]) -> Clause:
    return frozenset("k" + bones(word)[:LONGEST] for word in words)


def _loose_words(words: Iterable[str]) -> Clause:
    found = set()
    for word in words:
        kept = bones(word)[:LONGEST]
        if len(kept) >= LONG:
            found.add("d" + kept)
            found.update("d" + kept[:i] + kept[i + 1 :] for i in range(len(kept)))
    return frozenset(found)


def _any(clauses: Iterable[Clause]) -> Clause:
    return frozenset[str]().union(*clauses)
