"""The cells of an event in a table, made in one go: with a template for each, a page of fifty took most of its time here."""

from functools import lru_cache
from html import escape

from django import template
from django.templatetags.static import static
from django.urls import get_script_prefix, reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from caricc.lib.search.hits import Hits
from caricc.templatetags.register import days_of, not_stated
from events.partners import parties_of

register = template.Library()


@lru_cache(maxsize=64)
def _before_id(name: str, prefix: str) -> tuple[str, str]:
    before, after = reverse(name, args=[0]).rsplit("0", 1)
    return before, after


def _address(name: str, pk: int) -> str:
    before, after = _before_id(name, get_script_prefix())
    return f"{before}{pk}{after}"


def _icon(name: str) -> str:
    return f'<svg class="icon" aria-hidden="true"><use href="{escape(static("sprite.svg"))}#{name}"/></svg>'


@register.simple_tag
def event_badges(event) -> SafeString:
    """What must be seen at once: that it is not held yet, or restricted, or planned although its day has passed."""
    made = ""
    if event.status != "held":
        words = escape(event.get_status_display())
        made += f' <span class="badge {event.status}">{_icon(event.status)}{words}</span>'
    if event.is_restricted:
        words = escape(_("Restricted"))
        made += f' <span class="badge locked">{_icon("lock")}{words}</span>'
    if event.is_planned_but_past:
        words = escape(_("day has passed"))
        made += f' <span class="badge soon">{words}</span>'
    return mark_safe(made)  # noqa: S308 - every part is escaped


@register.simple_tag
def took_part(event, or_not_stated=True) -> SafeString:
    """The first few who took part, with links, and how many more."""
    shown, more = parties_of(event)
    made = []
    for party in shown:
        if party.organization_id is None:
            made.append(escape(party.name))
            continue
        url = _address("contacts:organization_detail", party.organization_id)
        state = f' <span class="cc">{escape(party.state)}</span>' if party.state else ""
        made.append(f'<a class="linkish" href="{url}">{escape(party.name)}</a>{state}')
    if more:
        url, words = _address("events:event_detail", event.pk), escape(_("%(n)s more") % {"n": more})
        made.append(f'<a class="linkish nb" href="{url}#who">{words}</a>')
    if not made and or_not_stated:
        return not_stated(short=True)
    return mark_safe(", ".join(made))  # noqa: S308 - every part is escaped


@register.simple_tag
def place_short(event) -> SafeString:
    """Where it was, in as few words as say it."""
    place = event.city or event.country_name or event.venue
    made = escape(place)
    if event.format == "online":
        words = escape(_("online")) if place else escape(_("Online"))
        small = f' <span class="muted small">{words}</span>'
        made += small if place else f'<span class="kind">{_icon("screen")}{words}</span>'
    elif not place:
        made += not_stated(short=True)
    if event.format == "hybrid":
        words = escape(_("hybrid"))
        made += f' <span class="muted small">{words}</span>'
    return mark_safe(made)  # noqa: S308 - every part is escaped


@register.simple_tag(takes_context=True)
def event_rows(context, section) -> SafeString:
    """The rows of a section of the table of events."""
    answer = context.get("answer")
    finder, fix = getattr(answer, "finder", None), getattr(answer, "fix", None)
    keys = Hits.of["events.event"].keys
    words = {"with": escape(_("With")), "outcomes": escape(_("Outcomes")), "owed": escape(_("Owed"))}
    follows = ' class="part"'
    form, kinds, made = "short" if section.get("heading") else "full", {}, []

    def figure(number, label, place):
        if not number:
            return f'<td class="num wide zero" data-label="{label}"></td>'
        return f'<td class="num wide" data-label="{label}"><a class="linkish" href="{url}#{place}">{number}</a></td>'

    for event in section["rows"]:
        url = _address("events:event_detail", event.pk)
        title = finder.marked(event.title, keys) if finder else escape(event.title)
        struck = " struck" if event.status == "cancelled" else ""
        mend = f' <a class="mend no-print" href="{escape(fix.url(event))}">{escape(fix.label)}</a>' if fix else ""
        part = ""
        if event.parent_id and not event.follows:
            of = escape(_("part of %(title)s") % {"title": event.parent.title})
            part = f'<span class="sub">{of}</span>'
        if event.kind not in kinds:
            label = escape(event.get_kind_display())
            kinds[event.kind] = f'<span class="kind">{_icon(event.kind)}<span class="word">{label}</span></span>'
        made.append(
            f"<tr{follows if event.follows else ''}>"
            f'<td class="first nowrap soft">{escape(days_of(event, form))}</td>'
            f'<th scope="row"><a class="t{struck}" href="{url}">{title}</a>{event_badges(event)}{mend}{part}</th>'
            f'<td class="wide">{kinds[event.kind]}</td>'
            f'<td class="bare soft" data-label="{words["with"]}">{took_part(event)}</td>'
            f'<td class="side soft">{place_short(event)}</td>'
            f"{figure(event.outcome_count, words['outcomes'], 'outcomes')}"
            f"{figure(event.owed_count, words['owed'], 'commitments')}</tr>\n"
        )
    return mark_safe("".join(made))  # noqa: S308 - every part is escaped
