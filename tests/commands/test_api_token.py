import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from caricc.models import ApiToken


def token(*arguments) -> str:
    out = StringIO()
    call_command("api_token", *arguments, stdout=out)
    return out.getvalue()


def test_it_prints_the_token_and_nothing_else(world, client):
    printed = token("analyst")
    assert printed.count("\n") == 1
    assert ApiToken.find(printed.strip()).user == world.analyst
    answer = client.get("/api/v1/events/", headers={"Authorization": f"Token {printed.strip()}"})
    assert answer.status_code == 200
    assert answer.json()["count"] > 0


def test_only_a_hash_is_kept(world):
    text = token("analyst").strip()
    row = ApiToken.objects.get()
    assert text not in str(vars(row))


@pytest.mark.parametrize("scope", ["read", "export", "write"])
def test_the_scope_is_the_one_asked_for(world, scope):
    assert ApiToken.find(token("officer", "--scope", scope).strip()).scope == scope


def test_a_token_reads_unless_told_otherwise_and_does_not_end(world):
    found = ApiToken.find(token("officer").strip())
    assert (found.scope, found.expires_at) == ("read", None)


def test_a_token_ends_after_its_days(world):
    found = ApiToken.find(token("officer", "--days", "3").strip())
    assert abs(found.expires_at - timezone.now() - datetime.timedelta(days=3)) < datetime.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nobody"], "no account"),
        (["officer", "--scope", "all"], "invalid choice"),
        (["officer", "--days", "0"], "between 1 and"),
        (["officer", "--days", "soon"], "between 1 and"),
    ],
)
def test_what_makes_no_sense_is_refused(world, arguments, told):
    with pytest.raises(CommandError, match=told):
        token(*arguments)
    assert not ApiToken.objects.exists()


def test_a_closed_account_gets_no_token(world):
    world.officer.is_active = False
    world.officer.save()
    with pytest.raises(CommandError, match="closed"):
        token("officer")
