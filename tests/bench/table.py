"""The table: on the screen, and in docs/performance.md between its marks."""

import datetime
import os
import platform
from pathlib import Path

from tests.bench.measure import AT_LEAST, Result

DOCS = Path(__file__).resolve().parents[2] / "docs" / "performance.md"
HEADS = ("work", "ours", "the other side", "ratio", "goal", "met", "the other side is")


def cells(one: Result) -> tuple[str, ...]:
    if one.failed:
        return (one.work, "failed", "", "", "", "failed", one.failed.splitlines()[0][:120])
    sign = "≥" if one.goal_is == AT_LEAST else "≤"
    other = f"{one.other_is} ({one.note})" if one.note else one.other_is
    return (
        one.work, amount(one.ours, one.unit), amount(one.other, one.unit), f"{one.ratio:.2f}", f"{sign} {one.goal:g}",
        "yes" if one.met else "NO", other,
    )  # fmt: skip


def amount(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    if unit == "ms" and value >= 2000:
        return f"{value / 1000:.1f} s"
    return f"{value:.1f} {unit}" if unit in ("ms", "MB") else f"{value:g}"


def told(results: list[Result]) -> str:
    """With columns that stand under each other."""
    return told_plainly(HEADS, [cells(one) for one in results])


def told_plainly(heads: tuple[str, ...], found: list[tuple[str, ...]]) -> str:
    rows = [heads, *found]
    wide = [max(len(row[place]) for row in rows) for place in range(len(heads) - 1)]
    lines = []
    for row in rows:
        shown = [row[0].ljust(wide[0]), *(row[place].rjust(wide[place]) for place in range(1, len(wide)))]
        lines.append("  ".join([*shown, row[-1]]))
    return "\n".join(lines)


def markdown(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "| " + " | ".join("---" for _ in heads) + " |"]
    return "\n".join([*lines, *("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows)])


def put_into(path: Path, name: str, text: str) -> None:
    """Replaces what stands between `<!-- name -->` and `<!-- end of name -->`."""
    start, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    whole = path.read_text()
    before, rest = whole.split(start, 1)
    _old, after = rest.split(end, 1)
    path.write_text(f"{before}{start}\n\n{text}\n\n{end}{after}")


def write_docs(events: int, results: list[Result], grown, server: str) -> None:
    """The tables of this run take the place of those of the last one; that of growth only where it was measured."""
    on = ", ".join(f"{name} {value}" for name, value in {"PostgreSQL": server, **machine()}.items())
    day = datetime.date.today().isoformat()
    told = f"{day}, {events:,} events, {os.cpu_count()} cores, {on}."
    put_into(DOCS, "table", f"{told}\n\n{markdown(HEADS, [cells(one) for one in results])}")
    if grown:
        put_into(DOCS, "growth", f"{told}\n\n{markdown(*grown)}")


def machine() -> dict[str, str]:
    """What the figures were taken on."""
    from importlib.metadata import version

    return {
        "Python": platform.python_version(),
        **{name: version(name) for name in ("Django", "psycopg", "djangorestframework", "gunicorn")},
        "system": f"{platform.system()} {platform.machine()}",
    }
