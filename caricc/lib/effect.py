"""Whether a record is restricted in effect: by itself, or through a record that it hangs from.

What is not restricted in effect is read by everybody who may view its model, so that a question over a million rows
looks at one column, and asks for owners and readers only where that says so. The mark may say too much, never too
little: a record bears it until the write path has seen that nothing restricts it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

RESTRICTED = "restricted"


class RestrictedInEffect(models.Model):
    """`restricted_by` names the foreign keys through which a row is restricted with another; models of later ones first."""

    restricted_by: tuple[str, ...] = ()
    restricted_in_effect = models.BooleanField(_("restricted in effect"), default=True, editable=False)

    class Meta:
        abstract = True


def concerns(model, names: Iterable[str]) -> bool:
    """Whether a change of these fields may change who reads a row, or those that hang from it."""
    return bool({"visibility", *getattr(model, "restricted_by", ())} & set(names))


def fill(rows: list) -> None:
    """Set the mark of rows of one model that are about to be written.

    Holds what they hang from until the end of the transaction: nobody restricts it meanwhile without seeing them.
    """
    model = type(rows[0])
    if not issubclass(model, RestrictedInEffect):
        return
    here = {row.pk: row for row in rows}
    by: dict[str, set[int]] = {}
    for name in model.restricted_by:
        field: Any = model._meta.get_field(name)
        ids = {getattr(row, field.attname) for row in rows} - {None}
        known = ids & here.keys() if field.related_model is model else set()
        by[field.attname] = {pk for pk in known if _itself(here[pk])} | _restricted(field.related_model, ids - known)
    for row in rows:
        row.restricted_in_effect = _itself(row) or any(getattr(row, name) in ids for name, ids in by.items())


def restricts(row) -> bool:
    """Whether what hangs from this row is restricted with it."""
    return _itself(row) or getattr(row, "restricted_in_effect", False)


def pass_on(changed: Mapping[type, set[int]]) -> None:
    """Set the marks of what hangs from records that came to be restricted, or no longer are."""
    reached = {model: set(ids) for model, ids in changed.items() if ids}
    for model in bearers():
        hanging = Q()
        for name in model.restricted_by:
            target: Any = model._meta.get_field(name).related_model
            if ids := reached.get(target):
                hanging |= Q(**{f"{name}__in": sorted(ids)})
        if hanging:
            reached.setdefault(model, set()).update(_set(model._base_manager.filter(hanging), model))


def wrong(model):
    """{what the mark should be: rows where it is not}."""
    rows, by = model._base_manager.all(), _by(model)
    return {
        True: rows.filter(by, restricted_in_effect=False),
        False: rows.exclude(by).filter(restricted_in_effect=True),
    }


def bearers() -> list[type[RestrictedInEffect]]:
    """The models with the mark, each after those that it hangs from."""
    found = [model for model in apps.get_models() if issubclass(model, RestrictedInEffect)]
    return sorted(found, key=lambda model: sum(_bears(model, name) for name in model.restricted_by))


def _bears(model, name: str) -> bool:
    target = model._meta.get_field(name).related_model
    return target is not model and issubclass(target, RestrictedInEffect)


def _by(model) -> Q:
    """Rows that are restricted, as the database has it; a whole is never itself a part."""
    names = {field.name for field in model._meta.fields}
    by = Q(visibility=RESTRICTED) if "visibility" in names else Q()
    for name in model.restricted_by:
        by |= Q(
            **{f"{name}__restricted_in_effect": True} if _bears(model, name) else {f"{name}__visibility": RESTRICTED}
        )
    return by


def _set(rows, model) -> set[int]:
    """Set the marks of these rows, which are held first: who restricts them through another record waits, and looks again."""
    changed: set[int] = set()
    held = list(rows.order_by("pk").select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True))
    rows = model._base_manager.filter(pk__in=held)
    for value, some in ((True, rows.filter(_by(model))), (False, rows.exclude(_by(model)))):
        ids = list(some.filter(restricted_in_effect=not value).order_by("pk").values_list("pk", flat=True))
        if ids:
            model._base_manager.filter(pk__in=ids).update(restricted_in_effect=value)
            changed.update(ids)
    return changed


def _itself(row) -> bool:
    return getattr(row, "visibility", None) == RESTRICTED


def _restricted(model, ids: set[int]) -> set[int]:
    if not ids:
        return set()
    names = {field.name for field in model._meta.fields}
    name, value = ("restricted_in_effect", True) if "restricted_in_effect" in names else ("visibility", RESTRICTED)
    held = model._base_manager.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True)
    return {pk for pk, found in held.values_list("pk", name) if found == value}
