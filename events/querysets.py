"""The visibility rules of events and cases, and the business words of what happened and what follows.

Models reach each other here through relations only, so that this module knows no model.
"""

import datetime

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Concat

from caricc.lib.days import today
from caricc.lib.search.index import Index
from caricc.lib.search.keys import case_key, in_name
from caricc.lib.tree import ids_below, parents_of
from caricc.lib.visibility import RegisterQuerySet, found_by_id, may, need_to_know

QUIET_DAYS = 90  # without an event, a note or a promise for so long, a case does not move


def related(model, name):
    """The model at the other end of a relation."""
    return model._meta.get_field(name).related_model


class EventQuerySet(RegisterQuerySet):
    label = F("title")

    def rule(self, user) -> Q:
        """Readable itself, and so is the event that contains it."""
        whole = self.model._base_manager.filter(need_to_know(user, self.model), pk=OuterRef("parent"))
        known = need_to_know(user, self.model) & (Q(parent__isnull=True) | found_by_id(whole))
        return Q(restricted_in_effect=False) | known

    def held(self):
        return self.filter(status="held")

    def upcoming(self, at=None):
        """Planned, and not yet past."""
        return self.filter(status="planned", end_date__gte=at or today())

    def top_level(self):
        return self.filter(parent__isnull=True)

    def overlapping(self, after=None, before=None):
        """Events whose days overlap the range; either end may be open."""
        if after:
            self = self.filter(end_date__gte=after)
        return self.filter(start_date__lte=before) if before else self

    def with_delegation(self, **where):
        """Events at which a delegation like this took part; a subquery, so that no event is counted twice."""
        delegations = related(self.model, "delegations")._base_manager.filter(**where)
        return self.filter(pk__in=delegations.values("event"))

    def with_delegate(self, person_ids):
        delegates = related(related(self.model, "delegations"), "delegates")._base_manager
        return self.filter(pk__in=delegates.filter(person__in=person_ids).values("delegation__event"))

    def with_officer(self, person_ids):
        """Events at which one of these people took part, or that the account of one of them owns."""
        delegates = related(related(self.model, "delegations"), "delegates")._base_manager
        there = delegates.filter(person__in=person_ids).values("delegation__event")
        person = related(related(self.model, "delegations"), "delegates")._meta.get_field("person").related_model
        accounts = person._base_manager.filter(pk__in=person_ids, user__isnull=False).values("user")
        return self.filter(Q(pk__in=there) | Q(owner__in=accounts))

    def without_delegation(self):
        """Held, and nobody is recorded who was there."""
        delegations = related(self.model, "delegations")._base_manager
        return self.held().filter(~Exists(delegations.filter(event=OuterRef("pk"))))

    def day_passed(self, at=None):
        """Still called planned, although its last day is over."""
        return self.filter(status="planned", end_date__lt=at or today())

    def without_outcome(self):
        return self.held().filter(~Exists(related(self.model, "outcomes")._base_manager.filter(event=OuterRef("pk"))))

    def for_list(self, user):
        delegation, case = related(self.model, "delegations"), related(self.model, "cases")
        return self.select_related("parent").prefetch_related(
            Prefetch("delegations", delegation._base_manager.select_related("organization").order_by("position", "id")),
            Prefetch("cases", case.objects.visible_to(user)),
            "topics",
        )

    def for_rows(self, user):
        """With what a row of the table of events shows: who took part, and the figures."""
        return self.with_parties().with_figures(user)

    def for_table(self, user):
        """With what a row of the table of events shows, but for who took part; long texts stay where they are."""
        return self.select_related("parent").defer("summary", "parent__summary").with_figures(user)

    def with_parties(self):
        delegation = related(self.model, "delegations")._base_manager.select_related("organization")
        parties = Prefetch("delegations", delegation.order_by("position", "created_at", "id"))
        return self.select_related("parent").prefetch_related(parties)

    def latest(self, n: int = 300):
        """The last `n` by date: what is at hand when the choices of a filter are collected."""
        return self.order_by("-start_date", "-id")[:n]

    def partners_met_most(self, user, n: int = 12):
        """Ids of the partners most often at the latest events that `user` may see."""
        delegation = related(self.model, "delegations")._base_manager
        latest = self.visible_to(user).latest().values("pk")
        met = delegation.filter(event__in=latest, organization__own=False).order_by().values("organization")
        return met.annotate(times=Count("event")).order_by("-times", "organization").values("organization")[:n]

    def for_detail(self, user):
        return (
            self.for_list(user)
            .select_related("source", "owner", "place")
            .prefetch_related(
                "delegations__delegates__person", "outcomes__parties", "outcomes__topics", "outcomes__by_delegation__organization",
                "outcomes__by_delegate__person", "outcomes__by_delegate__delegation__organization", "readers", "reader_groups",
            )
        )  # fmt: skip

    def with_figures(self, user):
        """With the number of outcomes, and of open commitments that `user` may see, made at each (visible) event."""
        outcome, commitment = related(self.model, "outcomes"), related(self.model, "commitments")
        owed = commitment.objects.open().filter(commitment.objects.rule_beside_event(user), event=OuterRef("pk"))
        owed = owed.order_by().values("event")
        made = outcome._base_manager.filter(event=OuterRef("pk")).order_by().values("event")
        return self.annotate(
            outcome_count=Subquery(made.annotate(n=Count("pk")).values("n"), output_field=IntegerField()),
            owed_count=Subquery(owed.annotate(n=Count("pk")).values("n"), output_field=IntegerField()),
        )

    def keys_beside(self, word, user):
        """Of the restricted cases of that name that `user` may read."""
        case = related(self.model, "cases")
        index = Index.of[case._meta.label_lower]
        cases = case.objects.visible_to(user).filter(
            visibility="restricted", pk__in=index.having([in_name(word, sounds=False)])
        )
        return [case_key(pk) for pk in cases.values_list("pk", flat=True)]


