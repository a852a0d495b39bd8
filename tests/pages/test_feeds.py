"""Calendar feeds: what a calendar program reads behind a secret address, and that nobody else learns of it."""

import datetime
import html
import logging
import re
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.test import Client
from icalendar import Calendar
from icalevents.icalevents import events as read_as_a_client

from caricc.lib import writes
from caricc.lib.days import today
from caricc.lib.logs import WithoutSecrets
from caricc.models import CalendarFeed
from events import ical
from events.models import Case, Commitment, Event
from tests.test_laws import signed_in
from tests.twins import take_away_what_is_hidden_from
from tests.world import CANARY, READERS

DAY, TIME = datetime.date, datetime.time
SOON = today() + datetime.timedelta(days=3)
A_YEAR = datetime.timedelta(days=365)


def feed_of(user, query="", name="My calendar"):
    _feed, secret = CalendarFeed.mint(user=user, name=name, query=query)
    return f"/calendar/feed/{secret}.ics"


def read(address, client=None):
    answer = (client or Client()).get(address)
    assert answer.status_code == 200
    return Calendar.from_ical(answer.content)


def entries(user, query="") -> dict:
    return {str(entry["summary"]): entry for entry in read(feed_of(user, query)).walk("VEVENT")}


def log(world, **fields):
    with writes.change(world.officer, "command") as change:
        event = Event(**{"kind": "meeting", "title": "Logged", "start_date": SOON, **fields})
        if event.start_date > today() and "status" not in fields:
            event.status = "planned"
        return change.save(event)


# ---- what is in it


def test_a_calendar_program_reads_it_over_http(world, live_server, settings):
    settings.SITE_URL = "https://register.example.org"
    log(
        world,
        title="At ten, in Vienna; with “quotes”",
        start_time=TIME(10),
        end_time=TIME(11, 30),
        time_zone="Europe/Vienna",
    )
    log(world, title="Three days", end_date=SOON + datetime.timedelta(days=2), summary="Встреча\nв трёх частях")
    address = live_server.url + feed_of(world.analyst)
    ahead = datetime.datetime.combine(today() + datetime.timedelta(days=30), TIME(), datetime.UTC)
    found = read_as_a_client(url=address, start=ahead - datetime.timedelta(days=31), end=ahead, strict=True)
    seen = {event.summary: event for event in found}
    assert {
        "At ten, in Vienna; with “quotes”",
        "Three days",
        "Meeting of coordinators",
        "Due: A note on projects",
    } <= set(seen)
    timed, days = seen["At ten, in Vienna; with “quotes”"], seen["Three days"]
    assert timed.start == datetime.datetime.combine(SOON, TIME(10), ZoneInfo("Europe/Vienna"))
    assert timed.end - timed.start == datetime.timedelta(minutes=90)
    assert not timed.all_day
    assert days.all_day
    assert (days.start, days.end) == (SOON, SOON + datetime.timedelta(days=3))
    assert days.description == "Встреча\nв трёх частях"
    assert days.url == f"https://register.example.org{Event._base_manager.get(title='Three days').get_absolute_url()}"
    assert not [event for event in found if CANARY in event.summary]


@pytest.mark.parametrize("who", READERS)
def test_it_holds_what_its_user_may_see_and_nothing_else(world, who):
    user = world.users[who]
    seen = entries(user)
    ahead = {event.title for event in Event.objects.visible_to(user) if event.end_date >= today() - A_YEAR}
    due = {f"Due: {one.title}" for one in Commitment.objects.visible_to(user).open() if one.due_date}
    steps = {
        f"Next step: {one.next_step}"
        for one in Case.objects.visible_to(user).filter(next_step_on__gte=today() - A_YEAR)
    }
    assert set(seen) == ahead | due | steps
    assert (f"{CANARY} summit" in seen) == (who == "officer")
    assert (f"Next step: {CANARY} step" in seen) == (who == "officer")


