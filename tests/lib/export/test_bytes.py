"""The bytes of every export of the world, for every reader, held against rows told one by one in plain Python."""

import datetime
import io

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.utils import translation

from caricc.lib import writes
from caricc.lib.export import postgres
from caricc.middleware import LANGUAGE_COOKIE
from contacts.models import City, CityName, Organization, OrganizationName, Person, PersonName, Post
from events.models import Case, CaseAlias, CasePartner, Commitment, Delegate, Delegation, Event, Outcome, Topic
from tests.inventory import resources
from tests.lib.export import reference
from tests.world import READERS

RESOURCES = dict(resources())
ODD = [
    "=1+1", "+7 727", "-1", "@cmd", "%x", "|y", "＝全", "  =spaced", "\u00a0=nbsp", "\u2003@em", "\x1c=fs", "\x85+nel",
    'quo"te', "back\\slash", "comma, semi; colon", "’apostrophe", "\\.", "\u2028line", "\u2029para", "\x01\x02\x07\x1f\x7f",
    "😀 emoji 👨\u200d👩", "می\u200cخواهم", "Ünḯ Ж Қ", "_x0041_ literal", "_x000d_", "<tag> & ]]> amp;", "\ufffe\uffff",
    "percent %s %(a)s", "{brace} $1 \\1", "tab\there", "\tled by a tab", "é" * 190, "'already", "null", "NULL", "\\N",
    "one\n\ntwo\r\nthree", "\n=after a line", "12", "1e5", "true",
]  # fmt: skip


def asked(user, resource, **question):
    """The rows of a question in its order, each knowing who reads it."""
    viewset = RESOURCES[resource]
    model = viewset.queryset.model
    rows = list(viewset.filterset_class(question, model.objects.visible_to(user), user=user).qs)
    for row in rows:
        row.reader = user
    return rows


def fetched(user, resource, suffix, question="", language="en"):
    client = Client()
    client.cookies[LANGUAGE_COOKIE] = language
    client.force_login(user)
    answer = client.get(f"/api/v1/{resource}/export.{suffix}{question}")
    assert answer.status_code == 200
    return answer, b"".join(answer.streaming_content)


def cells(body: bytes) -> list[list]:
    """Of the one sheet, row by row, as openpyxl reads them."""
    book = openpyxl.load_workbook(io.BytesIO(body))
    assert len(book.worksheets) == 1
    return [
        [openpyxl.utils.escape.unescape(cell) if isinstance(cell, str) else cell for cell in row]
        for row in book.worksheets[0].iter_rows(values_only=True)
    ]


def compare(user, resource, language="en"):
    """Every file of the resource is the reference's, and tells how many rows it has."""
    columns = reference.COLUMNS[resource]
    with translation.override(language):
        rows = asked(user, resource)
        wanted = {"csv": reference.as_csv(rows, columns), "jsonl": reference.as_lines(rows, columns)}
        table = reference.as_cells(rows, columns)
    for suffix, body in wanted.items():
        answer, got = fetched(user, resource, suffix, language=language)
        assert got.decode().split("\n") == body.decode().split("\n")
        assert answer.get("X-Row-Count") == (None if suffix == "jsonl" else str(len(rows)))
    answer, got = fetched(user, resource, "xlsx", language=language)
    assert answer["X-Row-Count"] == str(len(rows))
    assert cells(got) == table
    return rows


@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize("resource", RESOURCES)
def test_every_file_of_every_reader_is_that_of_plain_rows(world, who, resource):
    assert compare(world.users[who], resource)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="one way there is on SQLite")
@pytest.mark.parametrize("resource", RESOURCES)
def test_everything_at_once_is_what_batches_bring(world, resource, monkeypatch):
    monkeypatch.setattr(postgres, "WIDE_ROWS", 0)
    monkeypatch.setattr(postgres, "WIDE_PART", 0)
    monkeypatch.setattr(postgres, "FIRST", 3)
    for who in ("officer", "analyst"):
        assert compare(world.users[who], resource)


@pytest.mark.parametrize("resource", RESOURCES)
def test_labels_are_in_the_language_of_the_reader(world, resource):
    assert compare(world.officer, resource, "ru")


DAY = datetime.date(2021, 1, 2)
LISTS = [[], ["one"], ["a\x01", 'b"', "c\\", "Ж\u2028"]]


class Loaded(dict):
    """New rows by model, to be loaded in the order of the models."""

    def __call__(self, model, **fields):
        row = model(**fields)
        self.setdefault(model, []).append(row)
        return row


