"""Matters pursued across events."""

import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caricc.lib.days import today
from caricc.lib.fields import (
    DayField,
    LineField,
    ProseField,
    choice_check,
    day_checks,
    order_check,
)
from caricc.lib.ids import new_code
from caricc.lib.models import Aggregate, Record, manager
from caricc.lib.visibility import NeedToKnow, Visibility
from caricc.models import Sequence
from contacts.choices import Language
from contacts.models import Organization, Person
from events.choices import CaseRole, CaseStatus, NoteKind
from events.querysets import CasePartQuerySet, CaseQuerySet

TURNS = {CaseStatus.OPEN: NoteKind.OPENED, CaseStatus.DORMANT: NoteKind.DORMANT, CaseStatus.CLOSED: NoteKind.CLOSED}


class Case(Aggregate, NeedToKnow):
    """A matter pursued across events: an operation, a programme of trainings, a donor's project.

    It is a liaison case, not a criminal investigation. Whenever its status turns and a reason is given, through
    whichever door, the journal keeps the reason.
    """

    number = models.CharField(
        gettext_lazy("number"), max_length=16, unique=True, editable=False,
        help_text=gettext_lazy("Running by year once everybody may read the case; until then a code that tells nothing."),
    )  # fmt: skip
    title = LineField(
        gettext_lazy("title"), max_length=200, help_text=gettext_lazy("A matter of liaison, such as an operation or a programme; not a criminal case.")
    )  # fmt: skip
    summary = ProseField(gettext_lazy("summary"), blank=True)
    status = models.CharField(gettext_lazy("status"), max_length=8, choices=CaseStatus.choices, default=CaseStatus.OPEN)
    lead = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="led_cases",
        verbose_name=gettext_lazy("lead"),
    )
    opened_on = DayField(gettext_lazy("opened"), null=True, blank=True)
    closed_on = DayField(gettext_lazy("closed"), null=True, blank=True)
    next_step = LineField(
        gettext_lazy("next step"), max_length=300, blank=True, help_text=gettext_lazy("What is to be done next, by us.")
    )
    next_step_on = DayField(gettext_lazy("next step by"), null=True, blank=True)
    linked = models.ManyToManyField(
        "self", blank=True, verbose_name=gettext_lazy("linked cases"), help_text=gettext_lazy("Each shows the other, to those who may read both.")
    )  # fmt: skip

    turned = False  # whether the save under way opens the case or changes its status ...
    turn: tuple[datetime.date, str] | None = None  # ... on which day and why, where a deed says so

    objects = manager(CaseQuerySet)

    class Meta(Aggregate.Meta):
        verbose_name = gettext_lazy("case")
        verbose_name_plural = gettext_lazy("cases")
        ordering = ["-opened_on", "title", "id"]
        indexes = [
            models.Index(fields=["status", "-opened_on"], name="case_list"),
            models.Index(
                fields=["id"],
                condition=models.Q(visibility=Visibility.RESTRICTED),
                name="case_restricted",
            ),
        ]
        constraints = [
            *day_checks("case", "opened_on", "closed_on", "next_step_on"),
            order_check(
                "case",
                "opened_on",
                "closed_on",
                gettext_lazy("It was closed before it was opened."),
            ),
            choice_check("case", "status", CaseStatus),
            choice_check("case", "visibility", Visibility),
        ]

    def __str__(self):
        return f"{self.number} {self.title}"

    def get_absolute_url(self):
        return reverse("events:case_detail", args=[self.pk])

    @property
    def goes_on(self) -> bool:
        """As `CaseQuerySet.going_on`."""
        return self.status != CaseStatus.CLOSED

    @property
    def is_step_late(self) -> bool:
        return bool(self.goes_on and self.next_step_on and self.next_step_on < today())

    @property
    def step_days_late(self) -> int:
        return (today() - self.next_step_on).days if self.next_step_on and self.is_step_late else 0

    # ---- deeds, each within a change of the write path

    def close(self, change, reason: str, day: datetime.date | None = None) -> None:
        if self.status == CaseStatus.CLOSED:
            raise ValidationError(_("The case is closed already."))
        self._turn_to(change, CaseStatus.CLOSED, reason, day)

    def rest(self, change, reason: str, day: datetime.date | None = None) -> None:
        """Put it aside until somebody takes it up again."""
        if self.status != CaseStatus.OPEN:
            raise ValidationError(_("Only an open case can be put to rest."))
        self._turn_to(change, CaseStatus.DORMANT, reason, day)

    def reopen(self, change, reason: str, day: datetime.date | None = None) -> None:
        if self.status == CaseStatus.OPEN:
            raise ValidationError(_("The case is open already."))
        self._turn_to(change, CaseStatus.OPEN, reason, day)

    def _turn_to(self, change, status: str, reason: str, day: datetime.date | None) -> None:
        if not reason.strip():
            raise ValidationError(_("Say why."))
        day = day or today()
        self.status, self.closed_on = status, day if status == CaseStatus.CLOSED else None
        self.turn = (day, reason)
        change.save(self)

    def plan(self, change, step: str, day: datetime.date | None = None) -> None:
        """Say what comes next; without a step the one that was planned is done, and the journal says so."""
        done, self.next_step, self.next_step_on = self.next_step, step, day
        if day and not step:
            raise ValidationError({"next_step": _("Say what is to be done.")})
        if not step and not done:
            raise ValidationError(_("No next step is planned."))
        change.save(self)
        if not step:
            change.save(CaseNote(case=self, kind=NoteKind.DONE, text=done))

    @property
    def has_running_number(self) -> bool:
        return bool(self.number) and not self.number.startswith("R-")

    def prepare(self, change):
        if self._state.adding and self.owner_id is None:
            self.owner = change.actor
        if self._state.adding and self.opened_on is None:
            self.opened_on = today()
        rows = Case._base_manager.filter(pk=self.pk)
        self.turned = self._state.adding or rows.values_list("status", flat=True).first() != self.status
        if self.status != CaseStatus.CLOSED:
            self.closed_on = None
        elif self.closed_on is None:
            self.closed_on = today()
        if self.is_restricted:
            self.number = f"R-{new_code(8)}" if self.has_running_number or not self.number else self.number
        elif not self.has_running_number:
            year = today().year
            self.number = f"{year}-{Sequence.take(f'case-{year}'):03}"

    def settle(self, change):
        turned, self.turned = self.turned, False
        told, self.turn = self.turn, None
        if not turned:
            return
        opened = self.opened_on if self.version == 1 else None
        day, reason = told or (opened or today(), change.why if change.actor else "")
        if reason:
            change.save(CaseNote(case=self, day=day, kind=TURNS[CaseStatus(self.status)], text=reason))


