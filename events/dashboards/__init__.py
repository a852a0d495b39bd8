"""The start page: one question, and everything that it counts; 15 queries at most, whatever is on it."""

from django.urls import reverse

from caricc.lib.days import today
from caricc.lib.periods import PERIODS, period_of
from events.dashboards.charts import Charts
from events.dashboards.desk import COMMITMENTS, ORGANIZATIONS, Desk, Figure
from events.dashboards.figures import of_the_period, promises, still_open, to_complete
from events.ledger import when_due
from events.models import Commitment

URGENT = QUIET = NEXT = 5
OFFERED = ("this_month", "this_quarter", "this_year", "last_quarter")

__all__ = ["Desk", "board", "presets"]


def presets(desk: Desk) -> list[dict]:
    """The periods asked for most, as links that keep the rest of the question; then all time."""
    made = []
    for name in (*OFFERED, "all_time"):
        period = period_of(name)
        made.append({"label": dict(PERIODS)[name], "query": desk.in_period(period), "current": desk.period == period})
    return made


def steps(desk: Desk) -> dict:
    """The periods before and after this one, as questions."""
    if not desk.period.is_closed:
        return {}
    return {
        name: {"label": str(period), "query": desk.in_period(period)}
        for name, period in (("before", desk.period.shifted(-1)), ("after", desk.period.shifted(1)))
    }


def board(desk: Desk) -> dict:
    """All that the page shows of the question, as the reader may see it."""
    figures, sides, open_now, gaps = of_the_period(desk), promises(desk), still_open(desk), to_complete(desk)
    everything = [
        *figures, *(one for figure in figures for one in figure.beside),
        *(one for side in sides for one in side["figures"]), *open_now.values(), *gaps,
    ]  # fmt: skip
    late_anywhere = Commitment.objects.visible_to(desk.user).overdue()
    numbers = desk.count(everything, overdue=late_anywhere)
    figures[3].whole = figures[0].count
    charts = Charts(desk)
    states, topics = charts.states_and_topics()
    return {
        "figures": figures,
        "promises": sides,
        "open_now": open_now,
        "case_figures": [open_now["cases"], open_now["quiet"]],
        "gaps": gaps,
        "overdue_count": numbers["overdue"],
        "months": charts.columns(),
        "kinds": charts.kinds(),
        "formats": charts.formats(),
        "partners": charts.partners(),
        "states": states,
        "topics": topics,
        "ahead": list(desk.rows(open_now["ahead"]).order_by("start_date", "start_time", "id")[:NEXT]),
        "urgent": urgent(desk),
        "quiet": quiet(desk),
        "rolled_up": desk.rolled_up,
        "other_way": desk.shown.query(("rollup", "page"), rollup="false" if desk.rolled_up else "true"),
        "presets": presets(desk),
        "steps": steps(desk),
        "ledger_url": f"{reverse(COMMITMENTS)}?{desk.commitments(status='open')}",
    }


def urgent(desk: Desk) -> list[Commitment]:
    """The open commitments that are due first, the late ones among them."""
    rows = desk.rows(Figure("", COMMITMENTS, desk.commitments(status="open"))).filter(due_date__isnull=False)
    found = list(rows.select_related("debtor", "creditor", "responsible").order_by("due_date", "id")[:URGENT])
    now = today()
    for one in found:
        one.when = when_due(one, now)
    return found


def quiet(desk: Desk) -> list[dict]:
    """The partners silent for longest, of those that the figure counts; those whom nobody plans to meet come first."""
    question = desk.ask(Figure("", ORGANIZATIONS, desk.silent()))
    order = list(question.silences)
    found = {body.pk: body for body in question.qs} if order else {}
    shown = [{"body": found[pk], "silence": question.silences[pk]} for pk in order if pk in found]
    return sorted(shown, key=lambda one: one["silence"].next is not None)[:QUIET]
