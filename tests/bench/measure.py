"""Two ways to the same answer, timed in turn on the same questions."""

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple


class Work(NamedTuple):
    """`ours` and `other` answer a question each; the goal is the largest ratio of their 95th percentiles."""

    name: str
    ours: Callable[[object], object]
    other: Callable[[object], object]
    other_is: str
    goal: float
    questions: Sequence


class Result(NamedTuple):
    work: str
    ours: float
    other: float
    other_is: str
    ratio: float
    goal: float
    met: bool


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def measured(work: Work) -> Result:
    """Milliseconds, 95th percentile. Each question is asked by both once before it counts, and who begins takes turns."""
    times: tuple[list[float], list[float]] = ([], [])
    for number, question in enumerate(work.questions):
        both = [(0, work.ours), (1, work.other)]
        for _place, answer in both:
            answer(question)
        for place, answer in both if number % 2 else both[::-1]:
            began = time.perf_counter()
            answer(question)
            times[place].append((time.perf_counter() - began) * 1000)
    ours, other = (percentile(found, 0.95) for found in times)
    ratio = ours / other
    return Result(
        work.name, round(ours, 2), round(other, 2), work.other_is, round(ratio, 2), work.goal, ratio <= work.goal
    )


def told(results: list[Result]) -> str:
    lines = [f"{'work':44} {'ours':>9} {'other':>9} {'ratio':>6} {'goal':>6}  the other is"]
    for one in results:
        mark = "" if one.met else "  NOT MET"
        lines.append(
            f"{one.work:44} {one.ours:7.1f}ms {one.other:7.1f}ms {one.ratio:6.2f} {one.goal:6.2f}  {one.other_is}{mark}"
        )
    return "\n".join(lines)


def written(path: Path, events: int, results: list[Result]) -> None:
    path.write_text(json.dumps({"events": events, "results": [one._asdict() for one in results]}, indent=2) + "\n")
