"""Handing over: what one of our people is responsible for goes to another, in one transaction or not at all."""

import re
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View

from caricc.lib import writes
from caricc.lib.acts import TextField
from caricc.lib.admin_history import changed_since
from caricc.lib.days import today
from caricc.lib.reading import from_standby
from caricc.lib.visibility import may
from contacts.models import Person
from events.ledger import due_words
from events.models import Case, Commitment

TICK = re.compile(r"([1-9]\d{0,18}):(\d{1,9})", re.ASCII)
TOLD = 20  # changed records are told one by one up to here


class Stale(Exception):
    """Some of the records are no longer as they were shown; raised within the change, so that nothing is done."""

    def __init__(self, records, gone: int):
        self.records, self.gone = records, gone
        super().__init__("handover of records that have changed")


class WhoForm(forms.Form):
    """Whose, and to whom; only people who are there for the reader."""

    whose = forms.ModelChoiceField(None, label=gettext_lazy("From"), empty_label=gettext_lazy("choose"))
    to = forms.ModelChoiceField(None, label=gettext_lazy("To"), empty_label=gettext_lazy("choose"))

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        people = Person.objects.visible_to(user)
        busy = Commitment.objects.visible_to(user).open().filter(responsible__isnull=False).values("responsible")
        leading = Case.objects.visible_to(user).exclude(status="closed").filter(lead__isnull=False).values("lead")
        whose = people.ours() | people.filter(pk__in=busy) | people.filter(pk__in=leading)
        self.fields["whose"].queryset = whose.order_by("name", "id")
        self.fields["to"].queryset = people.ours().current().order_by("name", "id")
        for field in self.fields.values():
            field.widget.attrs["class"] = "in"

    def clean(self):
        data = super().clean()
        if data.get("whose") and data.get("whose") == data.get("to"):
            self.add_error("to", _("This is the same person."))
        return data


class DeedForm(WhoForm):
    why = TextField(label=gettext_lazy("Reason"), rows=2, max_length=500)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["why"].widget.attrs["class"] = "in"
        self.fields["why"].error_messages["required"] = _("%(field)s is missing.") % {"field": self.fields["why"].label}
        for name in ("whose", "to"):
            self.fields[name].widget = forms.HiddenInput()


class Handover(View):
    http_method_names = ["get", "head", "options", "post"]

    def dispatch(self, request, *args, **kwargs):
        user = request.user
        if not (may(user, "view", Commitment) and may(user, "change", Commitment) and may(user, "view", Person)):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @from_standby
    def get(self, request):
        who = WhoForm(request.GET or None, user=request.user)
        if not request.GET or not who.is_valid():
            return self.show(request, who)
        deed = DeedForm(initial=who.data, user=request.user)
        return self.show(request, who, deed, who.cleaned_data["whose"], who.cleaned_data["to"])

    def post(self, request):
        user = request.user
        who, deed = WhoForm(request.POST, user=user), DeedForm(request.POST, user=user)
        if not who.is_valid():
            return self.show(request, who)
        whose, to = who.cleaned_data["whose"], who.cleaned_data["to"]
        ticked, status, changed = {model: ticks(request, model) for model in kinds(user)}, 200, []
        if not any(ticked.values()):
            deed.add_error(None, _("Nothing is ticked."))
        if deed.is_valid():
            try:
                with writes.change(user, "page", deed.cleaned_data["why"]) as change:
                    n = hand_over(change, whose, to, ticked, user)
            except Stale as stale:
                status, changed = 409, self.told(stale, ticked, user)
            except ValidationError as error:
                deed.add_error(None, error.messages)
            else:
                messages.success(request, ngettext(
                    "%(n)s record handed over to %(who)s.", "%(n)s records handed over to %(who)s.", n
                ) % {"n": n, "who": to})  # fmt: skip
                asked = urlencode({"officer": to.pk, "status": "open"})
                return HttpResponseRedirect(f"{reverse('events:commitment_list')}?{asked}")
        return self.show(request, who, deed, whose, to, ticked, changed, status)

    @staticmethod
    def told(stale, ticked, user) -> list[dict]:
        made = []
        if stale.gone:
            words = ngettext(
                "%(n)s of the ticked records is no longer here.", "%(n)s of the ticked records are no longer here.", stale.gone
            )  # fmt: skip
            made.append({"words": words % {"n": stale.gone}})
        for record in stale.records[:TOLD]:
            lines = changed_since(record, ticked[type(record)][record.pk], user)
            made.append({"record": record, "lines": lines})
        if len(stale.records) > TOLD:
            made.append({"words": _("%(n)s more were changed.") % {"n": len(stale.records) - TOLD}})
        return made

    def show(self, request, who, deed=None, whose=None, to=None, ticked=None, changed=(), status=200):
        groups = []
        if deed is not None:
            groups = [group_of(model, whose, to, request.user, ticked) for model in kinds(request.user)]
        context = {
            "who": who, "deed": deed, "whose": whose, "to": to, "groups": [one for one in groups if one["rows"]],
            "changed": changed, "account": to.user if to and to.user_id else None,
        }  # fmt: skip
        return render(request, "events/handover.html", context, status=status)


def kinds(user) -> list:
    """What may be handed over: commitments, and cases by those who may change them."""
    return [Commitment, *([Case] if may(user, "change", Case) else [])]


def name_of(model) -> str:
    return model._meta.model_name


def rows_of(model, whose, user):
    """What `whose` has to hand over, as far as the reader may see it."""
    rows = model.objects.visible_to(user)
    if model is Commitment:
        return rows.of_officer(whose).for_list(user).order_by(F("due_date").asc(nulls_last=True), "id")
    return rows.led_by(whose).order_by("number", "id")


def ticks(request, model) -> dict[int, int]:
    """{id: version that was shown} of the ticked records."""
    found = (TICK.fullmatch(value) for value in request.POST.getlist(name_of(model)))
    return {int(one[1]): int(one[2]) for one in found if one and int(one[1]) < 2**63}


def group_of(model, whose, to, user, ticked) -> dict:
    """The rows of one kind; each with its version now, whether it is ticked, and whether the new one may read it."""
    rows, now = list(rows_of(model, whose, user)), today()
    account = to.user if to.user_id else None
    readable = set()
    if account:
        readable = set(
            model.objects.visible_to(account).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True)
        )
    for row in rows:
        row.tick = f"{row.pk}:{row.version}"
        row.ticked = ticked is None or row.pk in ticked[model]
        row.unread = account is not None and row.pk not in readable
        if model is Commitment:
            row.when = due_words(row, now)
    return {"name": name_of(model), "is_commitments": model is Commitment, "rows": rows}


def hand_over(change, whose, to, ticked, user) -> int:
    """Give every ticked record to `to`; raises Stale, naming all that changed, before anything is written."""
    records, changed, gone = [], [], 0
    for model, versions in ticked.items():
        found = model.objects.visible_to(user).in_bulk(sorted(versions))
        gone += len(versions) - len(found)
        held = set(rows_of(model, whose, user).order_by().values_list("pk", flat=True))
        for pk, row in sorted(found.items()):
            try:
                change.expect(row, versions[pk])
            except writes.Conflict:
                changed.append(row)
                continue
            (records if pk in held else changed).append(row)
    if changed or gone:
        raise Stale(changed, gone)
    for record in records:
        if isinstance(record, Commitment):
            record.assign(to)
        else:
            record.lead = to
        change.save(record)
    return len(records)
