"""Figures: each is a label and a query string, counted by the FilterSet that answers its link."""

from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from caricc.lib.days import today
from caricc.lib.filters import Question
from caricc.lib.pages import count_all
from caricc.lib.visibility import may
from contacts.filters import OrganizationQuestion
from events.arrange import in_tree_order
from events.filters import CaseQuestion, CommitmentQuestion, EventQuestion
from events.models import Event

LATEST, NEXT = 10, 5


@dataclass
class Figure:
    label: str
    list_name: str
    question: type[Question]
    query: str
    late: bool = False
    count: int = 0

    @property
    def url(self) -> str:
        return f"{reverse(self.list_name)}?{self.query}"

    def rows(self, user):
        """The rows behind the figure: the very question that its link asks."""
        seen = self.question._meta.model.objects.visible_to(user)
        return self.question(QueryDict(self.query), seen, user=user, on_page=True).qs


def figures() -> list[Figure]:
    now = today()
    return [
        Figure(_("Events held"), "events:event_list", EventQuestion, "status=held"),
        Figure(_("Events held this year"), "events:event_list", EventQuestion,
               f"status=held&date_after={now.year}-01-01&date_before={now.year}-12-31"),
        Figure(_("Planned ahead"), "events:event_list", EventQuestion, f"status=planned&date_after={now.isoformat()}"),
        Figure(_("Open commitments"), "events:commitment_list", CommitmentQuestion, "status=open"),
        Figure(_("We owe"), "events:commitment_list", CommitmentQuestion, "status=open&direction=ours"),
        Figure(_("Overdue"), "events:commitment_list", CommitmentQuestion, "overdue=true", late=True),
        Figure(_("Open cases"), "events:case_list", CaseQuestion, "status=open"),
        Figure(_("Partners"), "contacts:organization_list", OrganizationQuestion, "own=false"),
    ]  # fmt: skip


def counted(found: list[Figure], user) -> list[Figure]:
    """The figures that `user` may ask for, with their counts, in one query."""
    found = [one for one in found if may(user, "view", one.question._meta.model)]
    numbers = count_all({str(place): one.rows(user) for place, one in enumerate(found)})
    for place, one in enumerate(found):
        one.count = numbers[str(place)]
    return found


def front_page(user) -> dict:
    events = Event.objects.visible_to(user)
    ahead = f"status=planned&date_after={today().isoformat()}&ordering=start_date"
    latest = list(events.held().for_rows(user).order_by("-start_date", "-id")[:LATEST])
    return {
        "figures": counted(figures(), user),
        "latest": latest,
        "latest_sections": [{"rows": in_tree_order(latest)}],
        "ahead": list(events.upcoming().order_by("start_date", "start_time", "id")[:NEXT]),
        "held_query": "status=held",
        "ahead_query": ahead,
        "today": today(),
    }
