"""Deeds on the rhythm of a partner: what is agreed, quiet for a while, and no longer quiet."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caricc.lib.acts import Act, ActForm, DayField, TextField
from caricc.lib.days import today, written
from caricc.lib.periods import add_months
from contacts.models import Organization

LONGEST_SNOOZE = 24  # months


class SnoozeForm(ActForm):
    until = DayField(
        label=gettext_lazy("Quiet until"), help_text=gettext_lazy("The last day of it, at most 24 months ahead.")
    )
    reason = TextField(
        rows=1, max_length=300, label=gettext_lazy("Why it may be quiet"),
        help_text=gettext_lazy("Such as: the post is vacant; talks go on through another office."),
    )  # fmt: skip

    def clean_until(self):
        day = self.cleaned_data["until"]
        if day <= today():
            raise ValidationError(_("This day must lie ahead."))
        latest = add_months(today(), LONGEST_SNOOZE)
        if day > latest:
            raise ValidationError(_("At most 24 months ahead, that is until %(day)s.") % {"day": written(latest)})
        return day


class OfPartner(Act):
    """Base: only of partners of today is a rhythm asked."""

    model = Organization

    def refusal(self, record):
        if record.own:
            return _("This is a unit of our own: no rhythm is asked of it.")
        if record.archived or record.succeeded_by_id:
            return _("This is a body of old: no rhythm is asked of it.")
        return ""

    def why(self, data):
        return data.get("reason", "")


class Snooze(OfPartner):
    form_class = SnoozeForm
    title, button = gettext_lazy("Let it be quiet for a while"), gettext_lazy("Let it be quiet")
    hint = gettext_lazy("Until that day it is not called silent, however long ago the last contact was.")

    def initial(self, record):
        until = record.snoozed_until
        return {
            "until": until if until and until > today() else add_months(today(), 3),
            "reason": record.snooze_reason if until and until >= today() else "",
        }

    def do(self, change, record, data):
        record.snoozed_until, record.snooze_reason = data["until"], data["reason"]
        change.save(record, expected=data["version"])
        return _("%(partner)s may be quiet until %(day)s.") % {"partner": record, "day": written(data["until"])}


class Wake(OfPartner):
    title, button = gettext_lazy("No longer quiet"), gettext_lazy("End the quiet")
    hint = gettext_lazy("From now on its rhythm counts again.")

    def refusal(self, record):
        if record.snoozed_until is None or record.snoozed_until < today():
            return _("Its rhythm counts already.")
        return super().refusal(record)

    def do(self, change, record, data):
        record.snoozed_until, record.snooze_reason = None, ""
        change.save(record, expected=data["version"])
        return _("The rhythm of %(partner)s counts again.") % {"partner": record}


class RhythmForm(ActForm):
    months = forms.IntegerField(
        required=False, min_value=0, max_value=120, label=gettext_lazy("Months between contacts"),
        help_text=gettext_lazy("Left empty: that of its kind. 0: no contact is expected."),
    )  # fmt: skip
    reason = TextField(rows=1, max_length=300, label=gettext_lazy("Why, or by whom it was agreed"))


class AgreeRhythm(OfPartner):
    form_class = RhythmForm
    title, button = gettext_lazy("Change the rhythm"), gettext_lazy("Keep this rhythm")
    hint = gettext_lazy(
        "How often we want to meet this partner; a contact of any office below it counts. Beyond that it is called silent."
    )

    def initial(self, record):
        return {"months": record.rhythm}

    def do(self, change, record, data):
        record.rhythm = data["months"]
        change.save(record, expected=data["version"])
        return _("The rhythm of %(partner)s is kept.") % {"partner": record}
