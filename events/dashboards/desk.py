"""The question of the start page, put into the words of each list, and the figures that it gives.

A figure is a label, a list and a query string; its count is that list's own answer. All counts of a page are one query.
"""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from caricc.lib.counts import count_all
from caricc.lib.days import today
from caricc.lib.filter_kinds import YesNoFilter
from caricc.lib.filters import Question
from caricc.lib.periods import Period, add_months, around
from caricc.lib.visibility import may
from contacts.filters import OrganizationQuestion
from events.dashboards.rolled import EVENTS, ORGANIZATIONS, OUTCOMES, Rolled
from events.filters import CaseQuestion, CommitmentQuestion, EventQuestion, OutcomeQuestion
from events.models import Event

COMMITMENTS, CASES = "events:commitment_list", "events:case_list"
QUESTIONS: dict[str, type[Question]] = {
    EVENTS: EventQuestion, OUTCOMES: OutcomeQuestion, COMMITMENTS: CommitmentQuestion, CASES: CaseQuestion,
    ORGANIZATIONS: OrganizationQuestion,
}  # fmt: skip
DATES = ("date_after", "date_before", "period")
CONTEXT = 12  # months
NOT_PASSED_ON = (
    *DATES,
    "rollup",
    "ordering",
    "limit",
    "offset",
    "page",
    "cursor",
    "count",
    "view",
    "of_view",
    "status",
)


class DeskQuestion(EventQuestion):
    """The question about events, with what the start page asks of it besides."""

    rollup = YesNoFilter(method="leave", field_name="id", label=_("Offices with their organization"))
    page_only = (*EventQuestion.page_only, "rollup")
    bar = [pick for pick in EventQuestion.bar if pick[2][0] != "status"]

    class Meta:
        model = Event
        fields: list[str] = []

    def contradictions(self, cleaned):
        yield from super().contradictions(cleaned)
        if cleaned.get("status"):
            yield (
                "status",
                _("The figures tell held and planned apart by themselves; ask the list of events for a status."),
            )


@dataclass
class Figure:
    """`says`: what one counts, in a sentence. `whole`: the count that this one is a share of."""

    label: str
    list_name: str
    query: str
    says: str = ""
    late: bool = False
    count: int = 0
    whole: int = 0
    beside: list["Figure"] = field(default_factory=list)  # the same figure of the period before, and a year ago

    @property
    def url(self) -> str:
        return reverse(self.list_name) + (f"?{self.query}" if self.query else "")

    @property
    def share(self) -> int:
        """In percent of the whole, rounded."""
        return round(self.count * 100 / self.whole) if self.whole else 0

    so_far: bool = False  # the period is not over: it is no match yet for a whole one

    @property
    def difference(self) -> int:
        """Against the period before."""
        return self.count - self.beside[0].count if self.beside else 0


