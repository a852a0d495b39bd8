"""One spelling for the many romanisations of the region's names.

Sources of the rules:
- BGN/PCGN 1947 (Russian) and the BGN/PCGN tables of Kazakh, Kyrgyz, Tajik, Turkmen and Uzbek: kh, zh, ts, ch, sh, shch,
  ye/e, y for й and ы; ICAO Doc 9303 (passports): ia, iu, ie, i for й;
- ISO 9:1995: ž, č, š, ŝ, h, c, â, û, è; German (Duden): sch, tsch, dsch, ch for х, w, j for й, ff at the end; French:
  ou, tch, dj, ch for ш;
- the Latin alphabets of Azerbaijani (c = дж, ç, ş, x, q = г, ə), Turkmen (ý, ş, ç, ž, j, w), Uzbek (oʻ, gʻ, x, q, sh,
  ch) and Kazakh of 2021 (ş, ğ, ū, ñ, q);
- Polivanov's transcription of Japanese and Palladius's of Chinese: си for shi, дз for j and z, цз for j, чж for zh;
- the usage of Russian for Azerbaijani, Arabic and Western h: х or г.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import islice, product

from anyascii import anyascii

from caricc.lib.names.western import RUSSIAN_FORMS
from caricc.lib.text import fold

VOWELS = frozenset("aeiou")

_SIGNS = str.maketrans(
    {
        "ş": "sh", "ș": "sh", "š": "sh", "ŝ": "sh", "ç": "ch", "č": "ch", "ć": "ch", "ž": "zh", "ż": "zh", "ț": "ts",
        "ţ": "ts", "ğ": "g", "ë": "yo", "ё": "yo", "ґ": "g", "ҳ": "h", "ҙ": "z", "ҫ": "s", "ј": "j",
    }
)  # fmt: skip
_ISO_GLIDES = [(re.compile(r"(^|[aeiouyèö])â"), r"\1ya"), (re.compile(r"(^|[aeiouyèö])û"), r"\1yu")]
_AZERBAIJANI = re.compile("[əıĞğ]")
_CYRILLIC = re.compile("[\u0400-\u052f]")
_LATIN = re.compile("[a-z]")
_TWINS = str.maketrans("aceopxyk", "асеорхук")  # letters of both scripts that look alike
_TWINS_BACK = str.maketrans("асеорхук", "aceopxyk")
_JAPANESE = re.compile(r"(?:[kstnhmrgzdbp]?y?[aiueo]|ts[u]|dzy?[aiuo]|f[u]|v[a]|n(?![aiueo]))+$")
_CHINESE = re.compile(r"(?:chzh|tsz|ch|ts|sh|kh|[bpmfdtnlgksrv])?[aeiouy]{1,3}n$")  # Palladius writes н for ng

# The order matters: three letters before two, consonants before vowels.
_RULES = [
    (re.compile(pattern), into)
    for pattern, into in (
        (r"schtsch|shtch|shch", "sh"),
        (r"dsch|dzh|djh|dj|chzh|chj|zh|tsz", "j"),
        (r"tsch|tch", "ch"),
        (r"sch", "sh"),
        (r"dzy?(?=[iu])|dzya|dzyo", "j"),
        (r"dz", "z"),
        (r"kh|x", "h"),
        (r"gh", "g"),
        (r"ph", "f"),
        (r"th", "t"),
        (r"tz", "ts"),
        (r"ck|q", "k"),
        (r"c(?=[eiy])", "s"),
        (r"c(?!h)", "k"),
        (r"w", "v"),
        (r"([oe])ff$", r"\1v"),
        (r"^mk", "mak"),
        (r"^u(?=[aeio])", "v"),
        (r"ou|oo", "u"),
        (r"ee(?!v)", "i"),
        (r"(?:[iy]{2,}|ij$)(?![aeou])", "i"),
        (r"y(?=[aeiou])", ""),
        (r"y", "i"),
        (r"^i(?=[aeou])", ""),
        (r"i(?=e)", ""),
        (r"(?<=[aeiou])h$(?<=.{5})", ""),
        (r"(.)\1+", r"\1"),
    )
]


def one_script(word: str) -> str:
    """The word with look-alike letters of the other script put right: a Latin "a" inside a Cyrillic word."""
    cyrillic, latin = len(_CYRILLIC.findall(word)), len(_LATIN.findall(word))
    if not (cyrillic and latin):
        return word
    return word.translate(_TWINS if cyrillic >= latin else _TWINS_BACK)


def latin(word: str, azerbaijani: bool = False) -> str:
    """Lower-case ASCII before any rule of a region: the national letters spelt out, other scripts by anyascii."""
    word = one_script(unicodedata.normalize("NFC", word.lower()))
    if azerbaijani or _AZERBAIJANI.search(word):
        word = word.replace("c", "j")
    if not word.isascii():
        for pattern, into in _ISO_GLIDES:
            word = pattern.sub(into, word)
        word = word.translate(_SIGNS)
    word = fold(word)
    if not word.isascii():
        word = fold(anyascii(word))
    return re.sub("[^a-z0-9]", "", word)


def _settle(word: str) -> str:
    for _round in range(8):
        before = word
        for pattern, into in _RULES:
            word = pattern.sub(into, word)
        if word == before:
            break
    return word


@lru_cache(maxsize=65536)
def regional(word: str) -> str:
    """The regional fold: "Dzhumakhon", "Djumahon" and "Ҷумахон" become "jumahon". Idempotent; ASCII; no spaces."""
    return _settle(latin(word))


@lru_cache(maxsize=65536)
def readings(word: str, azerbaijani: bool = False) -> tuple[str, ...]:
    """The regional fold and, where a letter is read in several ways, the others: "Bexultan" by x = х and x = кс.

    The usual one first, and not more than `MOST`.
    """
    plain = latin(word, azerbaijani)
    found = {_settle(plain): None}
    if _CYRILLIC.search(word):
        if _JAPANESE.match(plain) and re.search("[st]i|[st]y[auo]", plain):
            shi = re.sub("sy?(?=i)|sy(?=[auo])", "sh", plain)
            found[_settle(re.sub("ty?(?=i)|ty(?=[auo])", "ch", shi))] = None
        if _CHINESE.match(plain):
            found[_settle(plain + "g")] = None
    else:
        also = _READ_ALSO | _READ_GERMAN if _GERMAN.search(plain) else _READ_ALSO
        choices = [also.get(piece, (piece,)) for piece in _PIECES.findall(plain)]
        if any(len(choice) > 1 for choice in choices):
            for several in islice(product(*choices), MOST):
                found[_settle("".join(several))] = None
    for russian in RUSSIAN_FORMS.get(plain, ()):
        found[regional(russian)] = None
    return tuple(reading for reading in found if reading)[:MOST]


MOST = 16
_PIECES = re.compile(r"i[t]?ch$|schtsch|[dt]sch|sch|tch|ch|zh|dj|dzh|ph|ts|tz|.")
_GERMAN = re.compile(r"w|sch")
_READ_GERMAN = {"sch": ("sch", "zh"), "z": ("z", "ts"), "s": ("s", "z", "ts")}
_READ_ALSO = {
    "ch": ("ch", "h", "sh"),
    "j": ("j", "y"),
    "x": ("x", "ks", "s"),
    "q": ("q", "g", "ts"),
    "c": ("c", "j", "ts"),
}


@lru_cache(maxsize=65536)
def skeleton(word: str) -> str:
    """What stays of a name in every romanisation: its consonants, after an "a" for any vowel in front.

    g counts as h ("Гасанов", "Hasanov"), and a last d as t ("Murad", "Murat").
    """
    return bones(regional(word))


@lru_cache(maxsize=65536)
def bones(word: str) -> str:
    """`skeleton` of what is folded already."""
    if not word:
        return ""
    kept = ("a" if word[0] in VOWELS else word[0]) + "".join(ch for ch in word[1:] if ch not in VOWELS)
    kept = re.sub(r"(.)\1+", r"\1", kept.replace("g", "h"))
    return f"{kept[:-1]}t" if len(kept) > 1 and kept[-1] == "d" else kept


def frame(word: str) -> tuple[str, tuple[str, ...]]:
    """Consonants of a folded word, and the vowels before, between and after them."""
    consonants, gaps = "", [""]
    for ch in word:
        if ch in VOWELS:
            gaps[-1] += ch
        else:
            consonants += ch
            gaps.append("")
    return consonants, tuple(gaps)


# What may stand for the first sound of a name when it is cut to an initial.
_FIRST = (
    (re.compile(r"schtsch|shch|sch|sh"), ("sh", "s")),
    (re.compile(r"tsch|tch|ch"), ("ch", "c")),
    (re.compile(r"dsch|dzh|dj"), ("j", "d")),
    (re.compile(r"zh"), ("j", "z")),
    (re.compile(r"j[aeiou]"), ("j", "y", "d", "z")),
    (re.compile(r"kh"), ("h", "k", "g")),
    (re.compile(r"x"), ("h", "k")),
    (re.compile(r"h"), ("h", "k", "g")),
    (re.compile(r"ts|tz"), ("ts", "t", "c")),
    (re.compile(r"ph"), ("f", "p")),
    (re.compile(r"q"), ("k", "g")),
    (re.compile(r"c[eiy]"), ("c", "s", "j")),
    (re.compile(r"c"), ("c", "k", "j")),
    (re.compile(r"w"), ("v", "u")),
    (re.compile(r"u[aeio]"), ("u", "v")),
    (re.compile(r"ye"), ("ye", "y", "e")),
    (re.compile(r"yo"), ("yo", "y", "e")),
    (re.compile(r"yi"), ("yi", "y", "i")),
    (re.compile(r"[yi]u"), ("yu", "y", "i")),
    (re.compile(r"[yi]a"), ("ya", "y", "i")),
    (re.compile(r"e"), ("e", "ye", "y")),
    (re.compile(r"dz"), ("d", "j", "z")),
    (re.compile(r"g"), ("g", "h")),
)
_INITIAL = {
    "j": ("j", "y"), "q": ("k", "g"), "x": ("h",), "w": ("v",), "kh": ("h",), "zh": ("j",), "dzh": ("j",),
    "dj": ("j",), "shch": ("sh",), "sch": ("sh",), "tsch": ("ch",), "tch": ("ch",), "ju": ("yu", "j"), "iu": ("yu",),
    "ja": ("ya", "j"), "ia": ("ya",), "je": ("ye", "j"), "ie": ("ye",), "jo": ("yo", "j"), "gh": ("g",), "th": ("t",),
    "ph": ("f",), "tz": ("ts",),
}  # fmt: skip
INITIALS = frozenset(_INITIAL) | {"sh", "ch", "ts", "yu", "ya", "ye", "yo"}


@lru_cache(maxsize=65536)
def letters(word: str, azerbaijani: bool = False) -> frozenset[str]:
    """The initials that a full name can be cut to: "Yusuf" to yu, y and i; "Шавкат" to sh and, in Latin texts, s."""
    plain = latin(word, azerbaijani)
    found = {reading[0] for reading in readings(word, azerbaijani) if reading[0] not in VOWELS}
    for pattern, several in _FIRST:
        if pattern.match(plain):
            return frozenset(found | set(several))
    return frozenset(found | set(plain[:1]))


@lru_cache(maxsize=4096)
def initial_letters(initial: str) -> frozenset[str]:
    """How a written initial ("Sh", "Ю", "J") may be meant, in the letters of `letters`."""
    plain = latin(initial)
    if plain in INITIALS:
        return frozenset(_INITIAL.get(plain, (plain,)))
    return frozenset(_INITIAL.get(plain[:1], (plain[:1],))) if plain else frozenset()
