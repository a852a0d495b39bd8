"""Records that may be there twice: told while a new one is typed, and listed pair by pair."""

from itertools import zip_longest
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views import View

from caricc.lib.pages import ListPage
from caricc.lib.text import clean_text
from caricc.lib.visibility import may
from contacts import filters
from contacts.likeness import HINT, JUDGES, LIKELY, Body
from contacts.merging import address
from contacts.models import Organization, Person, PersonName
from contacts.twins import Twin, likely_twins, met, records

NAMES, LONGEST = 12, 300


class Like(View):
    """The records that may be meant by what is being typed, as a fragment of the editing page.

    Names may come several times. `but` is the id of the record that is edited; with `new` one can say that it is another.
    """

    model = None
    http_method_names = ["get", "head", "options"]

    def typed(self, name: str) -> list[str]:
        values = self.request.GET.getlist(name)[:NAMES]
        return [clean_text(value.replace("\x00", "")[:LONGEST]).strip() for value in values]

    def one(self, name: str) -> str:
        return (self.typed(name) or [""])[0]

    def number(self, name: str) -> int | None:
        value = self.one(name)
        return int(value) if value.isascii() and value.isdigit() and len(value) < 17 else None

    def told(self):
        """What was typed, as the judge of the model wants it; None where that is nothing."""
        raise NotImplementedError

    def get(self, request):
        if not may(request.user, "view", self.model):
            raise PermissionDenied
        told, but = self.told(), self.number("but")
        likes = likely_twins(self.model, told, request.user, but, HINT) if told else []
        may_save = bool(self.one("new")) and any(twin.score >= LIKELY for twin in likes)
        return render(request, "contacts/_likes.html", {"likes": likes, "may_save": may_save})


class LikePeople(Like):
    model = Person

    def told(self):
        fields = (self.typed(name) for name in ("family", "given", "patronymic"))
        names = [
            PersonName(family=family, given=given, patronymic=patronymic).written()
            for family, given, patronymic in zip_longest(*fields, fillvalue="")
        ]
        return tuple(dict.fromkeys(name for name in names if name))


class LikeOrganizations(Like):
    model = Organization

    def told(self):
        names = tuple(dict.fromkeys(filter(None, [*self.typed("name"), *self.typed("short_name")])))
        if not names:
            return None
        return Body(
            names, self.one("country"), self.one("kind"), self.number("parent"),
            self.one("seat_country"), self.number("seat_city"), self.number("succeeded_by"), self.number("but"),
        )  # fmt: skip


class Duplicates(ListPage):
    """Pairs, the likeliest first; what is said of events is what the reader may see of them."""

    table = "contacts/_duplicates.html"
    words = _("Names of either")
    icon = "person"
    nothing_found = _("No pair matches")
    nothing_yet = _("Nothing seems to be on record twice")
    what_to_do = _("Pairs come and go by themselves as names are entered, changed, merged or said to be different.")
    adds_here = False

    @classmethod
    def subject(cls):
        return cls.model().about

    @classmethod
    def counted(cls, n):
        return ngettext("%(n)s pair", "%(n)s pairs", n) % {"n": n}

    @classmethod
    def sections(cls, answer):
        model, judge, user = cls.subject(), JUDGES[cls.subject()], answer.user
        ids = sorted({pk for pair in answer.rows for pk in (pair.first, pair.second)})
        seen, told, at_events = records(model, ids, user), judge.told(ids), met(model, ids, user)
        rows = []
        for pair in answer.rows:
            both = (pair.first, pair.second)
            if not all(pk in seen and pk in told for pk in both):
                continue
            why = judge.judge(told[pair.first], told[pair.second], reasons=True).reasons
            rows.append([Twin(seen[pk], pair.score / 100, why, at_events.get(pk)) for pk in both])
        allowed = user.is_staff and may(user, "change", model)
        return [
            {
                "rows": [
                    {"both": row, "merge": f"{address(model, 'merge')}?{cls.named(row)}" if allowed else ""}
                    for row in rows
                ],
                "different": address(model, "different") if allowed else "",
                "back": cls.url(answer.plain_query),
                "of_people": model is Person,
            }
        ]

    @staticmethod
    def named(row) -> str:
        return urlencode({name: twin.record.pk for name, twin in zip("ab", row, strict=True)})


class DuplicatePeople(Duplicates):
    question_class = filters.ProposedPeopleQuestion
    url_name = "contacts:person_duplicates"
    title = _("People who may be on record twice")


class DuplicateOrganizations(Duplicates):
    question_class = filters.ProposedOrganizationsQuestion
    url_name = "contacts:organization_duplicates"
    icon = "building"
    title = _("Organizations that may be on record twice")
