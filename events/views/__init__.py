"""Pages of events and of what follows; one file a concept."""

from events.views.cases import CaseDetail, CaseList
from events.views.commitments import CommitmentDetail, CommitmentList, choose_shape
from events.views.dashboard import Dashboard
from events.views.deeds import Assign, Fulfil, Reopen, Shift, Withdraw
from events.views.events import EventDetail, EventList
from events.views.handover import Handover
from events.views.outcomes import FollowUp, OutcomeList, TakeUpAgain
from events.views.search import Search

__all__ = [
    "Assign",
    "CaseDetail",
    "CaseList",
    "CommitmentDetail",
    "CommitmentList",
    "Dashboard",
    "EventDetail",
    "EventList",
    "FollowUp",
    "Fulfil",
    "Handover",
    "OutcomeList",
    "Reopen",
    "Search",
    "Shift",
    "TakeUpAgain",
    "Withdraw",
    "choose_shape",
]