@pytest.mark.parametrize("who", ["admin", "manager", "analyst"])
def test_without_the_hidden_rows_not_a_byte_would_differ(world, who):
    address = feed_of(world.users[who])
    with_them = Client().get(address).content
    with transaction.atomic():
        assert take_away_what_is_hidden_from(world.users[who]) > 5
        without = Client().get(address).content
        transaction.set_rollback(True)
    assert with_them == without


def test_it_asks_the_question_that_was_kept(world):
    assert set(entries(world.officer, f"partner={world.embassy.pk}")) == {
        f"{CANARY} summit", "Due: A note on projects", "Due: A list of experts", f"Next step: {CANARY} step",
    }  # fmt: skip
    assert set(entries(world.officer, "q=coordinators")) == {"Meeting of coordinators"}, (
        "promises have no answer to that"
    )
    past = set(entries(world.analyst, f"date_before={today():%Y-%m-%d}&kind=bilateral"))
    assert past == {"Due: A list of experts"}, "the rest lies ahead"


def test_rights_are_those_of_the_day_on_which_it_is_read(world):
    address = feed_of(world.manager)
    event = log(world, title="Open for now")
    assert b"Open for now" in Client().get(address).content
    with writes.change(world.officer, "command") as change:
        event.visibility = "restricted"
        change.save(event)
    assert b"Open for now" not in Client().get(address).content


@pytest.mark.parametrize("query", ["kind=abolished", "colour=red", "date_after=2021-12-01&date_before=2021-01-01"])
def test_a_question_that_makes_no_sense_any_more_is_refused_so_that_no_program_deletes_what_it_holds(world, query):
    feed_of(world.officer, name="Sound one")
    answer = Client().get(feed_of(world.officer, query, name="Broken one"))
    assert answer.status_code == 409
    assert answer["Content-Type"].startswith("text/plain")
    assert answer["Cache-Control"] == "no-store, private"
    assert "/calendar/feeds/" in answer.content.decode()
    page = signed_in(world.officer).get("/calendar/feeds/").content.decode()
    rows = {
        name: row
        for row in re.findall(r"<tr>.*?</tr>", page, re.S)
        for name in ("Sound one", "Broken one")
        if name in row
    }
    assert "Answers no more" in rows["Broken one"]
    assert "Answers no more" not in rows["Sound one"]


def test_it_reaches_a_year_back_and_as_far_ahead_as_there_is_anything(world):
    for title, day in (
        ("Long past", today() - 2 * A_YEAR),
        ("Last spring", today() - A_YEAR / 2),
        ("Far", DAY(2100, 12, 31)),
    ):
        log(world, title=title, start_date=day)
    log(world, title="From long ago until now", start_date=today() - 2 * A_YEAR, end_date=today())
    seen = entries(world.officer)
    assert "Long past" not in seen
    assert {"Last spring", "Far", "From long ago until now"} <= set(seen)
    assert seen["Far"]["dtend"].dt == DAY(2101, 1, 1)


def test_of_too_many_rows_the_oldest_are_left_out(world, monkeypatch):
    monkeypatch.setattr(ical, "AT_MOST", 3)
    for n in range(5):
        log(world, title=f"Ahead {n}", start_date=DAY(2090, 1, 1 + n))
    assert set(entries(world.officer)) == {"Ahead 2", "Ahead 3", "Ahead 4"}


def test_more_rows_do_not_mean_more_queries(world, count_queries):
    address, made = feed_of(world.officer), []
    Client().get(address)
    for _round in range(2):
        with count_queries() as counted:
            Client().get(address)
        made.append(len(counted))
        for n in range(30):
            log(world, title=f"More {n}", start_time=TIME(9), time_zone="Asia/Almaty")
    assert made[0] == made[1] <= 8


@pytest.mark.parametrize(
    ("status", "said"), [("planned", "TENTATIVE"), ("held", "CONFIRMED"), ("cancelled", "CANCELLED")]
)
def test_the_status_is_told_as_calendars_tell_it(world, status, said):
    log(world, status=status, start_date=today())
    assert entries(world.officer)["Logged"]["status"] == said


