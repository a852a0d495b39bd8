"""Who and where: organizations, people, posts, cities. Knows nothing of events."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from caricc.lib.fields import (
    CountryField,
    DayField,
    FoldedField,
    LineField,
    ProseField,
    choice_check,
    country_name,
    day_checks,
    order_check,
)
from caricc.lib.guards import no_loop
from caricc.lib.models import Aggregate, Archivable, Record, manager
from caricc.lib.tree import ids_above
from caricc.lib.zones import check_zone
from contacts.choices import Language, OrganizationKind, Script
from contacts.different import DifferentOrganizations, DifferentPeople
from contacts.querysets import (
    CityQuerySet,
    NameQuerySet,
    OrganizationQuerySet,
    PersonQuerySet,
    PostQuerySet,
    RhythmQuerySet,
)

__all__ = [
    "City", "CityName", "DifferentOrganizations", "DifferentPeople", "Organization", "OrganizationName", "Person", "PersonName",
    "Post", "Rhythm",
]  # fmt: skip


def script_of(text: str) -> str:
    """Latin or Cyrillic, by the first letter that is either."""
    for letter in text:
        if "a" <= letter.lower() <= "z" or "\u00c0" <= letter <= "\u024f":
            return Script.LATIN
        if "\u0400" <= letter <= "\u052f":
            return Script.CYRILLIC
    return Script.OTHER


class City(Aggregate, Archivable):
    """A place with its state and time zone; what it was called when is in its names."""

    name = LineField(_("name"), max_length=120, help_text=_("As it is called today, in English."))
    name_ru = LineField(_("name in Russian"), max_length=120, blank=True)
    country = CountryField(_("state"), blank=False)
    time_zone = LineField(
        _("time zone"),
        max_length=60,
        blank=True,
        validators=[check_zone],
        help_text=_("IANA name, such as Asia/Tashkent."),
    )

    objects = manager(CityQuerySet)

    class Meta(Aggregate.Meta):
        verbose_name = _("city")
        verbose_name_plural = _("cities")
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["name", "country"], name="city_once_in_a_state")]

    def __str__(self):
        return self.name

    def settle(self, change):
        """Today's names are among its names, so that one search finds them all."""
        known = set(CityName._base_manager.filter(city=self).values_list("name", flat=True))
        for name, language in ((self.name, Language.EN), (self.name_ru, Language.RU)):
            if name and name not in known:
                change.save(CityName(city=self, name=name, language=language))


class CityName(Record):
    """What a city is or was called: Astana, Nur-Sultan, Нур-Султан."""

    part_of = "city"

    city = models.ForeignKey(City, models.CASCADE, related_name="names", verbose_name=_("city"))
    name = LineField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=5, choices=Language.choices, default=Language.EN)
    since = DayField(_("from"), null=True, blank=True)
    until = DayField(_("until"), null=True, blank=True)
    folded = FoldedField("name")

    objects = manager(NameQuerySet)

    class Meta(Record.Meta):
        verbose_name = _("name of a city")
        verbose_name_plural = _("names of cities")
        ordering = ["city", "-until", "id"]
        constraints = [
            *day_checks("cityname", "since", "until"),
            order_check("cityname", "since", "until", _("The last day lies before the first.")),
        ]

    def __str__(self):
        return self.name


