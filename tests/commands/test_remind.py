"""The mail of the day."""

import datetime
import re
import threading
from io import StringIO

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from caricc.lib import writes
from caricc.lib.days import today
from caricc.models import ReminderSent
from events.diary import Diary
from events.filters import EventQuestion
from events.models import Case, Commitment, Event
from tests.world import CANARY

A_DAY = datetime.timedelta(days=1)


class Failing(EmailBackend):
    """A server that refuses one address."""

    def send_messages(self, messages):
        if any("officer@" in to for message in messages for to in message.to):
            raise ConnectionRefusedError("no such mailbox")
        return super().send_messages(messages)


def remind(**options) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("remind", stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def directors(world):
    """The director answers for something, too."""
    with writes.change(None, "command") as change:
        world.due_to_us.assign(world.director)
        change.save(world.due_to_us)
    return world


def test_each_gets_one_mail_with_what_they_answer_for(directors):
    out, err = remind()
    assert {m.to[0] for m in mail.outbox} == {"officer@example.org", "manager@example.org"}
    officers = next(m for m in mail.outbox if m.to == ["officer@example.org"])
    assert directors.owed.title in officers.body
    assert f"http://127.0.0.1:8000{directors.owed.get_absolute_url()}" in officers.body
    assert "in 5 days" in officers.body
    managers = next(m for m in mail.outbox if m.to == ["manager@example.org"])
    assert "5 days late" in managers.body
    assert managers.body.index("OVERDUE") < managers.body.index(directors.due_to_us.title)
    assert directors.open_case.next_step in managers.body
    assert directors.owed.title not in managers.body
    assert "2 of 2 accounts: sent" in out
    assert not err


def test_the_subject_has_numbers_and_no_titles(directors):
    remind()
    for message in mail.outbox:
        assert "due" in message.subject
        assert not any(one.title in message.subject for one in (*Commitment.objects.all(), *Case.objects.all()))
    officers = next(m for m in mail.outbox if m.to == ["officer@example.org"])
    assert officers.subject.startswith("CARICC Register: 2 due by ")


def test_what_the_account_may_not_see_is_not_in_its_mail(world):
    hidden = world.secret_promises[0]  # of an event that only the officer may see
    with writes.change(None, "command") as change:
        hidden.assign(world.director)
        change.save(hidden)
        world.secret_case.lead = world.director
        change.save(world.secret_case)
        world.open_case.next_step_on = None
        change.save(world.open_case)
    out, err = remind(verbosity=2)
    assert not [m for m in mail.outbox if m.to == ["manager@example.org"]]
    assert "manager: nothing is due" in out
    assert CANARY not in out + err + "".join(m.subject + m.body for m in mail.outbox)


def test_what_it_may_see_is_although_restricted(world):
    remind(user="officer")
    assert f"{CANARY} step" in mail.outbox[0].body
    assert CANARY not in mail.outbox[0].subject


@pytest.mark.parametrize("without", ["address", "activity", "rights", "person"])
def test_no_mail_without_an_address_an_open_account_its_rights_or_a_person(world, without):
    if without == "address":
        world.officer.email = ""
    if without == "activity":
        world.officer.is_active = False
    if without == "rights":
        world.officer.groups.clear()
    if without == "person":
        with writes.change(None, "command") as change:
            world.specialist.user = None
            change.save(world.specialist)
    world.officer.save()
    remind()
    assert not [m for m in mail.outbox if m.to == ["officer@example.org"]]


def test_a_second_run_of_the_day_sends_nothing_and_again_does(world):
    remind()
    first = len(mail.outbox)
    assert first == ReminderSent.objects.count() == 2
    out, _err = remind()
    assert len(mail.outbox) == first
    assert "had theirs already" in out
    remind(user="officer", again=True)
    assert len(mail.outbox) == first + 1
    assert ReminderSent.objects.count() == 2
    remind(day=(today() + A_DAY).isoformat())
    assert len(mail.outbox) == 2 * first + 1


def test_a_dry_run_sends_and_keeps_nothing(world):
    out, _err = remind(dry_run=True)
    assert "officer: would get" in out
    assert not mail.outbox
    assert not ReminderSent.objects.exists()


def test_a_dry_run_counts_those_who_had_theirs_unless_all_are_asked_again(world):
    remind(user="officer")
    out, _err = remind(dry_run=True, verbosity=2)
    assert "officer: got the mail of that day already" in out
    assert "manager: would get" in out
    assert re.search(r"1 of 2 accounts: would be sent, for \S+, 1 had theirs already", out)
    out, _err = remind(dry_run=True, again=True)
    assert "officer: would get" in out
    assert "already" not in out
    out, _err = remind(dry_run=True, day=(today() + A_DAY).isoformat())
    assert "officer: would get" in out


def test_the_mail_leads_to_all_promises_and_all_cases_of_its_reader(client, world):
    with writes.change(None, "command") as change:
        world.open_case.rest(change, "Until spring.")
    remind(user="manager")
    client.force_login(world.manager)
    links = re.findall(r"(?:answer for|lead): http://127\.0\.0\.1:8000(\S+)", mail.outbox[0].body)
    assert [link.partition("?")[0] for link in links] == [
        reverse("events:commitment_list"),
        reverse("events:case_list"),
    ]
    assert [client.get(link).status_code for link in links] == [200, 200]
    assert world.open_case.title in client.get(links[1]).content.decode()
    assert world.old_case.title not in client.get(links[1]).content.decode()


def test_the_step_of_a_dormant_case_is_due_wherever_it_is_late(client, world):
    with writes.change(None, "command") as change:
        world.open_case.rest(change, "Until spring.")
    late = Case.objects.get(pk=world.open_case.pk)
    assert late.is_step_late
    assert late in Case.objects.step_due_by(today())
    assert late in Diary(EventQuestion({}, Event.objects.all(), user=world.manager)).cases
    remind(user="manager")
    assert world.open_case.next_step in mail.outbox[0].body
    with writes.change(None, "command") as change:
        late.close(change, "All is done.")
    assert not late.is_step_late
    assert late not in Case.objects.step_due_by(today())
    assert late not in Diary(EventQuestion({}, Event.objects.all(), user=world.manager)).cases


def test_the_number_of_days_ahead_is_chosen(world):
    remind(user="officer", within=4)
    assert "A note on projects" not in mail.outbox[0].body
    remind(user="officer", within=5, again=True)
    assert "A note on projects" in mail.outbox[1].body


def test_nothing_closed_is_remembered(world):
    with writes.change(None, "command") as change:
        world.owed.fulfil(today(), "A letter")
        change.save(world.owed)
    remind(user="officer")
    assert world.owed.title not in mail.outbox[0].body


def test_a_mail_that_fails_gives_its_claim_back_and_the_others_go(directors, settings):
    settings.EMAIL_BACKEND = "tests.commands.test_remind.Failing"
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError, match="1 mails did not go out"):
        call_command("remind", stdout=out, stderr=err)
    assert "officer: the mail did not go out: ConnectionRefusedError" in err.getvalue()
    assert [m.to for m in mail.outbox] == [["manager@example.org"]]
    assert [row.user for row in ReminderSent.objects.all()] == [directors.manager]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    remind()
    assert [m.to for m in mail.outbox] == [["manager@example.org"], ["officer@example.org"]]


