"""The forms of the editing pages: a record with its version, and the rows that belong to it."""

from functools import partial

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import BaseFormSet
from django.forms.models import BaseModelFormSet, construct_instance
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caricc.lib.admin_fields import PickField, PickManyField, an_id
from caricc.lib.admin_history import changed_since
from caricc.lib.admin_quick import QuickRenderer
from caricc.lib.models import Aggregate

SAVED_MEANWHILE = gettext_lazy(
    "Somebody saved this record while you had it open. Nothing of yours is lost: compare, then save again."
)


class Refused(Exception):
    """The write path refused a row; `prefix` names the form that it was typed into (empty: the record itself)."""

    def __init__(self, prefix: str, error):
        self.prefix, self.error = prefix, error
        super().__init__(str(error))


class RegisterForm(forms.ModelForm):
    """Fields of one row. What must be unique or within bounds is for the write path to say, which asks the database."""

    request = None
    default_renderer = QuickRenderer

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_new = self.instance._state.adding
        if isinstance(self.instance, Aggregate):
            self.fields["version"] = forms.IntegerField(required=False, widget=forms.HiddenInput)
            if not self.is_new:
                self.initial["version"] = self.instance.version
        for name, field in self.fields.items():
            if field.required:
                field.error_messages["required"] = _("%(field)s is missing.") % {"field": capfirst(field.label or name)}
            if isinstance(field, (PickField, PickManyField)):
                field.want(self.initial.get(name, field.initial))
                if self.is_bound:
                    field.want(field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name)))

    def get_initial_for_field(self, field, field_name):
        value = super().get_initial_for_field(field, field_name)
        return field.seen(value) if isinstance(field, PickManyField) else value

    @property
    def expected(self) -> int | None:
        return self.cleaned_data.get("version") if not self.is_new else None

    def clean(self):
        data = super().clean()
        data = self.cleaned_data if data is None else data
        for name, field in self.fields.items():
            if isinstance(field, PickField) and data.get(name) is None and self._points_to_hidden(name, field):
                data.pop(name, None)
        if "version" in self.fields and not self.is_new and self.asks_version():
            self._check_version(data)
        return data

    def _points_to_hidden(self, name, field) -> bool:
        now = self.initial.get(name)
        return bool(now) and not self.is_new and field.picks.get(field.queryset.model, now) is None

    def asks_version(self) -> bool:
        return True

    def _check_version(self, data):
        seen, now = data.get("version"), self.instance.version
        if seen == now:
            return
        if seen is None:
            self.add_error(None, _("The form came without the version of the record. Open the page again."))
            return
        told = changed_since(self.instance, seen, self.request.user)
        told = told or [_("What was changed is in the history of the record.")]
        self.add_error(None, ValidationError([ValidationError(SAVED_MEANWHILE), *map(ValidationError, told)]))
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = now

    def _post_clean(self):
        """Put what was typed into the row and ask its own rules; what only the database knows is asked once, on saving."""
        names = self._meta.fields, self._meta.exclude
        self.instance = construct_instance(self, self.instance, *names)
        links = {field.name for field in self.instance._meta.fields if field.is_relation}
        for judge in (
            partial(self.instance.clean_fields, self._get_validation_exclusions() | links),
            self.instance.clean,
        ):
            try:
                judge()
            except ValidationError as error:
                self.take_refusal(error, again=False)
        for prefix, error in getattr(self.request, "refused", ()):
            if prefix == (self.prefix or ""):
                self.take_refusal(error)

    def judge(self):
        """What the row says of its values taken together."""
        self.instance.clean()

    def take_refusal(self, error, again=True):
        """Put an error beside its field; with `again` also where the field has one already."""
        if not hasattr(error, "error_dict"):
            if error.messages[0] not in self.non_field_errors():
                self.add_error(None, error)
            return
        for name, errors in error.error_dict.items():
            if again or name not in self.errors:
                self.add_error(name if name in self.fields else None, errors)

    def save_to(self, change):
        """Write the row as it was typed."""
        try:
            change.save(self.instance, expected=self.expected)
            for field in self.instance._meta.many_to_many:
                if field.name in self.cleaned_data and field.name in self.changed_data:
                    change.set(self.instance, field.name, self.cleaned_data[field.name])
        except ValidationError as error:
            raise Refused(self.prefix or "", error) from error
        return self.instance


