"""Pages of saved views: one's own and those shared with one, and the deeds of keeping, changing, opening and deleting."""

from itertools import groupby
from urllib.parse import urlencode

from django import forms
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, TooManyFieldsSent, ValidationError
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views import View

from caricc.choices import Page, Shared
from caricc.lib.acts import Act, ActForm, Entry, TextField
from caricc.lib.filters import Question, question_at
from caricc.lib.pages import not_found
from caricc.lib.saved import choices_of_days, explicit, opens, records_named, with_days
from caricc.lib.text import fold
from caricc.lib.visibility import RegisterQuerySet, may
from caricc.models import SavedView

LONGEST = SavedView._meta.get_field("query").max_length


def question_of(page: str, query: str, user) -> Question:
    """A query string as this reader asks it on a page, with all that the page knows; a saved view in it is written out."""
    data = QueryDict(query, mutable=True)
    for name in SavedView.NOT_KEPT:
        if name != "view":
            data.pop(name, None)
    asks = question_at(page)
    asks.follow_merges(data)
    return asks(data, asks._meta.model.objects.visible_to(user), user=user, on_page=True)


class Role(forms.ModelChoiceField):
    """Needed where the view is for a role; the form asks for it then."""

    class widget(forms.Select):  # noqa: N801 - Django's name
        def use_required_attribute(self, initial):
            return False

    def clean(self, value):
        return None if value in self.empty_values else super().clean(value)


