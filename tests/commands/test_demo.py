import stat
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from caricc.lib import writes
from caricc.models import History, User
from contacts.models import Rhythm

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def trying_out(settings, tmp_path, monkeypatch):
    settings.DEBUG, settings.VAR_DIR = True, tmp_path
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)


def demo(**options) -> str:
    out = StringIO()
    call_command("demo", stdout=out, **options)
    return out.getvalue()


def test_it_makes_one_account_of_each_role():
    demo()
    roles = {user.username: list(user.groups.values_list("name", flat=True)) for user in User.objects.all()}
    assert roles == {
        "admin": [],
        "officer": ["officer"],
        "manager": ["manager"],
        "analyst": ["analyst"],
        "newcomer": [],
    }
    assert [user.username for user in User.objects.filter(is_superuser=True)] == ["admin"]


def test_the_password_is_the_one_given(monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", "a-given-word")
    assert "a-given-word" not in demo()
    assert User.objects.get(username="officer").check_password("a-given-word")


def test_a_random_password_is_told_and_kept_for_its_owner_alone(tmp_path):
    told, kept = demo(), tmp_path / "demo-password"
    password = kept.read_text().strip()
    assert password in told
    assert len(password) >= 16
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert User.objects.get(username="admin").check_password(password)


def test_a_second_run_keeps_passwords_and_makes_what_is_missing(monkeypatch):
    demo()
    officer = User.objects.get(username="officer")
    officer.set_password("one of my own")
    officer.save()
    User.objects.get(username="analyst").delete()
    monkeypatch.setenv("DEMO_PASSWORD", "another-word")
    told = demo()
    assert "made: analyst." in told
    assert User.objects.get(username="officer").check_password("one of my own")
    assert User.objects.get(username="analyst").check_password("another-word")
    assert not User.objects.get(username="admin").check_password("another-word")


def test_it_tells_the_kept_password_again_but_never_a_wrong_one(tmp_path):
    demo()
    password = (tmp_path / "demo-password").read_text().strip()
    assert f"Password of all of them: {password}" in demo()
    for user in User.objects.all():
        user.set_password("changed")
        user.save()
    assert password not in demo()


def test_a_dry_run_makes_nothing():
    assert "Would make: admin, officer" in demo(dry_run=True)
    assert not User.objects.exists()


def test_it_refuses_where_people_work(settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="DEBUG is off"):
        demo()
    assert not User.objects.exists()


def test_it_makes_rhythms_so_that_silent_partners_are_seen():
    assert "Would make the rhythms" in demo(dry_run=True)
    assert not Rhythm.objects.exists()
    assert "Rhythms of 4 kinds" in demo()
    assert dict(Rhythm.objects.values_list("kind", "months")) == {
        "embassy": 3, "un": 6, "ministry": 6, "law_enforcement": 6
    }  # fmt: skip
    assert History.objects.filter(model="contacts.rhythm", action="create", door="command").count() == 4


def test_it_makes_no_rhythm_where_one_is_kept():
    with writes.change(None, "command") as change:
        change.save(Rhythm(kind="fiu", months=1))
    assert "Rhythms" not in demo()
    assert list(Rhythm.objects.values_list("kind", "months")) == [("fiu", 1)]