def test_what_was_put_off_says_so_in_its_title(world):
    log(world, status="postponed")
    assert entries(world.officer)["Postponed: Logged"]["status"] == "TENTATIVE"


def test_whole_days_end_on_the_day_after_and_keep_nobody_busy(world):
    log(world, start_date=DAY(2099, 12, 31), end_date=DAY(2099, 12, 31), venue="Hall 2", city="Almaty", country="KZ")
    entry = entries(world.officer)["Logged"]
    assert (entry["dtstart"].dt, entry["dtend"].dt) == (DAY(2099, 12, 31), DAY(2100, 1, 1))
    assert entry["dtstart"].params["VALUE"] == "DATE"
    assert entry["transp"] == "TRANSPARENT"
    assert entry["location"] == "Hall 2, Almaty, Kazakhstan"


def test_the_zone_of_a_time_is_in_the_file_with_its_summer_time(world):
    log(world, start_date=DAY(2027, 7, 1), start_time=TIME(9), end_time=TIME(10), time_zone="Europe/Vienna")
    calendar = read(feed_of(world.officer))
    zones = {str(zone["tzid"]): zone for zone in calendar.walk("VTIMEZONE")}
    assert set(zones) == {"Europe/Vienna"}
    assert zones["Europe/Vienna"].daylight
    entry = next(entry for entry in calendar.walk("VEVENT") if entry["summary"] == "Logged")
    assert entry["dtstart"].params["TZID"] == "Europe/Vienna"
    assert entry["dtstart"].dt.astimezone(datetime.UTC) == datetime.datetime(2027, 7, 1, 7, tzinfo=datetime.UTC)


def test_what_belongs_to_something_restricted_is_marked_as_confidential(world):
    whole = log(world, title="Closed talks", visibility="restricted", owner=world.officer)
    part = log(world, title="A part of them", parent=whole)
    log(world, title="Open talks")
    with writes.change(world.officer, "command") as change:
        for title, fields in {
            "Of the whole": {"event": whole},
            "Of the part": {"event": part},
            "Of the case": {"case": world.secret_case},
            "Of an open case": {"case": world.open_case},
            "Of nothing": {},
        }.items():
            change.save(Commitment(title=title, debtor=world.caricc, due_date=SOON, **fields))
    seen = entries(world.officer)
    marked = {title for title, entry in seen.items() if "class" in entry}
    assert all(seen[title]["class"] == "CONFIDENTIAL" for title in marked)
    assert {"Closed talks", "A part of them", "Due: Of the whole", "Due: Of the part", "Due: Of the case",
            f"Next step: {CANARY} step", f"{CANARY} summit"} <= marked  # fmt: skip
    assert not {"Open talks", "Due: Of an open case", "Due: Of nothing", "Due: A note on projects"} & marked


@pytest.mark.parametrize(
    ("fields", "start", "end"),
    [
        ({"start_time": TIME(9)}, datetime.datetime.combine(SOON, TIME(9)), None),  # no zone is known: none is told
        ({"end_time": TIME(9)}, SOON, SOON + datetime.timedelta(days=1)),
        ({"start_time": TIME(9), "end_date": SOON + datetime.timedelta(days=1)}, SOON, SOON + datetime.timedelta(days=2)),
        ({"start_date": DAY(2099, 2, 3), "end_date": DAY(2099, 2, 3), "date_precision": "month", "start_time": TIME(9)},
         DAY(2099, 2, 1), DAY(2099, 3, 1)),
        ({"start_date": DAY(2099, 2, 3), "end_date": DAY(2099, 2, 3), "date_precision": "year"}, DAY(2099, 1, 1), DAY(2100, 1, 1)),
    ],
)  # fmt: skip
def test_no_time_is_guessed(world, fields, start, end):
    log(world, **fields)
    entry = entries(world.officer)["Logged"]
    assert entry["dtstart"].dt == start
    assert (entry["dtend"].dt if "dtend" in entry else None) == end
    if "date_precision" in fields:
        assert str(entry["description"]).startswith("Some time in ")


