"""What an event produced, and who owes what since: rows of the event's form."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caricc.lib.admin import RegisterInline
from caricc.lib.admin_fields import LinesField, an_id, code_of_state
from caricc.lib.admin_forms import Refused, RowForm, Rows
from contacts.models import Organization
from events.admin.people import Delegations, People, party_of
from events.choices import Group
from events.models import Commitment, Delegate, Delegation, Outcome


def party_key(party) -> str:
    """`for:<organization>:<state>:<group>`: a delegation by what tells it from another."""
    organization, country, group = party
    return f"for:{organization or ''}:{country}:{group}"


def delegate_key(delegate) -> str:
    return f"person:{delegate.person_id}" if delegate.person_id else f"words:{delegate.name}"


class BySelect(forms.Select):
    """Whoever was there; rows typed on the same page are added by the page's script and known by the same keys."""

    def __init__(self, attrs=None, choices=()):
        super().__init__({"data-by": "1", **(attrs or {})}, choices)


class ByField(forms.ChoiceField):
    widget = BySelect

    def valid_value(self, value):
        return value.startswith(("for:", "person:", "words:"))


class OutcomeForm(RowForm):
    by = ByField(required=False, label=gettext_lazy("By whom"))
    lines = LinesField(required=False, label=gettext_lazy("Lines"), widget=forms.Textarea(attrs={"rows": 3}))

    class Meta:
        model = Outcome
        fields = ("kind", "title", "text", "day", "parties", "topics", "lines")
        widgets = {"text": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.is_new:
            row = self.instance
            if row.by_delegate_id:
                self.initial["by"] = delegate_key(row.by_delegate)
            elif row.by_delegation_id:
                self.initial["by"] = party_key(party_of(row.by_delegation))

    def offer(self, choices):
        """The choices of `by`: who was there, and what was typed."""
        sent = self.data.get(self.add_prefix("by")) if self.is_bound else ""
        known = dict(choices)
        if sent and sent not in known and self.fields["by"].valid_value(sent):
            choices = [*choices, (sent, self.words_for(sent))]
        self.fields["by"].choices = [("", _("not stated")), *choices]

    def words_for(self, key: str) -> str:
        kind, _colon, rest = key.partition(":")
        picks = self.fields["parties"].picks
        if kind == "words":
            return rest
        if kind == "person":
            return str(picks.get(Delegate._meta.get_field("person").related_model, rest) or "")
        organization, country, group = [*rest.split(":"), "", ""][:3]
        body = picks.get(Organization, organization)
        return str(body or dict(Group.choices).get(group) or country)

    def take_by(self, change):
        """Point to the delegation or the delegate that was chosen; both are on record by now."""
        key, row = self.cleaned_data.get("by", ""), self.instance
        row.by_delegation = row.by_delegate = None
        if not key:
            return
        if key.startswith("for:"):
            organization, country, group = [*key[4:].split(":"), "", ""][:3]
            party = (an_id(organization), code_of_state(country), group)
            delegations = Delegation._base_manager.filter(event=row.event).order_by("position", "created_at", "id")
            row.by_delegation = next((found for found in delegations if party_of(found) == party), None)
        else:
            delegates = Delegate._base_manager.filter(delegation__event=row.event).select_related("delegation")
            row.by_delegate = next((found for found in delegates.order_by("id") if delegate_key(found) == key), None)
        if row.by_delegation is None and row.by_delegate is None:
            words = _("“%(name)s” is not among those who were there.") % {"name": self.words_for(key)}
            raise Refused(self.prefix, ValidationError({"by": words}))

    def save_to(self, change):
        if "by" in self.changed_data:
            self.take_by(change)
        return super().save_to(change)


class Outcomes(Rows):
    turn = 2

    def rows_of(self, queryset):
        found = (
            super().rows_of(queryset).select_related("by_delegation", "by_delegate__person", "by_delegate__delegation")
        )
        return found.prefetch_related("parties", "topics").order_by("position", "created_at", "id")

    def tie(self, row):
        super().tie(row)
        if row.by_delegation_id:
            row.by_delegation.event = self.instance

    def offer_by(self, people, delegations):
        """Whoever was there, as choices for `by`."""
        choices = []
        for form in delegations.forms if delegations else ():
            if not form.is_new:
                choices.append((party_key(party_of(form.instance)), form.party_name))
        for form in people.forms if people else ():
            if not form.is_new:
                choices.append((delegate_key(form.instance), form.instance.shown_name))
        self.by_choices = list(dict(choices).items())
        for form in self.forms:
            form.offer(self.by_choices)

    @property
    def empty_form(self):
        form = super().empty_form
        form.offer(getattr(self, "by_choices", []))
        return form

    def save_row(self, change, form):
        if form.is_new:
            places = [row.instance.position for row in self.forms if row is not form]
            form.instance.position = max(places, default=-1) + 1
        super().save_row(change, form)


class OutcomesInline(RegisterInline):
    model = Outcome
    form = OutcomeForm
    formset = Outcomes
    verbose_name_plural = gettext_lazy("Outcomes")
    hint = gettext_lazy("What it produced. “Discussed” belongs in the summary.")
    add_words = gettext_lazy("Another outcome")
    fields = [("kind", "day"), ("title", "text", "lines", "topics"), "by", "parties"]
    asides = ("day", "text", "lines", "topics")
    aside_titles = {"kind": gettext_lazy("day"), "title": gettext_lazy("text, lines, topics")}

    def get_fieldsets(self, request, obj=None):
        return [(None, {"fields": self.fields})]

    def relate(self, request, formset, formsets):
        people = next((other for other in formsets if isinstance(other, People)), None)
        delegations = next((other for other in formsets if isinstance(other, Delegations)), None)
        formset.offer_by(people, delegations)


class CommitmentForm(RowForm):
    def clean(self):
        data = super().clean()
        data = self.cleaned_data if data is None else data
        own = self.fields["debtor"].initial
        other = data.get("debtor_country") or data.get("debtor_group")
        if self.is_new and own and other and getattr(data.get("debtor"), "pk", None) == own:
            data["debtor"] = None  # the one filled in beforehand gives way to the one that was typed
        return data


class Commitments(Rows):
    turn = 3

    def rows_of(self, queryset):
        return super().rows_of(queryset).order_by("due_date", "created_at", "id")


class CommitmentsInline(RegisterInline):
    model = Commitment
    form = CommitmentForm
    formset = Commitments
    fk_name = "event"
    verbose_name_plural = gettext_lazy("Commitments")
    hint = gettext_lazy("Who now owes what to whom.")
    add_words = gettext_lazy("Another commitment")
    fields = [
        ("debtor", "debtor_country", "debtor_group"), ("title", "text", "case"),
        ("creditor", "creditor_country", "creditor_group"), "due_date", "responsible",
        ("status", "proof"),
    ]  # fmt: skip
    asides = ("debtor_country", "debtor_group", "creditor_country", "creditor_group", "text", "case", "proof")
    aside_titles = {
        "debtor": gettext_lazy("state or group"),
        "creditor": gettext_lazy("state or group"),
        "title": gettext_lazy("details, case"),
        "status": gettext_lazy("proof"),
    }

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.base_fields["proof"].widget.attrs["rows"] = 2
        own = own_organization()
        formset.form.base_fields["debtor"].initial = own.pk if own else None
        formset.form.base_fields["text"].widget.attrs["rows"] = 2
        return formset


def own_organization() -> Organization | None:
    """The Centre itself: ours, and not part of another body of ours."""
    own = Organization.objects.own().current().filter(parent__isnull=True)
    return own.order_by("created_at", "id").first()
