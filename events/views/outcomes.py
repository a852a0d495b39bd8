"""Pages of outcomes: the list, and the follow-up of recommendations."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from caricc.lib.acts import Act, ActForm, DayField, TextField
from caricc.lib.bar import Offer
from caricc.lib.days import today
from caricc.lib.pages import ListPage
from contacts.models import Organization
from events import filters
from events.choices import OutcomeKind
from events.models import Event, Outcome
from events.views.deeds import not_ahead


class OutcomeList(ListPage):
    question_class = filters.OutcomeQuestion
    resource = "outcomes"
    url_name = "events:outcome_list"
    table = "events/_outcome_table.html"
    title = gettext_lazy("Outcomes")
    hint = gettext_lazy("What events produced, and which recommendations still wait")
    words = gettext_lazy("Words in outcomes")
    icon = "doc"
    nothing_found = gettext_lazy("No outcomes match")
    nothing_yet = gettext_lazy("No outcomes yet")
    what_to_do = gettext_lazy("What an event produced is entered with the event.")
    adds_here = False
    views = (
        (gettext_lazy("All"), ""),
        (gettext_lazy("Signed documents"), "kind=document"),
        (gettext_lazy("Recommendations not followed up"), "unfinished=true"),
    )

    @classmethod
    def counted(cls, n):
        return ngettext("%(n)s outcome", "%(n)s outcomes", n) % {"n": n}

    @classmethod
    def offers(cls, user):
        return {"partner": Offer(Organization.objects.filter(pk__in=Event.objects.partners_met_most(user)))}


class FollowUpForm(ActForm):
    day = DayField(label=gettext_lazy("Followed up on"), validators=[not_ahead])
    note = TextField(
        label=gettext_lazy("How"), max_length=4000,
        help_text=gettext_lazy("What was done, or why it was dropped."),
    )  # fmt: skip


class Recommendation(Act):
    """Base of the deeds on a recommendation; the version is that of its event."""

    model = Outcome

    def rows(self, user):
        return super().rows(user).select_related("event")

    def refusal(self, record):
        if record.kind != OutcomeKind.RECOMMENDATION:
            return _("Only recommendations are followed up.")
        return ""


class FollowUp(Recommendation):
    form_class = FollowUpForm
    title, button = gettext_lazy("Mark as followed up"), gettext_lazy("Mark as followed up")

    def initial(self, record):
        return {"day": today()}

    def refusal(self, record):
        return super().refusal(record) or ("" if record.is_unfinished else _("It was followed up already."))

    def do(self, change, record, data):
        record.follow_up(data["day"], data["note"])
        change.save(record, expected=data["version"])
        return _("Followed up: %(what)s") % {"what": record}


class AgainForm(ActForm):
    why = TextField(label=gettext_lazy("Reason"), rows=2, max_length=500)


class TakeUpAgain(Recommendation):
    form_class = AgainForm
    title, button = gettext_lazy("Not followed up after all"), gettext_lazy("Take up again")
    hint = gettext_lazy("It waits again. How it was followed up is left to the history.")

    def refusal(self, record):
        return super().refusal(record) or (_("It is not followed up yet.") if record.is_unfinished else "")

    def do(self, change, record, data):
        record.take_up_again()
        change.save(record, expected=data["version"])
        return _("To be followed up again: %(what)s") % {"what": record}
