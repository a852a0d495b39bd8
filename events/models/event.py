"""Events, the topics they are filed under, and the sources they are told from."""

import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from caricc.lib.days import today
from caricc.lib.effect import RestrictedInEffect
from caricc.lib.fields import (
    CountField,
    CountryField,
    DayField,
    LineField,
    ProseField,
    choice_check,
    country_name,
    day_checks,
    order_check,
)
from caricc.lib.guards import two_levels
from caricc.lib.models import Aggregate, Archivable, manager
from caricc.lib.text import fold
from caricc.lib.visibility import NeedToKnow, Visibility
from caricc.lib.zones import check_zone
from contacts.choices import Language
from contacts.models import City, CityName
from events.choices import DatePrecision, EventFormat, EventKind, EventStatus
from events.querysets import EventQuerySet, SourceQuerySet, TopicQuerySet

AHEAD_OF_US = datetime.timedelta(days=1)  # east of us it is tomorrow already


class Topic(Aggregate, Archivable):
    """A subject of the controlled vocabulary, flat, in English and Russian."""

    name = LineField(_("name"), max_length=120, unique=True)
    name_ru = LineField(_("name in Russian"), max_length=120, blank=True)

    objects = manager(TopicQuerySet)

    class Meta(Aggregate.Meta):
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["name", "id"]

    def __str__(self):
        return self.name


class Source(Aggregate):
    """Where a record comes from. Its date of publication is neither the day of the event nor that of the entry."""

    title = LineField(_("title"), max_length=300)
    address = models.URLField(_("address"), max_length=500, blank=True)
    language = models.CharField(_("language"), max_length=5, choices=Language.choices, blank=True)
    published = DayField(_("published"), null=True, blank=True)

    objects = manager(SourceQuerySet)

    class Meta(Aggregate.Meta):
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["-published", "title", "id"]
        constraints = [*day_checks("source", "published")]

    def __str__(self):
        return self.title


