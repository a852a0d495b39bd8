"""Who was there, as one tells it: people in one flat list, each finding or making the delegation that they came with."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caricc.lib.admin import RegisterInline
from caricc.lib.admin_fields import PickField, PickSelect, StateField, picks_of
from caricc.lib.admin_forms import RowForm, Rows
from caricc.lib.days import written
from events.choices import DelegationRole, Group
from events.models import Delegate, Delegation

PARTY = ("organization", "country", "group")


def party_of(delegation) -> tuple:
    """On whose behalf: what tells one delegation from another."""
    return delegation.organization_id, delegation.country, delegation.group


def says_nothing(delegation) -> bool:
    """Whether a delegation holds no more than the people in it did."""
    told = delegation.headcount is not None or delegation.label or delegation.attendance
    return not told and delegation.role == DelegationRole.PARTICIPANT


class PersonForm(RowForm):
    """Somebody who was there. The party is that of the delegation; left empty, it is that of the post held that day."""

    organization = forms.Field(required=False)  # the inline puts in the one that knows who asks
    country = StateField(required=False, label=gettext_lazy("State"))
    group = forms.ChoiceField(
        choices=[("", gettext_lazy("none")), *Group.choices], required=False, label=gettext_lazy("Group")
    )

    class Meta:
        model = Delegate
        fields = ("person", "name", "title", "rank", "unit", "role", "attendance")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.is_new:
            organization, country, group = party_of(self.instance.delegation)
            self.initial.update(organization=organization, country=country, group=group)
            self.fields["organization"].want(organization)

    @property
    def party(self) -> tuple:
        organization = self.cleaned_data.get("organization")
        return (organization.pk if organization else None, self.cleaned_data["country"], self.cleaned_data["group"])

    def clean(self):
        data = super().clean()
        data = self.cleaned_data if data is None else data
        if any(name in self.errors for name in PARTY) or any(data.get(name) for name in PARTY):
            return data
        person, day = data.get("person"), self.formset.instance.start_date
        if person is None or day is None:
            if data.get("name") and not data.get("person"):
                self.add_error("organization", _("Say for whom “%(name)s” was there.") % {"name": data["name"]})
            return data
        post = person.post_on(day)
        if post is None:
            words = _("No post of %(person)s on %(day)s is on record: say for whom.")
            self.add_error("organization", words % {"person": person, "day": written(day)})
        else:
            data["organization"] = post.organization
        return data


class People(Rows):
    """All delegates of all delegations of one event."""

    turn = 1

    def rows_of(self, queryset):
        found = queryset.filter(delegation__event=self.instance).select_related("delegation", "person")
        return found.order_by("delegation__position", "delegation__created_at", "delegation", "created_at", "id")

    def tie(self, row):
        if row.delegation_id:
            row.delegation.event = self.instance

    def still_in(self, delegation_id) -> list:
        """The rows whose people stay in a delegation."""
        return [
            form for form in self.initial_forms
            if form.instance.delegation_id == delegation_id
            and not self._should_delete_form(form)
            and not set(PARTY) & set(form.changed_data)
        ]  # fmt: skip

    def save_to(self, change):
        self.delegations = None
        super().save_to(change)

    def save_row(self, change, form):
        before = None if form.is_new else form.instance.delegation
        if before is None or form.party != party_of(before):
            form.instance.delegation = self.delegation_for(change, form.party)
        form.save_to(change)
        if before is not None and before != form.instance.delegation:
            self.drop_if_empty(change, before)

    def delegation_for(self, change, party) -> Delegation:
        """The delegation of this party at the event, made where there is none."""
        if self.delegations is None:
            rows = Delegation._base_manager.filter(event=self.instance).order_by("position", "created_at", "id")
            self.delegations = list(rows)
            for row in self.delegations:
                row.event = self.instance
        for row in self.delegations:
            if party_of(row) == party:
                return row
        organization, country, group = party
        place = max((row.position for row in self.delegations), default=-1) + 1
        made = Delegation(
            event=self.instance, organization_id=organization, country=country, group=group, position=place
        )
        change.save(made)
        self.delegations.append(made)
        return made

    def drop_if_empty(self, change, delegation):
        """Somebody was moved to another party: a delegation that was there only for them goes, too."""
        holds = delegation.delegates.exists() or delegation.outcomes.exists()
        if says_nothing(delegation) and not holds:
            change.delete(delegation)
            self.delegations = [row for row in self.delegations or [] if row != delegation]


class PeopleInline(RegisterInline):
    model = Delegate
    form = PersonForm
    formset = People
    prefix = "people"
    extra_when_new = 4
    verbose_name = gettext_lazy("person")
    verbose_name_plural = gettext_lazy("Who was there")
    hint = gettext_lazy(
        "People by name. For whom: left empty, the post that they held on that day; the delegation is made for you."
    )
    add_words = gettext_lazy("Another person")
    fields = [
        ("person", "name"), ("organization", "country", "group"), ("title", "rank", "unit"), "role", "attendance",
    ]  # fmt: skip
    asides = ("name", "country", "group", "rank", "unit")
    aside_titles = {
        "person": gettext_lazy("not named"),
        "organization": gettext_lazy("state or group"),
        "title": gettext_lazy("rank, unit"),
    }

    def check(self, **kwargs):
        """People hang from the event by way of their delegations, which Django's own check of inlines does not know."""
        return []

    def get_fieldsets(self, request, obj=None):
        return [(None, {"fields": self.fields})]

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        source = Delegation._meta.get_field("organization")
        organization = PickField(
            source.related_model.objects.none(), picks=picks_of(request), required=False,
            widget=PickSelect(source, self.admin_site), label=_("For"),
        )  # fmt: skip
        formset.form.base_fields["organization"] = self.with_add_link(organization, source, request)
        formset.form.base_fields["name"].label = _("In words")
        formset.fk_name = ""
        return formset

    def relate(self, request, formset, formsets):
        picks_of(request).together[Delegate._meta.get_field("person").related_model] = ("posts__organization",)


class Delegations(Rows):
    turn = 0
    people: People | None = None

    def rows_of(self, queryset):
        return super().rows_of(queryset).order_by("position", "created_at", "id")

    def clean(self):
        super().clean()
        for form in self.deleted:
            if not form.is_new and self.people is not None and self.people.still_in(form.instance.pk):
                words = _("Somebody above was there for %(party)s: take them out first, or say for whom they came.")
                raise ValidationError(words % {"party": form.party_name})

    def save_row(self, change, form):
        if form.is_new:
            places = [row.instance.position for row in self.forms if row is not form]
            form.instance.position = max(places, default=-1) + 1
        super().save_row(change, form)


class DelegationForm(RowForm):
    @property
    def party_name(self) -> str:
        self.instance.organization = self.fields["organization"].picks.get(
            self.fields["organization"].queryset.model, self.instance.organization_id
        )
        return self.instance.name


class DelegationsInline(RegisterInline):
    model = Delegation
    form = DelegationForm
    formset = Delegations
    verbose_name = gettext_lazy("delegation")
    verbose_name_plural = gettext_lazy("Delegations without names")
    hint = gettext_lazy(
        "Bodies, states and groups that came when nobody is named, and who was host. Those of the people above are added by themselves."
    )
    add_words = gettext_lazy("Another delegation")
    fields = [
        "organization", ("country", "group"), "role", ("headcount", "headcount_at_least"), "label", "attendance",
    ]  # fmt: skip

    heads = {"country": gettext_lazy("State or group"), "headcount": gettext_lazy("How many")}

    def relate(self, request, formset, formsets):
        formset.people = next((other for other in formsets if isinstance(other, People)), None)
