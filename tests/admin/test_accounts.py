"""Accounts, roles and tokens: for administrators, and their changes are kept without values."""

import json

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from caricc.models import ApiToken, History, User
from tests.admin.typing import typed


@pytest.fixture
def admin(client, world):
    client.force_login(world.admin)
    return client


def test_an_account_is_made_and_given_a_role(admin, world):
    add = reverse("admin:caricc_user_add")
    fields = typed(admin.get(add), "user_form", username="n.imanova", first_name="Nadia", password1="quiet-word-77",
                   password2="quiet-word-77")  # fmt: skip
    assert admin.post(add, fields).status_code == 302
    user = User.objects.get(username="n.imanova")
    change = reverse("admin:caricc_user_change", args=[user.pk])
    role = Group.objects.get(name="officer")
    assert admin.post(change, typed(admin.get(change), "user_form", groups=[role.pk])).status_code == 302
    assert user.groups.get() == role
    rows = History.objects.filter(model="caricc.user", record_id=user.pk)
    assert {row.action for row in rows} == {"create", "change"}
    assert "quiet-word" not in json.dumps([row.changes for row in rows])
    assert "Entered" in admin.get(reverse("admin:caricc_user_history", args=[user.pk])).content.decode().title()


def test_an_account_is_made_inactive_but_never_deleted(admin, world):
    assert admin.post(reverse("admin:caricc_user_delete", args=[world.analyst.pk]), {"post": "yes"}).status_code == 403


def test_a_password_is_changed_without_being_kept(admin, world):
    address = reverse("admin:auth_user_password_change", args=[world.analyst.pk])
    admin.post(address, {"password1": "another-word-88", "password2": "another-word-88", "usable_password": "true"})
    world.analyst.refresh_from_db()
    assert world.analyst.check_password("another-word-88")
    assert "another-word" not in json.dumps(list(History.objects.values_list("changes", flat=True)))


def test_tokens_are_seen_and_revoked_but_not_made_here(admin, world):
    token, text = ApiToken.make(world.analyst, "read")
    page = admin.get(reverse("admin:caricc_apitoken_changelist"))
    assert token.prefix in page.content.decode()
    assert token.digest not in page.content.decode()
    admin.post(reverse("admin:caricc_apitoken_delete", args=[token.pk]), {"post": "yes"})
    assert ApiToken.find(text) is None


def test_nobody_else_comes_near_the_accounts(client, world):
    client.force_login(world.officer)
    for address in (
        reverse("admin:caricc_user_change", args=[world.officer.pk]), reverse("admin:caricc_user_changelist"),
        reverse("admin:auth_user_password_change", args=[world.admin.pk]), reverse("admin:caricc_apitoken_changelist"),
    ):  # fmt: skip
        assert client.get(address).status_code == 403