class CaseAlias(Record):
    """Another name of the same matter: one operation has two."""

    part_of = "case"

    case = models.ForeignKey(Case, models.CASCADE, related_name="aliases", verbose_name=gettext_lazy("case"))
    name = LineField(gettext_lazy("also called"), max_length=200)
    language = models.CharField(gettext_lazy("language"), max_length=5, choices=Language.choices, default=Language.EN)

    objects = manager(CasePartQuerySet)

    class Meta(Record.Meta):
        verbose_name = gettext_lazy("other name of a case")
        verbose_name_plural = gettext_lazy("other names of cases")
        ordering = ["case", "created_at", "id"]

    def __str__(self):
        return self.name


class CasePartner(Record):
    """A partner of a case by its role; those that merely were at its events are computed."""

    part_of = "case"

    case = models.ForeignKey(Case, models.CASCADE, related_name="partners", verbose_name=gettext_lazy("case"))
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        related_name="case_roles",
        verbose_name=gettext_lazy("organization"),
    )
    role = models.CharField(gettext_lazy("role"), max_length=12, choices=CaseRole.choices, default=CaseRole.PARTICIPANT)

    objects = manager(CasePartQuerySet)

    class Meta(Record.Meta):
        verbose_name = gettext_lazy("partner of a case")
        verbose_name_plural = gettext_lazy("partners of cases")
        ordering = ["case", "role", "id"]
        constraints = [
            choice_check("casepartner", "role", CaseRole),
            models.UniqueConstraint(
                fields=["case", "organization", "role"], name="casepartner_once",
                violation_error_message=gettext_lazy("This partner already has that role in the case."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.organization} ({self.get_role_display()})"


class CaseNote(Record):
    """A dated note in the journal of a case."""

    part_of = "case"

    case = models.ForeignKey(Case, models.CASCADE, related_name="notes", verbose_name=gettext_lazy("case"))
    day = DayField(gettext_lazy("day"), default=today)
    kind = models.CharField(gettext_lazy("kind"), max_length=8, choices=NoteKind.choices, default=NoteKind.NOTE)
    text = ProseField(gettext_lazy("note"))

    objects = manager(CasePartQuerySet)

    class Meta(Record.Meta):
        verbose_name = gettext_lazy("note of a case")
        verbose_name_plural = gettext_lazy("notes of cases")
        ordering = ["case", "-day", "-created_at", "id"]
        constraints = [*day_checks("casenote", "day"), choice_check("casenote", "kind", NoteKind)]

    def __str__(self):
        return self.text[:80]
