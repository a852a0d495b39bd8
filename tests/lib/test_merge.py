"""Two records become one and two again: every relation, collisions, trees, names, kept questions; and what undo leaves."""

import datetime
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils import timezone

from caricc.lib import writes
from caricc.lib.merge import links, merge, relations
from caricc.lib.merged import followed
from caricc.lib.unmerge import taken_up, unmerge, why_not
from caricc.models import CalendarFeed, History, Merge, SavedView, SavedViewMention
from contacts.models import (
    DifferentOrganizations,
    DifferentPeople,
    Organization,
    OrganizationName,
    Person,
    PersonName,
    Post,
)
from contacts.proposals import Proposed
from events.models import Case, CasePartner, Commitment, Delegate, Delegation, Outcome
from events.models.tally import Tally

DAY = datetime.date
NOT_COMPARED = {"version", "updated_at"}


def make(model, **fields):
    links_of = {name: fields.pop(name) for name in list(fields) if isinstance(fields[name], list)}
    with writes.change(None, "command") as change:
        row = change.save(model(**fields))
        for name, values in links_of.items():
            change.set(row, name, values)
    return row


def put(model, pk, **fields):
    with writes.change(None, "command") as change:
        row = model._base_manager.get(pk=pk)
        for name, value in fields.items():
            setattr(row, name, value)
        change.save(row)


def fresh(row):
    return type(row)._base_manager.filter(pk=row.pk).first()


def merged(actor, kept, gone, why="twice", **values) -> Merge:
    with writes.change(actor, "page", why) as change:
        return merge(change, fresh(kept), fresh(gone), values)


def undone(actor, done) -> list[str]:
    with writes.change(actor, "page") as change:
        return unmerge(change, done)


def database() -> dict:
    """Every row of the register but for versions, history and the merges themselves."""
    made = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label not in ("caricc", "contacts", "events") or model in (History, Merge):
            continue
        kept_ready = issubclass(model, Tally)
        own_id = model._meta.auto_created or model is SavedViewMention or issubclass(model, Proposed) or kept_ready
        names = [f.attname for f in model._meta.concrete_fields if f.name not in NOT_COMPARED]
        names = [name for name in names if not (own_id and name == "id")]
        rows = model._base_manager.exclude(n=0) if kept_ready else model._base_manager.all()
        made[model._meta.label] = sorted(map(repr, rows.values_list(*names)))
    return made


def differences(before, after) -> dict:
    return {
        label: {"lost": sorted(set(rows) - set(after[label])), "new": sorted(set(after[label]) - set(rows))}
        for label, rows in before.items()
        if rows != after[label]
    }


@pytest.fixture
def twins(world):
    """A second Anna Berg, and a second UNODC."""
    world.anna = make(Person, name="A. Berg", note="Speaks Russian")
    make(Post, person=world.anna, organization=world.unodc, title="Expert")
    world.bureau = make(Organization, name="UN Drugs Bureau", short_name="UNDB", kind="un", note="Seen in Vienna")
    return world


# ---- every relation, by itself

