"""Stands for: a list page as the manuals of Django and django-filter show it.

A FilterSet that joins and asks for distinct rows, a Paginator that counts exactly, `prefetch_related` for what a row shows,
a template with loops. It has no filter bar, no tabs and no shell around it, which is to its advantage.
"""

from functools import cache
from pathlib import Path

import django_filters
from django.http import HttpResponse
from django.template import engines
from django_filters.views import FilterView

from caricc.lib.tree import ids_below
from contacts.models import Organization
from events.choices import EventKind
from events.models import Event


class EventFilter(django_filters.FilterSet):
    date_after = django_filters.DateFilter(field_name="end_date", lookup_expr="gte")
    date_before = django_filters.DateFilter(field_name="start_date", lookup_expr="lte")
    kind = django_filters.ChoiceFilter(choices=EventKind.choices)
    partner = django_filters.NumberFilter(method="with_partner")

    class Meta:
        model = Event
        fields = ["date_after", "date_before", "kind", "partner"]

    def with_partner(self, queryset, name, value):
        return queryset.filter(delegations__organization__in=ids_below(Organization, [int(value)])).distinct()


class EventList(FilterView):
    filterset_class = EventFilter
    paginate_by = 50

    def get_queryset(self):
        events = Event.objects.visible_to(self.request.user).select_related("parent")
        return events.prefetch_related("delegations__organization", "outcomes").order_by("-start_date", "-id")

    def render_to_response(self, context, **kwargs):
        return HttpResponse(template().render(context, self.request))


@cache
def template():
    return engines["django"].from_string(Path(__file__).with_name("plain_list.html").read_text())
