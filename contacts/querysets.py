"""Who may see which contacts (all who may view), and the business words of organizations and people."""

from django.apps import apps
from django.db.models import CharField, Count, Exists, F, IntegerField, OuterRef, Prefetch, Q, Subquery, Value
from django.db.models.functions import Coalesce, NullIf

from caricc.lib.tree import ids_below
from caricc.lib.visibility import RegisterQuerySet, may

STATELESS = ("unit", "un", "intergovernmental", "network", "public", "other")


def _proposed(model):
    """The pairs of records of `model` that may be the same."""
    return apps.get_model("contacts", f"Proposed{'People' if model._meta.model_name == 'person' else 'Organizations'}")


class TwinsQuerySet(RegisterQuerySet):
    """Records that may be on record twice."""

    def twins(self):
        """Those that share a name with another, or are likely the same as it."""
        pairs = _proposed(self.model)._base_manager
        return self.current().filter(Q(pk__in=pairs.values("first")) | Q(pk__in=pairs.values("second")))

    def twins_of(self, ids) -> dict[int, list]:
        """{id: the others that may be the same, the likeliest first} of these records, in two queries."""
        pairs = _proposed(self.model)._base_manager.filter(Q(first__in=ids) | Q(second__in=ids))
        found: dict[int, list] = {pk: [] for pk in ids}
        known = list(pairs.order_by("-score", "first", "second").values_list("first", "second"))
        rows = self.model._base_manager.in_bulk({pk for pair in known for pk in pair}) if known else {}
        for first, second in known:
            for pk, other in ((first, second), (second, first)):
                if pk in found and other in rows:
                    found[pk].append(rows[other])
        return found


class ProposedQuerySet(RegisterQuerySet):
    """Pairs are as open as the records of which they are."""

    def visible_to(self, user):
        return self.all() if may(user, "view", self.model.about) else self.none()

    def matching(self, words, user):
        """Pairs of which either record is found by the words."""
        rows = self.model.about.objects.visible_to(user).matching(words, user).order_by().values("pk")
        return self.filter(Q(first__in=rows) | Q(second__in=rows))

    def entered_by(self, user):
        """Pairs of which this user entered either record."""
        rows = self.model.about._base_manager.filter(created_by=user.pk).values("pk")
        return self.filter(Q(first__in=rows) | Q(second__in=rows))


class CityQuerySet(RegisterQuerySet):
    def for_list(self, user):
        return self.prefetch_related("names")


class OrganizationQuerySet(TwinsQuerySet):
    label = Coalesce(NullIf(F("short_name"), Value("")), F("name"), output_field=CharField())

    def ids_below(self, ids) -> list[int]:
        """The given bodies and all below them: what a question about a partner means."""
        return ids_below(self.model, ids)

    def partners(self):
        return self.filter(own=False)

    def own(self):
        return self.filter(own=True)

    def current(self):
        return self.filter(archived=False)

    def without_state(self):
        """Organs of states for which no state is given; intergovernmental bodies and networks have none."""
        return self.current().filter(country="", own=False).exclude(kind__in=STATELESS)

    def met_at(self, events, delegations):
        """Bodies with one of these delegations at one of these events, themselves; with at how many (`times`)."""
        there = delegations.filter(event__in=events.order_by().values("pk"))
        times = there.filter(organization=OuterRef("pk")).order_by().values("organization")
        times = times.annotate(n=Count("event", distinct=True)).values("n")
        met = self.filter(pk__in=there.values("organization"))
        return met.annotate(times=Subquery(times, output_field=IntegerField()))

    def for_list(self, user):
        return self.select_related("parent", "seat_city", "succeeded_by").prefetch_related("names")


class PersonQuerySet(TwinsQuerySet):
    def at(self, organization_ids):
        """People who hold or held a post at one of these bodies."""
        posts = self.model._meta.get_field("posts").related_model._base_manager
        return self.filter(Exists(posts.filter(person=OuterRef("pk"), organization__in=organization_ids)))

    def of_country(self, codes):
        """People who hold or held a post at an organ of one of these states."""
        posts = self.model._meta.get_field("posts").related_model._base_manager
        return self.filter(Exists(posts.filter(person=OuterRef("pk"), organization__country__in=codes)))

    def current(self):
        return self.filter(archived=False)

    def ours(self):
        """Our own people: those who hold a post in a unit of ours, or have an account."""
        posts = self.model._meta.get_field("posts").related_model._base_manager
        own = posts.filter(person=OuterRef("pk"), organization__own=True, until__isnull=True)
        return self.filter(Exists(own) | Q(user__isnull=False))

    def without_post(self):
        posts = self.model._meta.get_field("posts").related_model._base_manager
        return self.current().filter(~Exists(posts.filter(person=OuterRef("pk"))))

    def for_list(self, user):
        post = self.model._meta.get_field("posts").related_model._base_manager
        return self.prefetch_related(Prefetch("posts", post.select_related("organization")), "names")


class PostQuerySet(RegisterQuerySet):
    def on(self, day):
        """Posts held on a day; an end that is not known does not exclude."""
        return self.filter(Q(since=None) | Q(since__lte=day), Q(until=None) | Q(until__gte=day))

    def for_list(self, user):
        return self.select_related("person", "organization")


class NameQuerySet(RegisterQuerySet):
    """Names are as open as what they name."""


class RhythmQuerySet(RegisterQuerySet):
    label = F("kind")
