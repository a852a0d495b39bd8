"""Pages of events: the list and the record."""

import calendar
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views import View

from caricc.lib.bar import Offer
from caricc.lib.days import today
from caricc.lib.pages import DetailPage, ListPage, count_all, editing_url, list_at, panel
from caricc.lib.told import tell
from caricc.lib.visibility import may
from caricc.models import History
from contacts.models import Organization
from events import dashboards, filters
from events.arrange import by_month, in_tree_order
from events.choices import CommitmentStatus
from events.ledger import due_words, ledger
from events.models import Case, CasePartner, Commitment, Delegation, Event, Outcome, Topic

MANY = 200


class EventList(ListPage):
    question_class = filters.EventQuestion
    resource = "events"
    url_name = "events:event_list"
    table = "events/_event_table.html"
    title = _("Events")
    words = _("Words in events")
    icon = "calendar"
    nothing_found = _("No events match")
    nothing_yet = _("No events yet")
    what_to_do = _("What was logged appears here, the newest first.")
    add_words = _("Log an event")
    adds_here = False  # the Log button of the bar stands above it
    views = (
        (_("All events"), ""),
        (_("Held"), "status=held"),
        (_("Planned"), "status=planned"),
        (_("Postponed or cancelled"), "status=postponed&status=cancelled"),
    )

    ids_first = True

    @classmethod
    def with_columns(cls, rows, user):
        return rows.for_rows(user)

    @classmethod
    def counted(cls, n):
        return ngettext("%(n)s event", "%(n)s events", n) % {"n": n}

    @classmethod
    def offers(cls, user):
        latest = Event.objects.visible_to(user).latest().values("pk")
        delegations = Delegation._base_manager.filter(event__in=latest)
        return {
            "partner": Offer(partners_at_hand(user)),
            "topic": Offer(Topic.objects.current()),
            "case": Offer(Case.objects.visible_to(user).open().order_by("-opened_on", "-id")[:40]),
            "country": Offer(states=((Organization.objects.all(), "country"), (delegations, "country"))),
            "held_in": Offer(states=((Event._base_manager.filter(pk__in=latest), "country"),)),
        }

    @classmethod
    def sections(cls, answer):
        if "start_date" not in answer.ordering:
            return [{"rows": in_tree_order(answer.rows)}]
        return by_month(answer.rows, answer.start > 0, answer.last < answer.count)


def partners_at_hand(user):
    """The partners met most of late, and the bodies that they are part of."""
    met = Event.objects.partners_met_most(user)
    above = Organization.objects.filter(pk__in=met, parent__own=False).values("parent")
    return Organization.objects.filter(pk__in=met) | Organization.objects.filter(pk__in=above)


class EventDetail(DetailPage):
    model = Event
    template = "events/event_detail.html"

    def rows(self, user):
        return Event.objects.visible_to(user).for_detail(user)

    def context(self, event, user):
        parts = list(event.children.visible_to(user).for_rows(user).order_by("start_date", "start_time", "id"))
        family = {one.pk: one for one in (event, *parts)}
        owed = Commitment.objects.visible_to(user).filter(event__in=family).for_list(user).order_by("due_date", "id")
        made = Outcome.objects.visible_to(user).filter(event__in=family).for_list(user).order_by("position", "id")
        commitments, place = list(owed), {pk: n for n, pk in enumerate(family)}
        for one in parts:
            one.owed = [c for c in commitments if c.event_id == one.pk and c.status == CommitmentStatus.OPEN]
        return {
            "parts": parts,
            "sides": sides(event.delegations.all()),
            "outcomes": sorted(made, key=lambda outcome: place[outcome.event_id]),
            "commitments": commitments,
            "ledger": ledger(commitments),
            "open_count": sum(one.status == CommitmentStatus.OPEN for one in commitments),
            "late_count": sum(one.is_overdue for one in commitments),
            "month": month_of(event.start_date),
            "restricted": event
            if event.is_restricted
            else event.parent
            if event.parent_id and event.parent.is_restricted
            else None,
            "history": tell(History.objects.of(event), user),
            "add_part": add_url(user, Event, parent=event.pk) if not event.parent_id else "",
            "add_commitment": add_url(user, Commitment, event=event.pk),
        }


