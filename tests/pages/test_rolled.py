"""The start page out of kept figures says what it says when every figure is counted live."""

import pytest
from django.http import QueryDict

from caricc.lib import writes
from events.dashboards import Desk, board, rolled
from events.models import Event
from tests.world import READERS

QUESTIONS = (
    "", "period=all_time", "period=this_year", "date_after=2021-10-01&date_before=2021-12-31", "date_after=2021-10-15",
    "date_before=2021-10-20", "date_after=2021-10-15&date_before=2021-11-01", "date_after=2021-01-15&date_before=2022-01-10",
    "rollup=false&period=all_time", "date_after=2021-10-14&date_before=2021-10-14", "date_after=2020-11-20&date_before=2021-10-14",
)  # fmt: skip


def told(desk) -> dict:
    """Everything that the page shows of a question, as plain values."""
    page = board(desk)
    figures = [*page["figures"], *(one for figure in page["figures"] for one in figure.beside), *page["gaps"]]
    bars = {
        name: [(b.label, b.count, b.query) for b in page[name]]
        for name in ("kinds", "formats", "partners", "states", "topics")
    }
    columns = [(c.head, c.held, c.total, sorted(c.counts.items())) for c in page["months"]["columns"]]
    table = [[cell.count for cell in row["cells"]] for row in page["months"]["table"]]
    return {"figures": [(f.label, f.query, f.count) for f in figures], **bars, "columns": columns, "table": table}


@pytest.mark.parametrize("few", [rolled.FEW, 0])  # live events by their ids, or by a subquery
@pytest.mark.parametrize("who", READERS)
def test_for_every_reader_and_period_it_is_the_same(world, who, few, monkeypatch):
    monkeypatch.setattr(rolled, "FEW", few)
    with writes.change(None, "command") as change:  # over the turn of months and years
        for number, (start, end) in enumerate((("2021-09-28", "2021-10-03"), ("2020-12-30", "2022-01-02"))):
            change.save(Event(kind="visit", title=f"Long {number}", start_date=start, end_date=end))
    for query in QUESTIONS:
        user = type(world.users[who]).objects.get(pk=world.users[who].pk)
        kept = Desk(user, QueryDict(query))
        assert kept.rolled is not None
        seen = told(kept)
        with monkeypatch.context() as patch:
            patch.setattr(Desk, "rolled", None)
            assert told(Desk(user, QueryDict(query))) == seen, query
    assert seen["figures"]


def test_whatever_else_is_asked_is_counted_live(world):
    for query in (f"partner={world.unodc.pk}", "kind=visit", "q=talks", "country=JP&period=all_time"):
        assert Desk(world.officer, QueryDict(query)).rolled is None
