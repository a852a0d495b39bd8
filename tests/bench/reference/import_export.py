"""Stands for: django-import-export with one resource of the columns of our file, as its manual shows it.

It keeps the whole table in memory, so that it is asked for some rows only.
"""

from import_export import fields, resources

from events.models import Event
from tests.bench.reference.plain_api import called, events

LISTS = ("partners", "states", "delegates", "outcomes", "cases", "topics")


class EventResource(resources.ModelResource):
    partners = fields.Field(column_name="partners")
    states = fields.Field(column_name="states")
    delegates = fields.Field(column_name="delegates")
    outcomes = fields.Field(column_name="outcomes")
    cases = fields.Field(column_name="cases")
    topics = fields.Field(column_name="topics")

    class Meta:
        model = Event
        export_order = fields = (
            "id", "kind", "title", "start_date", "end_date", "format", "status", "city", "country", "venue", "parent",
            *LISTS, "summary", "visibility", "updated_at",
        )  # fmt: skip

    def dehydrate_partners(self, event):
        return "; ".join(called(row) for row in event.delegations.all() if not row.own)

    def dehydrate_states(self, event):
        rows = event.delegations.all()
        found = {row.country for row in rows} | {row.organization.country for row in rows if row.organization}
        return "; ".join(sorted(found - {""}))

    def dehydrate_delegates(self, event):
        return "; ".join(str(one) for row in event.delegations.all() for one in row.delegates.all())

    def dehydrate_outcomes(self, event):
        return "; ".join(outcome.title for outcome in event.outcomes.all())

    def dehydrate_cases(self, event):
        return "; ".join(str(case) for case in event.cases.all())

    def dehydrate_topics(self, event):
        return "; ".join(topic.name for topic in event.topics.all())


def export(user, last: int) -> int:
    """The events up to this id as CSV in one text; returns the number of rows."""
    rows = events(user).filter(pk__lte=last).prefetch_related("delegations__delegates__person", "outcomes")
    return EventResource().export(rows).csv.count("\r\n") - 1
