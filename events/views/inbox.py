"""The inbox of what is incomplete."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.views import View

from caricc.lib.pages import list_at
from caricc.lib.visibility import may
from events import inbox
from events.models import Event


class Inbox(View):
    """What lacks something, with its first rows and the place where each is mended, for those who may."""

    http_method_names = ["get", "head", "options"]

    def get(self, request):
        if not may(request.user, "view", Event):
            raise PermissionDenied
        sections = inbox.sections(request.user)
        found = [one for _title, figures in sections for one in figures]
        inbox.with_first_rows(found, request.user)
        for one in found:
            fix = list_at(one.list_name).fix(one.flaw, request.user)
            one.fix = fix
            for row in one.first:
                row.fix_url = fix.url(row) if fix else ""
                for other in getattr(row, "same_as", ()):
                    other.fix_url = fix.url(other) if fix else ""
        context = {
            "sections": [
                {"title": title, "figures": [one for one in figures if one.count]} for title, figures in sections
            ],
            "done": [one for one in found if not one.count],
            "open": sum(bool(one.count) for one in found),
        }
        return render(request, "events/inbox.html", context)
