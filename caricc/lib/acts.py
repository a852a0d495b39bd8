"""A deed on one record from a page: a link opens its small form, sending it does the deed and leads back.

    class Fulfil(Act):
        model, form_class = Commitment, FulfilForm
        title, button = _("Mark as fulfilled"), _("Fulfilled")

        def do(self, change, record, data):
            record.fulfil(data["day"], data["proof"])
            change.save(record, expected=data["version"])
            return _("Marked as fulfilled.")

The right to the model is asked first (403 for every id alike), then the row (404, hidden and absent the same). The form
carries the version that was read, and without one nothing is done; where somebody saved the record meanwhile nothing is
done either, what was typed stays, and it says who changed what. `next` leads back to the page that asked, if it is one of ours. htmx gets the form alone.
`Entry` is the deed that makes a record.
"""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.encoding import iri_to_uri
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from caricc.lib import writes
from caricc.lib.admin_history import changed_since
from caricc.lib.fields import FIRST_DAY, LAST_DAY, refuse_bidi
from caricc.lib.pages import moved, not_found
from caricc.lib.visibility import may


class DayField(forms.DateField):
    """A day within the bounds of the register, picked or typed as 2021-10-31."""

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(input_formats=["%Y-%m-%d"], **kwargs)
        self.error_messages["invalid"] = gettext_lazy("Write a day as 2021-10-31.")

    def clean(self, value):
        day = super().clean(value)
        if day and not FIRST_DAY <= day <= LAST_DAY:
            raise ValidationError(_("Days must lie between 1900 and 2100."))
        return day


class TextField(forms.CharField):
    """Words as the models keep them; several lines unless `rows` is 1."""

    def __init__(self, *, rows=3, max_length=1000, **kwargs):
        widget = forms.TextInput() if rows == 1 else forms.Textarea(attrs={"rows": rows})
        super().__init__(max_length=max_length, widget=widget, validators=[refuse_bidi], **kwargs)


class ActForm(forms.Form):
    """Base of the forms of deeds; `version` is that of the record when the form was opened."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)

    def __init__(self, *args, record, user, **kwargs):
        self.record, self.user = record, user
        super().__init__(*args, **kwargs)
        for field in self.visible_fields()[:1]:
            field.field.widget.attrs["autofocus"] = True
        for name, field in self.fields.items():
            field.widget.attrs.setdefault("class", "in")
            if field.required:
                field.error_messages["required"] = _("%(field)s is missing.") % {"field": field.label or name}


def page_of(htmx) -> str:
    """The page on which htmx runs, as an address of this host without the part behind `#`; else empty."""
    try:
        return (htmx.current_url_abs_path or "").partition("#")[0] if htmx else ""
    except ValueError:  # no address at all
        return ""


def way_back(request, otherwise: str) -> str:
    """The address that `next` names, if it is one of ours."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    safe = safe and wanted.isprintable()  # a header takes no line breaks
    return wanted if safe and wanted.startswith("/") and "\\" not in wanted else otherwise


