"""Organizations found by what somebody wrote.

An exact folded alias first: acronym, English, Russian or old name. Otherwise the meaning of the names is compared by
the glossary, where another state, another place or another kind of body rules a match out, and similarity proposes
without ever preselecting: "Ministry of Internal Affairs of X" and "of Y" are as near as strings can be.
"""

import re
from collections.abc import Hashable, Iterable
from hashlib import blake2b
from typing import Generic, NamedTuple, TypeVar

from django.utils.translation import gettext as _

from caricc.lib.names.bodies import HARD, MISSIONS, PARENTHESES, Body, read
from caricc.lib.names.directory import Candidate, Index
from caricc.lib.names.glossary import words
from caricc.lib.names.keys import Clause
from caricc.lib.text import fold

Key = TypeVar("Key", bound=Hashable)

LEAST = 0.15
_WEIGHTS = {"b": 3.0, "k": 0.6, "t": 1.0, "l": 0.3, "c": 0.8, "w": 0.8, "@": 0.8}
_HARD_WEIGHT = 1.5
_PLACE_WEIGHT = 1.5
_OTHER_BODY = 0.5
_LITERAL, _LITERAL_OTHER = 0.95, 0.75
_PARENTS = frozenset(("b:un", "b:eu"))  # told of a body of theirs or left out
_KINDS = {"embassy": "k:embassy", "ministry": "k:ministry"}  # of an organization's kind, where its names say none


def organization_keys(name: str, short: str = "") -> set[str]:
    """Tokens of a stored name and its short name: "x" exact aliases, "o" what it means, "oa" its initials."""
    found: set[str] = set()
    for each in filter(None, (name, short)):
        body = read(each)
        found.update(map(_exact_token, body.aliases))
        found.update(_token(concept) for concept in body.concepts | body.literal)
        found.update(_token("@" + state) for state in body.states | body.at)
        found.update("oa" + body.initialism[:size] for size in range(3, min(len(body.initialism), 12) + 1))
    return found


def state_keys(country: str) -> set[str]:
    """The token of the state whose organ a body is, where that is known beside its names."""
    return {_token("@" + country)} if country else set()


def organization_stages(written: str) -> list[list[Clause]]:
    """As `keys.stages`: exact aliases, then bodies, then what is told of subject and state, then anything told."""
    body = read(written)
    told = {c for c in body.concepts if c[0] in "bt" or c in HARD}
    other = body.concepts - told
    places = body.of | body.at
    asked: list[list[set[str]]] = [[set(map(_exact_token, body.aliases))]]
    if len(words(written)) == 1:
        asked.append([{"oa" + re.sub("[^a-z0-9]", "", fold(written))[:12]}])
    if body.bodies:
        asked.append([{_token(concept) for concept in body.bodies}])
    if places and told:
        asked.append([{_token(c) for c in told}, {_token("@" + state) for state in places}])
    asked.append([{_token(concept) for concept in told}])
    asked.append([{_token(concept) for concept in body.literal if concept[0] == "t" or concept in HARD}])
    asked.append([{_token(concept) for concept in other if not concept.startswith("l:")}])
    asked.append([{_token(concept) for concept in body.concepts} | {_token("@" + state) for state in places}])
    return [[frozenset(clause) for clause in stage] for stage in asked if all(stage)]


def _exact_token(alias: str) -> str:
    """A long name is kept by its beginning and a digest of the whole, so that an index stays small."""
    return "x" + (alias if len(alias) <= 40 else alias[:24] + blake2b(alias.encode(), digest_size=8).hexdigest())


def _token(concept: str) -> str:
    return "o" + re.sub("[^a-z0-9]", "", concept.replace("@", "s").lower())[:40]


class Row(NamedTuple, Generic[Key]):
    """One organization: all its names, the state whose organ it is, its kind."""

    key: Key
    names: tuple[str, ...]
    country: str = ""
    kind: str = ""


def rank(written: str, rows: Iterable[Row[Key]], limit: int = 5) -> list[Candidate[Key]]:
    """The rows in order; the first is preselected only if what was written is an alias of it and of no other row."""
    asked = read(written)
    found: list[tuple[float, Key, list[str]]] = []
    exact = 0
    for row in rows:
        best: tuple[float, list[str]] = (0.0, [])
        for name in (*row.names, *_in_parentheses(row.names)):
            score, reasons = _likeness(written, asked, read(name), row)
            if score > best[0]:
                best = (score, reasons)
        if best[0] >= LEAST:
            exact += best[0] == 1.0
            found.append((best[0], row.key, best[1]))
    found.sort(key=lambda each: -each[0])
    return [Candidate(key, round(score, 4), why, exact == 1 and score == 1.0) for score, key, why in found[:limit]]


