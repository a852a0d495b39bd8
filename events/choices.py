"""The lists of values of the contract, in the words of the domain."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class EventKind(models.TextChoices):
    BILATERAL = "bilateral", _("Bilateral meeting")
    MEETING = "meeting", _("Meeting")
    WORKING_GROUP = "working_group", _("Working group")
    CONFERENCE = "conference", _("Conference")
    WORKSHOP = "workshop", _("Workshop")
    BRIEFING = "briefing", _("Briefing")
    VISIT = "visit", _("Visit")
    CEREMONY = "ceremony", _("Ceremony")
    OTHER = "other", _("Other")


class EventStatus(models.TextChoices):
    PLANNED = "planned", _("Planned")
    HELD = "held", _("Held")
    POSTPONED = "postponed", _("Postponed")
    CANCELLED = "cancelled", _("Cancelled")


class EventFormat(models.TextChoices):
    IN_PERSON = "in_person", _("In person")
    ONLINE = "online", _("Online")
    HYBRID = "hybrid", _("Hybrid")


class DatePrecision(models.TextChoices):
    DAY = "day", _("These days")
    WITHIN = "within", _("Some time within these days")
    MONTH = "month", _("Some time in the month")
    YEAR = "year", _("Some time in the year")


class Group(models.TextChoices):
    """Parties that are neither one body nor one state."""

    DIPLOMATIC_CORPS = "diplomatic_corps", _("Diplomatic corps")
    MEMBER_STATES = "member_states", _("Member states")
    DONOR_COUNTRIES = "donor_countries", _("Donor countries")
    PARTNER_STATES = "partner_states", _("Partner states")
    INTERNATIONAL_ORGANIZATIONS = (
        "international_organizations",
        _("International organizations"),
    )
    CIVIL_SOCIETY = "civil_society", _("Civil society")
    EXPERTS = "experts", _("Experts")
    PRACTITIONERS = "practitioners", _("Practitioners")
    LOCAL_AUTHORITIES = "local_authorities", _("Local authorities")
    FINANCIAL_INTELLIGENCE_UNITS = (
        "financial_intelligence_units",
        _("Financial intelligence units"),
    )
    SUPERVISORS = "supervisors", _("Regulators and supervisors")
    LAW_ENFORCEMENT = "law_enforcement", _("Law-enforcement bodies")
    MEDIA = "media", _("Media")
    OTHER = "other", _("Others")


class DelegationRole(models.TextChoices):
    HOST = "host", _("Host")
    ORGANIZER = "organizer", _("Organizer")
    PARTICIPANT = "participant", _("Participant")
    OBSERVER = "observer", _("Observer")


class Attendance(models.TextChoices):
    IN_PERSON = "in_person", _("Attended")
    ONLINE = "online", _("Attended online")
    ABSENT = "absent", _("Absent")
    EXCUSED = "excused", _("Excused")
    DEPUTY = "deputy", _("Sent a deputy")


class DelegateRole(models.TextChoices):
    HEAD = "head", _("Head")
    MEMBER = "member", _("Member")
    SPEAKER = "speaker", _("Speaker")
    INTERPRETER = "interpreter", _("Interpreter")


class OutcomeKind(models.TextChoices):
    DOCUMENT = "document", _("Document signed or adopted")
    AGREEMENT = "agreement", _("Agreement")
    RECOMMENDATION = "recommendation", _("Recommendation")
    DECISION = "decision", _("Decision")
    PRESENTATION = "presentation", _("Presentation")
    INFORMATION = "information", _("Information shared")


class CommitmentStatus(models.TextChoices):
    OPEN = "open", _("Open")
    FULFILLED = "fulfilled", _("Fulfilled")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Direction(models.TextChoices):
    OURS = "ours", _("We owe")
    THEIRS = "theirs", _("Owed to us")


BETWEEN_OTHERS = "others"  # asked for as a direction, but none: we are on neither side
DIRECTIONS_ASKED = [*Direction.choices, (BETWEEN_OTHERS, _("Between others"))]


class CaseStatus(models.TextChoices):
    OPEN = "open", _("Open")
    DORMANT = "dormant", _("Dormant")
    CLOSED = "closed", _("Closed")


class CaseRole(models.TextChoices):
    DONOR = "donor", _("Donor")
    PARTICIPANT = "participant", _("Participant")
    LEADING = "leading", _("Leading")
    OTHER = "other", _("Other")


class NoteKind(models.TextChoices):
    """What a line of the journal of a case tells: a note, that the case turned, or that its next step was done."""

    NOTE = "note", pgettext_lazy("journal", "Note")
    OPENED = "opened", _("Opened")
    DORMANT = "dormant", pgettext_lazy("journal", "Put to rest")
    CLOSED = "closed", _("Closed")
    DONE = "done", _("Step done")
