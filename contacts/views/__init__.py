"""Pages of contacts; one file a concept."""

from contacts.views.organizations import OrganizationDetail, OrganizationList, OrganizationOptions
from contacts.views.people import PersonDetail, PersonList

__all__ = ["OrganizationDetail", "OrganizationList", "OrganizationOptions", "PersonDetail", "PersonList"]
