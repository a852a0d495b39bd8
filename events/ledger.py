"""Commitments as a ledger: ours on the left, theirs on the right, the day they are due between."""

import calendar
import datetime
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from caricc.lib.answer import NOT_ASKED
from caricc.lib.counts import count_few
from caricc.lib.days import today, written
from events.choices import BETWEEN_OTHERS, CommitmentStatus, Direction
from events.filters import CommitmentQuestion
from events.models import Commitment

TITLES = {
    "late": gettext_lazy("Overdue"),
    "week": gettext_lazy("This week"),
    "month": gettext_lazy("This month"),
    "later": gettext_lazy("Later"),
    "none": gettext_lazy("No date"),
    "closed": gettext_lazy("Done or withdrawn"),
}
OPEN, FULFILLED, WITHDRAWN = CommitmentStatus.OPEN, CommitmentStatus.FULFILLED, CommitmentStatus.WITHDRAWN
UNDUE = ("status", "overdue", "due_after", "due_before", "due__isnull", "closed_after", "closed_before", "ordering")
LOOKED_UP = {"partner", "debtor", "creditor", "at", "raise_at"}  # asked a second time they would cost too much
A_DAY = datetime.timedelta(days=1)


def ledger(commitments, question, partial: bool = False) -> dict:
    """Rows of due dates with both sides, the most urgent first; `others` are promises in which we are not a side.

    They answer the `question`: the figures are those of the whole answer and link to their rows; `partial` says that
    only some of its rows are given.
    """
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
        row = rows.setdefault(name, {"name": name, "title": title_of(name, now), "ours": [], "theirs": []})
        row["ours" if direction == Direction.OURS else "theirs"].append(one)
    ordered = [rows[name] for name in TITLES if name in rows]
    figures = whole(question, set(rows), now)
    for row in ordered:
        row["days"] = days_of_section(row["name"], now)
        row["figure"] = figures.get(row["name"])
    return {
        "rows": ordered,
        "others": others,
        "partial": partial,
        "between": figures.get(BETWEEN_OTHERS),
        "asked": figures["asked"],
        "has_sides": figures["asked"] != {BETWEEN_OTHERS},
        "heads": [
            {"name": side.value, "label": side.label, "figures": figures.get(f"of {side}", [])} for side in Direction
        ],
        "lately": figures.get("lately", []),
    }  # fmt: skip


def promises(asked: dict, user) -> CommitmentQuestion:
    """The question of which a page of another record shows the answer as a ledger."""
    data = QueryDict(urlencode(asked, doseq=True))
    return CommitmentQuestion(data, Commitment.objects.visible_to(user), user=user, on_page=True)


def whole(question, sections: set, now: datetime.date) -> dict:
    """The figures of all rows that answer a question, counted in one query, each with the question that its link asks."""
    asked = set(question.data.getlist("direction")) or {*Direction.values, BETWEEN_OTHERS}
    status, url = question.data.getlist("status"), reverse("events:commitment_list")
    made: dict[str, tuple] = {}

    def figure(name, rows, without=(), **values):
        """A figure whose link asks this question with some values set and others left out."""
        pairs = [(k, v) for k, vs in question.data.lists() if k not in {*NOT_ASKED, *without, *values} for v in vs]
        pairs += [(k, v) for k, vs in values.items() for v in ([vs] if isinstance(vs, str) else sorted(vs))]
        made[name] = (rows, f"{url}?{urlencode(pairs)}")

    rows, only_late = question.qs, question.data.get("overdue", "").lower()
    found_by = {Direction.OURS: rows.ours, Direction.THEIRS: rows.theirs}
    sides = {side: found_by[side]() for side in Direction if side in asked}
    for side, of_side in sides.items():
        figure(side, of_side, direction=side)
        if not only_late:
            figure(f"{side} late", of_side.overdue(now), direction=side, overdue="true")
    both = rows.ours() | rows.theirs() if len(sides) > 1 else next(iter(sides.values()), rows.none())
    if "late" in sections:
        figure("late", both.overdue(now), direction=sides, overdue="true")
    if "none" in sections:
        figure("none", both.open().filter(due_date=None), direction=sides, due__isnull="true", status=OPEN)
    if "closed" in sections:
        over = [state for state in (FULFILLED, WITHDRAWN) if state in (status or CommitmentStatus.values)]
        figure("closed", both.filter(status__in=over), direction=sides, status=over)
    if BETWEEN_OTHERS in asked:
        figure(BETWEEN_OTHERS, rows.between_others(), direction=BETWEEN_OTHERS)
    if not only_late and status in ([], [OPEN]) and not question.data.keys() & LOOKED_UP:
        first, last = quarter_of(now)
        data = QueryDict(question.query((*NOT_ASKED, *UNDUE)))
        asking = type(question)(data, question.queryset.all(), user=question.user, on_page=True)
        closed = asking.qs.filter(closed_on__range=(first, last))
        days = {"closed_after": first.isoformat(), "closed_before": last.isoformat()}
        for state in (FULFILLED, WITHDRAWN):
            figure(state, closed.filter(status=state), UNDUE, status=state, **days)
    counts = count_few({name: counted for name, (counted, _url) in made.items()})

    def link(name, words):
        return {"count": counts[name], "url": made[name][1], "words": words}

    found: dict = {"asked": asked}
    for name in ("late", "none", "closed", BETWEEN_OTHERS):
        if name in made:
            found[name] = link(name, "")
    for side in sides:
        n = counts[side]
        if only_late == "true":
            words = ngettext("%(n)s overdue", "%(n)s overdue", n)
        elif status == [OPEN]:
            words = ngettext("%(n)s open", "%(n)s open", n)
        else:
            words = ngettext("%(n)s in all", "%(n)s in all", n)
        found[f"of {side}"] = [link(side, words % {"n": n})]
        late = counts.get(f"{side} late")
        if late:
            words = ngettext("%(n)s overdue", "%(n)s overdue", late) % {"n": late}
            found[f"of {side}"].append({**link(f"{side} late", words), "late": True})
    if FULFILLED in made:
        done, gone = counts[FULFILLED], counts[WITHDRAWN]
        said = [
            (FULFILLED, ngettext("%(n)s was fulfilled", "%(n)s were fulfilled", done) % {"n": done}),
            (WITHDRAWN, ngettext("%(n)s was withdrawn", "%(n)s were withdrawn", gone) % {"n": gone}),
        ]
        found["lately"] = [link(name, words) for name, words in said if counts[name]]
    return found


