"""Two records become one, and two again; or they are said to be different. One way for people and organizations."""

from functools import partial

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caricc.lib.acts import Act, ActForm, TextField
from caricc.lib.admin_history import changed_since
from caricc.lib.merge import merge
from caricc.lib.merged import record_that_stays
from caricc.lib.pages import not_found
from caricc.lib.search.found import best_rows
from caricc.lib.unmerge import taken_up, unmerge, why_not
from caricc.models import Merge
from contacts.merging import DIFFERENT, MergeForm, address
from contacts.models import Organization, Person

FOUND, RECENT = 12, 20


class ForEditors(Act):
    """Whoever may change records of the kind on the editing pages."""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not request.user.is_staff:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class OfTwo(ForEditors):
    """A deed on two records, named by `a` and `b`; ids that went in a merge are followed."""

    one = other = None

    def named(self, name: str):
        sent = self.request.POST.get(name) or self.request.GET.get(name, "")
        pk = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 17 else 0
        rows = self.rows(self.request.user)
        return (rows.filter(pk=pk).first() or record_that_stays(rows, pk)) if pk else None

    def find(self, request, pk=None):
        self.one, self.other = self.named("a"), self.named("b")
        return self.one if self.other is not None else None

    def mark(self):
        return DIFFERENT[self.model].between(self.one, self.other)


class Merging(OfTwo):
    """The two side by side; while only one is named, or none, the search for the other."""

    title, button = gettext_lazy("Merge two records"), gettext_lazy("Merge")
    kept = None

    @property
    def detail(self) -> str:
        """The name of the address of one record."""
        return f"contacts:{self.model._meta.model_name}_detail"

    @property
    def form_class(self):
        return partial(MergeForm, other=self.other)

    def refusal(self, record):
        if self.mark() is not None:
            return _("They are marked as different. If that was wrong, take the mark back first.")
        return ""

    def initial(self, record):
        return {"a": record.pk, "b": self.other.pk, "other_version": self.other.version}

    def already_one(self, request):
        messages.info(request, _("These are one record by now."))
        return HttpResponseRedirect(self.one.get_absolute_url())

    def get(self, request, pk=None):
        record = self.find(request)
        if record is not None and record.pk == self.other.pk and request.GET["a"] != request.GET["b"]:
            return self.already_one(request)
        if record is not None and record.pk != self.other.pk:
            return super().get(request)
        if any(request.GET.get(name) and found is None for name, found in (("a", self.one), ("b", self.other))):
            return not_found(request)
        return self.search(request)

    def post(self, request, pk=None):
        record = self.find(request)
        if record is not None and record.pk == self.other.pk:
            return self.already_one(request)
        if record is not None and self.is_stale(request.POST, record):
            form = self.form_class(request.POST, record=record, user=request.user)
            form.is_valid()
            return self.show(request, record, self.met_another(form, record), 409)
        return super().post(request)

    def is_stale(self, data, record) -> bool:
        """Whether either was saved since it was read, or went into another record, which has versions of its own.

        Said before anything else, as there may be more to choose by now.
        """
        read = (data.get("version"), data.get("other_version"))
        named = {name: str(one.pk) for name, one in (("a", record), ("b", self.other))}
        led_on = any(data.get(name, pk) != pk for name, pk in named.items())
        return all(read) and (led_on or read != (str(record.version), str(self.other.version)))

    def search(self, request):
        one, words = self.one or self.other, request.GET.get("q", "").strip()[:300]
        rows = self.rows(request.user).for_list(request.user)
        rows = rows.exclude(pk=one.pk) if one else rows
        found = best_rows(rows, words, request.user, FOUND + 1)
        recent = (
            Merge.objects.filter(about=self.model._meta.label, undone_at=None).defer("undo").select_related("actor")
        )
        merges = [(each, why_not(each)) for each in recent[:RECENT]]
        context = {
            "act": self, "one": one, "words": words, "found": found[:FOUND], "more": len(found) > FOUND, "at_most": FOUND,
            "merges": [
                {"merge": each, "why_not": refusal, "url": "" if refusal else address(self.model, "unmerge", pk=each.kept_id)}
                for each, refusal in merges
            ],
            "page": self.model._meta.model_name,
        }  # fmt: skip
        return render(request, "contacts/merge_search.html", context)

    def at_this_version(self, form, record):
        data = form.data.copy()
        data["version"], data["other_version"] = str(record.version), str(self.other.version)
        data["a"], data["b"] = str(record.pk), str(self.other.pk)
        again = self.form_class(data, record=record, user=self.request.user)
        again.is_valid()
        return again

    def met_another(self, form, record):
        read = form.cleaned_data.get("other_version") or 0
        again = super().met_another(form, record)
        for sentence in changed_since(self.other, read, self.request.user):
            again.add_error(None, sentence)
        return again

    def expect(self, change, record, data):
        """Both, in one order whichever was named first, so that two who merge the same pair never wait for each other."""
        read = [(record, data["version"]), (self.other, data["other_version"])]
        for one, version in sorted(read, key=lambda pair: pair[0].pk):
            change.expect(one, version)

    def do(self, change, record, data):
        form = self.form_class(self.request.POST, record=record, user=self.request.user)
        form.is_valid()
        self.kept, gone = form.both()
        name = str(gone)
        merge(change, self.kept, gone, form.values())
        return _("%(gone)s went into %(kept)s.") % {"gone": name, "kept": self.kept}

    def after(self, record):
        return (self.kept or record).get_absolute_url()

    def show(self, request, record, form, status=200):
        pair = self.mark()
        context = {
            "act": self, "record": record, "form": form, "refusal": self.refusal(record), "pair": pair,
            "different_url": address(self.model, "alike" if pair else "different"), "back": record.get_absolute_url(),
        }  # fmt: skip
        return render(request, "contacts/merge.html", context, status=status)


