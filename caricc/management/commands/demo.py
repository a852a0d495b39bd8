"""Accounts to try the register with, one of each role."""

import os
import secrets
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from caricc.lib import writes
from caricc.models import User

ACCOUNTS = {
    "admin": "administrator: everything, accounts too",
    "officer": "officer: logs and edits",
    "manager": "manager: reads, follows commitments and cases",
    "analyst": "analyst: reads and exports",
    "newcomer": "no role yet: sees nothing",
}
RHYTHMS = {"embassy": 3, "un": 6, "ministry": 6, "law_enforcement": 6}  # {kind of partner: months}
KEPT_IN = "demo-password"


class Command(BaseCommand):
    help = (
        "Makes the accounts admin, officer, manager, analyst and newcomer, for trying the register out. The password is "
        "DEMO_PASSWORD, otherwise random and printed. Accounts that are there already keep their password. Where no rhythm "
        "of a kind of partner is kept yet, it also makes some, so that silent partners are seen: embassies every 3 months, "
        "UN entities, ministries and law-enforcement bodies every 6. "
        "Refuses to run when DEBUG is off."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="say what would be made, make nothing")

    def handle(self, *, dry_run, verbosity, **options):
        if not settings.DEBUG:
            raise CommandError("Demo accounts are for trying out only: they are not made when DEBUG is off.")
        missing = [name for name in ACCOUNTS if not User.objects.filter(username=name).exists()]
        if dry_run:
            self.stdout.write(f"Would make: {', '.join(missing) or 'nothing, all are there'}.")
            if not rhythms_are_kept():
                self.stdout.write(f"Would make the rhythms of {len(RHYTHMS)} kinds of partners.")
            return
        if missing:
            password = os.environ.get("DEMO_PASSWORD") or kept_password() or keep(secrets.token_urlsafe(12))
            with transaction.atomic():
                for name in missing:
                    make(name, password)
            self.stdout.write(f"Demo accounts made: {', '.join(missing)}.")
        if not rhythms_are_kept():
            make_rhythms()
            self.stdout.write(f"Rhythms of {len(RHYTHMS)} kinds of partners made.")
        if verbosity > 0:
            for line in how_to_sign_in():
                self.stdout.write(line)


def make(name: str, password: str) -> None:
    if name == "admin":
        User.objects.create_superuser(name, password=password)
        return
    user = User.objects.create_user(name, password=password)
    if name != "newcomer":
        user.groups.add(Group.objects.get(name=name))


def rhythms_are_kept() -> bool:
    return apps.get_model("contacts.Rhythm")._base_manager.exists()


def make_rhythms() -> None:
    with writes.change(None, "command", "rhythms to try the register out") as change:
        for kind, months in RHYTHMS.items():
            change.save(apps.get_model("contacts.Rhythm")(kind=kind, months=months))


def how_to_sign_in() -> list[str]:
    """Lines that name the demo accounts and, as long as it is true, their password. Empty where there are none."""
    users = {user.username: user for user in User.objects.filter(username__in=ACCOUNTS, is_active=True)}
    if not users:
        return []
    lines = [f"  {name:<9} {told}" for name, told in ACCOUNTS.items() if name in users]
    told = {"DEMO_PASSWORD": os.environ.get("DEMO_PASSWORD"), f"kept in var/{KEPT_IN}": kept_password()}
    for where, password in told.items():
        fits = [name for name, user in users.items() if password and user.check_password(password)]
        if fits:
            shown = "that of DEMO_PASSWORD" if where == "DEMO_PASSWORD" else f"{password} ({where})"
            whose = "of all of them" if len(fits) == len(users) else f"of {', '.join(fits)}"
            return ["Sign in as", *lines, f"  Password {whose}: {shown}"]
    return ["Sign in as", *lines, "  Password: the one that they were given when they were made"]


def kept_password() -> str:
    path = Path(settings.VAR_DIR) / KEPT_IN
    return path.read_text(encoding="utf-8").strip() if path.exists() else ""


def keep(password: str) -> str:
    """Keep the random password beside the demo database, for its owner alone, so that it can be told again."""
    path = Path(settings.VAR_DIR) / KEPT_IN
    path.parent.mkdir(exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(password + "\n")
    return password
