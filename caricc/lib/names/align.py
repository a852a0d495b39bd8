"""How alike two written names are, and why, in words."""

from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import gettext as _
from rapidfuzz.distance import OSA

from caricc.lib.names.keys import joins, root
from caricc.lib.names.parts import Name, Part, parse
from caricc.lib.names.spelling import bones, frame, initial_letters

Fact = tuple[str, str, str]

SAME, SPELLING, NEAR, ENDING, TYPO, VOWELS, RENAMED, FATHER, OTHER = [
    "same",
    "spelling",
    "near",
    "ending",
    "typo",
    "vowels",
    "renamed",
    "father",
    "other",
]

ONE_NAME = (SAME, SPELLING, NEAR)
ALIKE = 0.7  # below, two parts are two names
_NEAR = {frozenset(pair) for pair in ("ao", "ae", "eo", "ou", "ei")}
# In the first syllable: Bakirov and Bekirov are two.
_TWO_NAMES = {frozenset(pair) for pair in ("ae", "ei", "eo", "ou")}
_GENDER = ("a",)
_CASES = ("u", "e", "om", "em", "im", "i", "oi", "ei", "ogo", "omu")
_DISAGREE, _CONTRADICT, _EXTRA, _CROSSED, _FATHER = 0.30, 0.25, 0.01, 0.02, 0.1


class Likeness(NamedTuple):
    """`sure`: nothing but the spelling differs, and enough parts agree. The facts become words only when asked for."""

    score: float
    sure: bool
    facts: tuple[Fact, ...]

    @property
    def reasons(self) -> list[str]:
        return [_words(fact) for fact in self.facts]


def compare(a: str | Name, b: str | Name) -> Likeness:
    """0 to 1, the same both ways round."""
    first, second = (parse(name) if isinstance(name, str) else name for name in (a, b))
    return _Alignment(first, second).likeness()


