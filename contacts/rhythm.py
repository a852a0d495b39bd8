"""Partners that have been silent for longer than was agreed, as one reader may know it.

A contact is an event held with the partner or with a body below it. A rhythm is agreed with a partner, or with a kind
of partner (`Rhythm`); the latter counts for bodies at the top of their tree. The clock runs from the last contact,
and where there was none from the day on which the partner was entered.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import EmptyResultSet
from django.db.models import Case, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from caricc.lib.days import today, written
from caricc.lib.periods import add_months
from caricc.lib.reading import connection
from contacts.choices import AS_FOR_KIND
from contacts.models import Organization, Rhythm


@dataclass(frozen=True)
class Standing:
    """How a partner stands to its rhythm. `agreed`: the rhythm is its own, not that of its kind."""

    organization: int
    kind: str
    months: int  # 0 where no contact is expected
    agreed: bool
    last: datetime.date | None
    next: datetime.date | None
    entered: datetime.date
    snoozed_until: datetime.date | None = None

    @property
    def since(self) -> datetime.date | None:
        """The day by which a contact is or was due; it is overdue from the next day on."""
        return add_months(self.last or self.entered, self.months) if self.months else None

    @property
    def is_overdue(self) -> bool:
        return self.since is not None and self.since < today()

    @property
    def is_snoozed(self) -> bool:
        return self.snoozed_until is not None and self.snoozed_until >= today()

    @property
    def is_silent(self) -> bool:
        return self.is_overdue and not self.is_snoozed

    @property
    def rhythm(self) -> str:
        """How often, and says who: every 3 months, as for embassies."""
        if self.months:
            often = every(self.months)
            return _("%(often)s, as agreed") % {"often": often} if self.agreed else f"{often}, {AS_FOR_KIND[self.kind]}"
        return _("none expected, as agreed") if self.agreed else _("not agreed")

    @property
    def why(self) -> str:
        """Why it is called silent, in one sentence."""
        words = {"due": written(self.since) if self.since else ""}
        if self.last:
            return _("Last met on %(last)s; the next contact was due by %(due)s.") % {
                **words, "last": written(self.last)
            }  # fmt: skip
        return _("Never met; entered on %(entered)s, and a contact was due by %(due)s.") % {
            **words, "entered": written(self.entered)
        }  # fmt: skip


def every(months: int) -> str:
    """A rhythm in words; whole years from two on are said as years."""
    if months == 1:
        return _("every month")
    if months == 12:
        return _("every year")
    if months % 12 == 0:
        return ngettext("every %(n)d year", "every %(n)d years", months // 12) % {"n": months // 12}
    return ngettext("every %(n)d month", "every %(n)d months", months) % {"n": months}


def in_question():
    """Partners of today, of which a rhythm may be asked, with it as `months`; null where there is none."""
    of_kind = Subquery(Rhythm._base_manager.filter(kind=OuterRef("kind")).values("months")[:1])
    at_the_top = Q(parent__isnull=True) | Q(parent__own=True)
    rows = Organization.objects.partners().current().filter(succeeded_by__isnull=True)
    return rows.annotate(months=Coalesce(F("rhythm"), Case(When(at_the_top, then=of_kind))))


def silences(user) -> list[Standing]:
    """All partners beyond their rhythm, the longest first, by the events that `user` may see. One query."""
    awake = Q(snoozed_until__isnull=True) | Q(snoozed_until__lt=today())
    found = [one for one in standings(user, in_question().filter(awake, months__gt=0)) if one.is_silent]
    return sorted(found, key=lambda one: (one.since, one.organization))


def standing(user, pk: int) -> Standing | None:
    """How one partner stands; None where no rhythm is asked of it: our own, those of old."""
    return next(iter(standings(user, in_question().filter(pk=pk))), None)


def standings(user, rows) -> list[Standing]:
    """How the partners of `rows` (of `in_question`) stand to their rhythm, for this reader. One query.

    When each body was last met stands in its tallies; what is restricted and what is planned is looked at one by one.
    """
    columns = rows.order_by().values_list("pk", "months", "rhythm", "created_at", "kind", "snoozed_until")
    try:
        roots, root_params = columns.query.sql_with_params()
        live = Q(status="held", restricted_in_effect=True) | Q(status="planned", end_date__gte=today())
        seen, event_params = _seen(user, "pk", "status", "start_date", "end_date", asked=live)
    except EmptyResultSet:
        return []
    body, delegation, tally = _tables()
    sql = (
        f"WITH RECURSIVE roots(id, months, rhythm, entered, kind, snoozed) AS ({roots}), "  # noqa: S608 - our own tables
        f"{_tree('SELECT id, id FROM roots', body)}, "
        f"seen(id, status, first, last) AS ({seen}), "
        f"met(body, last, next) AS (SELECT organization_id, MAX(latest), NULL FROM {tally} "
        "WHERE NOT below AND n > 0 AND organization_id IN (SELECT id FROM tree) GROUP BY organization_id "
        "UNION ALL SELECT d.organization_id, MAX(CASE WHEN seen.status = 'held' THEN seen.last END), "
        "MIN(CASE WHEN seen.status = 'planned' THEN seen.first END) "
        f"FROM {delegation} d JOIN seen ON seen.id = d.event_id WHERE d.organization_id IN (SELECT id FROM tree) "
        "GROUP BY d.organization_id), "
        "together(top, last, next) AS (SELECT tree.top, MAX(met.last), MIN(met.next) "
        "FROM tree JOIN met ON met.body = tree.id GROUP BY tree.top) "
        "SELECT roots.id, roots.months, roots.rhythm, roots.entered, roots.kind, roots.snoozed, together.last, "
        "together.next FROM roots LEFT JOIN together ON together.top = roots.id"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*root_params, *event_params])
        found = cursor.fetchall()
    return [
        Standing(pk, kind, months or 0, rhythm is not None, _day(last), _day(coming), _day_of(entered), _day(snoozed))
        for pk, months, rhythm, entered, kind, snoozed, last, coming in found
    ]


def contacts(user, found: Iterable[Standing]) -> dict[int, dict]:
    """{partner: its `last` and `next` event} of a few standings. One query."""
    at = {one.organization: one for one in found if one.last or one.next}
    if not at:
        return {}
    days = Q(status="held", end_date__in={one.last for one in at.values() if one.last})
    days |= Q(status="planned", start_date__in={one.next for one in at.values() if one.next})
    try:
        seen, params = _seen(user, "pk", "status", "title", "start_date", "end_date", "date_precision", asked=days)
    except EmptyResultSet:
        return {}
    body, delegation, _tally = _tables()
    marks = ", ".join(["%s"] * len(at))
    roots = f"SELECT id, id FROM {body} WHERE id IN ({marks})"  # noqa: S608 - our own tables
    events = _events()._base_manager.raw(
        f"WITH RECURSIVE {_tree(roots, body)}, "  # noqa: S608 - our own tables
        f"seen(id, status, title, start_date, end_date, date_precision) AS ({seen}) "
        f"SELECT DISTINCT tree.top, seen.* FROM seen JOIN {delegation} d ON d.event_id = seen.id "
        "JOIN tree ON tree.id = d.organization_id ORDER BY seen.id",
        [*at, *params],
    )
    made: dict[int, dict] = {pk: {} for pk in at}
    for event in events:
        one = at[event.top]
        if event.status == "held" and event.end_date == one.last:
            made[event.top].setdefault("last", event)
        elif event.status == "planned" and event.start_date == one.next and event.end_date >= today():
            made[event.top].setdefault("next", event)
    return made


def _events():
    return Organization._meta.get_field("delegations").related_model._meta.get_field("event").related_model


def _seen(user, *columns, asked=None):
    """The events held or planned that `user` may see, as SQL with its parameters."""
    rows = _events().objects.visible_to(user).filter(status__in=("held", "planned")).order_by()
    return (rows.filter(asked) if asked is not None else rows).values_list(*columns).query.sql_with_params()


def _tables() -> tuple[str, str, str]:
    """Those of bodies, of their delegations, and of the months in which they were met."""
    related = (Organization._meta.get_field(name).related_model for name in ("delegations", "tallies"))
    body, delegation, tally = (connection.ops.quote_name(m._meta.db_table) for m in (Organization, *related))
    return body, delegation, tally


def _tree(roots: str, body: str) -> str:
    return (
        f"tree(id, top) AS ({roots} UNION "  # noqa: S608 - our own tables
        f"SELECT child.id, tree.top FROM {body} child JOIN tree ON child.parent_id = tree.id)"
    )


def _day(value) -> datetime.date | None:
    return parse_date(value) if isinstance(value, str) else value


def _day_of(value) -> datetime.date:
    moment = parse_datetime(value) if isinstance(value, str) else value
    if timezone.is_naive(moment):
        moment = timezone.make_aware(moment, datetime.UTC)
    return timezone.localtime(moment).date()
