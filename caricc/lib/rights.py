"""Which acts are whose: Django's model permissions, given by role (Group). Rows are another matter: visibility.py."""

import datetime

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.db.models import Aggregate, Q, TextField, Value
from django.db.models.functions import Concat
from django.utils import timezone
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.permissions import BasePermission

from caricc.lib.visibility import may

ACTS = {
    "GET": "view", "HEAD": "view", "OPTIONS": "view",
    "POST": "add", "PUT": "change", "PATCH": "change", "DELETE": "delete",
}  # fmt: skip
SCOPES = ("read", "export", "write")
DELETE_WITHIN = datetime.timedelta(days=1)

ALL = ("view", "add", "change", "delete", "export")
READERS = ("view", "export")
MANAGED = ("commitment", "commitmentshift", "case", "casenote", "casealias", "casepartner", "savedview")


def role_table(models) -> dict[str, set[str]]:
    """Permission codes of each role for the given record models. The administrator is no role but a superuser."""
    table: dict[str, set[str]] = {
        "analyst": set(),
        "manager": {"use_admin"},
        "officer": {"use_admin"},
    }
    for model in models:
        name = model._meta.model_name
        table["analyst"] |= {f"{act}_{name}" for act in READERS}
        table["manager"] |= {f"{act}_{name}" for act in READERS}
        if name in MANAGED:
            table["manager"] |= {f"add_{name}", f"change_{name}"}
        table["officer"] |= {f"{act}_{name}" for act in ALL}
    return table


def may_delete(user, record) -> bool:
    """Administrators any record; others only their own, within a day of having entered it. Parts go with the whole."""
    if not may(user, "delete", type(record)):
        return False
    if user.is_superuser:
        return True
    if record.part_of:
        return may(user, "change", type(record.root()))
    young = timezone.now() - record.created_at <= DELETE_WITHIN
    return record.created_by_id == user.pk and young


def scope_allows(token, act: str) -> bool:
    """Whether the scope of an API token covers an act; a signed-in session (no token) covers what its user may do."""
    if token is None:
        return True
    needed = {"view": "read", "export": "export"}.get(act, "write")
    return SCOPES.index(token.scope) >= SCOPES.index(needed)


class Joined(Aggregate):
    """Texts in one, with spaces between them."""

    function = "STRING_AGG"
    template = "%(function)s(%(distinct)s%(expressions)s, ' ')"
    output_field = TextField()

    def as_sqlite(self, compiler, connection, **extra):
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **extra)


class RoleBackend(ModelBackend):
    """Signs in by password; rights come from roles, read once a request, along with the account."""

    def get_user(self, user_id):
        link = "groups__permissions"
        right = Concat(f"{link}__content_type__app_label", Value("."), f"{link}__codename")
        rows = get_user_model()._default_manager.annotate(rights=Joined(right, filter=Q(**{f"{link}__isnull": False})))
        user = rows.filter(pk=user_id).first()
        if user is None or not self.user_can_authenticate(user):
            return None
        if not user.is_superuser:
            user._group_perm_cache = set((user.rights or "").split())
        return user

    def _get_user_permissions(self, user_obj):
        return Permission.objects.none()


class ModelRights(BasePermission):
    """The right to the model, asked before any row; then, for deleting, the age and author of the row."""

    def has_permission(self, request, view):
        if not request.user or not request.user.is_authenticated:
            return False
        queryset = getattr(view, "queryset", None)
        if queryset is None:
            return True
        act = getattr(view, "act", None) or ACTS.get(request.method)
        if act is None:
            raise MethodNotAllowed(request.method)
        model = queryset.model
        return may(request.user, "view", model) and may(request.user, act, model) and scope_allows(request.auth, act)

    def has_object_permission(self, request, view, obj):
        return request.method != "DELETE" or may_delete(request.user, obj)
