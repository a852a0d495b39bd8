"""Deeds on a case: note, close, put to rest, open again, plan the next step, link with others."""

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from caricc.lib.acts import Act, ActForm, DayField, TextField, way_back
from caricc.lib.days import today, written
from caricc.lib.ids import LARGEST
from caricc.lib.pages import not_found
from caricc.lib.visibility import may
from events.choices import CaseStatus
from events.filters import CaseQuestion
from events.models import Case, CaseNote, Commitment

FOUND = 20


def day_behind(day):
    if day and day > today():
        raise ValidationError(_("This day lies ahead."))
    return day


class NoteForm(ActForm):
    text = TextField(label=pgettext_lazy("journal", "Note"), rows=4, max_length=10_000)
    day = DayField(label=gettext_lazy("Day"), required=False, help_text=gettext_lazy("Today, if it is left empty."))

    def clean_day(self):
        return day_behind(self.cleaned_data["day"]) or today()

    def clean(self):
        data = super().clean()
        data["read"], data["version"] = data.get("version"), None
        return data


class AddNote(Act):
    """A line of the journal. That the case was changed meanwhile is no obstacle; sent twice, it is kept once."""

    model, form_class, act = Case, NoteForm, "view"
    needs_version = False
    title, button = gettext_lazy("Add a note"), gettext_lazy("Add the note")

    def dispatch(self, request, *args, **kwargs):
        if not may(request.user, "add", CaseNote):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def initial(self, record):
        return {"day": today()}

    def after(self, record):
        return f"{record.get_absolute_url()}#line"

    def do(self, change, record, data):
        pk = self.number_of(change.actor, record, data)
        Case._base_manager.select_for_update().get(pk=record.pk)  # a second sending waits for the first
        if not CaseNote._base_manager.filter(pk=pk).exists():
            change.save(CaseNote(id=pk, case=record, day=data["day"], text=data["text"]))
        return _("Noted.")

    @staticmethod
    def number_of(user, case, data) -> int:
        """The id of the note: the same for the same words from the same opening of the form."""
        told = f"{user.pk}|{case.pk}|{data['read']}|{data['day']}|{data['text']}"
        digest = salted_hmac("events.case note", told).digest()
        return int.from_bytes(digest[:8], "big") % LARGEST + 1


class TurnForm(ActForm):
    reason = TextField(
        label=gettext_lazy("Reason"),
        rows=3,
        max_length=1000,
        help_text=gettext_lazy("It stands in the journal of the case."),
    )
    day = DayField(label=gettext_lazy("Day"), required=False, help_text=gettext_lazy("Today, if it is left empty."))

    def clean_day(self):
        day = day_behind(self.cleaned_data["day"]) or today()
        opened = self.record.opened_on
        if opened and day < opened:
            raise ValidationError(
                _("This day comes before the one on which it was opened, %(opened)s.") % {"opened": written(opened)}
            )
        return day


