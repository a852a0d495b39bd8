"""The editors of cases, commitments, topics and sources."""

from django import forms
from django.contrib import admin
from django.db.models import Q
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from caricc.lib.admin import RegisterAdmin, RegisterInline
from caricc.lib.admin_fields import KindSelect
from caricc.lib.admin_forms import RegisterForm
from caricc.templatetags.register import day
from contacts.admin import ArchivableAdmin
from events.filters import CaseQuestion, CommitmentQuestion, TopicQuestion
from events.models import Case, CaseAlias, CaseNote, CasePartner, Commitment, Delegation, Source, Topic


class AliasesInline(RegisterInline):
    model = CaseAlias
    verbose_name_plural = _("Also called")
    hint = _("One operation may have two names.")
    add_words = _("Another name")
    fields = ["name", "language"]


class PartnersInline(RegisterInline):
    model = CasePartner
    verbose_name_plural = _("Partners by role")
    hint = _("Those who were merely at its events are found by themselves.")
    add_words = _("Another partner")
    fields = ["organization", "role"]


class NotesInline(RegisterInline):
    model = CaseNote
    verbose_name_plural = _("Journal")
    hint = _("Dated notes, newest first.")
    add_words = _("Another note")
    fields = ["day", "kind", "text"]

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.base_fields["text"].widget.attrs["rows"] = 2
        return formset


class CaseForm(RegisterForm):
    class Meta:
        widgets = {
            "visibility": KindSelect(icons={"restricted": "lock"}),
            "status": KindSelect(),
            "summary": forms.Textarea(attrs={"rows": 3}),
        }


@admin.register(Case)
class CaseAdmin(RegisterAdmin):
    form = CaseForm
    question = CaseQuestion
    asked = {
        "status": None, "partner": Delegation._meta.get_field("organization"), "lead": Case._meta.get_field("lead"),
    }  # fmt: skip
    list_display = ["number", "title", "status", "lead", "opened_on", "next_step_on"]
    list_display_links = ["title"]
    inlines = [AliasesInline, PartnersInline, NotesInline]
    fieldsets = [
        (_("What"), {"fields": ["title", "summary", "status", "lead", ("opened_on", "closed_on")]}),
        (_("What comes next"), {"fields": [("next_step", "next_step_on"), "linked"]}),
        (
            _("Access"),
            {
                "classes": ["collapse", "after"],
                "description": _("who may read it"),
                "fields": ["visibility", "owner", ("readers", "reader_groups")],
            },
        ),
    ]


class CommitmentForm(RegisterForm):
    class Meta:
        widgets = {
            "status": KindSelect(),
            "text": forms.Textarea(attrs={"rows": 3}),
            "proof": forms.Textarea(attrs={"rows": 2}),
            "note": forms.Textarea(attrs={"rows": 2}),
        }


def told(shift) -> str:
    """From when to when, on which day, by whom and why."""
    days = f"{day(shift.before) or _('no date')} → {day(shift.after) or _('no date')}"
    who = str(shift.created_by) if shift.created_by else ""
    return " · ".join(part for part in (days, day(shift.day), who, shift.reason) if part)


@admin.register(Commitment)
class CommitmentAdmin(RegisterAdmin):
    form = CommitmentForm
    question = CommitmentQuestion
    state_by_name = True
    asked = {
        "status": None, "overdue": None, "direction": None, "partner": Delegation._meta.get_field("organization"),
        "due_after": None, "due_before": None,
    }  # fmt: skip
    list_display = ["title", "debtor_told", "creditor_told", "due_date", "status"]
    fieldsets = [
        (
            _("What"),
            {"fields": ["title", "text", ("debtor", "debtor_country", "debtor_group"),
                        ("creditor", "creditor_country", "creditor_group"), ("due_date", "responsible")]},
        ),
        (_("Where it comes from"), {"fields": [("event", "case")]}),
        (_("What became of it"), {"fields": ["status", "closed_on", "proof", "note", "moved"]}),
    ]  # fmt: skip
    readonly_fields = ["moved"]

    @admin.display(description=_("how the due date moved"))
    def moved(self, commitment):
        """Each shift with its reason; a new one is the due date changed, with a reason at the end of the form."""
        shifts = (
            commitment.shifts.select_related("created_by") if commitment.pk and not commitment._state.adding else []
        )
        return format_html_join("", "<div>{}</div>", ((told(shift),) for shift in shifts)) or _("never")

    @admin.display(description=_("who owes"))
    def debtor_told(self, commitment):
        return commitment.debtor_name

    @admin.display(description=_("to whom"))
    def creditor_told(self, commitment):
        return commitment.creditor_name


@admin.register(Topic)
class TopicAdmin(ArchivableAdmin):
    question = TopicQuestion
    asked = {"archived": None}
    list_display = ["name", "name_ru", "archived"]
    fields = ["name", "name_ru", "archived"]


@admin.register(Source)
class SourceAdmin(RegisterAdmin):
    list_display = ["title", "published", "language"]
    fields = ["title", "address", ("language", "published")]

    def search(self, request, rows, words):
        for word in words.replace("\x00", "").split()[:10]:
            forms_of_it = {word, word.lower(), word.upper(), word.capitalize()}
            found = Q()
            for text in forms_of_it:
                found |= Q(title__contains=text)
            rows = rows.filter(found)
        return rows
