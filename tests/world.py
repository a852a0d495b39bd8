"""One small world for all tests: five people of different rights, and rows that some of them may not see.

Built through the write path, always the same, ids included. What is hidden from whom:

    event            visibility                     admin  officer  manager  analyst
    talks            internal                         x       x        x        x
    visit            internal                         x       x        x        x
      visit_open     internal, part of visit          x       x        x        x
      visit_closed   restricted, part of visit        -       x        -        -     owner: officer
    retreat          restricted                       -       x        -        -     owner: officer
      retreat_part   internal, part of retreat        -       x        -        -     as its parent
    for_analyst      restricted, names the analyst    -       -        -        x
    for_managers     restricted, names the managers   -       -        x        -
    orphan           restricted, nobody named         -       -        -        -
    planned          internal, ahead                  x       x        x        x
    hidden_ahead     restricted, ahead                -       x        -        -     owner: officer

The newcomer may see nothing. `secret_case` is restricted (owner: officer), its event `talks` is open. Of the saved views,
the officer's own is private, one is for managers, and one for all names the secret case.
"""

import datetime
import pickle
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from caricc.lib import writes
from caricc.lib.days import today
from caricc.models import SavedView, User
from contacts.models import City, Organization, OrganizationName, Person, PersonName, Post, Rhythm
from events.models import (
    Case,
    CaseAlias,
    CaseNote,
    CasePartner,
    Commitment,
    CommitmentShift,
    Delegate,
    Delegation,
    Event,
    Outcome,
    Source,
    Topic,
)

PASSWORD = "a-quiet-word-2021"  # noqa: S105
DAY = datetime.date
USERS = ("admin", "officer", "manager", "analyst", "newcomer")
READERS = ("admin", "officer", "manager", "analyst")
CANARY = "Zmeinogorsk"  # stands in every row that somebody may not see


class Maker:
    """Makes rows with running ids through one change."""

    def __init__(self, change, first_id=1000):
        self.change, self.next_id = change, first_id

    def __call__(self, model, **fields):
        links = {name: fields.pop(name) for name in list(fields) if isinstance(fields[name], list) and name != "lines"}
        self.next_id += 1
        row = self.change.save(model(id=self.next_id, **fields))
        for name, values in links.items():
            self.change.set(row, name, values)
        return row


def make_users() -> SimpleNamespace:
    users = {}
    for number, name in enumerate(USERS, 101):
        make = User.objects.create_superuser if name == "admin" else User.objects.create_user
        users[name] = make(name, f"{name}@example.org", PASSWORD, id=number, first_name=name.title())
        if name in ("officer", "manager", "analyst"):
            users[name].groups.set([Group.objects.get(name=name)])
    return SimpleNamespace(**users)


def build_world() -> SimpleNamespace:
    w = make_users()
    with writes.change(None, "command", "the world of the tests") as change:
        make = Maker(change)
        _contacts(w, make)
        _events(w, make)
        _follow_up(w, make)
        _kept_questions(w, make)
    with writes.change(w.officer, "admin") as change:
        change.set(w.talks, "cases", [w.open_case, w.secret_case])
    w.users = {name: getattr(w, name) for name in USERS}
    return w


