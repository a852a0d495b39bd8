"""Pages of organizations. What they say of events is asked of the events' own lists, for each reader."""

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views import View

from caricc.lib.bar import Offer
from caricc.lib.counts import count_all
from caricc.lib.days import today
from caricc.lib.pages import DetailPage, ListPage, add_url, editing_url, list_at, panel
from caricc.lib.search.found import best_rows
from caricc.lib.told import tell
from caricc.lib.visibility import may
from caricc.models import History
from contacts import filters
from contacts.hits import with_reasons
from contacts.merging import about_twins
from contacts.models import Organization, Post, Rhythm
from contacts.rhythm import contacts, in_question, standing, standings
from contacts.strip import strip
from contacts.twins import pair_by_pair, with_twins

EVENTS, COMMITMENTS, CASES = "events:event_list", "events:commitment_list", "events:case_list"
MANY_BODIES, MANY_PEOPLE, FOUND = 100, 50, 12
LOOKED_UP_FOR = {"partner", "organization", "debtor", "creditor", "body"}


class OrganizationList(ListPage):
    question_class = filters.OrganizationQuestion
    resource = "organizations"
    url_name = "contacts:organization_list"
    table = "contacts/_organization_table.html"
    title = _("Organizations")
    words = _("Names of organizations")
    icon = "building"
    nothing_found = _("No organizations match")
    nothing_yet = _("No organizations yet")
    what_to_do = _("A partner is entered once, with all its names, when an event is logged or here.")
    add_words = _("Add an organization")
    views = (
        (_("All"), ""),
        (_("Partners"), "own=false"),
        (_("Our own"), "own=true"),
        (_("Silent"), "silent=true"),
    )
    fixes = {
        "without_state": (_("Give the state"), "id_country"),
        "twins": (_("Compare the names"), "names-group"),
    }

    @classmethod
    def with_columns(cls, rows, user):
        return rows.select_related("parent", "seat_city")

    @classmethod
    def counted(cls, n):
        return ngettext("%(n)s organization", "%(n)s organizations", n) % {"n": n}

    @classmethod
    def sections(cls, answer):
        if asks_for_rhythm(answer):
            with_standing(answer)
            return [{"rows": answer.rows, "rhythm": True}]
        if answer.question.is_valid() and answer.question.form.cleaned_data.get("met"):
            with_meetings(answer)
            return [{"rows": answer.rows, "met": True}]
        with_twins(answer)
        with_reasons(answer)
        return [{"rows": answer.rows}]

    @classmethod
    def remark(cls, answer):
        if not asks_for_rhythm(answer):
            return pair_by_pair(answer)
        text = gettext(
            "A partner is silent when its rhythm passed without an event held with it or with a body below it, as far as you may see events."
        )
        edit = answer.user.is_staff and may(answer.user, "change", Rhythm)
        url = editing_url(Rhythm._meta.label, "changelist") if edit else ""
        return {"text": text, "url": url, "label": gettext("Rhythms of kinds")}

    @classmethod
    def offers(cls, user):
        return {"country": Offer(states=((Organization.objects.visible_to(user), "country"),))}


def asks_for_rhythm(answer) -> bool:
    """Whether the table shows how partners stand to their rhythm."""
    return answer.question.is_valid() and any(
        answer.question.form.cleaned_data.get(name) is not None for name in ("silent", "snoozed")
    )


def with_standing(answer) -> None:
    """The rows with how they stand, and their last and next event; those of which no rhythm is asked have none."""
    silent = answer.asks("silent")
    pks = [row.pk for row in answer.rows]
    found = answer.question.silences if silent else {}
    if not silent:
        found = {one.organization: one for one in standings(answer.user, in_question().filter(pk__in=pks))}
    met = contacts(answer.user, [found[pk] for pk in pks if pk in found])
    may_change = may(answer.user, "change", Organization)
    for row in answer.rows:
        row.standing, row.met, row.may_be_changed = found.get(row.pk), met.get(row.pk, {}), may_change


def with_meetings(answer) -> None:
    """The rows with the events at which they were met: how many, the last day of the latest, and their question."""
    wanted = answer.question.filters["met"]
    inner = wanted.question(answer.question.form.cleaned_data["met"], answer.question)
    there = inner.in_roles().filter(event__in=inner.qs.order_by().values("pk"), organization__in=answer.rows).order_by()
    counted = there.values("organization").annotate(n=Count("event", distinct=True), last=Max("event__end_date"))
    found = {pk: (n, last) for pk, n, last in counted.values_list("organization", "n", "last")}
    for row in answer.rows:
        row.meetings, row.last_met = found.get(row.pk, (0, None))
        row.meetings_url = "" if "body" in inner.data else list_at(EVENTS).url(inner.query(("page",), body=row.pk))


