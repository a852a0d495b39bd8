"""Invented cases with their journals and partners."""

import datetime
from typing import NamedTuple

from caricc.models import Sequence
from events.models import Case, CaseAlias, CaseNote, CasePartner
from events.synthesis import words
from events.synthesis.dice import rows_of
from events.synthesis.directory import DAY, YEARS, Directory

RESTRICTED = 0.03


class Matter(NamedTuple):
    id: int
    since: datetime.date
    until: datetime.date


def load_cases(directory: Directory, number: int) -> list[Matter]:
    """Cases in the order in which they were opened; the internal ones take the next running numbers of their years."""
    dice, change = directory.dice, directory.change
    case, alias, note, partner = rows_of(Case), rows_of(CaseAlias), rows_of(CaseNote), rows_of(CasePartner)
    days = sorted(directory.since + dice.number(0, YEARS * 365) * DAY for _ in range(number))
    cases, aliases, notes, partners, readers, matters = [], [], [], [], [], []
    for opened in days:
        restricted = dice.chance(RESTRICTED)
        latin, cyrillic = words.invented(dice)
        last = opened + dice.number(90, 2000) * DAY
        over = last < directory.until
        row = case(
            id=dice.id(),
            title=dice.one(words.CASES).format(b=latin),
            number=f"R-{dice.code(8)}" if restricted else "",
            summary=f"An invented matter that {dice.number(2, 6)} partners pursue together.",
            status="closed" if over else "dormant" if dice.chance(0.15) else "open",
            lead_id=dice.one(directory.staff),
            opened_on=opened,
            closed_on=last if over else None,
            owner_id=dice.one(directory.owners),
            visibility="restricted" if restricted else "internal",
        )
        cases.append(row)
        matters.append(Matter(row.pk, opened, last))
        if restricted:
            readers += [Case.readers.through(case_id=row.pk, user_id=pk) for pk in dice.some(directory.readers, 2)]
        if dice.chance(0.3):
            aliases.append(alias(id=dice.id(), case_id=row.pk, name=f"«{cyrillic}»", language="ru"))
        for _ in range(dice.number(2, 7)):
            day = opened + int(dice.throw() * ((min(last, directory.until) - opened).days + 1)) * DAY
            notes.append(note(id=dice.id(), case_id=row.pk, day=day, text=dice.one(words.NOTES)))
        chosen = dict.fromkeys(directory.anyone.one(dice).id for _ in range(dice.number(1, 4)))
        for place, pk in enumerate(chosen):
            role = ("leading", "donor")[dice.number(0, 1)] if place == 0 else "participant"
            partners.append(partner(id=dice.id(), case_id=row.pk, organization_id=pk, role=role))
    _number(cases)
    for rows in (cases, aliases, notes, partners, readers):
        change.load(rows)
    return matters


def _number(cases: list[Case]) -> None:
    by_year: dict[int, list[Case]] = {}
    for row in cases:
        if not row.number:
            by_year.setdefault(row.opened_on.year, []).append(row)
    for year, rows in by_year.items():
        given = Case._base_manager.filter(number__startswith=f"{year}-").values_list("number", flat=True)
        highest = max((int(number.partition("-")[2]) for number in given), default=0)
        beyond = max(highest - Sequence.take(f"case-{year}", 0), 0)
        first = Sequence.take(f"case-{year}", beyond + len(rows)) - len(rows) + 1
        for number, row in enumerate(rows, first):
            row.number = f"{year}-{number:03}"