class Act(View):
    """Base of deeds. `act` is the right to the model that it needs; `grave` outlines the button in red."""

    model = None
    form_class: type[ActForm] = ActForm
    act = "change"
    door = "page"
    title = button = hint = ""
    above = ""  # a template shown over the form, with what `context` adds
    grave = False
    needs_version = True  # False where it does no harm that the record was changed meanwhile
    http_method_names = ["get", "head", "options", "post"]

    def rows(self, user):
        return self.model.objects.visible_to(user)

    def refusal(self, record) -> str:
        """Why the deed makes no sense for this record as it is; empty where it does."""
        return ""

    def may_do(self, user, record) -> bool:
        """Whether this user may do it to this record, which they may see; the right to the model is asked before."""
        return True

    def initial(self, record) -> dict:
        return {}

    def why(self, data) -> str:
        """What the history keeps as the reason."""
        return data.get("why", "")

    def do(self, change, record, data) -> str:
        """Do it within `change`; returns what is said afterwards."""
        raise NotImplementedError

    def about(self, record) -> str:
        """What the page says the deed is about."""
        return str(record)

    def context(self, record, form) -> dict:
        """What the template `above` needs."""
        return {}

    def after(self, record) -> str:
        """Where it leads without `next`."""
        return record.get_absolute_url()

    def dispatch(self, request, *args, **kwargs):
        allowed = may(request.user, "view", self.model) and may(request.user, self.act, self.model)
        if request.method.lower() in self.http_method_names and not allowed:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def find(self, request, pk):
        record = self.rows(request.user).filter(pk=pk).first() if pk < 2**63 else None
        if record is not None and not self.may_do(request.user, record):
            raise PermissionDenied
        return record

    def get(self, request, pk=None):
        record = self.find(request, pk)
        if record is None:
            return self.absent(request, pk)
        initial = {"version": self.version_of(record), **self.initial(record)}
        return self.show(request, record, self.form_class(record=record, user=request.user, initial=initial))

    def absent(self, request, pk):
        """Where the record went in a merge, its id leads to the one that stays; nothing was done there."""
        answer = moved(request, self.model, pk) if pk else None
        if answer is None:
            return not_found(request)
        if request.method == "POST":
            messages.warning(request, _("The record was merged into this one meanwhile, so nothing was done."))
        return answer

    @staticmethod
    def version_of(record) -> int | None:
        return None if record._state.adding else record.root().version

    def post(self, request, pk=None):
        record = self.find(request, pk)
        if record is None:
            return self.absent(request, pk)
        form = self.form_class(request.POST, record=record, user=request.user)
        form.is_valid()
        if self.needs_version and not record._state.adding and form.cleaned_data.get("version") is None:
            form = self.without_version(form, record)
        refusal = self.refusal(record)
        if refusal:
            form.add_error(None, refusal)
        if form.is_valid():
            try:
                with writes.change(request.user, self.door, self.why(form.cleaned_data)) as change:
                    self.expect(change, record, form.cleaned_data)
                    said = self.do(change, record, form.cleaned_data)
            except writes.Conflict:
                record = self.find(request, pk)
                if record is None:
                    return self.absent(request, pk)
                return self.show(request, record, self.met_another(form, record), 409)
            except ValidationError as error:
                self.take_over(form, error)
            else:
                messages.success(request, said)
                return self.leave(request, record)
        return self.show(request, record, form, 422 if request.htmx else 200)

    def expect(self, change, record, data) -> None:
        """Hold what the deed is about at the version that was read, before anything is done."""
        if not record._state.adding:
            change.expect(record, data.get("version"))

    def leave(self, request, record):
        where = way_back(request, self.after(record))
        if request.htmx and where.partition("#")[0] == page_of(request.htmx):
            return HttpResponse(headers={"HX-Refresh": "true"})  # loaded anew, it stays where it was scrolled to
        if request.htmx:
            return HttpResponse(headers={"HX-Redirect": iri_to_uri(where)})
        return HttpResponseRedirect(where)

    @staticmethod
    def take_over(form, error: ValidationError) -> None:
        """Errors of the write path, at the field that they name where the form has it."""
        by_field = error.error_dict if hasattr(error, "error_dict") else {None: error.error_list}
        for name, found in by_field.items():
            form.add_error(name if name in form.fields else None, ValidationError(found))

    def at_this_version(self, form, record):
        """The form as it was sent, with the version that a second sending accepts."""
        data = form.data.copy()
        data["version"] = str(record.root().version)
        again = self.form_class(data, record=record, user=self.request.user)
        again.is_valid()
        return again

    def without_version(self, form, record):
        """What was sent does not say what its writer had read, so nobody can tell what it would overwrite."""
        again = self.at_this_version(form, record)
        again.add_error(
            None,
            _("It was not said which version of the record you had read. See how it stands now, then send it again."),
        )
        return again

    def met_another(self, form, record):
        """The form as it was sent, with who changed what meanwhile."""
        read = form.cleaned_data.get("version") or 0
        again = self.at_this_version(form, record)
        said = [
            _(
                "Somebody saved this record while you had it open. What you typed is still here; send it again to keep it."
            )
        ]
        again.add_error(None, said + changed_since(record, read, self.request.user))
        return again

    def show(self, request, record, form, status=200):
        if request.htmx:  # a page may hold the forms of several records
            form.auto_id = f"{record.pk}-%s"
        context = {
            "act": self, "record": record, "form": form, "about": self.about(record), "refusal": self.refusal(record),
            "next": way_back(request, self.after(record)), "action": request.path,
            "about_url": "" if record._state.adding else record.get_absolute_url(), **self.context(record, form),
        }  # fmt: skip
        return render(request, "_act_form.html" if request.htmx else "act.html", context, status=status)


class Entry(Act):
    """A deed that makes a record: there is no row yet, and the right to the model is all that is asked.

    `fresh` gives the record to be filled in, or None where the request does not say enough for one.
    """

    act = "add"

    def fresh(self, request):
        return self.model()

    def find(self, request, pk=None):
        return self.fresh(request)
