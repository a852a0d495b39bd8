"""The start page."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.views import View

from caricc.lib.visibility import may
from events import dashboards
from events.models import Event


class Dashboard(View):
    http_method_names = ["get", "head", "options"]

    def get(self, request):
        if not may(request.user, "view", Event):
            raise PermissionDenied
        return render(request, "events/dashboard.html", dashboards.front_page(request.user))
