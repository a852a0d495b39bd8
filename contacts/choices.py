"""The lists of values of contacts."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Language(models.TextChoices):
    EN = "en", _("English")
    RU = "ru", _("Russian")
    KK = "kk", _("Kazakh")
    KY = "ky", _("Kyrgyz")
    TG = "tg", _("Tajik")
    TK = "tk", _("Turkmen")
    UZ = "uz", _("Uzbek")
    AZ = "az", _("Azerbaijani")
    OTHER = "other", _("Other")


class Script(models.TextChoices):
    LATIN = "latin", _("Latin")
    CYRILLIC = "cyrillic", _("Cyrillic")
    OTHER = "other", _("Other")


class OrganizationKind(models.TextChoices):
    UNIT = "unit", _("Unit of the Centre")
    EMBASSY = "embassy", _("Embassy or mission")
    UN = "un", _("UN entity")
    INTERGOVERNMENTAL = "intergovernmental", _("Intergovernmental organization")
    MINISTRY = "ministry", _("Ministry or agency")
    LAW_ENFORCEMENT = "law_enforcement", _("Law-enforcement body")
    FIU = "fiu", _("Financial intelligence unit")
    LOCAL = "local", _("Local authority")
    ACADEMY = "academy", _("Academy or training centre")
    PUBLIC = "public", _("Public organization")
    NETWORK = "network", _("Initiative or network")
    OTHER = "other", _("Other body")


AS_FOR_KIND = {  # whose rhythm it is, said after "every 3 months, "
    OrganizationKind.UNIT: _("as for our units"),
    OrganizationKind.EMBASSY: _("as for embassies"),
    OrganizationKind.UN: _("as for UN entities"),
    OrganizationKind.INTERGOVERNMENTAL: _("as for intergovernmental organizations"),
    OrganizationKind.MINISTRY: _("as for ministries"),
    OrganizationKind.LAW_ENFORCEMENT: _("as for law-enforcement bodies"),
    OrganizationKind.FIU: _("as for financial intelligence units"),
    OrganizationKind.LOCAL: _("as for local authorities"),
    OrganizationKind.ACADEMY: _("as for academies"),
    OrganizationKind.PUBLIC: _("as for public organizations"),
    OrganizationKind.NETWORK: _("as for networks"),
    OrganizationKind.OTHER: _("as for other bodies"),
}
