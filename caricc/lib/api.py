"""The API's side of every question and every change: one viewset base, one serializer base.

A resource names its queryset, its question (FilterSet) and its serializer; rights, rows, filters, paging, versions
and exports are here once.
"""

import re
from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import routers, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import APIException, PermissionDenied, ValidationError
from rest_framework.response import Response
from rest_framework.utils.model_meta import get_field_info

from caricc.lib import export, lean, writes
from caricc.lib.api_shell import VersionMissing
from caricc.lib.fields import CountryField
from caricc.lib.filter_kinds import an_id
from caricc.lib.merged import record_that_stays
from caricc.lib.reading import from_standby
from caricc.lib.rights import may_delete


class Router(routers.SimpleRouter):
    """DRF's addresses, and `<resource>/export.csv|.xlsx|.jsonl`, which end like files: without a slash."""

    routes = [
        routers.Route(
            url=r"^{prefix}/export\.(?P<suffix>csv|xlsx|jsonl)$",
            mapping={"get": "export"},
            name="{basename}-export",
            detail=False,
            initkwargs={"pagination_class": None},
        ),
        *routers.SimpleRouter.routes,
    ]


class VisibleRelated(serializers.PrimaryKeyRelatedField):
    """Links by id to records that the caller may see: a hidden one is refused in the words for an absent one.

    The id of a record that went in a merge is taken for that of the one that stays.
    """

    def get_queryset(self):
        queryset = super().get_queryset()
        if queryset is not None and hasattr(queryset, "visible_to"):
            return queryset.visible_to(self.context["request"].user)
        return queryset

    def to_internal_value(self, data):
        if isinstance(data, bool) or not isinstance(data, (int, str)):
            self.fail("incorrect_type", data_type=type(data).__name__)
        try:
            pk = an_id(str(data))
        except DjangoValidationError:
            self.fail("does_not_exist", pk_value=str(data)[:60])
        rows = self.get_queryset()
        found = rows.filter(pk=pk).first() or record_that_stays(rows, pk)
        if found is None:
            self.fail("does_not_exist", pk_value=str(data)[:60])
        return found


class NameOf(serializers.Field):
    """The readable name beside a link."""

    def __init__(self, source_field: str, many: bool, **kwargs):
        self.source_field, self.many = source_field, many
        super().__init__(source="*", read_only=True, **kwargs)

    def to_representation(self, record):
        value = getattr(record, self.source_field)
        if self.many:
            return [str(row) for row in value.all()]
        return None if value is None else str(value)


class RecordSerializer(serializers.ModelSerializer):
    """Fields of one model; every link gets its `<field>_name`, every write goes through `caricc.lib.writes`.

    `parts` names nested lists that are written with the record: {field: related name}.
    """

    serializer_related_field = VisibleRelated
    parts: dict[str, str] = {}

    def get_fields(self):
        fields = super().get_fields()
        info = get_field_info(self.Meta.model)
        made = {}
        for name, field in fields.items():
            made[name] = field
            relation = info.relations.get(name)
            if relation is not None and name not in self.parts and not relation.reverse:
                made.setdefault(f"{name}_name", self.name_field(name, relation.to_many))
        return made

    def name_field(self, name, many):
        return NameOf(name, many)

    def build_standard_field(self, field_name, model_field):
        cls, kwargs = super().build_standard_field(field_name, model_field)
        if isinstance(model_field, CountryField):
            kwargs.pop("choices", None)
        return cls, kwargs

    def run_validation(self, data=serializers.empty):
        if data is not serializers.empty and isinstance(data, dict):
            unknown = set(data) - set(self.fields)
            if unknown and self.root is self:
                raise ValidationError({name: [_("There is no field of this name.")] for name in sorted(unknown)})
        return super().run_validation(data)

    def validate(self, attrs):
        whole = self.Meta.model.part_of
        if self.instance is not None and whole in attrs and attrs[whole] != getattr(self.instance, whole):
            raise ValidationError({whole: [_("A part stays with the record that it belongs to.")]})
        return attrs

    def save_to(self, change, expected: int | None):
        """Write what was validated within `change`; returns the record."""
        record: Any = self.instance or self.Meta.model()  # type: ignore[misc]
        data = dict(self.validated_data)
        parts = {name: data.pop(name) for name in self.parts if name in data}
        links = {f.name: data.pop(f.name) for f in record._meta.many_to_many if f.name in data}
        for name, value in data.items():
            setattr(record, name, value)
        change.save(record, expected=expected)
        for name, values in links.items():
            change.set(record, name, values)
        for name, rows in parts.items():
            self.save_parts(change, record, name, rows)
        if parts:
            record.settle(change)
        self.instance = record
        return record

    def save_parts(self, change, record, name, rows):
        """Make the parts be these: those with an id are changed, those without are new, those left out are deleted."""
        model = record._meta.get_field(name).related_model
        kept = {row.pk: row for row in model._base_manager.filter(**{model.part_of: record.pk})}
        named = {data["id"] for data in rows if data.get("id")}
        if named - set(kept):
            raise ValidationError({name: [_("“%(value)s” is not an id.") % {"value": min(named - set(kept))}]})
        for part in [part for pk, part in kept.items() if pk not in named]:
            if not may_delete(change.actor, part):
                raise PermissionDenied
            change.delete(part)
        for place, data in enumerate(rows):
            part = kept.get(data.pop("id", None)) or model(**{model.part_of: record})
            setattr(part, model.part_of, record)
            for key, value in data.items():
                setattr(part, key, value)
            if hasattr(part, "position"):
                part.position = place
            change.save(part)


