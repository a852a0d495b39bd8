"""The kinds of filter: what a value of each name of a query string may be, and how it is called."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import django_filters
from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.validators import EMPTY_VALUES
from django.db.models import Exists, F, OuterRef
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from caricc.lib.fields import FIRST_DAY, LAST_DAY, country_name
from caricc.lib.periods import PERIODS
from caricc.lib.text import BIDI, fold

LARGEST_ID = 2**63 - 1
MOST_WORDS = 12
MOST_PARTS = 2 * MOST_WORDS  # of words written together: each is asked for on its own, and some signs stand for several
LONGEST_QUESTION = 8000  # of a question within a question, encoded: Cyrillic takes six characters a letter


class Many(forms.MultipleChoiceField):
    """Several values of one name: `kind=visit&kind=briefing`."""

    def __init__(self, *, check, **kwargs):
        self.check = check
        super().__init__(**kwargs)

    def validate(self, value):
        if self.required and not value:
            raise ValidationError(self.error_messages["required"], code="required")

    def to_python(self, value):
        return [self.check(item) for item in super().to_python(value)]


def is_id(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 20 and 0 < int(value) <= LARGEST_ID


def an_id(value: str) -> int:
    if is_id(value):
        return int(value)
    raise ValidationError(_("“%(value)s” is not an id.") % {"value": value[:60]})


def a_state(value: str) -> str:
    if value.upper() in countries:
        return value.upper()
    raise ValidationError(_("“%(value)s” is not a two-letter state code such as KZ.") % {"value": value[:60]})


def one_of(choices) -> Callable[[str], str]:
    known = dict(choices)

    def check(value: str) -> str:
        if value in known:
            return value
        raise ValidationError(
            _("“%(value)s” is not one of: %(known)s.") % {"value": value[:60], "known": ", ".join(known)}
        )

    return check


class ManyFilter(django_filters.Filter):
    """Any of several values. `type` and `known` describe it to the API's schema."""

    field_class = Many
    type: str = "string"
    known: Sequence[tuple[str, object]] = ()

    def __init__(self, *args, check, **kwargs):
        kwargs.setdefault("lookup_expr", "in")
        super().__init__(*args, check=check, widget=forms.SelectMultiple, **kwargs)

    def labels(self, values: Iterable, user) -> dict:
        return {value: str(value) for value in values}


class ChoicesFilter(ManyFilter):
    def __init__(self, *args, choices, **kwargs):
        self.known = list(choices)
        super().__init__(*args, check=one_of(self.known), **kwargs)

    def labels(self, values, user):
        return {value: str(dict(self.known)[value]) for value in values}


class StatesFilter(ManyFilter):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, check=a_state, **kwargs)

    def labels(self, values, user):
        return {value: country_name(value) for value in values}


class IdsFilter(ManyFilter):
    """Ids of records of `target`; that of a hidden one is answered as that of an absent one.

    The id of a record that went in a merge means the one that stays (`Question.follow_merges`).
    """

    type = "integer"

    def __init__(self, *args, target: str, **kwargs):
        self.target_label = target
        super().__init__(*args, check=an_id, **kwargs)

    @property
    def target(self):
        return apps.get_model(self.target_label)

    def labels(self, values, user):
        found = {row.pk: str(row) for row in self.target.objects.visible_to(user).filter(pk__in=values)}
        return {value: found.get(value, _("not on record")) for value in values}


class YesNo(forms.NullBooleanField):
    def to_python(self, value):
        if value in EMPTY_VALUES:
            return None
        if str(value).lower() in {"true", "false"}:
            return str(value).lower() == "true"
        raise ValidationError(_("Write true or false."))

    def clean(self, value):
        return self.to_python(value)

    def widget_attrs(self, widget):
        return {}


class YesNoFilter(django_filters.Filter):
    field_class = YesNo

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("widget", forms.TextInput)
        super().__init__(*args, **kwargs)


class Day(forms.DateField):
    """A day; one before the first or after the last that the register keeps means that first or last one."""

    def clean(self, value):
        day = super().clean(value)
        return day and min(max(day, FIRST_DAY), LAST_DAY)


