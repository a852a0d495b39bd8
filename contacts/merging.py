"""What a reader is shown of two records before they become one, and what they choose."""

from typing import Any

from django import forms
from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caricc.lib.acts import ActForm, TextField
from caricc.lib.counts import count_all
from caricc.lib.days import written
from caricc.lib.fields import CountryField, ProseField, country_name
from caricc.lib.merge import links, relations
from caricc.lib.unmerge import taken_up
from caricc.lib.visibility import may
from caricc.models import SavedView
from contacts.likeness import DIFFERENT
from contacts.twins import Met, met


def choosable(model) -> list:
    return [field for field in model._meta.concrete_fields if field.editable and not field.primary_key]


def words(field, record) -> str:
    """A value as it is shown; empty where nothing is stated."""
    value = getattr(record, field.name)
    if value in (None, ""):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field.choices:
        return str(getattr(record, f"get_{field.name}_display")())
    if isinstance(field, CountryField):
        return country_name(value)
    return written(value) if isinstance(field, models.DateField) else str(value)


class Side:
    """One of the two, as far as `user` may see what points to it."""

    def __init__(self, letter: str, record, user):
        self.letter, self.record, self.user = letter, record, user

    @cached_property
    def numbers(self) -> dict[str, int]:
        """{what: how many} of all kinds of rows that point to it."""
        asked: dict[str, Any] = {}
        for relation in [*relations(type(self.record)), *links(type(self.record))]:
            model, field = relation.related_model, relation.field
            if hasattr(model.objects, "visible_to") and getattr(model, "part_of", "") != field.name:
                rows = model.objects.visible_to(self.user).filter(**{field.name: self.record.pk})
                asked[told(model, field)] = rows
        views = SavedView.objects.visible_to(self.user).filter(mentions__label=self.record._meta.label)
        asked[capfirst(str(SavedView._meta.verbose_name_plural))] = views.filter(mentions__record_id=self.record.pk)
        return count_all({name: rows.order_by() for name, rows in asked.items()})

    @cached_property
    def events(self) -> Met | None:
        """At how many events it was, and where they are listed; None for those who may not view events."""
        return met(type(self.record), [self.record.pk], self.user).get(self.record.pk)

    @property
    def weight(self) -> int:
        return sum(self.numbers.values())

    @property
    def names(self) -> list[str]:
        return [str(name) for name in self.record.names.all()]


def told(model, field) -> str:
    """What a row that points to the record is called, with its part in it where the kind alone does not say it."""
    kind = capfirst(str(model._meta.verbose_name_plural))
    own = {str(one._meta.verbose_name) for one in DIFFERENT}
    return kind if str(field.verbose_name) in own else f"{kind} ({field.verbose_name})"


