"""Which rows exist for whom. Every door asks `Model.objects.visible_to(user)`; nobody is exempt, superusers included."""

from collections.abc import Iterable

from django.db import models
from django.db.models import F, Q, QuerySet
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


class RegisterQuerySet(QuerySet):
    """Rows by need to know; changes only through `caricc.lib.writes`.

    `label` is what `str()` calls a row, as an expression: choices and chips of many models come from one query.
    """

    label = F("name")

    def visible_to(self, user) -> "RegisterQuerySet":
        """The rows that exist for `user`: none without the right to view the model, else those that `rule` lets through."""
        return self.filter(self.rule(user)) if may(user, "view", self.model) else self.none()

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

    def for_export(self, user) -> "RegisterQuerySet":
        """With what a row of an export holds, as `user` may see it."""
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


def need_to_know(user, model) -> Q:
    """Internal, owned by `user`, or naming `user` or a group of theirs."""
    readers, groups = model.readers.through, model.reader_groups.through
    link = model._meta.model_name + "_id"
    return (
        Q(visibility=Visibility.INTERNAL)
        | Q(owner=user.pk)
        | Q(pk__in=readers.objects.filter(user=user.pk).values(link))
        | Q(pk__in=groups.objects.filter(group__user=user.pk).values(link))
    )


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
