"""Partners that have been silent for longer than was agreed, as one reader may know it.

A contact is an event held with the partner or with a body below it. A rhythm is agreed with a partner, or with a kind
of partner (`Rhythm`); the latter counts for bodies at the top of their tree. The clock runs from the last contact,
and where there was none from the day on which the partner was entered.
"""

import datetime
from dataclasses import dataclass

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from caricc.lib.days import today
from caricc.lib.periods import add_months
from contacts.models import Organization, Rhythm


@dataclass(frozen=True)
class Silence:
    """A partner beyond its rhythm. `since`: the first day on which a contact was due; `agreed`: with it, not its kind."""

    organization: int
    months: int
    agreed: bool
    last: datetime.date | None
    next: datetime.date | None
    entered: datetime.date
    since: datetime.date


def with_rhythm():
    """Partners with a rhythm of their own or of their kind, as `months`; those of old and the snoozed ones are left out."""
    of_kind = Rhythm._base_manager.filter(kind=OuterRef("kind")).values("months")[:1]
    at_the_top = Q(parent__isnull=True) | Q(parent__own=True)
    rows = Organization.objects.partners().current().filter(succeeded_by__isnull=True)
    rows = rows.filter(Q(snoozed_until__isnull=True) | Q(snoozed_until__lt=today()))
    rows = rows.filter(Q(rhythm__isnull=False) | (at_the_top & Q(kind__in=Rhythm._base_manager.values("kind"))))
    return rows.annotate(months=Coalesce("rhythm", Subquery(of_kind))).filter(months__gt=0)


def silences(user) -> list[Silence]:
    """All partners beyond their rhythm, the longest first, by the events that `user` may see. One query."""
    events = Organization._meta.get_field("delegations").related_model._meta.get_field("event").related_model
    seen = events.objects.visible_to(user).filter(status__in=("held", "planned")).order_by()
    columns = with_rhythm().order_by().values_list("pk", "months", "rhythm", "created_at")
    try:
        roots, root_params = columns.query.sql_with_params()
        visible, event_params = seen.values_list("pk", "status", "start_date", "end_date").query.sql_with_params()
    except EmptyResultSet:
        return []
    body, delegation = (
        connection.ops.quote_name(model._meta.db_table)
        for model in (Organization, Organization._meta.get_field("delegations").related_model)
    )
    now = today()
    sql = (
        f"WITH RECURSIVE roots(id, months, rhythm, entered) AS ({roots}), "  # noqa: S608 - our own tables
        "tree(id, top) AS (SELECT id, id FROM roots UNION "
        f"SELECT child.id, tree.top FROM {body} child JOIN tree ON child.parent_id = tree.id), "
        f"seen(id, status, first, last) AS ({visible}), "
        "met(top, last, next) AS (SELECT tree.top, MAX(CASE WHEN seen.status = 'held' THEN seen.last END), "
        "MIN(CASE WHEN seen.status = 'planned' AND seen.last >= %s THEN seen.first END) "
        f"FROM tree JOIN {delegation} d ON d.organization_id = tree.id JOIN seen ON seen.id = d.event_id GROUP BY tree.top) "
        "SELECT roots.id, roots.months, roots.rhythm, roots.entered, met.last, met.next "
        "FROM roots LEFT JOIN met ON met.top = roots.id"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*root_params, *event_params, connection.ops.adapt_datefield_value(now)])
        rows = cursor.fetchall()
    found = []
    for pk, months, rhythm, entered_at, last_met, next_met in rows:
        last, coming, entered = _day(last_met), _day(next_met), _day_of(entered_at)
        since = add_months(last or entered, months)
        if since < now:
            found.append(Silence(pk, months, rhythm is not None, last, coming, entered, since))
    return sorted(found, key=lambda one: (one.since, one.organization))


def _day(value) -> datetime.date | None:
    return parse_date(value) if isinstance(value, str) else value


def _day_of(value) -> datetime.date:
    moment = parse_datetime(value) if isinstance(value, str) else value
    if timezone.is_naive(moment):
        moment = timezone.make_aware(moment, datetime.UTC)
    return timezone.localtime(moment).date()
