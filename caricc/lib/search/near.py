"""Names that are nearly what was typed: each word of the question but for a letter, or as it is."""

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from string import ascii_lowercase

from django.db.models import F

from caricc.lib.search.hits import Hits
from caricc.lib.search.index import Index
from caricc.lib.search.keys import asked, exactly, in_name, name_keys
from caricc.lib.text import Word, fold

MOST_WORDS, LOOKED_AT = 4, 200
LONGEST, SHORTEST = 12, 4  # letters of a key that is varied, and of a word that may be misspelt
ALIKE = 0.7  # of 1: the least likeness of the names that are told
_CONSONANTS = "bcdfghjklmnpqrstvwxz"


def near(model, typed: str, user, limit: int) -> list:
    """Records that `user` may see whose name is nearly this, the likeliest first; none for a model without such names."""
    index, question = Index.of[model._meta.label_lower], asked(typed)
    if not index.spelt or not 0 < len(question.words) <= MOST_WORDS:
        return []
    clauses = [in_name(word, index.initials) | exactly(_varied(word)) for word in question.words]
    owner, names = index.spelt
    ids = model.objects.visible_to(user).filter(pk__in=index.having(clauses)).order_by(*index.newest)
    ids = list(ids.values_list("pk", flat=True)[:LOOKED_AT])
    written = names._base_manager.filter(**{f"{owner}__in": ids}).values_list(F(owner), "folded")
    likeness: dict[int, float] = {}
    for pk, folded in written:
        likeness[pk] = max(likeness.get(pk, 0.0), _likeness([word.folded for word in question.words], folded.split()))
    best = sorted((pk for pk in ids if likeness.get(pk, 0) >= ALIKE), key=lambda pk: -likeness[pk])[:limit]
    found = model.objects.visible_to(user).in_bulk(best)
    return [found[pk] for pk in best if pk in found]


def nearest_names(typed: str, user, limit: int) -> list[str]:
    """What people and organizations are called that is nearly this."""
    found = [one.name for hits in Hits.of.values() for one in near(hits.model, typed, user, limit)]
    return [name for name in dict.fromkeys(found) if fold(name) != fold(typed)][:limit]


def _likeness(typed: list[str], name: list[str]) -> float:
    if not name:
        return 0.0
    return sum(max(SequenceMatcher(None, word, other).ratio() for other in name) for word in typed) / len(typed)


def _varied(word: Word) -> set[str]:
    """Keys of names that differ from the word by a letter; of its consonants, where it has enough of them."""
    if len(word.folded) < SHORTEST:
        return set()
    kept = sorted(name_keys(word.folded))
    sounds = [key[1:] for key in kept if key.startswith("k")]
    letter, text = ("k", sounds[0]) if sounds else ("n", word.folded)
    text, letters = text[:LONGEST], _CONSONANTS if sounds else ascii_lowercase
    return {f"{letter}{one}" for one in _one_letter_off(text, letters)}


def _one_letter_off(text: str, letters: Iterable[str]) -> Iterator[str]:
    for place in range(len(text) + 1):
        before, after = text[:place], text[place:]
        yield from (before + letter + after for letter in letters)
        if after:
            yield before + after[1:]
            yield from (before + letter + after[1:] for letter in letters)
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
