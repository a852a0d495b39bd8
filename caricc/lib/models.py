"""What every kept record has: a random id, an owner of its version, and where it came from."""

from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caricc.lib import writes
from caricc.lib.ids import new_id
from caricc.lib.merged import record_that_stays
from caricc.lib.visibility import RegisterQuerySet


class RegisterManager(models.Manager.from_queryset(RegisterQuerySet)):  # type: ignore[misc]
    """Finds records by their `seed_key`, so that fixtures need no ids."""

    def get_by_natural_key(self, seed_key):
        """The record of this key; where it went in a merge, the one that stays."""
        try:
            return self.get(seed_key=seed_key)
        except self.model.DoesNotExist:
            merges = apps.get_model("caricc", "Merge").objects.filter(about=self.model._meta.label, undone_at=None)
            gone = merges.filter(gone_key=seed_key).values_list("gone_id", flat=True).first() if seed_key else None
            found = record_that_stays(self.all(), gone) if gone else None
            if found is None:
                raise
            return found


def manager(queryset: type[RegisterQuerySet]) -> Any:
    """The `objects` of a model whose business words are in `queryset`."""
    return type(f"{queryset.__name__}Manager", (RegisterManager.from_queryset(queryset),), {})()


class Record(models.Model):
    """A row that changes only through `caricc.lib.writes`.

    `part_of` names the foreign key to the record that this row belongs to (a delegation to its event): the whole is
    one aggregate, with one version and one history. Empty for the record at its root.

    For `caricc.lib.merge`: `can_be_merged` says that ids of this model may lead to another record; `same_by` names the
    fields by which two rows that come to point to one record are one and the same; of a mark that only one part may bear, `mark_follows`
    names the field of the whole that decides which one, where it is taken over from the record that goes.
    """

    part_of = ""
    can_be_merged = False
    same_by: tuple[str, ...] = ()
    mark_follows = ""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    seed_key = models.SlugField(_("seed key"), max_length=120, unique=True, null=True, editable=False)
    created_at = models.DateTimeField(_("entered"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        "caricc.User",
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("entered by"),
    )

    objects = RegisterManager()

    class Meta:
        abstract = True
        default_permissions = ("add", "change", "delete", "view", "export")

    def save(self, *args, **kwargs):
        writes.must_be_writing(type(self))
        super().save(*args, **kwargs)

    def save_base(self, *args, raw=False, **kwargs):
        writes.must_be_writing(type(self), raw=raw)
        super().save_base(*args, raw=raw, **kwargs)

    def delete(self, *args, **kwargs):
        writes.must_be_writing(type(self))
        return super().delete(*args, **kwargs)

    save.alters_data = True  # type: ignore[attr-defined]
    delete.alters_data = True  # type: ignore[attr-defined]

    def natural_key(self):
        return (self.seed_key,)

    def root(self) -> "Record":
        """The record whose version counts for this one."""
        return getattr(self, self.part_of).root() if self.part_of else self

    @classmethod
    def root_path(cls) -> str:
        """The lookup from this model to its root, such as `delegation__event`; empty at the root."""
        if not cls.part_of:
            return ""
        whole: Any = cls._meta.get_field(cls.part_of).related_model
        rest = whole.root_path()
        return f"{cls.part_of}__{rest}" if rest else cls.part_of

    def prepare(self, change) -> None:
        """Fill in what follows from other values; called by the write path before `clean`."""

    def settle(self, change) -> None:
        """Write what follows from this record having been saved; called by the write path, in the same transaction."""


class Aggregate(Record):
    """The root of what is edited together: its version counts every change to it and to its parts."""

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    updated_at = models.DateTimeField(_("changed"), default=timezone.now, editable=False, db_index=True)

    class Meta(Record.Meta):
        abstract = True


class Archivable(models.Model):
    """Reference data is not deleted but put away: no longer offered, still shown where it was used."""

    archived = models.BooleanField(
        _("archived"),
        default=False,
        help_text=_("No longer offered when logging; still shown where it was used."),
    )

    class Meta:
        abstract = True