class CommitmentList(ListPage):
    question_class = filters.CommitmentQuestion
    resource = "commitments"
    url_name = "events:commitment_list"
    table = "events/_commitment_table.html"
    title = _("Commitments")
    hint = _("What was promised, in both directions")
    words = _("Words in commitments")
    icon = "agree"
    nothing_found = _("No commitments match")
    nothing_yet = _("No commitments yet")
    what_to_do = _("Who owes what to whom by when is noted with the event at which it was promised.")
    add_words = _("Add a commitment")
    views = (
        (_("All"), ""),
        (_("Open"), "status=open"),
        (_("Overdue"), "overdue=true"),
        (_("We owe"), "status=open&direction=ours"),
        (_("Owed to us"), "status=open&direction=theirs"),
    )

    @classmethod
    def counted(cls, n):
        return ngettext("%(n)s commitment", "%(n)s commitments", n) % {"n": n}

    @classmethod
    def offers(cls, user):
        seen = Commitment.objects.visible_to(user).open().order_by("-id")[:MANY]
        sides = Q(pk__in=seen.values("debtor")) | Q(pk__in=seen.values("creditor"))
        return {"partner": Offer(Organization.objects.partners().filter(sides))}

    @classmethod
    def sections(cls, answer):
        return [{"ledger": ledger(answer.rows)}]


class CommitmentDetail(DetailPage):
    model = Commitment
    template = "events/commitment_detail.html"

    def context(self, commitment, user):
        kept_by = [one for one in (commitment.event, commitment.case) if one is not None and one.is_restricted]
        if not kept_by and commitment.event_id and commitment.event.parent_id and commitment.event.parent.is_restricted:
            kept_by = [commitment.event.parent]
        return {
            "restricted": kept_by[0] if kept_by else None,
            "when": due_words(commitment, today()),
            "history": tell(History.objects.of(commitment), user),
        }


class CaseList(ListPage):
    question_class = filters.CaseQuestion
    resource = "cases"
    url_name = "events:case_list"
    table = "events/_case_table.html"
    title = _("Cases")
    hint = _("Matters pursued with partners across events; not criminal investigations")
    words = _("Words in cases")
    icon = "folder"
    nothing_found = _("No cases match")
    nothing_yet = _("No cases yet")
    what_to_do = _("A case ties events, commitments and notes together when a matter goes on after the meeting.")
    add_words = _("Open a case")
    views = (
        (_("All cases"), ""),
        (_("Open"), "status=open"),
        (_("Dormant"), "status=dormant"),
        (_("Closed"), "status=closed"),
    )

    @classmethod
    def with_columns(cls, rows, user):
        return rows.for_list(user).with_figures(user)

    @classmethod
    def counted(cls, n):
        return ngettext("%(n)s case", "%(n)s cases", n) % {"n": n}

    @classmethod
    def offers(cls, user):
        cases = Case.objects.visible_to(user).order_by("-id")[:MANY].values("pk")
        partners = CasePartner._base_manager.filter(case__in=cases).values("organization")
        return {"partner": Offer(Organization.objects.filter(pk__in=partners))}


class CaseDetail(DetailPage):
    model = Case
    template = "events/case_detail.html"

    def rows(self, user):
        return Case.objects.visible_to(user).for_list(user).prefetch_related("readers", "reader_groups")

    def context(self, case, user):
        events = Event.objects.visible_to(user).filter(cases=case)
        shown = list(events.for_rows(user).order_by("-start_date", "-id")[:MANY])
        promised = Commitment.objects.visible_to(user).filter(case=case)
        still, late = promised.open(), promised.overdue()
        owed = list(promised.for_list(user).order_by("due_date", "id")[:MANY])
        counts = count_all(
            {
                "events": events,
                "ours": still.ours(),
                "theirs": still.theirs(),
                "late": late,
                "open": still,
                "all": promised,
            }
        )
        notes = list(case.notes.select_related("created_by").order_by("-day", "-created_at", "-id")[:MANY])
        return {
            "restricted": case if case.is_restricted else None,
            "timeline": timeline(shown, owed, notes),
            "event_count": counts["events"],
            "owed": owed,
            "case_ledger": ledger(owed),
            "ours_open": counts["ours"],
            "theirs_open": counts["theirs"],
            "late": counts["late"],
            "closed": counts["all"] - counts["open"],
            "partners": case_partners(case, events),
            "history": tell(History.objects.of(case), user),
            "add_event": add_url(user, Event, cases=case.pk),
            "add_commitment": add_url(user, Commitment, case=case.pk),
        }


