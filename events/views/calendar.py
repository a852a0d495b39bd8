"""The calendar: the list of events laid out in days, with the promises and next steps that fall due on them."""

import datetime
import re
from urllib.parse import urlencode

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from caricc.lib.answer import NOT_ASKED
from caricc.lib.bar import carried
from caricc.lib.days import today, written
from caricc.lib.periods import Period, add_months, around
from events.choices import DatePrecision
from events.diary import TIME, Diary
from events.filters import EventQuestion
from events.months import ONE, Day, Sheet, inside, sheet, weeks_around
from events.views.events import EventList

SHAPES = (("month", gettext_lazy("Month")), ("agenda", gettext_lazy("Agenda")))
AHEAD = 60  # days of an agenda that names no month
MONTH = re.compile(r"(19\d\d|20\d\d|2100)-(0[1-9]|1[0-2])", re.ASCII)


class OnCalendar(EventQuestion):
    """The question of the list, which carries the shape of the page and its month along in every link it makes."""

    bar = [pick for pick in EventQuestion.bar if "date_after" not in pick[2]]  # the month is the period
    beside_filters = ("shape", "month")

    def _with_view(self, data):
        data = super()._with_view(data)
        self.wrong: dict[str, str] = {}
        self.beside: dict[str, str] = {}
        for name in self.beside_filters:
            for value in data.pop(name, [])[-1:]:
                self.beside[name] = value
        if self.shape not in dict(SHAPES):
            known = ", ".join(name for name, _label in SHAPES)
            self.wrong["shape"] = _("“%(value)s” is not one of: %(known)s.") % {
                "value": self.shape[:60],
                "known": known,
            }
        if not MONTH.fullmatch(self.beside.get("month", "2021-10")):
            self.wrong["month"] = _("Write a month between 1900 and 2100 as 2021-10.")
        return data

    @property
    def shape(self) -> str:
        return self.beside.get("shape", SHAPES[0][0])

    @cached_property
    def form(self):
        form = super().form
        for name, message in self.wrong.items():
            form.errors.setdefault(name, form.error_class()).append(message)
        return form

    def query(self, without=(), **values):
        beside = {name: value for name, value in self.beside.items() if name not in without}
        return super().query(without, **{**beside, **values})

    def of_rows(self, without=(), **values) -> str:
        """The question as the lists ask it."""
        return super().query((*NOT_ASKED, "ordering", *without), **values)

    def chips(self):
        made = super().chips()
        for chip in made:
            chip["query"] = "&".join(part for part in (chip["query"], urlencode(self.beside)) if part)
        return made

    # ---- the days that are shown

    @cached_property
    def month(self) -> Period:
        """The month named, else that in which the period asked for begins, else this one."""
        if "month" in self.beside:
            return around(datetime.date.fromisoformat(f"{self.beside['month']}-01"), "month")
        asked, now = self.days(), today()
        if asked.after is None and asked.before is not None and asked.before < now:
            return around(asked.before, "month")
        return around(asked.after or now, "month")

    @cached_property
    def shown(self) -> Period:
        if self.shape == "agenda" and "month" not in self.beside and self.days() == Period():
            return Period(today(), today() + (AHEAD - 1) * ONE)
        return self.month

    def at_month(self, first: datetime.date) -> str:
        """This question in another month; a period that would leave nothing of it is let go."""
        there, asked = around(first, "month"), self.days()
        touches = (asked.after is None or asked.after <= there.before) and (
            asked.before is None or asked.before >= there.after
        )
        return self.query(() if touches else TIME, month=f"{first:%Y-%m}")


