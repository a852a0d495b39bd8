import pytest

from caricc.models import History
from events.models import Delegation, Event
from tests.bench.inside import questions, reader, saving

pytestmark = pytest.mark.django_db


def test_saving_is_measured_and_leaves_nothing_behind(world):
    for kept in (reader.reader, reader.browser, questions.partners):
        kept.cache_clear()
    before = [model._base_manager.count() for model in (Event, Delegation, History)]
    told = saving.save()()
    assert told["ms"] > 0
    assert [model._base_manager.count() for model in (Event, Delegation, History)] == before


def test_the_reader_owns_some_restricted_events_and_is_named_on_others(world, monkeypatch):
    reader.reader.cache_clear()
    monkeypatch.setattr(reader, "OWN", 1)
    monkeypatch.setattr(reader, "NAMED", 2)
    reader.with_restricted_rows()
    reader.with_restricted_rows()  # a second run finds them
    closed = Event._base_manager.filter(visibility="restricted", parent=None)
    assert closed.filter(owner=reader.reader()).count() == 1
    assert closed.filter(readers=reader.reader()).count() == 2
    assert closed.count() > Event.objects.visible_to(reader.reader()).filter(pk__in=closed).count()