def case_partners(case, events) -> list[dict]:
    """Partners named on the case with their roles, then those met at its visible events; each with how often."""
    met = Delegation._base_manager.filter(event__in=events.values("pk"), organization__own=False).order_by()
    times = dict(met.values("organization").annotate(n=Count("event", distinct=True)).values_list("organization", "n"))
    roles: dict[int, list[str]] = {}
    bodies = {}
    for partner in case.partners.all():
        roles.setdefault(partner.organization_id, []).append(partner.get_role_display())
        bodies[partner.organization_id] = partner.organization
    others = Organization.objects.in_bulk([pk for pk in times if pk not in bodies])
    bodies |= dict(sorted(others.items(), key=lambda item: -times[item[0]]))
    return [{"body": body, "roles": roles.get(pk, []), "times": times.get(pk, 0)} for pk, body in bodies.items()]


def timeline(events, commitments, notes) -> list[dict]:
    """What happened in a case, the newest first; what is due or planned stands above today."""
    now = today()
    line = [
        {"at": event.start_date, "event": event, "css": "ahead" if event.start_date > now else ""} for event in events
    ]
    line += [{"at": note.day, "note": note, "css": "note"} for note in notes]
    for one in commitments:
        one.when = due_words(one, now)
        if one.status == CommitmentStatus.OPEN and one.due_date:
            line.append({"at": one.due_date, "owe": one, "css": "promise is-late" if one.is_overdue else "promise"})
        elif one.status == CommitmentStatus.FULFILLED and one.closed_on:
            line.append({"at": one.closed_on, "owe": one, "css": "done"})
    line.sort(key=lambda item: item["at"], reverse=True)
    ahead = [item for item in line if item["at"] > now]
    behind = [item for item in line if item["at"] <= now]
    return [*ahead, {"today": True, "css": "today"}, *behind] if ahead else behind


SEARCHED = (
    "contacts:person_list",
    "contacts:organization_list",
    "events:event_list",
    "events:case_list",
    "events:commitment_list",
)
TOP = 10


class Search(View):
    """Everything that has the words, by kind; each kind is the first rows of its own list."""

    http_method_names = ["get", "head", "options"]

    def get(self, request):
        words = request.GET.get("q", "").strip()
        pages = [list_at(name) for name in SEARCHED]
        if not any(may(request.user, "view", page.model()) for page in pages):
            raise PermissionDenied
        groups, errors = [], []
        if words:
            groups = [made for name in SEARCHED if (made := panel(name, request.user, TOP, q=words))]
            errors = groups[0]["answer"].errors.get("q", []) if groups else []
        total = sum(group["answer"].count for group in groups)
        context = {"words": words, "groups": [g for g in groups if g["answer"].count], "errors": errors, "total": total}
        return render(request, "events/search.html", context)


class Dashboard(View):
    http_method_names = ["get", "head", "options"]

    def get(self, request):
        if not may(request.user, "view", Event):
            raise PermissionDenied
        return render(request, "events/dashboard.html", dashboards.front_page(request.user))


def sides(delegations) -> dict:
    """Delegations by side, with how many people they name."""
    own = [one for one in delegations if one.own]
    theirs = [one for one in delegations if not one.own]
    return {
        "own": own,
        "theirs": theirs,
        "n": len(own) + len(theirs),
        "named": sum(len(d.delegates.all()) for d in (*own, *theirs)),
    }


def month_of(day) -> dict:
    """The month of a day, as a question."""
    last = calendar.monthrange(day.year, day.month)[1]
    return {"day": day, "query": f"date_after={day:%Y-%m}-01&date_before={day:%Y-%m}-{last:02}"}


def add_url(user, model, **given) -> str:
    """The page on which a record is added with some fields filled in; empty where `user` may not."""
    url = editing_url(model._meta.label, "add") if user.is_staff and may(user, "add", model) else ""
    return f"{url}?{urlencode(given)}" if url else ""
