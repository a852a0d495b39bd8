"""The list page and the record page: one way from an address to rows, whatever they show.

A list names its FilterSet and its table; rights, rows, errors, chips, the filter bar, paging, sorting, the fragment
for htmx and the links to exports are here once. `panel()` asks the same list from another page.
"""

from urllib.parse import urlencode

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet, Value
from django.db.models.fields import CharField
from django.http import QueryDict
from django.shortcuts import render
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.cache import patch_vary_headers
from django.utils.functional import cached_property
from django.views import View

from caricc.lib import bar, saved
from caricc.lib.counts import AtLeast, count_few
from caricc.lib.filters import PLACED, Question
from caricc.lib.keyset import LAST, Stretch
from caricc.lib.merged import record_that_stays, redirect
from caricc.lib.search.hits import Hits
from caricc.lib.search.instead import FEW, instead
from caricc.lib.search.marks import Finder
from caricc.lib.search.near import nearest_names
from caricc.lib.visibility import may

PER_PAGE, AT_MOST = 50, 500
EXPORTS = (("xlsx", "Excel", "table"), ("csv", "CSV", "table"), ("jsonl", "JSON lines", "doc"))
NOT_ASKED = (*PLACED, "limit", "count", "of_view")


def count_all(querysets: dict[str, QuerySet]) -> dict[str, int]:
    """How many rows each of several query sets has, in one query."""
    arms = [
        rows.order_by()
        .annotate(figure=Value(name, CharField()))
        .values("figure")
        .annotate(n=Count("pk"))
        .values_list("figure", "n")
        for name, rows in querysets.items()
    ]
    found = dict(arms[0].union(*arms[1:], all=True) if len(arms) > 1 else arms[0]) if arms else {}
    return {name: found.get(name, 0) for name in querysets}


def overdue(user) -> QuerySet:
    """The late commitments of the shell's badge; a list counts them along with its own rows."""
    return apps.get_model("events.Commitment").objects.visible_to(user).overdue()


def editing_url(label: str, act: str, *args) -> str:
    """The editing page of a model, empty where it has none."""
    try:
        return reverse(f"admin:{label.lower().replace('.', '_')}_{act}", args=args)
    except NoReverseMatch:
        return ""


def add_url(user, model, **given) -> str:
    """The editing page on which a record is added with some fields filled in; empty where `user` may not."""
    url = editing_url(model._meta.label, "add") if user.is_staff and may(user, "add", model) else ""
    return f"{url}?{urlencode(given)}" if url else ""


def chips_of(question: Question) -> list[dict]:
    """What of a question is in force, called as the bar calls it; nothing of one that makes no sense."""
    if not question.is_valid():
        return []
    titles = {names[0]: title for title, _icon, names in question.bar if len(names) == 1}
    return [{**chip, "label": titles.get(chip["name"], chip["label"])} for chip in question.chips()]


class Fix:
    """What mends a row of a model, and where on its editing page that is done."""

    def __init__(self, label: str, model, place: str):
        self.label, self.model, self.place = label, model, place

    def url(self, row) -> str:
        return f"{editing_url(self.model._meta.label, 'change', row.pk)}#{self.place}"