MAKERS = {
    "contacts.PersonName.person": lambda w: make(PersonName, person=w.anna, family="Berg", given="Hanna"),
    "contacts.Post.person": lambda w: make(Post, person=w.anna, organization=w.office, title="Head"),
    "contacts.DifferentPeople.first": lambda w: DifferentPeople.objects.create(first=w.anna, second=w.director),
    "contacts.DifferentPeople.second": lambda w: DifferentPeople.objects.create(first=w.ambassador, second=w.anna),
    "events.Delegate.person": lambda w: make(
        Delegate, delegation=Delegation._base_manager.get(event=w.retreat, organization=w.office), person=w.anna
    ),
    "events.Commitment.responsible": lambda w: make(
        Commitment, title="Kept by her", debtor=w.caricc, responsible=w.anna, event=w.retreat
    ),
    "events.Case.lead": lambda w: make(Case, title="Hers", lead=w.anna, visibility="restricted", owner=w.analyst),
    "contacts.OrganizationName.organization": lambda w: make(OrganizationName, organization=w.bureau, name="Бюро"),
    "contacts.Organization.parent": lambda w: make(Organization, name="Branch", kind="un", parent=w.bureau),
    "contacts.Organization.succeeded_by": lambda w: make(Organization, name="Old", kind="un", succeeded_by=w.bureau),
    "contacts.Post.organization": lambda w: make(Post, person=w.director, organization=w.bureau, title="Guest"),
    "contacts.DifferentOrganizations.first": lambda w: DifferentOrganizations.objects.create(
        first=w.bureau, second=w.embassy
    ),
    "contacts.DifferentOrganizations.second": lambda w: DifferentOrganizations.objects.create(
        first=w.ministry, second=w.bureau
    ),
    "events.Delegation.organization": lambda w: make(Delegation, event=w.retreat, organization=w.bureau),
    "events.Commitment.debtor": lambda w: make(Commitment, title="Owed", debtor=w.bureau, event=w.orphan),
    "events.Commitment.creditor": lambda w: make(Commitment, title="Due", debtor=w.caricc, creditor=w.bureau),
    "events.CasePartner.organization": lambda w: make(CasePartner, case=w.secret_case, organization=w.bureau),
    "events.Outcome.parties": lambda w: make(
        Outcome, event=w.orphan, kind="document", title="Protocol", parties=[w.bureau, w.embassy]
    ),
}


def named(model):
    found = [(one.related_model, one.field) for one in [*relations(model), *links(model)]]
    return {f"{owner._meta.label}.{field.name}": (owner, field) for owner, field in found}


def test_every_relation_to_people_and_organizations_is_tried_here():
    assert {*named(Person), *named(Organization)} == set(MAKERS)
    for model in (Person, Organization):
        shown = {
            f"{one.related_model._meta.label}.{one.field.name}"
            for one in model._meta.related_objects
            if not issubclass(one.related_model, Tally)
        }
        assert shown <= set(named(model))
        assert not model._meta.many_to_many, "links of the record itself are not merged yet"


@pytest.mark.parametrize("name", MAKERS)
def test_whatever_points_to_the_record_that_goes_points_to_the_one_that_stays_and_back(twins, name):
    kept, gone = (twins.coordinator, twins.anna) if name in named(Person) else (twins.unodc, twins.bureau)
    owner, field = named(type(kept))[name]
    row, before = MAKERS[name](twins), None
    before = database()
    version = row.root().version if hasattr(row, "root") else None
    done = merged(twins.officer, kept, gone)
    assert fresh(gone) is None
    assert owner._base_manager.filter(pk=row.pk, **{field.name: kept.pk}).exists()
    if version is not None:
        root = fresh(row).root()
        told = History.objects.filter(root_model=root._meta.label_lower, root_id=root.pk, at=done.at)
        assert told.exists()
        assert root == kept or root.version == type(root)._base_manager.get(pk=root.pk).version > version - 1
    assert undone(twins.officer, done) == []
    assert not differences(before, database())


def test_a_merge_of_everything_at_once_is_undone_to_the_last_value(twins):
    for maker in MAKERS.values():
        maker(twins)
    before, versions = database(), {w.pk: fresh(w).version for w in (twins.anna, twins.bureau, twins.unodc)}
    people = merged(twins.officer, twins.coordinator, twins.anna, name="A. Berg", note="Speaks Russian")
    bodies = merged(twins.officer, twins.unodc, twins.bureau, name="UN Drugs Bureau", note="Seen in Vienna")
    assert differences(before, database())
    assert undone(twins.officer, people) == []
    assert undone(twins.admin, bodies) == []
    assert not differences(before, database())
    for row in (twins.anna, twins.bureau, twins.unodc):
        assert fresh(row).version > versions[row.pk]
    assert all(name not in ("contacts.Person", "contacts.Organization") or rows for name, rows in before.items())


