"""Figures kept ready: how many events that nothing restricts began and ended in which months.

`first` and `last` are the first days of the month in which an event begins and of that in which it ends. The write path
keeps all of it true (`events.rollups`); what is restricted is counted live, for whoever may read it.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.models import Organization
from events.choices import EventFormat, EventKind, EventStatus


class Tally(models.Model):
    derived = True  # no record points to anything with it: merging and history pass it by

    first = models.DateField()
    last = models.DateField()

    objects = models.Manager()

    class Meta:
        abstract = True
        default_permissions = ()


class EventTally(Tally):
    """All events by what a list asks of them by choice."""

    kind = models.CharField(max_length=20, choices=EventKind.choices)
    status = models.CharField(max_length=10, choices=EventStatus.choices)
    format = models.CharField(max_length=10, choices=EventFormat.choices, blank=True)
    without_outcome = models.BooleanField()
    without_delegation = models.BooleanField()
    n = models.IntegerField(_("events"))
    outcomes = models.IntegerField(_("outcomes"))

    class Meta(Tally.Meta):
        verbose_name = _("tally of events")
        verbose_name_plural = _("tallies of events")
        constraints = [
            models.UniqueConstraint(
                fields=["first", "last", "kind", "status", "format", "without_outcome", "without_delegation"],
                name="eventtally_once",
            )
        ]

    def __str__(self):
        return f"{self.first:%Y-%m} {self.status} {self.kind}: {self.n}"


class PartnerTally(Tally):
    """Events held with a body: itself, or (`below`) it and all bodies below it.

    `latest` is the last day of the latest of them, of a body itself alone.
    """

    organization = models.ForeignKey(
        Organization, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="tallies"
    )
    below = models.BooleanField()
    n = models.IntegerField(_("events"))
    latest = models.DateField(null=True)

    class Meta(Tally.Meta):
        verbose_name = _("tally of a partner")
        verbose_name_plural = _("tallies of partners")
        constraints = [
            models.UniqueConstraint(fields=["below", "organization", "first", "last"], name="partnertally_once")
        ]

    def __str__(self):
        return f"{self.first:%Y-%m} {self.organization_id}: {self.n}"


class SubjectTally(Tally):
    """Events held in which a state took part, itself or through a body (`country`), or on a `topic`."""

    about = models.CharField(max_length=7, choices=[("country", _("state")), ("topic", _("topic"))])
    key = models.CharField(max_length=20)
    n = models.IntegerField(_("events"))

    class Meta(Tally.Meta):
        verbose_name = _("tally of a state or topic")
        verbose_name_plural = _("tallies of states and topics")
        constraints = [models.UniqueConstraint(fields=["about", "key", "first", "last"], name="subjecttally_once")]

    def __str__(self):
        return f"{self.first:%Y-%m} {self.key}: {self.n}"
