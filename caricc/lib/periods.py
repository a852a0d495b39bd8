"""Stretches of days: those that move with today, and how one lies beside the one before it and the one a year ago."""

import calendar
import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caricc.lib.days import today, written

PERIODS = (
    ("this_month", gettext_lazy("This month")),
    ("this_quarter", gettext_lazy("This quarter")),
    ("this_year", gettext_lazy("This year")),
    ("last_month", gettext_lazy("Last month")),
    ("last_quarter", gettext_lazy("Last quarter")),
    ("last_year", gettext_lazy("Last year")),
    ("last_30_days", gettext_lazy("The last 30 days")),
    ("next_30_days", gettext_lazy("The next 30 days")),
    ("all_time", gettext_lazy("All time")),
)
_LENGTHS = {"month": 1, "quarter": 3, "year": 12, "decade": 120}
_ORDINALS = (gettext_lazy("First"), gettext_lazy("Second"), gettext_lazy("Third"), gettext_lazy("Fourth"))


@dataclass(frozen=True)
class Period:
    """Days from `after` to `before`, both inclusive; either may be open (None)."""

    after: datetime.date | None = None
    before: datetime.date | None = None

    @property
    def is_closed(self) -> bool:
        """Whether both ends are there, so that it has a length."""
        return self.after is not None and self.before is not None

    @property
    def months(self) -> int:
        """How many whole calendar months it is; 0 where it is no row of whole months."""
        if self.after is None or self.before is None or self.after.day != 1:
            return 0
        if self.before.day != calendar.monthrange(self.before.year, self.before.month)[1]:
            return 0
        return (self.before.year - self.after.year) * 12 + self.before.month - self.after.month + 1

    def shifted(self, steps: int) -> "Period":
        """The period as long as this one, `steps` times its length later; whole months stay whole months."""
        if self.after is None or self.before is None:
            return self
        if self.months:
            first = add_months(self.after, self.months * steps)
            return Period(first, _last_of_month(add_months(first, self.months - 1)))
        try:
            length = datetime.timedelta(days=(self.before - self.after).days + 1) * steps
            return Period(self.after + length, self.before + length)
        except OverflowError:  # beyond the first or last year that there is
            return self

    def a_year_ago(self) -> "Period":
        if self.after is None or self.before is None:
            return self
        before = add_months(self.before, -12)
        return Period(add_months(self.after, -12), _last_of_month(before) if self.months else before)

    @property
    def query(self) -> dict[str, str]:
        """Its ends as the query string names them."""
        ends = {"date_after": self.after, "date_before": self.before}
        return {name: day.isoformat() for name, day in ends.items() if day is not None}

    def __str__(self):
        if self.after is None and self.before is None:
            return _("All time")
        if self.before is None:
            return _("Since %(day)s") % {"day": written(self.after)}
        if self.after is None:
            return _("Until %(day)s") % {"day": written(self.before)}
        if self.months == 1:
            return written(self.after, "F Y")
        if self.months == 3 and self.after.month % 3 == 1:
            words = {"ordinal": _ORDINALS[self.after.month // 3], "year": self.after.year}
            return _("%(ordinal)s quarter %(year)s") % words
        if self.months == 12 and self.after.month == 1:
            return str(self.after.year)
        if self.after == self.before:
            return written(self.after)
        if self.months and self.after.year == self.before.year:
            return f"{written(self.after, 'M')} – {written(self.before, 'M Y')}"
        if self.months:
            return f"{written(self.after, 'M Y')} – {written(self.before, 'M Y')}"
        return f"{written(self.after)} – {written(self.before)}"


def period_of(name: str, at: datetime.date | None = None) -> Period:
    """The days that a name of `PERIODS` means on the day `at` (today)."""
    at = at or today()
    if name == "last_30_days":
        return Period(at - datetime.timedelta(days=29), at)
    if name == "next_30_days":
        return Period(at, at + datetime.timedelta(days=29))
    if name == "all_time":
        return Period()
    which, _sign, unit = name.partition("_")
    made = around(at, unit)
    return made.shifted(-1) if which == "last" else made


def around(day: datetime.date, unit: str) -> Period:
    """The calendar month, quarter, year or decade in which a day lies."""
    length = _LENGTHS[unit]
    number = (day.year * 12 + day.month - 1) // length * length
    first = datetime.date(number // 12, number % 12 + 1, 1)
    return Period(first, _last_of_month(add_months(first, length - 1)))


def add_months(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months later, the last of the month where it has no such day; kept within 1900 to 2100."""
    number = min(max(day.year * 12 + day.month - 1 + months, 1900 * 12), 2100 * 12 + 11)
    year, month = number // 12, number % 12 + 1
    return datetime.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _last_of_month(day: datetime.date) -> datetime.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