def section_of(commitment, now: datetime.date) -> str:
    due = commitment.due_date
    if commitment.status != OPEN:
        return "closed"
    if due is None:
        return "none"
    if due < now:
        return "late"
    if due <= end_of_week(now):
        return "week"
    return "month" if due <= end_of_month(now) else "later"


def end_of_week(now: datetime.date) -> datetime.date:
    return now + datetime.timedelta(days=6 - now.weekday())


def end_of_month(now: datetime.date) -> datetime.date:
    return now.replace(day=calendar.monthrange(now.year, now.month)[1])


def quarter_of(now: datetime.date) -> tuple[datetime.date, datetime.date]:
    first = now.replace(month=now.month - (now.month - 1) % 3, day=1)
    return first, end_of_month(first.replace(month=first.month + 2))


def title_of(name: str, now: datetime.date) -> str:
    return written(now, "F") if name == "month" else str(TITLES[name])


def days_of_section(name: str, now: datetime.date) -> str:
    """The days that a section covers, as people write them; empty where it has no ends."""
    week, month = end_of_week(now), end_of_month(now)
    if name == "week":
        return stretch(week - 6 * A_DAY, week)
    if name == "month":
        return stretch(week + A_DAY, month)
    return _("from %(day)s") % {"day": short(max(week, month) + A_DAY)} if name == "later" else ""


def stretch(first: datetime.date, last: datetime.date) -> str:
    if first == last:
        return short(last)
    if first.month == last.month:
        return f"{first.day}–{short(last)}"
    return f"{short(first)} – {short(last)}"


def short(day: datetime.date) -> str:
    return written(day, "j M").replace(" ", "\u00a0")


def due_words(commitment, now: datetime.date) -> dict:
    """As `when_due`, and how often it was `moved`; the shifts must have been fetched with it."""
    return {**when_due(commitment, now), "moved": moved_words(commitment)}


def when_due(commitment, now: datetime.date) -> dict:
    """How the due date is put beside a commitment: `words`, else the `day` itself; `late` and `soon` for the eye."""
    if commitment.status != OPEN:
        return {"words": commitment.get_status_display(), "status": commitment.status}
    if commitment.due_date is None:
        return {"words": _("no date")}
    days = (commitment.due_date - now).days
    return {"day": commitment.due_date, "late": -days if days < 0 else 0, "soon": 0 <= days <= 7}


def moved_words(commitment) -> str:
    """“moved twice, first 1 Dec 2026”; the days of shifts from before they were counted are told all the same."""
    n, first = sum(shift.before is not None for shift in commitment.shifts.all()), commitment.first_due_date
    if first is None or not (n or first != commitment.due_date):
        return ""
    told = {"n": n, "first": written(first).replace(" ", "\u00a0")}
    if not n:
        return _("moved, first %(first)s") % told
    if n == 2:
        return _("moved twice, first %(first)s") % told
    return ngettext("moved once, first %(first)s", "moved %(n)s times, first %(first)s", n) % told
