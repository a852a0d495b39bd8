"""Pages of cases: the list, and one matter with all that happened in it."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from caricc.lib.bar import Offer
from caricc.lib.counts import count_all
from caricc.lib.days import today
from caricc.lib.pages import DetailPage, ListPage, add_url
from caricc.lib.told import tell
from caricc.lib.visibility import may
from caricc.models import History
from contacts.models import Organization
from events import filters
from events.choices import CaseStatus, CommitmentStatus
from events.ledger import ledger, promises
from events.models import Case, CaseNote, CasePartner, Commitment, Event
from events.partners import case_partners
from events.timeline import asked, figures, parts, time_line

MANY, OWED = 200, 50


class CaseList(ListPage):
    question_class = filters.CaseQuestion
    resource = "cases"
    url_name = "events:case_list"
    table = "events/_case_table.html"
    title = _("Cases")
    hint = _("Matters pursued with partners across events; not criminal investigations")
    words = _("Words in cases")
    icon = "folder"
    nothing_found = _("No cases match")
    nothing_yet = _("No cases yet")
    what_to_do = _("A case ties events, commitments and notes together when a matter goes on after the meeting.")
    add_words = _("Open a case")
    views = (
        (_("All cases"), ""),
        (_("Open"), "status=open"),
        (_("By next step"), "status=open&ordering=next_step_on"),
        (_("Without movement"), "without_movement=true"),
        (_("Dormant"), "status=dormant"),
        (_("Closed"), "status=closed"),
    )
    fixes = {"lead__isnull": (_("Name a lead"), "id_lead")}

    @classmethod
    def with_columns(cls, rows, user):
        return rows.for_list(user).with_figures(user).with_movement(user)

    @classmethod
    def counted(cls, n):
        return ngettext("%(n)s case", "%(n)s cases", n) % {"n": n}

    @classmethod
    def offers(cls, user):
        cases = Case.objects.visible_to(user).order_by("-id")[:MANY].values("pk")
        partners = CasePartner._base_manager.filter(case__in=cases).values("organization")
        return {"partner": Offer(Organization.objects.filter(pk__in=partners))}


class CaseDetail(DetailPage):
    model = Case
    template = "events/case_detail.html"

    def rows(self, user):
        return Case.objects.visible_to(user).for_detail(user)

    def context(self, case, user):
        events = Event.objects.visible_to(user).filter(cases=case)
        promised = Commitment.objects.visible_to(user).filter(case=case)
        still, found = promised.open(), parts(case, user, events, promised)
        counts = count_all(
            {
                **figures(found),
                "ours": still.ours(),
                "theirs": still.theirs(),
                "late": promised.overdue(),
                "open": still,
                "over": promised.exclude(status=CommitmentStatus.OPEN),
                "quiet": Case.objects.without_movement(user).filter(pk=case.pk),
            }
        )
        owed = list(still.for_list(user).order_by("due_date", "id")[:OWED])
        changes = may(user, "change", Case)
        return {
            "restricted": case if case.is_restricted else None,
            "line": time_line(asked(self.request.GET), case, user, found, counts),
            "counts": counts,
            "owed": owed,
            "case_ledger": ledger(owed, promises({"case": [case.pk], "status": ["open"]}, user)) if owed else None,
            "is_quiet": bool(counts["quiet"]),
            "partners": case_partners(case, events),
            "history": tell(History.objects.of(case), user),
            "add_event": add_url(user, Event, cases=case.pk),
            "add_commitment": add_url(user, Commitment, case=case.pk),
            "may_note": may(user, "add", CaseNote),
            "may_change": changes,
            "is_open": case.status == CaseStatus.OPEN,
            "is_closed": case.status == CaseStatus.CLOSED,
            "today": today(),
        }