def test_both_histories_tell_of_it_and_every_touched_whole_has_a_version_more(twins):
    event = twins.retreat
    make(Delegation, event=event, organization=twins.bureau)
    before, version = fresh(event).version, fresh(twins.unodc).version
    done = merged(twins.officer, twins.unodc, twins.bureau, "an old name")
    assert fresh(event).version == before + 1
    assert fresh(twins.unodc).version == version + 1
    for pk, other in ((twins.unodc.pk, "UNDB"), (twins.bureau.pk, "UNODC")):
        row = History.objects.filter(root_id=pk, action="merge").get()
        assert (row.why, row.actor, row.changes["other"]) == ("an old name", twins.officer, [None, other])
    undone(twins.admin, done)
    for pk in (twins.unodc.pk, twins.bureau.pk):
        assert History.objects.filter(root_id=pk, action="unmerge", actor=twins.admin).count() == 1
    done.refresh_from_db()
    assert done.undone_by == twins.admin


# ---- rows that become one


def test_two_delegates_of_one_delegation_become_one_that_says_what_either_said(twins):
    delegation = Delegation._base_manager.get(event=twins.talks, organization=twins.office)
    first = make(Delegate, delegation=delegation, person=twins.coordinator, title="Coordinator", unit="")
    second = make(Delegate, delegation=delegation, person=twins.anna, title="Expert", unit="Projects", role="head")
    said = make(Outcome, event=twins.talks, kind="presentation", title="On projects", by_delegate=second)
    before = database()
    done = merged(twins.officer, twins.coordinator, twins.anna)
    assert fresh(second) is None
    one = fresh(first)
    assert (one.person, one.title, one.unit, one.role) == (twins.coordinator, "Coordinator", "Projects", "head")
    assert fresh(said).by_delegate == one
    undone(twins.officer, done)
    assert not differences(before, database())


def test_two_partners_of_a_case_in_one_role_become_one_in_two_roles_they_stay_two(twins):
    same = make(CasePartner, case=twins.open_case, organization=twins.bureau, role="donor")
    other = make(CasePartner, case=twins.open_case, organization=twins.bureau, role="leading")
    before = database()
    done = merged(twins.officer, twins.unodc, twins.bureau)
    assert fresh(same) is None
    roles = CasePartner._base_manager.filter(case=twins.open_case, organization=twins.unodc)
    assert sorted(roles.values_list("role", flat=True)) == ["donor", "leading"]
    assert fresh(other).organization == twins.unodc
    undone(twins.officer, done)
    assert not differences(before, database())


def test_both_parties_of_an_outcome_become_one_party(twins):
    outcome = make(Outcome, event=twins.talks, kind="document", title="Protocol", parties=[twins.bureau, twins.unodc])
    before = database()
    done = merged(twins.officer, twins.unodc, twins.bureau)
    assert list(outcome.parties.all()) == [twins.unodc]
    undone(twins.officer, done)
    assert not differences(before, database())


def test_two_delegations_of_one_body_at_an_event_stay_two(twins):
    own = Delegation._base_manager.get(event=twins.for_analyst, organization=twins.unodc)
    other = make(Delegation, event=twins.for_analyst, organization=twins.bureau, label="the experts")
    merged(twins.officer, twins.unodc, twins.bureau)
    assert {fresh(own).organization, fresh(other).organization} == {twins.unodc}


def test_two_posts_that_say_the_same_become_one_and_those_that_contradict_stay_two(twins):
    office = twins.office
    same = make(Post, person=twins.anna, organization=office, title="Coordinator", rank="Dr", email="a@example.org")
    later = make(Post, person=twins.anna, organization=office, title="Coordinator", since=DAY(2020, 1, 1))
    before = database()
    done = merged(twins.officer, twins.coordinator, twins.anna)
    assert fresh(same) is None
    assert fresh(later) is not None
    kept = Post._base_manager.get(person=twins.coordinator, organization=office, since=DAY(2018, 1, 1))
    assert (kept.rank, kept.email) == ("Dr", "a@example.org")
    undone(twins.officer, done)
    assert not differences(before, database())


# ---- names


