"""The editing pages of one model: Django's admin, with our rows, our questions, our write path and our history."""

from functools import partial

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin, ShowFacets, TabularInline
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models.deletion import ProtectedError, RestrictedError
from django.forms.models import modelformset_factory
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from caricc.lib import rights, writes
from caricc.lib.admin_fields import (
    DayInput,
    KindSelect,
    PickField,
    PickManyField,
    PickSelect,
    PickSelectMany,
    StateField,
    TimeInput,
    an_id,
    picks_of,
    states,
)
from caricc.lib.admin_forms import SAVED_MEANWHILE, Refused, RegisterForm, RowForm, Rows
from caricc.lib.admin_gone import goes_with, is_held
from caricc.lib.admin_history import histories_taken_up, history_of
from caricc.lib.admin_list import RegisterChangeList
from caricc.lib.fields import CountryField
from caricc.lib.merged import record_that_stays, redirect
from caricc.lib.search.found import ALIGNED, best_ids
from caricc.lib.search.index import Index
from caricc.lib.search.instead import other_keyboard
from caricc.lib.text import fold
from caricc.lib.visibility import may

REASON = 500


class FieldsMixin(BaseModelAdmin):
    """How fields of the models become fields of forms, for a record and for its rows alike."""

    state_by_name = False
    view_on_site = False

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if isinstance(db_field, CountryField) and self.state_by_name:
            return StateField(required=not db_field.blank, label=capfirst(db_field.verbose_name))
        if isinstance(db_field, CountryField):
            kwargs.setdefault("widget", forms.Select)
        elif isinstance(db_field, models.URLField):
            kwargs.setdefault("assume_scheme", "https")
        elif isinstance(db_field, models.DateField):
            kwargs.setdefault("widget", DayInput)
        elif isinstance(db_field, models.TimeField):
            kwargs.setdefault("widget", TimeInput)
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        widget = getattr(field, "widget", None)
        if isinstance(field, (PickField, PickManyField)) and hasattr(widget, "can_change_related"):
            widget.can_change_related = widget.can_delete_related = widget.can_view_related = False
        return field

    def with_add_link(self, field, db_field, request):
        """A field of our own with the link beside it that makes a missing record."""
        target = self.admin_site.get_model_admin(db_field.related_model)
        field.widget = RelatedFieldWidgetWrapper(
            field.widget, db_field.remote_field, self.admin_site, can_add_related=target.has_add_permission(request)
        )
        return field

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        field = super().formfield_for_choice_field(db_field, request, **kwargs)
        if isinstance(field.widget, KindSelect):
            field.choices = db_field.choices
        elif db_field.blank and "choices" not in kwargs and not isinstance(db_field, CountryField):
            field.choices = [("", _("not stated")), *db_field.choices]
        elif not db_field.blank and not db_field.has_default():
            field.choices = [("", _("choose")), *db_field.choices]
        return field

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        kwargs.setdefault("widget", PickSelect(db_field, self.admin_site))
        kwargs.update(form_class=PickField, picks=picks_of(request), queryset=db_field.related_model.objects.none())
        return db_field.formfield(**kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs.setdefault("widget", PickSelectMany(db_field, self.admin_site))
        kwargs.update(form_class=PickManyField, picks=picks_of(request), queryset=db_field.related_model.objects.none())
        field = db_field.formfield(**kwargs)
        field.help_text = db_field.help_text
        return field


class Offers:
    """What autocompletes and lists ask of the admin of a model."""

    search_fields = ("id",)  # only says that there is a search; `search` does it

    def may_be_offered(self, request) -> bool:
        return may(request.user, "view", self.model)

    def offered(self, request):
        """The rows among which one may choose."""
        rows = self.model.objects.visible_to(request.user)
        return rows.filter(archived=False) if hasattr(self.model, "archived") else rows

    def offered_as(self, row) -> str:
        return str(row)

    def with_notes(self, request, rows):
        """The rows with what `offered_as` says of them."""
        return rows

    def search(self, request, rows, words: str):
        """The rows of these words, as the question of the model finds them."""
        if not words.strip("\x00 "):
            return rows
        return self.question({"q": words}, rows, user=request.user).qs

    def best(self, request, rows, words: str, start: int, stop: int) -> tuple[list, bool]:
        """Rows `start` to `stop` of what these words may mean, the best first, and whether there are more.

        What has no index of its own, and what is asked for without words, stands in its usual order.
        """
        if Index.of.get(self.model._meta.label_lower) is None or not fold(words):
            found = list(self.with_notes(request, self.search(request, rows, words)[start : stop + 1]))
            return found[: stop - start], len(found) > stop - start
        ids = best_ids(rows, words, request.user, ALIGNED)
        for meant in () if ids else other_keyboard(words):
            ids = ids or best_ids(rows, meant, request.user, ALIGNED)
        found = {row.pk: row for row in self.with_notes(request, rows.filter(pk__in=ids[start:stop]))}
        return [found[pk] for pk in ids[start:stop] if pk in found], len(ids) > stop

    def get_search_results(self, request, queryset, search_term):
        return self.search(request, queryset, search_term), False


class RegisterAdmin(Offers, FieldsMixin, ModelAdmin):
    """Base of all editors. `question` is the model's FilterSet; `asked` maps the names that the list offers to the
    field whose choices they take (None where they need none)."""

    form = RegisterForm
    question = None
    asked: dict = {}
    actions = None
    show_facets = ShowFacets.NEVER
    show_full_result_count = False
    empty_value_display = ""
    list_per_page = 50
    list_max_show_all = 200
    save_on_top = False
    sortable_by: tuple = ()

    # ---- rows and rights

    def get_queryset(self, request):
        return self.model.objects.visible_to(request.user)

    def with_columns(self, request, rows):
        return rows.for_list(request.user)

    def get_object(self, request, object_id, from_field=None):
        pk = an_id(object_id)
        return None if pk is None else self.get_queryset(request).filter(pk=pk).first()

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """To the record that stays, where this one went in a merge."""
        stays = record_that_stays(self.get_queryset(request), an_id(object_id) or 0)
        if stays is None:
            raise Http404
        if request.method == "POST":
            messages.warning(request, _("The record was merged into this one meanwhile; nothing was saved."))
        return redirect(self._url("change", stays.pk))

    def has_view_permission(self, request, obj=None):
        """These are pages for editing: to read, there are the pages."""
        return may(request.user, "view", self.model) and self.has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        if obj is None:
            return may(request.user, "delete", self.model)
        return rights.may_delete(request.user, obj)

    def get_changelist(self, request, **kwargs):
        return RegisterChangeList

    def lookup_allowed(self, lookup, value, request=None):
        return False

    def view_on_site(self, obj):
        return obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else None

    # ---- forms

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.request = request
        return form

    def first_rows(self, request) -> dict[type, list[dict]]:
        """First values of rows on a new record, by their model."""
        return {}

    def get_formset_kwargs(self, request, obj, inline, prefix):
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if request.method != "POST" and obj._state.adding:
            kwargs["initial"] = self.first_rows(request).get(inline.model, [])
        return kwargs

    def _create_formsets(self, request, obj, change):
        formsets, inlines = super()._create_formsets(request, obj, change)
        for formset, inline in zip(formsets, inlines, strict=True):
            inline.relate(request, formset, formsets)
        for formset in formsets:
            for form in formset.forms:  # made now, so that what they point to is looked up in one query for all
                form.may_be_deleted = inline_may_delete(request, form)
        return formsets, inlines

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """All within one change; what the write path refuses comes back in the form, with everything typed."""
        view = super().changeform_view
        if request.method != "POST":
            return view(request, object_id, form_url, extra_context)
        try:
            with writes.change(request.user, "admin", request.POST.get("_why", "")[:REASON]) as change:
                request.change = change
                return view(request, object_id, form_url, extra_context)
        except writes.Conflict:
            request.refused = (("", ValidationError(SAVED_MEANWHILE)),)
        except Refused as refused:
            request.refused = ((refused.prefix, refused.error),)
        except (ProtectedError, RestrictedError):
            request.refused = (("", ValidationError(self.held_words())),)
        request.__dict__.pop("picks", None)
        return view(request, object_id, form_url, extra_context)

    def save_model(self, request, obj, form, change):
        form.save_to(request.change)

    def save_related(self, request, form, formsets, change):
        for formset in sorted(formsets, key=lambda formset: formset.turn):
            formset.save_to(request.change)

    def construct_change_message(self, request, form, formsets, add=False):
        return ""

    def log_addition(self, request, obj, message):
        """The write path keeps the history."""

    def log_change(self, request, obj, message):
        """The write path keeps the history."""

    def log_deletions(self, request, queryset):
        """The write path keeps the history."""

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["errors_by_field"] = errors_by_field(context["adminform"].form, context["inline_admin_formsets"])
        context["states"] = states
        return super().render_change_form(request, context, add, change, form_url, obj)

    # ---- deleting

    def held_words(self) -> str:
        if hasattr(self.model, "archived"):
            return _("Other records refer to it; archive it instead.")
        return _("Other records refer to it, so it stays.")

    def delete_view(self, request, object_id, extra_context=None):
        if request.method != "POST":
            return super().delete_view(request, object_id, extra_context)
        try:
            with writes.change(request.user, "admin", request.POST.get("why", "")[:REASON]) as change:
                request.change = change
                return super().delete_view(request, object_id, extra_context)
        except (ProtectedError, RestrictedError):
            words = self.held_words()
        except writes.Conflict:
            words = _("Somebody saved this record while you had it open. Look at it again before you delete it.")
        messages.error(request, words)
        return HttpResponseRedirect(self._url("change", an_id(unquote(object_id))))

    def get_deleted_objects(self, objs, request):
        going = [row for obj in objs for row in goes_with(obj, request.user)]
        counts: dict[str, int] = {}
        for row in going:
            name = str(row._meta.verbose_name_plural)
            counts[name] = counts.get(name, 0) + 1
        held = [self.held_words()] if is_held([*objs, *going], request.user) else []
        return [str(row) for row in going], counts, set(), held

    def delete_model(self, request, obj):
        sent = request.POST.get("version", "")
        request.change.delete(obj, expected=int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0)

    # ---- history

    def history_view(self, request, object_id, extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, unquote(object_id))
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %s") % obj,
            "entries": history_of(obj, request.user),
            "of_others": histories_taken_up(obj, request.user),
            "module_name": str(capfirst(self.opts.verbose_name_plural)),
            "object": obj,
            "opts": self.opts,
            "preserved_filters": self.get_preserved_filters(request),
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/object_history.html", context)

    def _url(self, page: str, *args) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}", args=args)


