"""Folding: the form in which texts are compared, the same in Python and in both databases.

Transliteration follows the common reading of Russian names in English texts (close to BGN/PCGN without
apostrophes); letters of Kazakh, Kyrgyz, Tajik, Uzbek and Azerbaijani Cyrillic go to their nearest Latin letter.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import snowballstemmer

_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "y",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu",
    "я": "ya", "і": "i", "ї": "i", "є": "e", "ў": "u", "қ": "k", "ғ": "g", "ҳ": "h", "ҷ": "j", "ӣ": "i", "ӯ": "u",
    "ә": "a", "ң": "n", "ө": "o", "ұ": "u", "ү": "u", "һ": "h", "ҹ": "j", "ҝ": "g", "ҕ": "g", "ӊ": "n",
}  # fmt: skip
_LATIN = {
    "ə": "a",
    "ı": "i",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ð": "d",
    "þ": "th",
}
_TABLE = str.maketrans(_CYRILLIC | _LATIN)

SURROGATE = re.compile("[\ud800-\udfff]")  # half of a character: no database keeps it
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
_ZERO_WIDTH = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")
_APOSTROPHE = re.compile("['’ʼʻ`´]")
_WORD = re.compile(r"[^\W_]+")
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]")
_RUSSIAN = re.compile("[\u0400-\u052f]")

_english = snowballstemmer.stemmer("english").stemWord
_russian = snowballstemmer.stemmer("russian").stemWord


def clean_text(value: str) -> str:
    """NFC without zero-width characters, except beside Arabic letters, where Persian needs them; line ends are LF."""
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    if value.isascii():
        return value
    value = unicodedata.normalize("NFC", value)

    def keep(match: re.Match[str]) -> str:
        start, end = match.span()
        beside = value[max(start - 1, 0) : start] + value[end : end + 1]
        return match.group() if match.group() in "\u200c\u200d" and _ARABIC.search(beside) else ""

    return _ZERO_WIDTH.sub(keep, value)


class Word(NamedTuple):
    """A word in Latin letters, and its stem: English for a word in Latin letters, Russian for one in Cyrillic ones."""

    folded: str
    stem: str


def words(value: str) -> Iterator[Word]:
    """The words of a text in their order, with their stems; `fold` of the same text has the same words."""
    for raw in _raw_words(value):
        yield from _word(raw)


def fold(value: str) -> str:
    """Lower-case Latin letters and digits with single spaces: "Мирализода Р." and "MIRALIZODA R" become one text."""
    return " ".join(word.folded for word in words(value))


def fold_words(value: str) -> list[str]:
    """The words of a search question, each to be found on its own; longest first, since they narrow most."""
    return sorted(dict.fromkeys(fold(value).split()), key=len, reverse=True)


def _raw_words(value: str) -> list[str]:
    if value.isascii():
        value = value.lower()
    else:
        value = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", clean_text(value)).casefold())
        value = "".join(ch for ch in value if not unicodedata.combining(ch))
    return _WORD.findall(_APOSTROPHE.sub("", value))


@lru_cache(maxsize=200_000)
def _word(raw: str) -> tuple[Word, ...]:
    folded = _latin(raw)
    if len(folded) != 1:
        return tuple(Word(one, one) for one in folded)
    if not _RUSSIAN.search(raw):
        return (Word(folded[0], _english(folded[0])),)
    return (Word(folded[0], "".join(_latin(_russian(raw.replace("ё", "е")))) or folded[0]),)


def _latin(raw: str) -> list[str]:
    if raw.isascii():
        return [raw]
    value = unicodedata.normalize("NFKD", raw.translate(_TABLE)).lower()
    return _WORD.findall("".join(ch for ch in value if not unicodedata.combining(ch)))
