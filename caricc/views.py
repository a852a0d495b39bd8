"""The shell's own small pages: sign in, theme, language, health, and what is said when something is refused."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.db import connection
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST, require_safe

from caricc.context import THEMES
from caricc.lib.pages import not_found
from caricc.lib.standby import standby

A_YEAR = 365 * 24 * 60 * 60


class SignIn(LoginView):
    template_name = "registration/login.html"
    redirect_authenticated_user = True


def back(request) -> HttpResponseRedirect:
    """To the page that asked, if it is one of ours."""
    came_from = request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(came_from if safe else "/")


def keep(response, name: str, value: str):
    secure = not settings.DEBUG and settings.SESSION_COOKIE_SECURE
    response.set_cookie(name, value, max_age=A_YEAR, samesite="Lax", secure=secure, httponly=True)
    return response


@login_not_required
@require_GET
def choose_language(request, code):
    response = back(request)
    return keep(response, settings.LANGUAGE_COOKIE_NAME, code) if code in dict(settings.LANGUAGES) else response


@login_not_required
@require_POST
def choose_theme(request):
    response, theme = back(request), request.POST.get("theme", "")
    return keep(response, "theme", theme) if theme in dict(THEMES) else response


@login_not_required
@require_safe
def livez(request):
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
def readyz(request):
    """The database answers too; why it does not is for the log, not for whoever asks. A standby is told of, and not needed."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        standing = standby.standing()
    except Exception:
        return HttpResponse("not ready\n", content_type="text/plain", status=503)
    return HttpResponse(f"ok\nstandby: {standing}\n" if standing else "ok\n", content_type="text/plain")


def refused(request, exception=None):
    return render(request, "403.html", status=403)


def bad_request(request, exception=None):
    return render(request, "400.html", status=400)


def no_form_token(request, reason=""):
    """A form was sent without its token: the page was open in another session, or cookies are off."""
    return render(request, "403_form.html", status=403)


__all__ = ["not_found", "refused"]