class RegisterInline(FieldsMixin, TabularInline):
    """Rows that belong to the record. Each element of `fields` is a column; a tuple stands in one cell."""

    form = RowForm
    formset = Rows
    state_by_name = True
    extra = extra_when_new = 1
    prefix = ""  # of the names of its fields; the name of the relation, unless something else is said
    hint = ""
    add_words = ""
    heads: dict = {}  # of columns, where they hold more than their first field says
    asides: tuple = ()  # fields that are folded away within their cell ...
    aside_titles: dict = {}  # ... under these words, by the first field of the cell
    template = "admin/edit_inline/tabular.html"

    def relate(self, request, formset, formsets):
        """Introduce a formset to those beside it."""

    def get_queryset(self, request):
        return self.model.objects.visible_to(request.user)

    def has_view_permission(self, request, obj=None):
        return may(request.user, "view", self.model)

    def has_delete_permission(self, request, obj=None):
        return may(request.user, "delete", self.model) or may(request.user, "change", self.parent_model)

    def get_extra(self, request, obj=None, **kwargs):
        first = {} if obj else self.admin_site.get_model_admin(self.parent_model).first_rows(request)
        return (self.extra if obj else self.extra_when_new) + len(first.get(self.model, []))

    def get_formset(self, request, obj=None, **kwargs):
        may_add = self.has_add_permission(request, obj)
        formset = modelformset_factory(
            self.model,
            form=self.form,
            formset=self.formset,
            fields=flatten_fieldsets(self.get_fieldsets(request, obj)),
            formfield_callback=partial(self.formfield_for_dbfield, request=request),
            extra=self.get_extra(request, obj) if may_add else 0,
            min_num=self.get_min_num(request, obj),
            max_num=1000 if may_add else 0,
            absolute_max=2000,
            validate_min=bool(self.get_min_num(request, obj)),
            can_delete=True,
        )
        formset.form.request = request
        formset.fk_name = self.fk_name or self.model.part_of
        formset.default_prefix = self.prefix or self.model._meta.get_field(formset.fk_name).remote_field.related_name
        return formset