def _contacts(w, make):
    w.almaty = make(City, name="Almaty", name_ru="Алматы", country="KZ", time_zone="Asia/Almaty")
    w.astana = make(City, name="Astana", name_ru="Астана", country="KZ", time_zone="Asia/Almaty")
    w.tashkent = make(City, name="Tashkent", name_ru="Ташкент", country="UZ", time_zone="Asia/Tashkent")
    w.caricc = make(
        Organization, name="Regional Centre", short_name="CARICC", kind="unit", own=True, seat_city=w.almaty
    )
    w.unit = make(Organization, name="Coordination Unit", kind="unit", own=True, parent=w.caricc)
    w.unodc = make(Organization, name="United Nations Office on Drugs and Crime", short_name="UNODC", kind="un")
    w.office = make(Organization, name="UNODC Office in Kazakhstan", kind="un", parent=w.unodc, seat_city=w.almaty)
    w.desk = make(Organization, name="Precursor Desk", kind="un", parent=w.office)
    w.embassy = make(
        Organization, name="Embassy of Japan", kind="embassy", country="JP", seat_city=w.astana, note="Since 1993"
    )
    w.ministry = make(
        Organization, name="Ministry of Internal Affairs", short_name="MVD", kind="ministry", country="KZ", rhythm=2
    )
    w.agency = make(Organization, name="Drug Control Agency", kind="law_enforcement", country="TJ", rhythm=6)
    w.old_body = make(Organization, name="Dissolved Committee", kind="ministry", country="UZ", archived=True)
    make(OrganizationName, organization=w.ministry, name="Министерство внутренних дел", short_name="МВД", language="ru")
    make(OrganizationName, organization=w.unodc, name="УНП ООН", language="ru")
    w.of_embassies = make(Rhythm, kind="embassy", months=3)
    w.director = make(Person, name="Rustam Karimov", user=w.manager)
    make(PersonName, person=w.director, family="Karimov", given="Rustam", preferred=True)
    make(PersonName, person=w.director, family="Каримов", given="Рустам")
    w.specialist = make(Person, name="Asel Nurova", user=w.officer)
    make(PersonName, person=w.specialist, family="Nurova", given="Asel", preferred=True)
    w.ambassador = make(Person, name="Kenji Sato")
    make(PersonName, person=w.ambassador, family="Sato", given="Kenji", preferred=True)
    w.coordinator = make(Person, name="Anna Berg")
    make(PersonName, person=w.coordinator, family="Berg", given="Anna", preferred=True)
    make(Post, person=w.director, organization=w.caricc, title="Director", rank="General", since=DAY(2020, 1, 1))
    make(Post, person=w.specialist, organization=w.unit, title="Adviser", since=DAY(2019, 1, 1))
    make(Post, person=w.ambassador, organization=w.embassy, title="Ambassador", since=DAY(2020, 6, 1))
    make(Post, person=w.coordinator, organization=w.office, title="Coordinator", since=DAY(2018, 1, 1))
    w.precursors = make(Topic, name="Precursors", name_ru="Прекурсоры")
    w.finance = make(Topic, name="Financial flows", name_ru="Финансовые потоки")


def _delegations(w, make, event, *bodies, **roles):
    for place, body in enumerate(bodies):
        make(
            Delegation,
            event=event,
            organization=body,
            role=roles.get(body.name.split()[0], "participant"),
            position=place,
        )