class Answer:
    """A question, its rows on this page, and how many there are in all, counted as far as that is cheap.

    The links to other pages say where to go on (`cursor`); `page` beside it only says where that is.
    """

    def __init__(self, page: "type[ListPage]", user, data):
        self.page, self.user = page, user
        self.question = page.ask(user, data)
        cleaned = self.question.form.cleaned_data
        self.limit = int(min(cleaned.get("limit") or PER_PAGE, AT_MOST))
        self.number = int(cleaned.get("page") or 1)
        self.start = int(cleaned.get("offset") or 0) or (self.number - 1) * self.limit
        self.number = self.start // self.limit + 1
        self.is_placed = bool(cleaned.get("page")) or not cleaned.get("cursor")  # whether the number is known

    @property
    def errors(self):
        return self.question.errors

    @cached_property
    def stretch(self) -> Stretch:
        place, limit = self.question.place, self.limit
        if place is not None and place.side == LAST and self.is_placed:
            limit = min(max(self.count - self.start, 1), limit)  # so that the last page begins where it does by number
        rows, start = self.question.qs, 0 if place else self.start
        wide = self.page.with_columns
        return Stretch(rows, limit, lambda chosen: wide(chosen, self.user), place, start, self.page.in_one)

    @cached_property
    def rows(self) -> list:
        return self.stretch.rows if self.question.is_valid() else []

    @property
    def all_seen(self) -> bool:
        """Whether the page itself tells how many rows there are."""
        if not self.question.is_valid():
            return True
        known = "stretch" in self.__dict__ and self.question.place is None and not self.stretch.more_after
        return known and bool(self.rows or not self.start)

    @cached_property
    def count(self) -> int:
        """How many rows there are; an `AtLeast` where they are many and nobody asked for the number."""
        if self.all_seen:
            return self.start + len(self.rows)
        exact = self.question.form.cleaned_data.get("count") is True
        return self.question.qs.order_by().count() if exact else count_few({"": self.question.qs})[""]

    def count_with(self, others: dict[str, QuerySet]) -> dict[str, int]:
        """The counts of other rows, with this one in the same query."""
        mine = {} if self.all_seen or self.question.form.cleaned_data.get("count") else {"": self.question.qs}
        counts = count_few({**others, **mine})
        if mine:
            self.count = counts.pop("")
        return counts

    @property
    def is_counted(self) -> bool:
        return not isinstance(self.count, AtLeast)

    @property
    def count_them(self) -> str:
        """This very page with the exact number."""
        return self.question.query(count="true")

    @property
    def first(self) -> int:
        return self.start + 1

    @property
    def last(self) -> int:
        return self.start + len(self.rows)

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // self.limit))

    @property
    def more_before(self) -> bool:
        return self.question.is_valid() and self.stretch.more_before

    @property
    def more_after(self) -> bool:
        return self.question.is_valid() and self.stretch.more_after

    @property
    def beyond(self) -> bool:
        """Whether this page lies behind the last one, or before the first."""
        return bool(self.count) and not self.rows

    def query(self, **values) -> str:
        return self.question.query(PLACED, **values)

    def at(self, number: int, cursor: str) -> str:
        """The page of that number by its place; by the number alone where the order knows no places."""
        return self.query(page=number if self.is_placed or not cursor else None, cursor=cursor)

    @property
    def plain_query(self) -> str:
        return self.question.query(NOT_ASKED)

    @property
    def previous(self) -> str:
        if not self.rows:
            return self.query(page=min(self.number - 1, self.pages)) if self.number > 1 else ""
        return self.at(max(self.number - 1, 1), self.stretch.before) if self.more_before else ""

    @property
    def next(self) -> str:
        return self.at(self.number + 1, self.stretch.after) if self.more_after else ""

    @property
    def last_page(self) -> str:
        number, end = self.pages, self.stretch.end if self.question.is_valid() else ""
        return self.query(page=number if self.is_counted else None, cursor=end) if end else self.query(page=number)

    @property
    def leads_to_last(self) -> bool:
        """Whether the last page is worth a link: it is not this one or the next, and its rows are found at once."""
        known = not self.is_counted or not self.is_placed or self.number + 1 < self.pages
        return self.more_after and known and bool(self.stretch.end)

    @property
    def larger(self) -> list[tuple[int, str]]:
        return [
            (n, self.query(limit=n)) for n in (100, 500) if n > self.limit and (self.more_before or self.more_after)
        ]

    @property
    def is_asked(self) -> bool:
        """Whether anything narrows the rows."""
        return bool(self.plain_query) and set(self.question.data) - {*NOT_ASKED, "ordering"} != set()

    @property
    def asks_beside_words(self) -> bool:
        return set(self.question.data) - {*NOT_ASKED, "ordering", "q"} != set()

    @cached_property
    def chips(self) -> list[dict]:
        return chips_of(self.question)

    @property
    def ordering(self) -> str:
        return self.question.form.cleaned_data.get("ordering") or self.question.default_ordering

    def orders(self) -> dict[str, dict]:
        """{name: how the head of that column sorts}."""
        made = {}
        for name in self.question.filters["ordering"].orders:
            now = {name: "ascending", f"-{name}": "descending"}.get(self.ordering, "")
            wanted = f"-{name}" if now == "ascending" or (not now and "date" in name) else name
            made[name] = {"now": now, "query": self.query(ordering=wanted)}
        return made

    def asks(self, name: str) -> bool:
        """Whether `name` is asked with yes."""
        return self.question.is_valid() and self.question.form.cleaned_data.get(name) is True

    @cached_property
    def sections(self) -> list[dict]:
        return self.page.sections(self)

    @cached_property
    def words(self) -> str:
        """The words that were asked for, if that made sense."""
        return self.question.form.cleaned_data.get("q") or "" if self.question.is_valid() else ""

    @cached_property
    def finder(self) -> Finder | None:
        """What marks these words in the rows; None where none were asked for."""
        hits = Hits.of.get(self.page.model()._meta.label_lower)
        if not self.words or hits is None:
            return None
        return hits.finder(self.words, self.question.meaning(hits.model, self.words).within)

    @cached_property
    def instead(self) -> list[dict]:
        """What to ask instead of words that find nothing at all, with everything else that is asked left as it is."""
        if not self.words or self.count:
            return []
        seen = self.page.model().objects.visible_to(self.user).order_by()
        if self.asks_beside_words and self.question.meaning(seen.model, self.words).of(seen).exists():
            return []

        def counted(words: str) -> int:
            return Answer(self.page, self.user, QueryDict(self.query(q=words))).count

        offers = instead(self.words, counted, nearest_names(self.words, self.user, FEW))
        return [
            {"offer": one, "url": self.page.url(self.query(q=one.words)), "counted": self.page.counted(one.found)}
            for one in offers
        ]

    @cached_property
    def fix(self) -> "Fix | None":
        """What mends the rows, where they were asked for by what is wrong with them and the reader may mend it."""
        asked = next((name for name in self.page.fixes if self.asks(name)), "")
        return self.page.fix(asked, self.user) if asked else None