def at_visible(event_model, user, path: str) -> Q:
    """Rows whose event, at the end of `path`, is visible: one look at its mark, and only for the few others the whole rule.

    Put as a set of events it would be made of all of them for the first page too.
    """
    if not may(user, "view", event_model):
        return Q(pk__in=[])
    seen = event_model.objects.visible_to(user).filter(pk=OuterRef(path))
    return Q(**{f"{path}__restricted_in_effect": False}) | found_by_id(seen)


class EventPartQuerySet(RegisterQuerySet):
    """Rows that hang from an event: as restricted as it is."""

    def rule(self, user) -> Q:
        return at_visible(related(self.model, "event"), user, "event")

    def for_list(self, user):
        return self.select_related("event", "organization").prefetch_related("delegates__person")


class DelegateQuerySet(RegisterQuerySet):
    """As restricted as the event of the delegation."""

    def rule(self, user) -> Q:
        return at_visible(related(related(self.model, "delegation"), "event"), user, "delegation__event")


def raised_at(event_model, event_ids, user) -> dict:
    """What an event gives to raise: those who come and are not ours, and its cases.

    `bodies`: organizations with those below and above them, and the organs of states that come as states; `states`:
    these, and those whose organs come; `themselves`: these alone; `groups` that come. An event at which nobody else is expected raises nothing.
    """
    events = event_model.objects.visible_to(user).filter(pk__in=event_ids).values("pk")
    delegation, case = related(event_model, "delegations"), related(event_model, "cases")
    organization = related(delegation, "organization")
    coming = list(
        delegation._base_manager.filter(Q(organization__isnull=True) | Q(organization__own=False), event__in=events)
        .order_by()
        .values_list("organization", "organization__country", "country", "group")
        .distinct()
    )
    there = {body for body, _state, _country, _group in coming if body}
    themselves = {country for body, _state, country, group in coming if country and not body and not group}
    organs = organization._base_manager.filter(country__in=themselves, own=False).values_list("pk", flat=True)
    near = {*ids_below(organization, there), *parents_of(organization, there), *(organs if themselves else ())}
    links = event_model.cases.through.objects.filter(event__in=events)
    return {
        "bodies": organization._base_manager.filter(pk__in=near, own=False).values("pk"),
        "states": sorted({state for _body, *both, _group in coming for state in both if state}),
        "themselves": sorted(themselves),
        "groups": sorted({group for _body, _state, country, group in coming if group and not country}),
        "cases": links.filter(case__in=case.objects.visible_to(user).values("pk")).values("case"),
    }


