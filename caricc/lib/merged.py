"""Where the ids of merged records lead: to the record that stays, also over several merges.

Only models that say `can_be_merged` are asked about. Reads follow such an id; what is answered is never to be kept by
a browser, since a merge can be undone.
"""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.http import HttpResponseRedirect


def followed(wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], int]:
    """{(label, id): id of the record that stays} of those among `wanted` that went in a merge."""
    merges = apps.get_model("caricc", "Merge").objects.filter(undone_at=None)
    wanted = set(wanted)
    steps: dict[tuple[str, int], int] = {}
    ahead = wanted
    while ahead:
        rows = merges.filter(gone_id__in={pk for _label, pk in ahead}).values_list("about", "gone_id", "kept_id")
        found = {(about, gone): kept for about, gone, kept in rows if (about, gone) in ahead}
        steps |= found
        ahead = {(label, kept) for (label, _gone), kept in found.items()} - steps.keys()
    ends = {}
    for label, pk in wanted & steps.keys():
        end = pk
        seen = {pk}
        while (label, end) in steps and steps[label, end] not in seen:  # rows of a backup may go round
            end = steps[label, end]
            seen.add(end)
        ends[label, pk] = end
    return ends


def id_that_stays(model, pk: int) -> int | None:
    """The id to which one that went in a merge leads; None for any other."""
    if not getattr(model, "can_be_merged", False) or not 0 < pk < 2**63:
        return None
    return followed([(model._meta.label, pk)]).get((model._meta.label, pk))


def record_that_stays(rows, pk: int):
    """The row among `rows` to which an id that went leads; None where there is none."""
    stays = id_that_stays(rows.model, pk)
    return None if stays is None else rows.filter(pk=stays).first()


def redirect(url: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(url, headers={"Cache-Control": "no-store"})


def names_of_gone(wanted: dict[type, Iterable[int]], user) -> dict[type, dict[int, str]]:
    """{model: {id: what it was called}} of records that went, for the history; those of models that `user` may view."""
    from caricc.lib.visibility import may

    asked: dict[Any, set[int]] = {
        m: set(ids) for m, ids in wanted.items() if getattr(m, "can_be_merged", False) and may(user, "view", m)
    }
    ids = {pk for numbers in asked.values() for pk in numbers}
    found: dict[type, dict[int, str]] = {model: {} for model in asked}
    if ids:
        labels = {model._meta.label: model for model in asked}
        rows = apps.get_model("caricc", "Merge").objects.filter(undone_at=None, gone_id__in=ids, about__in=labels)
        for about, pk, name in rows.values_list("about", "gone_id", "gone_name"):
            found[labels[about]][pk] = name
    return found
