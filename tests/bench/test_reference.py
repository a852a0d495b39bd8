"""The other sides answer what ours answers, for each reader: else their time would be that of another question."""

import csv
import io
import re

import pytest
from django.db import connection
from django_countries import countries

from caricc.lib.fields import country_name
from events.models import Delegation, Event
from tests.bench.inside.pages import last_link
from tests.bench.reference import board_sql, import_export, serializer_stream
from tests.bench.reference.events_sql import COLUMNS, statement
from tests.test_laws import signed_in
from tests.world import READERS

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.bench.reference.urls")]
LAST = 2**53


def questions(world) -> list[str]:
    partner = Delegation._base_manager.filter(organization__own=False).values_list("organization", flat=True)[0]
    return ["", "date_after=2021-01-01&date_before=2021-12-31", f"partner={partner}", f"partner={partner}&kind=meeting"]


@pytest.mark.parametrize("who", READERS)
def test_the_plain_list_shows_the_same_events_and_the_same_count(world, who):
    client = signed_in(world.users[who])
    for question in questions(world):
        ours = client.get(f"/api/v1/events/?{question}").json()
        plain = client.get(f"/reference/events/?{question}").content.decode()
        assert [int(pk) for pk in re.findall(r'data-id="(\d+)"', plain)] == [row["id"] for row in ours["results"]]
        assert f"<p>{ours['count']} events</p>" in plain


@pytest.mark.parametrize("who", READERS)
def test_the_plain_api_gives_the_same_rows(world, who):
    client = signed_in(world.users[who])
    ours = client.get("/api/v1/events/?limit=100").json()["results"]
    plain = client.get("/reference/api/events/?limit=100").json()["results"]
    assert len(ours) > 3
    assert [{**row, "partners": None} for row in plain] == [{**row, "partners": None} for row in ours]
    for one, other in zip(plain, ours, strict=True):
        assert sorted(map(str, one["partners"])) == sorted(map(str, other["partners"]))


@pytest.mark.parametrize("who", READERS)
def test_the_reference_exports_have_the_rows_of_ours(world, who):
    client, user = signed_in(world.users[who]), world.users[who]
    visible = Event.objects.visible_to(user).count()
    answer = b"".join(client.get("/api/v1/events/export.csv").streaming_content).decode("utf-8-sig")
    ours = {row[0]: row for row in list(csv.reader(io.StringIO(answer)))[1:]}
    assert len(ours) == visible
    assert import_export.export(user, LAST) == visible
    lines = list(csv.reader(serializer_stream.lines(user, LAST)))
    assert {row[0] for row in lines} == set(ours)
    for row in lines:
        assert (row[2], row[11], row[12], row[14]) == tuple(ours[row[0]][place] for place in (2, 11, 12, 14))


@pytest.mark.parametrize("who", READERS)
def test_the_hand_written_export_gives_the_cells_of_ours(world, who):
    if connection.vendor != "postgresql":
        assert "\n" not in statement(1, "csv", {"KZ": "Kazakhstan"})  # psql reads it in one line
        return
    client, user = signed_in(world.users[who]), world.users[who]
    answer = b"".join(client.get("/api/v1/events/export.csv").streaming_content).decode("utf-8-sig")
    heads, *ours = csv.reader(io.StringIO(answer))
    with connection.cursor() as cursor:
        cursor.execute(
            statement(user.pk, "csv", {code: country_name(code) for code, _ in countries}).replace("%", "%%"), []
        )
        rows = [["" if cell is None else str(cell) for cell in row] for row in cursor.fetchall()]
    assert tuple(heads) == COLUMNS
    assert rows == ours


@pytest.mark.parametrize("who", READERS)
def test_the_live_aggregates_count_the_events_that_are_seen(world, who):
    if connection.vendor != "postgresql":
        return
    user = world.users[who]
    with connection.cursor() as cursor:
        found = []
        for sql in board_sql.statements(user.pk, None, None):
            cursor.execute(sql)
            found.append(cursor.fetchall())
    both = Event.objects.visible_to(user).filter(status__in=["held", "planned"])
    assert sum(row[-1] for row in found[0]) == both.count()
    assert found[3][0][0] == Event.objects.visible_to(user).without_outcome().count()


def test_the_link_to_the_last_page_is_found():
    page = '<nav><a rel="next" href="/events/?page=2">Next</a><a rel="last" href="/events/?a=1&amp;cursor=x">Last</a></nav>'
    assert last_link(page) == "/events/?a=1&cursor=x"
