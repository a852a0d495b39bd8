"""How well names are matched, on pairs that somebody has judged."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.core.management.base import BaseCommand, CommandError

from caricc.lib.names.directory import Directory
from caricc.lib.names.organizations import OrganizationDirectory
from caricc.lib.text import fold

COLUMNS = ("variant", "canonical", "verdict", "type")
VERDICTS = ("same", "different")
TYPES = ("person", "organization")


class Pair(NamedTuple):
    variant: str
    canonical: str
    verdict: str
    type: str


class Command(BaseCommand):
    help = (
        "Reads pairs of names (tab-separated, with the header: variant, canonical, verdict, type), makes a directory of "
        "all canonical names of a type, asks for each variant, and prints how often the right one is first and among "
        "the first five, how many are preselected and how many of those rightly, and every pair marked different that "
        "would be taken for the same. Nothing is read from or written to the database."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", help="the pairs; verdict is same or different, type person or organization")
        parser.add_argument("--json", action="store_true", dest="as_json", help="the figures as JSON")

    def handle(self, *, file, as_json, **options):
        pairs = list(read(Path(file)))
        found = {kind: figures(kind, [pair for pair in pairs if pair.type == kind]) for kind in TYPES}
        if as_json:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
            return
        for kind, told in found.items():
            self.stdout.write("\n".join(_lines(kind, told)))


def read(path: Path) -> Iterator[Pair]:
    """The pairs of a file; a fault is told with its line."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise CommandError(f"{path}, line {line}: not UTF-8 (byte {error.start + 1} of the file).") from error
    first, *rows = (line.split("\t") for line in re.split("\r\n|\r|\n", text))  # not at what a name may hold: U+2028
    header = [name.strip().lower() for name in first]
    if missing := [name for name in COLUMNS if name not in header]:
        raise CommandError(
            f"{path}, line 1: the header must name the columns {', '.join(COLUMNS)}, separated by tabs; "
            f"missing: {', '.join(missing)}."
        )
    places = [header.index(name) for name in COLUMNS]
    for number, row in enumerate(rows, 2):
        if not any(cell.strip() for cell in row):
            continue
        where = f"{path}, line {number}"
        if len(row) <= max(places):
            raise CommandError(f"{where}: {len(row)} columns where there should be {len(header)}.")
        pair = Pair(*(row[place].strip() for place in places))
        pair = pair._replace(verdict=pair.verdict.lower(), type=pair.type.lower())
        for column, value, allowed in (("verdict", pair.verdict, VERDICTS), ("type", pair.type, TYPES)):
            if value not in allowed:
                raise CommandError(f"{where}: {column} is {value!r}; it must be {' or '.join(allowed)}.")
        for column, value in (("variant", pair.variant), ("canonical", pair.canonical)):
            if not value:
                raise CommandError(f"{where}: {column} is empty.")
        yield pair


def figures(kind: str, pairs: list[Pair]) -> dict[str, Any]:
    """Recall counts "same" pairs. Preselections are counted over all pairs.

    For a "different" pair one of its canonical name is wrong; one of another name is right where the file says that
    the variant is that name, and is left out where it says nothing.
    """
    directory = _directory(kind, {canonical: [canonical] for canonical in _canonical(pairs)})
    known = {(fold(pair.variant), pair.canonical) for pair in pairs if pair.verdict == "same"}
    known |= {(fold(pair.canonical), pair.canonical) for pair in pairs}
    same = first = five = preselected = right = 0
    mistaken = []
    for pair in pairs:
        answers = directory.ask(pair.variant, limit=5)
        chosen = answers[0] if answers and answers[0].preselected else None
        if pair.verdict == "same":
            keys = [answer.key for answer in answers]
            same += 1
            first += keys[:1] == [pair.canonical]
            five += pair.canonical in keys
        if chosen is None:
            continue
        fits = (fold(pair.variant), chosen.key) in known
        if pair.verdict == "different" and chosen.key == pair.canonical:
            fits = False
            mistaken.append(
                {
                    "variant": pair.variant,
                    "canonical": pair.canonical,
                    "candidate": chosen.key,
                    "score": round(chosen.score, 4),
                }
            )
        elif pair.verdict == "different" and not fits:
            continue
        preselected += 1
        right += fits
    found: dict[str, Any] = {
        "recall_at_1": _share(first, same),
        "recall_at_5": _share(five, same),
        "preselected": preselected,
        "preselected_right": right,
        "different_taken_for_same": mistaken,
        "pairs": len(pairs),
    }
    if kind == "organization":
        found["recall_through_stored_names"] = _through_stored(pairs)
    return found


def _through_stored(pairs: list[Pair]) -> float | None:
    """Recall at 1 where every "same" variant is on record as a name."""
    names = {canonical: [canonical] for canonical in _canonical(pairs)}
    same = [pair for pair in pairs if pair.verdict == "same"]
    for pair in same:
        names[pair.canonical].append(pair.variant)
    directory = _directory("organization", names)
    found = 0
    for pair in same:
        answers = directory.ask(pair.variant, limit=1)
        found += bool(answers) and answers[0].key == pair.canonical
    return _share(found, len(same))


def _canonical(pairs: list[Pair]) -> list[str]:
    return list(dict.fromkeys(pair.canonical for pair in pairs))


def _directory(kind: str, names: dict[str, list[str]]) -> Directory[str] | OrganizationDirectory[str]:
    directory: Directory[str] | OrganizationDirectory[str]
    directory = OrganizationDirectory() if kind == "organization" else Directory()
    for key, spellings in names.items():
        directory.add(key, *spellings)
    return directory


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _lines(kind: str, told: dict[str, Any]) -> Iterator[str]:
    def shown(share: float | None) -> str:
        return "-" if share is None else f"{share:.3f}"

    yield f"{kind}: {told['pairs']} pairs"
    yield f"  recall at 1                  {shown(told['recall_at_1'])}"
    yield f"  recall at 5                  {shown(told['recall_at_5'])}"
    if "recall_through_stored_names" in told:
        yield f"  recall through stored names  {shown(told['recall_through_stored_names'])}"
    yield f"  preselected                  {told['preselected']}, of these right {told['preselected_right']}"
    mistaken = told["different_taken_for_same"]
    yield f"  different taken for the same {len(mistaken) or 'none'}"
    for pair in mistaken:
        yield f"    {pair['variant']} | {pair['canonical']} ({pair['score']:.2f})"