class OutcomeQuerySet(EventPartQuerySet):
    def unfinished(self):
        """Recommendations that nobody has followed up yet."""
        return self.filter(kind="recommendation", done_on__isnull=True)

    def to_raise_at(self, event_ids, user):
        """What other events held with those who come to one of these, or in its cases, produced; of any party of theirs."""
        event = related(self.model, "event")
        found = raised_at(event, event_ids, user)
        delegations = related(event, "delegations")._base_manager
        theirs = Q(organization__in=found["bodies"]) | Q(group__in=found["groups"], country="")
        theirs |= Q(country__in=found["themselves"], organization__isnull=True)
        parties = self.model.parties.through.objects.filter(organization__in=found["bodies"])
        links = event.cases.through.objects.filter(case__in=found["cases"])
        return self.filter(
            Q(event__in=delegations.filter(theirs).values("event"))
            | Q(event__in=links.values("event"))
            | Q(pk__in=parties.values("outcome")),
            event__status="held",
        ).exclude(event__in=event_ids)

    def with_partner(self, organization_ids):
        """Outcomes to which one of these bodies is a party, or at whose event it had a delegation."""
        delegations = related(related(self.model, "event"), "delegations")._base_manager
        parties = self.model.parties.through.objects.filter(organization__in=organization_ids)
        return self.filter(
            Q(event__in=delegations.filter(organization__in=organization_ids).values("event"))
            | Q(pk__in=parties.values("outcome"))
        )

    def for_list(self, user):
        return self.select_related(
            "event",
            "by_delegation__organization",
            "by_delegate__person",
            "by_delegate__delegation__organization",
        ).prefetch_related("parties", "topics")


