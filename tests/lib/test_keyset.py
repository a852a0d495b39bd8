"""Places among rows: made, read, and refused."""

import datetime
import json
from base64 import urlsafe_b64encode

import pytest

from caricc.lib import keyset
from caricc.lib.keyset import AFTER, BEFORE, LAST, NoPlace, Place, Stretch, order_of, read
from contacts.models import Person
from events.models import Commitment, Delegation, Event

DAY = datetime.date(2021, 10, 14)
BY_DAY = ("-start_date", "-id")


def token(*parts):
    return urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("rows", "order"),
    [
        (Event.objects.order_by("-start_date", "-id"), BY_DAY),
        (Event.objects.order_by("title", "id"), ("title", "id")),
        (Delegation.objects.order_by("event__start_date", "id"), ("event__start_date", "id")),
        (Person.objects.order_by("name", "pk"), ("name", "pk")),
        (Commitment.objects.order_by("due_date", "id"), ()),
        (Event.objects.order_by("parent__start_date", "id"), ()),
        (Event.objects.order_by("start_date"), ()),
        (Commitment.objects.urgent_first(), ()),
        (Event.objects.order_by(), ()),
        (Event.objects.order_by("updated_at", "id"), ()),
    ],
)
def test_an_order_can_be_walked_where_all_its_columns_are_plain_and_never_empty(rows, order):
    assert order_of(rows) == order


@pytest.mark.parametrize(
    "place",
    [
        Place(BY_DAY, AFTER, (DAY, 7)),
        Place(BY_DAY, BEFORE, (DAY, 2**53)),
        Place(("title", "id"), AFTER, ("Встреча, «слово» & \u2028 x", 7)),
        Place(BY_DAY, LAST),
    ],
)
def test_a_token_leads_back_to_its_place(place):
    assert read(place.token, Event.objects.order_by(*place.order)) == place
    assert place.token.isascii()
    assert not set(place.token) & set("+/=&?#% ")


@pytest.mark.parametrize(
    "nonsense",
    [
        "x", "=", "ы", "A" * 5000, token(), token("-start_date,-id"), token("title,id", AFTER, "x", 1),
        token("-start_date,-id", "beside", "2021-10-14", 1), token("-start_date,-id", AFTER, "2021-10-14"),
        token("-start_date,-id", AFTER, "2021-10-14", 1, 2), token("-start_date,-id", LAST, "2021-10-14", 1),
        token("-start_date,-id", AFTER, "soon", 1), token("-start_date,-id", AFTER, None, 1),
        token("-start_date,-id", AFTER, "2021-10-14", 2**70), token("-start_date,-id", AFTER, "2021-10-14", True),
        token("-start_date,-id", AFTER, "2021-10-14", 1.5), token("-start_date,-id", AFTER, 5, 1),
        token(["-start_date", "-id"], AFTER, "2021-10-14", 1), urlsafe_b64encode(b"[" * 2000).decode(),
        urlsafe_b64encode(b"7").decode(), urlsafe_b64encode(b"\xff\xfe").decode(), urlsafe_b64encode(b"{}").decode(),
    ],
)  # fmt: skip
def test_what_names_no_place_in_this_order_is_refused(nonsense):
    with pytest.raises(NoPlace):
        read(nonsense, Event.objects.order_by(*BY_DAY))


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", 5, None, ["x"]])
def test_a_text_that_no_database_takes_is_refused(text):
    with pytest.raises(NoPlace):
        read(token("title,id", AFTER, text, 1), Event.objects.order_by("title", "id"))


def test_a_list_that_is_in_no_order_knows_no_places():
    with pytest.raises(NoPlace):
        read(Place(BY_DAY, LAST).token, Event.objects.order_by())


def walked(rows, limit, side):
    """The ids of all rows, page by page, from the first on or from the last back."""
    place, pages = (None if side == AFTER else Place(order_of(rows), LAST)), []
    while True:
        page = Stretch(rows, limit, lambda chosen: chosen.select_related("event"), place)
        pages.append([row.pk for row in page.rows])
        if not (page.more_after if side == AFTER else page.more_before):
            return [pk for ids in (pages if side == AFTER else reversed(pages)) for pk in ids]
        place = read(page.after if side == AFTER else page.before, rows)


@pytest.mark.parametrize("order", [("event__start_date", "id"), ("-event__start_date", "-id"), ("-event__title", "id")])
@pytest.mark.parametrize("limit", [1, 3, 500])
def test_a_walk_meets_every_row_once_and_in_order_through_ties_too(world, order, limit):
    rows = Delegation.objects.order_by(*order)
    ids = list(rows.values_list("pk", flat=True))
    assert len(ids) > len(set(rows.values_list("event__start_date", flat=True)))
    assert walked(rows, limit, AFTER) == walked(rows, limit, BEFORE) == ids


def test_what_is_asked_is_what_an_index_answers(world):
    sql = str(Place(BY_DAY, AFTER, (DAY, 7)).narrow(Event.objects.all()).query)
    column = '"events_event"."start_date"'
    assert f"{column} <= " in sql
    assert f"{column} < " in sql
    assert sql.index(f"{column} <= ") < sql.index(" OR ")
    assert keyset.turned(("-a", "b")) == ("a", "-b")
