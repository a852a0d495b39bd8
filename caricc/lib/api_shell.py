"""What the API does around every view: rights aside, how it reads a question, pages rows, and words its refusals."""

import json

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db.models.deletion import ProtectedError, RestrictedError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, ParseError, ValidationError
from rest_framework.filters import BaseFilterBackend
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.parsers import JSONParser
from rest_framework.response import Response

from caricc.lib import writes
from caricc.lib.filter_kinds import ChoicesFilter, DayFilter, ManyFilter, YesNoFilter
from caricc.lib.keyset import Stretch


class VersionMissing(APIException):
    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_code = "version_missing"
    default_detail = _('Send the version that you read: If-Match: "<version>".')


def answer(error, context):
    """DRF's answers, and those to what the write path refuses."""
    from rest_framework.views import exception_handler  # views read the settings that name this function

    if isinstance(error, writes.Conflict):
        view = context["view"]
        current = None
        if error.record is not None:
            current = view.get_queryset().filter(pk=view.kwargs.get("pk")).first()
        if current is None:
            return exception_handler(Http404(), context)
        body = {"detail": _("Changed meanwhile."), "current": view.get_serializer(current).data}
        return Response(body, status=412, headers={"ETag": f'"{current.root().version}"'})
    if isinstance(error, (ProtectedError, RestrictedError)):
        return Response({"detail": _("Other records refer to this one; archive it instead.")}, status=409)
    if isinstance(error, DjangoValidationError):
        error = ValidationError(detail=serializers.as_serializer_error(error))
    if isinstance(error, RecursionError):
        error = ParseError(_("This JSON is nested too deeply."))
    return exception_handler(error, context)


class WholeTextParser(JSONParser):
    """JSON whose strings are whole characters: half of one (a lone surrogate) can be neither kept nor answered."""

    def parse(self, stream, media_type=None, parser_context=None):
        data = super().parse(stream, media_type, parser_context)
        try:
            json.dumps(data, ensure_ascii=False).encode()
        except (UnicodeEncodeError, RecursionError) as error:
            raise ParseError from error
        return data


class JSONAlways(DefaultContentNegotiation):
    """JSON for whatever is accepted; exports decide by their suffix."""

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class Pages(LimitOffsetPagination):
    """Pages by `limit` and `offset`, whose links go on from a place among the rows (`cursor`) where their order knows one."""

    default_limit, max_limit = 50, 500

    def get_count(self, queryset):
        return queryset.order_by().count()

    def paginate_queryset(self, queryset, request, view=None):
        self.request = request
        self.limit, self.offset = self.get_limit(request), self.get_offset(request)
        self.count, place = None, view.question.place
        start = 0 if place else self.offset
        self.stretch = Stretch(queryset, self.limit, view.widened, place, start, in_one=bool(view.plan))
        rows, counting = self.stretch.rows, request.query_params.get("count", "").lower() != "false"
        if counting:
            told = place is None and not self.stretch.more_after and (rows or not start)
            self.count = start + len(rows) if told else self.get_count(queryset)
        return rows

    def get_next_link(self):
        return self._link(self.offset + self.limit, self.stretch.after) if self.stretch.more_after else None

    def get_previous_link(self):
        if not self.stretch.more_before or (self.stretch.place and not self.stretch.rows):
            return None
        return self._link(max(self.offset - self.limit, 0), self.stretch.before)

    def _link(self, offset: int, cursor: str) -> str:
        assert self.request is not None
        query = self.request.GET.copy()
        for name in ("offset", "cursor"):
            query.pop(name, None)
        query["limit"] = str(self.limit)
        query["cursor" if cursor else "offset"] = cursor or str(offset)
        return self.request.build_absolute_uri(f"{self.request.path}?{query.urlencode()}")

    def get_paginated_response_schema(self, schema):
        made = super().get_paginated_response_schema(schema)
        made["properties"]["count"] = {"type": "integer", "nullable": True, "description": "null with count=false"}
        return made


class QuestionBackend(BaseFilterBackend):
    """Asks the view's FilterSet; a wrong value or an unknown name is 400, naming it."""

    def filter_queryset(self, request, queryset, view):
        question = view.filterset_class(request.query_params, queryset, user=request.user, lean=True, ordered=True)
        if not question.is_valid():
            raise ValidationError(question.errors)
        view.question = question
        return question.qs

    def get_schema_operation_parameters(self, view):
        if view.action not in ("list", "ids", "export"):
            return []
        made = []
        for name, wanted in view.filterset_class.base_filters.items():
            if name in view.filterset_class.page_only or (name in ("limit", "offset") and view.action == "list"):
                continue
            schema: dict = {"type": "string"}
            if isinstance(wanted, ManyFilter):
                item: dict = {"type": wanted.type}
                if isinstance(wanted, ChoicesFilter):
                    item["enum"] = [str(value) for value, _label in wanted.known]
                schema = {"type": "array", "items": item}
            elif isinstance(wanted, DayFilter):
                schema["format"] = "date"
            elif name == "updated_after":
                schema["format"] = "date-time"
            elif isinstance(wanted, YesNoFilter):
                schema["type"] = "boolean"
            elif name in ("limit", "offset", "view"):
                schema["type"] = "integer"
            elif name == "ordering":
                schema["enum"] = [value for value, _label in wanted.extra["choices"]]
            made.append(
                {"name": name, "in": "query", "required": False, "description": str(wanted.label or ""), "schema": schema,
                 **({"explode": True, "style": "form"} if schema["type"] == "array" else {})}
            )  # fmt: skip
        return made
