"""With whom a case is pursued, as one reader may know it."""

from caricc.lib.tree import parents_of
from contacts.models import Organization
from events.models import Delegation


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
