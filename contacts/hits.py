"""People and organizations as hits of a search, and what they are found by in words."""

from collections.abc import Callable

from django.db.models import prefetch_related_objects
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caricc.lib.search.hits import Badge, Hit, Hits
from caricc.lib.search.marks import Source, why
from caricc.templatetags.register import day, latest_post
from contacts.choices import Language, Script
from contacts.index import keys_of_body, keys_of_person
from contacts.models import Organization, Person


def called(name) -> str:
    """What one of the names of a record is to the reader: a former one, or one of another language."""
    if name.until:
        return _("former name")
    if name.language and name.language not in (Language.EN, Language.OTHER):
        return _("alias in %(language)s") % {"language": name.get_language_display()}
    return _("alias in Cyrillic") if getattr(name, "script", "") == Script.CYRILLIC else _("alias")


def archived(record) -> list[Badge]:
    return [Badge("closed", _("Archived"))] if record.archived else []


def names_of_body(body) -> tuple[str, ...]:
    """All that a body is or was called, with `names` at hand: what the reader knows it by stands first."""
    names = [body.short_name, body.name, *(part for name in body.names.all() for part in (name.name, name.short_name))]
    return tuple(dict.fromkeys(filter(None, names)))


def names_of_person(person) -> tuple[str, ...]:
    return tuple(dict.fromkeys([person.name, *(name.written() for name in person.names.all())]))


class PersonHits(Hits):
    model, icon, url_name, title = Person, "person", "contacts:person_list", gettext_lazy("People")
    keys = staticmethod(keys_of_person)

    def sources(self, record):
        yield Source(_("name"), (record.name,), keys_of_person, shown=True)
        for name in record.names.all():
            yield Source(called(name), (name.written(),), keys_of_person, language=name.language)

    def row(self, record, finder, reasons):
        line, post = [], latest_post(record)
        if post:
            line += [part for part in (post.title, post.rank) if part]
            line.append(str(post.organization))
            if post.until:
                line.append(_("until %(when)s") % {"when": day(post.until)})
        return Hit(
            record.get_absolute_url(),
            self.icon,
            finder.marked(record.name, keys_of_person),
            line,
            reasons,
            archived(record),
        )


class OrganizationHits(Hits):
    model, icon, url_name = Organization, "building", "contacts:organization_list"
    title = gettext_lazy("Organizations")
    keys = staticmethod(keys_of_body)

    def sources(self, record):
        yield Source(_("name"), (record.name, record.short_name), keys_of_body, shown=True)
        for name in record.names.all():
            yield Source(called(name), (name.name, name.short_name), keys_of_body, language=name.language)

    def row(self, record, finder, reasons):
        title = finder.marked(record.name, keys_of_body)
        if record.short_name:
            title = format_html(
                '{} <span class="soft">{}</span>', title, finder.marked(record.short_name, keys_of_body)
            )
        line = [record.get_kind_display()]
        if record.country:
            line.append(record.country_name)
        elif record.seat_city:
            line.append(str(record.seat_city))
        if record.parent:
            line.append(_("part of %(title)s") % {"title": record.parent})
        badges = [*([Badge("ours", _("ours"))] if record.own else []), *archived(record)]
        return Hit(record.get_absolute_url(), self.icon, title, line, reasons, badges)


def with_reasons(answer, shown: Callable[..., set[str]] = lambda row: set()) -> None:
    """The rows of a list with why they were found (`reasons`), where words were asked; `shown`: other names in the row."""
    if answer.finder is None or not answer.rows:
        return
    hits = Hits.of[answer.page.model()._meta.label_lower]
    prefetch_related_objects(answer.rows, "names")
    for row in answer.rows:
        there = shown(row)
        sources = [one._replace(shown=one.shown or set(one.texts) <= there) for one in hits.sources(row)]
        row.reasons = why(answer.finder, sources).reasons