def test_a_failing_second_mail_keeps_the_claim_of_the_first(world, settings):
    remind()
    settings.EMAIL_BACKEND = "tests.commands.test_remind.Failing"
    with pytest.raises(CommandError):
        remind(again=True)
    assert ReminderSent.objects.filter(user=world.officer).exists()


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_a_time_send_each_mail_once(world):
    start, problems = threading.Barrier(2), []

    def run():
        try:
            start.wait(10)
            remind()
        except Exception as error:
            problems.append(error)
        finally:
            connection.close()

    runs = [threading.Thread(target=run) for _ in range(2)]
    for one in runs:
        one.start()
    for one in runs:
        one.join(60)
    assert not problems
    assert sorted(m.to[0] for m in mail.outbox) == ["manager@example.org", "officer@example.org"]


@pytest.mark.parametrize(
    ("options", "said"),
    [({"day": "2026-13-01"}, "no day"), ({"day": "soon"}, "no day"), ({"within": -1}, "number of days"),
     ({"user": "nobody"}, "no open account"), ({"user": "admin"}, "nobody's")],
)  # fmt: skip
def test_a_wrong_option_is_named(world, options, said):
    with pytest.raises(CommandError, match=said):
        remind(**options)
    assert not mail.outbox


def test_it_speaks_the_language_of_the_register(world, settings):
    settings.LANGUAGE_CODE = "ru"
    remind(user="officer")
    day = (today() + 7 * A_DAY).day
    assert str(day) in mail.outbox[0].subject
    months = ("янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
    assert any(month in mail.outbox[0].body for month in months)


def test_more_rows_do_not_mean_more_queries(world, count_queries):
    def queries():
        with count_queries() as counted:
            remind(user="officer", again=True)
        return len(counted)

    queries()
    few = queries()
    with writes.change(None, "command") as change:
        for place in range(40):
            change.save(
                Commitment(
                    title=f"Promise {place}", debtor=world.caricc, creditor=world.unodc, event=world.talks,
                    due_date=today(), responsible=world.specialist,
                )
            )  # fmt: skip
    assert queries() == few < 15
    assert "Promise 39" in mail.outbox[-1].body
