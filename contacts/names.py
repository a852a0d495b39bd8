"""Every name that records ever had."""

from collections import defaultdict

from contacts.models import City, CityName, Organization, OrganizationName, Person, PersonName


def names_of_people(ids) -> dict[int, list[str]]:
    """{id: the shown name, and every way to write it}."""
    found = {pk: [name] for pk, name in Person._base_manager.filter(pk__in=ids).values_list("pk", "name")}
    for name in PersonName._base_manager.filter(person__in=ids).order_by("person", "-preferred", "created_at", "id"):
        if name.person_id in found:
            found[name.person_id].append(name.written())
    return {pk: list(dict.fromkeys(names)) for pk, names in found.items()}


def names_of_organizations(ids) -> dict[int, list[str]]:
    """{id: its names and short names, old ones too}."""
    rows = Organization._base_manager.filter(pk__in=ids).values_list("pk", "name", "short_name")
    found = {pk: [name, short] for pk, name, short in rows}
    names = OrganizationName._base_manager.filter(organization__in=ids).order_by("organization", "created_at", "id")
    for pk, name, short in names.values_list("organization", "name", "short_name"):
        if pk in found:
            found[pk] += [name, short]
    return {pk: list(dict.fromkeys(filter(None, names))) for pk, names in found.items()}


def names_of_cities(ids) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for pk, name, russian in City._base_manager.filter(pk__in=ids).values_list("pk", "name", "name_ru"):
        found[pk] += [name, russian]
    names = CityName._base_manager.filter(city__in=list(found)).order_by("city", "created_at", "id")
    for pk, name in names.values_list("city", "name"):
        found[pk].append(name)
    return {pk: list(dict.fromkeys(filter(None, names))) for pk, names in found.items()}
