"""Which words of a text a question found, the text as HTML with these words marked, and why a record is a hit.

A word of a text is found where the key that it is kept under answers the question's clause for a word: the same keys and
clauses as in the database, so that what is marked and what is found cannot differ.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from enum import IntEnum
from functools import lru_cache, partial
from typing import NamedTuple

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from caricc.lib.search.keys import Asked, Clause, anywhere, name_keys, party_keys, text_keys
from caricc.lib.text import words

Keys = Callable[[str], set[str]]

NAMES: Keys = partial(name_keys)
TITLES: Keys = partial(name_keys, sounds=False)
PARTIES: Keys = partial(party_keys)
TEXTS: Keys = partial(text_keys)

LONGEST_NAME = 300
BEFORE, WIDTH = 60, 170  # letters of a snippet before the first mark, and of all of it
_JOINED = frozenset("'’ʼʻ`´\u200b\u200c\u200d\u2060\ufeff\u00ad")  # what stands within a word


class Found(IntEnum):
    """How surely: by the word itself or another form of it, by an initial, by its sound, or somewhere within a word."""

    WORD = 0
    INITIAL = 1
    SOUND = 2
    WITHIN = 3


_HOW = dict.fromkeys("nmwt", Found.WORD) | {"i": Found.INITIAL}  # by the letter of a key


class Place(NamedTuple):
    """A word of a text that was found: where it stands, for which word of the question, and how."""

    start: int
    end: int
    word: int
    how: Found


def pieces(text: str) -> Iterator[tuple[int, int]]:
    """Where the words of a text stand in it as it was written; the words of the pieces are those of the text."""
    start = -1
    for place, char in enumerate(text):
        if _parts_words(char):
            if start >= 0:
                yield start, place
            start = -1
        elif start < 0:
            start = place
    if start >= 0:
        yield start, len(text)


@lru_cache(maxsize=4096)
def _parts_words(char: str) -> bool:
    if char in _JOINED or unicodedata.category(char)[0] in "LMN":
        return False
    return not any(one.isalnum() for one in unicodedata.normalize("NFKC", char))


@lru_cache(maxsize=50_000)
def _keys(keys: Keys, piece: str) -> frozenset[str]:
    return frozenset(keys(piece))


@lru_cache(maxsize=50_000)
def _folded(piece: str) -> tuple[str, ...]:
    return tuple(word.folded for word in words(piece))


class Finder:
    """Finds the words of a question in texts, as the index of one kind of record does.

    `within`: the words were found within names, not as their beginnings.
    """

    def __init__(self, question: Asked, initials: bool = False, within: bool = False):
        self.question, self.within = question, within
        self.clauses = [_Alternatives(anywhere(word, initials)) for word in question.words]

    def places(self, text: str, keys: Keys) -> list[Place]:
        """In the order of the text; a word may be found for several words of the question."""
        found = []
        for start, end in pieces(text):
            kept = _keys(keys, text[start:end])
            for word, clause in enumerate(self.clauses):
                how = clause.found_in(kept)
                if how is None and self.within:
                    looked_for = self.question.words[word].folded
                    how = Found.WITHIN if any(looked_for in one for one in _folded(text[start:end])) else None
                if how is not None:
                    found.append(Place(start, end, word, how))
        return found or self._of_the_whole(text, keys)

    def _of_the_whole(self, text: str, keys: Keys) -> list[Place]:
        """A name is kept under keys of all its words together, too; then all of it was found."""
        if not text.strip() or len(text) > LONGEST_NAME:
            return []
        kept = _keys(keys, text)
        found = [(word, clause.found_in(kept)) for word, clause in enumerate(self.clauses)]
        return [Place(0, len(text), word, how) for word, how in found if how is not None]

    def marked(self, text: str, keys: Keys = NAMES) -> SafeString:
        """The text as HTML, with what was found in <mark>."""
        return _html(text, self.places(text, keys))

    def snippet(self, text: str, keys: Keys = TEXTS) -> SafeString:
        """Some of a long text, around the first word that was found, with its marks; on one line."""
        text = " ".join(text.split())
        places = self.places(text, keys)
        if len(text) <= WIDTH:
            return _html(text, places)
        first = places[0].start if places else 0
        start = max(first - BEFORE, 0)
        if start:
            start = min(max(text.rfind(" ", 0, start + 1) + 1, first - 2 * BEFORE), first)
        end = text.rfind(" ", start, start + WIDTH)
        end = len(text) if start + WIDTH >= len(text) else max(end, places[0].end if places else start + 1)
        inside = [
            p._replace(start=p.start - start, end=p.end - start) for p in places if start <= p.start and p.end <= end
        ]
        return mark_safe(  # noqa: S308 - escaped by `_html`
            ("… " if start else "") + _html(text[start:end], inside) + (" …" if end < len(text) else "")
        )


class _Alternatives:
    """A clause, split into keys that must be there and beginnings."""

    def __init__(self, clause: Clause):
        self.exact = {key.text for key in clause if not key.begins}
        self.begins = tuple(key.text for key in clause if key.begins)

    def found_in(self, kept: Iterable[str]) -> Found | None:
        found = [_HOW.get(key[0], Found.SOUND) for key in kept if key in self.exact or key.startswith(self.begins)]
        return min(found, default=None)


def _html(text: str, places: Iterable[Place]) -> SafeString:
    made, last = [], 0
    for start, end in sorted({(place.start, place.end) for place in places}):
        made += [conditional_escape(text[last:start]), "<mark>", conditional_escape(text[start:end]), "</mark>"]
        last = end
    made.append(conditional_escape(text[last:]))
    return mark_safe("".join(made))  # noqa: S308 - every part is escaped


class Source(NamedTuple):
    """Texts that a record may be found by, and what they are called to the reader.

    `shown`: the row shows them already. `of`: what the reader knows them as, where the texts are its other names.
    `prose`: long; only what stands around the first hit is told.
    """

    label: str
    texts: tuple[str, ...]
    keys: Keys = NAMES
    shown: bool = False
    of: str = ""
    prose: bool = False
    language: str = ""


class Reason(NamedTuple):
    """Why a record is a hit although its row does not say so: `html` is what was found, with its marks."""

    label: str
    html: SafeString
    language: str = ""
    prose: bool = False


class Why(NamedTuple):
    reasons: list[Reason]
    unexplained: list[int]  # places of words of the question that no source has: none, where the sources are complete


class _Candidate(NamedTuple):
    how: Found
    order: int
    source: Source
    text: str
    place: Place


def why(finder: Finder, sources: Iterable[Source]) -> Why:
    """The fewest reasons that together explain every word which the row itself does not.

    The word itself goes before its sound, what the row shows before what it does not, then the order of the sources.
    """
    best: dict[int, list[_Candidate]] = {word: [] for word in range(len(finder.clauses))}
    texts = ((one, text) for one in sources for text in one.texts if text)
    for order, (source, text) in enumerate(texts):
        seen: dict[int, Place] = {}
        for place in finder.places(text, source.keys):
            if place.word not in seen or place.how < seen[place.word].how:
                seen[place.word] = place
        for word, place in seen.items():
            best[word].append(_Candidate(place.how, order, source, text, place))
        if all(any(one.how == Found.WORD for one in found) for found in best.values()):
            break
    chosen: list[_Candidate] = []
    for found in best.values():
        if not found:
            continue
        surest = min(one.how for one in found)
        least = [one for one in found if one.how == surest]
        known = next(
            (one for one in least if one.source.shown or one.order in {other.order for other in chosen}), least[0]
        )
        chosen.append(known)
    reasons: dict[tuple, Reason] = {}
    for one in chosen:
        if not one.source.shown:
            reasons.setdefault((one.order,), _reason(finder, one.source, one.text))
        elif one.how == Found.SOUND:
            piece = one.text[one.place.start : one.place.end]
            reasons.setdefault(("sound", piece), Reason(_("same sound"), _html(piece, ()), one.source.language))
    return Why(list(reasons.values()), [word for word, found in best.items() if not found])


def _reason(finder: Finder, source: Source, text: str) -> Reason:
    if source.prose:
        return Reason(source.label, finder.snippet(text, source.keys), source.language, prose=True)
    html = finder.marked(text, source.keys)
    if source.of and source.of != text:
        html = mark_safe(f"{conditional_escape(source.of)} ({html})")  # noqa: S308 - both are escaped
    return Reason(source.label, html, source.language)
