"""Pages of commitments: the ledger and the record."""

from django.db.models import Q
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from caricc.lib.acts import way_back
from caricc.lib.bar import Offer
from caricc.lib.days import today
from caricc.lib.pages import DetailPage, ListPage
from caricc.lib.told import tell
from caricc.lib.visibility import may
from caricc.models import History
from caricc.views import keep
from contacts.models import Organization
from events import filters
from events.ledger import due_words, ledger
from events.models import Commitment

MANY = 200
SHAPES = {"ledger": "events/_commitment_ledger.html", "table": "events/_commitment_table.html"}
KEPT_AS = "commitments"  # the cookie that keeps the shape: how rows look is nobody's question


@require_POST
def choose_shape(request):
    """Ledger or table: kept for the reader, so that an address asks the same for everybody."""
    response = HttpResponseRedirect(way_back(request, reverse(CommitmentList.url_name)))
    shape = request.POST.get("shape", "")
    return keep(response, KEPT_AS, shape) if shape in SHAPES else response


class CommitmentList(ListPage):
    question_class = filters.CommitmentQuestion
    resource = "commitments"
    url_name = "events:commitment_list"
    table = SHAPES["ledger"]
    tools = "events/_commitment_tools.html"
    shape = "ledger"
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
        return {
            "country": Offer(states=((Organization.objects.partners().filter(sides), "country"),)),
            "partner": Offer(Organization.objects.partners().filter(sides)),
        }

    @classmethod
    def sections(cls, answer):
        partial = answer.more_before or answer.more_after
        return [{"rows": answer.rows, "ledger": ledger(answer.rows, answer.question, partial)}]

    def get(self, request):
        self.shape = request.COOKIES.get(KEPT_AS, self.shape)
        self.shape = self.shape if self.shape in SHAPES else "ledger"
        self.table = SHAPES[self.shape]
        return super().get(request)


class CommitmentDetail(DetailPage):
    model = Commitment
    template = "events/commitment_detail.html"

    def rows(self, user):
        return Commitment.objects.visible_to(user).for_detail(user)

    def context(self, commitment, user):
        kept_by = [one for one in (commitment.event, commitment.case) if one is not None and one.is_restricted]
        if not kept_by and commitment.event_id and commitment.event.parent_id and commitment.event.parent.is_restricted:
            kept_by = [commitment.event.parent]
        return {
            "restricted": kept_by[0] if kept_by else None,
            "when": due_words(commitment, today()),
            "shifts": commitment.shifts.all(),
            "changes": may(user, "change", Commitment),
            "history": tell(History.objects.of(commitment), user),
        }
