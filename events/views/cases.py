"""Pages of cases: the list, and one matter with all that happened in it."""

from django.db.models import Count
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from caricc.lib.bar import Offer
from caricc.lib.days import today
from caricc.lib.pages import DetailPage, ListPage, add_url, count_all
from caricc.lib.told import tell
from caricc.models import History
from contacts.models import Organization
from events import filters
from events.choices import CommitmentStatus
from events.ledger import due_words, ledger
from events.models import Case, CasePartner, Commitment, Delegation, Event

MANY = 200


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
        (_("Dormant"), "status=dormant"),
        (_("Closed"), "status=closed"),
    )
    fixes = {"lead__isnull": (_("Name a lead"), "id_lead")}

    @classmethod
    def with_columns(cls, rows, user):
        return rows.for_list(user).with_figures(user)

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
        return Case.objects.visible_to(user).for_list(user).prefetch_related("readers", "reader_groups")

    def context(self, case, user):
        events = Event.objects.visible_to(user).filter(cases=case)
        shown = list(events.for_rows(user).order_by("-start_date", "-id")[:MANY])
        promised = Commitment.objects.visible_to(user).filter(case=case)
        still, late = promised.open(), promised.overdue()
        owed = list(promised.for_list(user).order_by("due_date", "id")[:MANY])
        counts = count_all(
            {
                "events": events,
                "ours": still.ours(),
                "theirs": still.theirs(),
                "late": late,
                "open": still,
                "all": promised,
            }
        )
        notes = list(case.notes.select_related("created_by").order_by("-day", "-created_at", "-id")[:MANY])
        return {
            "restricted": case if case.is_restricted else None,
            "timeline": timeline(shown, owed, notes),
            "event_count": counts["events"],
            "owed": owed,
            "case_ledger": ledger(owed),
            "ours_open": counts["ours"],
            "theirs_open": counts["theirs"],
            "late": counts["late"],
            "closed": counts["all"] - counts["open"],
            "partners": case_partners(case, events),
            "history": tell(History.objects.of(case), user),
            "add_event": add_url(user, Event, cases=case.pk),
            "add_commitment": add_url(user, Commitment, case=case.pk),
        }


def case_partners(case, events) -> list[dict]:
    """Partners named on the case with their roles, then those met at its visible events; each with how often."""
    met = Delegation._base_manager.filter(event__in=events.values("pk"), organization__own=False).order_by()
    times = dict(met.values("organization").annotate(n=Count("event", distinct=True)).values_list("organization", "n"))
    roles: dict[int, list[str]] = {}
    bodies = {}
    for partner in case.partners.all():
        roles.setdefault(partner.organization_id, []).append(partner.get_role_display())
        bodies[partner.organization_id] = partner.organization
    others = Organization.objects.in_bulk([pk for pk in times if pk not in bodies])
    bodies |= dict(sorted(others.items(), key=lambda item: -times[item[0]]))
    return [{"body": body, "roles": roles.get(pk, []), "times": times.get(pk, 0)} for pk, body in bodies.items()]


def timeline(events, commitments, notes) -> list[dict]:
    """What happened in a case, the newest first; what is due or planned stands above today."""
    now = today()
    line = [
        {"at": event.start_date, "event": event, "css": "ahead" if event.start_date > now else ""} for event in events
    ]
    line += [{"at": note.day, "note": note, "css": "note"} for note in notes]
    for one in commitments:
        one.when = due_words(one, now)
        if one.status == CommitmentStatus.OPEN and one.due_date:
            line.append({"at": one.due_date, "owe": one, "css": "promise is-late" if one.is_overdue else "promise"})
        elif one.status == CommitmentStatus.FULFILLED and one.closed_on:
            line.append({"at": one.closed_on, "owe": one, "css": "done"})
    line.sort(key=lambda item: item["at"], reverse=True)
    ahead = [item for item in line if item["at"] > now]
    behind = [item for item in line if item["at"] <= now]
    return [*ahead, {"today": True, "css": "today"}, *behind] if ahead else behind
