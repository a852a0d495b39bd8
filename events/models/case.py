"""Matters pursued across events."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from caricc.lib.days import today
from caricc.lib.fields import (
    DayField,
    FoldedField,
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


class Case(Aggregate, NeedToKnow):
    """A matter pursued across events: an operation, a programme of trainings, a donor's project.

    It is a liaison case, not a criminal investigation.
    """

    number = models.CharField(
        _("number"), max_length=16, unique=True, editable=False,
        help_text=_("Running by year once everybody may read the case; until then a code that tells nothing."),
    )  # fmt: skip
    title = LineField(
        _("title"), max_length=200, help_text=_("A matter of liaison, such as an operation or a programme; not a criminal case.")
    )  # fmt: skip
    summary = ProseField(_("summary"), blank=True)
    status = models.CharField(_("status"), max_length=8, choices=CaseStatus.choices, default=CaseStatus.OPEN)
    lead = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="led_cases",
        verbose_name=_("lead"),
    )
    opened_on = DayField(_("opened"), null=True, blank=True)
    closed_on = DayField(_("closed"), null=True, blank=True)
    next_step = LineField(_("next step"), max_length=300, blank=True, help_text=_("What is to be done next, by us."))
    next_step_on = DayField(_("next step by"), null=True, blank=True)
    linked = models.ManyToManyField(
        "self", blank=True, verbose_name=_("linked cases"), help_text=_("Each shows the other, to those who may read both.")
    )  # fmt: skip
    folded = FoldedField("number", "title", "summary", "next_step")

    objects = manager(CaseQuerySet)

    class Meta(Aggregate.Meta):
        verbose_name = _("case")
        verbose_name_plural = _("cases")
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
                _("It was closed before it was opened."),
            ),
            choice_check("case", "status", CaseStatus),
            choice_check("case", "visibility", Visibility),
        ]

    def __str__(self):
        return f"{self.number} {self.title}"

    def get_absolute_url(self):
        return reverse("events:case_detail", args=[self.pk])

    @property
    def has_running_number(self) -> bool:
        return bool(self.number) and not self.number.startswith("R-")

    def prepare(self, change):
        if self._state.adding and self.owner_id is None:
            self.owner = change.actor
        if self._state.adding and self.opened_on is None:
            self.opened_on = today()
        if self.status == CaseStatus.CLOSED and self.closed_on is None:
            self.closed_on = today()
        if self.is_restricted:
            self.number = f"R-{new_code(8)}" if self.has_running_number or not self.number else self.number
        elif not self.has_running_number:
            year = today().year
            self.number = f"{year}-{Sequence.take(f'case-{year}'):03}"


class CaseAlias(Record):
    """Another name of the same matter: one operation has two."""

    part_of = "case"

    case = models.ForeignKey(Case, models.CASCADE, related_name="aliases", verbose_name=_("case"))
    name = LineField(_("also called"), max_length=200)
    language = models.CharField(_("language"), max_length=5, choices=Language.choices, default=Language.EN)
    folded = FoldedField("name")

    objects = manager(CasePartQuerySet)

    class Meta(Record.Meta):
        verbose_name = _("other name of a case")
        verbose_name_plural = _("other names of cases")
        ordering = ["case", "created_at", "id"]

    def __str__(self):
        return self.name


class CasePartner(Record):
    """A partner of a case by its role; those that merely were at its events are computed."""

    part_of = "case"

    case = models.ForeignKey(Case, models.CASCADE, related_name="partners", verbose_name=_("case"))
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        related_name="case_roles",
        verbose_name=_("organization"),
    )
    role = models.CharField(_("role"), max_length=12, choices=CaseRole.choices, default=CaseRole.PARTICIPANT)

    objects = manager(CasePartQuerySet)

    class Meta(Record.Meta):
        verbose_name = _("partner of a case")
        verbose_name_plural = _("partners of cases")
        ordering = ["case", "role", "id"]
        constraints = [
            choice_check("casepartner", "role", CaseRole),
            models.UniqueConstraint(
                fields=["case", "organization", "role"], name="casepartner_once",
                violation_error_message=_("This partner already has that role in the case."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.organization} ({self.get_role_display()})"


class CaseNote(Record):
    """A dated note in the journal of a case."""

    part_of = "case"

    case = models.ForeignKey(Case, models.CASCADE, related_name="notes", verbose_name=_("case"))
    day = DayField(_("day"), default=today)
    kind = models.CharField(_("kind"), max_length=8, choices=NoteKind.choices, default=NoteKind.NOTE)
    text = ProseField(_("note"))
    folded = FoldedField("text")

    objects = manager(CasePartQuerySet)

    class Meta(Record.Meta):
        verbose_name = _("note of a case")
        verbose_name_plural = _("notes of cases")
        ordering = ["case", "-day", "-created_at", "id"]
        constraints = [*day_checks("casenote", "day"), choice_check("casenote", "kind", NoteKind)]

    def __str__(self):
        return self.text[:80]