def test_names_become_other_names_without_doubles_and_one_is_preferred(twins):
    make(PersonName, person=twins.anna, family="Berg", given="Anna", patronymic="", language="en")
    own = [str(name) for name in twins.coordinator.names.all()]
    before = database()
    done = merged(twins.officer, twins.coordinator, twins.anna)
    names = PersonName._base_manager.filter(person=twins.coordinator)
    assert sorted(map(str, names)) == sorted([*own, "A. Berg"])
    assert str(names.get(preferred=True)) == "Anna Berg"
    assert names.filter(given="Anna", language="en").count() == 1, "filled from the double"
    assert Person.objects.matching("a. berg", twins.officer).get() == twins.coordinator
    undone(twins.officer, done)
    assert not differences(before, database())


def test_with_the_shown_name_the_preferred_one_is_taken_over(twins):
    before = database()
    done = merged(twins.officer, twins.coordinator, twins.anna, name="A. Berg")
    assert fresh(twins.coordinator).name == "A. Berg"
    assert str(PersonName._base_manager.get(person=twins.coordinator, preferred=True)) == "A. Berg"
    undone(twins.officer, done)
    assert not differences(before, database())


def test_a_name_made_of_both_is_among_the_names_until_the_merge_is_undone(twins):
    before = database()
    done = merged(twins.officer, twins.unodc, twins.bureau, short_name="UNDB")
    assert OrganizationName._base_manager.filter(organization=twins.unodc, short_name="UNDB").count() == 2
    undone(twins.officer, done)
    assert not differences(before, database())


def test_the_account_and_the_key_of_the_fixtures_follow(twins):
    put(Person, twins.anna.pk, user=twins.analyst)
    Person._base_manager.filter(pk=twins.anna.pk).update(seed_key="person-anna")
    done = merged(twins.officer, twins.coordinator, twins.anna, user_id=twins.analyst.pk)
    assert fresh(twins.coordinator).user == twins.analyst
    assert Person.objects.get_by_natural_key("person-anna") == twins.coordinator
    undone(twins.officer, done)
    assert fresh(twins.anna).user == twins.analyst
    assert fresh(twins.coordinator).user is None
    assert Person.objects.get_by_natural_key("person-anna") == twins.anna


# ---- trees


def parents(*bodies):
    return [getattr(fresh(body), "parent", None) for body in bodies]


def test_of_a_parent_and_its_part_the_parts_go_up(twins):
    before = database()
    done = merged(twins.officer, twins.unodc, twins.office)
    assert parents(twins.unodc, twins.desk) == [None, twins.unodc]
    undone(twins.officer, done)
    assert not differences(before, database())


def test_a_part_that_stays_takes_the_place_of_its_parent(twins):
    other = make(Organization, name="Second office", kind="un", parent=twins.unodc)
    before = database()
    done = merged(twins.officer, twins.office, twins.unodc, parent_id=twins.unodc.pk)
    assert parents(twins.office, twins.desk, other) == [None, twins.office, twins.office]
    undone(twins.officer, done)
    assert not differences(before, database())


def test_a_part_of_a_part_that_stays_leaves_no_loop(twins):
    before = database()
    done = merged(twins.officer, twins.desk, twins.unodc)
    assert parents(twins.desk, twins.office) == [None, twins.desk]
    undone(twins.officer, done)
    assert not differences(before, database())


def test_a_parent_chosen_below_the_record_itself_is_refused_by_name(twins):
    below = make(Organization, name="Below", kind="un", parent=twins.unodc)
    put(Organization, twins.bureau.pk, parent=below)
    with pytest.raises(ValidationError) as refused:
        merged(twins.officer, twins.unodc, twins.bureau, parent_id=below.pk)
    assert "parent" in refused.value.message_dict
    assert fresh(twins.bureau) is not None


def test_a_successor_does_not_succeed_itself(twins):
    put(Organization, twins.bureau.pk, succeeded_by=twins.unodc)
    before = database()
    done = merged(twins.officer, twins.unodc, twins.bureau)
    assert fresh(twins.unodc).succeeded_by is None
    undone(twins.officer, done)
    assert not differences(before, database())
    done = merged(twins.officer, twins.bureau, twins.unodc)
    assert fresh(twins.bureau).succeeded_by is None
    undone(twins.officer, done)
    assert not differences(before, database())


