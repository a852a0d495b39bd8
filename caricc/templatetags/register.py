"""What every template may use: icons, days, states, numbers, and the words for what is not stated."""

from urllib.parse import urlencode

from django import template
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from caricc.lib.counts import AtLeast
from caricc.lib.days import today, written
from caricc.lib.fields import country_name
from caricc.lib.search.hits import Hits

register = template.Library()
A_QUARTER = 92  # days; from there on one counts months
NB, THIN = "\u00a0", "\u202f"


@register.simple_tag
def icon(name, extra=""):
    return format_html(
        '<svg class="icon{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f" {extra}" if extra else "",
        static("sprite.svg"),
        name,
    )


@register.simple_tag
def not_stated(short=False):
    """Said in words on a record, a dash with hidden words in a table."""
    if short:
        return format_html(
            '<span class="ns"><span aria-hidden="true">–</span><span class="vh">{}</span></span>', _("not stated")
        )
    return format_html('<span class="ns">{}</span>', _("not stated"))


@register.filter
def day(value, form="j M Y"):
    return written(value, form).replace(" ", NB) if value else ""


@register.filter
def moment(value):
    return written(timezone.localtime(value), "j M Y, H:i").replace(" ", NB) if value else ""


@register.filter
def days_of(event, form="full"):
    """The days of an event as people write them; `short` leaves out the year, which a heading gives."""
    first, last, year = event.start_date, event.end_date, " Y" if form == "full" else ""
    if event.date_precision == "year":
        return written(first, "Y")
    if event.date_precision == "month":
        return written(first, "M Y").replace(" ", NB)
    if first == last:
        text = written(last, f"j M{year}")
    elif first.year != last.year:
        text = f"{written(first, 'j M Y')} – {written(last, 'j M Y')}"
    elif first.month != last.month:
        text = f"{written(first, 'j M')} – {written(last, f'j M{year}')}"
    else:
        text = f"{written(first, 'j')}–{written(last, f'j M{year}')}"
    return text.replace(" ", NB)


def length(days: int) -> str:
    """So many days in words, from a quarter on in months, from two years on in years."""
    if days <= A_QUARTER:
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    months = round(days / 30.44)
    if months >= 24:
        return ngettext("%(n)d year", "%(n)d years", months // 12) % {"n": months // 12}
    return ngettext("%(n)d month", "%(n)d months", months) % {"n": months}


@register.filter
def until_now(value):
    """How far a day lies from today, in words: only beside the day itself."""
    if not value:
        return ""
    distance = (value - today()).days
    if abs(distance) > A_QUARTER:
        return (_("in %(time)s") if distance > 0 else _("%(time)s ago")) % {"time": length(abs(distance))}
    if distance == 0:
        return _("today")
    if distance > 0:
        return ngettext("in %(n)d day", "in %(n)d days", distance) % {"n": distance}
    return ngettext("%(n)d day ago", "%(n)d days ago", -distance) % {"n": -distance}


@register.filter
def since_in_words(value):
    """How long it is since a day: 7 months."""
    return length((today() - value).days) if value else ""


@register.filter
def state(code):
    return country_name(code)


@register.filter
def number(value):
    """Thin spaces from 10 000 on."""
    return f"{value:,}".replace(",", THIN) if isinstance(value, int) and value >= 10_000 else value


@register.filter
def is_exact(value):
    return not isinstance(value, AtLeast)


@register.simple_tag(takes_context=True)
def link_to(context, url, **query):
    """An address with a query string; empty values are left out, lists repeat the name."""
    pairs = {name: value for name, value in query.items() if value not in (None, "", [])}
    return f"{url}?{urlencode(pairs, doseq=True)}" if pairs else url


@register.simple_tag(takes_context=True)
def marked(context, text):
    """A name or title of a row of a list, with the words marked that it was found by."""
    answer = context.get("answer")
    finder = getattr(answer, "finder", None)
    return finder.marked(text, Hits.of[answer.page.model()._meta.label_lower].keys) if finder else text


@register.simple_tag(takes_context=True)
def mend(context, row):
    """The link that mends a row of a list that was asked for by what is wrong; nothing elsewhere."""
    fix = getattr(context.get("answer"), "fix", None)
    return format_html(' <a class="mend no-print" href="{}">{}</a>', fix.url(row), fix.label) if fix else ""


@register.simple_tag(takes_context=True)
def back_to(context, name, *args):
    """The address of a deed that leads back to the page where its link stands, a list with its question."""
    answer, path = context.get("answer"), context.get("path") or context["request"].path
    query = answer.plain_query if answer else ""
    return f"{reverse(name, args=args)}?{urlencode({'next': f'{path}?{query}' if query else path})}"


@register.filter
def latest_post(person):
    """The post that lasts, else the one that ended last."""
    posts = list(person.posts.all())
    return max(posts, key=lambda p: (p.until is None, p.until or p.since or today(), p.since or today()), default=None)


@register.filter
def outcome_icon(kind):
    return {"document": "doc", "agreement": "agree", "recommendation": "list", "decision": "gavel",
            "presentation": "talk", "information": "info"}.get(kind, "doc")  # fmt: skip


@register.filter
def by_whom(outcome):
    """Who produced it: a delegate, a delegation, and the parties."""
    names = []
    if outcome.by_delegate_id:
        names.append(outcome.by_delegate.shown_name)
    elif outcome.by_delegation_id:
        names.append(outcome.by_delegation.name)
    parties = [str(one) for one in outcome.parties.all() if str(one) not in names]
    return " · ".join(part for part in (", ".join(names), ", ".join(parties)) if part)
