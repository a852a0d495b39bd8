"""The start page beside the live aggregates of the same figures."""

import datetime

from tests.bench.inside.questions import YEAR
from tests.bench.inside.reader import reader
from tests.bench.inside.registry import side
from tests.bench.inside.replay import bare
from tests.bench.reference.board_sql import statements

PERIODS = {"year": (datetime.date(YEAR, 1, 1), datetime.date(YEAR, 12, 31)), "everything": (None, None)}


@side("live aggregates")
def live_aggregates(period: str):
    sent, send = statements(reader().pk, *PERIODS[period]), bare()

    def run() -> None:
        for sql in sent:
            send(sql)

    return run