def test_a_body_moved_since_below_its_former_part_does_not_make_a_loop_when_undone(twins):
    top = make(Organization, name="Top", kind="un")
    put(Organization, twins.bureau.pk, parent=top)
    branch = make(Organization, name="Branch", kind="un", parent=twins.bureau)
    done = merged(twins.officer, twins.unodc, twins.bureau)
    put(Organization, top.pk, parent=branch)
    undone(twins.officer, done)
    assert parents(top, branch, twins.bureau) == [branch, twins.unodc, top]


# ---- kept questions


def test_kept_questions_that_name_it_name_the_other_also_those_within_them(twins):
    gone, kept = twins.bureau.pk, twins.unodc.pk
    inner = urlencode({"partner": gone, "kind": "visit"})
    plain = make(
        SavedView, name="Plain", page="events:event_list", query=f"partner={gone}&kind=visit", owner=twins.analyst
    )
    double = make(
        SavedView, name="Both", page="events:event_list", query=f"partner={kept}&partner={gone}", owner=twins.officer
    )
    nested = make(
        SavedView,
        name="Nested",
        page="contacts:organization_list",
        query=urlencode({"met": inner}),
        owner=twins.analyst,
    )
    words = make(SavedView, name="Words", page="events:event_list", query=f"q={gone}", owner=twins.officer)
    feed, _secret = CalendarFeed.mint(user=twins.analyst, name="Theirs", query=f"partner={gone}&status=planned")
    before = database()
    done = merged(twins.officer, twins.unodc, twins.bureau)
    assert fresh(plain).query == f"partner={kept}&kind=visit"
    assert fresh(double).query == f"partner={kept}"
    assert fresh(nested).query == urlencode({"met": urlencode({"partner": kept, "kind": "visit"})})
    assert fresh(words).query == f"q={gone}"
    assert fresh(feed).query == f"partner={kept}&status=planned"
    assert not SavedViewMention.objects.filter(record_id=gone).exists()
    undone(twins.officer, done)
    assert not differences(before, database())


def test_a_kept_question_changed_since_stays_as_it_was_changed(twins):
    view = make(
        SavedView, name="Mine", page="events:event_list", query=f"partner={twins.bureau.pk}", owner=twins.analyst
    )
    done = merged(twins.officer, twins.unodc, twins.bureau)
    put(SavedView, view.pk, query="kind=visit")
    undone(twins.officer, done)
    assert fresh(view).query == "kind=visit"


# ---- what undo leaves


def test_what_was_changed_since_stays_and_is_told_of_the_record_alone(twins):
    delegate = MAKERS["events.Delegate.person"](twins)
    done = merged(twins.officer, twins.coordinator, twins.anna, note="Speaks Russian")
    put(Person, twins.coordinator.pk, note="Speaks Kazakh")
    put(Delegate, delegate.pk, person=twins.ambassador)
    assert undone(twins.officer, done) == ["Note"]
    assert fresh(twins.coordinator).note == "Speaks Kazakh"
    assert fresh(twins.anna).note == "Speaks Russian"
    assert fresh(delegate).person == twins.ambassador


def test_a_name_changed_since_stays_and_the_record_that_returns_has_it_as_it_was(twins):
    row = PersonName._base_manager.get(person=twins.anna)
    done = merged(twins.officer, twins.coordinator, twins.anna)
    put(PersonName, row.pk, patronymic="Maria")
    assert undone(twins.officer, done) == ["A. Maria Berg"]
    assert fresh(row).person == twins.coordinator
    assert [str(one) for one in twins.anna.names.all()] == ["A. Berg"]
    assert twins.anna.names.get().preferred


def test_rows_that_came_after_the_merge_stay_with_the_record_that_stays(twins):
    done = merged(twins.officer, twins.unodc, twins.bureau)
    later = make(Delegation, event=twins.talks, organization=twins.unodc)
    undone(twins.officer, done)
    assert fresh(later).organization == twins.unodc