def test_the_days_of_a_part_are_called_what_they_are(world):
    log(world, date_precision="within", end_date=SOON + datetime.timedelta(days=1), summary="Short.")
    assert entries(world.officer)["Logged"]["description"] == "Some time within these days.\nShort."


def test_a_change_keeps_the_name_and_raises_the_number(world):
    event = log(world)
    before = entries(world.officer)["Logged"]
    with writes.change(world.officer, "page") as change:
        event.start_date = event.end_date = SOON + datetime.timedelta(days=1)
        change.save(event)
    after = entries(world.officer)["Logged"]
    assert after["uid"] == before["uid"]
    assert after["sequence"] == before["sequence"] + 1
    assert after["dtstamp"].dt >= before["dtstamp"].dt
    assert after["last-modified"].dt == after["dtstamp"].dt
    assert len({str(entry["uid"]) for entry in entries(world.officer).values()}) == len(entries(world.officer))


# ---- text that means harm


@pytest.mark.parametrize(
    "end", ["\r\n", "\n", "\r", "\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\\n", "\r\n ", "\n\r\n"]
)
def test_no_text_can_begin_a_line_of_its_own(world, end):
    evil = f"Tea{end}END:VEVENT{end}BEGIN:VEVENT{end}SUMMARY:Injected"
    event = log(world, title="Tea", summary="x", venue="y", city="z")
    for name in ("title", "summary", "venue", "city"):  # as if it had come past the fields, which refuse or clean it
        setattr(event, name, evil)
    raw = ical.of_event(event).to_ical().decode()
    for lines in (raw.split("\r\n"), raw.splitlines()):
        assert [line for line in lines if line.startswith("BEGIN:")] == ["BEGIN:VEVENT"]
        assert [line for line in lines if line.startswith("END:")] == ["END:VEVENT"]
        assert sum(line.startswith("SUMMARY") for line in lines) == 1


def test_the_name_of_a_feed_cannot_end_its_line_either(world):
    text = Client().get(feed_of(world.officer, name="Mine\r\nX-EVIL:1")).content.decode()
    assert "X-WR-CALNAME:Mine X-EVIL:1\r\n" in text


def test_control_characters_are_left_out_and_marks_of_the_format_are_escaped(world):
    event = log(world)
    event.title = "a;b,c\\d \x00\x07\x1b\x7f\ud800 “Ω” 🎌"
    raw = ical.of_event(event).to_ical().decode()
    assert "SUMMARY:a\\;b\\,c\\\\d “Ω” 🎌\r\n" in raw
    assert (
        Calendar.from_ical("BEGIN:VCALENDAR\r\n" + raw + "END:VCALENDAR\r\n").walk("VEVENT")[0]["summary"]
        == "a;b,c\\d “Ω” 🎌"
    )


def test_long_lines_are_folded_between_characters(world):
    title = ("Совещание 🎌 " * 30)[:300].strip()
    log(world, title=title, summary="Слово " * 1500)
    answer = Client().get(feed_of(world.officer))
    assert max(map(len, answer.content.split(b"\r\n"))) <= 75
    assert b"\n" not in answer.content.replace(b"\r\n", b"")
    assert title in entries(world.officer)


# ---- the address


def test_whatever_is_wrong_with_an_address_the_answer_is_the_same(world):
    good = feed_of(world.officer)
    revoked, closed, without = feed_of(world.officer), feed_of(world.analyst), feed_of(world.newcomer)
    CalendarFeed.objects.filter(prefix=revoked.split("_")[1]).delete()
    world.analyst.is_active = False
    world.analyst.save()
    wrong = [
        revoked, closed, without, good[:-5] + "x.ics", good.replace("cal_", "car_"), "/calendar/feed/x.ics", "/calendar/feed/cal_.ics",
        f"/calendar/feed/{'a' * 3000}.ics", "/calendar/feed/cal_%00_x.ics", "/calendar/feed/cal_ж_ж.ics", "/calendar/feed/%0d%0a.ics",
        good.upper().replace("/CALENDAR/FEED/", "/calendar/feed/").replace(".ICS", ".ics"),
    ]  # fmt: skip
    answers = {(r.status_code, r.content, tuple(sorted(r.headers.items()))) for r in map(Client().get, wrong)}
    assert len(answers) == 1
    assert answers.pop()[0] == 404
    signed = signed_in(world.officer).get(revoked)
    assert (signed.status_code, signed.content) == (404, Client().get(revoked).content)
    assert Client().get(good).status_code == 200


