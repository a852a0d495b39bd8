"""Who took part: parties at an event, and the people in them."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from caricc.lib.fields import (
    CountField,
    CountryField,
    LineField,
    choice_check,
    country_name,
)
from caricc.lib.models import Record, manager
from contacts.models import Organization, Person
from events.choices import Attendance, DelegateRole, DelegationRole, Group
from events.querysets import DelegateQuerySet, EventPartQuerySet

GROUPS = dict(Group.choices)


def without_body(group: str, country: str) -> str:
    """What a delegation is called that no organization sent."""
    if not group:
        return country_name(country)
    label = str(GROUPS.get(group, group))
    return f"{label}, {country_name(country)}" if country else label


class Delegation(Record):
    """The party present at an event on behalf of an organization, a state or a group; the same body may have two."""

    part_of = "event"

    event = models.ForeignKey(
        "events.Event",
        models.CASCADE,
        related_name="delegations",
        verbose_name=_("event"),
    )
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="delegations",
        verbose_name=_("organization"),
    )
    country = CountryField(_("state"))
    group = models.CharField(_("group"), max_length=30, choices=Group.choices, blank=True)
    role = models.CharField(
        _("role"),
        max_length=12,
        choices=DelegationRole.choices,
        default=DelegationRole.PARTICIPANT,
    )
    label = LineField(
        _("as told"),
        max_length=200,
        blank=True,
        help_text=_("The words of the source, if they say more."),
    )
    headcount = CountField(_("how many"), null=True, blank=True)
    headcount_at_least = models.BooleanField(_("at least"), default=False)
    attendance = models.CharField(
        _("was there"),
        max_length=10,
        choices=Attendance.choices,
        blank=True,
        help_text=_("Of those who are not named."),
    )
    position = models.PositiveIntegerField(_("place in the list"), default=0)

    objects = manager(EventPartQuerySet)

    class Meta(Record.Meta):
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering = ["event", "position", "created_at", "id"]
        indexes = [
            models.Index(fields=["organization", "event"], name="delegation_events_of_partner"),
            models.Index(fields=["country", "event"], name="delegation_events_of_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(organization__isnull=False) | ~Q(country="") | ~Q(group=""),
                name="delegation_names_somebody",
                violation_error_message=_("Name an organization, a state or a group."),
            ),
            choice_check("delegation", "role", DelegationRole),
            choice_check("delegation", "group", Group, blank=True),
            choice_check("delegation", "attendance", Attendance, blank=True),
        ]

    def __str__(self):
        return self.name

    @property
    def name(self) -> str:
        """The organization, else the group, else the state; with its state where it is a group of one state."""
        if self.organization_id:
            return str(self.organization)
        return without_body(self.group, self.country)

    @property
    def own(self) -> bool:
        return bool(self.organization and self.organization.own)

    @property
    def country_name(self) -> str:
        return country_name(self.country)

    def clean(self):
        if not (self.organization_id or self.country or self.group):
            raise ValidationError({"organization": _("Name an organization, a state or a group.")})


class Delegate(Record):
    """A member of a delegation, with the title of that day; usually a person of the directory, else told in words."""

    part_of = "delegation"

    delegation = models.ForeignKey(
        Delegation,
        models.CASCADE,
        related_name="delegates",
        verbose_name=_("delegation"),
    )
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="delegates",
        verbose_name=_("person"),
    )
    name = LineField(
        _("as told"),
        max_length=200,
        blank=True,
        help_text=_("For somebody who is not named: “a specialist”."),
    )
    role = models.CharField(
        _("role"),
        max_length=12,
        choices=DelegateRole.choices,
        default=DelegateRole.MEMBER,
    )
    title = LineField(_("title that day"), max_length=200, blank=True)
    rank = LineField(_("rank"), max_length=120, blank=True)
    unit = LineField(_("unit"), max_length=200, blank=True)
    attendance = models.CharField(_("was there"), max_length=10, choices=Attendance.choices, blank=True)
    position = models.PositiveIntegerField(_("place in the list"), default=0)

    objects = manager(DelegateQuerySet)

    class Meta(Record.Meta):
        verbose_name = _("delegate")
        verbose_name_plural = _("delegates")
        ordering = ["delegation", "position", "created_at", "id"]
        indexes = [models.Index(fields=["person", "delegation"], name="delegate_events_of_person")]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(name=""),
                name="delegate_is_somebody",
                violation_error_message=_("Name a person, or say in words who it was."),
            ),
            models.UniqueConstraint(
                fields=["delegation", "person"], name="delegate_once_in_a_delegation",
                violation_error_message=_("This person is already in the delegation."),
            ),
            choice_check("delegate", "role", DelegateRole),
            choice_check("delegate", "attendance", Attendance, blank=True),
        ]  # fmt: skip

    def __str__(self):
        return self.shown_name

    @property
    def shown_name(self) -> str:
        return self.person.name if self.person else self.name

    def clean(self):
        if not (self.person_id or self.name):
            raise ValidationError({"person": _("Name a person, or say in words who it was.")})

    def prepare(self, change):
        """The post held on the day of the event is copied, where the title is left empty."""
        if self.person_id and not (self.title or self.rank):
            organization, day = (
                self.delegation.organization_id,
                self.delegation.event.start_date,
            )
            posts = [
                post
                for post in self.person.posts.all()
                if post.organization_id == organization
                and (not post.since or post.since <= day)
                and (not post.until or post.until >= day)
            ]
            if posts:
                self.title = self.title or ", ".join(dict.fromkeys(p.title for p in posts if p.title))[:200]
                self.rank = self.rank or next((p.rank for p in posts if p.rank), "")
