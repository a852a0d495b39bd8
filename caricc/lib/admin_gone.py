"""What goes with a record that is deleted, and what holds it: only rows that the one who asks may see."""

from django.db.models import CASCADE, PROTECT, RESTRICT

from caricc.lib.admin_fields import rows_for

AT_MOST = 2000


def _pointing(records, user, how):
    """Rows that point to any of these, in one query for each way to point."""
    by_model: dict[type, list] = {}
    for record in records:
        by_model.setdefault(type(record), []).append(record.pk)
    for model, ids in by_model.items():
        for relation in model._meta.related_objects:
            if relation.on_delete in how and relation.related_model._meta.app_label in ("contacts", "events"):
                rows = rows_for(relation.related_model, user).filter(**{f"{relation.field.name}__in": ids})
                yield from _with_names(rows)[:AT_MOST]


def _with_names(rows):
    """With what `str()` needs, so that naming many rows asks nothing more."""
    named = {field.name for field in rows.model._meta.fields if field.is_relation}
    return rows.select_related(*sorted(named & {"organization", "person"}))


def goes_with(record, user) -> list:
    """The rows that are deleted with it, level by level."""
    found: dict[tuple, object] = {}
    level = [record]
    while level:
        level = [row for row in _pointing(level, user, (CASCADE,)) if (type(row), row.pk) not in found]
        found |= {(type(row), row.pk): row for row in level}
    return list(found.values())


def is_held(records, user) -> bool:
    """Whether rows that the user may see, and that do not go with them, point to one of these records."""
    going = {(type(row), row.pk) for row in records}
    return any((type(row), row.pk) not in going for row in _pointing(records, user, (PROTECT, RESTRICT)))
