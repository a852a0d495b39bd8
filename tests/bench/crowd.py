"""Many people, so that a name is one among many."""

from django.db import connection

from caricc.lib import writes
from contacts.models import Organization, Person, PersonName, Post
from events.synthesis import words
from events.synthesis.dice import Dice, rows_of

BATCH = 200_000


def people_up_to(number: int) -> None:
    there = Person._base_manager.count()
    dice, missing = Dice(11 + there), number - there  # other people than those of an earlier run
    bodies = list(Organization._base_manager.order_by("pk").values_list("pk", flat=True)[:5000])
    while missing > 0:
        with writes.change(None, "synthesize", "people to measure among") as change:
            _some(dice, change, bodies, min(missing, BATCH))
        missing -= BATCH
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")


def _some(dice: Dice, change, bodies: list[int], number: int) -> None:
    person, name, post = rows_of(Person), rows_of(PersonName), rows_of(Post)
    people, names, posts = [], [], []
    for _ in range(number):
        pk = dice.id()
        given, given_ru = words.invented(dice)
        family, family_ru = words.invented(dice, words.FAMILY_ENDINGS, 3)
        people.append(person(id=pk, name=f"{given} {family}"))
        for written, script, language, preferred in (
            ((given, family), "latin", "en", True),
            ((given_ru, family_ru), "cyrillic", "ru", False),
        ):
            parts = dict(zip(("given", "family"), written, strict=True))
            names.append(
                name(id=dice.id(), person_id=pk, script=script, language=language, preferred=preferred, **parts)
            )
        posts.append(post(id=dice.id(), person_id=pk, organization_id=dice.one(bodies), title=dice.one(words.POSTS)))
    for rows in (people, names, posts):
        change.load(rows)
