"""The questions about contacts: the names of the query string are written here once."""

from django.db.models import Case, F, Value, When
from django.utils.translation import gettext_lazy as _

from caricc.lib.days import today
from caricc.lib.filter_kinds import (
    AnsweringFilter,
    ChoicesFilter,
    IdsFilter,
    OrderingFilter,
    StatesFilter,
    WordsFilter,
    YesNoFilter,
    in_or_out,
)
from caricc.lib.filters import Question
from contacts.choices import OrganizationKind
from contacts.models import City, Organization, Person, Post
from contacts.proposals import ProposedOrganizations, ProposedPeople
from contacts.rhythm import Standing, silences


class WithBodies(Question):
    """A question in which a body means itself and all below it."""

    def below(self, ids) -> list[int]:
        return self.once(("below", *sorted(ids)), lambda: Organization.objects.ids_below(ids))

    def organs(self, states) -> list[int]:
        """Ids of the bodies of these states: of ids a database knows how many rows to expect, of a subquery it does not."""
        rows = Organization._base_manager.filter(country__in=states).order_by().values_list("pk", flat=True)
        return self.once(("organs", *sorted(states)), lambda: list(rows))


class CityQuestion(Question):
    country = StatesFilter(label=_("State"))
    q = WordsFilter(method="matching", label=_("Words"))
    ordering = OrderingFilter({"name": "name"}, default="name")

    class Meta:
        model = City
        fields: list[str] = []


class OrganizationQuestion(WithBodies):
    kind = ChoicesFilter(choices=OrganizationKind.choices, label=_("Kind"))
    country = StatesFilter(label=_("State"))
    parent = IdsFilter(target="contacts.Organization", label=_("Directly part of"))
    partner = IdsFilter(method="it_or_below", target="contacts.Organization", label=_("It, or a body below it"))
    own = YesNoFilter(label=_("Our own"))
    archived = YesNoFilter(label=_("Archived"))
    met = AnsweringFilter(method="met_at", target="events.Event", label=_("Met at events"))
    silent = YesNoFilter(method="beyond_rhythm", label=_("Silent for longer than agreed"))
    snoozed = YesNoFilter(method="quiet_for_now", label=_("May be quiet for now"))
    without_state = YesNoFilter(method="state_missing", label=_("Organ of a state, which is not given"))
    twins = YesNoFilter(method="with_twin", label=_("Shares a name with another, or is likely the same"))
    q = WordsFilter(method="matching", label=_("Words"))
    ordering = OrderingFilter({"name": "name", "kind": "kind"}, default="name")

    bar = [
        (_("Kind"), "sliders", ["kind"]),
        (_("State"), "pin", ["country"]),
        (_("More"), "list", ["own", "silent", "snoozed", "archived"]),
    ]

    class Meta:
        model = Organization
        fields: list[str] = []

    @property
    def silences(self) -> dict[int, Standing]:
        """{id: how it stands} of all partners beyond their rhythm, the longest first."""
        return self.once("silences", lambda: {one.organization: one for one in silences(self.user)})

    def beyond_rhythm(self, queryset, name, value):
        ids = list(self.silences)
        return queryset.filter(pk__in=ids) if value else queryset.exclude(pk__in=ids)

    @property
    def default_ordering(self):
        asked = self.form.cleaned_data
        return "" if asked.get("silent") or asked.get("met") else super().default_ordering

    def filter_queryset(self, queryset):
        """The silent ones stand in the order of their silence, those met by how often, unless another is asked for."""
        rows = super().filter_queryset(queryset)
        asked = self.form.cleaned_data
        if asked.get("met") and not asked.get("ordering") and not asked.get("silent") and "ordering" in self.filters:
            return rows.order_by(F("times").desc(), "name", "id")
        if not asked.get("silent") or asked.get("ordering") or not self.silences:
            return rows
        places = [When(pk=pk, then=Value(place)) for place, pk in enumerate(self.silences)]
        return rows.order_by(Case(*places), "id")

    def quiet_for_now(self, queryset, name, value):
        return queryset.filter(snoozed_until__gte=today()) if value else queryset.exclude(snoozed_until__gte=today())

    def it_or_below(self, queryset, name, value):
        return queryset.filter(pk__in=self.below(value))

    def met_at(self, queryset, name, value):
        question = self.filters[name].question(value, self)
        return queryset.met_at(question.qs, question.in_roles())

    def state_missing(self, queryset, name, value):
        return in_or_out(queryset, Organization.objects.without_state(), value)

    def with_twin(self, queryset, name, value):
        return in_or_out(queryset, Organization.objects.twins(), value)


class PersonQuestion(WithBodies):
    organization = IdsFilter(
        method="at",
        target="contacts.Organization",
        label=_("Organization, or a body below it, now or ever"),
    )
    country = StatesFilter(method="of_country", label=_("State"))
    own = YesNoFilter(method="of_ours", label=_("Our own people"))
    without_post = YesNoFilter(method="post_missing", label=_("Without a post"))
    twins = YesNoFilter(method="with_twin", label=_("Shares a name with another, or is likely the same"))
    archived = YesNoFilter(label=_("Archived"))
    q = WordsFilter(method="matching", label=_("Words"))
    ordering = OrderingFilter({"name": "name"}, default="name")

    bar = [
        (_("Organization"), "building", ["organization"]),
        (_("State"), "pin", ["country"]),
    ]

    class Meta:
        model = Person
        fields: list[str] = []

    def of_ours(self, queryset, name, value):
        return in_or_out(queryset, Person.objects.ours(), value)

    def post_missing(self, queryset, name, value):
        return in_or_out(queryset, Person.objects.without_post(), value)

    def with_twin(self, queryset, name, value):
        return in_or_out(queryset, Person.objects.twins(), value)

    def at(self, queryset, name, value):
        return queryset.at(self.below(value))

    def of_country(self, queryset, name, value):
        return queryset.of_country(value)


class PostQuestion(WithBodies):
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
        return queryset.filter(organization__in=self.below(value))


class ProposedQuestion(Question):
    """About pairs that may be the same; the words and who entered it are asked of either record."""

    updated_after = None

    mine = YesNoFilter(method="entered_by_me", label=_("One of them entered by me"))
    q = WordsFilter(method="matching", label=_("Words"))
    ordering = OrderingFilter({"likeness": "score"}, default="-likeness")

    bar = [(_("More"), "list", ["mine"])]

    def matching(self, queryset, name, value):
        return queryset.matching(value, self.user)

    def entered_by_me(self, queryset, name, value):
        return queryset.entered_by(self.user) if value else queryset.exclude(pk__in=queryset.entered_by(self.user))


class ProposedPeopleQuestion(ProposedQuestion):
    class Meta:
        model = ProposedPeople
        fields: list[str] = []


class ProposedOrganizationsQuestion(ProposedQuestion):
    class Meta:
        model = ProposedOrganizations
        fields: list[str] = []
