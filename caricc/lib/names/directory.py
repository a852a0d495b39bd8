"""People found by what somebody wrote: in memory here, in a database by the same `keys` and then `rank`."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from typing import Generic, NamedTuple, TypeVar

from caricc.lib.names.align import Likeness, compare
from caricc.lib.names.keys import Clause, stages, stored
from caricc.lib.names.parts import parse
from caricc.lib.text import fold

Key = TypeVar("Key", bound=Hashable)

ENOUGH = 50  # candidates after which no looser stage is asked
SCORE, MARGIN = 0.95, 0.03
LEAST = 0.5  # below, it is not worth showing


class Candidate(NamedTuple, Generic[Key]):
    key: Key
    score: float
    reasons: list[str]
    preselected: bool


def rank(written: str, rows: Iterable[tuple[Key, Iterable[str]]], limit: int = 5) -> list[Candidate[Key]]:
    """The rows in order of likeness. The first is preselected when only the spelling differs and no second is near.

    A surname with one initial is never enough, unless that very spelling is on record for one person alone.
    """
    name, folded = parse(written), fold(written)
    found: list[tuple[float, bool, Key, Likeness]] = []
    for key, spellings in rows:
        best: tuple[float, bool, Likeness] | None = None
        for spelling in spellings:
            likeness = compare(name, parse(spelling))
            on_record = fold(spelling) == folded and len(name.parts) + len(name.initials) > 1
            score, sure = (1.0, True) if on_record else (likeness.score, likeness.sure)
            if best is None or (score, sure) > best[:2]:
                best = (score, sure, likeness)
        if best and best[0] >= LEAST:
            found.append((best[0], best[1], key, best[2]))
    found.sort(key=lambda row: (-row[0], not row[1]))
    margin = found[0][0] - found[1][0] if len(found) > 1 else 1.0
    return [
        Candidate(key, score, likeness.reasons, not place and sure and score >= SCORE and margin >= MARGIN)
        for place, (score, sure, key, likeness) in enumerate(found[:limit])
    ]


class Index(Generic[Key]):
    """Which keys hold a token; the stages of a question asked in turn."""

    def __init__(self) -> None:
        self.holders: dict[str, dict[Key, None]] = defaultdict(dict)

    def put(self, key: Key, tokens: Iterable[str]) -> None:
        for token in tokens:
            self.holders[token][key] = None

    def candidates(self, questions: Iterable[list[Clause]]) -> list[Key]:
        found: dict[Key, None] = {}
        for question in questions:
            for key in self._holding_all(question):
                found[key] = None
            if len(found) >= ENOUGH:
                break
        return list(found)

    def _holding_all(self, question: list[Clause]) -> list[Key]:
        sets = [{key: None for token in sorted(clause) for key in self.holders.get(token, ())} for clause in question]
        sets.sort(key=len)
        return [key for key in sets[0] if all(key in others for others in sets[1:])] if sets else []


class Directory(Generic[Key]):
    def __init__(self) -> None:
        self.spellings: dict[Key, list[str]] = {}
        self.index: Index[Key] = Index()

    def add(self, key: Key, *spellings: str) -> None:
        self.spellings.setdefault(key, []).extend(spellings)
        for spelling in spellings:
            self.index.put(key, stored(spelling))

    def ask(self, written: str, limit: int = 5) -> list[Candidate[Key]]:
        keys = self.index.candidates(stages(written))
        return rank(written, ((key, self.spellings[key]) for key in keys), limit)
