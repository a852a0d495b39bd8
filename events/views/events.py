"""Pages of events: the list and the record."""

import calendar

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from caricc.lib.answer import NOT_ASKED
from caricc.lib.bar import Offer
from caricc.lib.pages import DetailPage, ListPage, add_url
from caricc.lib.told import tell
from caricc.models import History
from contacts.models import Organization, Person
from events import filters
from events.arrange import by_month, in_tree_order
from events.choices import CommitmentStatus
from events.ledger import ledger, promises
from events.models import Case, Commitment, Delegation, Event, Outcome, Topic
from events.partners import parties_at
from events.travel import to_raise

OFFICERS = 60


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
    fixes = {
        "without_outcome": (_("Add an outcome"), "outcomes-group"),
        "without_delegation": (_("Say who was there"), "people-group"),
        "day_passed": (_("Say what became of it"), "id_status"),
        "topic__isnull": (_("Add a topic"), "id_topics"),
    }

    in_one = True

    @classmethod
    def with_columns(cls, rows, user):
        return rows.for_table(user)

    def calendar_url(self, answer):
        if answer.errors:
            return ""
        query = answer.question.query((*NOT_ASKED, "ordering"))
        return reverse("events:calendar") + (f"?{query}" if query else "")

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
            "officer": Offer(Person.objects.ours().current().order_by("name", "id")[:OFFICERS]),
            "case": Offer(Case.objects.visible_to(user).open().order_by("-opened_on", "-id")[:40]),
            "country": Offer(states=((Organization.objects.all(), "country"), (delegations, "country"))),
            "held_in": Offer(states=((Event._base_manager.filter(pk__in=latest), "country"),)),
        }

    @classmethod
    def sections(cls, answer):
        parties = parties_at(event.pk for event in answer.rows)
        for event in answer.rows:
            event.parties = parties.get(event.pk, [])
        if "start_date" not in answer.ordering:
            return [{"rows": in_tree_order(answer.rows)}]
        return by_month(answer.rows, answer.more_before, answer.more_after)


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
            "ledger": ledger(commitments, promises({"event": list(family)}, user)) if commitments else None,
            "to_raise": to_raise(event, user),
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
