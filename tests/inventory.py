"""Every address of the register, found by walking the URLconf and the filters: a new one is in the tests by itself."""

import re
from urllib.parse import quote

from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver

from caricc.lib.filters import ChoicesFilter, IdsFilter, OrderingFilter, StatesFilter, WordsFilter, YesNoFilter
from caricc.models import User
from caricc.urls import router
from events.models import Event
from tests.world import CANARY, READERS

SAMPLES = {
    "pk": "1", "object_id": "1", "suffix": "csv", "app_label": "events", "content_type_id": "1", "format": "json",
    "url": "events/nonsense/", "id": "1", "path": "x", "code": "ru",
}  # fmt: skip
PAGES = {
    "events": "/events/", "organizations": "/organizations/", "people": "/people/", "cases": "/cases/",
    "commitments": "/commitments/",
}  # fmt: skip
WORDS = (CANARY, CANARY.lower()[:5], "karimov", "talks")
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
        elif isinstance(wanted, OrderingFilter):
            values = [value for value, _label in wanted.extra["choices"]]
        elif isinstance(wanted, WordsFilter):
            values = WORDS
        else:
            values = {"limit": ["2"], "offset": ["1"]}.get(
                name, ["2021-10-14"] if "date" in name or "due" in name else []
            )
        for value in values:
            yield f"{name}={quote(str(value))}"


def front_addresses():
    """The pages and lists as they are without a question."""
    yield from ("/", *PAGES.values(), *(f"/search/?q={word}" for word in (*WORDS, "")))
    for prefix, _viewset in resources():
        api = f"/api/v1/{prefix}/"
        yield from (api, f"{api}ids/", f"{api}export.csv", f"{api}export.jsonl", f"{api}?limit=1&count=false")


def reading_addresses():
    """Every address outside the admin that reads something, with the records and the questions of the world."""
    yield from front_addresses()
    for prefix, viewset in resources():
        model, api = viewset.queryset.model, f"/api/v1/{prefix}/"
        page = PAGES.get(prefix)
        for pk in [*sample(model), 999_999]:
            yield f"{api}{pk}/"
            if page:
                yield f"{page}{pk}/"
        for question in questions(viewset.filterset_class):
            yield f"{api}?{question}"
            if page and question.startswith(("q=", "partner=", "case=", "parent=", "event=", "ordering=")):
                yield f"{page}?{question}"


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