class Organization(Aggregate, Archivable):
    """A body: one of our own units, or a partner. Its place in the tree says whose office it is."""

    name = LineField(
        _("name"),
        max_length=300,
        help_text=_("In full, in English, as the body calls itself today."),
    )
    short_name = LineField(
        _("short name"),
        max_length=80,
        blank=True,
        help_text=_("What one says: UNODC, SCO RATS."),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=OrganizationKind.choices)
    country = CountryField(
        _("state"), help_text=_("The state whose organ it is: an embassy of Japan is Japan's. Empty for intergovernmental bodies.")
    )  # fmt: skip
    seat_city = models.ForeignKey(
        City,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="organizations",
        verbose_name=_("seat"),
    )
    seat_country = CountryField(_("state of the seat"))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="bodies", verbose_name=_("part of"),
        help_text=_("The body directly above it. Questions about a body include everything below it."),
    )  # fmt: skip
    own = models.BooleanField(_("our own"), default=False, help_text=_("A unit of the Centre, not a partner."))
    succeeded_by = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("succeeded by"),
    )
    note = ProseField(_("note"), blank=True)
    rhythm = models.PositiveSmallIntegerField(
        _("agreed rhythm"), null=True, blank=True, validators=[MaxValueValidator(120)],
        help_text=_("Months between contacts. Empty: that of its kind; 0: none is expected."),
    )  # fmt: skip
    snoozed_until = DayField(
        _("quiet until"), null=True, blank=True, help_text=_("Until then it is not called silent.")
    )  # fmt: skip
    snooze_reason = LineField(_("why it may be quiet"), max_length=300, blank=True)

    can_be_merged = True

    objects = manager(OrganizationQuerySet)
    guards = [no_loop]
    refusals = {"no_loop": _("“Part of” leads back to the organization itself.")}

    class Meta(Aggregate.Meta):
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["name", "id"]
        indexes = [
            models.Index(fields=["kind", "name"], name="organization_list_by_kind"),
            models.Index(fields=["country", "name"], name="organization_list_by_state"),
            models.Index(fields=["name", "id"], name="organization_list"),
        ]
        constraints = [
            choice_check("organization", "kind", OrganizationKind),
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("id")),
                name="organization_not_its_own_parent",
                violation_error_message=_("An organization is not part of itself."),
            ),
            models.CheckConstraint(
                condition=models.Q(rhythm__isnull=True) | models.Q(rhythm__lte=120),
                name="organization_rhythm_bounds",
                violation_error_message=_("A rhythm is at most 120 months."),
            ),
            *day_checks("organization", "snoozed_until"),
        ]

    def __str__(self):
        return self.short_name or self.name

    def get_absolute_url(self):
        return reverse("contacts:organization_detail", args=[self.pk])

    @property
    def country_name(self) -> str:
        return country_name(self.country)

    def clean(self):
        if self.parent_id and self.pk in ids_above(Organization, self.parent_id):
            raise ValidationError({"parent": _("This leads back to the organization itself.")})
        if self.succeeded_by_id and self.succeeded_by_id == self.pk:
            raise ValidationError({"succeeded_by": _("An organization does not succeed itself.")})
        if self.snoozed_until and not self.snooze_reason:
            raise ValidationError({"snooze_reason": _("Say why it may be quiet until then.")})

    def prepare(self, change):
        if self.seat_city_id and not self.seat_country:
            self.seat_country = self.seat_city.country

    def settle(self, change):
        """Every name it ever had stays among its names, so that it is found under each."""
        if not self.names.filter(name=self.name, short_name=self.short_name).exists():
            change.save(OrganizationName(organization=self, name=self.name, short_name=self.short_name))


class OrganizationName(Record):
    """A name that the body goes or went by, in one language."""

    part_of = "organization"
    same_by = ("name", "short_name")

    organization = models.ForeignKey(
        Organization,
        models.CASCADE,
        related_name="names",
        verbose_name=_("organization"),
    )
    name = LineField(_("name"), max_length=300)
    short_name = LineField(_("short name"), max_length=80, blank=True)
    language = models.CharField(_("language"), max_length=5, choices=Language.choices, default=Language.EN)
    since = DayField(_("from"), null=True, blank=True)
    until = DayField(_("until"), null=True, blank=True)
    folded = FoldedField("name", "short_name")

    objects = manager(NameQuerySet)

    class Meta(Record.Meta):
        verbose_name = _("name of an organization")
        verbose_name_plural = _("names of organizations")
        ordering = ["organization", "created_at", "id"]
        constraints = [
            *day_checks("organizationname", "since", "until"),
            order_check(
                "organizationname",
                "since",
                "until",
                _("The last day lies before the first."),
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.short_name})" if self.short_name else self.name

    def clean(self):
        check_order(self)