class OrganizationOptions(View):
    """Bodies by any of their names, as choices of a filter: the best few that have every word."""

    http_method_names = ["get", "head", "options"]

    def get(self, request):
        if not may(request.user, "view", Organization):
            raise PermissionDenied
        words, name = request.GET.get("q", "").strip()[:100], request.GET.get("name", "")
        found = best_rows(Organization.objects.visible_to(request.user), words, request.user, FOUND + 1)
        context = {"found": found[:FOUND], "more": len(found) > FOUND, "words": words}
        context["name"] = name if name in LOOKED_UP_FOR else "partner"
        return render(request, "contacts/_options.html", context)


class OrganizationDetail(DetailPage):
    model = Organization
    template = "contacts/organization_detail.html"

    def context(self, body, user):
        tree = tree_below(body)
        below = list(tree)
        posts = Post.objects.visible_to(user).filter(organization__in=below).for_list(user)
        people = list(posts.filter(until=None).order_by("person__name", "-since", "id")[: MANY_PEOPLE + 1])
        promised = panel(COMMITMENTS, user, 20, partner=body.pk, status="open")
        events = list_at(EVENTS)
        held = events.model().objects.visible_to(user).with_delegation(organization__in=below).held()
        now = standing(user, body.pk)
        months = strip(held, f"partner={body.pk}&status=held") if now else []
        return {
            "standing": now,
            "months": months if any(month.count for month in months) else [],
            "rhythm_deeds": deeds(body, now) if now and may(user, "change", Organization) else {},
            "bodies": with_event_counts(body, tree, user),
            "posts": people[:MANY_PEOPLE],
            "more_people": len(people) > MANY_PEOPLE,
            "former": posts.exclude(until=None).count(),
            "events": panel(EVENTS, user, partner=body.pk),
            "commitments": promised,
            "cases": panel(CASES, user, 10, partner=body.pk),
            "figures": figures(body, below, promised, user),
            "history": tell(History.objects.of(body), user),
            **about_twins(body, user),
            "add_event": add_url(user, list_at(EVENTS).model(), partner=body.pk),
        }


def deeds(body, now) -> dict[str, str]:
    """Where the rhythm of a partner is changed, and where it is let be quiet or no longer."""
    names = ["rhythm", "wake" if now.is_snoozed else "snooze"]
    return {name: reverse(f"contacts:organization_{name}", args=[body.pk]) for name in names}


def tree_below(body) -> dict[int, int | None]:
    """{id: id of its parent} of a body and all below it, in two queries."""
    ids = Organization.objects.ids_below([body.pk])
    return dict(Organization.objects.filter(pk__in=ids).values_list("pk", "parent"))


def with_event_counts(body, tree, user) -> list[dict]:
    """The bodies directly below, each with the number of visible events with it or a body below it."""
    children = list(Organization.objects.visible_to(user).filter(parent=body).order_by("name", "id")[:MANY_BODIES])
    events = list_at(EVENTS).model()
    if not children or not may(user, "view", events):
        return [{"body": child, "count": None} for child in children]
    under: dict[int, list[int]] = {child.pk: [] for child in children}
    for pk in tree:
        step, seen = pk, set()
        while step in tree and step not in under and step not in seen:
            seen.add(step)
            step = tree[step]
        if step in under:
            under[step].append(pk)
    seen = events.objects.visible_to(user)
    counts = count_all({str(pk): seen.with_delegation(organization__in=ids) for pk, ids in under.items()})
    return [{"body": child, "count": counts[str(child.pk)]} for child in children]


def figures(body, below, promised, user) -> list[dict]:
    """Held, last, next and open with a body: each with the question that its link asks."""
    events = list_at(EVENTS)
    if not may(user, "view", events.model()):
        return []
    now, partner = today().isoformat(), body.pk
    held, ahead = f"partner={partner}&status=held", f"partner={partner}&status=planned&date_after={now}"
    met = events.model().objects.visible_to(user).with_delegation(organization__in=below)
    counts = count_all({"held": met.held(), "ahead": met.upcoming()})
    last = met.held().order_by("-start_date", "-id").first() if counts["held"] else None
    following = met.upcoming().order_by("start_date", "id").first() if counts["ahead"] else None
    return [
        {"label": _("Events held"), "url": events.url(held), "count": counts["held"]},
        {"label": _("Last met"), "event": last},
        {"label": _("Planned ahead"), "url": events.url(ahead), "count": counts["ahead"], "event": following},
        *(
            [{"label": _("Open commitments"), "url": promised["url"], "count": promised["answer"].count}]
            if promised
            else []
        ),
    ]
