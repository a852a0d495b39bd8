"""What the shell of every page shows; looked up only where a template asks for it."""

from functools import cache

from django.apps import apps
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from caricc import __version__
from caricc.lib.counts import count_few
from caricc.lib.days import today
from caricc.lib.pages import editing_url, overdue
from caricc.lib.visibility import may

THEMES = (("auto", _("System")), ("light", _("Light")), ("dark", _("Dark")))
NAVIGATION = (
    ("dashboard", _("Dashboard")),
    ("events:event_list", _("Events")),
    ("events:calendar", _("Calendar")),
    ("contacts:organization_list", _("Organizations")),
    ("contacts:person_list", _("People")),
    ("events:case_list", _("Cases")),
    ("events:commitment_list", _("Commitments")),
)
LOG = (
    ("events.Event", "calendar", _("An event"), _("Who met whom, and what came of it")),
    ("events.Event?status=planned", "planned", _("A meeting ahead"), _("Plan it; what to raise appears on its page")),
    ("events.Commitment", "agree", _("A commitment"), _("Who owes what to whom by when")),
    ("events.Case", "folder", _("A case"), _("A matter pursued across events")),
    ("contacts.Organization", "building", _("An organization"), ""),
    ("contacts.Person", "person", _("A person"), ""),
)


def shell(request):
    user = getattr(request, "user", None)
    theme = request.COOKIES.get("theme", "")
    return {
        "theme": theme if theme in dict(THEMES) else "auto",
        "themes": THEMES,
        "languages": settings.LANGUAGES,
        "version": __version__,
        "printed": today(),
        "navigation": lambda: navigation(request.path),
        "overdue_count": cache(lambda: overdue_count(user)),
        "log_menu": cache(lambda: log_menu(user)),
    }


def navigation(path: str) -> list[dict]:
    made = []
    for name, label in NAVIGATION:
        url = reverse(name)
        current = path == url if name == "dashboard" else path.startswith(url)
        promises = name == "events:commitment_list"
        leads_to = f"{url}?status=open" if promises else url
        made.append(
            {"label": label, "url": leads_to, "current": current, "late": f"{url}?overdue=true" if promises else ""}
        )
    return made


def overdue_count(user) -> int:
    """How many open commitments are late, of those that the reader may see."""
    return count_few({"late": overdue(user)})["late"]


def log_menu(user) -> list[dict]:
    """What the reader may enter; nothing for those who may not open the editing pages."""
    if user is None or not user.is_staff:
        return []
    made = []
    for what, icon, label, hint in LOG:
        model, _sign, given = what.partition("?")
        if may(user, "add", apps.get_model(model)) and (url := editing_url(model, "add")):
            made.append({"url": f"{url}?{given}" if given else url, "icon": icon, "label": label, "hint": hint})
    return made