class MergeForm(ActForm):
    """Which one stays, and for each field that differs whose value; `version` is that of the first, `record`."""

    other_version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)
    a = forms.CharField(widget=forms.HiddenInput)
    b = forms.CharField(widget=forms.HiddenInput)
    keep = forms.ChoiceField(label=gettext_lazy("Which one stays"), widget=forms.RadioSelect)
    why = TextField(
        rows=1, max_length=300, label=gettext_lazy("Why they are the same"),
        help_text=gettext_lazy("Such as: the same name in another spelling; the same office under its old name."),
    )  # fmt: skip

    def __init__(self, *args, record, other, user, **kwargs):
        self.sides = {"a": Side("a", record, user), "b": Side("b", other, user)}
        super().__init__(*args, record=record, user=user, **kwargs)
        first, second = self.sides.values()
        older = min(self.sides.values(), key=lambda side: (side.record.created_at, side.letter))
        better = older if first.weight == second.weight else max(self.sides.values(), key=lambda side: side.weight)
        self.fields["keep"].choices = [(letter, str(side.record)) for letter, side in self.sides.items()]
        self.initial.setdefault("keep", better.letter)
        self.same, self.chosen = [], []
        for field in choosable(type(record)):
            self.add_choice(field, better.letter)
        for name in ("keep", *(field.name for field in self.chosen)):
            self.fields[name].widget.attrs = {}
            self.fields[name].error_messages["required"] = _("Choose one.")

    def add_choice(self, field, better: str) -> None:
        values = {letter: getattr(side.record, field.attname) for letter, side in self.sides.items()}
        if values["a"] == values["b"]:
            self.same.append(field)
            return
        choices = [(letter, words(field, side.record)) for letter, side in self.sides.items()]
        both = isinstance(field, ProseField) and all(values.values())
        if both:
            choices.append(("ab", _("Both, one after the other")))
        made = forms.ChoiceField(label=capfirst(str(field.verbose_name)), choices=choices, widget=forms.RadioSelect)
        self.fields[field.name] = made
        self.chosen.append(field)
        worse = "b" if better == "a" else "a"
        stated = values[better] not in (None, "")
        self.initial.setdefault(field.name, "ab" if both else better if stated else worse)

    @property
    def rows(self) -> list[dict]:
        """The fields that differ, each with the two radio buttons, and a third where both may be kept."""
        made = []
        for field in self.chosen:
            boxes = list(self[field.name])
            shown = [
                {"box": box, "words": words(field, self.sides[side].record)}
                for box, side in zip(boxes, "ab", strict=False)
            ]
            made.append({"field": self[field.name], "sides": shown, "both": boxes[2] if len(boxes) > 2 else None})
        return made

    @property
    def same_rows(self) -> list[dict]:
        told_ones = [
            (field, words(field, self.record)) for field in self.same if not isinstance(field, models.BooleanField)
        ]
        return [{"label": capfirst(str(field.verbose_name)), "words": text} for field, text in told_ones if text]

    @property
    def counts(self) -> list[dict]:
        """How many rows of each kind point to either, where any do."""
        one, other = (side.numbers for side in self.sides.values())
        return [{"label": name, "counts": [one[name], other[name]]} for name in one if one[name] or other[name]]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("other_version") is None:
            cleaned["version"] = None
        return cleaned

    def both(self) -> tuple:
        """(the one that stays, the one that goes)."""
        one, other = (side.record for side in self.sides.values())
        return (one, other) if self.cleaned_data["keep"] == "a" else (other, one)

    def values(self) -> dict[str, Any]:
        """{attname: value chosen} for the one that stays."""
        kept, gone = self.both()
        made = {}
        for field in self.chosen:
            choice = self.cleaned_data[field.name]
            if choice == "ab":
                made[field.attname] = f"{getattr(kept, field.attname)}\n\n{getattr(gone, field.attname)}"
            else:
                made[field.attname] = getattr(self.sides[choice].record, field.attname)
        return made


def address(model, name: str, **args) -> str:
    return reverse(f"contacts:{model._meta.model_name}_{name}", kwargs=args or None)


def about_twins(record, user) -> dict:
    """For the page of a record: what went into it, from which others it is known to be different, and the deeds."""
    model = type(record)
    allowed = user.is_staff and may(user, "change", model)
    pairs = [
        {"other": pair.second if pair.first_id == record.pk else pair.first, "pair": pair}
        for pair in DIFFERENT[model].of(record.pk)
    ]
    return {
        "merge_url": f"{address(model, 'merge')}?a={record.pk}" if allowed else "",
        "merges": [{"merge": one, "url": unmerge_url(model, one) if allowed else ""} for one in taken_up(record)],
        "different": pairs,
        "likely": [
            {"other": other, "url": f"{address(model, 'merge')}?a={record.pk}&b={other.pk}" if allowed else ""}
            for other in model.objects.visible_to(user).twins_of([record.pk]).get(record.pk, [])
        ],
        "alike_url": address(model, "alike") if allowed else "",
    }


def unmerge_url(model, merge) -> str:
    return "" if merge.why_not else address(model, "unmerge", pk=merge.kept_id)
