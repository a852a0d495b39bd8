"""The question: a query string, read once for page, fragment, API, export and figure.

Each model has one FilterSet; its filter names are the names of the query string. An empty value is as if absent, a
wrong value or an unknown name is an error and gives no rows, never all of them.
"""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

import django_filters
from django.apps import apps
from django.core.validators import EMPTY_VALUES
from django.http import QueryDict
from django.urls import resolve, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caricc.lib import keyset
from caricc.lib.days import written
from caricc.lib.filter_kinds import (
    LARGEST_ID,
    AnsweringFilter,
    DayFilter,
    IdsFilter,
    ManyFilter,
    PeriodFilter,
    WholeFilter,
    YesNoFilter,
    is_id,
)
from caricc.lib.merged import followed
from caricc.lib.periods import PERIODS
from caricc.lib.search.found import Meaning, understood

NO_CHIP = {"limit", "offset", "page", "cursor", "count", "ordering", "of_view"}
PLACED = ("page", "offset", "cursor")  # where among the rows one is: another question begins anew
NO_PLACE = gettext_lazy("This names no place among these rows in this order; begin at the first page.")
NO_VIEW = gettext_lazy("There is no saved view of this number.")


class Question(django_filters.FilterSet):
    """Base of every FilterSet. `user` decides what words and names may be looked at.

    `known` keeps what was looked up in the database to understand a question (see `once`); questions that are asked
    together share one. A `lean` question is made of the filters that it asks alone, in a fifth of the time: it has the
    same rows, in no order unless one is asked or it is `ordered`, and nothing else to offer.

    `bar` lists what the filter bar of the page offers: (title, icon, names).
    """

    base_filters: dict[str, django_filters.Filter]  # made by the metaclass
    bar: list[tuple] = []
    beside_filters: tuple[str, ...] = ()  # what a page reads of its query string besides
    page_only = ("page", "of_view")
    gives_way = {"period": ("date_after", "date_before"), "date_after": ("period",), "date_before": ("period",)}
    about: dict[str, type["Question"]] = {}  # {label of a model: its question}

    limit = WholeFilter(
        method="leave", field_name="id", label=gettext_lazy("Rows at a time, at most 500"), min_value=1, max_value=10**6,
    )  # fmt: skip
    offset = WholeFilter(
        method="leave",
        field_name="id",
        label=gettext_lazy("Rows to skip"),
        min_value=0,
        max_value=10**12,
    )
    page = WholeFilter(
        method="leave",
        field_name="id",
        label=gettext_lazy("Page"),
        min_value=1,
        max_value=10**9,
    )
    cursor = django_filters.CharFilter(
        method="leave",
        field_name="id",
        label=gettext_lazy("Place among the rows, out of a link to the next or previous ones"),
    )
    count = YesNoFilter(method="leave", field_name="id", label=gettext_lazy("Count the rows"))
    view = WholeFilter(
        method="leave", field_name="id", label=gettext_lazy("Saved view"), min_value=1, max_value=LARGEST_ID,
        error_messages={
            "invalid": NO_VIEW, "min_value": NO_VIEW, "max_value": NO_VIEW,
        },
    )  # fmt: skip
    of_view = WholeFilter(
        method="leave",
        field_name="id",
        label=gettext_lazy("Grown out of the saved view"),
        min_value=1,
        max_value=LARGEST_ID,
    )
    updated_after = django_filters.IsoDateTimeFilter(
        method="changed_after", field_name="id", label=gettext_lazy("Changed after"),
        error_messages={"invalid": gettext_lazy("Write a time as 2021-10-31T09:30:00Z.")},
    )  # fmt: skip

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        model = getattr(getattr(cls, "Meta", None), "model", None)
        if model is not None:
            Question.about.setdefault(model._meta.label, cls)

    def __init__(
        self,
        data=None,
        queryset=None,
        *,
        user,
        on_page: bool = False,
        known: dict | None = None,
        lean: bool = False,
        ordered: bool = False,
        **kwargs,
    ):
        self.user, self.on_page = user, on_page
        self.known = {} if known is None else known
        self.known_labels: dict[str, dict] = {}  # of ids, where a page has looked them up already
        self.saved = None  # the saved view that was asked for
        self.place: keyset.Place | None = None
        data = self._with_view(_without_empty(data))
        if not on_page:
            self.follow_merges(data, self.known)
        if lean:
            asked = {*data, "ordering"} if ordered else {*data}
            self.base_filters = {name: wanted for name, wanted in self.base_filters.items() if name in asked}
        super().__init__(data, queryset, **kwargs)
        if not on_page:
            for name in self.page_only:
                self.filters.pop(name, None)

    def _with_view(self, data: QueryDict) -> QueryDict:
        """`view` gives way to the question that was kept under it; names that were asked for beside it win.

        A name also takes the place of kept ones that say the same in another way, such as days that of a period.
        """
        number = data.get("view", "")
        if not (number.isascii() and number.isdigit() and len(number) < 17):
            return data
        if self.on_page:  # which shows them all
            view = next((one for one in self.kept if one.pk == int(number)), None)
        else:
            view = apps.get_model("caricc", "SavedView").objects.visible_to(self.user).filter(pk=int(number)).first()
        if view is None or view.about != self._meta.model._meta.label:
            return data
        self.saved, made = view, view.asked
        for name in self._of_its_page_alone(view, made):
            del made[name]
        for name in data:
            for other in self.gives_way.get(name, ()):
                made.pop(other, None)
        for name, values in data.lists():
            made.setlist(name, values)
        del made["view"]
        if self.on_page:
            made["of_view"] = str(view.pk)
        return made

    @classmethod
    def _may_have_gone(cls, data: QueryDict) -> dict[str, set[tuple[str, int]]]:
        """{filter: {(label, id)}} of the records in a query string that may have gone in a merge."""
        found: dict[str, set[tuple[str, int]]] = {}
        for name in data:
            wanted = cls.base_filters.get(name)
            if isinstance(wanted, IdsFilter) and wanted.target.can_be_merged:
                found[name] = {(wanted.target_label, int(value)) for value in data.getlist(name) if is_id(value)}
        return found

    @classmethod
    def follow_merges(cls, data: QueryDict, known: dict | None = None) -> bool:
        """Let ids of records that went in a merge give way to those that stay; whether there were any. One query at most.

        A question does it by itself, unless a page asks it: a page does without the query, see `led_on`. `known` is that
        of the question, where it has one.
        """
        named = cls._may_have_gone(data)
        asked: set[tuple[str, int]] = set().union(*named.values())
        ends = {} if known is None else known.setdefault("merged", {})
        if new := asked - ends.keys():
            found = followed(new)
            ends |= {key: found.get(key, key[1]) for key in new}
        if all(ends[key] == key[1] for key in asked):
            return False
        for name, keys in named.items():
            stays = {key[1]: str(ends[key]) for key in keys}
            values = (stays[int(value)] if is_id(value) else value for value in data.getlist(name))
            data.setlist(name, list(dict.fromkeys(values)))
        return True

    def led_on(self) -> str:
        """The query string that a page is to be asked instead, where an id that no name was found for went in a merge."""
        named = self._may_have_gone(self.data) if self.data else {}
        ends = self.known.setdefault("merged", {})
        for name, keys in named.items():
            ends |= {key: key[1] for key in keys if key[1] in self.known_labels.get(name, {})}
        if all(key in ends for keys in named.values() for key in keys):
            return ""
        data = self.data.copy()
        return data.urlencode() if self.follow_merges(data, self.known) else ""

    @classmethod
    def names(cls) -> set[str]:
        return {*cls.base_filters, *cls.beside_filters}

    def _of_its_page_alone(self, view, asked: QueryDict) -> list[str]:
        """Names kept by another page that asks more than this question, such as the month of a calendar."""
        unknown = [name for name in asked if name not in self.names()]
        theirs = question_at(view.page).names() if unknown else set()
        return [name for name in unknown if name in theirs]

    def once(self, key, look_up: Callable):
        """What `look_up()` gives, asked once for all questions that share `known`."""
        if key not in self.known:
            self.known[key] = look_up()
        return self.known[key]

    @cached_property
    def kept(self) -> list:
        """The saved views that the reader may see and that ask about the same kind of record."""
        model = apps.get_model("caricc", "SavedView")
        pages = [page for page, label in model.ABOUT.items() if label == self._meta.model._meta.label]
        return list(model.objects.visible_to(self.user).filter(page__in=pages).defer("created_at", "updated_at"))

    def meaning(self, model, words: str) -> Meaning:
        return self.once(("words", model, words), lambda: understood(model, words, self.user))

    def matching(self, queryset, name, value):
        return self.meaning(queryset.model, value).of(queryset)

    def leave(self, queryset, name, value):
        """Read by the page or the API, not a matter of rows."""
        return queryset

    def changed_after(self, queryset, name, value):
        path = queryset.model.root_path()
        return queryset.filter(**{f"{path}__updated_at__gt" if path else "updated_at__gt": value})

    @cached_property
    def form(self):
        form = super().form
        form.full_clean()
        for name in self.data:
            if name not in self.filters:
                known = ", ".join(sorted(set(type(self).base_filters) - set(() if self.on_page else self.page_only)))
                form.errors.setdefault(name, form.error_class()).append(
                    _("There is no question of this name. Known: %(known)s.") % {"known": known}
                )
        if self.data.get("view") and "view" not in form.errors:  # one that was found is no longer in the data
            form.add_error("view", NO_VIEW)
        for name, message in self.contradictions(form.cleaned_data):
            form.add_error(name, message)
        return form

    def is_valid(self) -> bool:
        return not self.errors

    @property
    def errors(self):
        if not self.form.errors:
            self._look_for_place()
        return self.form.errors

    def _look_for_place(self) -> None:
        """Reads where among the rows to begin (`place`), if that was asked; what names none of theirs is an error."""
        token = self.form.cleaned_data.get("cursor")
        if not token or self.place is not None:
            return
        try:
            self.place = keyset.read(token, self._answering)
        except keyset.NoPlace:
            self.form.add_error("cursor", NO_PLACE)

    def contradictions(self, cleaned: dict):
        """Pairs of (name, message) for values that make no sense together."""
        for name, wanted in self.filters.items():
            if isinstance(wanted, AnsweringFilter) and cleaned.get(name):
                inner = wanted.question(cleaned[name], self)
                for part, messages in inner.errors.items():
                    yield name, f"{part}: {' '.join(map(str, messages))}"
        since = cleaned.get("updated_after")
        if since and not 1900 < since.year < 2100:
            yield "updated_after", _("Write a time as 2021-10-31T09:30:00Z.")
        for name in ("date", "due", "closed", "next_step"):
            after, before = cleaned.get(f"{name}_after"), cleaned.get(f"{name}_before")
            if after and before and after > before:
                yield (
                    f"{name}_after",
                    _("This day comes after the last one, %(last)s.") % {"last": written(before)},
                )

    @property
    def default_ordering(self) -> str:
        """The order of the rows where none is asked for; empty where the question has one of its own."""
        return self.filters["ordering"].default if "ordering" in self.filters else ""

    @cached_property
    def qs(self):
        return self._answering if self.is_valid() else self.queryset.none()

    @cached_property
    def _answering(self):
        return self.filter_queryset(self.queryset.all())

    def filter_queryset(self, queryset):
        for name, value in self.form.cleaned_data.items():
            if name == "ordering" or value not in ([], *EMPTY_VALUES):
                queryset = self.filters[name].filter(queryset, value)
        return queryset

    # ---- what the page shows of the question

    def query(self, without: Iterable = (), **values) -> str:
        """The query string of this question, with some names left out and others set."""
        pairs = [(k, v) for k, vs in self.data.lists() for v in vs if k not in without and k not in values]
        pairs += [(k, v) for k, v in values.items() if v not in (None, "")]
        return urlencode(pairs)

    def chips(self) -> list[dict]:
        """One for each value in force: its name, its words, and the question without it."""
        made = []
        for name, values in self.data.lists():
            if name in NO_CHIP or name not in self.filters:
                continue
            wanted = self.filters[name]
            cleaned = self.form.cleaned_data.get(name)
            labels = self._labels(name, wanted, cleaned) if isinstance(wanted, ManyFilter) and cleaned else {}
            for raw, value in zip(values, cleaned if labels else values, strict=False):
                rest = [(k, v) for k, vs in self.data.lists() for v in vs if (k, v) != (name, raw) and k not in PLACED]
                text = labels.get(value) or self._words(wanted, name, raw)
                made.append(
                    {
                        "name": name,
                        "label": wanted.label,
                        "value": text,
                        "query": urlencode(rest),
                    }
                )
        return made

    def _labels(self, name, wanted, values) -> dict:
        if name not in self.known_labels:
            return wanted.labels(values, self.user)
        return {value: self.known_labels[name].get(value, _("not on record")) for value in values}

    def _words(self, wanted, name, raw):
        value = self.form.cleaned_data.get(name)
        if isinstance(wanted, DayFilter) and value:
            return written(value)
        if isinstance(wanted, PeriodFilter) and value:
            return str(dict(PERIODS)[value])
        if isinstance(wanted, AnsweringFilter) and value:
            chips = wanted.question(value, self).chips()
            return "; ".join(f"{chip['label']}: {chip['value']}" for chip in chips) or _("any")
        if isinstance(wanted, YesNoFilter) and value is not None:
            return _("yes") if value else _("no")
        return raw


def question_at(url_name: str) -> type[Question]:
    """The question that a page asks, by the name of its address."""
    view: Any = resolve(reverse(url_name)).func
    return view.view_class.question_class


def _without_empty(data) -> QueryDict:
    """A query string in which an empty value is as if absent."""
    clean = QueryDict(mutable=True)
    for name in data or {}:
        values = data.getlist(name) if hasattr(data, "getlist") else data[name]
        values = values if isinstance(values, (list, tuple)) else [values]
        values = [str(value) for value in values if value is not None and str(value).strip() != ""]
        if values:
            clean.setlist(name, values)
    return clean