class ListPage(View):
    """Base of the list pages. `resource` is the name of the same rows over the API."""

    question_class: type[Question]
    resource = ""
    url_name = ""
    template = ""
    table = ""
    tools = ""  # a template of what stands beside the export
    title = ""
    words = ""
    hint = ""
    views: tuple = ()
    fixes: dict = {}  # {name of a filter that finds what is wrong: (what mends it, place on the editing page)}
    adds_here = True
    in_one = False  # whether rows and what they show are one query (`Stretch`)
    counts_itself = False  # a page that says how many rows there are from what it shows
    icon = "list"
    results = "_results.html"
    nothing_found = nothing_yet = what_to_do = add_words = ""
    http_method_names = ["get", "head", "options"]

    @classmethod
    def model(cls):
        return cls.question_class._meta.model

    @classmethod
    def subject(cls):
        """The model whose right to view counts: that of the rows, unless they are about others."""
        return cls.model()

    @classmethod
    def ask(cls, user, data) -> Question:
        return cls.question_class(data, cls.model().objects.visible_to(user), user=user, on_page=True)

    @classmethod
    def with_columns(cls, rows: QuerySet, user) -> QuerySet:
        """The rows with what the table shows of them."""
        return rows.for_list(user)

    @classmethod
    def sections(cls, answer: Answer) -> list[dict]:
        """The rows in groups, each with a heading or none."""
        return [{"rows": answer.rows}]

    @classmethod
    def offers(cls, user) -> dict[str, bar.Offer]:
        """What the filter bar offers for ids and states before anything is chosen."""
        return {}

    def calendar_url(self, answer: Answer) -> str:
        """The same question as a calendar; empty where its rows have no days."""
        return ""

    def more(self, answer: Answer) -> dict:
        """What else the template of this page needs."""
        return {}

    @classmethod
    def counted(cls, n: int) -> str:
        """The number with its word: 25 events."""
        raise NotImplementedError

    def shown_views(self, answer: Answer) -> list[saved.Tab]:
        """The questions asked most and the saved views, as tabs above the bar."""
        now = dict(QueryDict(answer.plain_query).lists())
        own = [
            saved.Tab(label, self.url(query), current=now == dict(QueryDict(query).lists()))
            for label, query in self.views
        ]
        return saved.tabs(self.url_name, answer.question, own)

    @classmethod
    def add_url(cls, user) -> str:
        allowed = user.is_staff and may(user, "add", cls.model())
        return editing_url(cls.model()._meta.label, "add") if allowed else ""

    @classmethod
    def fix(cls, name: str, user) -> Fix | None:
        """What mends the rows that a filter finds; None for those who may not."""
        allowed = name in cls.fixes and user.is_staff and may(user, "change", cls.model())
        return Fix(cls.fixes[name][0], cls.model(), cls.fixes[name][1]) if allowed else None

    @classmethod
    def remark(cls, answer: Answer) -> dict | None:
        """What is said above the rows of this question: `text`, and perhaps a link (`url`, `label`)."""
        return None

    @classmethod
    def url(cls, query: str = "") -> str:
        return reverse(cls.url_name) + (f"?{query}" if query else "")

    def get(self, request):
        if not may(request.user, "view", self.subject()):
            raise PermissionDenied
        answer = Answer(type(self), request.user, request.GET)
        part = self.asks_for_part(request)
        found = bar.look_up(answer.question, {} if part else self.offers(request.user))
        if query := answer.question.led_on():
            return redirect(f"{request.path}?{query}")
        late = {} if part else {"late": overdue(request.user)}
        if self.counts_itself:
            counts = count_few(late)
        else:
            _rows, counts = answer.rows, answer.count_with(late)
        more = self.more(answer)
        context = {
            "list": self,
            "answer": answer,
            "path": request.path,
            "picks": bar.describe(answer.question, found),
            "carried": bar.carried(answer.question),
            "calendar_url": self.calendar_url(answer),
            "exports": self.exports(request.user, answer),
            "field_errors": self.errors_elsewhere(answer.question),
            "part": part,
            "views": self.shown_views(answer),
            "remark": self.remark(answer),
            "save_url": saved.save_url(request.user, self.url_name, answer.question),
            "counted": self.counted(answer.count),
            "add_url": self.add_url(request.user),
            **({"overdue_count": counts["late"]} if late else {}),
            **more,
        }
        response = render(request, self.results if part else self.template or "list.html", context)
        patch_vary_headers(response, ["HX-Request", "HX-Target"])
        if part:
            response["HX-Push-Url"] = self.url(
                answer.question.query(() if "cursor" in answer.question.data or answer.number > 1 else ("page",))
            )
        return response

    @staticmethod
    def asks_for_part(request) -> bool:
        htmx = request.htmx
        return bool(htmx and not htmx.boosted and not htmx.history_restore_request and htmx.target in (None, "results"))

    def exports(self, user, answer: Answer) -> list[dict]:
        if not self.resource or not may(user, "export", self.model()) or answer.errors:
            return []
        query = answer.question.query(NOT_ASKED)
        return [
            {"label": label, "icon": icon, "suffix": suffix,
             "url": reverse(f"api:{self.resource}-export", args=[suffix]) + (f"?{query}" if query else "")}
            for suffix, label, icon in EXPORTS
        ]  # fmt: skip

    @staticmethod
    def errors_elsewhere(question: Question) -> list[dict]:
        """Every error with the name it belongs to and the question without it."""
        return [
            {
                "name": name,
                "label": str(question.filters[name].label or name) if name in question.filters else name,
                "messages": messages,
                "query": question.query((name, *PLACED)),
            }
            for name, messages in question.errors.items()
        ]