class Rhythm(Aggregate):
    """How often partners of a kind are to be met, where nothing else is agreed with one of them.

    It counts for bodies at the top of their tree; an office is met with the body that it is part of.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=OrganizationKind.choices, unique=True)
    months = models.PositiveSmallIntegerField(
        _("months between contacts"), validators=[MinValueValidator(1), MaxValueValidator(120)]
    )  # fmt: skip

    objects = manager(RhythmQuerySet)

    class Meta(Aggregate.Meta):
        verbose_name = _("rhythm of a kind")
        verbose_name_plural = _("rhythms of kinds")
        ordering = ["kind", "id"]
        constraints = [
            choice_check("rhythm", "kind", OrganizationKind),
            models.CheckConstraint(
                condition=models.Q(months__range=(1, 120)),
                name="rhythm_months_bounds",
                violation_error_message=_("A rhythm is 1 to 120 months."),
            ),
        ]

    def __str__(self):
        return self.get_kind_display()


class Person(Aggregate, Archivable):
    """Somebody we meet or who works for us. What they are called is in their names; the preferred one is shown."""

    name = LineField(
        _("shown as"),
        max_length=200,
        blank=True,
        help_text=_("Left empty: made from the preferred name, family name last."),
    )
    user = models.OneToOneField(
        "caricc.User", models.SET_NULL, null=True, blank=True, related_name="person", verbose_name=_("account"),
        help_text=_("For our own staff: the account with which they sign in."),
    )  # fmt: skip
    note = ProseField(_("note"), blank=True)

    can_be_merged = True

    objects = manager(PersonQuerySet)

    class Meta(Aggregate.Meta):
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["name", "id"], name="person_list")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("contacts:person_detail", args=[self.pk])

    def settle(self, change):
        """A person entered by the shown name alone has it among the names, so that it is found."""
        if self.name and not self.names.exists():
            given, _space, family = self.name.rpartition(" ")
            change.save(PersonName(person=self, given=given, family=family, preferred=True))

    @property
    def initials(self) -> str:
        words = self.name.split()
        return (words[0][:1] + words[-1][:1]).upper() if len(words) > 1 else self.name[:2].upper()

    def post_on(self, day) -> "Post | None":
        """The post held on a day, the one that began last where there are several; None where none is known."""
        posts = [p for p in self.posts.all() if (not p.since or p.since <= day) and (not p.until or p.until >= day)]
        return max(posts, key=lambda p: (p.since is not None, p.since or day), default=None)


def name_written(script: str, family: str, given: str, patronymic: str) -> str:
    """Family name last in Latin, first in Cyrillic."""
    order = (family, given, patronymic) if script == Script.CYRILLIC else (given, patronymic, family)
    return " ".join(part for part in order if part)


class PersonName(Record):
    """One way to write a person's name; any part may be missing or an initial."""

    part_of = "person"
    same_by = ("family", "given", "patronymic")
    mark_follows = "name"
    gives_way = False  # to another name that becomes the preferred one

    person = models.ForeignKey(Person, models.CASCADE, related_name="names", verbose_name=_("person"))
    family = LineField(_("family name"), max_length=80, blank=True)
    given = LineField(_("given name"), max_length=80, blank=True)
    patronymic = LineField(_("patronymic"), max_length=80, blank=True)
    script = models.CharField(_("script"), max_length=8, choices=Script.choices, blank=True)
    language = models.CharField(_("language"), max_length=5, choices=Language.choices, blank=True)
    preferred = models.BooleanField(_("preferred"), default=False, help_text=_("The name that is shown."))
    since = DayField(_("from"), null=True, blank=True)
    until = DayField(_("until"), null=True, blank=True)
    folded = FoldedField("family", "given", "patronymic")

    objects = manager(NameQuerySet)

    class Meta(Record.Meta):
        verbose_name = _("name of a person")
        verbose_name_plural = _("names of people")
        ordering = ["person", "-preferred", "created_at", "id"]
        constraints = [
            *day_checks("personname", "since", "until"),
            order_check("personname", "since", "until", _("The last day lies before the first.")),
            models.CheckConstraint(
                condition=~models.Q(family="") | ~models.Q(given=""),
                name="personname_has_a_part",
                violation_error_message=_("A name needs a family name or a given name."),
            ),
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(preferred=True), name="personname_one_preferred",
                violation_error_message=_("Only one name can be the preferred one."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.written()

    def written(self) -> str:
        return name_written(self.script, self.family, self.given, self.patronymic)

    def clean(self):
        check_order(self)
        if not (self.family or self.given):
            raise ValidationError({"family": _("A name needs a family name or a given name.")})

    def prepare(self, change):
        self.script = self.script or script_of(self.family + self.given)
        old = PersonName._base_manager.filter(pk=self.pk).first()
        self.shown_until_now = old.written() if old else ""
        preferred = PersonName._base_manager.filter(person=self.person_id, preferred=True).exclude(pk=self.pk)
        if self.preferred:
            for other in preferred:
                other.preferred, other.gives_way = False, True
                change.save(other)
        elif not self.gives_way and not preferred.exists():
            self.preferred = True

    def settle(self, change):
        """A person without a shown name, or shown by the old form of this name, is shown by the preferred one."""
        if self.preferred and self.person.name in ("", self.shown_until_now) and self.person.name != self.written():
            self.person.name = self.written()
            change.save(self.person)


class Post(Aggregate):
    """A person holds a title at an organization from-to; either end may be unknown."""

    same_by = ("person", "organization", "title")

    person = models.ForeignKey(Person, models.PROTECT, related_name="posts", verbose_name=_("person"))
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        related_name="posts",
        verbose_name=_("organization"),
    )
    title = LineField(pgettext_lazy("of a post", "title"), max_length=200, blank=True)
    rank = LineField(
        _("rank"),
        max_length=120,
        blank=True,
        help_text=_("Military, diplomatic or civil rank."),
    )
    email = models.EmailField(_("official e-mail"), blank=True)
    phone = LineField(_("official phone"), max_length=60, blank=True)
    since = DayField(_("from"), null=True, blank=True, help_text=_("Empty where it is not known."))
    until = DayField(
        _("until"),
        null=True,
        blank=True,
        help_text=_("Empty while it lasts, or where it is not known."),
    )

    objects = manager(PostQuerySet)

    class Meta(Aggregate.Meta):
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["-since", "id"]
        constraints = [
            *day_checks("post", "since", "until"),
            order_check("post", "since", "until", _("The last day lies before the first.")),
        ]

    def __str__(self):
        title = self.title or _("no title stated")
        return f"{title}, {self.organization}"

    def clean(self):
        check_order(self)


def check_order(record) -> None:
    if record.since and record.until and record.until < record.since:
        raise ValidationError({"until": _("This day lies before the first.")})
