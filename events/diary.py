"""What a question about events means for a calendar: the events, the promises that fall due, the next steps of cases.

Promises and cases are asked what they share with events: partner, state, case and officer by name, kind and topic by the
events they hang from. Where the question asks for anything else of an event they have no answer, and are left out.
"""

import datetime

from django.db.models import Case as Either
from django.db.models import CharField, Count, DateField, F, Q, QuerySet, Value, When, Window
from django.db.models.functions import Greatest, RowNumber
from django.http import QueryDict
from django.utils.functional import cached_property

from caricc.lib.answer import NOT_ASKED
from caricc.lib.filters import Question
from events.choices import DatePrecision
from events.filters import CaseQuestion, CommitmentQuestion, EventQuestion
from events.models import Case, Commitment

TIME = ("date_after", "date_before", "period")
VAGUE = (DatePrecision.MONTH, DatePrecision.YEAR)
SHARED = ("partner", "country", "case", "officer")
OF_THEIR_EVENTS = ("kind", "topic")


class Diary:
    """The rows of a calendar for a question about events, as its user may see them."""

    def __init__(self, question: EventQuestion):
        self.question, self.user = question, question.user
        self.asked = {name: values for name, values in question.data.lists() if name in question.filters}

    @cached_property
    def unanswered(self) -> list[str]:
        """The names of the question to which promises and cases have no answer."""
        known = {*SHARED, *OF_THEIR_EVENTS, *TIME, *NOT_ASKED, "ordering"}
        return [name for name in self.asked if name not in known]

    @property
    def events(self) -> QuerySet:
        return self.question.qs.order_by()

    def _query(self, names: dict[str, str], **fixed) -> QueryDict:
        made = QueryDict(mutable=True)
        for name, value in fixed.items():
            made.setlist(name, value if isinstance(value, list) else [value])
        for name, other in names.items():
            if name in self.asked:
                made.setlist(other, self.asked[name])
        at = QueryDict(mutable=True)
        for name in OF_THEIR_EVENTS:
            if name in self.asked:
                at.setlist(name, self.asked[name])
        if at:
            made["at"] = at.urlencode()
        return made

    @cached_property
    def due_query(self) -> QueryDict:
        """The question to the list of commitments, without days."""
        return self._query({name: name for name in SHARED}, status="open")

    @cached_property
    def step_query(self) -> QueryDict:
        """The question to the list of cases, without days."""
        names = {"partner": "partner", "country": "country", "case": "case", "officer": "lead"}
        return self._query(names, status=["open", "dormant"])

    def _rows(self, asks: type[Question], model, data: QueryDict) -> QuerySet:
        rows = model.objects.visible_to(self.user)
        if self.unanswered or not self.question.is_valid():
            return rows.none()
        return asks(data, rows, user=self.user, known=self.question.known).qs.order_by()

    @cached_property
    def commitments(self) -> QuerySet:
        """Open promises with a due date."""
        return self._rows(CommitmentQuestion, Commitment, self.due_query).filter(due_date__isnull=False)

    @cached_property
    def cases(self) -> QuerySet:
        """Cases that go on, with a day for their next step."""
        return self._rows(CaseQuestion, Case, self.step_query).filter(next_step_on__isnull=False)

    # ---- a few rows a day, however many there are

    def spans(self, first: datetime.date, last: datetime.date) -> list[tuple]:
        """(first day, last day, precision, number) of all events that touch these days: what every day's count is made of."""
        rows = self.events.overlapping(first, last).values_list("start_date", "end_date", "date_precision")
        return list(rows.annotate(n=Count("pk")))

    def drawn(
        self, first: datetime.date, last: datetime.date, a_day: int, vague: int, with_parties: bool = False
    ) -> list:
        """The first `a_day` events that begin on each of these days, those that go on already among the first day's.

        Those known to the month or the year only are no day's: the first `vague` of each are there beside.
        """
        start = Value(first, DateField())
        unsure = Q(date_precision__in=VAGUE)
        sort = Either(When(unsure, then=F("date_precision")), default=Value(""), output_field=CharField())
        later = Greatest(F("start_date"), start, output_field=DateField())
        begins = Either(When(unsure, then=start), default=later, output_field=DateField())
        whole_first, timed = F("parent").asc(nulls_first=True), F("start_time").asc(nulls_first=True)
        order = [F("end_date").desc(), whole_first, timed, F("pk").asc()]
        rows = self.events.overlapping(first, last).select_related("parent")
        rows = rows.annotate(turn=Window(RowNumber(), partition_by=[sort, begins], order_by=order))
        rows = rows.filter(Q(turn__lte=a_day) | unsure & Q(turn__lte=vague))
        found = list(rows.with_parties() if with_parties else rows)
        return sorted(found, key=lambda one: (max(one.start_date, first), -one.end_date.toordinal(), one.turn))

    def due(self, first: datetime.date, last: datetime.date, a_day: int) -> list:
        """The first promises due on each of these days, with how many are due `that_day`."""
        rows = self.commitments.filter(due_date__range=(first, last)).select_related("debtor", "creditor")
        return _few(rows, "due_date", a_day)

    def steps(self, first: datetime.date, last: datetime.date, a_day: int) -> list:
        """The first cases whose next step falls on each of these days, with how many there are `that_day`."""
        return _few(self.cases.filter(next_step_on__range=(first, last)), "next_step_on", a_day)


def _few(rows: QuerySet, day: str, a_day: int) -> list:
    rows = rows.annotate(
        turn=Window(RowNumber(), partition_by=[F(day)], order_by=[F("pk").asc()]),
        that_day=Window(Count("pk"), partition_by=[F(day)]),
    )
    return sorted(rows.filter(turn__lte=a_day), key=lambda one: (getattr(one, day), one.pk))