class Calendar(EventList):
    question_class = OnCalendar
    resource = ""
    url_name = "events:calendar"
    title = gettext_lazy("Calendar")
    hint = gettext_lazy("Events, and what falls due")
    results = "events/_calendar.html"
    views = ()
    counts_itself = True

    def calendar_url(self, answer):
        return ""

    def exports(self, user, answer):
        return []

    def more(self, answer):
        question = answer.question
        made = {"carried": [*carried(question), *question.beside.items()]}
        if not question.is_valid():
            answer.count = 0
            return made
        diary, agenda = Diary(question), question.shape == "agenda"
        shown, asked = question.shown, question.days()
        found = sheet(diary, shown if agenda else weeks_around(shown), shown, asked, with_parties=agenda)
        answer.count = found.total
        figures = Figures(question, diary)
        for day in found.days.values():
            figures.put_on(day)
        return {
            **made,
            "agenda": agenda,
            "home_zone": settings.TIME_ZONE,
            "sheet": found,
            "weeks": [] if agenda else found.weeks(),
            "weekdays": [shown_day.date for shown_day in list(found.days.values())[:7]],
            "heading": str(shown) if "month" in question.beside or not agenda else self.heading_of(question),
            "rows_url": figures.events(*_ends(found)) if found.total else "",
            "vague": vague(found, question),
            "left_out": [str(question.filters[name].label) for name in diary.unanswered],
            "without_left_out": question.query(diary.unanswered),
            "shapes": [
                {"label": label, "query": question.query(shape=None if name == "month" else name), "current": name == question.shape}
                for name, label in SHAPES
            ],
            "steps": self.steps(question),
            "feeds_url": _address("events:feeds", question.of_rows()),
        }  # fmt: skip

    @staticmethod
    def heading_of(question) -> str:
        if question.shown == question.month:
            return str(question.month)
        return ngettext("The next %(n)s day", "The next %(n)s days", AHEAD) % {"n": AHEAD}

    @staticmethod
    def steps(question) -> dict:
        """Links to the month before and after and to today; none leads beyond 1900 and 2100."""
        first = question.month.after
        before, after = add_months(first, -1), add_months(first, 1)
        let_go = () if inside(today(), question.days()) else TIME
        return {
            "before": {"first": before, "query": question.at_month(before)} if before != first else None,
            "after": {"first": after, "query": question.at_month(after)} if after != first else None,
            "today": question.query((*let_go, "month")),
            "is_today": "month" not in question.beside and question.month == around(today(), "month"),
        }


class Figures:
    """The links from a day to its rows: what is counted is what the list behind the link lists."""

    def __init__(self, question: OnCalendar, diary: Diary):
        self.question, self.diary = question, diary

    def events(self, after, before) -> str:
        days = {"date_after": after.isoformat(), "date_before": before.isoformat()}
        return _address("events:event_list", self.question.of_rows(("period",), **days))

    def put_on(self, day: Day) -> None:
        day.url = self.events(day.date, day.date) if day.count and day.asked else ""
        day.due_url = day.steps_url = ""
        if day.due:
            day.due_url = self.on(day, "events:commitment_list", self.diary.due_query, "due")
        if day.steps:
            day.steps_url = self.on(day, "events:case_list", self.diary.step_query, "next_step")

    @staticmethod
    def on(day: Day, list_name: str, query: QueryDict, name: str) -> str:
        asked: QueryDict = query.copy()
        asked[f"{name}_after"] = asked[f"{name}_before"] = day.date.isoformat()
        return _address(list_name, asked.urlencode())


def vague(found: Sheet, question) -> list[dict]:
    """What is known to the month or the year only, which is no day's."""
    month = question.shown.after
    titles = {
        DatePrecision.MONTH: _("Some time in %(month)s") % {"month": written(month, "F Y")},
        DatePrecision.YEAR: _("Some time in %(year)s") % {"year": written(month, "Y")},
    }
    if question.shown != question.month:
        titles = {DatePrecision.MONTH: _("Some time in these months"), DatePrecision.YEAR: _("Some time in the year")}
    return [
        {"title": title, "rows": found.vague[name], "cut": found.vague_count[name] > len(found.vague[name])}
        for name, title in titles.items()
        if found.vague[name]
    ]


def _ends(found: Sheet):
    within = [day.date for day in found.days.values() if day.within]
    return within[0], within[-1]


def _address(name: str, query: str) -> str:
    return reverse(name) + (f"?{query}" if query else "")
