"""Calendar feeds: one's own addresses, and what a calendar program gets from one."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.http import require_safe

from caricc.lib import bar
from caricc.lib.acts import TextField
from caricc.lib.pages import not_found
from caricc.lib.reading import from_standby
from caricc.lib.text import clean_text
from caricc.lib.visibility import may
from caricc.models import CalendarFeed
from events.diary import Diary
from events.filters import EventQuestion
from events.ical import calendar_of
from events.models import Event
from events.views.calendar import OnCalendar


def question_of(query: str, user, asks=EventQuestion) -> EventQuestion:
    data = QueryDict(query, mutable=True)
    asks.follow_merges(data)
    return asks(data, Event.objects.visible_to(user), user=user, on_page=asks is not EventQuestion)


class FeedForm(forms.Form):
    name = TextField(
        label=gettext_lazy("Name"), rows=1, max_length=80, help_text=gettext_lazy("What your calendar program calls it.")
    )  # fmt: skip

    def __init__(self, *args, query: str, user, **kwargs):
        self.query, self.user = query, user
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["class"] = "in"
        self.fields["name"].error_messages["required"] = _("The feed needs a name.")

    def clean_name(self):
        return " ".join(clean_text(self.cleaned_data["name"]).split())

    def clean(self):
        if len(self.query) > CalendarFeed._meta.get_field("query").max_length:
            self.add_error(None, _("The question is too long to be kept. Take away some of its filters."))
        if CalendarFeed.objects.filter(user=self.user).count() >= CalendarFeed.AT_MOST:
            self.add_error(
                None, _("You have %(n)s feeds, the most there can be. Revoke one first.") % {"n": CalendarFeed.AT_MOST}
            )  # fmt: skip


class FeedPage(View):
    """Base of the pages of feeds: for whoever may view events."""

    def dispatch(self, request, *args, **kwargs):
        if request.method.lower() in self.http_method_names and not may(request.user, "view", Event):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class Feeds(FeedPage):
    """One's own feeds, and a form that makes one of the question in the address."""

    http_method_names = ["get", "head", "options", "post"]

    def get(self, request):
        question = question_of(request.GET.urlencode(), request.user, OnCalendar)
        form = FeedForm(query=question.of_rows(), user=request.user, initial={"name": self.usual_name(question)})
        return self.show(request, question, form)

    def post(self, request):
        question = question_of(request.POST.get("query", ""), request.user, OnCalendar)
        form = FeedForm(request.POST, query=question.of_rows(), user=request.user)
        address = ""
        if question.is_valid() and form.is_valid():
            _feed, secret = CalendarFeed.mint(user=request.user, name=form.cleaned_data["name"], query=form.query)
            address = request.build_absolute_uri(reverse("events:feed", args=[secret]))
        return self.show(request, question, form, address)

    @staticmethod
    def usual_name(question) -> str:
        return question.saved.name[:80] if question.saved else _("CARICC Register")

    @staticmethod
    def show(request, question, form, address=""):
        bar.look_up(question, {})
        query = question.of_rows()
        context = {
            "form": form,
            "address": address,
            "webcal": "webcal:" + address.partition(":")[2],
            "query": query,
            "errors": [message for messages in question.errors.values() for message in messages],
            "chips": question.chips() if question.is_valid() else [],
            "left_out": [str(question.filters[name].label) for name in Diary(question).unanswered],
            "calendar_url": reverse("events:calendar") + (f"?{query}" if query else ""),
            "feeds": [described(one, request.user) for one in CalendarFeed.objects.filter(user=request.user)],
        }
        return render(request, "events/feeds.html", context)


def described(feed: CalendarFeed, user) -> CalendarFeed:
    """The feed with the address of its question and what is wrong with it by now."""
    feed.url = reverse("events:calendar") + (f"?{feed.query}" if feed.query else "")
    feed.wrong = [message for messages in question_of(feed.query, user).errors.values() for message in messages]
    return feed


class RevokeFeed(FeedPage):
    """Ends one of one's own feeds; another's is answered as an absent one."""

    http_method_names = ["post", "options"]

    def post(self, request, pk):
        feed = CalendarFeed.objects.filter(user=request.user, pk=pk).first() if pk < 2**63 else None
        if feed is None:
            return not_found(request)
        feed.delete()
        messages.success(
            request, _("The feed “%(name)s” is revoked: its address answers nobody.") % {"name": feed.name}
        )
        return HttpResponseRedirect(reverse("events:feeds"))


@login_not_required
@require_safe
@from_standby
def feed(request, token):
    """The calendar behind a secret address. Whatever is wrong with the address, the answer is the same.

    A kept question that no longer makes sense is refused: an empty calendar would have programs delete all that they hold.
    """
    found = CalendarFeed.find(token)
    if found is None or not may(found.user, "view", Event):
        response = HttpResponse("There is no such calendar.\n", content_type="text/plain; charset=utf-8", status=404)
    else:
        found.used()
        question = question_of(found.query, found.user)
        response = calendar(found.name, question) if question.is_valid() else refusal()
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex"
    return response


def calendar(name: str, question: EventQuestion) -> HttpResponse:
    """In the language of the installation: who asks is a program, whatever cookie comes along."""
    with translation.override(settings.LANGUAGE_CODE):
        made = calendar_of(name, Diary(question))
    response = HttpResponse(made, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="calendar.ics"'
    return response


def refusal() -> HttpResponse:
    where = settings.SITE_URL + reverse("events:feeds")
    text = f"This calendar asks a question that can no longer be answered. Keep what you have, and see {where}\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8", status=409)
