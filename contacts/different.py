"""Two records that look alike and are not the same: said once, they are not proposed as twins again."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.utils import timezone

from caricc.lib.ids import new_id


class Different(models.Model):
    """Base: a pair of one kind, in either order, once. It goes with either of them, and moves along in a merge."""

    first: Any
    second: Any

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    by = models.ForeignKey("caricc.User", models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(Least("first", "second"), Greatest("first", "second"), name="%(class)s_once"),
            models.CheckConstraint(condition=~Q(first=F("second")), name="%(class)s_are_two"),
        ]

    def __str__(self):
        return f"{self.first} ≠ {self.second}"

    @classmethod
    def pairs(cls) -> Any:
        return cls._base_manager.all()

    @classmethod
    def of(cls, pk: int):
        """The pairs in which a record stands."""
        rows = cls.pairs().select_related("first", "second", "by")
        return rows.filter(Q(first=pk) | Q(second=pk)).order_by("-at", "id")

    @classmethod
    def from_(cls, pk: int) -> set[int]:
        """Ids of the records from which one is known to be different."""
        pairs = cls.pairs().filter(Q(first=pk) | Q(second=pk)).values_list("first", "second")
        return {end for pair in pairs for end in pair} - {pk}

    @classmethod
    def between(cls, one, other):
        """The mark between two records, None where there is none."""
        return cls.of(one.pk).filter(Q(first=other.pk) | Q(second=other.pk)).first()

    @classmethod
    def mark(cls, change, one, other) -> None:
        """Within a change: both records tell of it in their history."""
        if cls.between(one, other) is None:
            cls.pairs().create(first=one, second=other, by=change.actor, at=change.at)
            change.tell(one, "differ", str(other))
            change.tell(other, "differ", str(one))

    @classmethod
    def unmark(cls, change, one, other) -> None:
        found = cls.between(one, other)
        if found is not None:
            found.delete()
            change.tell(one, "undiffer", str(other))
            change.tell(other, "undiffer", str(one))


class DifferentPeople(Different):
    first = models.ForeignKey("contacts.Person", models.CASCADE, related_name="different_from")
    second = models.ForeignKey("contacts.Person", models.CASCADE, related_name="different_to")

    class Meta(Different.Meta):
        abstract = False


class DifferentOrganizations(Different):
    first = models.ForeignKey("contacts.Organization", models.CASCADE, related_name="different_from")
    second = models.ForeignKey("contacts.Organization", models.CASCADE, related_name="different_to")

    class Meta(Different.Meta):
        abstract = False
