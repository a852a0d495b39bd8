"""The form in which an event is logged, in the order in which one tells it."""

from django import forms
from django.contrib import admin
from django.http import HttpResponseRedirect, JsonResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caricc.lib.admin import RegisterAdmin
from caricc.lib.admin_fields import KindSelect, SuggestInput, an_id, picks_of
from caricc.lib.admin_forms import RegisterForm
from caricc.lib.days import today, written
from caricc.templatetags.register import days_of
from contacts.models import CityName, Person
from events.admin.follow import CommitmentsInline, OutcomesInline, own_organization
from events.admin.people import DelegationsInline, PeopleInline
from events.choices import DatePrecision
from events.filters import EventQuestion
from events.models import Delegate, Delegation, Event

ICONS = {
    "bilateral": "bilateral", "meeting": "talk", "working_group": "working_group", "conference": "conference",
    "workshop": "workshop", "briefing": "briefing", "visit": "visit", "ceremony": "ceremony", "other": "other",
    "restricted": "lock",
}  # fmt: skip
OF_THE_PARENT = ("end_date", "city", "country", "venue", "time_zone", "format", "status", "language", "visibility")
OF_THE_COPIED = (
    "kind", "title", "summary", "format", "city", "country", "venue", "time_zone", "start_time", "end_time", "parent",
    "language", "visibility",
)  # fmt: skip


def city_names() -> list[str]:
    """What cities are and were called, in both scripts."""
    return list(CityName.objects.order_by("name").values_list("name", flat=True).distinct()[:2000])


class EventForm(RegisterForm):
    class Meta:
        model = Event
        fields = "__all__"
        widgets = {
            "kind": KindSelect(icons=ICONS),
            "visibility": KindSelect(icons=ICONS),
            "city": SuggestInput(suggestions=city_names),
            "summary": forms.Textarea(attrs={"rows": 3}),
        }


