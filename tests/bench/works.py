"""What is measured, one function a work; each gives rows of the table. Goals stand where they are compared."""

from collections.abc import Callable, Iterator
from functools import partial

from tests.bench.databases import Databases
from tests.bench.measure import Result, Times, in_turn, times_as_fast, times_as_long, within

Work = Callable[["Run"], Iterator[Result]]
WORKS: dict[str, Work] = {}
QUESTIONS = ("none", "year", "year, partner, kind", "top partner")


def work(name: str):
    def register(make: Work) -> Work:
        WORKS[name] = make
        return make

    return register


class Run:
    """The databases of a run, and how it tells what it does."""

    def __init__(self, databases: Databases, told: Callable[[str], None]):
        self.databases, self.told = databases, told

    @property
    def big(self):
        return self.databases.big

    def small(self, side: str, **args) -> dict:
        """The same side in the small database; none where there is no such database."""
        return {} if self.databases.small is None else {"small": self.databases.small.side(side, **args)}

    def growth(self, work: str, times: dict[str, Times], goal: float) -> Iterator[Result]:
        if "small" in times:
            other = f"the same at {self.databases.small_scale:,} events"
            yield times_as_long(work, times["ours"].ms, times["small"].ms, other, goal)

    def turns(self, sides: dict, **more) -> dict[str, Times]:
        return in_turn(sides, told=self.told, **more)


def _list(question: str, run: Run) -> Iterator[Result]:
    name = f"list page, {question}"
    sides = {
        "ours": run.big.side("page", page="list", question=question),
        "SQL": run.big.side("page SQL", page="list", question=question),
        "plain view": run.big.side("page", page="plain", question=question),
        **run.small("page", page="list", question=question),
    }
    times = run.turns(sides)
    ours = times["ours"].ms
    yield times_as_long(name, ours, times["SQL"].ms, "its bare SQL", 4)
    yield from run.growth(name, times, 3)
    yield times_as_fast(name, ours, times["plain view"].ms, "plain FilterSet + Paginator view", 3)
    asked = run.big.ask("page queries", page="list", question=question)["queries"]
    yield within(f"{name}: queries", asked, 8, "queries")


for _question in QUESTIONS:
    WORKS[f"list page, {_question}"] = partial(_list, _question)


@work("last page")
def last_page(run: Run) -> Iterator[Result]:
    sides = {"ours": run.big.side("last page"), "first": run.big.side("page", page="list", question="none")}
    times = run.turns(sides)
    note = f"found by {times['ours'].answers[0]['by']}"
    yield times_as_long("last page of the list", times["ours"].ms, times["first"].ms, "its first page", 1.5, note=note)


def _board(period: str, run: Run) -> Iterator[Result]:
    name = f"dashboard over {'a year' if period == 'year' else period}"
    sides = {
        "ours": run.big.side("page", page="board", question=period),
        "live": run.big.side("live aggregates", period=period),
        **run.small("page", page="board", question=period),
    }
    times = run.turns(sides, seconds=10)
    ours = times["ours"].ms
    yield times_as_fast(name, ours, times["live"].ms, "live aggregates, bare SQL", 10, note="the whole page")
    yield from run.growth(name, times, 3)
    asked = run.big.ask("page queries", page="board", question=period)["queries"]
    yield within(f"{name}: queries", asked, 15, "queries")


for _period in ("year", "everything"):
    WORKS[f"dashboard, {_period}"] = partial(_board, _period)


@work("API page")
def api_page(run: Run) -> Iterator[Result]:
    sides = {"ours": run.big.side("api"), "SQL": run.big.side("api SQL"), "viewset": run.big.side("plain api")}
    times = run.turns(sides)
    name = "API page of 100"
    yield times_as_fast(name, times["ours"].ms, times["viewset"].ms, "ModelSerializer viewset without count", 3)
    yield times_as_long(name, times["ours"].ms, times["SQL"].ms, "its bare SQL", 2)


@work("save")
def save(run: Run) -> Iterator[Result]:
    times = run.turns({"ours": run.big.side("save"), **run.small("save")}, seconds=8)
    yield from run.growth("save an event with 6 delegations", times, 1.5)


def _search(what: str, name: str, goal: float, run: Run) -> Iterator[Result]:
    told = run.big.ask("search", what=what)
    yield times_as_long(name, told["ours"], told["other"], "SQL by hand", goal, note="95th percentile of 200 questions")


WORKS["search, people"] = partial(_search, "people", "person autocomplete", 3.0)
WORKS["search, events"] = partial(_search, "events", "event search, newest 50", 2.0)


@work("SQLite list")
def sqlite_list(run: Run) -> Iterator[Result]:
    lite = run.databases.sqlite
    for question in QUESTIONS:
        sides = {
            "ours": lite.side("page", page="list", question=question),
            "SQL": lite.side("page SQL", page="list", question=question),
        }
        times = run.turns(sides, seconds=4)
        name = f"SQLite, {lite.events:,}: list page, {question}"
        yield times_as_long(name, times["ours"].ms, times["SQL"].ms, "bare sqlite3, the same SQL", 8)


@work("SQLite export")
def sqlite_export(run: Run) -> Iterator[Result]:
    lite = run.databases.sqlite
    times = run.turns({"ours": lite.side("export in process"), "SQL": lite.side("export SQL")}, seconds=0)
    name = f"SQLite, {lite.events:,}: CSV"
    yield times_as_fast(name, times["ours"].ms, times["SQL"].ms, "bare sqlite3, the same SQL", 0.30)
