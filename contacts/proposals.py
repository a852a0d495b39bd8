"""Pairs of records that may be the same, kept so that lists and figures cost nothing; at most `MOST` for each record.

The write path keeps them true (`contacts.index`). A likely pair that is not kept has a record that holds `MOST` others.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from caricc.lib.models import manager
from caricc.lib.search.index import in_batches
from contacts.likeness import JUDGES, LIKELY, alike, not_the_same, pairs_among
from contacts.models import Organization, Person
from contacts.querysets import ProposedQuerySet

MOST = 5
MANY = 60  # records changed at once: from here on all are compared in memory

Pair = tuple[int, int]


class Proposed(models.Model):
    """Base; `first` is the smaller id. `score` in hundredths."""

    first = models.BigIntegerField()
    second = models.BigIntegerField(db_index=True)
    score = models.PositiveSmallIntegerField()

    objects = manager(ProposedQuerySet)

    class Meta:
        abstract = True
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="%(class)s_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="%(class)s_in_order"),
        ]

    def __str__(self):
        return f"{self.first} ~ {self.second}"


class ProposedPeople(Proposed):
    about = Person

    class Meta(Proposed.Meta):
        abstract = False
        verbose_name = _("people who may be the same")
        verbose_name_plural = _("people who may be the same")


class ProposedOrganizations(Proposed):
    about = Organization

    class Meta(Proposed.Meta):
        abstract = False
        verbose_name = _("organizations that may be the same")
        verbose_name_plural = _("organizations that may be the same")


TABLES: dict[type, type[Proposed]] = {Person: ProposedPeople, Organization: ProposedOrganizations}


class Kept:
    """The pairs around some records while they are brought up to date; written at the end."""

    def __init__(self, model, ids: Iterable[int] | None = None):
        self.table = TABLES[model]
        self.before: dict[Pair, int] = {}
        self.now: dict[Pair, float] = {}
        self.of: dict[int, set[Pair]] = defaultdict(set)
        self.seen: set[int] = set()
        self.everything = ids is None
        if ids is None:
            self._take(self.table._base_manager.all())
        else:
            self.look_up(ids)

    def look_up(self, ids: Iterable[int]) -> None:
        """Know the pairs of these records."""
        new = set() if self.everything else set(ids) - self.seen
        self.seen |= new
        for some in in_batches(sorted(new)):
            self._take(self.table._base_manager.filter(Q(first__in=some) | Q(second__in=some)))

    def _take(self, rows) -> None:
        for first, second, score in rows.values_list("first", "second", "score"):
            if (first, second) not in self.before:
                self.before[first, second] = score
                self._put((first, second), score / 100)

    def _put(self, pair: Pair, score: float) -> None:
        self.now[pair] = score
        for pk in pair:
            self.of[pk].add(pair)

    def drop(self, pair: Pair) -> None:
        del self.now[pair]
        for pk in pair:
            self.of[pk].discard(pair)

    def is_full(self, pk: int) -> bool:
        return len(self.of[pk]) >= MOST

    def offer(self, pair: Pair, score: float) -> set[int]:
        """Keep a pair; where a record holds enough, in the place of one that is less likely. Who lost one for it."""
        self.look_up(pair)
        if pair in self.now:
            self.now[pair] = score
            return set()
        worse = []
        for pk in pair:
            if self.is_full(pk):
                least = min(self.of[pk], key=lambda one: (self.now[one], one))
                if self.now[least] >= score:
                    return set()
                worse.append(least)
        for one in set(worse):
            self.drop(one)
        self._put(pair, score)
        return {pk for one in worse for pk in one} - set(pair)

    def write(self, only_say: bool = False) -> Counter:
        now = {pair: round(score * 100) for pair, score in self.now.items()}
        gone = [pair for pair in self.before if pair not in now]
        new = [pair for pair in now if pair not in self.before]
        wrong = [pair for pair in now if pair in self.before and now[pair] != self.before[pair]]
        if not only_say:
            rows = self.table._base_manager
            for first, second in (*gone, *wrong):
                rows.filter(first=first, second=second).delete()
            made = [self.table(first=a, second=b, score=now[a, b]) for a, b in sorted((*new, *wrong))]
            rows.bulk_create(made, batch_size=500)
        return Counter({"missing": len(new), "wrong": len(wrong), "left over": len(gone)})


def renew(model, ids: set[int]) -> None:
    """Bring the pairs of these records up to date, which were changed, archived, merged, deleted or told apart."""
    if len(ids) > MANY:
        _compare(model, Kept(model, ids), set(ids))
        return
    kept, waiting, done = Kept(model, ids), sorted(ids), set()
    rows = model._base_manager.filter(archived=False)
    while waiting:
        pk = waiting.pop()
        done.add(pk)
        kept.look_up([pk])
        told = JUDGES[model].told(rows.filter(pk=pk).values_list("pk", flat=True)).get(pk)
        apart = not_the_same(model, [pk])
        found = {} if told is None else {_pair(pk, other): score for score, other in alike(model, told, rows, [pk])}
        found = {pair: score for pair, score in found.items() if pair not in apart}
        lost = set()
        for pair in [pair for pair in kept.of[pk] if pair not in found]:
            other = sum(pair) - pk
            kept.look_up([other])
            if kept.is_full(other):
                lost.add(other)  # it may have others now
            kept.drop(pair)
        for pair, score in sorted(found.items(), key=lambda one: (-one[1], one[0])):
            lost |= kept.offer(pair, score)
        waiting += sorted(lost - done - set(waiting))
    kept.write()


def _pair(one: int, other: int) -> Pair:
    return min(one, other), max(one, other)


def remake(model, only_say: bool = False) -> Counter:
    """All pairs anew."""
    return _compare(model, Kept(model), None, only_say)


def _compare(model, kept: Kept, new: set[int] | None, only_say: bool = False) -> Counter:
    there = list(model._base_manager.filter(archived=False).values_list("pk", flat=True))
    told: dict = {}
    for some in in_batches(there):
        told |= JUDGES[model].told(some)
    judge = JUDGES[model].judge
    found = pairs_among(model, told, new)
    asked = {pk for pair in (*found, *kept.now) for pk in pair} if new is None else new
    apart = set[Pair]().union(*(not_the_same(model, some) for some in in_batches(sorted(asked))))
    for pair in list(kept.now):  # what is kept holds where it is likely, however it was found
        if new is not None and not new & set(pair):
            continue
        if pair not in found and pair not in apart and all(pk in told for pk in pair):
            score = judge(told[pair[0]], told[pair[1]]).score
            if score >= LIKELY:
                found[pair] = score
        if pair not in found or pair in apart:
            kept.drop(pair)
    for pair, score in sorted(found.items(), key=lambda one: (-one[1], one[0])):
        if pair not in apart:
            kept.offer(pair, score)
    return kept.write(only_say)