class MergedAway(APIException):
    """Writing goes to the record that stays, whose version its writer must have read."""

    status_code = status.HTTP_409_CONFLICT

    def __init__(self, merged_into: int):
        self.merged_into = merged_into
        super().__init__(_("This record was merged into %(id)d: write to that one.") % {"id": merged_into}, "merged")


class Resource(viewsets.ModelViewSet):
    """List, retrieve, create, update, delete, ids and export of one model, each by the caller's rights."""

    list_serializer_class = None
    columns: export.Columns | None = None
    lookup_value_regex = "[^/.]+"
    http_method_names = ["get", "post", "put", "patch", "delete", "head", "options"]

    @property
    def act(self):
        return "export" if getattr(self, "action", "") == "export" else None

    def get_queryset(self):
        rows = self.queryset.all().visible_to(self.request.user)
        return rows if self.action in ("list", "ids", "export") else rows.for_detail(self.request.user)

    def widened(self, rows):
        """The rows of a page of the list with what its serializer tells of them."""
        return rows.values(*self.plan.columns) if self.plan else rows.for_list(self.request.user)

    @classmethod
    def planned(cls) -> lean.Plan | None:
        """How the list is made of values alone, where that is worth it."""
        return None

    def linked(self) -> dict[str, Any]:
        """{set of records that the plan names: those of them that the reader may see}."""
        return {}

    def list(self, request, *args, **kwargs):
        self.plan = self.planned()
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        if self.plan:
            return self.get_paginated_response(self.plan.rows(rows, self.linked()))
        return self.get_paginated_response(lean.rows_of(self.get_serializer(), rows))

    def get_serializer_class(self):
        if self.action == "list" and self.list_serializer_class is not None:
            return self.list_serializer_class
        return self.serializer_class

    def get_object(self):
        pk = self.kwargs["pk"]
        try:
            number = an_id(pk)
        except DjangoValidationError:
            raise Http404 from None
        rows = self.get_queryset()
        record = rows.filter(pk=number).first()
        if record is None:
            stays = record_that_stays(rows, number)
            raise MergedAway(stays.pk) if stays is not None else Http404
        self.check_object_permissions(self.request, record)
        return record

    def retrieve(self, request, *args, **kwargs):
        """The record; of one that went in a merge, the way to the one that stays."""
        try:
            return self._tell(self.get_object())
        except MergedAway as away:
            where = self.reverse_action("detail", args=[away.merged_into])
            headers = {"Location": where, "Cache-Control": "no-store"}
            return Response({"merged_into": away.merged_into}, status=status.HTTP_302_FOUND, headers=headers)

    def create(self, request, *args, **kwargs):
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        with writes.change(request.user, "api", self._why()) as change:
            record = serializer.save_to(change, None)
        return self._tell_again(record.pk, status.HTTP_201_CREATED)

    def update(self, request, *args, partial=False, **kwargs):
        record, expected = self.get_object(), self._expected()
        serializer = self.get_serializer(record, data=request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        with writes.change(request.user, "api", self._why()) as change:
            change.expect(record, expected)
            serializer.save_to(change, expected)
        return self._tell_again(record.pk, status.HTTP_200_OK)

    def destroy(self, request, *args, **kwargs):
        record, expected = self.get_object(), self._expected()
        with writes.change(request.user, "api", self._why()) as change:
            change.delete(record, expected=expected)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _tell_again(self, pk, code):
        """The record as it was saved; nothing of it where the writer made it invisible to themselves."""
        record = self.get_queryset().filter(pk=pk).first()
        return Response(status=status.HTTP_204_NO_CONTENT) if record is None else self._tell(record, code)

    def _tell(self, record, code=status.HTTP_200_OK):
        data = self.get_serializer(record).data
        return Response(data, status=code, headers={"ETag": f'"{record.root().version}"'})

    def _why(self) -> str:
        return self.request.headers.get("X-Reason", "")[:500]

    def _expected(self) -> int:
        sent = self.request.headers.get("If-Match", "").strip()
        if not sent:
            raise VersionMissing(_('Send the version that you read: If-Match: "<version>".'))
        match = re.fullmatch(r'(?:W/)?"(\d{1,9})"', sent)
        return int(match.group(1)) if match else 0

    @extend_schema(
        summary="Ids of all visible rows",
        responses={200: {"type": "array", "items": {"type": "integer"}}},
    )
    @action(detail=False, pagination_class=None)
    @from_standby
    def ids(self, request):
        rows = self.filter_queryset(self.get_queryset())
        return Response(list(rows.order_by("pk").values_list("pk", flat=True)))

    @extend_schema(
        summary="Every row of the question, as a file",
        parameters=[OpenApiParameter("suffix", str, OpenApiParameter.PATH, enum=["csv", "xlsx", "jsonl"])],
        responses={(200, "text/csv"): bytes},
    )
    @from_standby
    def export(self, request, suffix):
        rows = self.filter_queryset(self.get_queryset())
        return export.response(rows, self.columns, suffix, request.user, name=self.basename)
