"""The order in which events stand in a table."""

from events.models import Event


def in_tree_order(events: list[Event]) -> list[Event]:
    """Parts stand directly after the event that contains them, where both are at hand; `follows` is that event."""
    at_hand = {event.pk: event for event in events}
    parts: dict[int, list[Event]] = {}
    for event in events:
        event.follows = at_hand.get(event.parent_id)
        if event.follows:
            parts.setdefault(event.parent_id, []).append(event)
    ordered = []
    for event in events:
        if not event.follows:
            ordered += [event, *sorted(parts.get(event.pk, []), key=lambda part: (part.start_date, part.pk))]
    return ordered


def by_month(events: list[Event], cut_before: bool, cut_after: bool) -> list[dict]:
    """Rows under the month of their first day; a month that the page cuts does not say how many it has."""
    sections: list[dict] = []
    for event in in_tree_order(events):
        home = event.follows or event
        month = (home.start_date.year, home.start_date.month)
        if not sections or sections[-1]["month"] != month:
            sections.append({"month": month, "heading": home.start_date, "rows": []})
        sections[-1]["rows"].append(event)
    for place, section in enumerate(sections):
        whole = not (place == 0 and cut_before) and not (place == len(sections) - 1 and cut_after)
        section["count"] = len(section["rows"]) if whole else None
    return sections
