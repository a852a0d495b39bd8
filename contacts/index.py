"""What people, organizations and cities are found by: every name they ever had."""

from django.utils.translation import gettext_lazy as _

from caricc.lib.names import directory, organizations
from caricc.lib.names import keys as people
from caricc.lib.search.index import ALL, Index
from caricc.lib.search.keys import name_keys
from caricc.lib.search.tables import Words
from contacts import proposals
from contacts.models import City, CityName, Organization, OrganizationName, Person, PersonName
from contacts.names import names_of_cities, names_of_organizations, names_of_people


class PersonWords(Words):
    class Meta(Words.Meta):
        verbose_name = _("keys of a person")
        verbose_name_plural = _("keys of people")


class OrganizationWords(Words):
    class Meta(Words.Meta):
        verbose_name = _("keys of an organization")
        verbose_name_plural = _("keys of organizations")


class CityWords(Words):
    class Meta(Words.Meta):
        verbose_name = _("keys of a city")
        verbose_name_plural = _("keys of cities")


def keys_of_person(name: str) -> set[str]:
    """Of one of the names of a person."""
    return name_keys(name).union(people.stored(name))


def keys_of_body(name: str) -> set[str]:
    """Of one of the names of an organization."""
    return name_keys(name).union(organizations.organization_keys(name))


def _in_order(ids: list[int], ranked: list[directory.Candidate]) -> list[int]:
    return list(dict.fromkeys([*(candidate.key for candidate in ranked), *ids]))


class PersonIndex(Index):
    model, table = Person, PersonWords
    initials, spelt, newest = True, ("person", PersonName), ("name", "id")
    names = {"contacts.person": frozenset({"name"}), "contacts.personname": ALL}

    def keys_of(self, ids):
        return {pk: set[str]().union(*map(keys_of_person, names)) for pk, names in names_of_people(ids).items()}

    def aligned(self, typed, ids):
        return _in_order(ids, directory.rank(typed, names_of_people(ids).items(), len(ids)))

    def near(self, typed, rows, limit, **known):
        ids = self.candidates(rows, people.stages(typed))
        return directory.rank(typed, names_of_people(ids).items(), limit)

    def changed(self, ids):
        proposals.renew(self.model, ids)

    def remake(self, only_say=False):
        return proposals.remake(self.model, only_say)


class OrganizationIndex(Index):
    model, table = Organization, OrganizationWords
    spelt, newest = ("organization", OrganizationName), ("name", "id")
    names = {"contacts.organization": frozenset({"name", "short_name"}), "contacts.organizationname": ALL}

    def keys_of(self, ids):
        found = {pk: set[str]().union(*map(keys_of_body, names)) for pk, names in names_of_organizations(ids).items()}
        for pk, country in Organization._base_manager.filter(pk__in=list(found)).values_list("pk", "country"):
            found[pk] |= organizations.state_keys(country)
        return found

    def aligned(self, typed, ids):
        return _in_order(ids, organizations.rank(typed, self._bodies(ids), len(ids)))

    def near(self, typed, rows, limit, **known):
        """`known`: the `country` and `kind` of what is meant; a body of another state or kind is not."""
        for name, value in known.items():
            if value:
                rows = rows.filter(**{f"{name}__in": ("", value)})
        ids = self.candidates(rows, organizations.organization_stages(typed))
        return organizations.rank(typed, self._bodies(ids), limit)

    def changed(self, ids):
        proposals.renew(self.model, ids)

    def remake(self, only_say=False):
        return proposals.remake(self.model, only_say)

    @staticmethod
    def _bodies(ids) -> list[organizations.Row]:
        told = {
            pk: both for pk, *both in Organization._base_manager.filter(pk__in=ids).values_list("pk", "country", "kind")
        }
        names = names_of_organizations(ids)
        return [organizations.Row(pk, tuple(names[pk]), *told[pk]) for pk in ids if pk in told]


class CityIndex(Index):
    model, table = City, CityWords
    spelt, newest = ("city", CityName), ("name", "id")
    names = {"contacts.city": frozenset({"name", "name_ru"}), "contacts.cityname": ALL}

    def keys_of(self, ids):
        return {pk: name_keys(*names) for pk, names in names_of_cities(ids).items()}
