"""Twin worlds: the same database with and without the rows that somebody may not see."""

import re

from django.test import Client

from caricc.lib import writes
from caricc.models import History, SavedView
from events.models import Case, Commitment, Event, Source

TOKEN = re.compile(rb'(csrfmiddlewaretoken" value="|"X-CSRFToken": "|csrf-token" content=")[A-Za-z0-9]+')
LEFT_OUT = {"Set-Cookie", "Date"}
LINKS = {"cases": Case, "event": Event, "case": Case, "parent": Event, "source": Source, "linked": Case}


def fetch(client: Client, path: str):
    """Status, headers and body, without what differs between any two requests."""
    answer = client.get(path)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    headers = {name: value for name, value in answer.headers.items() if name not in LEFT_OUT}
    if TOKEN.search(body):
        body = TOKEN.sub(b"", body)
        headers.pop("Content-Length", None)
    return answer.status_code, headers, body


def take_away_what_is_hidden_from(user) -> int:
    """Leave the database as if the rows that `user` may not see had never been there. Returns how many went."""
    hidden = {
        model: list(model._base_manager.exclude(pk__in=model.objects.visible_to(user).values("pk")))
        for model in (SavedView, Commitment, Event, Case, Source)
    }
    kept = {model: list(model._base_manager.values_list("pk", "version", "updated_at")) for model in hidden}
    last = History.objects.order_by("id").last().id
    with writes.change(None, "command") as change:
        for model, rows in hidden.items():
            for row in sorted(rows, key=lambda row: getattr(row, "parent_id", None) is None):
                if model._base_manager.filter(pk=row.pk).exists():
                    change.delete(row)
    for model, rows in kept.items():  # what never was linked was never unlinked
        for pk, version, updated_at in rows:
            model._base_manager.filter(pk=pk).update(version=version, updated_at=updated_at)
    History.objects.filter(id__gt=last).delete()
    for model, rows in hidden.items():
        gone = {row.pk for row in rows}
        History.objects.filter(root_model=model._meta.label_lower, root_id__in=gone).delete()
        _forget_links(model, gone)
    return sum(map(len, hidden.values()))


def _forget_links(model, gone: set[int]) -> None:
    for row in History.objects.all():
        changes = {}
        for name, (old, new) in row.changes.items() if row.action != "load" else ():
            if LINKS.get(name) is model and isinstance(new, list):
                old, new = [pk for pk in old if pk not in gone], [pk for pk in new if pk not in gone]
            if old != new:
                changes[name] = [old, new]
        if changes != row.changes and row.action == "change":
            History.objects.filter(pk=row.pk).update(changes=changes) if changes else row.delete()
