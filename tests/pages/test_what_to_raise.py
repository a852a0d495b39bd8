"""What to raise at an event: what is open with those who come, whoever reads it."""

import datetime
import re

import pytest

from caricc.lib import writes
from caricc.lib.days import today
from events.models import Case, Commitment, Delegation, Event, Outcome
from tests.api.client import Api
from tests.test_figures import links_of
from tests.test_laws import count_on
from tests.world import DAY, READERS

AHEAD = datetime.timedelta(days=6)


def planned(world, *bodies, cases=(), **fields):
    fields = {"kind": "bilateral", "title": "Talks ahead", "status": "planned", "start_date": today() + AHEAD, **fields}
    with writes.change(None, "command") as change:
        event = change.save(Event(**fields))
        for body in (world.caricc, *bodies):
            change.save(
                Delegation(event=event, **({"country": body} if isinstance(body, str) else {"organization": body}))
            )
        change.set(event, "cases", cases)
    return event


def promise(**fields):
    with writes.change(None, "command") as change:
        return change.save(Commitment(**fields))


def panel_of(client, event) -> str:
    page = client.get(event.get_absolute_url()).content.decode()
    found = re.search(r'aria-labelledby="to-raise">.*?</section>', page, re.DOTALL)
    return found.group() if found else ""


def raised(user, event, query="&status=open"):
    rows = Commitment.objects.visible_to(user).open().to_raise_at([event.pk], user)
    assert {row["id"] for row in Api(user).rows(f"commitments/?raise_at={event.pk}{query}")} == set(
        rows.values_list("pk", flat=True)
    )
    return set(rows)


def made(user, event):
    return set(Outcome.objects.visible_to(user).to_raise_at([event.pk], user).values_list("title", flat=True))


def test_both_sides_stand_there_with_what_is_late_first(client, world):
    event = planned(world, world.embassy)
    promise(title="No day at all", debtor=world.embassy, creditor=world.caricc)
    client.force_login(world.analyst)
    panel = panel_of(client, event)
    ours, theirs = panel.index("We owe"), panel.index("Owed to us")
    assert ours < panel.index("A note on projects") < theirs
    assert theirs < panel.index("A list of experts") < panel.index("No day at all")
    assert "5 days late" in panel
    assert panel.index("Compare the lists of precursors") > panel.index("Recommended, not followed up")
    assert "News shared" in panel


def test_bodies_below_and_above_and_states_are_meant_too(world):
    above = promise(title="To the whole of it", debtor=world.caricc, creditor=world.unodc)
    below = promise(title="To the desk", debtor=world.caricc, creditor=world.desk)
    state = promise(title="By the state", debtor_country="JP", creditor=world.caricc)
    other = promise(title="To somebody else", debtor=world.caricc, creditor=world.agency)
    at_office = raised(world.officer, planned(world, world.office))
    assert {above, below, world.loose} <= at_office
    assert not at_office & {state, other}
    assert {state, world.owed, world.due_to_us} <= raised(world.officer, planned(world, world.embassy))
    as_a_state = raised(world.officer, planned(world, "JP"))
    assert {state, world.owed, world.due_to_us} <= as_a_state, "a state that comes as such is asked about its organs"
    assert not as_a_state & {above, below, other}


def test_its_cases_bring_what_is_open_and_was_produced_in_them(world):
    with writes.change(None, "command") as change:
        case = change.save(Case(title="A matter of its own"))
        past = change.save(Event(kind="meeting", title="Before", start_date=DAY(2021, 5, 5)))
        change.set(past, "cases", [case])
        change.save(Outcome(event=past, kind="decision", title="A decision in the case"))
    in_case = promise(title="In the case", debtor=world.caricc, case=case)
    event = planned(world, cases=[case])
    assert raised(world.officer, event) == {in_case}
    assert made(world.officer, event) == {"A decision in the case"}


def test_an_event_at_which_nobody_else_is_expected_raises_nothing(client, world):
    event = planned(world)
    assert raised(world.officer, event) == set()
    assert made(world.officer, event) == set()
    client.force_login(world.officer)
    panel = panel_of(client, event)
    assert "As soon as it is known who comes" in panel
    assert "data-count" not in panel
    assert "Nothing is open with them" in panel_of(client, planned(world, world.old_body))


