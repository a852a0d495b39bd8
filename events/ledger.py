"""Commitments as a ledger: ours on the left, theirs on the right, the day they are due between."""

import calendar
import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caricc.lib.days import today
from events.choices import CommitmentStatus, Direction

TITLES = {
    "late": gettext_lazy("Overdue"),
    "week": gettext_lazy("This week"),
    "month": gettext_lazy("This month"),
    "later": gettext_lazy("Later"),
    "none": gettext_lazy("No date"),
    "closed": gettext_lazy("Done or withdrawn"),
}


def ledger(commitments) -> dict:
    """Rows of due dates with both sides, the most urgent first; `others` are promises in which we are not a side."""
    now = today()
    rows: dict[str, dict] = {}
    others = []
    for one in commitments:
        one.when = due_words(one, now)
        direction = one.direction
        if not direction:
            others.append(one)
            continue
        name = section_of(one, now)
        row = rows.setdefault(name, {"name": name, "title": TITLES[name], "ours": [], "theirs": []})
        row["ours" if direction == Direction.OURS else "theirs"].append(one)
    ordered = [rows[name] for name in TITLES if name in rows]
    for row in ordered:
        row["n"] = len(row["ours"]) + len(row["theirs"])
    return {
        "rows": ordered,
        "others": others,
        "ours": sum(len(row["ours"]) for row in ordered),
        "theirs": sum(len(row["theirs"]) for row in ordered),
    }


def section_of(commitment, now: datetime.date) -> str:
    due = commitment.due_date
    if commitment.status != CommitmentStatus.OPEN:
        return "closed"
    if due is None:
        return "none"
    if due < now:
        return "late"
    if due <= now + datetime.timedelta(days=6 - now.weekday()):
        return "week"
    last = now.replace(day=calendar.monthrange(now.year, now.month)[1])
    return "month" if due <= last else "later"


def due_words(commitment, now: datetime.date) -> dict:
    """How the due date is put beside a commitment: `words`, else the `day` itself; `late` and `soon` for the eye."""
    if commitment.status != CommitmentStatus.OPEN:
        return {"words": commitment.get_status_display(), "status": commitment.status}
    if commitment.due_date is None:
        return {"words": _("no date")}
    days = (commitment.due_date - now).days
    return {"day": commitment.due_date, "late": -days if days < 0 else 0, "soon": 0 <= days <= 7}
