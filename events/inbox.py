"""The inbox: records that lack something, as figures. Each names the list that shows it and the question that it asks.

What mends a row stands with that list (`ListPage.fixes`), so that the list and the inbox offer the same.
"""

from dataclasses import dataclass, field

from django.db.models import CharField, F, Value
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from caricc.lib.counts import count_all
from caricc.lib.filters import Question
from caricc.lib.visibility import may
from contacts.filters import OrganizationQuestion, PersonQuestion
from contacts.merging import address
from events.filters import CaseQuestion, CommitmentQuestion, EventQuestion

SHOWN, SHOWN_OF_TWINS = 3, 6  # of twins, two rows are often one pair


@dataclass
class Figure:
    """What is wrong with some records. `flaw` is the filter that finds them, `also` what is asked beside it."""

    label: str
    list_name: str
    question_class: type[Question]
    flaw: str
    wrong: str
    mend: str
    also: str = ""
    user: object = None
    count: int = 0
    first: list = field(default_factory=list)  # the first rows, where they were asked for

    @property
    def query(self) -> str:
        return f"{self.also}&{self.flaw}=true" if self.also else f"{self.flaw}=true"

    @property
    def url(self) -> str:
        return f"{reverse(self.list_name)}?{self.query}"

    @property
    def model(self):
        return self.question_class._meta.model

    @property
    def of_twins(self) -> bool:
        return self.flaw == "twins"

    @cached_property
    def rows(self):
        """The rows behind the figure: the very question that its link asks."""
        seen = self.model.objects.visible_to(self.user)
        return self.question_class(QueryDict(self.query), seen, user=self.user, on_page=True).qs


EVENTS, COMMITMENTS, CASES = "events:event_list", "events:commitment_list", "events:case_list"
PEOPLE, ORGANIZATIONS = "contacts:person_list", "contacts:organization_list"


def declared() -> list[tuple[str, list[Figure]]]:
    """All figures, under the heading that they stand below."""
    return [
        (_("Events"), [
            Figure(_("Events held, without an outcome"), EVENTS, EventQuestion, "without_outcome",
                   _("Nothing says what came of it."),
                   _("Add the document, agreement, recommendation or decision; or the information that was shared.")),
            Figure(_("Events held, and nobody recorded"), EVENTS, EventQuestion, "without_delegation",
                   _("It is in no figure of a partner or a state."), _("Say who was there.")),
            Figure(_("Events still planned, though their day has passed"), EVENTS, EventQuestion, "day_passed",
                   _("It counts neither as held nor as ahead."), _("Say whether it was held, postponed or cancelled.")),
            Figure(_("Events without a topic"), EVENTS, EventQuestion, "topic__isnull",
                   _("It is not found by its subject."), _("Choose one or two topics.")),
        ]),
        (_("Commitments and cases"), [
            Figure(_("Open commitments without a due date"), COMMITMENTS, CommitmentQuestion, "due__isnull",
                   _("It will never be overdue."), _("Agree on a day, or withdraw it."), also="status=open"),
            Figure(_("Open commitments with nobody responsible"), COMMITMENTS, CommitmentQuestion, "officer__isnull",
                   _("Nobody of ours looks after it."), _("Name an officer."), also="status=open"),
            Figure(_("Open cases without a lead"), CASES, CaseQuestion, "lead__isnull",
                   _("Nobody is asked about it."), _("Name a lead, or close the case."), also="status=open"),
        ]),
        (_("People and organizations"), [
            Figure(_("People without a post"), PEOPLE, PersonQuestion, "without_post",
                   _("They are found under no organization."), _("Add the post, if only with its organization.")),
            Figure(_("Organs of a state, which is not given"), ORGANIZATIONS, OrganizationQuestion, "without_state",
                   _("They are missing where one asks by state."), _("Give the state.")),
            Figure(_("People who may be on record twice"), PEOPLE, PersonQuestion, "twins",
                   _("Two records share a name, or are likely the same."), _("Look at both: merge them, or say that they are different.")),
            Figure(_("Organizations that may be on record twice"), ORGANIZATIONS, OrganizationQuestion, "twins",
                   _("Two records share a name, or are likely the same."), _("Look at both: merge them, or say that they are different.")),
        ]),
    ]  # fmt: skip


def sections(user) -> list[tuple[str, list[Figure]]]:
    """The figures that `user` may ask for, by heading, with their counts: one query."""
    found = [
        (title, [one for one in figures if may(user, "view", one.model)]) for title, figures in declared()
    ]  # fmt: skip
    flat = [one for _title, figures in found for one in figures]
    for one in flat:
        one.user = user
    counts = count_all({str(place): one.rows for place, one in enumerate(flat)})
    for place, one in enumerate(flat):
        one.count = counts[str(place)]
    return [(title, figures) for title, figures in found if figures]


def figures(user) -> list[Figure]:
    """The figures in one row, for another page: each with `label`, `url` and `count`."""
    return [one for _title, found in sections(user) for one in found]


def with_first_rows(found: list[Figure], user) -> None:
    """The first rows of each figure: one query for their ids, then those of each model together."""
    wanted = [one for one in found if one.count]
    arms = []
    for place, one in enumerate(wanted):
        first = one.rows.values("pk")[: SHOWN_OF_TWINS if one.of_twins else SHOWN]
        rows = one.model.objects.visible_to(user).order_by().filter(pk__in=first)
        arms.append(rows.annotate(figure=Value(str(place), CharField())).values_list("figure", "pk"))
    if not arms:
        return
    ids: dict[str, set] = {}
    for place, pk in arms[0].union(*arms[1:], all=True) if len(arms) > 1 else arms[0]:
        ids.setdefault(place, set()).add(pk)
    for model in dict.fromkeys(one.model for one in wanted):
        places = [place for place, one in enumerate(wanted) if one.model is model]
        pks = set().union(*(ids.get(str(place), set()) for place in places))
        rows = model.objects.visible_to(user).filter(pk__in=pks)
        order = {row.pk: row for row in _with_notes(rows)}
        same = _same(model, [pk for place in places if wanted[place].of_twins for pk in ids[str(place)]])
        for place in places:
            one = wanted[place]
            mine = [row for pk, row in order.items() if pk in ids.get(str(place), ())]
            one.first = _pairs(mine, same) if one.of_twins else mine


def _with_notes(rows):
    """Rows in the order of their lists, with what a line says of them."""
    name = rows.model._meta.model_name
    if name == "commitment":
        return rows.select_related("debtor", "creditor").order_by(F("due_date").asc(nulls_last=True), "id")
    if name == "case":
        return rows.order_by(F("opened_on").desc(nulls_last=True), "-id")
    return rows.order_by(*(("-start_date", "-id") if name == "event" else ("name", "id")))


def _same(model, pks) -> dict[int, list]:
    return model.objects.twins_of(pks) if pks else {}


def _pairs(rows, same) -> list:
    """The first few records with those that they may be the same as; no pair from both sides."""
    shown, pairs = set(), []
    for row in rows:
        row.same_as = [other for other in same.get(row.pk, []) if other.pk not in shown]
        for other in row.same_as:
            other.compare_url = f"{address(type(row), 'merge')}?a={row.pk}&b={other.pk}"
        if row.pk not in shown and row.same_as:
            pairs.append(row)
            shown |= {row.pk, *(other.pk for other in row.same_as)}
    return pairs[:SHOWN]
