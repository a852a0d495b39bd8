"""Pages of events and of what follows; one file a concept."""

from events.views.case_deeds import AddNote, CloseCase, LinkCases, NextStep, ReopenCase, RestCase
from events.views.cases import CaseDetail, CaseList
from events.views.commitments import CommitmentDetail, CommitmentList
from events.views.dashboard import Dashboard
from events.views.events import EventDetail, EventList
from events.views.search import Search

__all__ = [
    "AddNote",
    "CaseDetail",
    "CaseList",
    "CloseCase",
    "CommitmentDetail",
    "CommitmentList",
    "Dashboard",
    "EventDetail",
    "EventList",
    "LinkCases",
    "NextStep",
    "ReopenCase",
    "RestCase",
    "Search",
]