class RowForm(RegisterForm):
    """One row of several that belong to a record; its hints stand above the column."""

    formset = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.help_text = ""
        self.may_be_deleted = True

    def asks_version(self) -> bool:
        return self.has_changed()

    def judge(self):
        if not self.errors:
            super().judge()


class Rows(BaseModelFormSet):
    """The rows that belong to one record, in a number of queries that does not grow with them."""

    fk_name = default_prefix = ""
    turn = 0  # rows of a lower turn are written first

    def __init__(self, data=None, files=None, instance=None, save_as_new=False, prefix=None, queryset=None, **kwargs):
        self.instance, self.save_as_new = instance, save_as_new
        unsaved = instance is None or instance._state.adding
        self.rows = [] if unsaved else list(self.rows_of(queryset))
        for row in self.rows:
            self.tie(row)
        self.fk = self.model._meta.get_field(self.fk_name) if self.fk_name else None
        self._pk_field = self.model._meta.pk
        super().__init__(data, files, prefix=prefix, queryset=queryset, **kwargs)

    @classmethod
    def get_default_prefix(cls):
        return cls.default_prefix

    def rows_of(self, queryset):
        return queryset.filter(**{self.fk_name: self.instance})

    def tie(self, row):
        """Make a row know the record that it belongs to, without a query."""
        setattr(row, self.fk_name, self.instance)

    def get_queryset(self):
        return [form.instance for form in self.initial_forms] if self.is_bound else self.rows

    def initial_form_count(self):
        return 0 if self.save_as_new else super().initial_form_count()

    def _construct_form(self, i, **kwargs):
        if i < self.initial_form_count():
            row = self._known(self.data.get(f"{self.add_prefix(i)}-id")) if self.is_bound else self.rows[i]
            if row is not None:
                kwargs["instance"] = row
        elif self.initial_extra and i - self.initial_form_count() < len(self.initial_extra):
            kwargs["initial"] = self.initial_extra[i - self.initial_form_count()]
        form = BaseFormSet._construct_form(self, i, **kwargs)
        form.empty_permitted = form.is_new
        form.use_required_attribute = False
        self.tie(form.instance)
        return form

    def _known(self, value):
        """The row that was typed into; None where it has gone meanwhile: what was typed makes a new one."""
        if not hasattr(self, "_by_id"):
            self._by_id = {row.pk: row for row in self.rows}
        return self._by_id.get(an_id(value))

    def add_fields(self, form, index):
        form.formset = self
        BaseFormSet.add_fields(self, form, index)
        now = None if form.is_new else form.instance.pk
        form.fields["id"] = forms.IntegerField(required=False, initial=now, widget=forms.HiddenInput)
        form.initial["id"] = now

    @property
    def deleted(self) -> list:
        """The forms that were ticked to be taken out."""
        return [form for form in self.forms if self.can_delete and self._should_delete_form(form)]

    def clean(self):
        """Unique values are for the write path to judge."""
        if any(not form.may_be_deleted for form in self.deleted):
            raise ValidationError(_("One of these rows is not yours to delete."))

    def save_to(self, change):
        deleted = self.deleted
        for form in self.forms:
            if form in deleted:
                if not form.is_new:
                    self.delete_row(change, form)
            elif form.has_changed():
                self.save_row(change, form)

    def save_row(self, change, form):
        form.save_to(change)

    def delete_row(self, change, form):
        change.delete(form.instance, expected=form.expected)
