"""The figures of the start page: what was done in the period, what is owed, what comes, what does not move."""

import datetime

from django.utils.translation import gettext as _

from caricc.lib.days import today
from caricc.lib.periods import Period, period_of
from events.choices import BETWEEN_OTHERS
from events.dashboards.desk import CASES, COMMITMENTS, EVENTS, ORGANIZATIONS, OUTCOMES, Desk, Figure

SOON = 14


def with_comparison(desk: Desk, make) -> Figure:
    """A figure of the period, with those of the period before and of a year ago beside it."""
    figure = make(desk.period)
    figure.so_far = _is_not_over(desk.period) and figure.list_name != COMMITMENTS
    if desk.period.is_closed:
        before, year_ago = desk.period.shifted(-1), desk.period.a_year_ago()
        figure.beside = [_called(make(before), before)]
        if year_ago != before:
            figure.beside.append(_called(make(year_ago), year_ago))
    return figure


def _called(figure: Figure, period: Period) -> Figure:
    figure.label = str(period)
    return figure


def of_the_period(desk: Desk) -> list[Figure]:
    """What was done. The first is the whole of which the share is told."""
    return [
        with_comparison(
            desk,
            lambda period: Figure(
                _("Events held"), EVENTS, desk.held(period),
                _("Events that took place and whose days touch the period; a visit with three meetings counts as four."),
            ),
        ),
        with_comparison(
            desk,
            lambda period: Figure(
                _("Partners met"), ORGANIZATIONS, desk.partners(period),
                _("Organizations, not our own, with a delegation at one of these events; each once, offices by themselves."),
            ),
        ),
        with_comparison(
            desk,
            lambda period: Figure(
                _("Outcomes"), OUTCOMES, desk.outcomes(period),
                _("Documents, agreements, recommendations and the like that these events produced."),
            ),
        ),
        with_comparison(
            desk,
            lambda period: Figure(
                _("Held without an outcome"), EVENTS, desk.events(period, without_outcome="true"),
                _("Events held in the period for which no outcome is recorded."),
            ),
        ),
        with_comparison(
            desk,
            lambda period: Figure(
                _("Open commitments"), COMMITMENTS, desk.commitments(**open_at(period)),
                _("Promised and neither fulfilled nor withdrawn: today, or on the last day of a period that is over."),
            ),
        ),
        with_comparison(
            desk,
            lambda period: Figure(
                _("Overdue"), COMMITMENTS, desk.commitments(**overdue_at(period)),
                _("Open, and the due day had passed: today, or on the last day of a period that is over."), late=True,
            ),
        ),
    ]  # fmt: skip


def open_at(period: Period) -> dict:
    return {"status": "open"} if _is_not_over(period) else {"open_on": period.before.isoformat()}


def overdue_at(period: Period) -> dict:
    return {"overdue": "true"} if _is_not_over(period) else {"overdue_on": period.before.isoformat()}


def _is_not_over(period: Period) -> bool:
    return period.before is None or period.before >= today()


def promises(desk: Desk) -> list[dict]:
    """What is owed today, by direction: open, due in 14 days, overdue."""
    now = today()
    soon = {"status": "open", "due_after": now.isoformat(), "due_before": (now + datetime.timedelta(SOON)).isoformat()}
    wanted = (
        (_("open"), {"status": "open"}, False),
        (_("due in 14 days"), soon, False),
        (_("overdue"), {"overdue": "true"}, True),
    )
    sides = (("ours", _("We owe")), ("theirs", _("Owed to us")))
    return [
        {
            "direction": direction,
            "label": label,
            "figures": [
                Figure(words, COMMITMENTS, desk.commitments(direction=direction, **asked), late=late)
                for words, asked, late in wanted
            ],
        }
        for direction, label in sides
    ]


def still_open(desk: Desk) -> dict[str, Figure]:
    """What stands open today, whatever the period."""
    ahead = period_of("next_30_days")
    return {
        "ahead": Figure(
            _("Planned"), EVENTS, desk.events(ahead, status="planned", ordering="start_date"),
            _("Planned events of the next 30 days, whatever the period."),
        ),
        "cases": Figure(_("Open cases"), CASES, desk.cases(status="open"), _("Cases that are neither dormant nor closed.")),
        "quiet": Figure(
            _("Open cases without movement"), CASES, desk.cases(without_movement="true"),
            _("Open cases without an event, note or change of a promise for 90 days, and with no event ahead."),
        ),
        "others": Figure(
            _("Between others"), COMMITMENTS, desk.commitments(direction=BETWEEN_OTHERS, status="open"),
            _("Open commitments in which no unit of ours is a side."),
        ),
        "silent": Figure(
            _("Silent partners"), ORGANIZATIONS, desk.silent(),
            _("Partners whose agreed rhythm has passed since the last event held with them or a body below them."),
        ),
    }  # fmt: skip


def to_complete(desk: Desk) -> list[Figure]:
    """Small gaps: events of the period, commitments of today."""
    return [
        Figure(_("Held, but no outcome noted"), EVENTS, desk.events(without_outcome="true")),
        Figure(_("Held, but nobody recorded"), EVENTS, desk.events(without_delegation="true")),
        Figure(_("Planned, and the day has passed"), EVENTS, desk.events(day_passed="true")),
        Figure(_("Commitments without a date"), COMMITMENTS, desk.commitments(status="open", due__isnull="true")),
        Figure(_("Commitments that nobody is responsible for"), COMMITMENTS,
               desk.commitments(status="open", officer__isnull="true")),
    ]  # fmt: skip