def inline_may_delete(request, form) -> bool:
    """A row that is a record of its own is deleted by its own rule; parts go by the right to change the whole."""
    return form.is_new or rights.may_delete(request.user, form.instance)


def errors_by_field(form, inlines) -> list[dict]:
    """Every error of the form and of its rows, with the field that it is about."""
    found = [
        {"label": _label(form, name), "id": _anchor(form, name), "messages": messages}
        for name, messages in form.errors.items()
    ]
    for inline in inlines:
        title = capfirst(str(inline.opts.verbose_name_plural))
        if inline.non_form_errors():
            found.append({"label": title, "id": f"{inline.formset.prefix}-group", "messages": inline.non_form_errors()})
        for number, row in enumerate(inline.formset.forms, 1):
            if inline.formset.is_bound and row in inline.formset.deleted:
                continue
            for name, told in row.errors.items():
                label = _("%(rows)s, row %(n)d") % {"rows": title, "n": number}
                field = _label(row, name)
                found.append(
                    {"label": f"{label}: {field}" if field else label, "id": _anchor(row, name), "messages": told}
                )
    return found


def _label(form, name) -> str:
    return capfirst(str(form.fields[name].label or name)) if name in form.fields else ""


def _anchor(form, name) -> str:
    if name in form.fields and not form.fields[name].widget.is_hidden:
        return form[name].id_for_label or form[name].auto_id
    return form[next(iter(form.fields))].auto_id
