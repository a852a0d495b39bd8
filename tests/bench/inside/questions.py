"""The questions that are measured, in the words of the database at hand: its partners, its last full year."""

from functools import cache

from django.db.models import Count

from events.models import Delegation, Event

YEAR = 2024
NAMES = ("none", "year", "year, partner, kind", "top partner")


@cache
def partners() -> list[int]:
    """Ids of the partners, those of most delegations first."""
    met = Delegation._base_manager.filter(organization__own=False).order_by().values("organization")
    ranked = met.annotate(n=Count("pk")).order_by("-n", "organization")
    return list(ranked.values_list("organization", flat=True)[:100])


def middling() -> int:
    """Of a partner that is met neither daily nor hardly ever."""
    return partners()[min(30, len(partners()) - 1)]


def asked(name: str) -> str:
    """The query string of a question."""
    year = f"date_after={YEAR}-01-01&date_before={YEAR}-12-31"
    return {
        "none": "",
        "year": year,
        "year, partner, kind": f"{year}&partner={middling()}&kind=bilateral",
        "top partner": f"partner={partners()[0]}",
        "everything": "period=all_time",
    }[name]


def events() -> int:
    return Event._base_manager.count()