def _events(w, make):
    w.open_case = make(
        Case, title="Operation Meadow", summary="A joint operation", lead=w.director, number="2021-001",
        opened_on=DAY(2021, 9, 1), next_step="Send the plan of the third phase", next_step_on=DAY(2021, 12, 1),
    )  # fmt: skip
    make(CaseAlias, case=w.open_case, name="Operation Луг")
    make(CasePartner, case=w.open_case, organization=w.unodc, role="donor")
    make(CaseNote, case=w.open_case, day=DAY(2021, 10, 20), text="The plan went to all participants.")
    w.secret_case = make(
        Case, title=f"{CANARY} matter", visibility="restricted", owner=w.officer, summary=CANARY, lead=w.specialist,
        next_step=f"{CANARY} step", next_step_on=today(), linked=[w.open_case],
    )  # fmt: skip
    make(CaseAlias, case=w.secret_case, name=f"{CANARY} alias")
    make(CaseNote, case=w.secret_case, day=DAY(2021, 10, 21), text=f"{CANARY} note")
    make(CasePartner, case=w.secret_case, organization=w.agency, role="leading")
    w.old_case = make(
        Case, title="First rotation", status="closed", opened_on=DAY(2020, 1, 15), closed_on=DAY(2021, 1, 20), number="2020-001",
        linked=[w.open_case],
    )  # fmt: skip
    make(CaseNote, case=w.old_case, day=DAY(2021, 1, 20), kind="closed", text="The post was handed over.")
    w.source = make(Source, title="Note of the Centre", language="en", published=DAY(2021, 11, 3))
    w.secret_source = make(Source, title=f"{CANARY} cable", language="ru", published=DAY(2021, 11, 4))

    def event(title, kind="bilateral", start=DAY(2021, 10, 14), **fields):
        fields.setdefault("topics", [])
        return make(Event, title=title, kind=kind, start_date=start, **fields)

    w.talks = event(
        "Talks with the Ambassador of Japan", start=DAY(2021, 11, 2), city="Nur-Sultan", country="KZ", source=w.source,
        format="in_person", summary="Встреча с послом", topics=[w.precursors], cases=[w.open_case],
        owner=w.officer,
    )  # fmt: skip
    _delegations(w, make, w.talks, w.caricc, w.embassy, w.office)
    w.visit = event(
        "Visit to Tashkent", "visit", end_date=DAY(2021, 10, 15), city="Tashkent", owner=w.officer, topics=[w.finance],
        cases=[w.open_case],
    )  # fmt: skip
    _delegations(w, make, w.visit, w.caricc, w.agency)
    within = {"end_date": DAY(2021, 10, 15), "date_precision": "within", "city": "Tashkent", "owner": w.officer}
    w.visit_open = event("Talks at the agency", parent=w.visit, **within)
    _delegations(w, make, w.visit_open, w.caricc, w.agency, Agency="host", Drug="host")
    w.visit_closed = event(f"{CANARY} talks", parent=w.visit, visibility="restricted", cases=[w.open_case], **within)
    _delegations(w, make, w.visit_closed, w.caricc, w.ministry)
    w.retreat = event(
        f"{CANARY} retreat", "visit", DAY(2021, 10, 20), city=CANARY, visibility="restricted", owner=w.officer,
        source=w.secret_source, topics=[w.precursors],
    )  # fmt: skip
    _delegations(w, make, w.retreat, w.caricc, w.office)
    w.retreat_part = event(f"{CANARY} session", "meeting", DAY(2021, 10, 20), parent=w.retreat, owner=w.officer)
    _delegations(w, make, w.retreat_part, w.caricc, w.office)
    w.for_analyst = event(
        f"{CANARY} figures",
        "workshop",
        DAY(2021, 10, 22),
        visibility="restricted",
        readers=[w.analyst],
        format="online",
    )
    _delegations(w, make, w.for_analyst, w.caricc, w.unodc)
    w.for_managers = event(
        f"{CANARY} board", "conference", DAY(2021, 10, 25), visibility="restricted",
        reader_groups=[Group.objects.get(name="manager")], cases=[w.secret_case], country="AT",
    )  # fmt: skip
    _delegations(w, make, w.for_managers, w.caricc, w.desk)
    w.orphan = event(f"{CANARY} orphan", "ceremony", DAY(2021, 10, 28), visibility="restricted", venue=CANARY)
    _delegations(w, make, w.orphan, w.caricc, w.desk, w.embassy)
    w.planned = event(
        "Meeting of coordinators", "working_group", today() + datetime.timedelta(days=9), status="planned", format="hybrid",
        owner=w.officer, reported_participants=40, reported_at_least=True,
    )  # fmt: skip
    _delegations(w, make, w.planned, w.caricc)
    make(Delegation, event=w.planned, group="member_states", label="all seven", headcount=14, position=1)
    make(Delegation, event=w.planned, country="AT", role="observer", position=2)
    w.hidden_ahead = event(
        f"{CANARY} summit", "meeting", today() + datetime.timedelta(days=4), status="planned", visibility="restricted",
        owner=w.officer, topics=[w.finance], cases=[w.open_case],
    )  # fmt: skip
    _delegations(w, make, w.hidden_ahead, w.caricc, w.embassy)
    w.hidden = {
        "admin": [w.visit_closed, w.retreat, w.retreat_part, w.for_analyst, w.for_managers, w.orphan, w.hidden_ahead],
        "officer": [w.for_analyst, w.for_managers, w.orphan],
        "manager": [w.visit_closed, w.retreat, w.retreat_part, w.for_analyst, w.orphan, w.hidden_ahead],
        "analyst": [w.visit_closed, w.retreat, w.retreat_part, w.for_managers, w.orphan, w.hidden_ahead],
    }
    w.events = list(Event._base_manager.order_by("id"))


