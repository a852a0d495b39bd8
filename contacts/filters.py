"""The questions about contacts: the names of the query string are written here once."""

from django.utils.translation import gettext_lazy as _

from caricc.lib.filters import (
    ChoicesFilter,
    IdsFilter,
    OrderingFilter,
    Question,
    StatesFilter,
    WordsFilter,
    YesNoFilter,
)
from contacts.choices import OrganizationKind
from contacts.models import City, Organization, Person, Post


class CityQuestion(Question):
    country = StatesFilter(label=_("State"))
    q = WordsFilter(method="named", label=_("Words"))
    ordering = OrderingFilter({"name": "name"}, default="name")

    class Meta:
        model = City
        fields: list[str] = []

    def named(self, queryset, name, value):
        return queryset.named(value)


class OrganizationQuestion(Question):
    kind = ChoicesFilter(choices=OrganizationKind.choices, label=_("Kind"))
    country = StatesFilter(label=_("State"))
    parent = IdsFilter(target="contacts.Organization", label=_("Directly part of"))
    own = YesNoFilter(label=_("Our own"))
    archived = YesNoFilter(label=_("Archived"))
    q = WordsFilter(method="named", label=_("Words"))
    ordering = OrderingFilter({"name": "name", "kind": "kind"}, default="name")

    bar = [
        (_("Kind"), "sliders", ["kind"]),
        (_("State"), "pin", ["country"]),
        (_("More"), "list", ["own", "archived"]),
    ]

    class Meta:
        model = Organization
        fields: list[str] = []

    def named(self, queryset, name, value):
        return queryset.named(value)


class PersonQuestion(Question):
    organization = IdsFilter(
        method="at",
        target="contacts.Organization",
        label=_("Organization, or a body below it, now or ever"),
    )
    country = StatesFilter(method="of_country", label=_("State"))
    archived = YesNoFilter(label=_("Archived"))
    q = WordsFilter(method="named", label=_("Words"))
    ordering = OrderingFilter({"name": "name"}, default="name")

    bar = [
        (_("Organization"), "building", ["organization"]),
        (_("State"), "pin", ["country"]),
    ]

    class Meta:
        model = Person
        fields: list[str] = []

    def at(self, queryset, name, value):
        return queryset.at(Organization.objects.ids_below(value))

    def of_country(self, queryset, name, value):
        return queryset.of_country(value)

    def named(self, queryset, name, value):
        return queryset.named(value)


class PostQuestion(Question):
    person = IdsFilter(target="contacts.Person", label=_("Person"))
    organization = IdsFilter(
        method="at",
        target="contacts.Organization",
        label=_("Organization, or a body below it"),
    )
    ordering = OrderingFilter({"since": "since", "until": "until"}, default="-since")

    class Meta:
        model = Post
        fields: list[str] = []

    def at(self, queryset, name, value):
        return queryset.filter(organization__in=Organization.objects.ids_below(value))
