"""Who asks: an officer with restricted rows about, a few of them their own, a few that name them, most neither."""

from functools import cache

from django.contrib.auth.models import Group
from django.test import Client

from caricc.lib import writes
from caricc.models import ApiToken, User
from events.models import Event

NAME, OWN, NAMED = "bench", 30, 60


@cache
def reader() -> User:
    user, _made = User.objects.get_or_create(username=NAME, defaults={"is_staff": True})
    if not user.is_staff:
        user.is_staff = True
        user.save()
    user.groups.set(Group.objects.filter(name="officer"))
    return User.objects.get(pk=user.pk)


@cache
def browser() -> Client:
    """Signed in, with all that a request passes through."""
    client = Client(raise_request_exception=True)
    client.force_login(reader())
    return client


def token() -> str:
    ApiToken.objects.filter(user=reader()).delete()
    return ApiToken.make(reader(), ApiToken.Scope.EXPORT, days=1)[1]


def with_restricted_rows() -> None:
    """Makes the reader owner of some restricted events and names them on some others."""
    user, rows = reader(), Event._base_manager.filter(visibility="restricted", parent=None)
    own, named = rows.filter(owner=user).count(), rows.filter(readers=user).count()
    others = rows.exclude(owner=user).exclude(readers=user).order_by("id")[: max(OWN - own, 0) + max(NAMED - named, 0)]
    for place, event in enumerate(list(others)):
        with writes.change(None, "synthesize", "rows to measure with") as change:
            if place < OWN - own:
                event.owner = user
                change.save(event)
            else:
                change.set(event, "readers", [*event.readers.all(), user])
