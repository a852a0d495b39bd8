"""What events and what follows from them are found by."""

from collections import defaultdict
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from caricc.lib.fields import country_names
from caricc.lib.search.index import ALL, Index
from caricc.lib.search.keys import case_key, name_keys, party_keys, text_keys
from caricc.lib.search.tables import Words
from caricc.lib.visibility import Visibility
from contacts.names import names_of_cities, names_of_organizations, names_of_people
from events.models import (
    Case,
    CaseAlias,
    CaseNote,
    CasePartner,
    Commitment,
    Delegate,
    Delegation,
    Event,
    Outcome,
    Topic,
)


class EventWords(Words):
    class Meta(Words.Meta):
        verbose_name = _("keys of an event")
        verbose_name_plural = _("keys of events")


class OutcomeWords(Words):
    class Meta(Words.Meta):
        verbose_name = _("keys of an outcome")
        verbose_name_plural = _("keys of outcomes")


class CommitmentWords(Words):
    class Meta(Words.Meta):
        verbose_name = _("keys of a commitment")
        verbose_name_plural = _("keys of commitments")


class CaseWords(Words):
    class Meta(Words.Meta):
        verbose_name = _("keys of a case")
        verbose_name_plural = _("keys of cases")


class TopicWords(Words):
    class Meta(Words.Meta):
        verbose_name = _("keys of a topic")
        verbose_name_plural = _("keys of topics")


def _keys_by_id(names: dict[int, list[str]]) -> dict[int, set[str]]:
    return {pk: party_keys(*found) for pk, found in names.items()}


def _of_states(codes: Iterable[str]) -> set[str]:
    return text_keys(*(name for code in codes if code for name in country_names(code)))


class EventIndex(Index):
    """Not by the words of a restricted case: those who may read it find the event through its key."""

    model, table = Event, EventWords
    newest = ("-start_date", "-id")
    tells = {
        "contacts.organization": ("delegations__organization",),
        "contacts.person": ("delegations__delegates__person",),
        "contacts.city": ("place",),
        "events.case": ("cases",),
    }

    def keys_of(self, ids):
        rows = Event._base_manager.filter(pk__in=ids)
        fields = ("pk", "title", "summary", "city", "venue", "country", "place")
        found: dict[int, set[str]] = {}
        places: dict[int, int] = {}
        for pk, title, summary, city, venue, country, place in rows.values_list(*fields):
            found[pk] = name_keys(title, sounds=False) | text_keys(summary, city, venue) | _of_states([country])
            if place:
                places[pk] = place
        cities = _keys_by_id(names_of_cities(set(places.values())))
        for pk, place in places.items():
            found[pk] |= cities.get(place, set())
        self._with_outcomes(found)
        self._with_delegations(found)
        self._with_cases(found)
        return found

    def _with_outcomes(self, found):
        rows = Outcome._base_manager.filter(event__in=list(found)).order_by()
        for pk, title, text, lines, note in rows.values_list("event", "title", "text", "lines", "done_note"):
            found[pk] |= text_keys(title, text, *lines, note)

    def _with_delegations(self, found):
        delegations = Delegation._base_manager.filter(event__in=list(found)).order_by()
        sent = list(delegations.values_list("event", "organization", "country", "label"))
        delegates = Delegate._base_manager.filter(delegation__event__in=list(found)).order_by()
        came = list(delegates.values_list("delegation__event", "person", "name"))
        bodies = _keys_by_id(names_of_organizations({pk for _event, pk, _state, _label in sent if pk}))
        people = _keys_by_id(names_of_people({pk for _event, pk, _name in came if pk}))
        for event, organization, country, label in sent:
            found[event] |= bodies.get(organization, set()) | party_keys(label) | _of_states([country])
        for event, person, name in came:
            found[event] |= people.get(person, set()) | party_keys(name)

    def _with_cases(self, found):
        links = Event.cases.through._base_manager.filter(event__in=list(found))
        pairs = list(links.values_list("event", "case", "case__visibility"))
        names = names_of_cases({case for _event, case, seen in pairs if seen == Visibility.INTERNAL})
        keys = {pk: text_keys(*found) for pk, found in names.items()}
        for event, case, seen in pairs:
            found[event] |= keys[case] if seen == Visibility.INTERNAL else {case_key(case)}