class Event(RestrictedInEffect, Aggregate, NeedToKnow):
    """Something dated that took place or will. It may contain events, one level deep: a visit its meetings."""

    kind = models.CharField(_("kind"), max_length=20, choices=EventKind.choices)
    title = LineField(
        _("title"), max_length=300, help_text=_("Say with whom, or about what; the kind and the date stand beside it everywhere.")
    )  # fmt: skip
    summary = ProseField(_("summary"), blank=True, help_text=_("One to three sentences, your own."))
    start_date = DayField(_("first day"), help_text=_("Local to the place."))
    end_date = DayField(_("last day"), blank=True, help_text=_("One day: leave it empty."))
    date_precision = models.CharField(
        _("how exact"),
        max_length=6,
        choices=DatePrecision.choices,
        default=DatePrecision.DAY,
    )
    start_time = models.TimeField(_("begins"), null=True, blank=True)
    end_time = models.TimeField(_("ends"), null=True, blank=True)
    time_zone = LineField(
        _("time zone"), max_length=60, blank=True, validators=[check_zone], help_text=_("IANA name; the city's own if left empty.")
    )  # fmt: skip
    format = models.CharField(
        _("format"),
        max_length=10,
        choices=EventFormat.choices,
        blank=True,
        help_text=_("Empty if nobody told you."),
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=EventStatus.choices,
        default=EventStatus.HELD,
    )
    city = LineField(
        _("city"),
        max_length=120,
        blank=True,
        help_text=_("As told. Empty if nobody told you."),
    )
    place = models.ForeignKey(
        City, models.PROTECT, null=True, blank=True, editable=False, related_name="events", verbose_name=_("city on record")
    )  # fmt: skip
    country = CountryField(
        _("held in"),
        help_text=_("The state of the place; the city's own if left empty."),
    )
    venue = LineField(
        _("venue"),
        max_length=200,
        blank=True,
        help_text=_("A building or institution; it may be online without a city."),
    )
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="children", verbose_name=_("part of"),
        help_text=_("The visit or conference that contains it."),
    )  # fmt: skip
    topics = models.ManyToManyField(Topic, blank=True, related_name="events", verbose_name=_("topics"))
    cases = models.ManyToManyField("events.Case", blank=True, related_name="events", verbose_name=_("cases"))
    language = models.CharField(
        _("language"),
        max_length=5,
        choices=Language.choices,
        default=Language.EN,
        help_text=_("Of this record."),
    )
    source = models.ForeignKey(
        Source,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("source"),
    )
    reported_participants = CountField(_("participants reported"), null=True, blank=True)
    reported_countries = CountField(_("states reported"), null=True, blank=True)
    reported_organizations = CountField(_("organizations reported"), null=True, blank=True)
    reported_at_least = models.BooleanField(
        _("at least"),
        default=False,
        help_text=_("The figures were told as “more than”."),
    )

    objects = manager(EventQuerySet)
    restricted_by = ("parent",)
    guards = [two_levels]
    refusals = {"two_levels": _("Events contain events one level deep only.")}

    class Meta(Aggregate.Meta):
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-start_date", "-id"]
        indexes = [
            # /events/ in its usual order, page after page
            models.Index(fields=["-start_date", "-id"], name="event_list"),
            # /events/?kind=
            models.Index(fields=["kind", "-start_date", "-id"], name="event_list_by_kind"),
            # lists from a day on, and /cases/?without_movement=
            models.Index(fields=["end_date"], name="event_list_by_end"),
            # what comes next, on the start page and beside partners; /events/?day_passed=
            models.Index(fields=["end_date"], condition=models.Q(status=EventStatus.PLANNED), name="event_planned"),
            # what is restricted is counted live, beside the figures that are kept ready
            models.Index(
                fields=["id"],
                condition=models.Q(restricted_in_effect=True),
                name="event_restricted",
            ),
        ]
        constraints = [
            *day_checks("event", "start_date", "end_date"),
            order_check(
                "event",
                "start_date",
                "end_date",
                _("The last day lies before the first."),
            ),
            choice_check("event", "kind", EventKind),
            choice_check("event", "status", EventStatus),
            choice_check("event", "format", EventFormat, blank=True),
            choice_check("event", "date_precision", DatePrecision),
            choice_check("event", "visibility", Visibility),
            models.CheckConstraint(
                condition=models.Q(visibility=Visibility.INTERNAL) | models.Q(restricted_in_effect=True),
                name="event_restricted_is_marked",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("events:event_detail", args=[self.pk])

    @property
    def country_name(self) -> str:
        return country_name(self.country)

    @property
    def is_planned_but_past(self) -> bool:
        return self.status == EventStatus.PLANNED and self.end_date < today()

    def clean(self):
        errors: dict[str, list] = {}
        if self.status == EventStatus.HELD and self.start_date and self.start_date > today() + AHEAD_OF_US:
            errors["status"] = [_("This day has not come yet: what lies ahead is planned.")]
        if self.start_date and self.end_date and self.end_date < self.start_date:
            errors["end_date"] = [
                _("%(end)s comes before the first day, %(start)s.")
                % {
                    "end": self.end_date.strftime("%d.%m.%Y"),
                    "start": self.start_date.strftime("%d.%m.%Y"),
                }
            ]
        one_day = self.start_date == self.end_date
        if one_day and self.start_time and self.end_time and self.end_time < self.start_time:
            errors["end_time"] = [_("It ends before it begins.")]
        if self.parent_id:
            if self.parent_id == self.pk:
                errors["parent"] = [_("An event is not part of itself.")]
            elif self.parent.parent_id:
                errors["parent"] = [_("Events contain events one level deep only: that one is itself a part.")]
            elif not self._state.adding and Event._base_manager.filter(parent=self.pk).exists():
                errors["parent"] = [_("Events contain events one level deep only: this one has parts itself.")]
        if errors:
            raise ValidationError(errors)

    def prepare(self, change):
        if not self.end_date:
            self.end_date = self.start_date
        if self._state.adding and self.owner_id is None:
            self.owner = change.actor
        if not self._state.adding:
            self._forget_the_old_city()
        self.place = city_called(self.city, self.country) if self.city else None
        if self.place and not self.country:
            self.country = self.place.country
        if self.place and not self.time_zone and (self.start_time or self.end_time):
            self.time_zone = self.place.time_zone

    def _forget_the_old_city(self):
        """State and zone that came from a city do not outlive it."""
        old = Event._base_manager.select_related("place").get(pk=self.pk)
        if old.place is None or old.city == self.city:
            return
        if self.country == old.country == old.place.country:
            self.country = ""
        if self.time_zone == old.time_zone == old.place.time_zone:
            self.time_zone = ""


def city_called(name: str, country: str = "") -> City | None:
    """The city on record that goes or went by this name, in either script; None where it is not exactly one."""
    found = CityName._base_manager.filter(folded=fold(name))
    if country:
        found = found.filter(city__country=country)
    cities = {row.city_id: row.city for row in found.select_related("city")[:10]}
    return next(iter(cities.values())) if len(cities) == 1 else None
