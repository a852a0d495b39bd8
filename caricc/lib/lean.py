"""Serializers without their ceremony: the same JSON of many rows, made by functions that are put together once a request.

Everything is taken from the serializer itself (names, order, sources, nested lists), so that the schema and the answer
cannot part ways; a field or a serializer with ways of its own is left to itself.
"""

from collections.abc import Callable, Iterable
from operator import attrgetter, itemgetter
from typing import Any

import orjson
from django.db.models import F, Manager
from django.utils.timezone import get_current_timezone
from rest_framework import ISO_8601, fields, relations, renderers, serializers
from rest_framework.settings import api_settings

from caricc.lib.by_ids import ByIds

AS_KEPT = (
    fields.CharField,
    fields.ChoiceField,
    fields.IntegerField,
    fields.BooleanField,
)  # written as the column has them
Make = Callable[[Any], Any]


def rows_of(serializer: serializers.ModelSerializer, records: Iterable) -> list[dict]:
    make = made_by(serializer)
    return [make(record) for record in records]


def made_by(serializer) -> Make:
    """What turns a record into what `serializer.to_representation` makes of it."""
    if type(serializer).to_representation not in (
        serializers.ModelSerializer.to_representation, serializers.Serializer.to_representation,
    ):  # fmt: skip
        return serializer.to_representation
    columns = {field.name: field for field in serializer.Meta.model._meta.concrete_fields}
    parts = [(field.field_name, _part(field, columns)) for field in serializer._readable_fields]
    return lambda record: {name: part(record) for name, part in parts}


def _part(field, columns: dict) -> Make:
    source = field.source
    if source == "*":
        return field.to_representation
    if isinstance(field, serializers.ListSerializer):
        return _each(source, made_by(field.child))
    if isinstance(field, relations.ManyRelatedField) and _plain(field.child_relation, "to_representation"):
        return _each(source, attrgetter("pk"))
    column = columns.get(source)
    if column is not None and column.is_relation and _plain(field, "to_representation"):
        return attrgetter(column.attname)
    kept = isinstance(field, AS_KEPT) and not isinstance(field, fields.MultipleChoiceField)
    if column is not None and kept and _plain(field, "to_representation", "get_attribute"):
        return attrgetter(source)
    look, write = field.get_attribute, field.to_representation
    if column is not None and _plain(field, "get_attribute"):
        look = attrgetter(source)

    def part(record):
        value = look(record)
        return None if value is None else write(value)

    return part


def _each(source: str, make: Make) -> Make:
    def part(record):
        rows = getattr(record, source)
        return [make(row) for row in (rows.all() if isinstance(rows, Manager) else rows)]

    return part


def _plain(field, *names: str) -> bool:
    """Whether these methods of a field are those of the framework."""
    ours = (cls for cls in type(field).__mro__ if not cls.__module__.startswith(("rest_framework", "builtins")))
    return not any(name in vars(cls) for cls in ours for name in names)


class NotPlanned(ValueError):
    """A field that values alone do not tell."""


