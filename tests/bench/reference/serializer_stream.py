"""Stands for: an export as one writes it with the serializer of the API at hand, in chunks so that memory stays small.

A ModelSerializer, prefetched for a thousand rows at a time; lists are joined, and csv writes the lines.
"""

import csv
from collections.abc import Iterator

from rest_framework import serializers

from events.models import Event
from tests.bench.reference.plain_api import called, events

CHUNK = 1000


class RowSerializer(serializers.ModelSerializer):
    partners = serializers.SerializerMethodField()
    states = serializers.SerializerMethodField()
    delegates = serializers.SerializerMethodField()
    outcomes = serializers.SerializerMethodField()
    cases = serializers.SerializerMethodField()
    topics = serializers.SerializerMethodField()

    class Meta:
        model = Event
        fields = (
            "id", "kind", "title", "start_date", "end_date", "format", "status", "city", "country", "venue", "parent",
            "partners", "states", "delegates", "outcomes", "cases", "topics", "summary", "visibility", "updated_at",
        )  # fmt: skip

    def get_partners(self, event) -> str:
        return "; ".join(called(row) for row in event.delegations.all() if not row.own)

    def get_states(self, event) -> str:
        rows = event.delegations.all()
        found = {row.country for row in rows} | {row.organization.country for row in rows if row.organization}
        return "; ".join(sorted(found - {""}))

    def get_delegates(self, event) -> str:
        return "; ".join(str(one) for row in event.delegations.all() for one in row.delegates.all())

    def get_outcomes(self, event) -> str:
        return "; ".join(outcome.title for outcome in event.outcomes.all())

    def get_cases(self, event) -> str:
        return "; ".join(str(case) for case in event.cases.all())

    def get_topics(self, event) -> str:
        return "; ".join(topic.name for topic in event.topics.all())


class _Echo:
    def write(self, line):
        return line


def lines(user, last: int) -> Iterator[str]:
    """The events up to this id, a line of CSV each."""
    rows = events(user).filter(pk__lte=last).prefetch_related("delegations__delegates__person", "outcomes")
    writer = csv.writer(_Echo())
    for event in rows.iterator(chunk_size=CHUNK):
        yield writer.writerow(RowSerializer(event).data.values())