def test_what_was_promised_or_produced_at_the_event_itself_is_not_raised_at_it(world):
    event = planned(world, world.embassy, status="held", start_date=today())
    here = promise(title="Promised just now", debtor=world.caricc, creditor=world.embassy, event=event)
    with writes.change(None, "command") as change:
        change.save(Outcome(event=event, kind="decision", title="Decided just now"))
    assert here not in raised(world.officer, event)
    assert world.owed in raised(world.officer, event)
    assert "Decided just now" not in made(world.officer, event)


def test_the_panel_stands_at_what_is_planned_or_held_today_only(client, world):
    client.force_login(world.officer)
    for fields, shown in (
        ({}, True),
        ({"status": "held", "start_date": today()}, True),
        ({"status": "held", "start_date": today() - datetime.timedelta(days=1)}, False),
        ({"status": "cancelled"}, False),
        ({"status": "postponed"}, False),
    ):
        assert bool(panel_of(client, planned(world, world.embassy, **fields))) is shown, fields


@pytest.mark.parametrize("who", READERS)
def test_every_figure_of_the_panel_opens_its_rows_for_its_reader(client, world, who):
    user = world.users[who]
    for n in range(11):
        promise(title=f"Promise {n}", debtor=world.caricc, creditor=world.office, due_date=DAY(2021, 1, 1 + n))
    event = planned(world, world.office, world.embassy, "AT", cases=[world.open_case])
    client.force_login(user)
    panel = panel_of(client, event)
    hidden = [*world.hidden[who], *([] if who == "officer" else [world.secret_case])]
    assert not [row.title for row in hidden if row.title in panel]
    figures = [(link, n) for link, n in links_of(panel) if n is not None]
    assert len(figures) >= 4
    for link, count in figures:
        answer = client.get(link)
        if answer.status_code == 200:
            assert count_on(answer.content.decode()) == count, link
        api = link.replace("/commitments/", "commitments/").replace("/outcomes/", "outcomes/")
        assert Api(user).get(api).json()["count"] == count, link
    ours = re.search(r'<div class="ours">.*?</div>\s*<div class="theirs">', panel, re.DOTALL).group()
    assert len(re.findall(r'<li class="owe ours">', ours)) == 8
    assert "Promise 0" in ours
    assert re.search(r">\d+ more</a>", ours)
    for name, query in (("Recommended, not followed up", "&unfinished=true"), ("What came of it last", "")):
        shown = int(re.search(rf'{name}<(?:a|span)[^>]*class="count"[^>]*>(\d+)<', panel).group(1))
        assert Api(user).get(f"outcomes/?raise_at={event.pk}{query}").json()["count"] == shown, name


def test_what_is_between_others_is_a_link_to_it(client, world):
    promise(title="Not for us", debtor=world.embassy, creditor=world.unodc)
    client.force_login(world.analyst)
    found = re.search(
        r'<a href="([^"]*)" data-count="1">1 between others</a>', panel_of(client, planned(world, world.embassy))
    )
    assert "Not for us" in client.get(found.group(1).replace("&amp;", "&")).content.decode()


def test_a_hidden_event_raises_nothing_for_who_may_not_see_it(world):
    rows = Api(world.analyst).rows(f"commitments/?raise_at={world.hidden_ahead.pk}")
    assert rows == Api(world.analyst).rows("commitments/?raise_at=999999") == []
    assert Api(world.officer).rows(f"commitments/?raise_at={world.hidden_ahead.pk}")


def test_the_panel_asks_no_more_for_more_rows(client, world, count_queries):
    event = planned(world, world.embassy, world.office, cases=[world.open_case])
    client.force_login(world.officer)
    client.get(event.get_absolute_url())
    with count_queries() as few:
        client.get(event.get_absolute_url())
    for n in range(20):
        promise(title=f"More {n}", debtor=world.caricc, creditor=world.office, event=world.talks)
        promise(title=f"Theirs {n}", debtor=world.office, creditor=world.caricc, responsible=world.specialist)
        with writes.change(None, "command") as change:
            change.save(Outcome(event=world.talks, kind="recommendation", title=f"Advice {n}"))
    with count_queries() as many:
        client.get(event.get_absolute_url())
    assert len(many) == len(few)
