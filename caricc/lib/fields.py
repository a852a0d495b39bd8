"""Model fields that hold what is true of every text, state and date in the register."""

import datetime
from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import (
    MaxLengthValidator,
    MaxValueValidator,
    MinValueValidator,
    ProhibitNullCharactersValidator,
)
from django.db import models
from django.db.models.signals import pre_save
from django.utils.text import format_lazy
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from caricc.lib.text import BIDI, SURROGATE, clean_text, fold

FIRST_DAY, LAST_DAY = datetime.date(1900, 1, 1), datetime.date(2100, 12, 31)


def refuse_bidi(value: str) -> None:
    if BIDI.search(value) or SURROGATE.search(value):
        raise ValidationError(
            _("Characters that change the direction of writing are not allowed."),
            code="bidi",
        )


class _CleanText:
    default_validators: Any = [ProhibitNullCharactersValidator(), refuse_bidi]

    def to_python(self, value):
        value = super().to_python(value)
        return clean_text(value).strip() if isinstance(value, str) else value  # also on the way into the database


class LineField(_CleanText, models.CharField):
    """One line of text in NFC; zero-width characters are dropped, NUL and bidi controls refused, line ends are spaces."""

    def to_python(self, value):
        value = super().to_python(value)
        return " ".join(value.splitlines()) if isinstance(value, str) else value


class ProseField(_CleanText, models.TextField):
    """Several lines of text, at most `max_length` characters (10,000), cleaned like `LineField`."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 10_000)
        super().__init__(*args, **kwargs)

    @property
    def validators(self):
        return [*super().validators, MaxLengthValidator(self.max_length)]


class DayField(models.DateField):
    """A local calendar day, 1900 to 2100; give the model `day_checks()` too, since imports go round validators."""

    default_validators = [
        MinValueValidator(FIRST_DAY, message=_("Days before 1 January 1900 are not kept.")),
        MaxValueValidator(LAST_DAY, message=_("Days after 31 December 2100 are not kept.")),
    ]


class CountField(models.PositiveIntegerField):
    """A reported number of people, states or bodies: at most ten million, so that no database overflows."""

    default_validators = [MaxValueValidator(10_000_000)]


def day_checks(prefix: str, *names: str) -> list[models.CheckConstraint]:
    """One CHECK for each day field: empty, or within 1900 and 2100."""
    return [
        models.CheckConstraint(
            condition=models.Q(**{f"{name}__isnull": True}) | models.Q(**{f"{name}__range": (FIRST_DAY, LAST_DAY)}),
            name=f"{prefix}_{name}_bounds",
            violation_error_message=format_lazy(_("{name} must lie between 1900 and 2100."), name=name),
        )
        for name in names
    ]


def order_check(prefix: str, first: str, last: str, message) -> models.CheckConstraint:
    """`last` not before `first`, where both are given."""
    return models.CheckConstraint(
        condition=models.Q(**{f"{first}__isnull": True})
        | models.Q(**{f"{last}__isnull": True})
        | models.Q(**{f"{last}__gte": models.F(first)}),
        name=f"{prefix}_{last}_not_before",
        violation_error_message=message,
    )


def choice_check(prefix: str, name: str, choices: type[models.TextChoices], blank: bool = False):
    """The same list of values for the database as for the forms."""
    values = [*choices.values, ""] if blank else choices.values
    return models.CheckConstraint(
        condition=models.Q(**{f"{name}__in": values}),
        name=f"{prefix}_{name}_known",
        violation_error_message=format_lazy(_("{name} has a value that is not on its list."), name=name),
    )


def country_choices():
    return [(code, name) for code, name in countries]


def country_name(code: str) -> str:
    """The short name of a state in the reader's language; the code itself where the list does not know it."""
    return _country_name(code, get_language()) if code else ""


@lru_cache(maxsize=4096)
def _country_name(code: str, language: str | None) -> str:
    return str(countries.name(code)) or code


@cache
def country_names(code: str) -> tuple[str, ...]:
    """What a state is called in each language of the site; the code itself where the list does not know it."""
    names = []
    for language, _label in settings.LANGUAGES:
        with override(language):
            names.append(country_name(code))
    return tuple(dict.fromkeys(names))


class CountryField(models.CharField):
    """A state by ISO 3166 alpha-2 code, upper case; empty where none is told."""

    def __init__(self, *args, **kwargs):
        kwargs["max_length"] = 2
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("max_length")
        return name, path, args, kwargs

    def to_python(self, value):
        value = super().to_python(value)
        return value.strip().upper() if isinstance(value, str) else value

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return value.strip().upper() if isinstance(value, str) else value

    def validate(self, value, model_instance):
        super().validate(value, model_instance)
        check_country(value)

    def formfield(self, **kwargs):
        from django.forms import TypedChoiceField

        blank = [("", "---------")] if self.blank else []
        options = {
            "choices": lambda: [*blank, *country_choices()],
            "coerce": str,
            "empty_value": "",
        }
        options.update(
            required=not self.blank,
            label=self.verbose_name.capitalize(),
            help_text=self.help_text,
        )
        kwargs.pop("max_length", None)
        return TypedChoiceField(
            **{
                **options,
                **{k: v for k, v in kwargs.items() if k != "choices_form_class"},
            }
        )


def check_country(value: str) -> None:
    if value and value not in countries:
        raise ValidationError(
            _("“%(value)s” is not a two-letter state code of ISO 3166, such as KZ."),
            params={"value": value},
        )


class FoldedField(models.TextField):
    """The folded words of other fields of the row, for search. Also right after `loaddata` and bulk inserts."""

    def __init__(self, *sources: str, **kwargs):
        self.sources = sources
        kwargs.update(editable=False, default="", blank=True)
        super().__init__(**kwargs)

    def deconstruct(self):
        name, path, _args, kwargs = super().deconstruct()
        for key in ("editable", "default", "blank"):
            kwargs.pop(key, None)
        return name, path, list(self.sources), kwargs

    def contribute_to_class(self, cls, name, **kwargs):
        super().contribute_to_class(cls, name, **kwargs)
        if not cls._meta.abstract:
            pre_save.connect(self._before_raw_save, sender=cls)

    def _before_raw_save(self, instance, raw, **kwargs):
        if raw:  # save_base(raw=True) does not ask Field.pre_save
            self.pre_save(instance, add=False)

    def pre_save(self, model_instance, add):
        parts = (getattr(model_instance, source) for source in self.sources)
        value = fold(" ".join(" ".join(part) if isinstance(part, list) else part or "" for part in parts))
        setattr(model_instance, self.attname, value)
        return value
