"""What happened and what follows; one file a concept."""

from events.models.case import Case, CaseAlias, CaseNote, CasePartner
from events.models.commitment import Commitment, CommitmentShift
from events.models.delegation import Delegate, Delegation
from events.models.event import Event, Source, Topic
from events.models.outcome import Outcome
from events.models.tally import EventTally, PartnerTally, SubjectTally

__all__ = [
    "Case",
    "CaseAlias",
    "CaseNote",
    "CasePartner",
    "Commitment",
    "CommitmentShift",
    "Delegate",
    "Delegation",
    "Event",
    "EventTally",
    "Outcome",
    "PartnerTally",
    "Source",
    "SubjectTally",
    "Topic",
]
