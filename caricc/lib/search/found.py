"""Rows by words, and the best of them first."""

from collections.abc import Callable
from typing import NamedTuple

from django.db.models import Exists, OuterRef, QuerySet

from caricc.lib.search.index import Index
from caricc.lib.search.keys import SHORTEST_SUBSTRING, Asked, Clause, anywhere, asked, every, exactly, in_name
from caricc.lib.search.tables import EVERYTHING, first

ALIGNED = 50  # hits that Python puts in order


class Meaning(NamedTuple):
    """What words mean to one reader: the clauses that must hold, or that names are to contain them somewhere."""

    question: Asked
    hits: QuerySet
    within: bool = False

    def of(self, rows: QuerySet) -> QuerySet:
        """Those of the rows that have every word."""
        index = Index.of[rows.model._meta.label_lower]
        if self.within:
            return containing(rows, index, self.question)
        return rows.filter(pk__in=self.hits)


def understood(model, typed: str, user) -> Meaning:
    """What `typed` means to `user`, asked of all that they may see: other filters never change what a word means.

    The words begin words of a record. Where nothing begins with them, names that merely contain them are meant. Costs
    at most a query a word, one for names, and a look at a plan.
    """
    index, question = Index.of[model._meta.label_lower], asked(typed)
    meant = Meaning(question, first(index.having(clauses(model, question, user))))
    if index.spelt and not meant.of(model.objects.visible_to(user).order_by()).exists():
        return meant._replace(within=True)
    return meant


def clauses(model, question: Asked, user) -> list[Clause]:
    """One for each word: it is in a name, in the text, or in what else `user` may find such a record by."""
    index, rows = Index.of[model._meta.label_lower], model.objects.all()
    made = [anywhere(word, index.initials) | exactly(rows.keys_beside(word, user)) for word in question.words]
    return every(made, index.initials)


def containing(rows: QuerySet, index: Index, question: Asked) -> QuerySet:
    """The rows with a name that has every word somewhere within; too short a word is within none, and so is no word."""
    if (
        index.spelt is None
        or not question.words
        or any(len(word.folded) < SHORTEST_SUBSTRING for word in question.words)
    ):
        return rows.none()
    owner, names = index.spelt
    for word in question.words:
        rows = rows.filter(Exists(names._base_manager.filter(**{owner: OuterRef("pk")}, folded__contains=word.folded)))
    return rows


def best_ids(rows: QuerySet, typed: str, user, limit: int) -> list[int]:
    """Ids of hits: those of exactly this name, then those with the words in a name, then all others; newer first.

    Of names, the best `ALIGNED` are put into the order of their likeness.
    """
    index, question = Index.of[rows.model._meta.label_lower], asked(typed)
    exact = [exactly([question.whole])]
    named = every([in_name(word, index.initials) for word in question.words], index.initials)
    if index.spelt:
        found = _ids(rows, index, index.having(named)[:EVERYTHING], ALIGNED)
        if len(found) == ALIGNED:  # the very name may stand behind them
            found = [*_ids(rows, index, index.having(exact)[:EVERYTHING], limit), *found]
        if not found:
            found = list(containing(rows, index, question).order_by(*index.newest).values_list("pk", flat=True)[:limit])
        return index.aligned(typed, list(dict.fromkeys(found)))[:limit] if found else []
    stages: list[Callable[[], QuerySet]] = [
        lambda: index.having(exact)[:EVERYTHING],
        lambda: first(index.having(named)),
        lambda: first(index.having(clauses(rows.model, question, user))),
    ]
    best: dict[int, None] = {}
    for hits in stages:
        best |= dict.fromkeys(_ids(rows.exclude(pk__in=list(best)), index, hits(), limit - len(best)))
        if len(best) == limit:
            break
    return list(best)


def best_rows(rows: QuerySet, typed: str, user, limit: int) -> list:
    """The rows of `best_ids`, in their order."""
    ids = best_ids(rows, typed, user, limit)
    found = {row.pk: row for row in rows.filter(pk__in=ids)}
    return [found[pk] for pk in ids if pk in found]


def _ids(rows: QuerySet, index: Index, hits: QuerySet, limit: int) -> list[int]:
    return list(rows.filter(pk__in=hits).order_by(*index.newest).values_list("pk", flat=True)[:limit])
