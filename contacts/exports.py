"""The columns of exported contacts, and what contacts are called in other files."""

from django.db.models import Case, CharField, F, Value, When
from django.db.models.functions import Coalesce, Concat, NullIf
from django.utils.translation import gettext as _

from caricc.lib.export import Columns, Gathered, joined
from contacts.choices import Script
from contacts.models import CityName, OrganizationName, PersonName, Post


def short(path: str = ""):
    """What an organization is called for short, as its `str()`; `path` leads to it."""
    return Coalesce(NullIf(F(f"{path}short_name"), Value("")), F(f"{path}name"), output_field=CharField())


def _of_organization():
    with_short = Concat("name", Value(" ("), "short_name", Value(")"), output_field=CharField())
    return Case(When(short_name="", then=F("name")), default=with_short, output_field=CharField())


def _of_person():
    """As `contacts.models.name_written`: family name last in Latin, first in Cyrillic."""
    cyrillic = joined(" ", "family", "given", "patronymic")
    return Case(
        When(script=Script.CYRILLIC, then=cyrillic),
        default=joined(" ", "given", "patronymic", "family"),
        output_field=CharField(),
    )


def _posts(user):
    untitled = Case(When(title="", then=Value(_("no title stated"))), default=F("title"), output_field=CharField())
    rows = Post.objects.visible_to(user).annotate(
        called=Concat(untitled, Value(", "), short("organization__"), output_field=CharField())
    )
    return rows.order_by(F("since").desc(nulls_last=True), "id")


CITY_COLUMNS: Columns = {
    "id": "id",
    "name": "name",
    "name_ru": "name_ru",
    "names": Gathered(
        lambda user: CityName._base_manager.order_by(F("until").desc(nulls_last=True), "id"), "city", "name"
    ),
    "country": "country",
    "time_zone": "time_zone",
    "updated_at": "updated_at",
}
ORGANIZATION_COLUMNS: Columns = {
    "id": "id",
    "name": "name",
    "short_name": "short_name",
    "names": Gathered(
        lambda user: OrganizationName._base_manager.order_by("created_at", "id"), "organization", _of_organization()
    ),
    "kind": "kind",
    "country": "country",
    "seat_city": "seat_city__name",
    "seat_country": "seat_country",
    "parent": "parent_id",
    "parent_name": "parent__name",
    "own": "own",
    "rhythm": "rhythm",
    "snoozed_until": "snoozed_until",
    "archived": "archived",
    "updated_at": "updated_at",
}
PERSON_COLUMNS: Columns = {
    "id": "id",
    "name": "name",
    "names": Gathered(
        lambda user: PersonName._base_manager.order_by("-preferred", "created_at", "id"), "person", _of_person()
    ),
    "posts": Gathered(_posts, "person", "called"),
    "archived": "archived",
    "updated_at": "updated_at",
}
POST_COLUMNS: Columns = {
    "id": "id",
    "person": "person_id",
    "person_name": "person__name",
    "organization": "organization_id",
    "organization_name": "organization__name",
    "title": "title",
    "rank": "rank",
    "email": "email",
    "phone": "phone",
    "since": "since",
    "until": "until",
    "updated_at": "updated_at",
}
