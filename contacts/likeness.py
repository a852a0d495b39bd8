"""How likely two records are one and the same, and why. The one judge of lists, warnings and refusals.

People are judged by their names alone. Bodies by their names, but never across states or seats, and never a body and
its own part: "Ministry of Internal Affairs of X" and "of Y" are as near as strings can be.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from caricc.lib.names import keys as people
from caricc.lib.names import organizations, parts
from caricc.lib.names.align import TYPO, Likeness, compare, words_likeness
from caricc.lib.names.spelling import bones
from caricc.lib.search.index import Index
from caricc.lib.text import fold
from contacts.different import Different, DifferentOrganizations, DifferentPeople
from contacts.models import Organization, Person
from contacts.names import names_of_organizations, names_of_people

HINT = 0.8  # while somebody types: a surname alone, which proves nothing
LIKELY = 0.9  # from here on two records may be the same: proposed, warned of
CROWD = 40  # records that have a key in common: in a larger crowd it says nothing

DIFFERENT: dict[type, type[Different]] = {Person: DifferentPeople, Organization: DifferentOrganizations}


class Judged(NamedTuple):
    score: float
    reasons: tuple[str, ...] = ()


NOT = Judged(0.0)


def in_words(score: float) -> str:
    if score >= 1:
        return _("the same name")
    if score >= 0.97:
        return _("almost certainly the same")
    if score >= LIKELY:
        return _("very likely the same") if score >= 0.94 else _("likely the same")
    return _("perhaps the same")


def not_the_same(model, ids: Iterable[int]) -> set[tuple[int, int]]:
    """The pairs of these records, smaller id first, that somebody said are different."""
    ids = set(ids)
    pairs = DIFFERENT[model].pairs().filter(first__in=ids) | DIFFERENT[model].pairs().filter(second__in=ids)
    return {(min(pair), max(pair)) for pair in pairs.values_list("first", "second")}


def _is_another(found: Likeness) -> bool:
    """Two letters differ in a part, and no third part speaks for it: Liranov and Likanov of one given name are two."""
    for kind, *written in found.facts:
        if kind != TYPO:
            continue
        first, second = (parts.parse(word).full[:1] for word in written)
        if not first or not second or words_likeness(first[0], second[0])[0] >= 0.87:
            continue
        longer = first[0].startswith(second[0]) or second[0].startswith(first[0])
        if not longer and (len(found.facts) < 3 or first[0][0] != second[0][0]):
            return True
    return False


class People:
    """A person is told by a tuple of names."""

    model = Person

    @staticmethod
    def told(ids) -> dict[int, tuple[str, ...]]:
        return {pk: tuple(names) for pk, names in names_of_people(ids).items()}

    @staticmethod
    def judge(one: tuple[str, ...], other: tuple[str, ...], reasons: bool = False) -> Judged:
        """By the two names that are most alike; where both are known in full, initials prove nothing."""
        full = [[name for name in names if len(parts.parse(name).parts) > 1] for names in (one, other)]
        best, why = 0.0, None
        for first in full[0] if all(full) else one:
            for second in full[1] if all(full) else other:
                found = compare(parts.parse(first), parts.parse(second))
                name = parts.parse(first)
                same = fold(first) == fold(second) and len(name.parts) + len(name.initials) > 1
                score = 1.0 if same else 0.0 if _is_another(found) else min(found.score, 0.99)
                if score > best:
                    best, why = score, found
        return Judged(round(best, 2), tuple(why.reasons) if reasons and why else ())

    @staticmethod
    def stages(told: tuple[str, ...]) -> Iterator[list[list[frozenset[str]]]]:
        for name in told:
            yield people.stages(name)[:3]

    @staticmethod
    def blocks(told: tuple[str, ...]) -> tuple[set[Any], set[Any]]:
        """Keys that two likely records share, and those that records of the very same name share."""
        near: set[Any] = set()
        for written in told:
            name = parts.parse(written)
            spelt = [frozenset(map(bones, part.readings)) for part in name.parts]
            letters = [part.letters for part in name.parts] + [frozenset(initial[:1]) for initial in name.initials]
            for place, skeletons in enumerate(spelt):
                beside = frozenset[str]().union(*(each for at, each in enumerate(letters) if at != place))
                near |= {(skeleton, letter) for skeleton in skeletons for letter in beside}
        return near, {" ".join(sorted(fold(written).split())) for written in told} - {""}


class Body(NamedTuple):
    names: tuple[str, ...]
    country: str = ""
    kind: str = ""
    parent: int | None = None
    seat_country: str = ""
    seat_city: int | None = None
    succeeded_by: int | None = None
    pk: int | None = None


class Bodies:
    model = Organization

    @staticmethod
    def told(ids) -> dict[int, Body]:
        fields = ("country", "kind", "parent", "seat_country", "seat_city", "succeeded_by", "pk")
        names = names_of_organizations(ids)
        rows = Organization._base_manager.filter(pk__in=ids).values_list(*fields)
        return {row[-1]: Body(tuple(names[row[-1]]), *row) for row in rows if row[-1] in names}

    @staticmethod
    def judge(one: Body, other: Body, reasons: bool = False) -> Judged:
        """Of another kind only where a name is the very same."""
        for name in ("country", "seat_country", "seat_city", "parent"):
            values = {getattr(one, name), getattr(other, name)} - {None, ""}
            if len(values) > 1:
                return NOT
        for body, above in ((one, other), (other, one)):
            if above.pk is not None and above.pk in (body.parent, body.succeeded_by):
                return NOT
        best = NOT
        for asked, held in ((one, other), (other, one)):
            row = organizations.Row(0, held.names, held.country or asked.country, held.kind)
            for name in asked.names:
                for found in organizations.rank(name, [row], 1):
                    if round(found.score, 2) > best.score:
                        best = Judged(round(found.score, 2), tuple(found.reasons))
        return best if best.score >= 1 or not (one.kind and other.kind) or one.kind == other.kind else NOT

    @staticmethod
    def stages(told: Body) -> Iterator[list[list[frozenset[str]]]]:
        for name in told.names:
            yield organizations.organization_stages(name)[:4]

    @staticmethod
    def blocks(told: Body) -> tuple[set[Any], set[Any]]:
        keys = set[str]().union(*(organizations.organization_keys(name) for name in told.names))
        return {key for key in keys if not key.startswith("x")}, {key for key in keys if key.startswith("x")}


JUDGES: dict[type, Any] = {Person: People, Organization: Bodies}


def alike(model, told, rows, without: Iterable[int] = (), least: float = LIKELY) -> list[tuple[float, int]]:
    """[(score, id)] of those of `rows` that are likely the same as the record that is `told` so, the likeliest first."""
    judge, index = JUDGES[model], Index.of[model._meta.label_lower]
    found: dict[int, None] = {}
    for stages in judge.stages(told):
        found.update(dict.fromkeys(index.candidates(rows, stages)))
    others = judge.told(set(found) - set(without))
    scored = [(judge.judge(told, other).score, pk) for pk, other in others.items()]
    return sorted((one for one in scored if one[0] >= least), key=lambda one: (-one[0], one[1]))


def pairs_among(model, told: dict[int, Any], new: set[int] | None = None) -> dict[tuple[int, int], float]:
    """{(smaller id, larger id): score} of all likely pairs, or of those with one of the `new` records."""
    judge = JUDGES[model]
    near: dict[Any, list[int]] = defaultdict(list)
    same: dict[Any, list[int]] = defaultdict(list)
    for pk, one in told.items():
        loose, exact = judge.blocks(one)
        for key in loose:
            near[key].append(pk)
        for key in exact:
            same[key].append(pk)
    asked: set[tuple[int, int]] = set()
    for holders, far in ((near, 0), (same, 5)):
        for ids in holders.values():
            if len(ids) < 2 or (len(ids) > CROWD and not far):
                continue
            ids.sort()
            reach = far if len(ids) > CROWD else len(ids)
            for place, first in enumerate(ids):
                others = ids[place + 1 : place + 1 + reach]
                asked.update((first, second) for second in others if new is None or first in new or second in new)
    found = {}
    for first, second in asked:
        score = judge.judge(told[first], told[second]).score
        if score >= LIKELY:
            found[first, second] = score
    return found
