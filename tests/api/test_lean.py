"""Lists are made without the serializers' ceremony: the answer is theirs all the same."""

import json

import pytest
from django.test import RequestFactory
from rest_framework.renderers import JSONRenderer

from caricc.lib.lean import Renderer, rows_of
from tests.api.client import Api
from tests.inventory import resources
from tests.world import READERS

RESOURCES = dict(resources())


def of_the_framework(resource, user, ids):
    """The rows as the serializer itself writes them."""
    view = RESOURCES[resource]
    request = RequestFactory().get("/")
    request.user = user
    kind = view.list_serializer_class or view.serializer_class
    rows = {row.pk: row for row in view.queryset.all().visible_to(user).for_list(user)}
    data = kind([rows[pk] for pk in ids], many=True, context={"request": request}).data
    return JSONRenderer().render(data)


@pytest.mark.parametrize("resource", RESOURCES)
@pytest.mark.parametrize("who", READERS)
def test_a_list_has_the_bytes_that_its_serializer_would_write(world, resource, who):
    answer = Api(world.users[who]).get(f"{resource}/?limit=500")
    told = answer.json()
    rows = of_the_framework(resource, world.users[who], [row["id"] for row in told["results"]])
    assert told["count"] == len(told["results"]) > 0
    assert answer.content.endswith(b'"results":' + rows + b"}")
    assert list(told) == ["count", "next", "previous", "results"]


def test_a_serializer_with_ways_of_its_own_is_left_to_them(world):
    view = RESOURCES["delegations"]
    rows = [row for row in view.queryset.all().visible_to(world.officer).for_list(world.officer) if row.delegates.all()]
    serializer = view.serializer_class(context={"request": None})
    names = {one["name"] for row in rows_of(serializer, rows) for one in row["delegates"]}
    assert "Rustam Karimov" in names


@pytest.mark.parametrize(
    "value", ["a\u2028b\u2029", '\x00\x1f\x7f"\\/é Ж \U0001f600', 2**70, -1, True, None, [{"a": {}}]]
)
def test_the_bytes_are_those_of_the_framework_s_own_renderer(value):
    data = {"value": value, "detail": [value]}
    assert Renderer().render(data) == JSONRenderer().render(data)
    assert json.loads(Renderer().render(data)) == data
