"""The list page and the record page: one way from an address to rows, whatever they show.

A list names its FilterSet and its table; rights, rows, errors, chips, the filter bar, paging, sorting, the fragment
for htmx and the links to exports are here once. `panel()` asks the same list from another page.
"""

from urllib.parse import urlencode

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import QueryDict
from django.shortcuts import render
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.cache import patch_vary_headers
from django.views import View

from caricc.lib import bar, saved
from caricc.lib.answer import NOT_ASKED, Answer
from caricc.lib.counts import count_few
from caricc.lib.filters import PLACED, Question
from caricc.lib.merged import record_that_stays, redirect
from caricc.lib.visibility import may

EXPORTS = (("xlsx", "Excel", "table"), ("csv", "CSV", "table"), ("jsonl", "JSON lines", "doc"))


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


class Fix:
    """What mends a row of a model, and where on its editing page that is done."""

    def __init__(self, label: str, model, place: str):
        self.label, self.model, self.place = label, model, place

    def url(self, row) -> str:
        return f"{editing_url(self.model._meta.label, 'change', row.pk)}#{self.place}"


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