def _in_parentheses(names: Iterable[str]) -> list[str]:
    """Other names that stand in parentheses: "General Directorate of Security (Turkish National Police)"."""
    found = [inside for name in names for inside in PARENTHESES.findall(name)]
    return [inside for inside in found if len(inside.split()) > 1 and inside.upper() != inside]


def _likeness(written: str, asked: Body, held: Body, row: Row[Key]) -> tuple[float, list[str]]:
    if asked.aliases & held.aliases:
        return 1.0, [_("the name is on record")]
    theirs = held.of or frozenset((row.country,) if row.country else held.implied)
    if _ruled_out(asked, held, theirs, row.kind):
        return 0.0, []
    score, reasons = _meaning(asked.concepts, held.concepts, asked, held, theirs)
    if asked.literal != asked.concepts or held.literal != held.concepts:
        literal, told = _meaning(asked.literal, held.literal, asked, held, theirs)
        others = asked.bodies and held.bodies and not asked.bodies & held.bodies
        literal *= _LITERAL_OTHER if others else _LITERAL
        if literal > score:
            score, reasons = literal, told
    if len(words(written)) == 1 and held.initialism:
        acronym = fold(written).replace(" ", "")
        if len(acronym) > 2 and (
            held.initialism == acronym or (len(acronym) > 3 and held.initialism.startswith(acronym))
        ):
            score = max(score, 0.8)
            reasons.append(_("%(acronym)s are its first letters") % {"acronym": written})
    return min(score, 0.94), reasons


def _meaning(
    mine: frozenset[str], yours: frozenset[str], asked: Body, held: Body, theirs: frozenset[str]
) -> tuple[float, list[str]]:
    common = mine & yours
    total = _weight(mine) + _weight(yours)
    shared = 2 * _weight(common)
    states = (asked.states, theirs), (asked.at, held.at)
    reasons = []
    for (one, other), weight in zip(states, (_WEIGHTS["@"], _PLACE_WEIGHT), strict=True):
        total += weight * (bool(one) + bool(other))
        if one & other:
            shared += 2 * weight
            reasons.append(_("same state"))
    score = shared / total if total else 0.0
    if not common:
        score *= 0.5
    if mine is asked.concepts and asked.bodies and held.bodies and not asked.bodies & held.bodies:
        score *= _OTHER_BODY
    if (mine ^ yours) & HARD:
        score *= 0.85
    if asked.bodies & held.bodies:
        reasons.insert(0, _("same body by the glossary"))
    elif common:
        reasons.insert(0, _("names of like meaning"))
    return score, reasons


def _ruled_out(asked: Body, held: Body, theirs: frozenset[str], kind: str) -> bool:
    """Another state, another place, another kind."""
    mine = asked.states
    if asked.at and held.at and not asked.at & held.at:
        return True
    shared = asked.bodies & held.bodies
    ours = asked.hard
    yours = held.hard or frozenset({_KINDS[kind]} if kind in _KINDS else ())
    if bool(ours & MISSIONS) != bool(yours & MISSIONS) and not shared:
        return True
    if ours and yours and not ours & yours and not shared:
        return True
    if (ours | yours) & MISSIONS:
        return bool(mine and theirs and not mine & theirs)
    everywhere, there = mine | asked.at, theirs | held.at
    if everywhere and there and not everywhere & there:
        return True
    return bool(asked.of and held.of and not asked.of & held.of and not (asked.of & held.at or asked.at & held.of))


def _weight(concepts: Iterable[str]) -> float:
    return sum(
        _HARD_WEIGHT if concept in HARD else 1.0 if concept in _PARENTS else _WEIGHTS[concept[0]]
        for concept in concepts
    )


class OrganizationDirectory(Generic[Key]):
    def __init__(self) -> None:
        self.rows: dict[Key, Row[Key]] = {}
        self.index: Index[Key] = Index()

    def add(self, key: Key, *names: str, country: str = "", kind: str = "") -> None:
        before = self.rows.get(key, Row(key, ()))
        self.rows[key] = Row(key, (*before.names, *names), country or before.country, kind or before.kind)
        for name in names:
            self.index.put(key, organization_keys(name))
        self.index.put(key, state_keys(country))

    def ask(self, written: str, limit: int = 5) -> list[Candidate[Key]]:
        keys = self.index.candidates(organization_stages(written))
        return rank(written, (self.rows[key] for key in keys), limit)
