"""Pages of contacts; one file a concept."""

from contacts.views.merge import (
    MarkOrganizationsDifferent,
    MarkPeopleDifferent,
    MergeOrganizations,
    MergePeople,
    UnmarkOrganizations,
    UnmarkPeople,
    UnmergeOrganization,
    UnmergePerson,
)
from contacts.views.organizations import OrganizationDetail, OrganizationList, OrganizationOptions
from contacts.views.people import PersonDetail, PersonList
from contacts.views.rhythm import AgreeRhythm, Snooze, Wake
from contacts.views.twins import DuplicateOrganizations, DuplicatePeople, LikeOrganizations, LikePeople

__all__ = [
    "AgreeRhythm",
    "DuplicateOrganizations",
    "DuplicatePeople",
    "LikeOrganizations",
    "LikePeople",
    "MarkOrganizationsDifferent",
    "MarkPeopleDifferent",
    "MergeOrganizations",
    "MergePeople",
    "OrganizationDetail",
    "OrganizationList",
    "OrganizationOptions",
    "PersonDetail",
    "PersonList",
    "Snooze",
    "UnmarkOrganizations",
    "UnmarkPeople",
    "UnmergeOrganization",
    "UnmergePerson",
    "Wake",
]
