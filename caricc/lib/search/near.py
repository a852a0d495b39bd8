"""Names that are nearly what was typed: by what is known of names, else but for a letter in each word."""

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from string import ascii_lowercase

from django.db.models import F

from caricc.lib.search.hits import Hits
from caricc.lib.search.index import Index
from caricc.lib.search.keys import asked, exactly, in_name, name_keys
from caricc.lib.text import Word, fold

MOST_WORDS, LOOKED_AT = 5, 200
LONGEST, SHORTEST = 12, 4  # letters of a key that is varied, and of a word that may be misspelt
LIKELY = 0.75  # of 1: the least likeness of a name that is offered instead
_CONSONANTS = "bcdfghjklmnpqrstvwxz"


def nearest_names(typed: str, user, limit: int) -> list[str]:
    """What people and organizations are called that may be meant, the likeliest first."""
    if not 0 < len(asked(typed).words) <= MOST_WORDS:
        return []
    found: list[tuple[float, str]] = []
    for hits in Hits.of.values():
        index = Index.of[hits.model._meta.label_lower]
        if index.spelt:
            rows = hits.model.objects.visible_to(user)
            near = {one.key: one.score for one in index.near(typed, rows, limit) if one.score >= LIKELY}
            some = [(near[pk], name) for pk, name in rows.filter(pk__in=near).values_list("pk", "name")]
            found += some or _but_for_letters(hits.model, typed, user, limit)
    names = dict.fromkeys(name for _score, name in sorted(found, key=lambda one: (-one[0], one[1])))
    return [name for name in names if fold(name) != fold(typed)][:limit]


def _but_for_letters(model, typed: str, user, limit: int) -> list[tuple[float, str]]:
    """Names of which each word of the question is a word, or one but for a letter, with their likeness."""
    index, question = Index.of[model._meta.label_lower], asked(typed)
    if index.spelt is None:
        return []
    clauses = [in_name(word) | exactly(_varied(word)) for word in question.words]
    owner, names = index.spelt
    ids = model.objects.visible_to(user).filter(pk__in=index.having(clauses)).order_by(*index.newest)
    ids = list(ids.values_list("pk", flat=True)[:LOOKED_AT])
    written = names._base_manager.filter(**{f"{owner}__in": ids}).values_list(F(owner), "folded")
    likeness: dict[int, float] = {}
    for pk, folded in written:
        likeness[pk] = max(likeness.get(pk, 0.0), _likeness([word.folded for word in question.words], folded.split()))
    best = sorted((pk for pk in ids if likeness.get(pk, 0) >= LIKELY), key=lambda pk: -likeness[pk])[:limit]
    found = model.objects.visible_to(user).in_bulk(best)
    return [(likeness[pk], found[pk].name) for pk in best if pk in found]


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
