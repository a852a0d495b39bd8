"""The lists of values of what belongs to no subject."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Page(models.TextChoices):
    """The pages that ask a question, by the names of their addresses."""

    DASHBOARD = "dashboard", _("Dashboard")
    EVENTS = "events:event_list", _("Events")
    CALENDAR = "events:calendar", _("Calendar")
    ORGANIZATIONS = "contacts:organization_list", _("Organizations")
    PEOPLE = "contacts:person_list", _("People")
    OUTCOMES = "events:outcome_list", _("Outcomes")
    CASES = "events:case_list", _("Cases")
    COMMITMENTS = "events:commitment_list", _("Commitments")


class Shared(models.TextChoices):
    """Who may open a saved view."""

    PRIVATE = "private", _("Only me")
    ROLE = "role", _("A role")
    ALL = "all", _("Everybody")
