"""Form fields of the editing pages: links to records, states by name, lists of lines, days.

A link is looked up among the rows that the user may see, in the widget and in validation alike; all links of one
request to one model are looked up in one query.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from django import forms
from django.conf import settings
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django_countries import countries

from caricc.lib.admin_quick import quick
from caricc.lib.fields import country_name
from caricc.lib.filter_kinds import LARGEST_ID
from caricc.lib.merged import followed
from caricc.lib.text import fold


def an_id(value) -> int | None:
    """The id in a submitted value; None for what cannot be one."""
    value = getattr(value, "pk", value)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    return value if isinstance(value, int) and 0 < value <= LARGEST_ID else None


def ids_in(value) -> list[int]:
    values = value if isinstance(value, (list, tuple, set)) else [value]
    return [pk for pk in map(an_id, values) if pk is not None]


def rows_for(model, user):
    """The rows of any model that a form may point to; accounts and roles are known to all who edit."""
    rows = model._default_manager.all()
    return rows.visible_to(user) if hasattr(rows, "visible_to") else rows


class Picks:
    """The records that the forms of one request point to, as their user may see them."""

    def __init__(self, user):
        self.user = user
        self.together: dict[type, tuple] = {}  # related rows wanted with those of a model
        self._wanted: dict[type, set[int]] = defaultdict(set)
        self._found: dict[type, dict] = defaultdict(dict)

    def want(self, model, value) -> None:
        self._wanted[model].update(pk for pk in ids_in(value) if pk not in self._found[model])

    def get(self, model, value):
        """The record, None where it is absent or hidden."""
        pk = an_id(value)
        if pk is None:
            return None
        if pk not in self._found[model]:
            wanted = self._wanted.pop(model, set()) | {pk}
            rows = rows_for(model, self.user).prefetch_related(*self.together.get(model, ()))
            found = rows.in_bulk(wanted)
            found |= self._merged(rows, wanted - found.keys())
            self._found[model].update((key, found.get(key)) for key in wanted)
        return self._found[model][pk]

    @staticmethod
    def _merged(rows, missing: set[int]) -> dict:
        """The records that stay of those that went in a merge after the form was opened."""
        if not missing or not getattr(rows.model, "can_be_merged", False):
            return {}
        ends = {pk: end for (_label, pk), end in followed((rows.model._meta.label, pk) for pk in missing).items()}
        stay = rows.in_bulk(set(ends.values()))
        return {pk: stay[end] for pk, end in ends.items() if end in stay}


def picks_of(request) -> Picks:
    if not hasattr(request, "picks"):
        request.picks = Picks(request.user)
    return request.picks


class _Picked:
    """Shows what was chosen without a query of its own."""

    def render(self, name, value, attrs=None, renderer=None):
        return super().render(name, value, attrs, renderer or quick)

    def optgroups(self, name, value, attr=None):
        field, options = self.choices.field, []
        if not self.is_required and not self.allow_multiple_selected:
            options.append(self.create_option(name, "", "", False, 0))
        for raw in value:
            record = field.picks.get(field.queryset.model, raw)
            if record is not None:
                label = field.label_from_instance(record)
                options.append(self.create_option(name, record.pk, label, True, len(options)))
        return [(None, options, 0)]


class PickSelect(_Picked, AutocompleteSelect):
    pass


class PickSelectMany(_Picked, AutocompleteSelectMultiple):
    pass


NOT_ON_RECORD = _("This is not on record.")


class PickField(forms.ModelChoiceField):
    default_error_messages = {"invalid_choice": NOT_ON_RECORD}

    def __init__(self, queryset, *, picks: Picks, **kwargs):
        self.picks = picks
        super().__init__(queryset, **kwargs)

    def want(self, value) -> None:
        self.picks.want(self.queryset.model, value)

    def to_python(self, value):
        if value in self.empty_values:
            return None
        record = self.picks.get(self.queryset.model, value)
        if record is None:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return record


class PickManyField(forms.ModelMultipleChoiceField):
    default_error_messages = {"invalid_choice": NOT_ON_RECORD, "invalid_pk_value": NOT_ON_RECORD}

    def __init__(self, queryset, *, picks: Picks, **kwargs):
        self.picks = picks
        super().__init__(queryset, **kwargs)

    def want(self, value) -> None:
        self.picks.want(self.queryset.model, value)

    def seen(self, value) -> list[int]:
        """Of the records now linked, those that the user may see."""
        return [pk for pk in ids_in(value or []) if self.picks.get(self.queryset.model, pk) is not None]

    def clean(self, value):
        value = self.prepare_value(value)
        if self.required and not value:
            raise ValidationError(self.error_messages["required"], code="required")
        found = [self.picks.get(self.queryset.model, pk) for pk in value or []]
        if None in found:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        self.run_validators(value)
        return found


@cache
def _codes_by_name() -> dict[str, str]:
    """Folded names of the states, in every language of the site, and other English ones that are known."""
    found = {}
    for language, _label in settings.LANGUAGES:
        with override(language):
            found |= {fold(str(name)): code for code, name in countries}
    for code, names in countries.shadowed_names.items():
        for name in names:
            found.setdefault(fold(str(name)), code)
    return found


def code_of_state(text: str) -> str:
    """The code of a state by its code or one of its names; empty if unknown."""
    wanted = text.strip().upper()
    return wanted if wanted in countries else _codes_by_name().get(fold(text), "")


class StateInput(forms.TextInput):
    """The name of a state, offered from one list for the whole page (`_states.html`)."""

    def __init__(self, attrs=None):
        super().__init__({"list": "states", "autocomplete": "off", "class": "state", **(attrs or {})})

    def format_value(self, value):
        return country_name(value) if value and value in countries else value


class StateField(forms.CharField):
    """A state, typed by name or code: far lighter than a list of 250 in each row."""

    widget = StateInput

    def __init__(self, **kwargs):
        kwargs.pop("max_length", None)
        super().__init__(max_length=80, **kwargs)

    def to_python(self, value):
        value = super().to_python(value)
        code = code_of_state(value) if value else ""
        if value and not code:
            raise ValidationError(_("“%(value)s” is not the name or the code of a state."), params={"value": value})
        return code

    def has_changed(self, initial, data):
        try:
            return (initial or "") != self.to_python(data)
        except ValidationError:
            return True


def states() -> list[tuple[str, str]]:
    """Codes and names of all states, in the language of the page."""
    return [(code, str(name)) for code, name in countries]


class LinesField(forms.CharField):
    """A list of lines, written one a line."""

    widget = forms.Textarea

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        lines = (line.strip() for line in str(value or "").splitlines())
        return [line for line in lines if line]

    def clean(self, value):
        value = self.to_python(value)
        self.validate(value)
        self.run_validators(value)
        return value

    def validate(self, value):
        if self.required and not value:
            raise ValidationError(self.error_messages["required"], code="required")

    def has_changed(self, initial, data):
        return (initial or []) != self.to_python(data)


class DayInput(forms.DateInput):
    """The browser's own field for days: no script, and the same value in every language."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__({"class": "day", **(attrs or {})}, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, attrs=None):
        super().__init__({"class": "time", **(attrs or {})}, format="%H:%M")


class KindSelect(forms.RadioSelect):
    """Radio buttons in a row, with the icon of each value where there is one."""

    template_name = "admin/widgets/kinds.html"

    def __init__(self, attrs=None, choices=(), icons=None):
        super().__init__(attrs, choices)
        self.icons = icons or {}

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        option["icon"] = self.icons.get(str(value), "")
        return option


class SuggestInput(forms.TextInput):
    """A line with suggestions, of which none has to be taken."""

    template_name = "admin/widgets/suggest.html"

    def __init__(self, attrs=None, suggestions: Iterable[str] = ()):
        super().__init__(attrs)
        self.suggestions = suggestions

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["list_id"] = f"{context['widget']['attrs'].get('id', name)}_list"
        context["widget"]["attrs"]["list"] = context["list_id"]
        context["suggestions"] = self.suggestions() if callable(self.suggestions) else self.suggestions
        return context
