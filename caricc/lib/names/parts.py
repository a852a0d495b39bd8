"""A written name cut into its parts."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from caricc.lib.names.spelling import INITIALS, latin, letters, one_script, readings
from caricc.lib.text import clean_text


class Part(NamedTuple):
    """One full part: as written, what it may be read as, the initials it can be cut to."""

    written: str
    readings: tuple[str, ...]
    letters: frozenset[str]
    patronymic: bool


class Name(NamedTuple):
    """`full` are the usual readings of `parts`; `initials` are as written, in ASCII."""

    full: tuple[str, ...]
    initials: tuple[str, ...]
    titles: tuple[str, ...]
    particles: tuple[str, ...]
    parts: tuple[Part, ...]


_TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "mister",
        "dr",
        "prof",
        "professor",
        "doctor",
        "sir",
        "lady",
        "he",
        "hon",
        "honourable",
        "honorable",
        "excellency",
        "his",
        "her",
        "amb",
        "ambassador",
        "minister",
        "general",
        "gen",
        "major",
        "maj",
        "colonel",
        "col",
        "lieutenant",
        "lt",
        "captain",
        "capt",
        "cpt",
        "brigadier",
        "brig",
        "sergeant",
        "sgt",
        "commissioner",
        "inspector",
        "insp",
        "commander",
        "cdr",
        "cmdr",
        "admiral",
        "adm",
        "commodore",
        "police",
        "militia",
        "customs",
        "justice",
        "judge",
        "sheikh",
        "shaikh",
        "mme",
        "monsieur",
        "madame",
        "herr",
        "frau",
        "senor",
        "ltc",
        "ltgen",
        "majgen",
        "ret",
        "deputy",
        "director",
        "chief",
        "head",
        "gn",
        "gzha",
        "gospodin",
        "gospozha",
        "mr",
        "dr",
        "prof",
        "tov",
    ]
)
_RUSSIAN_TITLES = re.compile(
    r"(?:г-?н(?:а|у|ом|е)?|г-?ж(?:а|и|е|у|ой)|господин\w*|госпож\w*|генерал\w*|ген|майор\w*|полковник\w*|подполковник\w*"
    r"|капитан\w*|лейтенант\w*|старш\w+|младш\w+|полиции|милиции|юстиции|таможенн\w+|службы|посол|посла|послом|послу"
    r"|доктор\w*|д-?р|проф|профессор\w*|министр\w*|комиссар\w*|тов|товарищ\w*|м-?р|п-?к|советник\w*|его|её|ее"
    r"|превосходительств\w+)$"
)
_SON = frozenset(("bin", "ibn", "ben", "bint", "бин", "бен", "ибн", "бинт"))
_ARTICLES = frozenset(("al", "el", "ul", "ud", "ad", "ash", "as", "ar", "an", "at", "az", "aal", "ael"))
_WESTERN = frozenset(("van", "von", "der", "den", "de", "da", "di", "du", "del", "della", "la", "le", "dos"))
_SOFT_AL = frozenset(("al", "el", "аль", "эль", "ал", "эл"))
_CHILD_OF = re.compile(r"(?:uulu|ulu|uly|oglu|ogly|ogli|ugli|kyzy|kizi|qizi|gyzy|gizi|kyz|qyzy|qizy|uly|kyzi)$")
_PATRONYMIC = re.compile(
    r"(?:[oe]vich|[iy]ch|[oe]vna|ichna|ovitch|evitch|owitsch|ewitsch|ovic|evic|ovych|ivna|(?<=...)(?:uly|kyzy|qyzy|ogly|oglu|gizi))$"
)
_SURNAME = re.compile(r"(?:[oe]v|[oe]va|[oe]w|[oe]wa|in|ina|zoda|zade|zada|off|ski[iy]?|sky|skaya|enko|yan|uk)$")
_BETWEEN = re.compile(r"\([^)]*\)|\[[^\]]*\]|[«»\"“”„]")
_SPLIT = re.compile(r"[\s,;/_|:]+|(?<=\.)(?=[^\s.,-])")
_DASHES = re.compile("[\u2010-\u2015\u2212-]+")
_CASED = re.compile(r"[^\W\d_]")
_MAC = ("mac", "mc", "мак", "o")


def parse(written: str) -> Name:
    """Titles and ranks, particles ("bin", "al-", "uulu"), initials and full parts of a name in any order."""
    return _parse(written if len(written) <= 300 else written[:300])


@lru_cache(maxsize=65536)
def _parse(written: str) -> Name:
    text = _BETWEEN.sub(" ", clean_text(unicodedata.normalize("NFKC", written)))
    text = _DASHES.sub("-", text)
    tokens = [token for token in (piece.strip("-") for piece in _SPLIT.split(text)) if _CASED.search(token)]
    titles: list[str] = []
    while len(tokens) > 1 and _is_title(tokens[0]):
        titles.append(tokens.pop(0))
    words: list[tuple[str, bool, bool]] = []  # as written, with a full stop, hyphen after it
    for token in tokens:
        pieces = [piece for piece in token.split("-") if _CASED.search(piece)]
        for number, piece in enumerate(pieces):
            words.append((piece.strip(".'’ʼ`"), piece.endswith("."), number + 1 < len(pieces)))
    return _sorted_out(words, tuple(titles), bool(re.search("[əıƏİğ]", text)))


def _is_title(token: str) -> bool:
    bare = token.strip(".").lower()
    if _RUSSIAN_TITLES.match(bare):
        return True
    return all(piece.strip(".") in _TITLES or _RUSSIAN_TITLES.match(piece.strip(".")) for piece in bare.split("-"))


def _sorted_out(words: list[tuple[str, bool, bool]], titles: tuple[str, ...], azerbaijani: bool) -> Name:
    mixed = any(word.upper() != word for word, _stop, _hyphen in words)
    slavic = any(_SURNAME.search(latin(word)) and len(word) > 4 for word, _stop, _hyphen in words)
    initials: list[str] = []
    particles: list[str] = []
    parts: list[Part] = []
    article = prefix = ""
    count = len(words)
    for position, (raw, stop, _hyphen) in enumerate(words):
        word = one_script(raw.lower())
        plain = latin(word, azerbaijani)
        if not plain:
            continue
        if word in _MAC and position + 1 < count and not stop and len(words[position + 1][0]) > 3 and word != "o":
            prefix = word
            continue
        if _child_of(word, plain) and parts:
            particles.append(plain)
            parts[-1] = parts[-1]._replace(patronymic=True)
            continue
        if not stop and _is_particle(word, plain, [w for w, _stop, _hyphen in words], position):
            particles.append(plain)
            article = "al" if word in _SOFT_AL else ""
            continue
        if cut := _initials(raw, plain, stop, mixed, slavic, count):
            initials.extend(cut)
            continue
        if word.startswith("mc") and len(word) > 4:
            word = f"mac{word[2:]}"
        parts.append(_part(raw, prefix + word, article, azerbaijani))
        article = prefix = ""
    full = tuple(part.readings[0] for part in parts)
    return Name(full, tuple(initials), titles, tuple(particles), tuple(parts))


def _is_particle(word: str, plain: str, others: list[str], position: int) -> bool:
    """Arabic ones before any part; Western ones only where two full parts are left ("Van Li" is Chinese)."""
    if len(plain) < 2:
        return False
    arabic = word in _SOFT_AL or word in _SON or plain in _SON
    left = sum(len(other) > 1 for other in others) - 1
    if position + 1 == len(others):
        return bool(left) and (word in _SOFT_AL or plain in _ARTICLES)
    return (arabic and left > 0) or ((plain in _ARTICLES or plain in _WESTERN) and left > 1)


def _child_of(word: str, plain: str) -> bool:
    return (bool(_CHILD_OF.match(plain)) and len(plain) > 2) or word in ("оглы", "кызы", "уулу", "угли", "кизи")


def _part(raw: str, word: str, article: str, azerbaijani: bool) -> Part:
    found = readings(word, azerbaijani) or (latin(word, azerbaijani),)
    if article:
        found = (*found, *readings(article + latin(word, azerbaijani)))
    return Part(raw, found, letters(word, azerbaijani), bool(_PATRONYMIC.search(latin(word))))


def _initials(raw: str, plain: str, stop: bool, mixed: bool, slavic: bool, count: int) -> list[str]:
    """What "A", "Sh.", "Ю" and "GB" stand for; empty when it is a full part."""
    if len(raw) == 1:
        return [plain]
    if count == 1:
        return []
    if stop and (len(raw) <= 3 or plain in INITIALS):
        return [plain if plain in INITIALS else plain[0]]
    if plain in INITIALS and (len(raw) == 2 or slavic) and (slavic or not set(plain) & set("aeiou")):
        return [plain]
    capitals = raw.isupper() and len(raw) in (2, 3) and (mixed or not set(plain) & set("aeiouy"))
    if capitals:
        return [latin(letter) for letter in raw if latin(letter)]
    return []
