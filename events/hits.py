"""Events and what follows from them as hits of a search, and what they are found by in words.

The names of a restricted case are among the texts of an event only for those who may read the case.
"""

from collections.abc import Iterable, Iterator

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from caricc.lib.counts import count_all
from caricc.lib.fields import country_name, country_names
from caricc.lib.search.hits import Badge, Hit, Hits
from caricc.lib.search.marks import PARTIES, TEXTS, TITLES, Source
from caricc.templatetags.register import day, days_of, outcome_icon
from contacts.hits import archived, names_of_body, names_of_person
from contacts.models import Organization, Person
from events.choices import CaseStatus, CommitmentStatus, EventFormat, EventStatus
from events.models import Case, Commitment, Delegate, Delegation, Event, Outcome, Topic

BODIES = Organization._base_manager.prefetch_related("names")


def of_body(label: str, body, shown: bool = False) -> Source:
    return Source(label, names_of_body(body), PARTIES, shown=shown, of=str(body))


def of_state(label: str, code: str, shown: bool = False) -> Source:
    return Source(label, (country_name(code), *country_names(code)), TEXTS, shown=shown, of=country_name(code))


def lock(restricted: bool) -> list[Badge]:
    return [Badge("locked", _("Restricted"), "lock")] if restricted else []


class EventHits(Hits):
    model, icon, url_name, title, keys = Event, "calendar", "events:event_list", gettext_lazy("Events"), TITLES

    def rows(self, rows, user):
        people = Delegate._base_manager.prefetch_related(
            Prefetch("person", Person._base_manager.prefetch_related("names"))
        ).order_by("position", "id")
        delegations = Delegation._base_manager.order_by("position", "created_at", "id").prefetch_related(
            Prefetch("organization", BODIES), Prefetch("delegates", people)
        )
        cases = Case.objects.visible_to(user).prefetch_related("aliases")
        return rows.select_related("place").prefetch_related(
            "place__names", "outcomes", Prefetch("delegations", delegations), Prefetch("cases", cases)
        )

    def sources(self, record):
        yield Source(_("title"), (record.title,), TITLES, shown=True)
        yield Source(_("city"), (record.city,), TEXTS, shown=True)
        if record.country:
            yield of_state(_("held in"), record.country, shown=not record.city)
        if record.place:
            names = (record.place.name, record.place.name_ru, *(name.name for name in record.place.names.all()))
            yield Source(_("city"), names, PARTIES, of=record.city)
        yield Source(_("venue"), (record.venue,), TEXTS)
        yield from self._cases(record)
        yield from self._parties(record)
        yield Source(_("summary"), (record.summary,), TEXTS, prose=True)
        for outcome in record.outcomes.all():
            yield Source(_("outcome"), (outcome.title,), TEXTS)
            yield Source(_("outcome"), (outcome.text, *outcome.lines, outcome.done_note), TEXTS, prose=True)

    def _cases(self, record) -> Iterator[Source]:
        for case in record.cases.all():
            names = (str(case), *(alias.name for alias in case.aliases.all()))
            yield Source(_("case"), names, TITLES if case.is_restricted else TEXTS, of=str(case))

    def _parties(self, record) -> Iterator[Source]:
        for party in record.delegations.all():
            if party.organization:
                yield of_body(_("unit of ours") if party.own else _("partner"), party.organization)
            for one in party.delegates.all():
                if one.person:
                    yield Source(_("delegate"), names_of_person(one.person), PARTIES, of=one.person.name)
                yield Source(_("delegate"), (one.name,), PARTIES)
            yield Source(_("delegation"), (party.label,), PARTIES, of=party.name if party.label else "")
            if party.country:
                yield of_state(_("state that took part"), party.country)

    def row(self, record, finder, reasons):
        line = [days_of(record), record.get_kind_display()]
        if record.city:
            line.append(finder.marked(record.city, TEXTS))
        elif record.country:
            line.append(finder.marked(record.country_name, TEXTS))
        elif record.format == EventFormat.ONLINE:
            line.append(_("online"))
        badges = lock(record.is_restricted)
        if record.status != EventStatus.HELD:
            badges = [Badge(record.status, record.get_status_display(), record.status), *badges]
        return Hit(
            record.get_absolute_url(), record.kind, finder.marked(record.title, TITLES), line,
            reasons, badges, struck=record.status == EventStatus.CANCELLED,
        )  # fmt: skip


