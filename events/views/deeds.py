"""What is done to one commitment from any page that shows it."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caricc.lib.acts import Act, ActForm, DayField, TextField
from caricc.lib.days import today, written
from contacts.models import Person
from events.models import Commitment

PAST = gettext_lazy("This day has not come yet.")


def not_ahead(day) -> None:
    if day > today():
        raise ValidationError(PAST)


class ProofField(TextField):
    """Asked for as if it had to be given; that there is none may be said instead."""

    def validate(self, value):
        """The form looks at both."""


class ClosingForm(ActForm):
    """Base: nobody keeps or drops a promise before it was given."""

    def clean_day(self):
        day, first = self.cleaned_data["day"], self.record.owed_since
        if day < first:
            raise ValidationError(
                _("It was promised at an event that began on %(day)s; this day comes before it.")
                % {"day": written(first)}
                if self.record.event and self.record.event.start_date == first
                else _("It was entered on %(day)s; this day comes before it.") % {"day": written(first)}
            )
        return day


class FulfilForm(ClosingForm):
    use_required_attribute = False

    day = DayField(label=gettext_lazy("Fulfilled on"), validators=[not_ahead])
    proof = ProofField(
        label=gettext_lazy("Proof"), max_length=4000,
        help_text=gettext_lazy("What shows that it was done: a letter, a document, a meeting."),
    )  # fmt: skip
    without_proof = forms.BooleanField(label=gettext_lazy("There is no proof"), required=False)

    def clean(self):
        data = super().clean()
        if "proof" in data and bool(data["proof"]) == data["without_proof"]:
            said = _("Say what proves it, or that there is no proof; not both.") if data["proof"] else _(
                "Say what proves it, or tick that there is no proof."
            )  # fmt: skip
            self.add_error("proof", said)
        return data


class ShiftForm(ActForm):
    due = DayField(label=gettext_lazy("Due from now on"))
    why = TextField(
        label=gettext_lazy("Reason"), rows=2, max_length=500,
        help_text=gettext_lazy("It stands beside the two days on the page of the commitment."),
    )  # fmt: skip

    def clean_due(self):
        due = self.cleaned_data["due"]
        if due == self.record.due_date:
            raise ValidationError(_("It is due on this day already."))
        if due < today():
            raise ValidationError(_("This day has passed."))
        return due


class WithdrawForm(ClosingForm):
    day = DayField(label=gettext_lazy("Withdrawn on"), validators=[not_ahead])
    why = TextField(
        label=gettext_lazy("Reason"), rows=2, max_length=500, help_text=gettext_lazy("It joins the note.")
    )  # fmt: skip


class ReopenForm(ActForm):
    why = TextField(label=gettext_lazy("Reason"), rows=2, max_length=500)


class AssignForm(ActForm):
    person = forms.ModelChoiceField(
        None, label=gettext_lazy("Responsible"), required=False, empty_label=gettext_lazy("nobody")
    )  # fmt: skip
    why = TextField(label=gettext_lazy("Reason"), rows=2, max_length=500, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        seen = Person.objects.visible_to(self.user)
        offered = seen.ours().current() | seen.filter(pk=self.record.responsible_id)
        self.fields["person"].queryset = offered.order_by("name", "id")

    def clean_person(self):
        person = self.cleaned_data["person"]
        if (person.pk if person else None) == self.record.responsible_id:
            raise ValidationError(_("So it is already.") if person else _("Nobody is responsible already."))
        return person


class CommitmentDeed(Act):
    """Base of the deeds on an open commitment."""

    model = Commitment

    def rows(self, user):
        return super().rows(user).select_related("event", "case", "debtor", "creditor", "responsible")

    def refusal(self, record):
        return "" if record.is_open else _("It is no longer open; reopen it first.")


class Fulfil(CommitmentDeed):
    form_class = FulfilForm
    title, button = gettext_lazy("Mark as fulfilled"), gettext_lazy("Mark as fulfilled")

    def initial(self, record):
        return {"day": today(), "proof": record.proof}

    def do(self, change, record, data):
        record.fulfil(data["day"], data["proof"])
        change.save(record, expected=data["version"])
        return _("Fulfilled: %(what)s") % {"what": record}


class Shift(CommitmentDeed):
    form_class = ShiftForm
    title, button = gettext_lazy("Move the due date"), gettext_lazy("Move the due date")

    def about(self, record):
        if record.due_date is None:
            return super().about(record)
        return _("%(what)s, due %(day)s") % {"what": record, "day": written(record.due_date)}

    def do(self, change, record, data):
        record.shift(data["due"])
        change.save(record, expected=data["version"])
        return _("Due %(day)s: %(what)s") % {"what": record, "day": written(record.due_date)}


class Withdraw(CommitmentDeed):
    form_class = WithdrawForm
    title, button = gettext_lazy("Withdraw"), gettext_lazy("Withdraw")
    hint = gettext_lazy("Nobody waits for it any more. It stays on record and can be reopened.")
    grave = True

    def initial(self, record):
        return {"day": today()}

    def do(self, change, record, data):
        record.withdraw(data["day"], data["why"])
        change.save(record, expected=data["version"])
        return _("Withdrawn: %(what)s") % {"what": record}


class Reopen(CommitmentDeed):
    form_class = ReopenForm
    title, button = gettext_lazy("Reopen"), gettext_lazy("Reopen")
    hint = gettext_lazy("It is owed again. Its proof, if one was given, is left to the history.")

    def refusal(self, record):
        return _("It is open.") if record.is_open else ""

    def do(self, change, record, data):
        record.reopen()
        change.save(record, expected=data["version"])
        return _("Open again: %(what)s") % {"what": record}


class Assign(CommitmentDeed):
    form_class = AssignForm
    title, button = gettext_lazy("Who is responsible"), gettext_lazy("Assign")
    hint = gettext_lazy("One of our own people.")

    def initial(self, record):
        """Whoever asks is offered first where nobody is responsible yet."""
        mine = Person.objects.filter(user=self.request.user).values_list("pk", flat=True).first()
        return {"person": record.responsible_id or mine}

    def do(self, change, record, data):
        record.assign(data["person"])
        change.save(record, expected=data["version"])
        person = data["person"]
        told = {"what": record, "who": person or _("nobody")}
        said = _("Responsible is now %(who)s: %(what)s") % told
        if person and person.user and not Commitment.objects.visible_to(person.user).filter(pk=record.pk).exists():
            said += " " + _("They may not read it, and are not reminded, until they are named on its event or case.")
        return said
