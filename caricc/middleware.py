"""Small middlewares of the shell."""

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.utils import translation

LANGUAGE_COOKIE = settings.LANGUAGE_COOKIE_NAME


def private_responses(get_response):
    """Whatever a signed-in person sees is kept in no cache on the way."""

    def middleware(request):
        response = get_response(request)
        if not response.has_header("Cache-Control") or response.has_header("Expires"):
            response["Cache-Control"] = "no-store, private"
            del response["Expires"]  # of no use beside no-store, and the only header that tells the time
        return response

    return middleware


def locale_from_choice(get_response):
    """The language that the reader chose (a cookie), else that of the installation; never that of the browser."""
    known = dict(settings.LANGUAGES)

    def middleware(request):
        chosen = request.COOKIES.get(LANGUAGE_COOKIE, "")
        language = chosen if chosen in known else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            return get_response(request)

    return middleware


def whole_page_to_sign_in(get_response):
    """When the session has ended, a request for a part of a page reloads the page instead of showing a form in it."""
    login = resolve_url(settings.LOGIN_URL)

    def middleware(request):
        response = get_response(request)
        if "HX-Request" in request.headers and response.status_code == 302 and response.url.startswith(login):
            return HttpResponse(headers={"HX-Refresh": "true"})
        return response

    return middleware


class LoginRequired(LoginRequiredMiddleware):
    """Asks who signed in only where one has to: an answer to anybody, such as a calendar feed, varies by no cookie."""

    def process_view(self, request, view_func, view_args, view_kwargs):
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)
