"""Several ways to the same answer, timed in turn; and what a row of the table says of two of them."""

import json
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

LEAST_ROUNDS = 3
AT_MOST, AT_LEAST = "at most", "at least"


@dataclass
class Result:
    """A row. Where the goal is "at most", the ratio says how many times as long or as large ours is as the other;
    where it is "at least", how many times as fast."""

    work: str
    ours: float | None
    other: float | None
    other_is: str
    ratio: float | None
    goal: float
    met: bool
    goal_is: str = AT_MOST
    unit: str = "ms"
    note: str = ""
    failed: str = ""


@dataclass
class Times:
    """What one side took, and whatever else it said of itself, round by round."""

    answers: list[dict]

    @property
    def ms(self) -> float:
        return self.median("ms")

    def median(self, name: str) -> float:
        return statistics.median(answer[name] for answer in self.answers)

    def most(self, name: str) -> float:
        return max(answer[name] for answer in self.answers)


def in_turn(
    sides: dict[str, Callable[[], dict]],
    seconds: float = 6,
    most: int = 31,
    told: Callable[[str], None] = lambda _: None,
) -> dict[str, Times]:
    """Every side once a round, another one first in each; at least three rounds, then as many as fit in `seconds`."""
    answers: dict[str, list[dict]] = {name: [] for name in sides}
    names, began, rounds = list(sides), time.monotonic(), 0
    while rounds < LEAST_ROUNDS or (rounds < most and time.monotonic() - began < seconds):
        for name in _from(names, rounds):
            told(f"round {rounds + 1}, {name}")
            answers[name].append(sides[name]())
        rounds += 1
    return {name: Times(found) for name, found in answers.items()}


def _from(names: list[str], turn: int) -> Iterator[str]:
    start = turn % len(names)
    yield from names[start:] + names[:start]


def times_as_long(work: str, ours: float, other: float, other_is: str, goal: float, **more) -> Result:
    """The goal is the largest ratio of ours to the other."""
    ratio = ours / other
    return Result(
        work, round(ours, 2), round(other, 2), other_is, round(ratio, 3), goal, ratio <= goal, AT_MOST, **more
    )


def times_as_fast(work: str, ours: float, other: float, other_is: str, goal: float, **more) -> Result:
    """Both are durations; the goal is the smallest ratio of the other to ours."""
    ratio = other / ours
    return Result(
        work, round(ours, 2), round(other, 2), other_is, round(ratio, 3), goal, ratio >= goal, AT_LEAST, **more
    )


def within(work: str, ours: float, limit: float, unit: str, **more) -> Result:
    """A figure that has a limit; the ratio is the share of it that is used."""
    return times_as_long(work, ours, limit, f"the limit, {limit:g} {unit}".strip(), 1.0, unit=unit, **more)


def failed(work: str, why: str) -> Result:
    return Result(work, None, None, "", None, 0, False, failed=why)


def written(path: Path, events: int, results: list[Result], **more) -> None:
    rows = [asdict(one) for one in results]
    path.write_text(json.dumps({"events": events, **more, "results": rows}, indent=2, ensure_ascii=False) + "\n")
