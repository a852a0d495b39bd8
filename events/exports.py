"""The columns of exported events and of what follows; those of events are the contract's."""

from django.db.models import BooleanField, Case, CharField, F, Q, Value, When
from django.db.models.functions import Concat

from caricc.lib.days import today
from caricc.lib.export import Columns, Counted, Gathered, Label, StateName, joined
from contacts.exports import short
from events import models
from events.choices import CaseRole, CommitmentStatus, Direction, Group


def party(organization, path: str = "", group: str = "group", country: str = "country"):
    """What a delegation is called: its organization, else its group (with its state), else its state."""
    there = Q(**{f"{path}organization__isnull": False})
    told = joined(", ", Label(F(path + group), Group.choices), StateName(F(path + country)))
    return Case(When(there, then=organization), default=told, output_field=CharField())


def _side(name: str):
    told = joined(", ", Label(F(f"{name}_group"), Group.choices), StateName(F(f"{name}_country")))
    return Case(When(**{f"{name}__isnull": False}, then=short(f"{name}__")), default=told, output_field=CharField())


def _shown(path: str = ""):
    """The name of a delegate: the person's, else as told; null where there is no delegate."""
    return Case(
        When(**{f"{path}person__isnull": False}, then=F(f"{path}person__name")),
        default=F(f"{path}name"),
        output_field=CharField(),
    )


def _delegations(user):
    return models.Delegation._base_manager.order_by("position", "id")


def _delegates(user):
    return models.Delegate._base_manager.order_by("position", "created_at", "id")


def _delegates_by_delegation(user):
    return models.Delegate._base_manager.order_by(
        "delegation__position", "delegation_id", "position", "created_at", "id"
    )


def _cases(user):
    """Links of events to the cases that the reader may see."""
    rows = models.Event.cases.through._base_manager.filter(case__in=models.Case.objects.visible_to(user).values("pk"))
    return rows.order_by(F("case__opened_on").desc(nulls_last=True), "case__title", "case_id")


def _named(through, to: str):
    """Links to rows that are ordered by their names."""
    return lambda user: through._base_manager.order_by(f"{to}__name", f"{to}_id")


def _overdue():
    late = When(status=CommitmentStatus.OPEN, due_date__lt=today(), then=Value(True))
    return Case(late, default=Value(False), output_field=BooleanField())


TOPIC_COLUMNS: Columns = {
    "id": "id",
    "name": "name",
    "name_ru": "name_ru",
    "archived": "archived",
    "updated_at": "updated_at",
}
EVENT_COLUMNS: Columns = {
    "id": "id",
    "kind": "kind",
    "title": "title",
    "start_date": "start_date",
    "end_date": "end_date",
    "format": "format",
    "status": "status",
    "city": "city",
    "country": "country",
    "venue": "venue",
    "parent": "parent_id",
    "partners": Gathered(
        _delegations,
        "event",
        Case(When(organization__own=True, then=None), default=party(F("organization__name")), output_field=CharField()),
    ),
    "states": Gathered(_delegations, "event", ("country", "organization__country"), distinct=True),
    "delegates": Gathered(_delegates_by_delegation, "delegation__event", _shown()),
    "outcomes": Gathered(
        lambda user: models.Outcome._base_manager.order_by("position", "created_at", "id"), "event", "title"
    ),
    "cases": Gathered(_cases, "event", Concat("case__number", Value(" "), "case__title", output_field=CharField())),
    "topics": Gathered(_named(models.Event.topics.through, "topic"), "event", "topic__name"),
    "summary": "summary",
    "visibility": "visibility",
    "updated_at": "updated_at",
}
DELEGATION_COLUMNS: Columns = {
    "id": "id",
    "event": "event_id",
    "event_title": "event__title",
    "start_date": "event__start_date",
    "organization": "organization_id",
    "organization_name": "organization__name",
    "country": "country",
    "group": "group",
    "role": "role",
    "label": "label",
    "headcount": "headcount",
    "headcount_at_least": "headcount_at_least",
    "attendance": "attendance",
    "delegates": Gathered(_delegates, "delegation", _shown()),
}
OUTCOME_COLUMNS: Columns = {
    "id": "id",
    "event": "event_id",
    "event_title": "event__title",
    "kind": "kind",
    "title": "title",
    "text": "text",
    "day": "day",
    "by_delegation": Case(
        When(by_delegation__isnull=False, then=party(short("by_delegation__organization__"), "by_delegation__")),
        output_field=CharField(),
    ),
    "by_delegate": _shown("by_delegate__"),
    "parties": Gathered(_named(models.Outcome.parties.through, "organization"), "outcome", "organization__name"),
    "topics": Gathered(_named(models.Outcome.topics.through, "topic"), "outcome", "topic__name"),
    "lines": "lines",
    "done_on": "done_on",
}
COMMITMENT_COLUMNS: Columns = {
    "id": "id",
    "title": "title",
    "text": "text",
    "direction": Case(
        When(debtor__own=True, then=Value(Direction.OURS.value)),
        When(creditor__own=True, then=Value(Direction.THEIRS.value)),
        default=Value(""),
        output_field=CharField(),
    ),
    "debtor": _side("debtor"),
    "creditor": _side("creditor"),
    "due_date": "due_date",
    "first_due_date": "first_due_date",
    "overdue": _overdue,
    "status": "status",
    "closed_on": "closed_on",
    "responsible": "responsible__name",
    "event": "event_id",
    "event_title": "event__title",
    "case": Case(
        When(case__isnull=False, then=Concat("case__number", Value(" "), "case__title", output_field=CharField())),
        output_field=CharField(),
    ),
    "shifts": Counted(lambda user: models.CommitmentShift._base_manager.order_by("id"), "commitment"),
    "proof": "proof",
    "note": "note",
    "updated_at": "updated_at",
}
CASE_COLUMNS: Columns = {
    "id": "id",
    "number": "number",
    "title": "title",
    "aliases": Gathered(lambda user: models.CaseAlias._base_manager.order_by("created_at", "id"), "case", "name"),
    "status": "status",
    "lead": "lead__name",
    "partners": Gathered(
        lambda user: models.CasePartner._base_manager.order_by("role", "id"),
        "case",
        Concat(
            short("organization__"),
            Value(" ("),
            Label(F("role"), CaseRole.choices),
            Value(")"),
            output_field=CharField(),
        ),
    ),
    "opened_on": "opened_on",
    "closed_on": "closed_on",
    "next_step": "next_step",
    "next_step_on": "next_step_on",
    "summary": "summary",
    "visibility": "visibility",
    "updated_at": "updated_at",
}