class CaseHits(Hits):
    model, icon, url_name, title, keys = Case, "folder", "events:case_list", gettext_lazy("Cases"), TITLES

    def rows(self, rows, user):
        return rows.select_related("lead").prefetch_related(
            "aliases", "notes", Prefetch("partners__organization", BODIES)
        )

    def sources(self, record):
        yield Source(_("case"), (record.title, record.number), TITLES, shown=True)
        for alias in record.aliases.all():
            yield Source(_("also called"), (alias.name,), TITLES, language=alias.language)
        for partner in record.partners.all():
            yield of_body(_("partner"), partner.organization)
        yield Source(_("next step"), (record.next_step,), TEXTS)
        yield Source(_("summary"), (record.summary,), TEXTS, prose=True)
        for note in record.notes.all():
            yield Source(_("note of %(day)s") % {"day": day(note.day)}, (note.text,), TEXTS, prose=True)

    def row(self, record, finder, reasons):
        line = [finder.marked(record.number, TITLES)]
        if record.status == CaseStatus.OPEN:
            line.append(record.get_status_display())
        if record.lead:
            line.append(_("lead: %(name)s") % {"name": record.lead})
        badges = lock(record.is_restricted)
        if record.status != CaseStatus.OPEN:
            badges = [Badge(record.status, record.get_status_display()), *badges]
        return Hit(record.get_absolute_url(), self.icon, finder.marked(record.title, TITLES), line, reasons, badges)


class CommitmentHits(Hits):
    model, icon, url_name, keys = Commitment, "agree", "events:commitment_list", TITLES
    title = gettext_lazy("Commitments")

    def rows(self, rows, user):
        return rows.select_related("event", "case").prefetch_related(
            "shifts", Prefetch("debtor", BODIES), Prefetch("creditor", BODIES)
        )

    def sources(self, record):
        yield Source(_("commitment"), (record.title,), TITLES, shown=True)
        for side in ("debtor", "creditor"):
            body, label = getattr(record, side), _("who owes") if side == "debtor" else _("to whom")
            if body:
                yield Source(label, (str(body),), PARTIES, shown=True)
                yield of_body(label, body)
            if code := getattr(record, f"{side}_country"):
                yield of_state(label, code, shown=not body)
        for label, text in ((_("details"), record.text), (_("note"), record.note), (_("proof"), record.proof)):
            yield Source(label, (text,), TEXTS, prose=True)

    def row(self, record, finder, reasons):
        names = [finder.marked(name, PARTIES) for name in (record.debtor_name, record.creditor_name) if name]
        line = [format_html("{} → {}", *names) if len(names) == 2 else names[0]]
        badges = lock(
            bool((record.event and record.event.is_restricted) or (record.case and record.case.is_restricted))
        )
        if record.status != CommitmentStatus.OPEN:
            badges = [Badge(record.status, record.get_status_display()), *badges]
        elif record.is_overdue:
            late = ngettext("%(n)d day late", "%(n)d days late", record.days_late) % {"n": record.days_late}
            badges = [Badge("late", late), *badges]
        if record.is_open and record.due_date:
            line.append(_("due %(day)s") % {"day": day(record.due_date)})
        return Hit(record.get_absolute_url(), self.icon, finder.marked(record.title, TITLES), line, reasons, badges)


class OutcomeHits(Hits):
    model, icon, url_name, title, keys = Outcome, "doc", "events:outcome_list", gettext_lazy("Outcomes"), TITLES

    def rows(self, rows, user):
        return rows.select_related("event").prefetch_related(Prefetch("parties", BODIES))

    def sources(self, record):
        yield Source(_("outcome"), (record.title,), TITLES, shown=True)
        yield Source(_("event"), (record.event.title,), TEXTS, shown=True)
        for body in record.parties.all():
            yield of_body(pgettext("of an outcome", "party"), body)
        yield Source(_("text"), (record.text, *record.lines), TEXTS, prose=True)
        yield Source(_("how it was followed up"), (record.done_note,), TEXTS, prose=True)

    def row(self, record, finder, reasons):
        line = [days_of(record.event), record.get_kind_display(), finder.marked(record.event.title, TEXTS)]
        title = finder.marked(record.title, TITLES)
        badges = lock(record.event.is_restricted)
        icon = outcome_icon(record.kind)
        return Hit(record.get_absolute_url(), icon, title, line, reasons, badges)


class TopicHits(Hits):
    """A topic leads to its events."""

    model, icon, title = Topic, "list", gettext_lazy("Topics")

    def rows(self, rows, user):
        topics = list(rows)
        seen = Event.objects.visible_to(user)
        counts = count_all({str(topic.pk): seen.filter(topics=topic) for topic in topics})
        for topic in topics:
            topic.event_count = counts[str(topic.pk)]
        return topics

    def sources(self, record):
        yield Source(_("topic"), (record.name,), shown=True)
        yield Source(_("name in Russian"), (record.name_ru,), language="ru")

    def row(self, record, finder, reasons):
        url = f"{reverse('events:event_list')}?topic={record.pk}"
        return Hit(url, self.icon, finder.marked(record.name), (), reasons, archived(record), events=record.event_count)


def all_kinds() -> Iterable[Hits]:
    """In the order of the page."""
    for model in (Person, Organization, Event, Case, Commitment, Outcome, Topic):
        yield Hits.of[model._meta.label_lower]
