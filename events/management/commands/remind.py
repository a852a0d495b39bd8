"""The mail of the day to whoever answers for something that is overdue or due."""

import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.dateparse import parse_date

from caricc.lib.days import today
from caricc.models import ReminderSent, User
from events.reminders import accounts, reminder_for

MOST_DAYS = 365


class Command(BaseCommand):
    help = (
        "Sends one mail a day to each active account whose person is responsible for open commitments, or leads cases "
        "that go on and whose next step is due: what is overdue, and what is due within some days. It names only what that account may "
        "see, and nobody for whom nothing is due gets a mail. A second run on the same day sends nothing twice. Where a "
        "mail does not go out, the others still do, the next run tries again, and the exit code is 1. Meant for a timer, "
        "each morning."
    )

    def add_arguments(self, parser):
        parser.add_argument("--day", help="the day that counts as today, such as 2026-11-23; unset: today")
        parser.add_argument("--within", type=int, default=7, metavar="N", help="days ahead that count as due; unset: 7")
        parser.add_argument("--dry-run", action="store_true", help="say who would get how much; send and keep nothing")
        parser.add_argument("--user", metavar="NAME", help="only this account")
        parser.add_argument("--again", action="store_true", help="also to those who got their mail of that day already")

    def handle(self, *, day, within, dry_run, user, again, verbosity, **options):
        self.verbosity = verbosity
        on = self.day_of(day)
        if not 0 <= within <= MOST_DAYS:
            raise CommandError(f"--within is a number of days from 0 to {MOST_DAYS}.")
        found = self.accounts_of(user)
        sent, before, failed = 0, 0, []
        with translation.override(settings.LANGUAGE_CODE):
            for place, account in enumerate(found, 1):
                reminder = reminder_for(account, on, within)
                told = f"{place} of {len(found)}  {account.username}: "
                if not reminder.items:
                    self.say(2, f"{told}nothing is due")
                elif dry_run and not again and self.sent_already(reminder):
                    before += 1
                    self.say(2, f"{told}got the mail of that day already")
                elif dry_run:
                    self.say(1, f"{told}would get {reminder.counted}")
                    sent += 1
                else:
                    claim, fresh = self.claim(reminder, again)
                    if claim is None:
                        before += 1
                        self.say(2, f"{told}got the mail of that day already")
                        continue
                    error = self.send(reminder, claim, fresh)
                    if error:
                        failed.append(account.username)
                        self.stderr.write(f"{account.username}: the mail did not go out: {error}")
                    else:
                        sent += 1
                        self.say(1, f"{told}{reminder.counted}")
        did = "would be sent" if dry_run else "sent"
        earlier = f", {before} had theirs already" if before else ""
        self.say(1, f"{sent} of {len(found)} accounts: {did}, for {on.isoformat()}{earlier}")
        if failed:
            raise CommandError(f"{len(failed)} mails did not go out ({', '.join(failed)}); run it again to try anew.")

    def say(self, level: int, line: str) -> None:
        if self.verbosity >= level:
            self.stdout.write(line)

    @staticmethod
    def day_of(text) -> datetime.date:
        if not text:
            return today()
        try:
            day = parse_date(text)
        except ValueError:
            day = None
        if day is None or not 1900 <= day.year < 2100:
            raise CommandError(f"{text!r} is no day; write it as 2026-11-23.")
        return day

    @staticmethod
    def accounts_of(name) -> list[User]:
        if not name:
            return list(accounts())
        account = User.objects.filter(username=name).first()
        if account is None or not account.is_active:
            raise CommandError(f"There is no open account {name!r}.")
        if not account.email:
            raise CommandError(f"The account {name!r} has no mail address.")
        if not hasattr(account, "person"):
            raise CommandError(f"The account {name!r} is nobody's: choose it on the page of the person.")
        return [account]

    @staticmethod
    def sent_already(reminder) -> bool:
        return ReminderSent.objects.filter(user=reminder.user, day=reminder.day).exists()

    @staticmethod
    def claim(reminder, again: bool) -> tuple[ReminderSent | None, bool]:
        """The row that keeps others from sending the same mail, and whether it is new; no row where another run has it."""
        try:
            with transaction.atomic():
                made = ReminderSent.objects.create(user=reminder.user, day=reminder.day, items=reminder.items)
                return made, True
        except IntegrityError:
            rows = ReminderSent.objects.filter(user=reminder.user, day=reminder.day)
            return (rows.first() if again else None), False

    @staticmethod
    def send(reminder, claim, fresh: bool) -> str:
        """What went wrong, after the claim was given back; empty where the mail went out."""
        mail = EmailMessage(reminder.subject, reminder.body, to=[reminder.user.email])
        mail.extra_headers["Auto-Submitted"] = "auto-generated"  # so that no program answers that its owner is away
        try:
            if not mail.send():
                raise OSError("the server took no mail")
        except BaseException as error:
            if fresh:
                claim.delete()
            if not isinstance(error, Exception):
                raise
            return f"{type(error).__name__}: {error}"
        return ""