def test_what_has_gone_since_is_no_hindrance(twins):
    row = MAKERS["events.Delegate.person"](twins)
    case = MAKERS["events.Case.lead"](twins)
    put(Person, twins.anna.pk, user=twins.analyst)
    done = merged(twins.officer, twins.coordinator, twins.anna)
    with writes.change(None, "command") as change:
        change.delete(Delegate._base_manager.get(pk=row.pk))
        change.delete(Case._base_manager.get(pk=case.pk))
    put(Person, twins.ambassador.pk, user=twins.analyst)
    assert undone(twins.officer, done) == ["Account"]
    assert fresh(twins.anna).user is None


def test_after_thirty_days_a_merge_stays(twins):
    done = merged(twins.officer, twins.unodc, twins.bureau)
    Merge.objects.filter(pk=done.pk).update(at=timezone.now() - datetime.timedelta(days=30, minutes=1))
    with pytest.raises(ValidationError, match="for 30 days"):
        undone(twins.officer, done)
    Merge.objects.filter(pk=done.pk).update(at=timezone.now() - datetime.timedelta(days=29, hours=23))
    undone(twins.officer, done)


def test_a_merge_is_undone_once_and_the_last_one_first(twins):
    third = make(Organization, name="Third", kind="un")
    first, second = (merged(twins.officer, twins.unodc, gone) for gone in (twins.bureau, third))
    Merge.objects.filter(pk=first.pk).update(at=first.at - datetime.timedelta(minutes=1))
    assert "Third was merged later" in why_not(Merge.objects.get(pk=first.pk))
    above = merged(twins.officer, twins.ministry, twins.unodc)
    assert "itself went into" in why_not(Merge.objects.get(pk=second.pk))
    assert [one.gone_name for one in taken_up(twins.ministry)] == ["UNODC", "Third", "UNDB"]
    assert followed([("contacts.Organization", third.pk)]) == {("contacts.Organization", third.pk): twins.ministry.pk}
    for done in (above, second, first):
        undone(twins.officer, done)
        with pytest.raises(ValidationError, match="undone already"):
            undone(twins.officer, done)
    assert all(fresh(body) for body in (third, twins.bureau, twins.unodc))
    assert not followed([("contacts.Organization", third.pk)])


def test_what_returns_points_to_where_another_merge_led_since(twins):
    make(Post, person=twins.anna, organization=twins.bureau, title="Expert")
    bodies = merged(twins.officer, twins.unodc, twins.bureau)
    assert Post._base_manager.filter(person=twins.anna, title="Expert").count() == 1
    people = merged(twins.officer, twins.coordinator, twins.anna)
    undone(twins.officer, bodies)
    assert Post._base_manager.get(organization=twins.bureau, title="Expert").person == twins.coordinator
    undone(twins.officer, people)
    assert Post._base_manager.get(organization=twins.unodc, title="Expert").person == twins.anna


def test_merges_that_lead_in_a_circle_end_somewhere(twins):
    label, one, other = "contacts.Organization", twins.unodc.pk, twins.bureau.pk
    for kept, gone in ((one, other), (other, one)):  # as rows of a backup that came back beside their merge
        Merge.objects.create(about=label, kept_id=kept, gone_id=gone, at=timezone.now())
    assert followed([(label, one)]) == {(label, one): other}


# ---- refusals


def test_a_record_does_not_go_into_itself_nor_into_one_of_another_kind(twins):
    for other in (twins.unodc, twins.anna):
        with pytest.raises(ValidationError):
            merged(twins.officer, twins.unodc, other)


def test_marks_of_difference_move_along_once(twins):
    DifferentOrganizations.objects.create(first=twins.embassy, second=twins.unodc)
    DifferentOrganizations.objects.create(first=twins.bureau, second=twins.embassy)
    before = database()
    done = merged(twins.officer, twins.unodc, twins.bureau)
    assert DifferentOrganizations.from_(twins.unodc.pk) == {twins.embassy.pk}
    undone(twins.officer, done)
    assert not differences(before, database())


def test_a_merge_that_fails_changes_nothing(twins):
    before = database()
    with pytest.raises(ValidationError):
        merged(twins.officer, twins.unodc, twins.bureau, kind="party")
    assert not differences(before, database())
    assert not Merge.objects.exists()
