"""Pages of events and of what follows; one file a concept."""

from events.views.calendar import Calendar
from events.views.cases import CaseDetail, CaseList
from events.views.commitments import CommitmentDetail, CommitmentList
from events.views.dashboard import Dashboard
from events.views.events import EventDetail, EventList
from events.views.feeds import Feeds, RevokeFeed, feed
from events.views.inbox import Inbox
from events.views.search import Search

__all__ = [
    "Calendar",
    "CaseDetail",
    "CaseList",
    "CommitmentDetail",
    "CommitmentList",
    "Dashboard",
    "EventDetail",
    "EventList",
    "Feeds",
    "Inbox",
    "RevokeFeed",
    "Search",
    "feed",
]