@pytest.fixture
def odd(world):
    """A row of every kind for every odd text, in each of its texts, and rows with as little as may be."""
    make = Loaded()
    for n, text in enumerate(ODD):
        _odd_rows(world, make, n, text)
    with writes.change(world.officer, "command") as change:
        for rows in make.values():
            change.load(rows)
    return world


def _odd_rows(world, make, n, text):
    country, group = ["KZ", "", "TM", "AT"][n % 4], ["", "experts", "media"][n % 3]
    body = make(Organization, name=text, short_name=text[:80] if n % 2 else "", kind="un", country=country)
    make(OrganizationName, organization=body, name=f"{text} of old", short_name=text[:80] if n % 3 else "")
    person = make(Person, name=text[:80])
    script = ("latin", "cyrillic", "")[n % 3]
    names = [("Fam", "", ""), (text[:80], "Given", "Patr"), ("", text[:80], ""), ("Фам", text[:80], "Отч")]
    for family, given, patronymic in names:
        make(PersonName, person=person, family=family, given=given, patronymic=patronymic, script=script)
    city = make(City, name=f"{n} {text}"[:120], name_ru=text[:120], country="KZ")
    make(CityName, city=city, name=text[:120], until=DAY if n % 2 else None)
    make(CityName, city=city, name="Other")
    make(Post, person=person, organization=body, title=text if n % 2 else "", since=DAY if n % 3 else None)
    make(Post, person=person, organization=world.unodc, title=text, email="a@example.org", rank=text[:120])
    topic = make(Topic, name=f"{text}{n}"[-120:], name_ru=text[:120])
    case = make(Case, number=f"T-{n}", title=text, summary=text, lead=person, next_step=text, owner=world.officer,
                visibility="restricted" if n % 2 else "internal", opened_on=DAY if n % 5 else None)  # fmt: skip
    make(CaseAlias, case=case, name=text)
    for role in ("donor", "leading"):
        make(CasePartner, case=case, organization=body, role=role)
    event = make(Event, title=text, kind="meeting", summary=text, city=text[:120], venue=text, country=country,
                 start_date=DAY, end_date=DAY, owner=world.officer)  # fmt: skip
    for one in (case, world.open_case, world.secret_case):
        make(Event.cases.through, event=event, case=one)
    for one in (topic, world.precursors):
        make(Event.topics.through, event=event, topic=one)
    parties = [
        make(Delegation, event=event, organization=body, country="JP", group="media", position=3, label=text),
        make(Delegation, event=event, organization=world.caricc, position=2),
        make(Delegation, event=event, country=country or "UZ", group=group, position=1, headcount=n),
        make(Delegation, event=event, group="civil_society", headcount_at_least=True),
    ]
    people = [
        make(Delegate, delegation=parties[n % 4], person=person, position=2),
        make(Delegate, delegation=parties[n % 4], name=text, position=1),
    ]
    outcome = make(Outcome, event=event, kind="decision", title=text, text=text, lines=[*LISTS, [text]][n % 4],
                   by_delegation=parties[n % 4], by_delegate=people[n % 2] if n % 5 else None)  # fmt: skip
    for one in (body, world.unodc):
        make(Outcome.parties.through, outcome=outcome, organization=one)
    make(Outcome.topics.through, outcome=outcome, topic=topic)
    make(Commitment, title=text, text=text, debtor=body if n % 2 else None, debtor_group=group or "experts",
         debtor_country=country, creditor_country=country, creditor_group=group, note=text, proof=text,
         event=event if n % 3 else None, case=case if n % 2 else None, responsible=person,
         due_date=DAY if n % 4 else None)  # fmt: skip


@pytest.mark.parametrize("who", ["officer", "analyst"])
@pytest.mark.parametrize("wide", [10_000, 0])
def test_odd_texts_survive_every_file(odd, who, wide, monkeypatch):
    monkeypatch.setattr(postgres, "WIDE_ROWS", wide)
    monkeypatch.setattr(postgres, "FIRST", 7)
    for resource in RESOURCES:
        assert len(compare(odd.users[who], resource)) > 5


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_question_without_rows_gives_a_whole_file_without_rows(world, resource):
    asked = {
        "delegations": "?country=BR", "posts": f"?person={world.coordinator.pk}&organization={world.agency.pk}",
    }.get(resource, "?q=nobodyeverwrotethis")  # fmt: skip
    names = list(reference.COLUMNS[resource])
    answer, body = fetched(world.officer, resource, "csv", asked)
    assert (answer["X-Row-Count"], body.decode()) == ("0", "\ufeff" + ",".join(names) + "\r\n")
    assert fetched(world.officer, resource, "jsonl", asked)[1] == b'{"end": true, "rows": 0}\n'
    assert cells(fetched(world.officer, resource, "xlsx", asked)[1]) == [names]
