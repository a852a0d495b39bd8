"""The invented directory: cities, topics, bodies, people and their posts. Only our own units may be real ones."""

import datetime
from typing import NamedTuple

from django.utils import translation
from django_countries import countries

from caricc.models import User
from contacts.models import City, CityName, Organization, OrganizationName, Person, PersonName, Post
from events.models import Topic
from events.synthesis import words
from events.synthesis.dice import Dice, Weighted, rows_of

YEARS = 12
NOTE = "Invented."
DAY = datetime.timedelta(days=1)


class Body(NamedTuple):
    id: int
    name: str
    short: str
    country: str


class Place(NamedTuple):
    id: int
    name: str
    name_ru: str
    country: str
    zone: str


class Held(NamedTuple):
    """A post as events need it."""

    person: int
    title: str
    rank: str
    since: datetime.date
    until: datetime.date


class Directory:
    """Makes what is missing through `change`, then answers who could have been where."""

    def __init__(self, dice: Dice, change, events: int, until: datetime.date):
        self.dice, self.change, self.until = dice, change, until
        self.since = until - YEARS * 365 * DAY
        self.posts: dict[int, list[Held]] = {}
        self.post, self.person, self.person_name = rows_of(Post), rows_of(Person), rows_of(PersonName)
        self._posts: list[Post] = []
        self._people: list[Person] = []
        self._names: list[PersonName] = []
        accounts = User.objects.filter(is_active=True).order_by("username")
        self.owners = [user.pk for user in accounts if user.has_perm("events.add_event")]
        self.readers = [user.pk for user in accounts if user.has_perm("events.view_event")]
        self.first_id = dice.id()
        self.cities = self._cities()
        self.topics = self._topics()
        self.own = self._own_units()
        self.partners = self._partners(60 + events // 250)
        self.anyone = Weighted.zipf(self.partners)
        self.staff = [
            self._person(self.own[:1] + dice.some(self.own, 1), words.OWN_POSTS) for _ in range(12 + events // 2000)
        ]
        for _ in range(30 + events // 20):
            self._person([self.anyone.one(dice) for _ in range(dice.number(1, 2))], words.POSTS)
        for rows in (self._people, self._names, self._posts):
            change.load(rows)

    def _cities(self) -> list[Place]:
        known = {(city.name, city.country): city.pk for city in City._base_manager.all()}
        city, name = rows_of(City), rows_of(CityName)
        made, names, places = [], [], []
        for english, russian, country, zone in words.CITIES:
            pk = known.get((english, country))
            if pk is None:
                pk = self.dice.id()
                made.append(city(id=pk, name=english, name_ru=russian, country=country, time_zone=zone))
                names.append(name(id=self.dice.id(), city_id=pk, name=english, language="en"))
                names.append(name(id=self.dice.id(), city_id=pk, name=russian, language="ru"))
            places.append(Place(pk, english, russian, country, zone))
        self.change.load(made)
        self.change.load(names)
        return places

    def _topics(self) -> list[tuple[int, str, str]]:
        known = {topic.name.casefold(): topic.pk for topic in Topic._base_manager.all()}
        topic, made, found = rows_of(Topic), [], []
        for english, russian in words.TOPICS:
            pk = known.get(english.casefold())
            if pk is None:
                pk = self.dice.id()
                made.append(topic(id=pk, name=english, name_ru=russian))
            within = (english, russian) if english in words.STATES else (words.small(english), words.small(russian))
            found.append((pk, *within))
        self.change.load(made)
        return found

    def _own_units(self) -> list[Body]:
        own = [
            Body(row.pk, row.name, row.short_name, row.country)
            for row in Organization._base_manager.filter(own=True, archived=False).order_by("parent_id", "name", "id")
        ]
        roots = set(Organization._base_manager.filter(own=True, parent=None).values_list("pk", flat=True))
        own.sort(key=lambda body: body.id not in roots)
        if own:
            return own
        head = Body(self.dice.id(), "Invented Regional Centre", "IRC", "")
        unit = Body(self.dice.id(), "Coordination Unit of the Invented Regional Centre", "", "")
        body, place = rows_of(Organization), self.cities[0]
        seat = {"seat_city_id": place.id, "seat_country": place.country, "note": NOTE, "kind": "unit", "own": True}
        self._load_bodies(
            [
                (
                    body(id=head.id, name=head.name, short_name=head.short, **seat),
                    "Вымышленный региональный центр",
                    "ВРЦ",
                ),
                (body(id=unit.id, name=unit.name, parent_id=head.id, **seat), "Отдел координации", ""),
            ]
        )
        return [head, unit]

    def _partners(self, number: int) -> list[Body]:
        """The bigger partners first; a third of the bodies lie below another, two or three levels deep."""
        kinds = Weighted({kind: share for kind, (share, *_rest) in words.BODIES.items()})
        body, dice, rows, partners, levels = rows_of(Organization), self.dice, [], [], []
        states_ru, states_en = _states("ru"), _states("en")
        while len(partners) < number:
            place, pk = dice.one(self.cities), dice.id() if partners else self.first_id
            above = dice.number(0, max(len(partners) - 1, 0))
            if len(partners) > 5 and dice.chance(0.33) and levels[above] < 2:
                row, russian, _short = rows[above]
                n = dice.number(1, 9)
                english, cyrillic = (
                    t.format(p=p, c=c, n=n)
                    for t, p, c in zip(
                        dice.one(words.OFFICES), (row.name, russian), (place.name, place.name_ru), strict=True
                    )
                )
                made = body(
                    id=pk,
                    name=english[:300],
                    short_name="",
                    kind=row.kind,
                    country=row.country,
                    parent_id=row.pk,
                    seat_city_id=place.id,
                    seat_country=place.country,
                    note=NOTE,
                )
                rows.append((made, cyrillic[:300], ""))
                levels.append(levels[above] + 1)
            else:
                kind = kinds.one(dice)
                state = dice.one(words.MEMBERS if dice.chance(0.6) else words.OTHERS)
                latin, cyrillic = words.invented(dice)
                _share, name, name_ru, short = words.BODIES[kind]
                made = body(
                    id=pk,
                    name=name.format(b=latin, s=states_en[state]),
                    short_name=short.format(b=latin),
                    kind=kind,
                    country="" if kind in words.STATELESS else state,
                    seat_city_id=place.id,
                    seat_country=place.country,
                    note=NOTE,
                )
                rows.append((made, name_ru.format(b=cyrillic, s=states_ru[state]), ""))
                levels.append(0)
            partners.append(Body(made.pk, made.name, made.short_name, made.country))
        self._load_bodies(rows)
        return partners

    def _load_bodies(self, rows) -> None:
        name, names = rows_of(OrganizationName), []
        for row, russian, short in rows:
            names.append(name(id=self.dice.id(), organization_id=row.pk, name=row.name, short_name=row.short_name))
            names.append(name(id=self.dice.id(), organization_id=row.pk, name=russian, short_name=short, language="ru"))
            if self.dice.chance(0.08):
                former = f"Former {row.name}"[:300]
                names.append(name(id=self.dice.id(), organization_id=row.pk, name=former, until=self.since + 900 * DAY))
        self.change.load([row for row, _russian, _short in rows])
        self.change.load(names)

    def _person(self, bodies: list[Body], titles: list[str]) -> int:
        dice = self.dice
        pk = dice.id()
        given, given_ru = words.invented(dice, syllables=1)
        family, family_ru = words.invented(dice, words.FAMILY_ENDINGS)
        middle, middle_ru = (
            words.invented(dice, [("ovich", "ович"), ("evna", "евна")], 1) if dice.chance(0.4) else ("", "")
        )
        shown = " ".join(part for part in (given, middle, family) if part)
        self._people.append(self.person(id=pk, name=shown, note=NOTE))
        for row in (
            (given, middle, family, "latin", "en", True),
            (given_ru, middle_ru, family_ru, "cyrillic", "ru", False),
        ):
            fields = zip(("given", "patronymic", "family", "script", "language", "preferred"), row, strict=True)
            self._names.append(self.person_name(id=dice.id(), person_id=pk, **dict(fields)))
        since = self.since + dice.number(-700, YEARS * 365 - 200) * DAY
        for place, body in enumerate(bodies):
            until = since + dice.number(400, 1800) * DAY
            title, rank = dice.one(titles), dice.one(words.RANKS)
            last = until if until < self.until else None
            if place == 0 and titles is words.OWN_POSTS and dice.chance(0.5):
                last = None
            self._posts.append(
                self.post(
                    id=dice.id(),
                    person_id=pk,
                    organization_id=body.id,
                    title=title,
                    rank=rank,
                    since=since,
                    until=last,
                )
            )
            self.posts.setdefault(body.id, []).append(Held(pk, title, rank, since, last or datetime.date.max))
            since = until + DAY
            if last is None or since > self.until:
                break
        return pk

    def sent_by(self, body: Body, day: datetime.date, most: int) -> list[Held]:
        """Up to `most` people who held a post there on that day."""
        found: dict[int, Held] = {}
        posts = self.posts.get(body.id, ())
        for _ in range(most):
            held = self.dice.one(posts)
            if held is not None and held.since <= day <= held.until:
                found.setdefault(held.person, held)
        return list(found.values())


def _states(language: str) -> dict[str, str]:
    with translation.override(language):
        return {code: str(countries.name(code)) for code in (*words.MEMBERS, *words.OTHERS)}
