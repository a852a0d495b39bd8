"""Saved views around a question: which ones its page shows, whether it grew out of one, and what is kept of it.

A question that came through `?view=` is shown in full, and its links carry `of_view`, the number of that view, so that
the page still knows where it began after a filter was changed. `of_view` asks for nothing.
"""

from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from caricc.lib.filter_kinds import AnsweringFilter, IdsFilter, an_id
from caricc.lib.filters import Question
from caricc.lib.periods import PERIODS, Period, period_of
from caricc.lib.text import fold
from caricc.lib.visibility import may

MOST_NESTED = 3


@dataclass
class Tab:
    """A question as a tab: `current` where it is asked now, `changed` where the one asked now grew out of it."""

    label: str
    url: str
    current: bool = False
    changed: bool = False


def tabs(page: str, question: Question, own: list[Tab]) -> list[Tab]:
    """The page's own tabs, then the saved views of the page that the reader may see, by name."""
    kept = sorted((view for view in question.kept if view.page == page), key=lambda view: (fold(view.name), view.pk))
    return with_current(question, own, kept)


def with_current(question: Question, own: list[Tab], kept: list) -> list[Tab]:
    """`own` and the tabs of the views `kept`, with that one marked that is asked now or that it grew out of."""
    asked, origin = as_asked(question), question.data.get("of_view", "")
    made = [(Tab(view.name, view.get_absolute_url()), dict(view.asked.lists()), str(view.pk)) for view in kept]
    grown = next(((tab, wanted) for tab, wanted, number in made if number == origin), None)
    if grown is not None:
        tab, wanted = grown
        tab.current, tab.changed = True, wanted != asked
        for one in own:
            one.current = False
    elif not any(one.current for one in own):
        for tab, wanted, _number in made:
            if wanted == asked:
                tab.current = True
                break
    return [*own, *(tab for tab, _wanted, _number in made)]


def as_asked(question: Question) -> dict[str, list[str]]:
    """What would be kept of a question, name by name."""
    return dict(QueryDict(question.query(not_kept())).lists())


def not_kept() -> tuple[str, ...]:
    return apps.get_model("caricc", "SavedView").NOT_KEPT


def save_url(user, page: str, question: Question) -> str:
    """Where the question of a page is kept under a name; empty where the reader may not, or it cannot be answered."""
    model = apps.get_model("caricc", "SavedView")
    if page not in model.ABOUT or not may(user, "add", model) or not question.is_valid():
        return ""
    given = {"page": page, "query": question.query(not_kept()), "of_view": question.data.get("of_view", "")}
    return f"{reverse('view_add')}?{urlencode({name: value for name, value in given.items() if value})}"


def on_start_page(user, question: Question) -> list[Tab]:
    """The saved questions of the start page itself, then what is pinned there of other pages. One query."""
    model = apps.get_model("caricc", "SavedView")
    order, home = list(model.ABOUT), "dashboard"
    found = sorted(
        model.objects.visible_to(user).filter(Q(page=home) | Q(pinned=True)),
        key=lambda view: (order.index(view.page), fold(view.name), view.pk),
    )
    elsewhere = [Tab(view.name, view.get_absolute_url()) for view in found if view.page != home and opens(view.page)]
    return [*with_current(question, [], [view for view in found if view.page == home]), *elsewhere]


def opens(page: str) -> bool:
    """Whether a page that asks questions is there."""
    try:
        return page in apps.get_model("caricc", "SavedView").ABOUT and bool(reverse(page))
    except NoReverseMatch:
        return False


def explicit(question: Question) -> str:
    """The query string to be kept: saved views inside it are written out, also those in a question within it."""
    pairs = []
    for name, value in parse_qsl(question.query(not_kept())):
        wanted = question.filters.get(name)
        if isinstance(wanted, AnsweringFilter):
            value = explicit(wanted.question(value, question))
        pairs.append((name, value))
    return urlencode([pair for pair in pairs if pair[1]])


def records_named(about: type[Question], data: QueryDict, depth: int = 0) -> set[tuple[str, int]]:
    """(label, id) of every record that a question names, also in the questions within it."""
    found: set[tuple[str, int]] = set()
    for name, wanted in about.base_filters.items():
        for value in data.getlist(name):
            if isinstance(wanted, IdsFilter):
                with suppress(ValidationError):
                    found.add((wanted.target_label, an_id(value)))
            elif isinstance(wanted, AnsweringFilter) and depth < MOST_NESTED:
                found |= records_named(Question.about[wanted.target_label], QueryDict(value), depth + 1)
    return found


def renamed(about: type[Question], data: QueryDict, label: str, old: int, new: int, depth: int = 0) -> str:
    """A question that names `new` wherever it named the record `old`, also in the questions within it."""
    made = QueryDict(mutable=True)
    for name, values in data.lists():
        wanted = about.base_filters.get(name)
        if isinstance(wanted, IdsFilter) and wanted.target_label == label:
            values = list(dict.fromkeys(str(new) if value.lstrip("0") == str(old) else value for value in values))
        elif isinstance(wanted, AnsweringFilter) and depth < MOST_NESTED:
            inner = Question.about[wanted.target_label]
            values = [renamed(inner, QueryDict(value), label, old, new, depth + 1) for value in values]
        made.setlist(name, values)
    return made.urlencode()


def choices_of_days(question: Question) -> list[tuple[str, str]]:
    """How the days of a question may be kept: moving with the calendar, or always the same; empty where that is no matter.

    The first is the one that it has now.
    """
    asked = question.form.cleaned_data
    if "period" not in question.filters:
        return []
    ends = Period(asked.get("date_after"), asked.get("date_before"))
    moving, named = dict(PERIODS), asked.get("period")
    if named and not ends.query:
        fixed = ("fixed", _("Always these days: %(days)s") % {"days": period_of(named)})
        return [(named, _moving(moving[named])), fixed]
    same = [name for name in moving if ends.is_closed and not named and period_of(name) == ends]
    if not same:
        return []
    return [
        ("fixed", _("Always these days: %(days)s") % {"days": ends}),
        *((name, _moving(moving[name])) for name in same),
    ]


def _moving(label) -> str:
    return _("%(period)s, moving with the calendar") % {"period": label}


def with_days(query: str, how: str) -> str:
    """The question with its days as `choices_of_days` offered them."""
    data = QueryDict(query, mutable=True)
    if how == "fixed":
        name = data.pop("period", [""])[-1]
        ends = period_of(name).query if name else {}
    else:
        for name in ("date_after", "date_before"):
            data.pop(name, None)
        ends = {"period": how} if how else {}
    for name, value in ends.items():
        data[name] = value
    return data.urlencode()
