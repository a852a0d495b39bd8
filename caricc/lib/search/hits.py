"""What a page of search shows of a hit. Each model says, beside its index, how a row looks and where its words come from.

Everything told comes from records that the reader may see, never from the keys.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.utils.safestring import SafeString

from caricc.lib.search.index import Index
from caricc.lib.search.keys import asked
from caricc.lib.search.marks import NAMES, Finder, Keys, Reason, Source, why


class Badge(NamedTuple):
    kind: str
    words: str
    icon: str = ""


class Hit(NamedTuple):
    """A row: what it is, the line that says which one, and why it is here where it does not show that itself.

    `events`: how many the address lists, where it leads to their list.
    """

    url: str
    icon: str
    title: SafeString
    line: Sequence[Any]
    reasons: list[Reason]
    badges: Sequence[Badge] = ()
    struck: bool = False
    events: int | None = None


class Hits:
    """Base of the definitions; one a model, in `hits.py` of its app. `url_name` is the address of the list of such records."""

    model: Any
    icon = "list"
    url_name = ""
    title: Any = ""
    keys: Keys = NAMES  # under which the name of such a record is kept

    of: dict[str, "Hits"] = {}  # {label of a model, lower case: its definition}

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        Hits.of[cls.model._meta.label_lower] = cls()

    def rows(self, rows: Any, user) -> Iterable[Any]:
        """The rows with all that `row` and `sources` tell, as `user` may see it; some fixed number of queries."""
        return rows.for_list(user)

    def sources(self, record) -> Iterable[Source]:
        """Every text that the record is found by, those first that its row shows."""
        raise NotImplementedError

    def row(self, record, finder: Finder, reasons: list[Reason]) -> Hit:
        raise NotImplementedError

    def finder(self, typed: str, within: bool = False) -> Finder:
        return Finder(asked(typed), Index.of[self.model._meta.label_lower].initials, within)

    def made(self, ids: Sequence[int], finder: Finder, user) -> Sequence[Hit]:
        """The rows of these ids, in their order."""
        found = {one.pk: one for one in self.rows(self.model.objects.visible_to(user).filter(pk__in=ids), user)}
        rows = [found[pk] for pk in ids if pk in found]
        return [self.row(one, finder, why(finder, self.sources(one)).reasons) for one in rows]
