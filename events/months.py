"""Days, weeks and lanes: how the rows of a diary are laid out in a month, and told as an agenda."""

import datetime
from dataclasses import dataclass, field
from itertools import pairwise

from caricc.lib.days import today
from caricc.lib.periods import Period
from events.diary import VAGUE, Diary
from events.models import Event

ONE = datetime.timedelta(days=1)
LANES, SMALL = 4, 2  # events drawn on a day of the grid; due dates and next steps each
VAGUELY = 50  # events shown that are known to the month only, and to the year only
A_DAY = 8  # rows of each sort fetched a day: an agenda shows them all


@dataclass
class Day:
    date: datetime.date
    within: bool  # in the month, and in the period asked for
    asked: bool  # in the period asked for, so that its figures have a list
    count: int = 0  # events whose days include it, as the list of events counts them
    certain: int = 0  # of these, those not known to the month or the year only
    events: list = field(default_factory=list)  # that begin on it, or go on on the first day shown
    going_on: list = field(default_factory=list)
    due: list = field(default_factory=list)
    steps: list = field(default_factory=list)
    in_lanes: int = 0

    @property
    def is_today(self) -> bool:
        return self.date == today()

    @property
    def due_count(self) -> int:
        return self.due[0].that_day if self.due else 0

    @property
    def more(self) -> int:
        """Events of the day that the grid has no room for."""
        return self.certain - self.in_lanes

    @property
    def more_in_agenda(self) -> int:
        return self.certain - len(self.events) - len(self.going_on)

    @property
    def small_due(self) -> list:
        return self.due if len(self.due) <= SMALL else self.due[: SMALL - 1]

    @property
    def more_due(self) -> int:
        return self.due_count - len(self.small_due)

    @property
    def small_steps(self) -> list:
        return self.steps if len(self.steps) <= SMALL else self.steps[: SMALL - 1]

    @property
    def step_count(self) -> int:
        return self.steps[0].that_day if self.steps else 0

    @property
    def more_steps(self) -> int:
        return self.step_count - len(self.small_steps)

    @property
    def more_due_in_agenda(self) -> int:
        return self.due_count - len(self.due)

    @property
    def more_steps_in_agenda(self) -> int:
        return self.step_count - len(self.steps)

    @property
    def has_news(self) -> bool:
        return bool(self.events or self.due or self.steps)


@dataclass
class Cell:
    """Some columns of a lane: an event, or nothing."""

    span: int
    event: Event | None = None
    before: bool = False  # it began before this week
    after: bool = False  # it goes on after it
    outside: bool = False  # none of its days is within what is shown


@dataclass
class Week:
    days: list[Day]
    lanes: list[list[Cell]]


@dataclass
class Sheet:
    """The days from `first` to `last`, with what is on them; `total` is the number of events that touch them."""

    days: dict[datetime.date, Day]
    total: int
    vague: dict[str, list]
    vague_count: dict[str, int]
    rows: list

    @property
    def agenda(self) -> list[Day]:
        return [day for day in self.days.values() if day.within and day.has_news]

    def weeks(self) -> list[Week]:
        days = list(self.days.values())
        return [self._week(days[place : place + 7]) for place in range(0, len(days), 7)]

    def _week(self, days: list[Day]) -> Week:
        """Each event gets the first lane that is free on all its days; what finds none is counted, not drawn."""
        first, last = days[0].date, days[-1].date
        lanes: list[list] = [[None] * len(days) for _lane in range(LANES)]
        for event in self.rows:
            if event.start_date > last or event.end_date < first:
                continue
            start, end = (max(event.start_date, first) - first).days, (min(event.end_date, last) - first).days
            free = next((lane for lane in lanes if not any(lane[start : end + 1])), None)
            if free is not None:
                free[start : end + 1] = [event] * (end + 1 - start)
                for day in days[start : end + 1]:
                    day.in_lanes += 1
        return Week(days, [_cells(lane, days) for lane in lanes if any(lane)])


def _cells(lane: list, days: list[Day]) -> list[Cell]:
    borders = [0, *(n for n, (a, b) in enumerate(pairwise(lane), 1) if a is not b or a is None), len(lane)]
    made = []
    for start, end in pairwise(borders):
        cell = Cell(end - start, lane[start], outside=not any(day.within for day in days[start:end]))
        if cell.event:
            cell.before, cell.after = cell.event.start_date < days[0].date, cell.event.end_date > days[-1].date
        made.append(cell)
    return made


def sheet(diary: Diary, grid: Period, shown: Period, asked: Period, with_parties: bool = False) -> Sheet:
    """All that is on the days of `grid`; figures are those of `shown`, which lies in it, within the days `asked` for."""
    first, last = grid.after, grid.before
    days = {}
    for number in range((last - first).days + 1):
        date = first + number * ONE
        in_question = inside(date, asked)
        days[date] = Day(date, within=in_question and inside(date, shown), asked=in_question)
    shown_days = [day.date for day in days.values() if day.within]
    total, vague_count = 0, dict.fromkeys(VAGUE, 0)
    for start, end, precision, n in diary.spans(first, last):
        in_shown = bool(shown_days) and start <= shown_days[-1] and end >= shown_days[0]
        total += n if in_shown else 0
        if precision in VAGUE:
            vague_count[precision] += n if in_shown else 0
        for date in between(max(start, first), min(end, last)):
            days[date].count += n
            days[date].certain += n if precision not in VAGUE else 0
    rows, vague = [], {name: [] for name in VAGUE}
    for event in diary.drawn(first, last, A_DAY, VAGUELY, with_parties):
        if event.date_precision not in VAGUE:
            rows.append(event)
        elif shown_days and event.start_date <= shown_days[-1] and event.end_date >= shown_days[0]:
            vague[event.date_precision].append(event)
    made = Sheet(days, total, vague, vague_count, rows)
    _tell(made, shown_days)
    for one in diary.due(first, last, A_DAY):
        if days[one.due_date].asked:
            days[one.due_date].due.append(one)
    for one in diary.steps(first, last, A_DAY):
        if days[one.next_step_on].asked:
            days[one.next_step_on].steps.append(one)
    return made


def _tell(made: Sheet, shown_days: list) -> None:
    """Put each event on the first day shown on which it is, and among what goes on on the days after."""
    if not shown_days:
        return
    for event in made.rows:
        dates = list(between(max(event.start_date, shown_days[0]), min(event.end_date, shown_days[-1])))
        for place, date in enumerate(dates):
            day = made.days[date]
            (day.going_on if place else day.events).append(event)


def between(first, last):
    for number in range((last - first).days + 1):
        yield first + number * ONE


def inside(date, period: Period) -> bool:
    return (period.after is None or period.after <= date) and (period.before is None or date <= period.before)


def weeks_around(month: Period) -> Period:
    """Whole weeks, from Monday on, that hold the month."""
    return Period(
        month.after - month.after.weekday() * ONE,
        month.before + (6 - month.before.weekday()) * ONE,
    )
