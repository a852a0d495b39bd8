"""Statements that are only told how many ids there are."""

import pytest

from caricc.lib.by_ids import ByIds
from events.models import Delegation

pytestmark = pytest.mark.django_db


def of_events(events):
    return Delegation._base_manager.filter(event__in=events).order_by("id").values_list("event", "pk")


def test_the_rows_are_those_of_the_query_for_any_number_of_ids(world):
    asked = ByIds(Delegation, of_events)
    ids = sorted(set(Delegation._base_manager.values_list("event", flat=True)))
    assert len(ids) > 3
    for some in (ids[:1], ids[:3], ids, []):
        assert [tuple(row) for row in asked.rows(some)] == list(of_events(some))


def test_a_query_with_other_values_is_refused(world):
    with pytest.raises(ValueError, match="ids alone"):
        ByIds(Delegation, lambda ids: of_events(ids).filter(country="KZ")).rows([1])