class CommitmentQuerySet(RegisterQuerySet):
    label = F("title")

    def rule(self, user) -> Q:
        """As restricted as the event and the case it hangs from; open where it hangs from neither."""
        event, case = related(self.model, "event"), related(self.model, "case")
        seen = event.objects.visible_to(user).filter(pk=OuterRef("event"))
        known = (Q(event__isnull=True) | found_by_id(seen)) & self.rule_beside_event(user)
        both = may(user, "view", event) and may(user, "view", case)
        return Q(restricted_in_effect=False) | known if both else known

    def rule_beside_event(self, user) -> Q:
        """What is left of the rule where the event is known to be visible."""
        cases = related(self.model, "case").objects.visible_to(user).values("pk")
        return Q(case__isnull=True) | Q(case__in=cases)

    def open(self):
        return self.filter(status="open")

    def overdue(self, at=None):
        """Open, and due before today (Almaty's)."""
        return self.open().filter(due_date__lt=at or today())

    def open_on(self, day):
        """Promised or entered by the end of that day, and not yet fulfilled or withdrawn on it.

        One that was reopened counts as if it had never been closed.
        """
        return self.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day), counted_from__lte=day)

    def overdue_on(self, day):
        """Open on that day, and due before it as the due date then was."""
        later = related(self.model, "shifts")._base_manager.filter(commitment=OuterRef("pk"), day__gt=day)
        then = Case(
            When(Exists(later), then=Subquery(later.order_by("day", "created_at", "id").values("before")[:1])),
            default=F("due_date"),
        )
        return self.open_on(day).annotate(due_then=then).filter(due_then__lt=day)

    def to_raise_at(self, event_ids, user):
        """Promised elsewhere, by or to those who come to one of these events, or in its cases."""
        found = raised_at(related(self.model, "event"), event_ids, user)
        wanted = Q(case__in=found["cases"])
        for side in ("debtor", "creditor"):
            wanted |= Q(**{f"{side}__in": found["bodies"]}) | Q(**{f"{side}_country__in": found["states"]})
            wanted |= Q(**{f"{side}_group__in": found["groups"], f"{side}_country": ""})
        return self.filter(wanted).exclude(event__in=event_ids)

    def of_state(self, codes):
        """Owed by or to one of these states, itself or through one of its organs."""
        organs = related(self.model, "debtor")._base_manager.filter(country__in=codes).values("pk")
        return self.filter(
            Q(debtor_country__in=codes) | Q(creditor_country__in=codes) | Q(debtor__in=organs) | Q(creditor__in=organs)
        )

    def ours(self):
        return self.filter(debtor__own=True)

    def theirs(self):
        return self.filter(creditor__own=True).exclude(debtor__own=True)

    def between_others(self):
        """No unit of ours is on either side; asked by ids, since the joins would be made for every commitment there is."""
        ours = related(self.model, "debtor")._base_manager.filter(own=True).values("pk")
        neither = [Q(**{f"{side}__isnull": True}) | ~Q(**{f"{side}__in": ours}) for side in ("debtor", "creditor")]
        return self.filter(*neither)

    def urgent_first(self):
        """Open ones before those that are over, each by due date, those without one last."""
        over = Case(When(status="open", then=0), default=1)
        return self.order_by(over, F("due_date").asc(nulls_last=True), "id")

    def for_list(self, user):
        return self.select_related("event", "case", "debtor", "creditor", "responsible").prefetch_related("shifts")

    def for_detail(self, user):
        return self.for_list(user).select_related("event__parent").prefetch_related("shifts__created_by")

    def of_officer(self, person):
        """Open ones for which this person of ours is responsible."""
        return self.open().filter(responsible=person)

    def due_by(self, day):
        """Open ones that are due by that day or overdue on it."""
        return self.open().filter(due_date__lte=day)


class CommitmentPartQuerySet(RegisterQuerySet):
    """Rows that hang from a commitment: as restricted as it is."""

    def rule(self, user) -> Q:
        return Q(commitment__in=related(self.model, "commitment").objects.visible_to(user).values("pk"))


