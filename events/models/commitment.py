"""Who owes what to whom by when."""

import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caricc.lib.days import today
from caricc.lib.effect import RestrictedInEffect
from caricc.lib.fields import (
    CountryField,
    DayField,
    LineField,
    ProseField,
    choice_check,
    country_name,
    day_checks,
)
from caricc.lib.models import Aggregate, Record, manager
from contacts.models import Organization, Person
from events.choices import CommitmentStatus, Direction, Group
from events.querysets import CommitmentPartQuerySet, CommitmentQuerySet


class Commitment(RestrictedInEffect, Aggregate):
    """A promise between organizations, states or groups; the creditor may be empty.

    Direction and overdue are computed: `ours` where a unit of ours owes, `theirs` where one of ours is owed.
    """

    title = LineField(_("what"), max_length=300)
    text = ProseField(_("details"), blank=True)
    event = models.ForeignKey(
        "events.Event", models.CASCADE, null=True, blank=True, related_name="commitments", verbose_name=_("promised at")
    )  # fmt: skip
    case = models.ForeignKey(
        "events.Case", models.CASCADE, null=True, blank=True, related_name="commitments", verbose_name=_("case")
    )  # fmt: skip
    debtor = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="owes",
        verbose_name=_("who owes"),
    )
    debtor_country = CountryField(_("state that owes"))
    debtor_group = models.CharField(_("group that owes"), max_length=30, choices=Group.choices, blank=True)
    creditor = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="is_owed",
        verbose_name=_("to whom"),
    )
    creditor_country = CountryField(_("state to whom"))
    creditor_group = models.CharField(_("group to whom"), max_length=30, choices=Group.choices, blank=True)
    due_date = DayField(_("due"), null=True, blank=True)
    first_due_date = DayField(_("first due"), null=True, blank=True, editable=False)
    responsible = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="responsibilities", verbose_name=_("responsible"),
        help_text=_("One of our own people."),
    )  # fmt: skip
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=CommitmentStatus.choices,
        default=CommitmentStatus.OPEN,
    )
    closed_on = DayField(_("fulfilled or withdrawn on"), null=True, blank=True)
    # of the first day of its event and that of its entry the earlier one; kept by `events.rollups`
    counted_from = models.DateField(_("counted from"), null=True, editable=False)
    proof = ProseField(
        _("proof of fulfilment"), blank=True, help_text=_("What shows that it was done: a letter, a document, a meeting.")
    )  # fmt: skip
    note = ProseField(_("note"), blank=True, help_text=_("Why it was withdrawn, or what else is to be known."))

    objects = manager(CommitmentQuerySet)
    restricted_by = ("event", "case")

    class Meta(Aggregate.Meta):
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = ["due_date", "id"]
        indexes = [
            models.Index(
                fields=["due_date", "id"],
                condition=Q(status="open"),
                name="commitment_open_by_due",
            ),
            models.Index(fields=["status", "due_date", "id"], name="commitment_list"),
            # /commitments/?open_on= and the past figures of the start page
            models.Index(fields=["counted_from", "closed_on"], name="commitment_open_on"),
        ]
        constraints = [
            *day_checks("commitment", "due_date", "first_due_date", "closed_on"),
            models.CheckConstraint(
                condition=Q(debtor__isnull=False) | ~Q(debtor_country="") | ~Q(debtor_group=""),
                name="commitment_somebody_owes",
                violation_error_message=_("Say who owes it: an organization, a state or a group."),
            ),
            choice_check("commitment", "status", CommitmentStatus),
            choice_check("commitment", "debtor_group", Group, blank=True),
            choice_check("commitment", "creditor_group", Group, blank=True),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("events:commitment_detail", args=[self.pk])

    @property
    def debtor_name(self) -> str:
        return _party(self.debtor, self.get_debtor_group_display(), self.debtor_country)

    @property
    def creditor_name(self) -> str:
        return _party(self.creditor, self.get_creditor_group_display(), self.creditor_country)

    @property
    def direction(self) -> str:
        if self.debtor and self.debtor.own:
            return Direction.OURS
        return Direction.THEIRS if self.creditor and self.creditor.own else ""

    @property
    def is_overdue(self) -> bool:
        return bool(self.status == CommitmentStatus.OPEN and self.due_date and self.due_date < today())

    @property
    def days_late(self) -> int:
        return (today() - self.due_date).days if self.due_date and self.is_overdue else 0

    @property
    def owed_since(self) -> datetime.date:
        """The first day of the event at which it was promised; where none is known, or none has begun, that of its entry."""
        if self.event is not None and self.event.start_date <= today():
            return self.event.start_date
        return timezone.localdate(self.created_at)

    # ---- what becomes of it; saved by whoever calls, within a change that says why

    def fulfil(self, day, proof: str = "") -> None:
        """It was done on `day`; `proof` says what shows it, and stays empty where nothing does."""
        self.status, self.closed_on, self.proof = CommitmentStatus.FULFILLED, day, proof

    def withdraw(self, day, reason: str) -> None:
        """Nobody waits for it any more; the reason joins the note."""
        self.status, self.closed_on = CommitmentStatus.WITHDRAWN, day
        self.note = f"{self.note}\n\n{reason}".strip()

    def reopen(self) -> None:
        """It is owed again. What was taken for the proof of its fulfilment is kept by the history alone."""
        self.status, self.closed_on, self.proof = CommitmentStatus.OPEN, None, ""

    def shift(self, due) -> None:
        """Due on another day; saving it leaves a `CommitmentShift` with the reason of the change."""
        self.due_date = due

    def assign(self, person) -> None:
        """`person` of ours sees to it from now on; None: nobody."""
        self.responsible = person

    @property
    def is_open(self) -> bool:
        return self.status == CommitmentStatus.OPEN

    def clean(self):
        if not (self.debtor_id or self.debtor_country or self.debtor_group):
            raise ValidationError({"debtor": _("Say who owes it: an organization, a state or a group.")})

    def prepare(self, change):
        rows = Commitment._base_manager.filter(pk=self.pk)
        self.due_until_now = () if self._state.adding else tuple(rows.values_list("due_date", flat=True))
        if self.due_date and not self.first_due_date:
            self.first_due_date = self.due_date
        if self.status == CommitmentStatus.OPEN:
            self.closed_on = None
        elif self.closed_on is None:
            self.closed_on = today()

    def settle(self, change):
        """A due date that was moved leaves the one before it, with the reason."""
        if self.due_until_now and self.due_until_now[0] != self.due_date:
            change.save(
                CommitmentShift(commitment=self, before=self.due_until_now[0], after=self.due_date, reason=change.why[:1000])
            )  # fmt: skip


class CommitmentShift(Record):
    """That the due date of a commitment was moved: from which day to which, when, and why."""

    part_of = "commitment"

    commitment = models.ForeignKey(
        Commitment, models.CASCADE, related_name="shifts", verbose_name=_("commitment")
    )  # fmt: skip
    before = DayField(_("was due"), null=True, blank=True)
    after = DayField(_("is due"), null=True, blank=True)
    day = DayField(_("moved on"), default=today)
    reason = ProseField(_("reason"), blank=True, max_length=1000)

    objects = manager(CommitmentPartQuerySet)

    class Meta(Record.Meta):
        verbose_name = _("shift of a due date")
        verbose_name_plural = _("shifts of due dates")
        ordering = ["commitment", "day", "created_at", "id"]
        constraints = [*day_checks("commitmentshift", "before", "after", "day")]

    def __str__(self):
        return f"{self.before} → {self.after}"


def _party(organization, group: str, country: str) -> str:
    return str(organization) if organization else ", ".join(part for part in (group, country_name(country)) if part)
