"""What the fixtures say of the eight releases, loaded by plain `loaddata`."""

import hashlib
import json
import re
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.http import QueryDict

from caricc.lib import writes
from caricc.models import History, SeedKey, User
from contacts.models import City, Organization, OrganizationName, Person, PersonName, Post
from events.filters import CommitmentQuestion, EventQuestion
from events.management.commands.seed import fixture_files
from events.models import Case, Commitment, Delegate, Delegation, Event, Outcome, Topic

pytestmark = pytest.mark.django_db
DOCS = Path(settings.BASE_DIR) / "docs" / "fixtures.md"
ROWS = [row for path in fixture_files() for row in json.loads(path.read_text(encoding="utf-8"))]
KEYS = [row["fields"]["seed_key"] for row in ROWS]

#                       delegations, delegates, outcomes, commitments
FIGURES = {
    "financial-flows-ewg": (4, 2, 4, 0),
    "vienna-side-meeting": (4, 2, 1, 0),
    "turkmenistan-talks": (2, 2, 2, 1),
    "anti-corruption-briefing": (4, 2, 2, 0),
    "tashkent-visit": (4, 1, 0, 0),
    "tashkent-ncdc": (2, 1, 1, 0),
    "tashkent-sco-rats": (2, 1, 2, 0),
    "tashkent-unodc": (2, 2, 1, 2),
    "virtual-assets-workshop": (22, 2, 9, 0),
    "future-without-drugs": (9, 3, 4, 0),
    "precursors-ewg": (2, 1, 2, 0),
    "japan-talks": (3, 4, 1, 2),
}


