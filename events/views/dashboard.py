"""The start page: one bar that drives everything on it."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.views import View

from caricc.lib import bar, saved
from caricc.lib.answer import chips_of
from caricc.lib.days import today
from caricc.lib.merged import redirect
from caricc.lib.pages import ListPage
from caricc.lib.reading import from_standby
from caricc.lib.visibility import may
from events.dashboards import Desk, board, presets
from events.dashboards.desk import DATES, DeskQuestion
from events.models import Event
from events.views.events import EventList


class Dashboard(View):
    question_class = DeskQuestion
    http_method_names = ["get", "head", "options"]

    @from_standby
    def get(self, request):
        if not may(request.user, "view", Event):
            raise PermissionDenied
        desk = Desk(request.user, request.GET)
        found = bar.look_up(desk.shown, EventList.offers(request.user))
        if query := desk.shown.led_on():
            return redirect(f"{request.path}?{query}")
        context = {
            "desk": desk,
            "path": request.path,
            "today": today(),
            "picks": bar.describe(desk.shown, found),
            "carried": bar.carried(desk.shown),
            "chips": [chip for chip in chips_of(desk.shown) if chip["name"] not in DATES],
            "field_errors": ListPage.errors_elsewhere(desk.question),
            "presets": presets(desk),
            "views": saved.on_start_page(request.user, desk.shown),
            "save_url": saved.save_url(request.user, "dashboard", desk.shown),
            **(board(desk) if desk.is_valid else {}),
        }
        return render(request, "events/dashboard.html", context)