@admin.register(Event)
class EventAdmin(RegisterAdmin):
    form = EventForm
    question = EventQuestion
    save_as = True
    asked = {
        "date_after": None, "date_before": None, "partner": Delegation._meta.get_field("organization"), "kind": None,
        "format": None, "country": None, "topic": Event._meta.get_field("topics"), "case": Event._meta.get_field("cases"),
        "status": None,
    }  # fmt: skip
    list_display = ["days", "title", "kind_icon", "status_told", "city", "part_of"]
    list_display_links = ["title"]
    inlines = [PeopleInline, DelegationsInline, OutcomesInline, CommitmentsInline]
    fieldsets = [
        (gettext_lazy("What"), {"fields": ["kind", "title", "summary", ("topics", "cases")]}),
        (
            gettext_lazy("When and where"),
            {"fields": [
                ("start_date", "end_date"), ("date_precision", "status"), ("start_time", "end_time", "time_zone"),
                ("city", "country"), ("venue", "format"), "parent",
            ]},
        ),
        (
            gettext_lazy("Source and access"),
            {
                "classes": ["collapse", "after"],
                "description": gettext_lazy("figures as reported, where it is told, who may read it"),
                "fields": [
                    ("reported_participants", "reported_countries", "reported_organizations"), "reported_at_least",
                    ("source", "language"), "visibility", "owner", ("readers", "reader_groups"),
                ],
            },
        ),
    ]  # fmt: skip

    # ---- the list

    def with_columns(self, request, rows):
        return rows.select_related("parent")

    @admin.display(description=gettext_lazy("days"))
    def days(self, event):
        return days_of(event)

    @admin.display(description=gettext_lazy("kind"))
    def kind_icon(self, event):
        return event.get_kind_display()

    @admin.display(description=gettext_lazy("status"), empty_value="")
    def status_told(self, event):
        return event.get_status_display() if event.status != "held" else ""

    @admin.display(description=gettext_lazy("part of"), empty_value="")
    def part_of(self, event):
        return event.parent

    def offered_as(self, row):
        return f"{row.title} ({written(row.start_date)})"

    # ---- first values

    def get_changeform_initial_data(self, request):
        given = {name: value for name, value in request.GET.items() if name in ("kind", "title", "start_date")}
        initial = {"start_date": today(), **given}
        parent, copied = self._event_in(request, "parent"), self._event_in(request, "copy")
        if parent is not None:
            initial.update({name: getattr(parent, name) for name in OF_THE_PARENT})
            initial.update(parent=parent.pk, start_date=parent.start_date)
            if parent.start_date != parent.end_date and parent.date_precision == DatePrecision.DAY:
                initial["date_precision"] = DatePrecision.WITHIN
            else:
                initial["date_precision"] = parent.date_precision
        elif copied is not None:
            initial.update({name: getattr(copied, name) for name in OF_THE_COPIED})
            initial["topics"] = [row.pk for row in copied.topics.all()]
            initial["cases"] = [row.pk for row in copied.cases.visible_to(request.user)]
        return initial

    def _event_in(self, request, name):
        """The event that the query string names; none where it is absent or hidden."""
        pk = an_id(request.GET.get(name, ""))
        if pk is None:
            return None
        kept = request.__dict__.setdefault("events_named", {})
        if pk not in kept:
            kept[pk] = Event.objects.visible_to(request.user).filter(pk=pk).first()
        return kept[pk]

    def first_rows(self, request) -> dict[type, list[dict]]:
        """Rows that a new event begins with: those of the event it is part of or repeats, else our own delegation."""
        if not hasattr(request, "first_rows"):
            event = self._event_in(request, "parent") or self._event_in(request, "copy")
            own = own_organization() if event is None else None
            request.first_rows = (
                rows_of_event(event) if event else {Delegation: [{"organization": own.pk}] if own else []}
            )
        return request.first_rows

    # ---- around the form

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        parent = context["adminform"].form["parent"].value() if context["adminform"].fields.get("parent") else None
        words = _("Save and add another side meeting") if parent else _("Save and add a side meeting")
        context.update(add_child_words=words, reason_asked=True)
        if change and obj is not None and self.has_add_permission(request):
            add_url = self._url("add")
            context["shortcuts"] = [
                (f"{add_url}?parent={obj.parent_id or obj.pk}", "plus", _("Add a side meeting")),
                (f"{add_url}?copy={obj.pk}", "history", _("Repeat")),
            ]
        if add:
            context["title"] = _("Log an event")
        return super().render_change_form(request, context, add, change, form_url, obj)

    def response_add(self, request, obj, post_url_continue=None):
        return self._to_child(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        return self._to_child(request, obj) or super().response_change(request, obj)

    def _to_child(self, request, event):
        if "_addchild" not in request.POST:
            return None
        self.message_user(request, _("“%(event)s” is saved. Now the side meeting.") % {"event": event})
        return HttpResponseRedirect(f"{self._url('add')}?parent={event.parent_id or event.pk}")

    def get_urls(self):
        return [
            path("post/", self.admin_site.admin_view(self.post_view), name="events_event_post"),
            *super().get_urls(),
        ]

    def post_view(self, request):
        """The post that somebody held on a day, for the form to show what it will fill in."""
        if not self.has_add_permission(request):
            return JsonResponse({}, status=403)
        person = picks_of(request)
        person.together[Person] = ("posts__organization",)
        found = person.get(Person, request.GET.get("person", ""))
        day = forms.DateField(required=False)
        try:
            when = day.clean(request.GET.get("day", "")) or today()
        except forms.ValidationError:
            when = today()
        post = found.post_on(when) if found is not None else None
        if post is None:
            return JsonResponse({})
        body = post.organization
        return JsonResponse(
            {"organization": {"id": str(body.pk), "text": str(body)}, "title": post.title, "rank": post.rank}
        )


def rows_of_event(event) -> dict[type, list[dict]]:
    """The delegations and delegates of an event as first values of the rows of another."""
    delegations = event.delegations.order_by("position", "created_at", "id").prefetch_related("delegates")
    parties, people = [], []
    for row in delegations:
        party = {"organization": row.organization_id, "country": row.country, "group": row.group}
        parties.append(
            {**party, "role": row.role, "label": row.label, "headcount": row.headcount,
             "headcount_at_least": row.headcount_at_least, "attendance": row.attendance}
        )  # fmt: skip
        people += [
            {**party, "person": one.person_id, "name": one.name, "role": one.role, "title": one.title,
             "rank": one.rank, "unit": one.unit, "attendance": one.attendance}
            for one in row.delegates.all()
        ]  # fmt: skip
    return {Delegation: parties, Delegate: people}
