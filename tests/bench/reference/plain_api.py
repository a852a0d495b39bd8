"""Stands for: the API as the manual of Django REST framework shows it, a ModelSerializer and a viewset.

The fields are those of our list of events; what belongs to them is prefetched, and rows are not counted.
"""

from django.db.models import Prefetch
from rest_framework import pagination, serializers, viewsets
from rest_framework.response import Response

from events.models import Case, Delegation, Event


def called(delegation) -> str:
    return delegation.organization.name if delegation.organization else delegation.name


class PartnerSerializer(serializers.ModelSerializer):
    id = serializers.IntegerField(source="organization_id")
    short_name = serializers.CharField(source="organization.short_name", default="")
    name = serializers.SerializerMethodField()
    country = serializers.SerializerMethodField()

    class Meta:
        model = Delegation
        fields = ("id", "name", "short_name", "country", "group", "role", "own")

    def get_name(self, row) -> str:
        return called(row)

    def get_country(self, row) -> str:
        return row.country or (row.organization.country if row.organization else "")


class EventSerializer(serializers.ModelSerializer):
    partners = PartnerSerializer(source="delegations", many=True)
    parent_name = serializers.StringRelatedField(source="parent")
    topics_name = serializers.StringRelatedField(source="topics", many=True)
    cases_name = serializers.StringRelatedField(source="cases", many=True)

    class Meta:
        model = Event
        fields = (
            "id", "kind", "title", "start_date", "end_date", "date_precision", "start_time", "end_time", "time_zone",
            "format", "status", "city", "country", "venue", "parent", "parent_name", "summary", "language", "visibility",
            "topics", "topics_name", "cases", "cases_name", "partners", "updated_at", "version",
        )  # fmt: skip


class WithoutCount(pagination.LimitOffsetPagination):
    default_limit, max_limit = 50, 500

    def get_count(self, queryset):
        return 10**9

    def get_paginated_response(self, data):
        return Response({"next": self.get_next_link(), "previous": self.get_previous_link(), "results": data})


class Events(viewsets.ReadOnlyModelViewSet):
    serializer_class = EventSerializer
    pagination_class = WithoutCount
    filter_backends: list = []

    def get_queryset(self):
        return events(self.request.user)


def events(user):
    cases = Prefetch("cases", Case.objects.visible_to(user))
    rows = Event.objects.visible_to(user).select_related("parent")
    return rows.prefetch_related("delegations__organization", "topics", cases).order_by("-start_date", "-id")
