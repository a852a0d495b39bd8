"""One search over everything."""

from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import ngettext
from django.views import View

from caricc.lib.counts import count_all
from caricc.lib.filters import Question
from caricc.lib.search.found import best_ids
from caricc.lib.search.hits import Hit, Hits
from caricc.lib.search.instead import FEW, instead
from caricc.lib.search.near import nearest_names
from caricc.lib.visibility import may
from events.hits import all_kinds

TOP = 6


class Group(NamedTuple):
    """Hits of one kind: how many there are, where all of them are listed (empty: nowhere), and the best of them."""

    hits: Hits
    name: str
    count: int
    url: str
    rows: list[Hit]


class Everywhere:
    """One question about every kind of record that the reader may see."""

    def __init__(self, words: str, user):
        self.words, self.user = words, user
        self.questions: dict[str, Question] = {}
        for hits in all_kinds():
            if may(user, "view", hits.model):
                label, seen = hits.model._meta.label, hits.model.objects.visible_to(user)
                asked = QueryDict(mutable=True)
                asked["q"] = words
                self.questions[label] = Question.about[label](asked, seen, user=user, lean=True)

    @property
    def errors(self) -> list:
        return next((question.errors.get("q", []) for question in self.questions.values()), [])

    def counts(self) -> dict[str, int]:
        if self.errors:
            return {}
        return count_all({label: question.qs for label, question in self.questions.items()})

    def groups(self) -> list[Group]:
        counts = self.counts()
        return [self.group(hits, counts) for hits in all_kinds() if counts.get(hits.model._meta.label)]

    def group(self, hits: Hits, counts: dict[str, int]) -> Group:
        label, model = hits.model._meta.label, hits.model
        ids = best_ids(model.objects.visible_to(self.user), self.words, self.user, TOP)
        words: Any = self.questions[label].form.cleaned_data["q"]
        finder = hits.finder(words, self.questions[label].meaning(model, words).within)
        url = f"{reverse(hits.url_name)}?{urlencode({'q': self.words})}" if hits.url_name else ""
        return Group(hits, model._meta.model_name, counts[label], url, list(hits.made(ids, finder, self.user)))

    def instead(self) -> list[dict]:
        """What to ask where nothing was found."""

        def counted(words: str) -> int:
            return sum(Everywhere(words, self.user).counts().values())

        offers = instead(self.words, counted, nearest_names(self.words, self.user, FEW))
        here = reverse("events:search")
        return [
            {"offer": one, "url": f"{here}?{urlencode({'q': one.words})}", "counted": counted_records(one.found)}
            for one in offers
        ]


def counted_records(n: int) -> str:
    return ngettext("%(n)s record", "%(n)s records", n) % {"n": n}


class Search(View):
    """Everything that has the words, by kind: of each the best, and the list that has all."""

    http_method_names = ["get", "head", "options"]

    def get(self, request):
        if not any(may(request.user, "view", hits.model) for hits in all_kinds()):
            raise PermissionDenied
        words = request.GET.get("q", "").strip()
        context = {"words": words}
        if words:
            asked = Everywhere(words, request.user)
            groups = asked.groups()
            context |= {
                "groups": groups,
                "errors": asked.errors,
                "total": sum(group.count for group in groups),
                "offers": [] if groups or asked.errors else asked.instead(),
            }
        return render(request, "events/search.html", context)
