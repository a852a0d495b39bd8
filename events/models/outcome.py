"""What events produced."""

from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from caricc.lib.fields import (
    DayField,
    LineField,
    ProseField,
    choice_check,
    day_checks,
    refuse_bidi,
)
from caricc.lib.models import Record, manager
from caricc.lib.text import clean_text
from contacts.models import Organization
from events.choices import OutcomeKind
from events.querysets import OutcomeQuerySet


def list_of_lines(value) -> None:
    if not isinstance(value, list) or not all(isinstance(line, str) and len(line) <= 300 for line in value):
        raise ValidationError(_("Give a list of lines, each at most 300 characters."))
    for line in value:
        ProhibitNullCharactersValidator()(line)
        refuse_bidi(line)
    if len(value) > 200:
        raise ValidationError(_("At most 200 lines."))


class Outcome(Record):
    """A document, agreement, recommendation, decision, presentation or information that an event produced."""

    part_of = "event"

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="outcomes", verbose_name=_("event"))
    kind = models.CharField(_("kind"), max_length=20, choices=OutcomeKind.choices)
    title = LineField(_("title"), max_length=300)
    text = ProseField(_("text"), blank=True)
    day = DayField(_("day"), null=True, blank=True, help_text=_("Where it is told."))
    by_delegation = models.ForeignKey(
        "events.Delegation", models.SET_NULL, null=True, blank=True, related_name="outcomes", verbose_name=_("by delegation")
    )  # fmt: skip
    by_delegate = models.ForeignKey(
        "events.Delegate", models.SET_NULL, null=True, blank=True, related_name="outcomes", verbose_name=_("by delegate")
    )  # fmt: skip
    parties = models.ManyToManyField(Organization, blank=True, related_name="outcomes", verbose_name=_("parties"))
    topics = models.ManyToManyField("events.Topic", blank=True, related_name="outcomes", verbose_name=_("topics"))
    lines = models.JSONField(
        _("lines"), default=list, blank=True, validators=[list_of_lines], help_text=_("One a line, such as agreed subjects.")
    )  # fmt: skip
    done_on = DayField(
        _("followed up on"), null=True, blank=True, help_text=_("When a recommendation was carried out, or dropped.")
    )  # fmt: skip
    done_note = ProseField(_("how it was followed up"), blank=True)
    position = models.PositiveIntegerField(_("place in the list"), default=0)

    objects = manager(OutcomeQuerySet)

    class Meta(Record.Meta):
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        ordering = ["event", "position", "created_at", "id"]
        indexes = [models.Index(fields=["kind", "event"], name="outcome_list_by_kind")]
        constraints = [
            *day_checks("outcome", "day", "done_on"),
            choice_check("outcome", "kind", OutcomeKind),
        ]

    def __str__(self):
        return self.title

    @property
    def is_unfinished(self) -> bool:
        """A recommendation that nobody has followed up yet."""
        return self.kind == OutcomeKind.RECOMMENDATION and self.done_on is None

    def follow_up(self, day, note: str = "") -> None:
        """A recommendation was carried out on `day`, or dropped; `note` says how."""
        self.done_on, self.done_note = day, note

    def take_up_again(self) -> None:
        """It still has to be followed up."""
        self.done_on, self.done_note = None, ""

    def get_absolute_url(self):
        return f"{self.event.get_absolute_url()}#outcome-{self.pk}"

    def prepare(self, change):
        if isinstance(self.lines, list):
            self.lines = [clean_text(line).strip() if isinstance(line, str) else line for line in self.lines]

    def clean(self):
        if self.by_delegation_id and self.by_delegation.event_id != self.event_id:
            raise ValidationError({"by_delegation": _("This delegation was at another event.")})
        if self.by_delegate_id and self.by_delegate.delegation.event_id != self.event_id:
            raise ValidationError({"by_delegate": _("This delegate was at another event.")})