def _follow_up(w, make):
    def delegate(event, body, person, **fields):
        delegation = Delegation._base_manager.get(event=event, organization=body)
        return make(Delegate, delegation=delegation, person=person, **fields)

    delegate(w.talks, w.caricc, w.director, role="head")
    delegate(w.talks, w.caricc, w.specialist)
    delegate(w.talks, w.embassy, w.ambassador, role="head")
    delegate(w.visit, w.caricc, w.director, role="head")
    delegate(w.visit_open, w.caricc, w.director, role="head")
    for event in (w.visit_closed, w.retreat, w.for_analyst, w.for_managers, w.orphan):
        delegate(event, w.caricc, w.director, title=f"{CANARY} envoy")
    make(
        Delegate,
        delegation=Delegation._base_manager.get(event=w.visit_open, organization=w.agency),
        name="a specialist",
    )
    for event in w.events:
        hidden = event.title.startswith(CANARY)
        make(
            Outcome, event=event, kind="information", title=f"{CANARY} news" if hidden else "News shared",
            lines=[CANARY] if hidden else ["first", "second"], parties=[w.unodc],
        )  # fmt: skip
    w.advice = make(Outcome, event=w.talks, kind="recommendation", title="Compare the lists of precursors", position=1)
    make(Outcome, event=w.retreat, kind="recommendation", title=f"{CANARY} advice", position=1)
    soon, late = today() + datetime.timedelta(days=5), today() - datetime.timedelta(days=5)

    def promise(title, debtor, creditor, due=None, **fields):
        return make(Commitment, title=title, debtor=debtor, creditor=creditor, due_date=due, **fields)

    w.owed = promise("A note on projects", w.caricc, w.embassy, soon, event=w.talks, responsible=w.specialist)
    w.due_to_us = promise("A list of experts", w.embassy, w.caricc, late, event=w.talks, case=w.open_case)
    make(CommitmentShift, commitment=w.due_to_us, before=late - datetime.timedelta(days=9), after=late,
         day=late - datetime.timedelta(days=10), reason="The list had to be checked.")  # fmt: skip
    w.kept = promise("A review", w.unit, w.agency, late, event=w.visit_open, status="fulfilled")
    w.loose = promise("Office equipment", w.unodc, w.caricc)
    w.secret_promises = [
        promise(f"{CANARY} promise {event.pk}", w.caricc, w.unodc, late, event=event)
        for event in (w.visit_closed, w.retreat_part, w.for_analyst, w.for_managers, w.orphan)
    ]
    with_case = promise(f"{CANARY} pledge", w.ministry, w.caricc, late, event=w.visit_closed, case=w.open_case)
    w.secret_promises.append(with_case)
    w.secret_promises.append(promise(f"{CANARY} favour", w.agency, w.caricc, late, event=w.talks, case=w.secret_case))
    make(
        CommitmentShift, commitment=w.secret_promises[0], before=DAY(2021, 11, 1), after=late, reason=f"{CANARY} delay"
    )


def _kept_questions(w, make):
    october, events = "date_after=2021-10-01&date_before=2021-10-31", "events:event_list"
    w.view_for_all = make(
        SavedView, name="October", page=events, query=f"{october}&status=held", owner=w.officer, shared="all", pinned=True
    )  # fmt: skip
    w.view_private = make(SavedView, name=f"{CANARY} list", page=events, query="kind=visit", owner=w.officer)
    w.view_of_secret = make(
        SavedView, name=f"{CANARY} watch", page="dashboard", query=f"case={w.secret_case.pk}", owner=w.officer,
        shared="all", pinned=True,
    )  # fmt: skip
    w.view_for_managers = make(
        SavedView, name=f"{CANARY} ledger", page="events:commitment_list", query="overdue=true", owner=w.admin,
        shared="role", role=Group.objects.get(name="manager"), pinned=True,
    )  # fmt: skip


class Kept:
    """The rows of the world as the database holds them, and its names: put back in a fraction of the time of building."""

    def __init__(self):
        self.names = pickle.dumps(build_world())
        self.roles = self._tables("contenttypes", "auth")
        self.tables = self._tables("caricc", "contacts", "events")

    @staticmethod
    def _tables(*labels) -> list[tuple[str, str, list]]:
        tables = []
        with connection.cursor() as cursor:
            for model in apps.get_models(include_auto_created=True):
                if model._meta.app_label in labels:
                    table = connection.ops.quote_name(model._meta.db_table)
                    cursor.execute(f"SELECT * FROM {table}")
                    columns = [connection.ops.quote_name(column[0]) for column in cursor.description]
                    marks = ", ".join(["%s"] * len(columns))
                    sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"
                    tables.append((table, sql, cursor.fetchall()))
        return tables

    def put_back(self) -> SimpleNamespace:
        with transaction.atomic(), connection.cursor() as cursor:  # links are looked at when all rows are there
            tables = self.tables
            if not Group.objects.exists():  # an earlier test emptied the database, roles and rights included
                for table, _sql, _rows in reversed(self.roles):
                    cursor.execute(f"DELETE FROM {table}")
                ContentType.objects.clear_cache()
                tables = self.roles + tables
            for _table, sql, rows in tables:
                if rows:
                    cursor.executemany(sql, rows)
        return pickle.loads(self.names)


_kept: list[Kept] = []


@pytest.fixture
def world(db):
    if _kept:
        return _kept[0].put_back()
    _kept.append(Kept())
    return pickle.loads(_kept[0].names)
