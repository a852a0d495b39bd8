"""The rhythm strip of a partner: a dot a month, its area the number of events held with it."""

import datetime
import math
from dataclasses import dataclass

from django.db.models import Count

from caricc.lib.days import today
from caricc.lib.periods import Period, add_months, around

MONTHS = 24
ONE, LARGEST, NONE = 5.0, 12.5, 3.0  # radii: of one event, of the busiest month at most, of a month without


@dataclass(frozen=True)
class Month:
    period: Period
    count: int
    radius: float
    query: str

    @property
    def first(self) -> datetime.date | None:
        return self.period.after


def strip(met, query: str) -> list[Month]:
    """The last months of `met`, the events with a partner; each with the question of its events. One query.

    An event over two months counts in both, as the question about either month finds it.
    """
    now = around(today(), "month")
    months = [around(add_months(now.after, step - MONTHS + 1), "month") for step in range(MONTHS)]
    days = met.overlapping(months[0].after, months[-1].before).order_by().values_list("start_date", "end_date")
    spans = list(days.annotate(n=Count("pk")))
    counts = [sum(n for first, last, n in spans if first <= month.before and last >= month.after) for month in months]
    unit = min(ONE, LARGEST / math.sqrt(max([*counts, 1])))
    return [
        Month(
            month, n, round(max(unit * math.sqrt(n), 1.5), 2) if n else NONE,
            f"{query}&date_after={month.after}&date_before={month.before}",
        )
        for month, n in zip(months, counts, strict=True)
    ]  # fmt: skip