class Plan:
    """A list made of values alone, where every field of its serializer is a column, the name beside a link, or told in bulk.

    `links` are names of sets of records; `bulk` tells the values of fields of one's own, {name: what gives {id: value} for
    ids}. Each is one query a page. It is made once a process: nothing in it is of one reader or one language.
    """

    def __init__(self, serializer, links: Iterable[str], bulk: dict[str, Callable[[list[int]], dict]]):
        self.bulk, self.links = bulk, set(links)
        self.model = serializer.Meta.model
        self.columns: list[str] = ["id"]
        self.names: list[str] = []
        self.kept: list[str] = []  # of each name the column that is written as it is, "id" where the value comes later
        self.made: list[tuple[str, str, Make]] = []  # (name, column, what writes its value)
        self.moments: list[tuple[str, str]] = []  # (name, column), written in the time of the reader
        self.apart: list[tuple[str, str, int | None]] = []  # (name, set of records or bulk, ids or labels of them)
        for field in serializer._readable_fields:
            self.names.append(field.field_name)
            self.kept.append("id")
            self._take(field)
        self._look = itemgetter(*self.kept)

    def _take(self, field) -> None:
        name, source = field.field_name, field.source
        beside = getattr(field, "source_field", "")
        if name in self.bulk:
            self.apart.append((name, name, None))
        elif isinstance(field, relations.ManyRelatedField) and source in self.links:
            self.apart.append((name, source, 0))
        elif beside in self.links:
            self.apart.append((name, beside, 1))
        elif beside:
            label: Any = self.model._meta.get_field(beside).related_model.objects.all().label
            if type(label) is not F:
                raise NotPlanned(name)
            self._keep(f"{beside}__{label.name}")  # type: ignore[attr-defined]
        else:
            columns = {column.name: column for column in self.model._meta.concrete_fields}
            if source not in columns or not _plain(field, "get_attribute"):
                raise NotPlanned(name)
            column = columns[source]
            self._keep(column.attname)
            if _is_plain(field, fields.DateTimeField, api_settings.DATETIME_FORMAT):
                self.moments.append((name, column.attname))
            elif not (
                column.is_relation
                or isinstance(field, AS_KEPT)
                or _is_plain(field, fields.DateField, api_settings.DATE_FORMAT)
            ):
                self.made.append((name, column.attname, field.to_representation))

    def _keep(self, column: str) -> None:
        self.columns.append(column)
        self.kept[-1] = column

    def rows(self, values: list[dict], links: dict[str, Any]) -> list[dict]:
        """`links`: {name: records that the reader may see, or where everybody sees all, what gives (id, key, label)}."""
        ids = [row["id"] for row in values]
        found: dict[tuple[str, int | None], dict] = {(name, None): tell(ids) for name, tell in self.bulk.items()}
        for name in self.links:
            found[name, 0], found[name, 1] = self._linked(links[name], name, ids)
        apart = [(name, found[source, which]) for name, source, which in self.apart]
        names, look, made, rows = self.names, self._look, self.made, []
        moments, zone = self.moments, get_current_timezone()
        for row in values:
            told = dict(zip(names, look(row), strict=True))
            for name, column, write in made:
                told[name] = None if (value := row[column]) is None else write(value)
            for name, column in moments:
                told[name] = _moment(row[column], zone)
            pk = row["id"]
            for name, of_id in apart:
                told[name] = of_id.get(pk, [])
            rows.append(told)
        return rows

    def _linked(self, targets, name: str, ids: list[int]) -> tuple[dict, dict]:
        """({record: ids of those linked}, {record: what they are called})."""
        back = self.model._meta.get_field(name).remote_field.related_name
        keys: dict[int, list] = {}
        labels: dict[int, list] = {}
        rows: Iterable[tuple] = ()
        if isinstance(targets, ByIds):
            rows = targets.rows(ids)
        elif ids:
            rows = targets.filter(**{f"{back}__in": ids}).values_list(back, "pk", targets.label)
        for pk, target, label in rows:
            keys.setdefault(pk, []).append(target)
            labels.setdefault(pk, []).append(label)
        return keys, labels


def _is_plain(field, kind: type, form: str) -> bool:
    """A day or a moment that is written as ISO has it, as orjson writes a day too."""
    iso = getattr(field, "format", form) == ISO_8601
    return iso and isinstance(field, kind) and _plain(field, "to_representation") and not hasattr(field, "timezone")


def _moment(value, zone) -> str | None:
    if value is None:
        return None
    text = value.astimezone(zone).isoformat()
    return f"{text[:-6]}Z" if text.endswith("+00:00") else text


class Renderer(renderers.JSONRenderer):
    """The bytes of the framework's own renderer, in a tenth of the time."""

    def render(self, data, accepted_media_type=None, renderer_context=None):
        if data is None:
            return b""
        try:
            text = orjson.dumps(data)
        except TypeError:  # words to be translated, numbers of more than 64 bits
            return super().render(data, accepted_media_type, renderer_context)
        return text.replace(b"\xe2\x80\xa8", b"\\u2028").replace(b"\xe2\x80\xa9", b"\\u2029")
