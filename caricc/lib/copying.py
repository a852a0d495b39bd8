"""Many new rows at once."""

import json
from collections.abc import Callable
from operator import attrgetter

from django.db import models, transaction


def copy_rows(model, rows: list) -> None:
    """Insert rows with all their values: COPY on PostgreSQL, multi-row INSERT elsewhere."""
    connection = transaction.get_connection()
    if connection.vendor != "postgresql":
        model._base_manager.bulk_create(rows, batch_size=500)
        return
    fields = [f for f in model._meta.concrete_fields if not f.generated and not (f.primary_key and rows[0].pk is None)]
    readers = [_reader(field, connection) for field in fields]
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row([read(row) for read in readers])


_AS_IT_IS = (models.ForeignKey, models.IntegerField, models.BooleanField, models.DateField, models.TimeField)
_TEXT = (models.CharField, models.TextField)


def _reader(field: models.Field, connection) -> Callable[[models.Model], object]:
    """How COPY gets the value of a field from a row; the usual way is dear, and most fields do nothing on it."""
    keeps = type(field).pre_save in (models.Field.pre_save, models.DateField.pre_save, models.TimeField.pre_save)
    if keeps and not (getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)):
        read = attrgetter(field.attname)
        if isinstance(field, _AS_IT_IS):
            return read
        if isinstance(field, _TEXT):
            return lambda row: field.get_prep_value(read(row))
    if isinstance(field, models.JSONField):
        return lambda row: json.dumps(field.pre_save(row, add=True), cls=field.encoder)
    return lambda row: field.get_db_prep_save(field.pre_save(row, add=True), connection)
