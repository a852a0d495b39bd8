"""Every address of the register, found by walking the URLconf and the filters: a new one is in the tests by itself."""

import re
from itertools import pairwise
from urllib.parse import quote

from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver

from caricc.lib.acts import Act
from caricc.lib.filter_kinds import (
    AnsweringFilter,
    ChoicesFilter,
    DayFilter,
    IdsFilter,
    OrderingFilter,
    PeriodFilter,
    StatesFilter,
    WordsFilter,
    YesNoFilter,
)
from caricc.lib.pages import ListPage
from caricc.models import User
from caricc.urls import router
from contacts.models import Organization, Person
from events.filters import EventQuestion
from events.models import Case, Event
from tests.world import CANARY, READERS

SAMPLES = {
    "pk": "1", "object_id": "1", "suffix": "csv", "app_label": "events", "content_type_id": "1", "format": "json",
    "url": "events/nonsense/", "id": "1", "path": "x", "code": "ru",
    "token": "cal_00000000_nonsense",
}  # fmt: skip
ON_PAGES = (
    "q=", "partner=", "case=", "parent=", "event=", "ordering=", "at=", "met=", "raise_at=", "silent=", "snoozed=", "officer=",
    "without_", "body=",
)  # fmt: skip
LIKE = (
    "/people/like/?family=Karimov&given=Rustam&patronymic=", "/people/like/?family=Berg&given=A.&new=1",
    "/organizations/like/?name=Drug+Control+Agency&country=TJ", "/organizations/like/?name=UNODC&kind=un&new=1",
    "/people/duplicates/?q=Karimov", "/organizations/duplicates/?mine=false",
)  # fmt: skip
WORDS = (CANARY, CANARY.lower()[:5], "karimov", "talks")
UNFOUND = (  # nothing has these words, or nothing that the reader may see: what is offered instead tells no more
    "яьуштщпщкыл", f"{CANARY} xyzzy", f"talks {CANARY}", f"{CANARY[:-1]}t", "rfhbvjd", "Rustan Karinov", "talks xyzzy",
)  # fmt: skip
STATES = ("KZ", "JP", "AT", "TJ")


def addresses(resolver=None, before="", namespaces=()):
    """(name, path with sample values) of every pattern of the URLconf."""
    for entry in (resolver or get_resolver()).url_patterns:
        text = str(entry.pattern)
        text = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", lambda m: SAMPLES[m.group(1)], text)
        text = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: SAMPLES[m.group(1)], text)
        text = text.replace("\\.", ".").replace("\\Z", "").strip("^$")
        if isinstance(entry, URLResolver):
            names = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from addresses(entry, before + text, names)
        elif isinstance(entry, URLPattern):
            yield ":".join((*namespaces, entry.name or text)), f"/{before}{text}"


def page_views(resolver=None, before=""):
    """(path with `{pk}`, view class) of every page outside the admin and the API."""
    for entry in (resolver or get_resolver()).url_patterns:
        text = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(entry.pattern)).strip("^$")
        if text.startswith(("admin", "api/")):
            continue
        if isinstance(entry, URLResolver):
            yield from page_views(entry, before + text)
        elif isinstance(entry, URLPattern) and hasattr(entry.callback, "view_class"):
            yield f"/{before}{text}", entry.callback.view_class


def plain_pages():
    """The addresses of all pages that need no record, and are not the shell's own."""
    own = {"/accounts/login/", "/accounts/logout/"}
    return sorted(
        path for path, view in page_views() if "{" not in path and path not in own and "get" in view.http_method_names
    )


def record_pages():
    """(path with `{pk}`, model) of every page about one record, deeds included."""
    return [(path, view.model) for path, view in page_views() if "{pk}" in path and getattr(view, "model", None)]


def deeds():
    """(path with `{pk}`, view) of every deed on a record."""
    return [(path, view) for path, view in page_views() if issubclass(view, Act)]


def list_pages() -> dict[str, str]:
    """{resource of the API: path of the list page}."""
    return {view.resource: path for path, view in page_views() if issubclass(view, ListPage) and view.resource}


def resources():
    """(name, viewset) of every resource of the API."""
    return [(prefix, viewset) for prefix, viewset, _basename in router.registry]


def sample(model) -> list[int]:
    """Ids of the rows of a model that somebody may not see (one a record), and of two that all readers see."""
    rows, hidden, seen = model._base_manager.order_by("pk"), {}, []
    readers = User.objects.filter(username__in=READERS)
    visible = [set(model.objects.visible_to(user).values_list("pk", flat=True)) for user in readers]
    for row in rows:
        if all(row.pk in pks for pks in visible):
            seen.append(row.pk)
        else:
            hidden.setdefault(row.root().pk, row.pk)
    return [*hidden.values(), *seen[:2]]


