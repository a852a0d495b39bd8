"""Events and what follows over the API."""

from functools import cache

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from caricc.lib import lean
from caricc.lib.api import RecordSerializer, Resource
from caricc.lib.by_ids import ByIds
from caricc.lib.days import today
from events import exports, filters, models
from events.choices import EventStatus
from events.models.delegation import without_body


class TopicSerializer(RecordSerializer):
    class Meta:
        model = models.Topic
        fields = ("id", "name", "name_ru", "archived", "updated_at", "version")
        read_only_fields = ("version", "updated_at")


class Topics(Resource):
    queryset = models.Topic.objects.all()
    serializer_class = TopicSerializer
    filterset_class = filters.TopicQuestion
    columns = exports.TOPIC_COLUMNS


class DelegateSerializer(RecordSerializer):
    id = serializers.IntegerField(required=False)

    class Meta:
        model = models.Delegate
        fields = ("id", "person", "name", "role", "title", "rank", "unit", "attendance")

    def get_fields(self):
        fields = super().get_fields()
        fields.pop("person_name")
        return fields

    def to_representation(self, instance):
        return {**super().to_representation(instance), "name": instance.shown_name}

    def validate(self, attrs):
        if not attrs.get("person") and not attrs.get("name"):
            raise serializers.ValidationError({"person": [_("Name a person, or say in words who it was.")]})
        if attrs.get("person") and attrs.get("name") == attrs["person"].name:
            attrs["name"] = ""  # as it was read, where it is the name of the person
        return attrs


class DelegationSerializer(RecordSerializer):
    delegates = DelegateSerializer(many=True, required=False)
    own = serializers.BooleanField(read_only=True)
    parts = {"delegates": "delegates"}

    class Meta:
        model = models.Delegation
        fields = (
            "id", "event", "organization", "country", "group", "role", "label", "headcount", "headcount_at_least",
            "attendance", "own", "delegates",
        )  # fmt: skip


class Delegations(Resource):
    queryset = models.Delegation.objects.all()
    serializer_class = DelegationSerializer
    filterset_class = filters.DelegationQuestion
    columns = exports.DELEGATION_COLUMNS


class OutcomeSerializer(RecordSerializer):
    class Meta:
        model = models.Outcome
        fields = (
            "id", "event", "kind", "title", "text", "day", "by_delegation", "by_delegate", "parties", "topics", "lines",
            "done_on", "done_note",
        )  # fmt: skip


class Outcomes(Resource):
    queryset = models.Outcome.objects.all()
    serializer_class = OutcomeSerializer
    filterset_class = filters.OutcomeQuestion
    columns = exports.OUTCOME_COLUMNS


class CommitmentShiftSerializer(RecordSerializer):
    class Meta:
        model = models.CommitmentShift
        fields = ("before", "after", "day", "reason")


class CommitmentSerializer(RecordSerializer):
    shifts = CommitmentShiftSerializer(
        many=True, read_only=True, help_text="How the due date was moved; the reason is that of the header X-Reason."
    )
    direction = serializers.CharField(read_only=True, help_text="`ours`, `theirs` or empty; computed.")
    overdue = serializers.BooleanField(source="is_overdue", read_only=True)
    debtor_name = serializers.CharField(read_only=True)
    creditor_name = serializers.CharField(read_only=True)

    class Meta:
        model = models.Commitment
        fields = (
            "id", "title", "text", "event", "case", "debtor", "debtor_name", "debtor_country", "debtor_group", "creditor",
            "creditor_name", "creditor_country", "creditor_group", "due_date", "first_due_date", "responsible", "status",
            "closed_on", "proof", "note", "shifts", "direction", "overdue", "updated_at", "version",
        )  # fmt: skip
        read_only_fields = ("version", "updated_at", "first_due_date")


class Commitments(Resource):
    queryset = models.Commitment.objects.all()
    serializer_class = CommitmentSerializer
    filterset_class = filters.CommitmentQuestion
    columns = exports.COMMITMENT_COLUMNS


class CaseAliasSerializer(RecordSerializer):
    id = serializers.IntegerField(required=False)

    class Meta:
        model = models.CaseAlias
        fields = ("id", "name", "language")


class CasePartnerSerializer(RecordSerializer):
    id = serializers.IntegerField(required=False)

    class Meta:
        model = models.CasePartner
        fields = ("id", "organization", "role")


class CaseNoteSerializer(RecordSerializer):
    id = serializers.IntegerField(required=False)

    class Meta:
        model = models.CaseNote
        fields = ("id", "day", "kind", "text")


CASE_FIELDS = (
    "id", "number", "title", "summary", "status", "lead", "opened_on", "closed_on", "next_step", "next_step_on",
    "aliases", "partners", "owner", "visibility", "updated_at", "version",
)  # fmt: skip


class CaseListSerializer(RecordSerializer):
    aliases = CaseAliasSerializer(many=True, required=False)
    partners = CasePartnerSerializer(many=True, required=False)

    class Meta:
        model = models.Case
        fields = CASE_FIELDS
        read_only_fields = ("number", "version", "updated_at")


