"""Who may see which contacts (all who may view), and the business words of organizations and people."""

from django.db.models import CharField, Count, Exists, F, IntegerField, OuterRef, Prefetch, Q, Subquery, Value
from django.db.models.functions import Coalesce, NullIf

from caricc.lib.tree import ids_below
from caricc.lib.visibility import RegisterQuerySet

STATELESS = ("unit", "un", "intergovernmental", "network", "public", "other")


def _sharing_a_name(model, owner: str, ids) -> dict[int, list]:
    names = model._meta.get_field("names").related_model._base_manager.filter(**{f"{owner}__archived": False})
    shared = names.filter(**{f"{owner}__in": ids}).exclude(folded="").values("folded")
    bearers: dict[str, dict] = {}
    for name in names.filter(folded__in=shared).select_related(owner).order_by(f"{owner}__name", owner):
        row = getattr(name, owner)
        bearers.setdefault(name.folded, {})[row.pk] = row
    found: dict[int, dict] = {pk: {} for pk in ids}
    for rows in bearers.values():
        for pk in rows.keys() & found.keys():
            found[pk] |= {other: row for other, row in rows.items() if other != pk}
    return {pk: list(rows.values()) for pk, rows in found.items()}


class CityQuerySet(RegisterQuerySet):
    def for_list(self, user):
        return self.prefetch_related("names")


class OrganizationQuerySet(RegisterQuerySet):
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

    def twins(self):
        """Bodies that share a whole name or short name with another, whatever the script."""
        names = self.model._meta.get_field("names").related_model._base_manager
        same = names.filter(folded=OuterRef("folded"), organization__archived=False)
        same = same.exclude(organization=OuterRef("organization"))
        return self.current().filter(pk__in=names.exclude(folded="").filter(Exists(same)).values("organization"))

    def twins_of(self, ids) -> dict[int, list]:
        """{id: the others that share a whole name with it} of these bodies, in one query."""
        return _sharing_a_name(self.model, "organization", ids)

    def for_list(self, user):
        return self.select_related("parent", "seat_city", "succeeded_by").prefetch_related("names")

    def with_bodies(self):
        return self.annotate(body_count=Count("bodies"))


class PersonQuerySet(RegisterQuerySet):
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

    def twins(self):
        """People who share a whole written name with another, whatever the script."""
        names = self.model._meta.get_field("names").related_model._base_manager
        same = names.filter(folded=OuterRef("folded"), person__archived=False).exclude(person=OuterRef("person"))
        return self.current().filter(pk__in=names.exclude(folded="").filter(Exists(same)).values("person"))

    def twins_of(self, ids) -> dict[int, list]:
        """{id: the others who share a whole written name with them} of these people, in one query."""
        return _sharing_a_name(self.model, "person", ids)

    def for_list(self, user):
        post = self.model._meta.get_field("posts").related_model._base_manager
        return self.prefetch_related(Prefetch("posts", post.select_related("organization")), "names")


class PostQuerySet(RegisterQuerySet):
    def on(self, day):
        """Posts held on a day; an end that is not known does not exclude."""
        return self.filter(Q(since=None) | Q(since__lte=day), Q(until=None) | Q(until__gte=day))

    def latest_first(self):
        return self.order_by("-until", "-since", "id")

    def for_list(self, user):
        return self.select_related("person", "organization")


class NameQuerySet(RegisterQuerySet):
    """Names are as open as what they name."""


class RhythmQuerySet(RegisterQuerySet):
    label = F("kind")
