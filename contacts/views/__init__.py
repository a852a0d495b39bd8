"""Pages of contacts; one file a concept."""

from contacts.views.organizations import OrganizationDetail, OrganizationList, OrganizationOptions
from contacts.views.people import PersonDetail, PersonList
from contacts.views.rhythm import AgreeRhythm, Snooze, Wake

__all__ = [
    "AgreeRhythm",
    "OrganizationDetail",
    "OrganizationList",
    "OrganizationOptions",
    "PersonDetail",
    "PersonList",
    "Snooze",
    "Wake",
]