class ViewForm(ActForm):
    """The question comes along as it will be kept; how its days are kept is asked where it can be either."""

    query = forms.CharField(widget=forms.HiddenInput, required=False)
    name = TextField(label=gettext_lazy("Name"), rows=1, max_length=120)
    days = forms.ChoiceField(label=gettext_lazy("Its days"), widget=forms.RadioSelect, required=False)
    shared = forms.ChoiceField(label=pgettext_lazy("for whom", "For"), choices=Shared.choices, widget=forms.RadioSelect)
    role = Role(Group.objects.order_by("name"), label=gettext_lazy("Role"), empty_label=gettext_lazy("Choose"))
    pinned = forms.BooleanField(label=gettext_lazy("Put it on the start page"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("days", "shared", "pinned"):
            del self.fields[name].widget.attrs["class"]
        self.fields["pinned"].help_text = _("A tab of the dashboard, for all who may open the view.")
        self.too_many = False
        try:
            self.question = question_of(self.record.page, self["query"].value() or "", self.user)
        except TooManyFieldsSent:
            self.question, self.too_many = question_of(self.record.page, "", self.user), True
        ways = choices_of_days(self.question) if self.question.is_valid() else []
        if ways:
            self.fields["days"].choices = ways
            self.fields["days"].initial = ways[0][0]
        else:
            del self.fields["days"]

    def clean(self):
        cleaned = super().clean()
        if self.too_many:
            raise ValidationError(_("This question is too long to be kept."))
        if not self.question.is_valid():
            wrong = (f"{name}: {' '.join(map(str, messages))}" for name, messages in self.question.errors.items())
            raise ValidationError([_("This question cannot be answered"), *wrong])
        kept = explicit(self.question)
        cleaned["query"] = with_days(kept, cleaned["days"]) if cleaned.get("days") else kept
        if len(cleaned["query"]) > LONGEST:
            raise ValidationError(_("This question is too long to be kept."))
        if cleaned.get("shared") == Shared.ROLE and cleaned.get("role") is None and "role" not in self.errors:
            self.add_error("role", _("Say for which role."))
        return cleaned


class AddForm(ViewForm):
    """It also carries the page that asks the question, and the view that it grew out of."""

    page = forms.CharField(widget=forms.HiddenInput)
    of_view = forms.CharField(widget=forms.HiddenInput, required=False)


class Keep:
    """What adding and changing have in common. The record is touched only when the form is right."""

    model, form_class = SavedView, ViewForm
    above = "views/_kept.html"
    button = gettext_lazy("Save")

    def do(self, change, record, data):
        for name in ("name", "shared", "role", "pinned", "query"):
            setattr(record, name, data[name])
        change.save(record, expected=None if record._state.adding else data["version"])
        return _("Saved as “%(name)s”.") % {"name": record.name}

    def leave(self, request, record):
        where = record.get_absolute_url()
        return HttpResponse(headers={"HX-Redirect": where}) if request.htmx else HttpResponseRedirect(where)

    def context(self, record, form):
        question = form.question
        return {
            "page_label": Page(record.page).label,
            "chips": question.chips() if question.is_valid() else [],
            "wrong": {name: list(messages) for name, messages in question.errors.items()},
            "as_it_is": f"{reverse(record.page)}?{explicit(question)}" if question.is_valid() else "",
            "few_read": only_few_read(question, self.request.user),
        }


class Add(Keep, Entry):
    title, form_class = gettext_lazy("Save this view"), AddForm

    def sent(self, name: str) -> str:
        return (self.request.POST if self.request.method == "POST" else self.request.GET).get(name, "")

    def fresh(self, request):
        page = self.sent("page")
        return SavedView(page=page, owner=request.user) if opens(page) else None

    def initial(self, record):
        return {"shared": Shared.PRIVATE, **{name: self.sent(name) for name in ("page", "query", "of_view")}}

    def about(self, record):
        return Page(record.page).label

    def after(self, record):
        query = self.sent("query")
        return reverse(record.page) + (f"?{query}" if query else "")

    def context(self, record, form):
        origin, origin_url = self.origin, ""
        if origin is not None and form.question.is_valid():
            origin_url = f"{reverse('view_change', args=[origin.pk])}?{urlencode({'query': explicit(form.question)})}"
        return {**super().context(record, form), "origin": origin, "origin_url": origin_url}

    @cached_property
    def origin(self) -> SavedView | None:
        """The view of one's own, of this page, that the question grew out of."""
        number = self.sent("of_view")
        if not (number.isascii() and number.isdigit() and len(number) < 17):
            return None
        mine = SavedView.objects.visible_to(self.request.user).filter(owner=self.request.user, page=self.sent("page"))
        return mine.filter(pk=int(number)).first()


class Change(Keep, Act):
    title = gettext_lazy("Change this view")

    def may_do(self, user, record):
        return record.owner_id == user.pk

    def initial(self, record):
        query = self.request.GET.get("query", record.query)
        return {"query": query, **{name: getattr(record, name) for name in ("name", "shared", "role", "pinned")}}


class Delete(Act):
    """Allowed to its owner whatever its age, and to administrators: no right of a role stands in between."""

    model, act, grave = SavedView, "view", True
    title = button = gettext_lazy("Delete this view")

    def may_do(self, user, record):
        return record.owner_id == user.pk or user.is_superuser

    @property
    def hint(self):
        return _("The records that it lists stay as they are. Whoever opened it by its address will find it gone.")

    def do(self, change, record, data):
        change.delete(record, expected=data["version"])
        return _("“%(name)s” was deleted.") % {"name": record.name}

    def after(self, record):
        return reverse("views")

    def leave(self, request, record):
        """Never back to the view, which has gone."""
        where = reverse("views")
        return HttpResponse(headers={"HX-Redirect": where}) if request.htmx else HttpResponseRedirect(where)


class Open(View):
    model = SavedView
    http_method_names = ["get", "head", "options"]

    def get(self, request, pk):
        if not may(request.user, "view", SavedView):
            raise PermissionDenied
        view = SavedView.objects.visible_to(request.user).filter(pk=pk).first() if pk < 2**63 else None
        return not_found(request) if view is None else HttpResponseRedirect(view.get_absolute_url())


class SavedViews(View):
    """One's own and those shared with one, page by page."""

    http_method_names = ["get", "head", "options"]

    def get(self, request):
        user, order = request.user, list(SavedView.ABOUT)
        if not may(user, "view", SavedView):
            raise PermissionDenied
        found = [view for view in SavedView.objects.visible_to(user).for_list(user) if opens(view.page)]
        for view in found:
            view.mine = view.owner_id == user.pk
            view.may_change = view.mine and may(user, "change", SavedView)
            view.may_delete = view.mine or user.is_superuser
        found.sort(key=lambda view: (order.index(view.page), not view.mine, fold(view.name), view.pk))
        pages = [(Page(page).label, list(views)) for page, views in groupby(found, key=lambda view: view.page)]
        context = {"pages": pages, "count": len(found), "may_add": may(user, "add", SavedView)}
        return render(request, "views/list.html", context)


def only_few_read(question: Question, user) -> dict:
    """What a question names that not everybody reads: records that `user` reads, and whether there are others.

    Those that are hidden from `user` are told as those that are not there.
    """
    named: dict[str, set[int]] = {}
    for label, number in records_named(type(question), question.data):
        if type(apps.get_model(label).objects.all()).rule is not RegisterQuerySet.rule:
            named.setdefault(label, set()).add(number)
    few, unknown = [], False
    for label, numbers in sorted(named.items()):
        seen = list(apps.get_model(label).objects.visible_to(user).filter(pk__in=numbers).order_by("pk"))
        unknown = unknown or len(seen) < len(numbers)
        few += [record for record in seen if is_for_few(record)]
    return {"records": few, "unknown": unknown}


def is_for_few(record) -> bool:
    """Whether a record, or what it is a part of, is restricted."""
    whole = getattr(record, "parent", None)
    return record.is_restricted or bool(whole and whole.is_restricted)
