"""Pages of people. What they say of events is asked of the events' own lists, for each reader."""

from django.db.models import Count
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from caricc.lib.bar import Offer
from caricc.lib.days import today
from caricc.lib.pages import DetailPage, ListPage, list_at, panel
from caricc.lib.told import tell
from caricc.models import History
from contacts import filters
from contacts.career import career
from contacts.hits import with_reasons
from contacts.merging import about_twins
from contacts.models import Organization, Person, Post
from contacts.twins import pair_by_pair, with_twins

EVENTS, CASES = "events:event_list", "events:case_list"
LARGEST = 12


class PersonList(ListPage):
    question_class = filters.PersonQuestion
    resource = "people"
    url_name = "contacts:person_list"
    table = "contacts/_person_table.html"
    title = _("People")
    words = _("Names of people")
    icon = "person"
    nothing_found = _("Nobody matches")
    nothing_yet = _("Nobody yet")
    what_to_do = _("People are entered once, with all spellings of their names, when an event is logged or here.")
    add_words = _("Add a person")
    fixes = {
        "without_post": (_("Add a post"), "posts-group"),
        "twins": (_("Compare the names"), "names-group"),
    }

    @classmethod
    def sections(cls, answer):
        with_twins(answer)
        with_reasons(
            answer, lambda person: {name.written() for name in person.names.all() if name.script == "cyrillic"}
        )
        return [{"rows": answer.rows}]

    @classmethod
    def remark(cls, answer):
        return pair_by_pair(answer)

    @classmethod
    def counted(cls, n):
        return ngettext("%(n)s person", "%(n)s people", n) % {"n": n}

    @classmethod
    def offers(cls, user):
        posts = (
            Post._base_manager.order_by().values("organization").annotate(n=Count("pk")).order_by("-n", "organization")
        )
        largest = posts.values("organization")[:LARGEST]
        return {
            "organization": Offer(Organization.objects.filter(pk__in=largest)),
            "country": Offer(states=((Organization.objects.visible_to(user), "country"),)),
        }


class PersonDetail(DetailPage):
    model = Person
    template = "contacts/person_detail.html"

    def rows(self, user):
        return Person.objects.visible_to(user).prefetch_related("posts__organization", "names")

    def context(self, person, user):
        events = list_at(EVENTS).model()
        met = events.objects.visible_to(user).with_delegate([person.pk]).order_by("-start_date")
        owed = person.responsibilities.visible_to(user).for_list(user).order_by("status", "due_date", "id")
        posts = sorted(
            person.posts.all(), key=lambda one: (one.until is None, one.since or one.until or today()), reverse=True
        )
        return {
            "posts": posts,
            "career": career(posts, list(met.values_list("start_date", flat=True)[:300]), today()),
            "shown": next((name for name in person.names.all() if name.preferred), None),
            "events": panel(EVENTS, user, person=person.pk),
            "cases": panel(CASES, user, lead=person.pk),
            "responsible": list(owed.open()[:20]),
            "history": tell(History.objects.of(person), user),
            **about_twins(person, user),
        }