class CaseSerializer(CaseListSerializer):
    notes = CaseNoteSerializer(many=True, required=False)
    parts = {"aliases": "aliases", "partners": "partners", "notes": "notes"}

    class Meta(CaseListSerializer.Meta):
        fields = (*CASE_FIELDS, "linked", "notes", "readers", "reader_groups")


class Cases(Resource):
    queryset = models.Case.objects.all()
    serializer_class = CaseSerializer
    list_serializer_class = CaseListSerializer
    filterset_class = filters.CaseQuestion
    columns = exports.CASE_COLUMNS


@extend_schema_field(
    {
        "type": "array",
        "readOnly": True,
        "items": {
            "type": "object",
            "properties": {
                "id": {"type": "integer", "nullable": True},
                "name": {"type": "string"},
                "short_name": {"type": "string"},
                "country": {"type": "string"},
                "group": {"type": "string"},
                "role": {"type": "string"},
                "own": {"type": "boolean"},
            },
        },
    }
)
class PartnersField(serializers.Field):
    """One element a delegation: `{"id", "name", "short_name", "country", "group", "role", "own"}`."""

    def __init__(self, **kwargs):
        super().__init__(source="delegations", read_only=True, **kwargs)

    def to_representation(self, delegations):
        return [
            {
                "id": row.organization_id,
                "name": row.organization.name if row.organization_id else row.name,
                "short_name": row.organization.short_name if row.organization_id else "",
                "country": row.country or (row.organization.country if row.organization_id else ""),
                "group": row.group,
                "role": row.role,
                "own": row.own,
            }
            for row in delegations.all()
        ]


EVENT_FIELDS = (
    "id", "kind", "title", "start_date", "end_date", "date_precision", "start_time", "end_time", "time_zone", "format",
    "status", "city", "country", "venue", "parent", "summary", "language", "visibility", "topics", "cases", "partners",
    "updated_at", "version",
)  # fmt: skip


class EventListSerializer(RecordSerializer):
    partners = PartnersField()

    def validate(self, attrs):
        attrs = super().validate(attrs)
        if self.instance is None and "status" not in attrs and attrs["start_date"] > today():
            attrs["status"] = EventStatus.PLANNED
        return attrs

    class Meta:
        model = models.Event
        fields = EVENT_FIELDS
        read_only_fields = ("version", "updated_at")
        extra_kwargs = {"end_date": {"required": False}}


class SourceSerializer(RecordSerializer):
    class Meta:
        model = models.Source
        fields = ("id", "title", "address", "language", "published")


class EventSerializer(EventListSerializer):
    delegations = DelegationSerializer(many=True, read_only=True)
    outcomes = OutcomeSerializer(many=True, read_only=True)
    source_detail = SourceSerializer(source="source", read_only=True)
    commitments = serializers.SerializerMethodField()
    children = serializers.SerializerMethodField()

    class Meta(EventListSerializer.Meta):
        fields = (
            *EVENT_FIELDS, "delegations", "outcomes", "commitments", "children", "source", "source_detail", "reported_participants",
            "reported_countries", "reported_organizations", "reported_at_least", "owner", "readers", "reader_groups",
        )  # fmt: skip

    @extend_schema_field(CommitmentSerializer(many=True))
    def get_commitments(self, event):
        rows = event.commitments.visible_to(self.context["request"].user).for_list(self.context["request"].user)
        return CommitmentSerializer(rows, many=True, context=self.context).data

    def get_children(self, event) -> list[int]:
        return list(
            event.children.visible_to(self.context["request"].user)
            .order_by("start_date", "id")
            .values_list("pk", flat=True)
        )


BODY = ("organization", *(f"organization__{name}" for name in ("name", "short_name", "country", "own")))
DELEGATIONS = ByIds(
    models.Delegation,
    lambda events: (
        models.Delegation._base_manager.filter(event__in=events)
        .order_by("position", "id")
        .values_list("event", *BODY, "country", "group", "role")
    ),
)
TOPICS = ByIds(
    models.Topic,
    lambda events: models.Topic.objects.filter(events__in=events).values_list("events", "pk", "name"),
)


def partners_at(event_ids: list[int]) -> dict[int, list[dict]]:
    """{event: what `PartnersField` makes of its delegations}, of values alone."""
    found: dict[int, list[dict]] = {}
    called: dict[tuple[str, str], str] = {}
    for event, pk, name, short_name, of_body, own, country, group, role in DELEGATIONS.rows(event_ids):
        if not pk and (group, country) not in called:
            called[group, country] = without_body(group, country)
        partner = {
            "id": pk,
            "name": name if pk else called[group, country],
            "short_name": short_name or "",
            "country": country or of_body or "",
            "group": group,
            "role": role,
            "own": bool(own),
        }
        found.setdefault(event, []).append(partner)
    return found


class Events(Resource):
    queryset = models.Event.objects.all()
    serializer_class = EventSerializer
    list_serializer_class = EventListSerializer
    filterset_class = filters.EventQuestion
    columns = exports.EVENT_COLUMNS

    @classmethod
    @cache
    def planned(cls):
        return lean.Plan(EventListSerializer(), ("topics", "cases"), {"partners": partners_at})

    def linked(self):
        return {"topics": TOPICS, "cases": models.Case.objects.visible_to(self.request.user)}
