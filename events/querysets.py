"""The visibility rules of events and cases, and the business words of what happened and what follows.

Models reach each other here through relations only, so that this module knows no model.
"""

from django.db.models import CharField, Count, Exists, F, IntegerField, OuterRef, Prefetch, Q, Subquery, Value
from django.db.models.functions import Concat

from caricc.lib.days import today
from caricc.lib.text import fold_words
from caricc.lib.visibility import RegisterQuerySet, need_to_know


def related(model, name):
    """The model at the other end of a relation."""
    return model._meta.get_field(name).related_model


def named_case(word: str) -> Q:
    return Q(folded__contains=word) | Q(aliases__folded__contains=word)


class EventQuerySet(RegisterQuerySet):
    label = F("title")

    def rule(self, user) -> Q:
        """Readable itself, and so is the event that contains it."""
        return need_to_know(user, self.model) & (Q(parent__isnull=True) | need_to_know(user, self.model, "parent__"))

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
        delegation = related(self.model, "delegations")._base_manager.select_related("organization")
        parties = Prefetch("delegations", delegation.order_by("position", "created_at", "id"))
        return self.select_related("parent").prefetch_related(parties).with_figures(user)

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

    def for_export(self, user):
        return self.for_list(user).prefetch_related("delegations__delegates__person", "outcomes")

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

    def matching(self, words: str, user):
        """Every word in title, summary, outcomes, place, names of delegates, partners or (readable) cases."""
        delegation, outcome = (
            related(self.model, "delegations"),
            related(self.model, "outcomes"),
        )
        delegate, case = related(delegation, "delegates"), related(self.model, "cases")
        organization, person = (
            related(delegation, "organization"),
            related(delegate, "person"),
        )
        cases, links = case.objects.visible_to(user), self.model.cases.through.objects
        for word in fold_words(words):
            named = organization._base_manager.filter(names__folded__contains=word).values("pk")
            people = person._base_manager.filter(names__folded__contains=word).values("pk")
            places = related(related(self.model, "place"), "names")._base_manager
            self = self.filter(
                Q(folded__contains=word)
                | Q(place__in=places.filter(folded__contains=word).values("city"))
                | Q(pk__in=outcome._base_manager.filter(folded__contains=word).values("event"))
                | Q(pk__in=delegation._base_manager.filter(organization__in=named).values("event"))
                | Q(pk__in=delegation._base_manager.filter(folded__contains=word).values("event"))
                | Q(pk__in=delegate._base_manager.filter(person__in=people).values("delegation__event"))
                | Q(pk__in=delegate._base_manager.filter(folded__contains=word).values("delegation__event"))
                | Q(pk__in=links.filter(case__in=cases.filter(named_case(word)).values("pk")).values("event"))
            )
        return self


class EventPartQuerySet(RegisterQuerySet):
    """Rows that hang from an event: as restricted as it is."""

    def rule(self, user) -> Q:
        event = related(self.model, "event")
        return Q(event__in=event.objects.visible_to(user).values("pk"))

    def for_list(self, user):
        return self.select_related("event", "organization").prefetch_related("delegates__person")


class DelegateQuerySet(RegisterQuerySet):
    """As restricted as the event of the delegation."""

    def rule(self, user) -> Q:
        event = related(related(self.model, "delegation"), "event")
        return Q(delegation__event__in=event.objects.visible_to(user).values("pk"))


class OutcomeQuerySet(EventPartQuerySet):
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
        events = related(self.model, "event").objects.visible_to(user).values("pk")
        return (Q(event__isnull=True) | Q(event__in=events)) & self.rule_beside_event(user)

    def rule_beside_event(self, user) -> Q:
        """What is left of the rule where the event is known to be visible."""
        cases = related(self.model, "case").objects.visible_to(user).values("pk")
        return Q(case__isnull=True) | Q(case__in=cases)

    def open(self):
        return self.filter(status="open")

    def overdue(self, at=None):
        """Open, and due before today (Almaty's)."""
        return self.open().filter(due_date__lt=at or today())

    def ours(self):
        return self.filter(debtor__own=True)

    def theirs(self):
        return self.filter(creditor__own=True).exclude(debtor__own=True)

    def for_list(self, user):
        return self.select_related("event", "case", "debtor", "creditor", "responsible")


class CaseQuerySet(RegisterQuerySet):
    label = Concat(F("number"), Value(" "), F("title"), output_field=CharField())

    def rule(self, user) -> Q:
        return need_to_know(user, self.model)

    def open(self):
        return self.filter(status="open")

    def with_partner(self, organization_ids, user):
        """Cases with one of these bodies: named as a partner, or present at an event of the case that `user` may see."""
        event = related(self.model, "events")
        partners = related(self.model, "partners")._base_manager.filter(organization__in=organization_ids)
        events = event.objects.visible_to(user).with_delegation(organization__in=organization_ids).values("pk")
        links = event.cases.through.objects.filter(event__in=events)
        return self.filter(Q(pk__in=partners.values("case")) | Q(pk__in=links.values("case")))

    def matching(self, words: str):
        """Every word in number, title, summary, other names or journal."""
        aliases, notes = (
            related(self.model, "aliases")._base_manager,
            related(self.model, "notes")._base_manager,
        )
        for word in fold_words(words):
            self = self.filter(
                Q(folded__contains=word)
                | Q(pk__in=aliases.filter(folded__contains=word).values("case"))
                | Q(pk__in=notes.filter(folded__contains=word).values("case"))
            )
        return self

    def for_list(self, user):
        return self.select_related("lead", "owner").prefetch_related("aliases", "partners__organization")

    def with_figures(self, user):
        """With the number of events and of open commitments of each case that `user` may see."""
        event, commitment = related(self.model, "events"), related(self.model, "commitments")
        links = event.cases.through.objects.filter(event__in=event.objects.visible_to(user).values("pk"))
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
