"""Which rows exist for whom. Every door asks `Model.objects.visible_to(user)`; nobody is exempt, superusers included."""

from collections.abc import Iterable
from functools import cache

from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import F, Func, Q, QuerySet, Subquery, Value
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from caricc.lib import writes
from caricc.lib.search.found import understood
from caricc.lib.text import Word


class Visibility(models.TextChoices):
    INTERNAL = "internal", _("Internal")
    RESTRICTED = "restricted", _("Restricted")


def may(user, act: str, model) -> bool:
    """Whether the roles of `user` allow `act` (view, add, change, delete, export) on `model` at all."""
    opts = model._meta
    return bool(user and user.is_active and user.has_perm(f"{opts.app_label}.{act}_{opts.model_name}"))


class Rules(dict):
    """Of one account, {model: its rule}; nothing of it goes along where the account is put away."""

    def __reduce__(self):
        return Rules, ()


class RegisterQuerySet(QuerySet):
    """Rows by need to know; changes only through `caricc.lib.writes`.

    `label` is what `str()` calls a row, as an expression: choices and chips of many models come from one query.
    """

    label = F("name")

    def visible_to(self, user) -> "RegisterQuerySet":
        """The rows that exist for `user`: none without the right to view the model, else those that `rule` lets through."""
        return self.filter(self._rule_once(user)) if may(user, "view", self.model) else self.none()

    def _rule_once(self, user) -> Q:
        """The rule, put together once for each account that is read in: a page asks for it a dozen times."""
        kept = getattr(user, "_rules", None)
        if kept is None:
            kept = user._rules = Rules()
        if self.model not in kept:
            kept[self.model] = self.rule(user)
        return kept[self.model]

    def rule(self, user) -> Q:
        """The row rule of this model for a user who may view it; everything, unless a model says otherwise."""
        return Q()

    def matching(self, words: str, user) -> QuerySet:
        """The rows that are found by every word, in any script (`caricc.lib.search`)."""
        return understood(self.model, words, user).of(self)

    def keys_beside(self, word: Word, user) -> Iterable[str]:
        """Keys by which `user` finds a record for a word that does not stand in what everybody may read."""
        return ()

    def for_list(self, user) -> "RegisterQuerySet":
        """With what a row of a list shows, as `user` may see it, in a number of queries that does not grow."""
        return self

    def for_detail(self, user) -> "RegisterQuerySet":
        """With what the page of one record shows."""
        return self.for_list(user)

    def update(self, **kwargs):
        writes.must_be_writing(self.model)
        return super().update(**kwargs)

    def delete(self):
        writes.must_be_writing(self.model)
        return super().delete()

    def bulk_create(self, objs, *args, **kwargs):
        writes.must_be_writing(self.model)
        return super().bulk_create(objs, *args, **kwargs)

    def bulk_update(self, objs, *args, **kwargs):
        writes.must_be_writing(self.model)
        return super().bulk_update(objs, *args, **kwargs)

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]
    update.alters_data = True  # type: ignore[attr-defined]
    bulk_create.alters_data = True  # type: ignore[attr-defined]
    bulk_update.alters_data = True  # type: ignore[attr-defined]


def found_by_id(rows: QuerySet) -> Q:
    """Whether there is a row; for a row looked up by its id, in a condition that few of many rows ever reach.

    PostgreSQL takes an EXISTS for a reason to read the whole table into memory beforehand, even where the first page is
    all that is wanted; a value that is looked up it looks up.
    """
    return Q(Exact(Subquery(rows.order_by().values(found=Value(1))), 1))


class Named(Func):
    """Internal, owned by the user, or naming the user or a group of theirs; of a row of `model`, wherever it stands in a query.

    Its SQL is written out: put together of lookups and subqueries it took longer than the database takes to answer, and a
    page has it a dozen times.
    """

    output_field = models.BooleanField()

    def __init__(self, model, user_id: int):
        self.model, self.user_id = model, user_id
        super().__init__(F("visibility"), F("owner"), F("pk"))

    def as_sql(self, compiler, connection, **extra):
        (seen_by, these), (owner, those), (pk, others) = map(compiler.compile, self.source_expressions)
        people, groups = _those_named(self.model)
        sql = f"({seen_by} = %s OR {owner} = %s OR {pk} IN ({people}) OR {pk} IN ({groups}))"
        first, user = Visibility.INTERNAL.value, self.user_id
        return sql, [*these, first, *those, user, *others, user, *others, user]


@cache
def _those_named(model) -> tuple[str, str]:
    """SQL of the ids of records that name a user, and of those that name a group of theirs."""
    readers, groups = model.readers.through._meta, model.reader_groups.through._meta
    members, own = get_user_model().groups.through._meta, model._meta.model_name
    people = (
        f'SELECT named."{readers.get_field(own).column}" FROM "{readers.db_table}" named'  # noqa: S608 - names of columns
        f' WHERE named."{readers.get_field("user").column}" = %s'
    )
    of_groups = (
        f'SELECT named."{groups.get_field(own).column}" FROM "{groups.db_table}" named'  # noqa: S608 - names of columns
        f' INNER JOIN "{members.db_table}" member'
        f' ON named."{groups.get_field("group").column}" = member."{members.get_field("group").column}"'
        f' WHERE member."{members.get_field("user").column}" = %s'
    )
    return people, of_groups


def need_to_know(user, model) -> Q:
    """Internal, owned by `user`, or naming `user` or a group of theirs."""
    return Q(Named(model, user.pk))


class NeedToKnow(models.Model):
    """Fields of a record that may be restricted: its owner and those named on it read it, nobody else knows of it."""

    visibility = models.CharField(
        _("seen by"), max_length=10, choices=Visibility.choices, default=Visibility.INTERNAL,
        help_text=_("Restricted: the owner, and the people and groups named here. For all others it does not exist."),
    )  # fmt: skip
    owner = models.ForeignKey(
        "caricc.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner"),
        help_text=_("Whoever logs a record owns it, until somebody else takes it over."),
    )  # fmt: skip
    readers = models.ManyToManyField("caricc.User", blank=True, related_name="+", verbose_name=_("people named"))
    reader_groups = models.ManyToManyField("auth.Group", blank=True, related_name="+", verbose_name=_("groups named"))

    class Meta:
        abstract = True

    @property
    def is_restricted(self) -> bool:
        return self.visibility == Visibility.RESTRICTED