def names_of_cases(ids) -> dict[int, list[str]]:
    """{id: its number, title and other names}."""
    rows = Case._base_manager.filter(pk__in=ids).values_list("pk", "number", "title")
    found = {pk: [number, title] for pk, number, title in rows}
    for pk, name in CaseAlias._base_manager.filter(case__in=list(found)).order_by().values_list("case", "name"):
        found[pk].append(name)
    return found


class OutcomeIndex(Index):
    model, table = Outcome, OutcomeWords
    newest = ("-event__start_date", "-id")
    tells = {"contacts.organization": ("parties",)}

    def keys_of(self, ids):
        rows = Outcome._base_manager.filter(pk__in=ids).values_list("pk", "title", "text", "lines", "done_note")
        found = {pk: name_keys(title, sounds=False) | text_keys(*texts, *lines) for pk, title, *texts, lines in (
            (pk, title, text, note, lines) for pk, title, text, lines, note in rows
        )}  # fmt: skip
        links = list(
            Outcome.parties.through._base_manager.filter(outcome__in=list(found)).values_list("outcome", "organization")
        )
        bodies = _keys_by_id(names_of_organizations({body for _outcome, body in links}))
        for outcome, body in links:
            found[outcome] |= bodies[body]
        return found


class CommitmentIndex(Index):
    model, table = Commitment, CommitmentWords
    newest = ("-created_at", "-id")
    tells = {"contacts.organization": ("debtor", "creditor")}

    def keys_of(self, ids):
        rows = list(
            Commitment._base_manager.filter(pk__in=ids).values_list(
                "pk", "title", "text", "note", "proof", "debtor", "creditor", "debtor_country", "creditor_country"
            )
        )
        bodies = _keys_by_id(names_of_organizations({pk for row in rows for pk in row[5:7] if pk}))
        none: set[str] = set()
        return {
            pk: name_keys(title, sounds=False).union(
                text_keys(text, note, proof), bodies.get(debtor, none), bodies.get(creditor, none), _of_states(states)
            )
            for pk, title, text, note, proof, debtor, creditor, *states in rows
        }


class CaseIndex(Index):
    model, table = Case, CaseWords
    newest = ("-opened_on", "-id")
    names = {"events.case": frozenset({"number", "title", "visibility"}), "events.casealias": ALL}
    tells = {"contacts.organization": ("partners__organization",)}

    def keys_of(self, ids):
        found = {pk: name_keys(*names, sounds=False) for pk, names in names_of_cases(ids).items()}
        for pk, *texts in Case._base_manager.filter(pk__in=ids).values_list("pk", "summary", "next_step"):
            found[pk] |= text_keys(*texts)
        notes = CaseNote._base_manager.filter(case__in=ids).order_by()
        for pk, text in notes.values_list("case", "text"):
            found[pk] |= text_keys(text)
        partners = list(CasePartner._base_manager.filter(case__in=ids).order_by().values_list("case", "organization"))
        bodies = _keys_by_id(names_of_organizations({body for _case, body in partners}))
        told: dict[int, set[str]] = defaultdict(set)
        for case, body in partners:
            told[case] |= bodies[body]
        return {pk: keys | told[pk] for pk, keys in found.items()}


class TopicIndex(Index):
    model, table = Topic, TopicWords
    newest = ("name", "id")

    def keys_of(self, ids):
        rows = Topic._base_manager.filter(pk__in=ids).values_list("pk", "name", "name_ru")
        return {pk: name_keys(*names) for pk, *names in rows}