class _Alignment:
    def __init__(self, a: Name, b: Name) -> None:
        self.a, self.b = a, b
        self.facts: list[Fact] = []
        self.scores: list[float] = []
        self.kinds: list[str] = []
        self.left, self.right = list(range(len(a.parts))), list(range(len(b.parts)))
        self.agreed = self.against = 0
        self.crossed = False

    def likeness(self) -> Likeness:
        if len(self.left) != len(self.right):
            self._pair_joined(self.a, self.left, self.b, self.right, sure=True)
            self._pair_joined(self.b, self.right, self.a, self.left, sure=True)
        self._pair_parts()
        if (self.left and self.right) or ((self.left or self.right) and not self.scores):
            self._pair_joined(self.a, self.left, self.b, self.right)
            self._pair_joined(self.b, self.right, self.a, self.left)
        rest_a = self._fit(self.a.initials, self.b, self.right)
        rest_b = self._fit(self.b.initials, self.a, self.left)
        rest_a, rest_b = self._between_initials(rest_a, rest_b)
        return self._sum_up(rest_a, rest_b)

    def _pair_parts(self) -> None:
        found = []
        for i in self.left:
            for j in self.right:
                score, kind = part_likeness(self.a.parts[i], self.b.parts[j])
                if score >= ALIKE and self.a.parts[i].patronymic != self.b.parts[j].patronymic:
                    score, kind = score - _FATHER, FATHER
                if score >= ALIKE:
                    found.append((-score, i + j, abs(i - j), i, j, kind))
        found.sort()
        for score, _sum, _apart, i, j, kind in found:
            if i in self.left and j in self.right:
                self.left.remove(i)
                self.right.remove(j)
                self._matched(-score, kind, self.a.parts[i].written, self.b.parts[j].written)

    def _pair_joined(self, several: Name, free: list[int], one: Name, targets: list[int], sure: bool = False) -> None:
        for number, glued in enumerate(joins(several)):
            if number not in free or number + 1 not in free:
                continue
            for j in list(targets):
                if sure and abs(len(glued) - len(one.full[j])) > 2:
                    continue
                score, kind = max(words_likeness(glued, reading) for reading in one.parts[j].readings)
                if score >= 0.93 and (not sure or kind in ONE_NAME):
                    free.remove(number)
                    free.remove(number + 1)
                    targets.remove(j)
                    written = f"{several.parts[number].written} {several.parts[number + 1].written}"
                    self._matched(score, kind, written, one.parts[j].written)
                    self.scores.append(score)
                    self.kinds.append(kind)
                    break

    def _matched(self, score: float, kind: str, first: str, second: str) -> None:
        self.scores.append(score)
        self.kinds.append(kind)
        if kind != SAME or first.casefold() != second.casefold():
            self.facts.append((kind, first, second))
        else:
            self.facts.append(("equal", first, second))

    def _fit(self, initials: tuple[str, ...], other: Name, free: list[int]) -> list[str]:
        """Gives each initial a full part that is still free; those that found none are returned."""
        over: list[str] = []
        last = -1
        for initial in initials:
            meant = initial_letters(initial)
            for j in free:
                if meant & other.parts[j].letters:
                    free.remove(j)
                    self.agreed += 1
                    self.crossed = self.crossed or j < last
                    last = j
                    self.facts.append(("fits", initial, other.parts[j].written))
                    break
            else:
                over.append(initial)
        if over and free:
            self.against += min(len(over), len(free))
            self.facts.append(("against", over[0], other.parts[free[0]].written))
            del free[: len(over)]
            return []
        return over

    def _between_initials(self, rest_a: list[str], rest_b: list[str]) -> tuple[list[str], list[str]]:
        for initial in list(rest_a):
            for other in rest_b:
                if initial_letters(initial) & initial_letters(other):
                    rest_a.remove(initial)
                    rest_b.remove(other)
                    self.agreed += 1
                    self.facts.append(("both", initial, other))
                    break
        if rest_a and rest_b:
            self.against += 1
            self.facts.append(("against", min(rest_a[0], rest_b[0]), max(rest_a[0], rest_b[0])))
        return rest_a, rest_b

    def _sum_up(self, rest_a: list[str], rest_b: list[str]) -> Likeness:
        matched = len(self.scores)
        disagreed = min(len(self.left), len(self.right))
        for i, j in zip(self.left, self.right, strict=False):
            self.facts.append((OTHER, self.a.parts[i].written, self.b.parts[j].written))
        if not matched:
            return Likeness(0.1 if self.agreed else 0.0, False, tuple(self.facts))
        score = sum(self.scores) / matched
        certain = all(kind in (SAME, SPELLING) for kind in self.kinds)
        certain = certain or (matched > 2 and sum(kind not in (SAME, SPELLING) for kind in self.kinds) == 1)
        enough = matched > 1 or self.agreed > 1
        if matched == 1:
            alone = len(self.a.parts) + len(self.a.initials) == len(self.b.parts) + len(self.b.initials) == 1
            if self.agreed > 1:
                score = min(score, 0.97)
            elif self.agreed:
                score = min(score, 0.94)
            else:
                score = min(score, 0.93 if alone else 0.85)
        score -= _DISAGREE * disagreed + _CONTRADICT * self.against + _CROSSED * self.crossed
        over = abs(len(self.left) - len(self.right)) + (len(rest_a) + len(rest_b)) / 2
        score -= _EXTRA * min(over, 3)
        sure = certain and enough and not (disagreed or self.against or self.crossed)
        return Likeness(round(max(score, 0.0), 4), sure, tuple(self.facts))


@lru_cache(maxsize=262144)
def part_likeness(a: Part, b: Part) -> tuple[float, str]:
    """The best of all readings; a reading that is not the usual one is worth a little less."""
    best = (0.0, OTHER)
    for i, first in enumerate(a.readings):
        for j, second in enumerate(b.readings):
            score, kind = words_likeness(first, second)
            if i + j and kind in ONE_NAME:
                score, kind = score - 0.01, NEAR if kind == NEAR else SPELLING
            elif i + j:
                score -= 0.03
            best = max(best, (score, kind))
    if a.patronymic != b.patronymic and best[1] not in ONE_NAME:
        return 0.0, OTHER  # "Hasanov" is not "Hasanovich"
    return best


def words_likeness(a: str, b: str) -> tuple[float, str]:
    """Two folded words: the same, the same but for spelling rules, an ending, a slip of the finger, or other names."""
    if a == b:
        return 1.0, SAME
    return _words_likeness(*sorted((a, b)))


