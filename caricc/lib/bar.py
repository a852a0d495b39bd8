"""The filter bar of a list page: what its FilterSet offers, with the choices at hand, and what is in force.

Everything that has to be looked up (names of what was chosen, choices to offer) is one query, however many filters.
"""

from dataclasses import dataclass, field
from functools import lru_cache

from django.db.models import BigIntegerField, CharField, F, Q, QuerySet, Value
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from caricc.lib.fields import country_choices, country_name
from caricc.lib.filter_kinds import ChoicesFilter, DayFilter, IdsFilter, StatesFilter, YesNoFilter
from caricc.lib.filters import PLACED, Question
from caricc.lib.text import fold

CHECKED = mark_safe(" checked")


@dataclass
class Choice:
    value: str
    label: str
    checked: bool = False


@dataclass
class Field:
    """One name of the query string, as the bar asks for it: `type` is days, yesno, states, lookup or choices."""

    name: str
    label: str
    type: str
    value: str = ""
    choices: list[Choice] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    looks_up: str = ""

    @property
    def boxes(self) -> SafeString:
        """The choices as boxes to tick: made in one go, since a bar has hundreds."""
        return format_html_join(
            "",
            '<label class="row"><input type="checkbox" name="{}" value="{}"{}>{}</label>\n',
            ((self.name, one.value, CHECKED if one.checked else "", one.label) for one in self.choices),
        )

    @property
    def states(self) -> SafeString:
        return state_options(get_language())


@dataclass
class Pick:
    title: str
    icon: str
    fields: list[Field]
    cleared: str

    @property
    def alone(self) -> bool:
        return len(self.fields) == 1

    @property
    def on(self) -> bool:
        return any(one.value or any(c.checked for c in one.choices) for one in self.fields)

    @property
    def wrong(self) -> bool:
        return any(one.errors for one in self.fields)


@dataclass
class Offer:
    """Choices to show before anything is chosen: records for ids; (rows, column) pairs for the states that occur."""

    rows: QuerySet | None = None
    states: tuple[tuple[QuerySet, str], ...] = ()


def look_up(question: Question, offers: dict[str, Offer]) -> dict[str, dict]:
    """{filter: {id or code: label}} of what was chosen and what is offered; also gives the chips their words."""
    arms = []
    for name, wanted in question.filters.items():
        chosen, offer = question.form.cleaned_data.get(name) or [], offers.get(name)
        if isinstance(wanted, IdsFilter) and (chosen or offer):
            asked = Q(pk__in=chosen)
            if offer and offer.rows is not None:
                asked |= Q(pk__in=offer.rows.values("pk"))
            rows = wanted.target.objects.visible_to(question.user).filter(asked)
            arms.append(_arm(name, rows, F("pk"), rows.label))
        elif isinstance(wanted, StatesFilter) and offer:
            arms += [
                _arm(name, rows.exclude(**{column: ""}).distinct(), Value(0, BigIntegerField()), F(column))
                for rows, column in offer.states
            ]
    found: dict[str, dict] = {name: {} for name, wanted in question.filters.items() if isinstance(wanted, IdsFilter)}
    if arms:
        for name, pk, label in arms[0].union(*arms[1:]) if len(arms) > 1 else arms[0]:
            found.setdefault(name, {})[pk or label] = label if pk else country_name(label)
    question.known_labels = {name: labels for name, labels in found.items() if name in question.filters}
    return found


def _arm(name, rows, key, label):
    columns = {"option_of": Value(name, CharField()), "option_key": key, "option_label": label}
    return rows.order_by().annotate(**columns).values_list(*columns)


def describe(question: Question, found: dict[str, dict]) -> list[Pick]:
    """The bar of this question as the templates show it."""
    return [
        Pick(title, icon, [_field(question, name, found) for name in names], question.query((*names, *PLACED)))
        for title, icon, names in question.bar
    ]


def _field(question: Question, name: str, found: dict[str, dict]) -> Field:
    wanted, raw = question.filters[name], question.data.getlist(name)
    made = Field(name, str(wanted.label or ""), "choices", errors=list(question.errors.get(name, [])))
    if isinstance(wanted, DayFilter):
        made.type, made.value = "days", raw[-1] if raw else ""
    elif isinstance(wanted, YesNoFilter):
        made.type, made.value = "yesno", raw[-1].lower() if raw else ""
        made.choices = [Choice("", _("any")), Choice("true", _("yes")), Choice("false", _("no"))]
        for choice in made.choices:
            choice.checked = bool(choice.value) and choice.value == made.value
    elif isinstance(wanted, ChoicesFilter):
        made.choices = [Choice(value, str(label), value in raw) for value, label in wanted.known]
    else:
        chosen = {value.upper() for value in raw}
        made.type = "states" if isinstance(wanted, StatesFilter) else "lookup"
        if isinstance(wanted, IdsFilter):
            made.looks_up = options_url(wanted.target, name)
        labels = found.get(name, {})
        if made.type == "states":
            labels = {**{code: country_name(code) for code in chosen if code in dict(states(get_language()))}, **labels}
        choices = [Choice(str(value), str(label), str(value) in chosen) for value, label in labels.items()]
        made.choices = sorted(choices, key=lambda one: (not one.checked, fold(one.label), one.value))
    return made


def carried(question: Question) -> list[tuple[str, str]]:
    """What the form must carry along because the bar does not ask for it: the order, a person, a parent ..."""
    asked = {name for _title, _icon, names in question.bar for name in names} | {"q", *PLACED}
    return [(name, value) for name, values in question.data.lists() if name not in asked for value in values]


def options_url(model, name: str) -> str:
    """Where records of a model are looked up by name for a filter; empty where that is not offered."""
    try:
        return reverse(f"{model._meta.app_label}:{model._meta.model_name}_options") + f"?name={name}"
    except NoReverseMatch:
        return ""


@lru_cache(maxsize=8)
def state_options(language) -> SafeString:
    """Every state as an option, in a language."""
    return format_html_join("", '<option value="{}">{}</option>', states(language))


@lru_cache(maxsize=8)
def states(language) -> list[tuple[str, str]]:
    return [(code, str(name)) for code, name in country_choices()]