class Desk:
    """What one reader asks on the start page."""

    def __init__(self, user, data):
        self.user, self.known = user, {}
        self.seen = Event.objects.visible_to(user)
        self.visible = {Event: self.seen}
        self.question = DeskQuestion(data, self.seen, user=user, on_page=True, known=self.known)
        self.is_valid = self.question.is_valid()
        self.asked = self.question.form.cleaned_data
        self.by_default = not self.question.data and self.is_valid
        self.period = self._latest_quarter() if self.by_default else self.question.days()
        self.pairs = [(n, v) for n, vs in self.question.data.lists() for v in vs if n not in NOT_PASSED_ON]

    def _latest_quarter(self) -> Period:
        """The quarter of the latest event held: what somebody wants to see who asks nothing in particular."""
        last = (
            self.seen.held()
            .filter(start_date__lte=today())
            .order_by("-start_date")
            .values_list("start_date", flat=True)
        )
        return around(last.first() or today(), "quarter")

    def in_period(self, period: Period) -> str:
        """The question of the page in another period."""
        days = period.query or {"period": "all_time"}
        return self.question.query((*DATES, "page"), **days)

    @cached_property
    def shown(self) -> DeskQuestion:
        """The question with the days that it came to, as the bar shows it and sends it on; a wrong one as it was asked."""
        if not self.is_valid:
            return self.question
        return DeskQuestion(
            QueryDict(self.in_period(self.period)), self.seen, user=self.user, on_page=True, known=self.known
        )  # fmt: skip

    @property
    def rolled_up(self) -> bool:
        """Whether offices count as their organization; where partners were asked for, they stand by themselves."""
        return self.asked.get("rollup") is not False and not self.asked.get("partner")

    # ---- the question in the words of each list

    def events(self, period: Period | None = None, **more) -> str:
        """The same events, in `period` (that of the page, unless given); `more` takes the place of what was asked."""
        return self._query((self.period if period is None else period).query, more)

    def held(self, period: Period | None = None) -> str:
        return self.events(period, status="held")

    def held_with(self, **more) -> str:
        """Events held in the period with one thing more, which takes the place of what was asked by its name."""
        return self.events(status="held", **more)

    def events_of(self, query: str):
        """The events that a query string asks for."""
        return self.rows(Figure("", EVENTS, query)).order_by()

    def outcomes(self, period: Period | None = None, **more) -> str:
        return urlencode({"at": self.held(period), **more}, doseq=True)

    def partners(self, period: Period | None = None) -> str:
        return urlencode({"own": "false", "met": self.held(period)})

    def commitments(self, **more) -> str:
        """Commitments with the partners, states, cases and officers asked for; of events, where more was asked."""
        return self._about(("partner", "country", "case", "officer"), {}, more)

    def cases(self, **more) -> str:
        return self._about(("partner", "country", "case"), {"officer": "lead"}, more)

    def silent(self) -> str:
        """Silence is of today: it is narrowed by partner and state, and by whom we met at the events asked for."""
        return self._about(("partner", "country"), {}, {"silent": "true"}, inside="met")

    def _query(self, first: dict, more: dict) -> str:
        kept = [(name, value) for name, value in self.pairs if name not in more]
        return urlencode([*first.items(), *kept, *more.items()], doseq=True)

    def _about(self, same: tuple, renamed: dict, more: dict, inside: str = "at") -> str:
        """What both questions know by a name is asked by it; the rest is asked of the events (`inside`)."""
        names = {**{name: name for name in same}, **renamed}
        pairs = [(names[name], value) for name, value in self.pairs if name in names]
        rest = [(name, value) for name, value in self.pairs if name not in names]
        if rest:
            pairs.append((inside, urlencode(rest)))
        return urlencode([*pairs, *more.items()], doseq=True)

    # ---- counting

    @cached_property
    def around(self) -> Period | None:
        """The twelve months up to the end of a shorter period, so that it is seen among its neighbours."""
        period = self.period
        if not period.is_closed or add_months(period.after, CONTEXT) <= period.before:
            return None
        last = around(period.before, "month")
        window = Period(last.shifted(1 - CONTEXT).after, last.before)
        return window if window.after <= period.after else None

    @cached_property
    def rolled(self) -> Rolled | None:
        """The figures that are kept ready, where nothing but days is asked."""
        if self.pairs or not self.is_valid:
            return None
        beside = [self.period.shifted(-1), self.period.a_year_ago()] if self.period.is_closed else []
        return Rolled(self.seen, self.period, beside, self.around)

    def ask(self, figure: Figure) -> Question:
        """The very question that the link of a figure asks."""
        question = QUESTIONS[figure.list_name]
        seen = self._seen(question._meta.model)
        return question(QueryDict(figure.query), seen, user=self.user, on_page=True, known=self.known, lean=True)

    def _seen(self, model):
        if model not in self.visible:
            self.visible[model] = model.objects.visible_to(self.user)
        return self.visible[model]

    def rows(self, figure: Figure):
        return self.ask(figure).qs

    def count(self, figures: list[Figure], **others) -> dict[str, int]:
        """Count all figures, and the query sets `others`, in one query; figures that the reader may not ask for are 0."""
        wanted = {}
        for place, one in enumerate(figures):
            if not may(self.user, "view", QUESTIONS[one.list_name]._meta.model):
                continue
            kept = self.rolled.count(one.list_name, one.query) if self.rolled else None
            if kept is None:
                wanted[str(place)] = self.rows(one)
            else:
                one.count = kept
        numbers = count_all({**wanted, **others})
        for place in wanted:
            figures[int(place)].count = numbers[place]
        return {name: numbers[name] for name in others}