class CloseForm(TurnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        n = Commitment.objects.visible_to(self.user).filter(case=self.record).open().order_by().count()
        if not n:
            return
        words = ngettext("%(n)d commitment is still open.", "%(n)d commitments are still open.", n) % {"n": n}
        link = f"{reverse('events:commitment_list')}?case={self.record.pk}&status=open"
        self.fields["go_on"] = forms.BooleanField(
            label=_("Close the case all the same"),
            help_text=format_html('<a href="{}" data-count="{}">{}</a>', link, n, words),
            error_messages={"required": _("Say that it is to be closed all the same, or settle them first.")},
            widget=forms.CheckboxInput(attrs={"class": "in"}),
        )


class Turn(Act):
    """Base of the deeds that change the status; `turn` is the verb of the model."""

    model, form_class, turn = Case, TurnForm, ""

    def initial(self, record):
        return {"day": today()}

    def why(self, data):
        return data["reason"]

    def do(self, change, record, data):
        getattr(record, self.turn)(change, data["reason"], data["day"])
        return self.said


class CloseCase(Turn):
    form_class, turn = CloseForm, "close"
    title, button, said = gettext_lazy("Close the case"), gettext_lazy("Close the case"), gettext_lazy("Closed.")
    hint = gettext_lazy("It stays on record with everything in it, and can be opened again.")

    def refusal(self, record):
        return _("The case is closed already.") if record.status == CaseStatus.CLOSED else ""


class RestCase(Turn):
    turn = "rest"
    title, button, said = (
        gettext_lazy("Put the case to rest"),
        gettext_lazy("Put to rest"),
        gettext_lazy("Put to rest."),
    )
    hint = gettext_lazy(
        "Nothing is expected to happen for some time: it no longer counts as open, nor as without movement."
    )

    def refusal(self, record):
        return "" if record.status == CaseStatus.OPEN else _("Only an open case can be put to rest.")


class ReopenCase(Turn):
    turn = "reopen"
    title, button, said = gettext_lazy("Open the case again"), gettext_lazy("Open again"), gettext_lazy("Opened again.")

    def refusal(self, record):
        return _("The case is open already.") if record.status == CaseStatus.OPEN else ""


class StepForm(ActForm):
    next_step = TextField(label=gettext_lazy("Next step"), rows=1, max_length=300, required=False)
    next_step_on = DayField(label=gettext_lazy("By"), required=False)

    def clean(self):
        data = super().clean()
        if data.get("next_step_on") and not data.get("next_step"):
            self.add_error("next_step", _("Say what is to be done."))
        return data


class NextStep(Act):
    model, form_class = Case, StepForm
    title, button = gettext_lazy("Next step"), gettext_lazy("Keep it")
    hint = gettext_lazy("What we do next, and by when. Leave both empty when the step is done: the journal keeps that.")

    def initial(self, record):
        return {"next_step": record.next_step, "next_step_on": record.next_step_on}

    def do(self, change, record, data):
        record.plan(change, data["next_step"], data["next_step_on"])
        return _("The next step is kept.") if record.next_step else _("The step is done; the journal says so.")


class LinkForm(ActForm):
    """Cases to be linked: those that are, and those found by words, as far as the reader may see them."""

    linked = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Linked cases"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("This case is not on record.")},
    )  # fmt: skip
    q = forms.CharField(
        label=gettext_lazy("Find cases by number or words"), required=False, max_length=300, empty_value=""
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["linked"].widget.attrs.clear()
        self.seen = Case.objects.visible_to(self.user)
        now = self.seen.filter(
            pk__in=self.record.linked.through.objects.filter(from_case=self.record.pk).values("to_case")
        )
        self.initial["linked"] = list(now.order_by("number", "id").values_list("pk", flat=True))
        ticked = self.data.getlist("linked") if self.is_bound else []
        wanted = [int(pk) for pk in ticked if pk.isascii() and pk.isdigit() and len(pk) < 17]
        self.offered = {case.pk: case for case in self.seen.filter(pk__in=[*self.initial["linked"], *wanted])}
        self.problem, self.more, self.found = "", False, []
        self.look_up((self.data if self.is_bound else self.initial).get("q", "").strip())
        self.fields["linked"].choices = [(pk, str(case)) for pk, case in self.offered.items()]

    def look_up(self, words: str) -> None:
        self.words = words
        if not words:
            return
        others = self.seen.exclude(pk__in=[self.record.pk, *self.offered])
        question = CaseQuestion({"q": words}, others, user=self.user, on_page=True)
        self.problem = " ".join(question.errors.get("q", []))
        self.found = list(question.qs[: FOUND + 1])
        self.more = len(self.found) > FOUND
        self.offered |= {case.pk: case for case in self.found[:FOUND]}


class LinkCases(Act):
    """Which cases belong together; the button that finds more keeps what was ticked."""

    model, form_class = Case, LinkForm
    title, button = gettext_lazy("Linked cases"), gettext_lazy("Keep these links")
    hint = gettext_lazy("Each case shows the other, to those who may read both.")

    def initial(self, record):
        return {"q": self.request.GET.get("q", "")}

    def post(self, request, pk):
        if "find" not in request.POST:
            return super().post(request, pk)
        record = self.find(request, pk)
        if record is None:
            return not_found(request)
        return self.show(request, record, self.form_class(request.POST, record=record, user=request.user))

    def do(self, change, record, data):
        change.set(record, "linked", data["linked"])
        return _("The links are kept.")

    def show(self, request, record, form, status=200):
        context = {
            "act": self, "record": record, "form": form, "about": self.about(record), "action": request.path,
            "next": way_back(request, self.after(record)), "at_most": FOUND,
        }  # fmt: skip
        return render(request, "events/case_link.html", context, status=status)
