"""Who takes part in an event, and with whom a case is pursued, as one reader may know it."""

from collections.abc import Iterable
from typing import NamedTuple

from caricc.lib.by_ids import ByIds
from caricc.lib.tree import parents_of
from contacts.models import Organization
from events.models import Delegation
from events.models.delegation import without_body


class Party(NamedTuple):
    """A delegation as a row of a table tells of it; `state` is that of its organization."""

    organization_id: int | None
    name: str
    state: str
    own: bool
    key: object  # the same for delegations of one body, state or group


BODY = ("organization", *(f"organization__{column}" for column in ("name", "short_name", "country", "own")))
DELEGATIONS = ByIds(
    Delegation,
    lambda events: (
        Delegation._base_manager.filter(event__in=events)
        .order_by("position", "created_at", "id")
        .values_list("event", *BODY, "country", "group")
    ),
)


def parties_at(event_ids: Iterable[int]) -> dict[int, list[Party]]:
    """{event: the delegations to it} in one query that reads no more than `Party` tells."""
    found: dict[int, list[Party]] = {}
    called: dict[tuple[str, str], str] = {}
    for event, body, name, short, of_body, own, state, group in DELEGATIONS.rows(event_ids):
        if body:
            party = Party(body, short or name, of_body, bool(own), body)
        else:
            if (group, state) not in called:
                called[group, state] = without_body(group, state)
            party = Party(None, called[group, state], "", False, (group, state))
        found.setdefault(event, []).append(party)
    return found


def parties_of(event, most: int = 3) -> tuple[list[Party], int]:
    """Who else took part, each body once: the first few, and how many more."""
    parties = getattr(event, "parties", None)
    if parties is None:
        parties = [
            Party(one.organization_id, one.name, one.organization.country, one.own, one.organization_id)
            if one.organization_id
            else Party(None, one.name, "", False, (one.group, one.country))
            for one in event.delegations.all()
        ]
    others: dict[object, Party] = {}
    for party in parties:
        if not party.own:
            others.setdefault(party.key, party)
    return list(others.values())[:most], max(len(others) - most, 0)


def case_partners(case, events) -> list[dict]:
    """Partners named on the case with their roles, then those met at its visible events; each with how often.

    An event with a body below a partner is one with the partner, as everywhere.
    """
    met = Delegation._base_manager.filter(event__in=events.order_by().values("pk"), organization__isnull=False)
    pairs = list(met.order_by().values_list("organization", "organization__own", "event").distinct())
    roles: dict[int, list[str]] = {}
    bodies = {}
    for partner in case.partners.all():
        roles.setdefault(partner.organization_id, []).append(partner.get_role_display())
        bodies[partner.organization_id] = partner.organization
    themselves = {body for body, own, _event in pairs if not own} - bodies.keys()
    parents = parents_of(Organization, {body for body, _own, _event in pairs})
    times: dict[int, set[int]] = {}
    for body, _own, event in pairs:
        seen: set[int] = set()
        while body and body not in seen:
            seen.add(body)
            times.setdefault(body, set()).add(event)
            body = parents.get(body)
    counts = {pk: len(found) for pk, found in times.items()}
    others = Organization.objects.in_bulk(themselves)
    bodies |= dict(sorted(others.items(), key=lambda item: (-counts[item[0]], str(item[1]), item[0])))
    return [{"body": body, "roles": roles.get(pk, []), "times": counts.get(pk, 0)} for pk, body in bodies.items()]