class PairForm(ActForm):
    a = forms.CharField(widget=forms.HiddenInput)
    b = forms.CharField(widget=forms.HiddenInput)


class Pair(OfTwo):
    form_class = PairForm

    def find(self, request, pk=None):
        record = super().find(request, pk)
        return None if record is None or record.pk == self.other.pk else record

    def initial(self, record):
        return {"a": record.pk, "b": self.other.pk}

    def about(self, record):
        return _("%(one)s and %(other)s") % {"one": record, "other": self.other}


class Mark(Pair):
    title, button = gettext_lazy("They are different"), gettext_lazy("They are different")
    hint = gettext_lazy("Two records that look alike and are not the same: they are not proposed as twins again.")

    def refusal(self, record):
        return _("They are marked as different already.") if self.mark() else ""

    def do(self, change, record, data):
        DIFFERENT[self.model].mark(change, record, self.other)
        return _("%(pair)s are marked as different.") % {"pair": self.about(record)}


class Unmark(Pair):
    title, button = gettext_lazy("They may be the same"), gettext_lazy("Take the mark back")
    hint = gettext_lazy("They are no longer marked as different.")

    def refusal(self, record):
        return "" if self.mark() else _("They are not marked as different.")

    def do(self, change, record, data):
        DIFFERENT[self.model].unmark(change, record, self.other)
        return _("%(pair)s are no longer marked as different.") % {"pair": self.about(record)}


class UnmergeForm(ActForm):
    why = TextField(rows=1, max_length=300, required=False, label=gettext_lazy("Why they are two"))


class Unmerge(ForEditors):
    """The last merge into a record; which one that is follows from its version."""

    form_class = UnmergeForm
    title, button = gettext_lazy("Undo the merge"), gettext_lazy("Undo the merge")
    above = "contacts/_unmerge.html"
    hint = gettext_lazy(
        "The record that went returns with its id, its names and whatever pointed to it and still points here because of the merge. What was changed since stays as it is."
    )

    def last(self, record):
        return next((one for one in taken_up(record) if one.kept_id == record.pk), None)

    def refusal(self, record):
        last = self.last(record)
        return _("Nothing went into this record.") if last is None else last.why_not

    def context(self, record, form):
        return {"merge": self.last(record)}

    def do(self, change, record, data):
        last = self.last(record)
        left = unmerge(change, last)
        said = _("%(name)s is a record of its own again.") % {"name": last.gone_name}
        if left:
            said += " " + _("Changed since, and left as it is: %(fields)s.") % {"fields": ", ".join(left)}
        return said


class MergePeople(Merging):
    model = Person
    title = gettext_lazy("Merge two people")


class MergeOrganizations(Merging):
    model = Organization
    title = gettext_lazy("Merge two organizations")


class MarkPeopleDifferent(Mark):
    model = Person


class MarkOrganizationsDifferent(Mark):
    model = Organization


class UnmarkPeople(Unmark):
    model = Person


class UnmarkOrganizations(Unmark):
    model = Organization


class UnmergePerson(Unmerge):
    model = Person


class UnmergeOrganization(Unmerge):
    model = Organization
