"""A question as a page answers it: the rows of one page, how many there are in all, and where the others are."""

from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import cached_property

from caricc.lib.counts import AtLeast, count_few
from caricc.lib.filters import PLACED, Question
from caricc.lib.keyset import LAST, Stretch
from caricc.lib.search.hits import Hits
from caricc.lib.search.instead import FEW, instead
from caricc.lib.search.marks import Finder
from caricc.lib.search.near import nearest_names

if TYPE_CHECKING:
    from caricc.lib.pages import Fix, ListPage

PER_PAGE, AT_MOST = 50, 500
NOT_ASKED = (*PLACED, "limit", "count", "of_view")


def chips_of(question: Question) -> list[dict]:
    """What of a question is in force, called as the bar calls it; nothing of one that makes no sense."""
    if not question.is_valid():
        return []
    titles = {names[0]: title for title, _icon, names in question.bar if len(names) == 1}
    return [{**chip, "label": titles.get(chip["name"], chip["label"])} for chip in question.chips()]


class Answer:
    """A question, its rows on this page, and how many there are in all, counted as far as that is cheap.

    The links to other pages say where to go on (`cursor`); `page` beside it only says where that is.
    """

    def __init__(self, page: "type[ListPage]", user, data):
        self.page, self.user = page, user
        self.question = page.ask(user, data)
        cleaned = self.question.form.cleaned_data
        self.limit = int(min(cleaned.get("limit") or PER_PAGE, AT_MOST))
        self.number = int(cleaned.get("page") or 1)
        self.start = int(cleaned.get("offset") or 0) or (self.number - 1) * self.limit
        self.number = self.start // self.limit + 1
        self.is_placed = bool(cleaned.get("page")) or not cleaned.get("cursor")  # whether the number is known

    @property
    def errors(self):
        return self.question.errors

    @cached_property
    def stretch(self) -> Stretch:
        place, limit = self.question.place, self.limit
        if place is not None and place.side == LAST and self.is_placed:
            limit = min(max(self.count - self.start, 1), limit)  # so that the last page begins where it does by number
        rows, start = self.question.qs, 0 if place else self.start
        wide = self.page.with_columns
        return Stretch(rows, limit, lambda chosen: wide(chosen, self.user), place, start, self.page.in_one)

    @cached_property
    def rows(self) -> list:
        return self.stretch.rows if self.question.is_valid() else []

    @property
    def all_seen(self) -> bool:
        """Whether the page itself tells how many rows there are."""
        if not self.question.is_valid():
            return True
        known = "stretch" in self.__dict__ and self.question.place is None and not self.stretch.more_after
        return known and bool(self.rows or not self.start)

    @cached_property
    def count(self) -> int:
        """How many rows there are; an `AtLeast` where they are many and nobody asked for the number."""
        if self.all_seen:
            return self.start + len(self.rows)
        exact = self.question.form.cleaned_data.get("count") is True
        return self.question.qs.order_by().count() if exact else count_few({"": self.question.qs})[""]

    def count_with(self, others: dict[str, QuerySet]) -> dict[str, int]:
        """The counts of other rows, with this one in the same query."""
        mine = {} if self.all_seen or self.question.form.cleaned_data.get("count") else {"": self.question.qs}
        counts = count_few({**others, **mine})
        if mine:
            self.count = counts.pop("")
        return counts

    @property
    def is_counted(self) -> bool:
        return not isinstance(self.count, AtLeast)

    @property
    def count_them(self) -> str:
        """This very page with the exact number."""
        return self.question.query(count="true")

    @property
    def first(self) -> int:
        return self.start + 1

    @property
    def last(self) -> int:
        return self.start + len(self.rows)

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // self.limit))

    @property
    def more_before(self) -> bool:
        return self.question.is_valid() and self.stretch.more_before

    @property
    def more_after(self) -> bool:
        return self.question.is_valid() and self.stretch.more_after

    @property
    def beyond(self) -> bool:
        """Whether this page lies behind the last one, or before the first."""
        return bool(self.count) and not self.rows

    def query(self, **values) -> str:
        return self.question.query(PLACED, **values)

    def at(self, number: int, cursor: str) -> str:
        """The page of that number by its place; by the number alone where the order knows no places."""
        return self.query(page=number if self.is_placed or not cursor else None, cursor=cursor)

    @property
    def plain_query(self) -> str:
        return self.question.query(NOT_ASKED)

    @property
    def previous(self) -> str:
        if not self.rows:
            return self.query(page=min(self.number - 1, self.pages)) if self.number > 1 else ""
        return self.at(max(self.number - 1, 1), self.stretch.before) if self.more_before else ""

    @property
    def next(self) -> str:
        return self.at(self.number + 1, self.stretch.after) if self.more_after else ""

    @property
    def last_page(self) -> str:
        number, end = self.pages, self.stretch.end if self.question.is_valid() else ""
        return self.query(page=number if self.is_counted else None, cursor=end) if end else self.query(page=number)

    @property
    def leads_to_last(self) -> bool:
        """Whether the last page is worth a link: it is not this one or the next, and its rows are found at once."""
        known = not self.is_counted or not self.is_placed or self.number + 1 < self.pages
        return self.more_after and known and bool(self.stretch.end)

    @property
    def larger(self) -> list[tuple[int, str]]:
        return [
            (n, self.query(limit=n)) for n in (100, 500) if n > self.limit and (self.more_before or self.more_after)
        ]

    @property
    def is_asked(self) -> bool:
        """Whether anything narrows the rows."""
        return bool(self.plain_query) and set(self.question.data) - {*NOT_ASKED, "ordering"} != set()

    @property
    def asks_beside_words(self) -> bool:
        return set(self.question.data) - {*NOT_ASKED, "ordering", "q"} != set()

    @cached_property
    def chips(self) -> list[dict]:
        return chips_of(self.question)

    @property
    def ordering(self) -> str:
        return self.question.form.cleaned_data.get("ordering") or self.question.default_ordering

    def orders(self) -> dict[str, dict]:
        """{name: how the head of that column sorts}."""
        made = {}
        for name in self.question.filters["ordering"].orders:
            now = {name: "ascending", f"-{name}": "descending"}.get(self.ordering, "")
            wanted = f"-{name}" if now == "ascending" or (not now and "date" in name) else name
            made[name] = {"now": now, "query": self.query(ordering=wanted)}
        return made

    def asks(self, name: str) -> bool:
        """Whether `name` is asked with yes."""
        return self.question.is_valid() and self.question.form.cleaned_data.get(name) is True

    @cached_property
    def sections(self) -> list[dict]:
        return self.page.sections(self)

    @cached_property
    def words(self) -> str:
        """The words that were asked for, if that made sense."""
        return self.question.form.cleaned_data.get("q") or "" if self.question.is_valid() else ""

    @cached_property
    def finder(self) -> Finder | None:
        """What marks these words in the rows; None where none were asked for."""
        hits = Hits.of.get(self.page.model()._meta.label_lower)
        if not self.words or hits is None:
            return None
        return hits.finder(self.words, self.question.meaning(hits.model, self.words).within)

    @cached_property
    def instead(self) -> list[dict]:
        """What to ask instead of words that find nothing at all, with everything else that is asked left as it is."""
        if not self.words or self.count:
            return []
        seen = self.page.model().objects.visible_to(self.user).order_by()
        if self.asks_beside_words and self.question.meaning(seen.model, self.words).of(seen).exists():
            return []

        def counted(words: str) -> int:
            return Answer(self.page, self.user, QueryDict(self.query(q=words))).count

        offers = instead(self.words, counted, nearest_names(self.words, self.user, FEW))
        return [
            {"offer": one, "url": self.page.url(self.query(q=one.words)), "counted": self.page.counted(one.found)}
            for one in offers
        ]

    @cached_property
    def fix(self) -> "Fix | None":
        """What mends the rows, where they were asked for by what is wrong with them and the reader may mend it."""
        asked = next((name for name in self.page.fixes if self.asks(name)), "")
        return self.page.fix(asked, self.user) if asked else None
