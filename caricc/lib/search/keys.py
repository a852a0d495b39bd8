"""Which keys a text is kept under, and which a question asks for.

A key is a letter that says what it is, and ASCII letters and digits:

    x  a whole name, its words in alphabetical order and joined: the exact alias
    n  a word of a name, m its stem, k its skeleton (the consonants, the same in all transliterations)
    w  a word of the rest of the text, t its stem
    i  an initial that stands in a name of a person
    c  the id of a restricted case: its words are never written beside what everybody may read

People and organizations keep the keys of `caricc.lib.names` too, by which names that are only alike are proposed; their
"k" and "i" are the same idea with more readings, their "x" an alias with its words as they stand.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from caricc.lib.names.spelling import skeleton
from caricc.lib.text import Word, words

LONGEST = 40  # letters of a word that count
SHORT = 300  # letters of a text that is likely to come again
MOST_KEYS = 20_000  # of one record: beyond them its text is not found, so that no record is too large for an index
SHORTEST_SKELETON = 3
SHORTEST_SUBSTRING = 3


def ascii_key(folded: str) -> str:
    """The word in ASCII, letter by letter, so that the beginning of a word is the beginning of its key."""
    if not folded.isascii():
        folded = "".join(ch if ch.isascii() else f"0{ord(ch):x}0" for ch in folded)
    return folded[:LONGEST]


def is_key(text: str) -> bool:
    """Whether both databases take this for one key; what callers make of odd signs may not be one."""
    return text.isascii() and text.isalnum()


def _skeleton(word: str) -> str:
    made = skeleton(word) if len(word) > SHORTEST_SKELETON and not word.isdigit() else ""
    return ascii_key(made) if len(made) >= SHORTEST_SKELETON else ""


def whole_key(value: str) -> str:
    """The key of a whole name, whatever the order of its words; empty for a text without words."""
    joined = "".join(sorted(word.folded for word in words(value)))
    return f"x{ascii_key(joined)}" if joined else ""


def name_keys(*names: str, sounds: bool = True) -> set[str]:
    """Of names. `sounds`: also found in other transliterations."""
    made = {whole_key(name) for name in names}
    for name in names:
        for folded, stem in words(name):
            made |= {f"n{ascii_key(folded)}", f"m{ascii_key(stem)}"}
        if sounds:
            made |= _sounds(name)
    return made - {""}


def text_keys(*texts: str) -> set[str]:
    """Of the rest of what a record says."""
    return set[str]().union(*(_of_short(text) if len(text) < SHORT else _of_text(text) for text in texts if text))


def party_keys(*names: str) -> set[str]:
    """Of names that a record mentions: not its own, yet found in other transliterations."""
    return text_keys(*names).union(*(_sounds(name) for name in names if name))


def _of_text(text: str) -> frozenset[str]:
    return frozenset(key for one in words(text) for key in _text_word(one))


_of_short = lru_cache(maxsize=20_000)(_of_text)


@lru_cache(maxsize=20_000)
def _sounds(name: str) -> frozenset[str]:
    return frozenset(f"k{bones}" for one in words(name) if (bones := _skeleton(one.folded)))


def case_key(pk: int) -> str:
    """Stands in the keys of a record for a restricted case; who may read the case asks for it."""
    return f"c{pk}"


def _text_word(word: Word) -> tuple[str, str]:
    return f"w{ascii_key(word.folded)}", f"t{ascii_key(word.stem)}"


class Key(NamedTuple):
    """One alternative of a clause: a key, or with `begins` all that begin with it."""

    text: str
    begins: bool = False


Clause = frozenset[Key]  # of which one must be there


def exactly(keys: Iterable[str]) -> Clause:
    return frozenset(Key(key) for key in keys)


class Asked(NamedTuple):
    """What was typed: its words, each once, in their order."""

    typed: str
    words: tuple[Word, ...]

    @property
    def whole(self) -> str:
        return whole_key(self.typed)


def asked(typed: str) -> Asked:
    return Asked(typed, tuple(dict.fromkeys(words(typed))))


def in_name(word: Word, initials: bool = False, sounds: bool = True) -> Clause:
    """The word is in a name: its beginning, another form of it, or another transliteration.

    `initials`: an initial stands for a word, and a letter for what begins with it, as in names of people. `sounds`:
    without it only what is kept as a name counts, not the sound of a name that is merely mentioned.
    """
    key = ascii_key(word.folded)
    made = {Key(f"n{key}", begins=len(key) > 1 or initials), Key(f"m{ascii_key(word.stem)}")}
    if sounds and (bones := _skeleton(word.folded)):
        made.add(Key(f"k{bones}"))
    if initials:
        made.add(Key(f"i{key[:1]}"))
    return frozenset(made)


def in_text(word: Word) -> Clause:
    """The word is in the rest of the text; one of three letters or more is taken for a beginning."""
    folded, stem = _text_word(word)
    return frozenset({Key(folded, begins=len(folded) > SHORTEST_SUBSTRING), Key(stem)})


def anywhere(word: Word, initials: bool = False) -> Clause:
    return in_name(word, initials) | in_text(word)


def every(clauses: list[Clause], initials: bool) -> list[Clause]:
    """The clauses of a question; where initials stand for words, one word at least must be there as a word."""
    words = frozenset(key for clause in clauses for key in clause if key.text[0] != "i")
    return [*clauses, words] if initials and clauses else clauses