class DayFilter(django_filters.DateFilter):
    field_class = Day

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("input_formats", ["%Y-%m-%d"])
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(*args, **kwargs)
        self.extra["error_messages"] = {"invalid": gettext_lazy("Write a day as 2021-10-31.")}


class WordsFilter(django_filters.CharFilter):
    """Words to be found; `method` says where."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, max_length=300, **kwargs)
        self.extra["validators"] = [_plain_words]


def _plain_words(value: str) -> None:
    if not fold(value):
        raise ValidationError(_("Write a word or a number to look for."))
    if len(value.split()) > MOST_WORDS or len(fold(value).split()) > MOST_PARTS:
        raise ValidationError(_("At most %(number)s words.") % {"number": MOST_WORDS})
    if "\x00" in value or BIDI.search(value):
        raise ValidationError(_("Characters that change the direction of writing are not searched for."))


def in_or_out(queryset, rows, wanted: bool):
    """The rows of `queryset` that are among `rows`, or those that are not; correlated, so that it never turns quadratic."""
    found = Exists(rows.filter(pk=OuterRef("pk")))
    return queryset.filter(found if wanted else ~found)


class WholeFilter(django_filters.Filter):
    field_class = forms.IntegerField


class AnsweringFilter(django_filters.CharFilter):
    """Rows by the answers of another question: `met=kind%3Dvisit` asks for those met at visits.

    The value is a query string of the question about `target`; what is wrong in it is wrong here. `method` gets the
    rows that answer it, as far as the reader may see them.
    """

    def __init__(self, *args, target: str, **kwargs):
        self.target_label = target
        super().__init__(*args, max_length=LONGEST_QUESTION, **kwargs)

    def question(self, value: str, asker: Any) -> Any:
        """The question that `value` asks, on behalf of whoever asks the question around it."""
        model = apps.get_model(self.target_label)
        seen = model.objects.visible_to(asker.user)
        return asker.about[model._meta.label](QueryDict(value), seen, user=asker.user, known=asker.known, lean=True)


class PeriodFilter(django_filters.ChoiceFilter):
    """A stretch of days that moves with today; the question turns it into days with `caricc.lib.periods`."""

    field_class = forms.ChoiceField

    def __init__(self, *args, **kwargs):
        message = _("Write one of: %(known)s.") % {"known": ", ".join(value for value, _label in PERIODS)}
        super().__init__(*args, choices=PERIODS, error_messages={"invalid_choice": message}, **kwargs)
        for key in ("empty_label", "null_label", "null_value"):
            self.extra.pop(key, None)


class OrderingFilter(django_filters.ChoiceFilter):
    """One of the named orders, always made complete by the id; `orders` maps names to lookups."""

    field_class = forms.ChoiceField

    def __init__(self, orders: dict[str, str], default: str, **kwargs):
        self.orders, self.default = orders, default
        choices = [(sign + name, sign + name) for name in orders for sign in ("", "-")]
        message = _("Order by one of: %(known)s.") % {"known": ", ".join(value for value, _label in choices)}
        kwargs.setdefault("label", gettext_lazy("Order"))
        super().__init__(
            choices=choices,
            required=False,
            error_messages={"invalid_choice": message},
            **kwargs,
        )
        self.field_kwargs_cleanup()

    def field_kwargs_cleanup(self):
        for key in ("empty_label", "null_label", "null_value"):
            self.extra.pop(key, None)

    def filter(self, qs, value):
        value = value or self.default
        sign, name = ("-", value[1:]) if value.startswith("-") else ("", value)
        path = self.orders[name]
        if _may_be_empty(qs.model, path):  # the databases do not agree on where empty values stand: always last
            first = F(path).desc(nulls_last=True) if sign else F(path).asc(nulls_last=True)
            return qs.order_by(first, f"{sign}id")
        return qs.order_by(f"{sign}{path}", f"{sign}id")


def _may_be_empty(model, path: str) -> bool:
    *through, last = path.split("__")
    empty = False
    for name in through:
        field = model._meta.get_field(name)
        model, empty = field.related_model, empty or field.null
    return empty or model._meta.get_field(last).null