def test_an_api_token_opens_no_calendar_and_a_calendar_no_api(world):
    from caricc.models import ApiToken

    token = ApiToken.make(world.officer, "read")[1]
    assert Client().get(f"/calendar/feed/{token}.ics").status_code == 404
    secret = feed_of(world.officer).removeprefix("/calendar/feed/").removesuffix(".ics")
    assert Client().get("/api/v1/events/", headers={"Authorization": f"Token {secret}"}).status_code == 401


def test_nothing_of_it_is_cached_and_no_cookie_is_set(world):
    address = feed_of(world.officer)
    for answer in (
        Client().get(address),
        Client().get(address + "x"),
        Client().head(address),
        signed_in(world.officer).get(address),
    ):
        assert answer["Cache-Control"] == "no-store, private"
        assert not answer.cookies
    answer = Client().get(address)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert Client().post(address).status_code == 405


def test_it_varies_by_no_cookie_and_not_even_by_that_of_the_language(world, settings):
    address, russian = feed_of(world.officer), Client()
    russian.cookies[settings.LANGUAGE_COOKIE_NAME] = "ru"
    plain = Client().get(address)
    for answer in (
        plain,
        russian.get(address),
        signed_in(world.officer).get(address),
        Client().get("/calendar/feed/cal_a_b.ics"),
    ):
        assert "Vary" not in answer
    assert russian.get(address).content == signed_in(world.officer).get(address).content == plain.content


def test_the_log_never_holds_an_address(world):
    lines = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())
    handler.addFilter(WithoutSecrets())
    logging.getLogger().addHandler(handler)
    try:
        address = feed_of(world.officer)
        CalendarFeed.objects.all().delete()
        Client().get(address)
        logging.getLogger("django.server").warning('"GET %s HTTP/1.1" 200 5', address)
        handler.handle(logging.makeLogRecord({"msg": '"GET %s HTTP/1.1" 200', "args": (f"{address}?x=1",)}))
    finally:
        logging.getLogger().removeHandler(handler)
    secret = address.split("/")[-1].removesuffix(".ics")
    assert '"GET /calendar/feed/…?x=1 HTTP/1.1" 200' in lines
    assert any("Not Found: /calendar/feed/…" in line for line in lines)
    assert not [line for line in lines if secret in line]


def test_its_use_is_kept_to_the_minute(world):
    address = feed_of(world.officer)
    Client().get(address)
    first = CalendarFeed.objects.get().last_used_at
    Client().get(address)
    assert CalendarFeed.objects.get().last_used_at == first is not None
    CalendarFeed.objects.update(last_used_at=first - datetime.timedelta(minutes=2))
    Client().get(address)
    assert CalendarFeed.objects.get().last_used_at >= first


# ---- one's own feeds


def make(client, query="", name="Japan"):
    return client.post("/calendar/feeds/", {"name": name, "query": query})


