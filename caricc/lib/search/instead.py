"""What to ask instead of a question that finds nothing: another keyboard, a name spelt right, one word less.

Only what finds something for this reader is offered, so an offer tells no more than its own answer.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from caricc.lib.search.keys import asked

FEW = 3  # offers of a kind
MOST_LEFT_OUT = 5  # words of a question of which one may be left out

_KEYS = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
_RUSSIAN = "ёйцукенгшщзхъфывапролджэячсмитьбю"
_SHIFTED, _RUSSIAN_SHIFTED = '~QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>', _RUSSIAN.upper()
_TO_RUSSIAN = str.maketrans(_KEYS + _SHIFTED, _RUSSIAN + _RUSSIAN_SHIFTED)
_TO_LATIN = str.maketrans(_RUSSIAN + _RUSSIAN_SHIFTED, _KEYS + _SHIFTED)
_LETTERS_TO_RUSSIAN = {key: value for key, value in _TO_RUSSIAN.items() if chr(key).isalpha()}


class Offer(NamedTuple):
    """Words to ask instead, and how many rows they find; `without`: the word of the question that they lack."""

    words: str
    found: int
    without: str = ""


def other_keyboard(typed: str) -> list[str]:
    """What the same keys write in the other layout, Russian or Latin; also with marks left as punctuation."""
    made = (typed.translate(_TO_RUSSIAN), typed.translate(_LETTERS_TO_RUSSIAN), typed.translate(_TO_LATIN))
    return [one for one in dict.fromkeys(made) if one != typed and asked(one).words]


def shorter(typed: str) -> list[tuple[str, str]]:
    """(the question without one of its words, that word as it was typed)."""
    parts = typed.split()
    if not 1 < len(parts) <= MOST_LEFT_OUT:
        return []
    made = [(" ".join(parts[:place] + parts[place + 1 :]), left_out) for place, left_out in enumerate(parts)]
    return [(rest, left_out) for rest, left_out in made if asked(rest).words and asked(left_out).words]


def instead(typed: str, counted: Callable[[str], int], names: Iterable[str]) -> list[Offer]:
    """Offers that find something, the likeliest first. `counted` says how many rows words find for the reader."""
    offers: list[Offer] = []
    for candidates in (other_keyboard(typed), names):
        some = [Offer(words, found) for words in candidates if (found := counted(words))]
        offers += some[:FEW]
    if not offers:
        some = [Offer(rest, found, left_out) for rest, left_out in shorter(typed) if (found := counted(rest))]
        offers += some[:FEW]
    return offers