@lru_cache(maxsize=262144)
def _words_likeness(a: str, b: str) -> tuple[float, str]:
    if bones(a) == bones(b):
        return _by_vowels(a, b)
    ending = _by_ending(a, b)
    if ending[0]:
        return ending
    longest, shortest = max(len(a), len(b)), min(len(a), len(b))
    distance = OSA.distance(a, b, score_cutoff=3)
    if distance == 1 and shortest >= 4:
        return (0.93 if longest >= 6 else 0.87), TYPO
    if distance == 2 and longest >= 7:
        return (0.84 if longest >= 8 else 0.76), TYPO
    if distance == 3 and longest >= 11:
        return 0.76, TYPO
    if shortest >= 6 and distance <= 3 and OSA.distance(bones(a), bones(b)) == 1 and len(bones(a)) >= 4:
        return 0.76, TYPO
    first, second = root(a), root(b)
    if first and first == second:
        return 0.82, RENAMED
    return 0.0, OTHER


def _by_vowels(a: str, b: str) -> tuple[float, str]:
    (first, gaps_a), (second, gaps_b) = frame(a), frame(b)
    if len(gaps_a) != len(gaps_b):
        return 0.88, VOWELS
    if gaps_a[:-1] == gaps_b[:-1] and {gaps_a[-1], gaps_b[-1]} == {"", "a"}:
        return 0.82, ENDING
    cost = 0.0 if first == second else 1.0
    for one, other in zip(gaps_a, gaps_b, strict=True):
        if one != other:
            cost += _vowel_cost(one, other)
    if not gaps_a[0] or not gaps_b[0]:
        cost += 9 * (gaps_a[0] != gaps_b[0])
    if cost > (4 if len(first) > 2 else 1):
        return 0.88 if len(first) > 2 else 0.8, VOWELS
    opening = 0 if gaps_a[0] else 1
    near = frozenset(_short(gaps_a[opening]) + _short(gaps_b[opening])) in _TWO_NAMES
    return 0.99 - 0.01 * cost, NEAR if near else SPELLING


def _vowel_cost(a: str, b: str) -> float:
    if a and b:
        short_a, short_b = _short(a), _short(b)
        if short_a == short_b:
            return 0.5
        for one, other in ((a, b), (short_a, short_b)):
            pairs = [(x, y) for x, y in zip(one, other, strict=False) if x != y]
            if len(one) == len(other) and all(frozenset(pair) in _NEAR for pair in pairs):
                return len(pairs)
        return 9
    return 2.5


def _short(vowels: str) -> str:
    """A group of vowels without its glides: "aia" and "a" sound alike."""
    kept = vowels.replace("i", "") if len(vowels) > 1 else vowels
    return "".join(ch for at, ch in enumerate(kept) if not at or kept[at - 1] != ch) or "i"


def _by_ending(a: str, b: str) -> tuple[float, str]:
    shorter, longer = sorted((a, b), key=len)
    if len(shorter) < 4:
        return 0.0, OTHER
    if longer.startswith(shorter) and longer[len(shorter) :] in _CASES:
        return 0.9, ENDING
    for end in ("a", "i"):
        if shorter.endswith(end) and longer.startswith(shorter[:-1]) and longer[len(shorter) - 1 :] in _CASES:
            return 0.88, ENDING
    return 0.0, OTHER


def _words(fact: Fact) -> str:
    kind, first, second = fact
    said = {
        "equal": _("%(first)s is the same"),
        SAME: _("%(first)s and %(second)s are the same after transliteration"),
        SPELLING: _("%(first)s and %(second)s are spellings of one name"),
        NEAR: _("%(first)s and %(second)s may be spellings of one name"),
        ENDING: _("%(first)s and %(second)s differ by gender or case"),
        TYPO: _("%(first)s and %(second)s differ by a letter or two"),
        VOWELS: _("%(first)s and %(second)s differ in vowels"),
        FATHER: _("%(first)s and %(second)s are alike, but one is a father's name"),
        RENAMED: _("%(first)s and %(second)s may be old and new form of one surname"),
        "fits": _("initial %(first)s fits %(second)s"),
        "both": _("initials %(first)s and %(second)s agree"),
        "against": _("initial %(first)s does not fit %(second)s"),
        OTHER: _("%(first)s and %(second)s are different names"),
    }[kind]
    first, second = (one.upper() if len(one) < 2 else one for one in (first, second))
    return said % {"first": first, "second": second}
