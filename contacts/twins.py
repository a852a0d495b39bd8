"""What a reader is shown of records that may be the same as another."""

from typing import Any, NamedTuple

from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from caricc.lib.days import today
from caricc.lib.pages import list_at
from caricc.lib.visibility import may
from contacts.likeness import JUDGES, LIKELY, alike, in_words, not_the_same
from contacts.models import Person

SHOWN = 5
EVENTS = "events:event_list"
AT_EVENTS = {"person": ("delegates", "delegation__event", "person"), "organization": ("delegations", "event", "body")}


class Met(NamedTuple):
    """Events that the reader may see: how many, the last day of those held, and where they are listed."""

    count: int
    last: Any
    url: str


class Twin(NamedTuple):
    record: Any
    score: float
    reasons: tuple[str, ...]
    met: Met | None

    @property
    def percent(self) -> int:
        return round(self.score * 100)

    @property
    def likely(self) -> str:
        return in_words(self.score)

    @property
    def post(self):
        """Of a person: the post held now, or one that was."""
        posts = list(self.record.posts.all())
        return self.record.post_on(today()) or (posts[0] if posts else None)


def with_twins(answer) -> None:
    """The rows of the page, each with the others that it may be the same as, as `same_as`. Two queries, where asked."""
    if answer.asks("twins"):
        same = answer.page.model().objects.twins_of([row.pk for row in answer.rows])
        for row in answer.rows:
            row.same_as = same.get(row.pk, [])


def pair_by_pair(answer) -> dict[str, Any] | None:
    """What leads from the list of twins to the list of pairs."""
    if not answer.asks("twins"):
        return None
    url = reverse(f"contacts:{answer.page.model()._meta.model_name}_duplicates")
    return {"text": _("With how likely it is, and why:"), "url": url, "label": _("pair by pair")}


def records(model, ids, user) -> dict[int, Any]:
    """{id: the record} of those that the reader may see, with what is said of it beside another."""
    rows = model.objects.visible_to(user).filter(pk__in=ids)
    return {row.pk: row for row in (rows.prefetch_related("posts__organization") if model is Person else rows)}


def met(model, ids, user) -> dict[int, Met]:
    """{id: at which events the record itself was} as the reader may see events; empty for who may see none."""
    page = list_at(EVENTS)
    if not ids or not may(user, "view", page.model()):
        return {}
    relation, path, asked = AT_EVENTS[model._meta.model_name]
    field = model._meta.get_field(relation)
    seen = page.model().objects.visible_to(user).order_by().values("pk")
    there = field.related_model._base_manager.filter(**{f"{field.field.name}__in": ids, f"{path}__in": seen})
    counted = there.order_by().values(field.field.name).annotate(
        n=Count(path, distinct=True), last=Max(f"{path}__end_date", filter=Q(**{f"{path}__status": "held"}))
    )  # fmt: skip
    found = {row[field.field.name]: (row["n"], row["last"]) for row in counted}
    return {pk: Met(*found.get(pk, (0, None)), page.url(f"{asked}={pk}")) for pk in ids}


def likely_twins(model, told, user, but: int | None = None, least: float = LIKELY) -> list[Twin]:
    """What may be on record already, archived ones too: the likeliest few. `but`: the record itself."""
    rows = model.objects.visible_to(user)
    apart = {pk for pair in not_the_same(model, [but]) for pk in pair} if but else set()
    best = alike(model, told, rows, apart | ({but} if but else set()), least)[:SHOWN]
    ids, judge = [pk for _score, pk in best], JUDGES[model]
    names, seen, at_events = judge.told(ids), records(model, ids, user), met(model, ids, user)
    return [
        Twin(seen[pk], score, judge.judge(told, names[pk], reasons=True).reasons, at_events.get(pk))
        for score, pk in best
        if pk in seen
    ]
