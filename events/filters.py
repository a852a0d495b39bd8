"""The questions about events and what follows: the names of the query string are written here once."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from caricc.lib.days import today
from caricc.lib.filter_kinds import (
    AnsweringFilter,
    ChoicesFilter,
    DayFilter,
    IdsFilter,
    OrderingFilter,
    PeriodFilter,
    StatesFilter,
    WordsFilter,
    YesNoFilter,
    in_or_out,
)
from caricc.lib.filters import Question
from caricc.lib.periods import Period, period_of
from contacts.filters import WithBodies
from contacts.models import Organization
from events.choices import (
    BETWEEN_OTHERS,
    DIRECTIONS_ASKED,
    CaseStatus,
    CommitmentStatus,
    DelegationRole,
    Direction,
    EventFormat,
    EventKind,
    EventStatus,
    Group,
    OutcomeKind,
)
from events.models import Case, Commitment, Delegation, Event, Outcome, Topic


class WithPeriod(Question):
    """A question with `date_after`, `date_before` and `period`, which narrow together."""

    def days(self) -> Period:
        """The days asked for: those named, within the period named."""
        asked = self.form.cleaned_data
        ends, named = (asked.get("date_after"), asked.get("date_before")), asked.get("period")
        if not named:
            return Period(*ends)
        moving = period_of(named)
        after = max((day for day in (ends[0], moving.after) if day), default=None)
        before = min((day for day in (ends[1], moving.before) if day), default=None)
        return Period(after, before)

    def in_period(self, queryset, name, value):
        moving = period_of(value)
        for end in ("date_after", "date_before"):
            wanted = type(self).base_filters[end]  # a lean question may have neither
            queryset = wanted.filter(queryset, moving.after if end == "date_after" else moving.before)
        return queryset


class EventQuestion(WithPeriod, WithBodies):
    date_after = DayFilter(field_name="end_date", lookup_expr="gte", label=_("From"))
    date_before = DayFilter(field_name="start_date", lookup_expr="lte", label=_("To"))
    period = PeriodFilter(method="in_period", label=_("Period"))
    partner = IdsFilter(
        method="with_partner",
        target="contacts.Organization",
        label=_("Partner, or a body below it"),
    )
    body = IdsFilter(
        method="with_body", target="contacts.Organization", label=_("This very body, without those below it")
    )  # fmt: skip
    country = StatesFilter(method="with_state", label=_("State that took part"))
    held_in = StatesFilter(field_name="country", label=_("Held in"))
    role = ChoicesFilter(method="in_role", choices=DelegationRole.choices, label=_("In the role of"))
    person = IdsFilter(method="with_person", target="contacts.Person", label=_("Person"))
    officer = IdsFilter(
        method="with_officer", target="contacts.Person", label=_("Officer of ours, who took part or logged it")
    )  # fmt: skip
    kind = ChoicesFilter(choices=EventKind.choices, label=_("Kind"))
    format = ChoicesFilter(choices=EventFormat.choices, label=_("Format"))
    status = ChoicesFilter(choices=EventStatus.choices, label=_("Status"))
    topic = IdsFilter(method="on_topic", target="events.Topic", label=_("Topic"))
    case = IdsFilter(method="of_case", target="events.Case", label=_("Case"))
    parent = IdsFilter(target="events.Event", label=_("Part of"))
    parent__isnull = YesNoFilter(field_name="parent", lookup_expr="isnull", label=_("Not part of another"))
    format__isnull = YesNoFilter(method="format_not_stated", label=_("Format not stated"))
    topic__isnull = YesNoFilter(method="without_topic", label=_("Without a topic"))
    without_outcome = YesNoFilter(method="outcome_missing", label=_("Held, without an outcome"))
    without_delegation = YesNoFilter(method="delegation_missing", label=_("Held, and nobody recorded"))
    day_passed = YesNoFilter(method="planned_but_past", label=_("Planned, and its day has passed"))
    q = WordsFilter(method="matching", label=_("Words"))
    ordering = OrderingFilter({"start_date": "start_date", "title": "title"}, default="-start_date")

    bar = [
        (_("Period"), "calendar", ["date_after", "date_before"]),
        (_("Partner"), "building", ["partner"]),
        (_("State"), "pin", ["country"]),
        (_("Kind"), "sliders", ["kind"]),
        (_("Topic"), "list", ["topic"]),
        (_("Case"), "folder", ["case"]),
        (_("Officer"), "person", ["officer"]),
        (
            _("More"),
            "sliders",
            ["status", "format", "role", "held_in", "parent__isnull"],
        ),
    ]

    class Meta:
        model = Event
        fields: list[str] = []

    def in_roles(self):
        """Delegations in the roles asked for."""
        roles = self.form.cleaned_data.get("role")
        return Delegation._base_manager.filter(role__in=roles) if roles else Delegation._base_manager.all()

    def with_partner(self, queryset, name, value):
        return queryset.filter(pk__in=self.in_roles().filter(organization__in=self.below(value)).values("event"))

    def with_body(self, queryset, name, value):
        return queryset.filter(pk__in=self.in_roles().filter(organization__in=value).values("event"))

    def with_officer(self, queryset, name, value):
        return queryset.with_officer(value)

    def format_not_stated(self, queryset, name, value):
        return queryset.filter(format="") if value else queryset.exclude(format="")

    def without_topic(self, queryset, name, value):
        filed = Exists(Event.topics.through.objects.filter(event=OuterRef("pk")))
        return queryset.filter(~filed if value else filed)

    def outcome_missing(self, queryset, name, value):
        made = Exists(Outcome._base_manager.filter(event=OuterRef("pk")))
        return queryset.without_outcome() if value else queryset.filter(made)

    def delegation_missing(self, queryset, name, value):
        there = Exists(Delegation._base_manager.filter(event=OuterRef("pk")))
        return queryset.without_delegation() if value else queryset.filter(there)

    def planned_but_past(self, queryset, name, value):
        return queryset.day_passed() if value else queryset.exclude(status="planned", end_date__lt=today())

    def with_state(self, queryset, name, value):
        took_part = Q(country__in=value) | Q(organization__in=self.organs(value))
        return queryset.filter(pk__in=self.in_roles().filter(took_part).values("event"))

    def in_role(self, queryset, name, value):
        """Narrows `partner`, `country` and `body`; on its own: events at which anybody had that role."""
        if any(self.form.cleaned_data.get(name) for name in ("partner", "country", "body")):
            return queryset
        return queryset.with_delegation(role__in=value)

    def with_person(self, queryset, name, value):
        return queryset.with_delegate(value)

    def on_topic(self, queryset, name, value):
        return queryset.filter(pk__in=Event.topics.through.objects.filter(topic__in=value).values("event"))

    def of_case(self, queryset, name, value):
        cases = Case.objects.visible_to(self.user).filter(pk__in=value).values("pk")
        return queryset.filter(pk__in=Event.cases.through.objects.filter(case__in=cases).values("event"))


class DelegationQuestion(WithBodies):
    event = IdsFilter(target="events.Event", label=_("Event"))
    organization = IdsFilter(
        method="of",
        target="contacts.Organization",
        label=_("Organization, or a body below it"),
    )
    country = StatesFilter(method="of_state", label=_("State, itself or through an organization"))
    group = ChoicesFilter(choices=Group.choices, label=_("Group"))
    role = ChoicesFilter(choices=DelegationRole.choices, label=_("Role"))
    ordering = OrderingFilter({"event": "event__start_date"}, default="-event")

    class Meta:
        model = Delegation
        fields: list[str] = []

    def of(self, queryset, name, value):
        return queryset.filter(organization__in=self.below(value))

    def of_state(self, queryset, name, value):
        organizations = Organization._base_manager.filter(country__in=value).values("pk")
        return queryset.filter(Q(country__in=value) | Q(organization__in=organizations))


class OutcomeQuestion(WithPeriod, WithBodies):
    event = IdsFilter(target="events.Event", label=_("Event"))
    kind = ChoicesFilter(choices=OutcomeKind.choices, label=_("Kind"))
    partner = IdsFilter(
        method="with_partner",
        target="contacts.Organization",
        label=_("Partner, or a body below it"),
    )
    date_after = DayFilter(field_name="event__end_date", lookup_expr="gte", label=_("From"))
    date_before = DayFilter(field_name="event__start_date", lookup_expr="lte", label=_("To"))
    period = PeriodFilter(method="in_period", label=_("Period"))
    unfinished = YesNoFilter(method="not_followed_up", label=_("Recommended, and not followed up"))
    at = AnsweringFilter(method="made_at", target="events.Event", label=_("At events"))
    raise_at = IdsFilter(method="to_raise", target="events.Event", label=_("With those who come to"))
    q = WordsFilter(method="matching", label=_("Words"))
    ordering = OrderingFilter({"event": "event__start_date", "title": "title"}, default="-event")

    bar = [
        (_("Period"), "calendar", ["date_after", "date_before"]),
        (_("Kind"), "doc", ["kind", "unfinished"]),
        (_("Partner"), "building", ["partner"]),
    ]

    class Meta:
        model = Outcome
        fields: list[str] = []

    def not_followed_up(self, queryset, name, value):
        return in_or_out(queryset, Outcome.objects.unfinished(), value)

    def made_at(self, queryset, name, value):
        return queryset.filter(event__in=self.filters[name].question(value, self).qs.order_by().values("pk"))

    def to_raise(self, queryset, name, value):
        return queryset.to_raise_at(value, self.user)

    def with_partner(self, queryset, name, value):
        return queryset.with_partner(self.below(value))


class CommitmentQuestion(WithBodies):
    status = ChoicesFilter(choices=CommitmentStatus.choices, label=_("Status"))
    overdue = YesNoFilter(method="late", label=_("Overdue"))
    direction = ChoicesFilter(method="towards", choices=DIRECTIONS_ASKED, label=_("Direction"))
    debtor = IdsFilter(
        method="owed_by",
        target="contacts.Organization",
        label=_("Who owes, or a body below it"),
    )
    creditor = IdsFilter(
        method="owed_to",
        target="contacts.Organization",
        label=_("To whom, or a body below it"),
    )
    partner = IdsFilter(
        method="with_partner",
        target="contacts.Organization",
        label=_("Partner on either side"),
    )
    due_after = DayFilter(field_name="due_date", lookup_expr="gte", label=_("Due from"))
    due_before = DayFilter(field_name="due_date", lookup_expr="lte", label=_("Due until"))
    due__isnull = YesNoFilter(field_name="due_date", lookup_expr="isnull", label=_("Without a due date"))
    closed_after = DayFilter(field_name="closed_on", lookup_expr="gte", label=_("Done or withdrawn from"))
    closed_before = DayFilter(field_name="closed_on", lookup_expr="lte", label=_("Done or withdrawn until"))
    open_on = DayFilter(method="open_that_day", label=_("Open on"))
    overdue_on = DayFilter(method="late_that_day", label=_("Overdue on"))
    country = StatesFilter(method="of_state", label=_("State on either side"))
    officer = IdsFilter(field_name="responsible", target="contacts.Person", label=_("Responsible officer"))
    officer__isnull = YesNoFilter(field_name="responsible", lookup_expr="isnull", label=_("Nobody responsible"))
    case = IdsFilter(target="events.Case", label=_("Case"))
    event = IdsFilter(target="events.Event", label=_("Promised at"))
    at = AnsweringFilter(method="promised_at", target="events.Event", label=_("Promised at events"))
    raise_at = IdsFilter(method="to_raise", target="events.Event", label=_("With those who come to"))
    q = WordsFilter(method="matching", label=_("Words"))
    ordering = OrderingFilter({"due_date": "due_date", "title": "title"}, default="due_date")

    bar = [
        (_("Status"), "sliders", ["status", "overdue"]),
        (_("Direction"), "agree", ["direction"]),
        (_("Partner"), "building", ["partner"]),
        (_("State"), "pin", ["country"]),
        (_("Due"), "calendar", ["due_after", "due_before", "due__isnull"]),
        (_("Responsible"), "person", ["officer", "officer__isnull"]),
        (_("Case"), "folder", ["case"]),
    ]

    class Meta:
        model = Commitment
        fields: list[str] = []

    @property
    def urgent_first(self) -> bool:
        """What is still owed stands first, where no order is asked for and not all of it is."""
        asked = self.form.cleaned_data
        by_default = "ordering" in self.filters and not asked.get("ordering")
        return by_default and asked.get("status") != [CommitmentStatus.OPEN]

    @property
    def default_ordering(self):
        return "" if self.urgent_first else super().default_ordering

    def filter_queryset(self, queryset):
        rows = super().filter_queryset(queryset)
        return rows.urgent_first() if self.urgent_first else rows

    def late(self, queryset, name, value):
        return queryset.overdue() if value else in_or_out(queryset, Commitment.objects.overdue(), False)

    def towards(self, queryset, name, value):
        own = Organization._base_manager.filter(own=True).values("pk")
        ours = Q(debtor__in=own)
        not_by_us = Q(debtor__isnull=True) | ~Q(debtor__in=own)
        sides = {
            Direction.OURS: ours,
            Direction.THEIRS: Q(creditor__in=own) & not_by_us,
            BETWEEN_OTHERS: (Q(creditor__isnull=True) | ~Q(creditor__in=own)) & not_by_us,
        }
        wanted = Q()
        for direction in value:
            wanted |= sides[direction]
        return queryset.filter(wanted)

    def open_that_day(self, queryset, name, value):
        return queryset.open_on(value)

    def late_that_day(self, queryset, name, value):
        return queryset.overdue_on(value)

    def of_state(self, queryset, name, value):
        return queryset.of_state(value)

    def promised_at(self, queryset, name, value):
        return queryset.filter(event__in=self.filters[name].question(value, self).qs.order_by().values("pk"))

    def to_raise(self, queryset, name, value):
        return queryset.to_raise_at(value, self.user)

    def owed_by(self, queryset, name, value):
        return queryset.filter(debtor__in=self.below(value))

    def owed_to(self, queryset, name, value):
        return queryset.filter(creditor__in=self.below(value))

    def with_partner(self, queryset, name, value):
        bodies = self.below(value)
        return queryset.filter(Q(debtor__in=bodies) | Q(creditor__in=bodies))


class CaseQuestion(WithBodies):
    status = ChoicesFilter(choices=CaseStatus.choices, label=_("Status"))
    partner = IdsFilter(
        method="with_partner",
        target="contacts.Organization",
        label=_("Partner, or a body below it"),
    )
    lead = IdsFilter(target="contacts.Person", label=_("Lead"))
    lead__isnull = YesNoFilter(field_name="lead", lookup_expr="isnull", label=_("Without a lead"))
    country = StatesFilter(method="of_state", label=_("State of a partner"))
    case = IdsFilter(field_name="pk", target="events.Case", label=_("Case"))
    next_step_after = DayFilter(field_name="next_step_on", lookup_expr="gte", label=_("Next step from"))
    next_step_before = DayFilter(field_name="next_step_on", lookup_expr="lte", label=_("Next step until"))
    open_on = DayFilter(method="open_that_day", label=_("Not closed on"))
    without_movement = YesNoFilter(method="not_moving", label=_("Open, and without movement for 90 days"))
    at = AnsweringFilter(method="of_events", target="events.Event", label=_("Of events"))
    q = WordsFilter(method="matching", label=_("Words"))
    ordering = OrderingFilter(
        {"opened_on": "opened_on", "number": "number", "title": "title", "next_step_on": "next_step_on"},
        default="-opened_on",
    )

    bar = [
        (_("Status"), "sliders", ["status", "without_movement"]),
        (_("Partner"), "building", ["partner"]),
        (_("Lead"), "person", ["lead", "lead__isnull"]),
        (_("Next step"), "calendar", ["next_step_after", "next_step_before"]),
    ]

    class Meta:
        model = Case
        fields: list[str] = []

    def of_state(self, queryset, name, value):
        return queryset.of_state(value, self.user)

    def open_that_day(self, queryset, name, value):
        return queryset.open_on(value)

    def not_moving(self, queryset, name, value):
        still = Case.objects.without_movement(self.user)
        return queryset.without_movement(self.user) if value else in_or_out(queryset, still, False)

    def of_events(self, queryset, name, value):
        return queryset.at_events(self.filters[name].question(value, self).qs)

    def with_partner(self, queryset, name, value):
        return queryset.with_partner(self.below(value), self.user)


class TopicQuestion(Question):
    archived = YesNoFilter(label=_("Archived"))
    q = WordsFilter(method="matching", label=_("Words"))
    ordering = OrderingFilter({"name": "name"}, default="name")

    class Meta:
        model = Topic
        fields: list[str] = []
