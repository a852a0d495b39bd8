"""How the cost of the works grows with the number of events: `GROWTH=1 make bench`."""

from tests.bench.works import Run

SCALES = (10_000, 100_000)
STEPS = {
    "list page": ("page", {"page": "list", "question": "none"}),
    "list page, year, partner, kind": ("page", {"page": "list", "question": "year, partner, kind"}),
    "list page, top partner": ("page", {"page": "list", "question": "top partner"}),
    "dashboard over a year": ("page", {"page": "board", "question": "year"}),
    "dashboard over everything": ("page", {"page": "board", "question": "everything"}),
    "API page of 100": ("api", {}),
    "save an event with 6 delegations": ("save", {}),
}


def growth(run: Run) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Heads and rows: each work at each scale, in milliseconds, the scales in turn."""
    scales = sorted({*(scale for scale in SCALES if scale < run.databases.events), run.databases.events})
    opened = {scale: run.databases.of(scale) for scale in scales}
    rows = []
    for name, (side, args) in STEPS.items():
        print(f"growth: {name}", flush=True)
        times = run.turns({str(scale): one.side(side, **args) for scale, one in opened.items()})
        rows.append((name, *(f"{times[str(scale)].ms:.1f}" for scale in scales)))
    for name, what in (("person autocomplete, 95 %", "people"), ("event search, 95 %", "events")):
        print(f"growth: {name}", flush=True)
        rows.append((name, *(f"{one.ask('search', what=what)['ours']:.1f}" for one in opened.values())))
    return ("milliseconds", *(f"{one.events:,}" for one in opened.values())), rows