def list_at(url_name: str) -> type[ListPage]:
    """The list behind an address: how one page asks what another one shows."""
    return resolve(reverse(url_name)).func.view_class


def panel(url_name: str, user, limit: int = 10, **asked) -> dict | None:
    """The first rows of a list for a question, as a panel of another page shows them; None without the right to view."""
    page = list_at(url_name)
    if not may(user, "view", page.model()):
        return None
    data = QueryDict(mutable=True)
    for name, values in {**asked, "limit": limit}.items():
        data.setlist(name, [str(v) for v in values] if isinstance(values, (list, tuple)) else [str(values)])
    answer = Answer(page, user, data)
    _rows = answer.rows  # which may tell how many there are
    return {"list": page, "answer": answer, "url": page.url(answer.plain_query), "path": page.url()}


class DetailPage(View):
    """Base of the record pages: the right to the model first, then the row; a hidden row is an absent one."""

    model = None
    template = ""
    http_method_names = ["get", "head", "options"]

    def rows(self, user) -> QuerySet:
        return self.model.objects.visible_to(user).for_list(user)

    def context(self, record, user) -> dict:
        return {}

    def get(self, request, pk):
        if not may(request.user, "view", self.model):
            raise PermissionDenied
        record = self.rows(request.user).filter(pk=pk).first() if pk < 2**63 else None
        if record is None:
            return moved(request, self.model, pk) or not_found(request)
        edit = ""
        if request.user.is_staff and may(request.user, "change", self.model):
            edit = editing_url(self.model._meta.label, "change", record.pk)
        context = {"record": record, "edit_url": edit, **self.context(record, request.user)}
        return render(request, self.template, context)


def moved(request, model, pk: int):
    """To the page of the record that stays, where this id went in a merge; else None."""
    record = record_that_stays(model.objects.visible_to(request.user), pk)
    return None if record is None else redirect(record.get_absolute_url())


def not_found(request, exception=None):
    """The same page for what is absent and for what is hidden."""
    return render(request, "404.html", status=404)
