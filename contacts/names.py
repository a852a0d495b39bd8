"""Every name that records ever had."""

from collections import defaultdict

from contacts.models import City, CityName, Organization, OrganizationName, Person, name_written


def names_of_people(ids) -> dict[int, list[str]]:
    """{id: the shown name, and every way to write it}."""
    rows = Person._base_manager.filter(pk__in=ids).order_by("pk", "-names__preferred", "names__created_at", "names__id")
    found: dict[int, dict[str, None]] = {}
    for pk, shown, script, *parts in rows.values_list(
        "pk", "name", "names__script", "names__family", "names__given", "names__patronymic"
    ):
        names = found.setdefault(pk, {shown: None})
        if script is not None:
            names[name_written(script, *parts)] = None
    return {pk: list(names) for pk, names in found.items()}


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