def test_a_feed_is_made_of_the_question_and_its_address_is_shown_this_once(world, client):
    client.force_login(world.analyst)
    page = client.get(f"/calendar/feeds/?partner={world.embassy.pk}&shape=agenda&month=2021-10").content.decode()
    assert "Embassy of Japan" in page
    query = html.unescape(re.search(r'name="query" value="([^"]*)"', page)[1])
    assert query == f"partner={world.embassy.pk}"
    made = make(client, query).content.decode()
    address = re.search(r'id="address" readonly value="([^"]*)"', made)[1]
    assert {str(e["summary"]) for e in read(address.partition("testserver")[2]).walk("VEVENT")} == {
        "Due: A note on projects", "Due: A list of experts",
    }  # fmt: skip
    feed = CalendarFeed.objects.get()
    assert (feed.user, feed.name, feed.query) == (world.analyst, "Japan", query)
    secret = address.split("/")[-1].removesuffix(".ics")
    assert len(secret.split("_", 2)[2]) == 40
    assert secret not in client.get("/calendar/feeds/").content.decode()
    assert secret not in repr(CalendarFeed.objects.values().get())


def test_one_sees_and_revokes_ones_own_feeds_only(world, client):
    own, other = feed_of(world.officer, name="Mine"), feed_of(world.manager, name="Of the manager")
    client.force_login(world.officer)
    page = client.get("/calendar/feeds/").content.decode()
    assert "Mine" in page
    assert "Of the manager" not in page
    foreign = CalendarFeed.objects.get(user=world.manager)
    answers = [client.post(f"/calendar/feeds/{pk}/revoke/") for pk in (foreign.pk, 999_999, 2**63)]
    assert len({(r.status_code, r.content) for r in answers}) == 1
    assert answers[0].status_code == 404
    assert Client().get(other).status_code == 200
    mine = CalendarFeed.objects.get(user=world.officer)
    assert client.get(f"/calendar/feeds/{mine.pk}/revoke/").status_code == 405
    answer = client.post(f"/calendar/feeds/{mine.pk}/revoke/", follow=True)
    assert "is revoked" in answer.content.decode()
    assert Client().get(own).status_code == 404


@pytest.mark.parametrize(
    ("name", "query", "said"),
    [
        ("", "", "The feed needs a name."),
        ("x" * 81, "", "at most 80 characters"),
        ("a\u202eb", "", "direction of writing"),
        ("Fine", "kind=nonsense", "is not one of"),
        ("Fine", "colour=red", "There is no question of this name"),
        ("Fine", "&".join(f"partner={n}" for n in range(10**9, 10**9 + 130)), "too long to be kept"),
    ],
)
def test_a_feed_that_makes_no_sense_is_not_made_and_it_says_why(world, client, name, query, said):
    client.force_login(world.officer)
    page = html.unescape(make(client, query, name).content.decode())
    assert said in page
    assert not CalendarFeed.objects.exists()


def test_there_is_an_end_to_the_number_of_feeds(world, client, monkeypatch):
    monkeypatch.setattr(CalendarFeed, "AT_MOST", 2)
    client.force_login(world.officer)
    for _n in range(3):
        page = make(client).content.decode()
    assert "You have 2 feeds" in page
    assert CalendarFeed.objects.count() == 2


def test_the_newcomer_gets_403_and_makes_none(world):
    client = signed_in(world.newcomer)
    feed_of(world.newcomer)
    feed = CalendarFeed.objects.get()
    assert client.get("/calendar/feeds/").status_code == 403
    assert make(client).status_code == 403
    assert client.post(f"/calendar/feeds/{feed.pk}/revoke/").status_code == 403
    assert CalendarFeed.objects.count() == 1


def test_administrators_see_and_revoke_feeds_but_not_what_they_ask(world, client):
    feed_of(world.officer, f"case={world.secret_case.pk}", name=f"{CANARY} watch")
    feed = CalendarFeed.objects.get()
    client.force_login(world.admin)
    for page in ("", f"{feed.pk}/change/", f"{feed.pk}/delete/"):
        text = client.get(f"/admin/caricc/calendarfeed/{page}").content.decode()
        assert feed.prefix in text
        assert CANARY not in text
        assert str(world.secret_case.pk) not in text
    client.post(f"/admin/caricc/calendarfeed/{feed.pk}/delete/", {"post": "yes"})
    assert not CalendarFeed.objects.exists()
    client.force_login(world.officer)
    assert client.get("/admin/caricc/calendarfeed/").status_code == 403
