"""Pages of events and of what follows; one file a concept."""

from events.views.calendar import Calendar
from events.views.case_deeds import AddNote, CloseCase, LinkCases, NextStep, ReopenCase, RestCase
from events.views.cases import CaseDetail, CaseList
from events.views.commitments import CommitmentDetail, CommitmentList, choose_shape
from events.views.dashboard import Dashboard
from events.views.deeds import Assign, Fulfil, Reopen, Shift, Withdraw
from events.views.events import EventDetail, EventList
from events.views.feeds import Feeds, RevokeFeed, feed
from events.views.handover import Handover
from events.views.inbox import Inbox
from events.views.outcomes import FollowUp, OutcomeList, TakeUpAgain
from events.views.search import Search

__all__ = [
    "AddNote",
    "Assign",
    "Calendar",
    "CaseDetail",
    "CaseList",
    "CloseCase",
    "CommitmentDetail",
    "CommitmentList",
    "Dashboard",
    "EventDetail",
    "EventList",
    "Feeds",
    "FollowUp",
    "Fulfil",
    "Handover",
    "Inbox",
    "LinkCases",
    "NextStep",
    "OutcomeList",
    "Reopen",
    "ReopenCase",
    "RestCase",
    "RevokeFeed",
    "Search",
    "Shift",
    "TakeUpAgain",
    "Withdraw",
    "choose_shape",
    "feed",
]
