"""A key to the API."""

from argparse import ArgumentTypeError

from django.core.management.base import BaseCommand, CommandError

from caricc.models import ApiToken, User

MOST_DAYS = 3660


class Command(BaseCommand):
    help = (
        "Makes an API token for an account and prints it, once, on standard output and nothing else. Only a keyed hash "
        "is kept: a lost token cannot be read again, make another. A token never allows more than its account."
    )

    def add_arguments(self, parser):
        parser.add_argument("username", help="the account that the token acts for")
        parser.add_argument(
            "--scope",
            choices=ApiToken.Scope.values,
            default=ApiToken.Scope.READ,
            help="read: lists and records; export: files too; write: changes too (default: read)",
        )
        parser.add_argument(
            "--days", type=number_of_days, help="how long it lives (default: until its account is closed)"
        )

    def handle(self, *, username, scope, days, **options):
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no account {username!r}.")
        if not user.is_active:
            raise CommandError(f"The account {username!r} is closed.")
        _row, token = ApiToken.make(user, scope, days)
        self.stdout.write(token)


def number_of_days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= MOST_DAYS):
        raise ArgumentTypeError(f"give a number of days between 1 and {MOST_DAYS}")
    return int(text)
