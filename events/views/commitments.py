"""Pages of commitments: the ledger and the record."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from caricc.lib.bar import Offer
from caricc.lib.days import today
from caricc.lib.pages import DetailPage, ListPage
from caricc.lib.told import tell
from caricc.models import History
from contacts.models import Organization
from events import filters
from events.ledger import due_words, ledger
from events.models import Commitment

MANY = 200


class CommitmentList(ListPage):
    question_class = filters.CommitmentQuestion
    resource = "commitments"
    url_name = "events:commitment_list"
    table = "events/_commitment_table.html"
    title = _("Commitments")
    hint = _("What was promised, in both directions")
    words = _("Words in commitments")
    icon = "agree"
    nothing_found = _("No commitments match")
    nothing_yet = _("No commitments yet")
    what_to_do = _("Who owes what to whom by when is noted with the event at which it was promised.")
    add_words = _("Add a commitment")
    views = (
        (_("All"), ""),
        (_("Open"), "status=open"),
        (_("Overdue"), "overdue=true"),
        (_("We owe"), "status=open&direction=ours"),
        (_("Owed to us"), "status=open&direction=theirs"),
    )
    fixes = {
        "due__isnull": (_("Add a due date"), "id_due_date"),
        "officer__isnull": (_("Name an officer"), "id_responsible"),
    }

    @classmethod
    def counted(cls, n):
        return ngettext("%(n)s commitment", "%(n)s commitments", n) % {"n": n}

    @classmethod
    def offers(cls, user):
        seen = Commitment.objects.visible_to(user).open().order_by("-id")[:MANY]
        sides = Q(pk__in=seen.values("debtor")) | Q(pk__in=seen.values("creditor"))
        return {"partner": Offer(Organization.objects.partners().filter(sides))}

    @classmethod
    def sections(cls, answer):
        return [{"ledger": ledger(answer.rows)}]


class CommitmentDetail(DetailPage):
    model = Commitment
    template = "events/commitment_detail.html"

    def context(self, commitment, user):
        kept_by = [one for one in (commitment.event, commitment.case) if one is not None and one.is_restricted]
        if not kept_by and commitment.event_id and commitment.event.parent_id and commitment.event.parent.is_restricted:
            kept_by = [commitment.event.parent]
        return {
            "restricted": kept_by[0] if kept_by else None,
            "when": due_words(commitment, today()),
            "history": tell(History.objects.of(commitment), user),
        }