@pytest.fixture(scope="module", autouse=True)
def releases(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("loaddata", *map(str, fixture_files()), verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def admin(db):
    return User.objects.create_superuser("reader")


def event(key):
    return Event.objects.get(seed_key=f"event-{key}")


def ask(question, user, **wanted):
    data = QueryDict(mutable=True)
    data.update({name: str(value) for name, value in wanted.items()})
    asked = question(data, question._meta.model.objects.visible_to(user), user=user)
    assert asked.is_valid(), asked.form.errors
    return asked.qs


def events_found(user, **wanted):
    return {row.seed_key.removeprefix("event-") for row in ask(EventQuestion, user, **wanted)}


# ---- the whole


def test_there_are_twelve_events_and_ten_people():
    assert Event.objects.count() == 12
    assert Person.objects.count() == 10
    assert set(Person.objects.values_list("name", flat=True)) == {
        "Rustam Aziz Miralizoda", "Jun Yamada", "Naweed Riaz", "Asel Rakhimova", "A. A. Erkaboev", "T. V. Evdokimova",
        "A. O. Yazlyev", "M. Akhmetzhanov", "Yusuf Kurbonov", "B. D. Rejepov",
    }  # fmt: skip


def test_the_figures_of_each_event():
    found = {
        row.seed_key.removeprefix("event-"): (
            row.delegations.count(),
            Delegate.objects.filter(delegation__event=row).count(),
            row.outcomes.count(),
            row.commitments.count(),
        )
        for row in Event.objects.all()
    }
    assert found == FIGURES


def test_every_key_is_used_once_in_the_whole_and_nothing_has_an_id():
    assert len(KEYS) == len(set(KEYS))
    assert not [row for row in ROWS if "pk" in row]


def test_each_record_leaves_a_row_of_history_and_its_key():
    made = History.objects.filter(door="loaddata", action="create")
    assert made.count() == len(ROWS)
    assert set(SeedKey.objects.values_list("key", flat=True)) == set(KEYS)


def test_topics_and_cases_of_an_event_stand_in_its_history():
    changes = History.objects.filter(door="loaddata", action="change", record_id=event("japan-talks").pk)
    assert {name for row in changes for name in row.changes} == {"topics", "cases"}


def test_loading_again_changes_nothing():
    before = History.objects.count()
    call_command("loaddata", *map(str, fixture_files()), verbosity=0)
    assert History.objects.count() == before
    assert set(Event.objects.values_list("version", flat=True)) == {1}


def test_loading_again_brings_back_an_edited_record_as_a_change_of_its_own():
    with writes.change(None, "command") as change:
        topic = Topic.objects.get(seed_key="topic-training")
        topic.name = "Courses"
        change.save(topic)
    call_command("loaddata", "01_topics.json", verbosity=0)
    topic = Topic.objects.get(seed_key="topic-training")
    assert (topic.name, topic.version) == ("Training", 3)
    assert History.objects.order_by("pk").last().changes == {"name": ["Courses", "Training"]}


def test_rows_are_as_the_write_path_would_leave_them():
    """Names that are shown stand among the names, cities lead to the city on record, places know their state."""
    for row in Organization.objects.all():
        assert row.names.filter(name=row.name, short_name=row.short_name).exists(), row.seed_key
        assert not row.seat_city_id or row.seat_country == row.seat_city.country
    for row in City.objects.all():
        assert {row.name, row.name_ru} <= set(row.names.values_list("name", flat=True))
    for row in Person.objects.all():
        assert row.name == row.names.get(preferred=True).written()
    for row in Event.objects.all():
        kept, country = row.place_id, row.country
        row.prepare(change=None)
        assert (row.place_id, row.country) == (kept, country)
    for row in Delegate.objects.filter(person__isnull=False):
        kept = row.title, row.rank
        row.prepare(change=None)
        assert (row.title, row.rank) == kept


def test_every_row_is_valid():
    for model in {type(row) for row in _all_rows()}:
        for row in model.objects.all():
            row.full_clean(exclude=["folded"])


def _all_rows():
    return [*Event.objects.all(), *Delegation.objects.all(), *Delegate.objects.all(), *Outcome.objects.all(),
            *Commitment.objects.all(), *Case.objects.all(), *Organization.objects.all(), *Person.objects.all(),
            *PersonName.objects.all(), *OrganizationName.objects.all(), *Post.objects.all(), *City.objects.all()]  # fmt: skip


# ---- who is who


def test_one_office_is_found_under_each_of_its_names_in_either_script(admin):
    office = Organization.objects.get(seed_key="org-unodc-kazakhstan")
    for words in ("Programme Office Kazakhstan", "Program Office", "Almaty Office", "Программный офис"):
        assert office in Organization.objects.visible_to(admin).matching(words, admin), words
    assert office.parent.short_name == "UNODC"
    assert office.country == ""


def test_one_man_is_found_under_each_order_of_his_name(admin):
    for words in ("Miralizoda Rustam Aziz", "Rustam Aziz Miralizoda", "R.A. Miralizoda", "Мирализода Рустам Азиз"):
        assert [p.seed_key for p in Person.objects.visible_to(admin).matching(words, admin)] == ["person-miralizoda"], (
            words
        )


def test_our_own_bodies_are_four_and_all_below_the_centre():
    assert set(Organization.objects.own().values_list("seed_key", flat=True)) == {
        "org-caricc", "org-caricc-organizational-unit", "org-caricc-oc-division", "org-caricc-operations-unit",
    }  # fmt: skip


def test_two_advisers_hold_two_posts_at_once_and_nobody_has_invented_dates():
    posts = Post.objects.filter(person__seed_key__in=["person-rakhimova", "person-yazlyev"])
    assert sorted(posts.values_list("title", flat=True)) == [
        "Adviser", "Adviser", "Head of the OC Division", "Head of the Organizational Unit",
    ]  # fmt: skip
    assert not Post.objects.exclude(since=None, until=None).exists()


def test_embassies_are_organs_of_the_state_that_sends_them():
    embassy = Organization.objects.get(seed_key="org-embassy-japan-kz")
    assert (embassy.country, embassy.seat_country, embassy.seat_city.name) == ("JP", "KZ", "Astana")


# ---- Vienna, financial flows


def test_the_vienna_meeting_reports_58_states_and_23_organizations():
    row = event("financial-flows-ewg")
    assert (row.start_date, row.end_date) == (date(2021, 10, 7), date(2021, 10, 8))
    assert (row.reported_countries, row.reported_organizations, row.reported_at_least) == (58, 23, False)
    assert (row.city, row.country, row.format) == ("Vienna", "AT", "")


def test_its_side_meeting_is_on_the_second_day():
    row = event("vienna-side-meeting")
    assert row.parent == event("financial-flows-ewg")
    assert row.start_date == row.end_date == date(2021, 10, 8)
    assert set(row.delegations.exclude(group="").values_list("group", flat=True)) == {
        "member_states",
        "donor_countries",
    }


def test_the_update_of_programmes_and_networks_names_all_four():
    parties = Outcome.objects.get(seed_key="event-financial-flows-ewg-outcome-updates").parties
    assert set(parties.values_list("short_name", flat=True)) == {"GPML", "AOTP", "ARIN-WCA", "CASC"}


# ---- Turkmenistan, briefing, Tashkent


def test_the_director_told_turkmenistan_that_he_is_ready_for_the_rotation():
    owed = Commitment.objects.get(seed_key="commitment-director-rotation")
    assert (owed.direction, owed.due_date, owed.case.seed_key) == ("ours", None, "case-director-rotation")
    assert Outcome.objects.get(event=event("turkmenistan-talks"), kind="agreement").parties.count() == 2


def test_the_briefing_has_a_venue_but_no_city():
    row = event("anti-corruption-briefing")
    assert (row.format, row.city, row.place, row.country) == ("online", "", None, "KZ")
    assert row.venue.startswith("Academy of State Administration")
    assert Delegate.objects.get(delegation__event=row, person__seed_key="person-yazlyev").attendance == "online"


def test_the_three_meetings_in_tashkent_have_no_days_of_their_own():
    visit = event("tashkent-visit")
    assert visit.date_precision == "day"
    assert {(c.date_precision, c.start_date, c.end_date) for c in visit.children.all()} == {
        ("within", date(2021, 10, 14), date(2021, 10, 15))
    }
    assert visit.children.count() == 3


def test_a_protocol_was_signed_with_the_sco_rats():
    row = Outcome.objects.get(kind="document")
    assert row.event == event("tashkent-sco-rats")
    assert set(row.parties.values_list("short_name", flat=True)) == {"CARICC", "SCO RATS"}


def test_the_agreement_on_trainings_lists_its_subjects():
    row = Outcome.objects.get(seed_key="event-tashkent-unodc-outcome-trainings")
    assert len(row.lines) == 6
    assert {"IBM iBase", "Analyst Notebook", "ArcGIS geographic information system"} <= set(row.lines)


# ---- workshop, conference, precursors, Japan


def test_the_workshop_had_four_organizers_and_seven_financial_intelligence_units():
    row = event("virtual-assets-workshop")
    organizers = row.delegations.filter(role="organizer")
    assert {str(d.organization) for d in organizers} == {"EAG", "FMA", "ITMCFM", "People's Bank of China"}
    units = row.delegations.filter(group="financial_intelligence_units")
    assert set(units.values_list("country", flat=True)) == {"AU", "CN", "IR", "JP", "KZ", "RU", "SE"}


def test_states_presented_their_supervision_on_the_second_day():
    rows = Outcome.objects.filter(seed_key__startswith="event-virtual-assets-workshop-outcome-supervision")
    assert {(row.by_delegation.country, row.day) for row in rows} == {
        (state, date(2021, 10, 26)) for state in ("BY", "AU", "SE")
    }


def test_an_unnamed_employee_spoke_at_the_conference():
    row = Outcome.objects.get(seed_key="event-future-without-drugs-outcome-platform")
    assert (row.by_delegate.person, row.by_delegate.name, row.by_delegate.role) == (
        None,
        "an employee of the Centre",
        "speaker",
    )


def test_the_precursors_meeting_reports_more_than_a_hundred_participants():
    row = event("precursors-ewg")
    assert (row.reported_participants, row.reported_at_least, row.format) == (100, True, "hybrid")
    ours = row.delegations.get(organization__own=True)
    assert ours.attendance == "online"
    assert ours.delegates.get().unit.startswith("International Operations Facilitation")


def test_the_operation_is_found_under_both_names(admin):
    for words in ("Operation Substitution", "Operation Substitute"):
        assert events_found(admin, q=words) == {"precursors-ewg"}
    assert Case.objects.get(seed_key="case-substitution").partners.get().organization.short_name == "UNODC"


def test_the_talks_with_japan_were_in_a_city_that_is_called_otherwise_today(admin):
    row = event("japan-talks")
    assert (row.city, row.place.name) == ("Nur-Sultan", "Astana")
    assert "japan-talks" in events_found(admin, q="Астана")


def test_what_japan_promised_and_what_was_promised_to_japan(admin):
    japan = Organization.objects.get(seed_key="org-embassy-japan-kz")
    both = ask(CommitmentQuestion, admin, partner=japan.pk)
    assert {c.seed_key for c in both} == {"commitment-japan-assistance", "commitment-caricc-japan-projects"}
    assert {c.seed_key for c in ask(CommitmentQuestion, admin, partner=japan.pk, direction="ours")} == {
        "commitment-caricc-japan-projects"
    }


# ---- questions across releases


def test_events_of_unodc_or_an_office_below_it_in_october(admin):
    unodc = Organization.objects.get(short_name="UNODC")
    assert events_found(admin, partner=unodc.pk, date_after="2021-10-01", date_before="2021-10-31") == {
        "financial-flows-ewg", "vienna-side-meeting", "tashkent-visit", "tashkent-unodc", "virtual-assets-workshop",
        "future-without-drugs",
    }  # fmt: skip


def test_events_of_unodc_itself_are_not_those_of_a_sister_office(admin):
    office = Organization.objects.get(seed_key="org-unodc-central-asia")
    assert events_found(admin, partner=office.pk) == {"tashkent-visit", "tashkent-unodc"}


def test_states_take_part_themselves_or_through_their_organs(admin):
    assert events_found(admin, country="JP") == {"japan-talks", "virtual-assets-workshop"}
    assert events_found(admin, country="UZ") == {"tashkent-visit", "tashkent-ncdc", "virtual-assets-workshop"}
    assert events_found(admin, held_in="AT") == {"financial-flows-ewg", "vienna-side-meeting", "precursors-ewg"}


def test_matters_pursued_across_releases(admin):
    def of(key):
        return events_found(admin, case=Case.objects.get(seed_key=f"case-{key}").pk)

    assert of("paris-pact") == {"financial-flows-ewg", "precursors-ewg"}
    assert of("financial-flows") == {"financial-flows-ewg", "tashkent-ncdc", "japan-talks"}
    assert of("director-rotation") == {"turkmenistan-talks"}


# ---- words


def test_texts_are_one_to_three_sentences_of_our_own():
    for model, name in ((Event, "summary"), (Outcome, "text"), (Case, "summary"), (Commitment, "text")):
        for row in model.objects.exclude(**{name: ""}):
            assert len(re.findall(r"[.!?](?:\s|$)", getattr(row, name))) <= 3, row.seed_key
    assert not Event.objects.filter(summary="").exists()


def test_no_sentence_of_the_releases_is_repeated():
    """`release_runs.txt` holds a digest of every ten words that follow each other in them, official names aside."""
    known = set((Path(__file__).parent / "release_runs.txt").read_text().split())
    texts = [text for row in ROWS for text in _strings(row["fields"])] + [DOCS.read_text(encoding="utf-8")]
    for text in texts:
        words = re.findall(r"\w+", text.lower())
        runs = (" ".join(words[i : i + 10]) for i in range(len(words) - 9))
        assert not [run for run in runs if hashlib.sha256(run.encode()).hexdigest()[:8] in known]


def _strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def test_the_documentation_names_every_record_of_an_event_and_every_file():
    text = DOCS.read_text(encoding="utf-8")
    named = ("events.event", "events.case", "events.commitment", "contacts.person")
    keys = [row["fields"]["seed_key"] for row in ROWS if row["model"] in named]
    assert not [key for key in keys if f"`{key}`" not in text]
    assert not [path.name for path in fixture_files() if path.name not in text]