class CaseQuerySet(RegisterQuerySet):
    label = Concat(F("number"), Value(" "), F("title"), output_field=CharField())

    def rule(self, user) -> Q:
        return need_to_know(user, self.model)

    def open(self):
        return self.filter(status="open")

    def going_on(self):
        """Not closed: a dormant one keeps its lead and its next step."""
        return self.exclude(status="closed")

    def led_by(self, person):
        """Going on, and led by this person of ours."""
        return self.going_on().filter(lead=person)

    def step_due_by(self, day):
        """Going on, with a next step that is due by that day or overdue on it."""
        return self.going_on().filter(next_step_on__lte=day)

    def open_on(self, day):
        """Opened by that day, and not yet closed on it."""
        opened = Q(opened_on__isnull=True) | Q(opened_on__lte=day)
        return self.filter(opened, Q(closed_on__isnull=True) | Q(closed_on__gt=day))

    def at_events(self, events):
        """Cases of one of these events."""
        links = related(self.model, "events").cases.through.objects
        return self.filter(pk__in=links.filter(event__in=events.order_by().values("pk")).values("case"))

    def without_movement(self, user, at=None):
        """Open for `QUIET_DAYS`, and in that time no event (nor one ahead), note, or promise kept or moved that `user` may see.

        What was merely entered or corrected is no movement.
        """
        since = (at or today()) - datetime.timedelta(days=QUIET_DAYS)
        event, notes = related(self.model, "events"), related(self.model, "notes")._base_manager
        events = event.objects.visible_to(user).filter(end_date__gte=since, status__in=("held", "planned"))
        promise = related(self.model, "commitments")
        shifted = related(promise, "shifts")._base_manager.filter(day__gte=since).values("commitment")
        moved = promise.objects.visible_to(user).filter(Q(closed_on__gte=since) | Q(pk__in=shifted), case__isnull=False)
        return (
            self.open()
            .filter(Q(opened_on__isnull=True) | Q(opened_on__lt=since))
            .exclude(pk__in=event.cases.through.objects.filter(event__in=events.values("pk")).values("case"))
            .exclude(pk__in=notes.filter(day__gte=since).values("case"))
            .exclude(pk__in=moved.values("case"))
        )

    def with_movement(self, user):
        """With whether each is without movement, for `user`."""
        still = self.model.objects.without_movement(user).order_by()
        return self.annotate(is_quiet=Exists(still.filter(pk=OuterRef("pk"))))

    def of_state(self, codes, user):
        """Cases with a partner of one of these states, or at whose visible events one of them took part."""
        event = related(self.model, "events")
        organs = related(related(self.model, "partners"), "organization")._base_manager.filter(country__in=codes)
        partners = related(self.model, "partners")._base_manager.filter(organization__in=organs.values("pk"))
        delegations = related(event, "delegations")._base_manager
        took_part = delegations.filter(Q(country__in=codes) | Q(organization__in=organs.values("pk"))).values("event")
        events = event.objects.visible_to(user).filter(pk__in=took_part)
        links = event.cases.through.objects.filter(event__in=events.values("pk"))
        return self.filter(Q(pk__in=partners.values("case")) | Q(pk__in=links.values("case")))

    def with_partner(self, organization_ids, user):
        """Cases with one of these bodies: named as a partner, or present at an event of the case that `user` may see."""
        event = related(self.model, "events")
        partners = related(self.model, "partners")._base_manager.filter(organization__in=organization_ids)
        events = event.objects.visible_to(user).with_delegation(organization__in=organization_ids).values("pk")
        links = event.cases.through.objects.filter(event__in=events)
        return self.filter(Q(pk__in=partners.values("case")) | Q(pk__in=links.values("case")))

    def for_list(self, user):
        partner = related(self.model, "partners")._base_manager.select_related("organization")
        return self.select_related("lead", "owner").prefetch_related("aliases", Prefetch("partners", partner))

    def for_detail(self, user):
        linked = Prefetch("linked", self.model.objects.visible_to(user).order_by("number", "id"))
        return self.for_list(user).prefetch_related(linked, "readers", "reader_groups")

    def with_figures(self, user):
        """With the number of events and of open commitments of each case that `user` may see."""
        event, commitment = related(self.model, "events"), related(self.model, "commitments")
        links = event.cases.through.objects.filter(at_visible(event, user, "event"))
        held = links.filter(case=OuterRef("pk")).order_by().values("case")
        owed = commitment.objects.visible_to(user).open().filter(case=OuterRef("pk")).order_by().values("case")
        return self.annotate(
            event_count=Subquery(held.annotate(n=Count("pk")).values("n"), output_field=IntegerField()),
            owed_count=Subquery(owed.annotate(n=Count("pk")).values("n"), output_field=IntegerField()),
        )


class CasePartQuerySet(RegisterQuerySet):
    """Rows that hang from a case: as restricted as it is."""

    def rule(self, user) -> Q:
        return Q(case__in=related(self.model, "case").objects.visible_to(user).values("pk"))


class TopicQuerySet(RegisterQuerySet):
    def current(self):
        return self.filter(archived=False)


class SourceQuerySet(RegisterQuerySet):
    """A source is as restricted as the events told from it: read by whom may read one of them, or entered it."""

    def rule(self, user) -> Q:
        event = related(self.model, "events")
        told = event._base_manager.filter(source=OuterRef("pk"))
        seen = event.objects.visible_to(user).filter(source=OuterRef("pk"))
        return Exists(seen) | (~Exists(told) & Q(created_by=user.pk))
