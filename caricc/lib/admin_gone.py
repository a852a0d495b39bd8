"""What goes with a record that is deleted, and what holds it: only rows that the one who asks may see."""

from django.db.models import CASCADE, PROTECT, RESTRICT

from caricc.lib.admin_fields import rows_for


def _pointing(record, user, how):
    for relation in record._meta.related_objects:
        model = relation.related_model
        if relation.on_delete in how and model._meta.app_label in ("contacts", "events"):
            yield from rows_for(model, user).filter(**{relation.field.name: record.pk})[:500]


def goes_with(record, user) -> list:
    """The rows that are deleted with it, level by level."""
    found, level = [], [record]
    while level:
        level = [row for above in level for row in _pointing(above, user, (CASCADE,)) if row not in found]
        found += level
    return found


def is_held(records, user) -> bool:
    """Whether rows that the user may see, and that do not go with them, point to one of these records."""
    going = {(type(row), row.pk) for row in records}
    return any(
        (type(row), row.pk) not in going for record in records for row in _pointing(record, user, (PROTECT, RESTRICT))
    )
