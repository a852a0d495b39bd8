"""Open items travel: what is open with those who come to an event, and what they and we produced last."""

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import NoReverseMatch, reverse

from caricc.lib.counts import count_all
from caricc.lib.days import today
from caricc.lib.visibility import may
from events.choices import BETWEEN_OTHERS, EventStatus
from events.filters import CommitmentQuestion, OutcomeQuestion
from events.ledger import due_words
from events.models import Commitment, Outcome

AT_MOST = 8


def is_ahead(event) -> bool:
    """Whether there is still something to raise: it is planned, or held today."""
    now = today()
    return event.status == EventStatus.PLANNED or (
        event.status == EventStatus.HELD and event.start_date <= now <= event.end_date
    )


def to_raise(event, user) -> dict | None:
    """What to raise at an event, as `user` may know it; None where there is no occasion.

    Each list is the first rows of the question behind its link, which is asked once for all that narrow it.
    """
    if not is_ahead(event):
        return None
    asked: dict[str, tuple[str, str]] = {}
    rows: dict[str, QuerySet] = {}
    if may(user, "view", Commitment):
        query = f"raise_at={event.pk}&status=open"
        still = _ask(CommitmentQuestion, Commitment, query, user)
        rows |= {"open": still, "ours": still.ours(), "theirs": still.theirs(), "late": still.overdue()}
        rows["others"] = still.between_others()
        asked |= {name: ("events:commitment_list", query + rest) for name, rest in NARROWED.items()}
    if may(user, "view", Outcome):
        query = f"raise_at={event.pk}"
        last = _ask(OutcomeQuestion, Outcome, query, user)
        rows |= {"unfinished": last.unfinished(), "last": last}
        asked |= {
            "unfinished": ("events:outcome_list", f"{query}&unfinished=true"),
            "last": ("events:outcome_list", query),
        }
    counts, now = count_all(rows), today()
    lists = {
        name: {"count": counts[name], "url": _url(*asked[name]), "rows": [], "more": max(counts[name] - AT_MOST, 0)}
        for name in rows
    }
    for name in ("ours", "theirs", "unfinished", "last"):
        if counts.get(name):
            lists[name]["rows"] = list(rows[name].for_list(user)[:AT_MOST])
    for name in ("ours", "theirs"):
        for one in lists.get(name, {}).get("rows", ()):
            one.when = due_words(one, now)
    return {**lists, "any": any(counts.values())}


NARROWED = {
    "open": "", "ours": "&direction=ours", "theirs": "&direction=theirs", "late": "&overdue=true",
    "others": f"&direction={BETWEEN_OTHERS}",
}  # fmt: skip


def _ask(question, model, query: str, user) -> QuerySet:
    return question(QueryDict(query), model.objects.visible_to(user), user=user, on_page=True).qs


def _url(name: str, query: str) -> str:
    """The address of a list, empty where there is no such page."""
    try:
        return f"{reverse(name)}?{query}"
    except NoReverseMatch:
        return ""