def questions(filterset):
    """Query strings that ask each filter for its values, hidden ids among them."""
    for name, wanted in filterset.base_filters.items():
        if isinstance(wanted, IdsFilter):
            values = sample(wanted.target)
        elif isinstance(wanted, ChoicesFilter):
            values = [value for value, _label in wanted.known]
        elif isinstance(wanted, StatesFilter):
            values = STATES
        elif isinstance(wanted, YesNoFilter):
            values = ("true", "false")
        elif isinstance(wanted, (OrderingFilter, PeriodFilter)):
            values = [value for value, _label in wanted.extra["choices"]]
        elif isinstance(wanted, AnsweringFilter):
            case = Case._base_manager.order_by("-visibility", "pk").first().pk
            values = ("kind=visit", "date_after=2021-10-15&date_before=2021-10-28", f"case={case}", f"q={CANARY}")
        elif isinstance(wanted, WordsFilter):
            values = WORDS
        else:
            values = {"limit": ["2"], "offset": ["1"]}.get(
                name, ["2021-10-14"] if isinstance(wanted, DayFilter) else []
            )
        for value in values:
            yield f"{name}={quote(str(value))}"


def front_addresses():
    """The pages and lists as they are without a question."""
    yield from (*plain_pages(), *LIKE, *(f"/search/?q={quote(word)}" for word in (*WORDS, *UNFOUND)), *merges())
    yield from (f"{page}?q={quote(word)}" for page in PAGES.values() for word in UNFOUND)
    for prefix, _viewset in resources():
        api = f"/api/v1/{prefix}/"
        yield from (api, f"{api}ids/", f"{api}export.csv", f"{api}export.jsonl", f"{api}?limit=1&count=false")


def merges():
    """The preview of a merge of each person and each organization with the next one."""
    for kind, model in (("people", Person), ("organizations", Organization)):
        ids = list(model._base_manager.order_by("pk").values_list("pk", flat=True))
        yield from (f"/{kind}/merge/?a={one}&b={other}" for one, other in pairwise(ids))


def reading_addresses():
    """Every address outside the admin that reads something, with the records and the questions of the world."""
    yield from front_addresses()
    for path, model in record_pages():
        yield from (path.format(pk=pk) for pk in [*sample(model), 999_999])
    for prefix, viewset in resources():
        model, api = viewset.queryset.model, f"/api/v1/{prefix}/"
        page = PAGES.get(prefix)
        for pk in [*sample(model), 999_999]:
            yield f"{api}{pk}/"
        for question in questions(viewset.filterset_class):
            yield f"{api}?{question}"
            if page and question.startswith(ON_PAGES):
                yield f"{page}?{question}"
    yield from (f"/?{question}" for question in dashboard_questions())


def dashboard_questions():
    """What the bar of the dashboard asks, hidden cases and bodies among it."""
    yield from ("period=this_month", "period=next_30_days", "date_after=2021-10-01&date_before=2021-12-31")
    for question in questions(EventQuestion):
        if question.partition("=")[0] in ("partner", "country", "kind", "topic", "case", "officer", "body", "q"):
            yield question


def admin_addresses():
    site, choices = "/admin/", []
    yield site
    for model, editor in admin.site._registry.items():
        label = f"{model._meta.app_label}/{model._meta.model_name}"
        yield from (f"{site}{label}/", f"{site}{label}/?q={CANARY}", f"{site}{label}/add/")
        rows = sample(model) if hasattr(model.objects.all(), "visible_to") else [1, 2]
        for pk in [*rows, 999_999]:
            yield from (f"{site}{label}/{pk}/{page}/" for page in ("change", "history", "delete"))
        for name in editor.get_autocomplete_fields(None) if hasattr(editor, "get_autocomplete_fields") else ():
            choices.append((model._meta.app_label, model._meta.model_name, name))
        for inline in getattr(editor, "inlines", ()):
            choices += [
                (inline.model._meta.app_label, inline.model._meta.model_name, name)
                for name in inline.autocomplete_fields
            ]
    for app, model, name in dict.fromkeys(choices):
        for term in ("", CANARY, "Karimov"):
            yield f"{site}autocomplete/?app_label={app}&model_name={model}&field_name={name}&term={term}"
    yield f"{site}events/event/?partner=1008&kind=visit"
    for pk in [*sample(Event), 999_999]:
        yield from (f"{site}events/event/add/?parent={pk}", f"{site}events/event/add/?copy={pk}")


PAGES = list_pages()
