"""The page of search: what of each kind, in which words, for whom."""

import re
from html import unescape
from io import StringIO
from urllib.parse import quote

import pytest
from django.core.management import call_command

from caricc.lib import writes
from caricc.lib.search.found import understood
from caricc.lib.search.hits import Hits
from caricc.lib.search.index import Index
from caricc.lib.search.marks import why
from contacts.models import Organization, OrganizationName, Person, PersonName, Post
from events.hits import all_kinds
from events.models import Case, CaseAlias, Commitment, Delegate, Delegation, Event, Outcome, Topic
from events.views.search import TOP
from tests.world import CANARY

ROW = re.compile(r'<li class="hit">.*?</li>', re.DOTALL)
SECTION = re.compile(r'<section class="panel" id="found-(\w+)".*?</section>', re.DOTALL)


def plain(html: str) -> str:
    return " ".join(unescape(re.sub("<[^>]*>", " ", html.replace("<mark>", "").replace("</mark>", ""))).split())


def page_of(client, words, path="/search/"):
    answer = client.get(f"{path}?q={quote(words)}")
    assert answer.status_code == 200
    return answer.content.decode()


def rows(client, words) -> dict[str, list[str]]:
    """{kind: its rows as a reader reads them}."""
    return {m[1]: [plain(row) for row in ROW.findall(m[0])] for m in SECTION.finditer(page_of(client, words))}


@pytest.fixture
def officer(client, world):
    client.force_login(world.officer)
    return client


def test_each_kind_tells_which_record_it_is_in_one_line(officer, world):
    found = rows(officer, "karimov")
    assert found["person"] == ["Rustam Karimov Director · General · CARICC"]
    assert "Talks with the Ambassador of Japan 2 Nov 2021 · Bilateral meeting · Nur-Sultan delegate: Rustam Karimov" in found["event"]  # fmt: skip
    assert rows(officer, "мвд")["organization"] == ["Ministry of Internal Affairs MVD Ministry or agency · Kazakhstan"]
    assert rows(officer, "equipment")["commitment"] == ["Office equipment UNODC → CARICC"]
    assert rows(officer, "meadow")["case"] == ["Operation Meadow 2021-001 · Open · lead: Rustam Karimov"]
    (advice,) = (row for row in rows(officer, "lists precursors")["outcome"])
    assert advice == "Compare the lists of precursors 2 Nov 2021 · Recommendation · Talks with the Ambassador of Japan"


def test_a_topic_leads_to_its_events_and_an_outcome_to_its_place(officer, world):
    page = page_of(officer, "прекурсоры")
    link, count = re.search(r'href="(/events/\?topic=\d+)" data-count="(\d+)"', page).groups()
    assert f'id="results" class="results" data-count="{count}"' in officer.get(link).content.decode()
    assert "name in Russian: Прекурсоры" in rows(officer, "прекурсоры")["topic"][0]
    assert f'href="/events/{world.talks.pk}/#outcome-{world.advice.pk}"' in page_of(officer, "compare lists")


@pytest.mark.parametrize("words", ["talks", "karimov", "каримов р", "tashkent", "japan", "precursors", "2021-001"])
def test_every_count_is_that_of_the_list_it_leads_to(officer, words):
    page, total = page_of(officer, words), 0
    for section in SECTION.finditer(page):
        link = re.search(r'class="more" href="([^"]+)" data-count="(\d+)"', section[0])
        if link is None:
            assert section[1] == "topic"
            total += len(ROW.findall(section[0]))
            continue
        total += int(link[2])
        listed = officer.get(unescape(link[1])).content.decode()
        assert f'class="results" data-count="{link[2]}"' in listed
        assert len(ROW.findall(section[0])) == min(TOP, int(link[2]))
    assert f'id="results" data-count="{total}"' in page


def test_the_best_hits_stand_first(officer, world):
    with writes.change(None, "command") as change:
        later = change.save(
            Event(kind="meeting", title="A later day", summary="As the talks went", start_date="2021-11-05")
        )
    found = [row.split(" · ")[0] for row in rows(officer, "talks")["event"]]
    assert found[0].startswith("Talks with the Ambassador of Japan")
    assert found[-1].startswith(later.title)


def test_what_a_restricted_case_merely_mentions_finds_no_event(officer, world):
    """Its partner is the agency, whose name stands beside the event for nobody."""
    assert not [row for row in rows(officer, "agency")["event"] if row.startswith("Talks with the Ambassador")]


def test_unexpected_hits_say_why(officer, world):
    with writes.change(world.officer, "command") as change:
        body = change.save(Organization(name="Bureau of Statistics", kind="ministry", country="KZ"))
        change.save(OrganizationName(organization=body, name="Gosplan", until="1991-12-31"))
        change.save(OrganizationName(organization=body, name="Бюро статистики", language="ru"))
        person = change.save(Person(name="Olga Petrova"))
        change.save(PersonName(person=person, family="Соколова", given="Ольга", language="ru"))
        change.save(PersonName(person=person, family="Khamidov", given="Olga", until="2011-01-01"))
        event = change.save(Event(kind="meeting", title="A round", start_date="2021-11-05", city="Nur-Sultan", venue="Hotel Astoria"))  # fmt: skip
        party = change.save(Delegation(event=event, organization=body, label="the statisticians"))
        change.save(Delegate(delegation=party, person=person))
        change.save(Outcome(event=event, kind="information", title="Yearbook", text="x " * 200 + "It was handed over in person."))  # fmt: skip
        case = change.save(Case(title="Numbers", summary="s"))
        change.save(CaseAlias(case=case, name="Operation Abacus"))
        change.set(event, "cases", [case])
        change.save(Commitment(title="A table", debtor=body, proof="Letter of the registrar"))

    def why_of(words, kind):
        return rows(officer, words)[kind][0]

    assert "former name: Gosplan" in why_of("gosplan", "organization")
    assert "alias in Russian: Бюро статистики" in why_of("статистика", "organization")
    assert "alias in Russian: Соколова Ольга" in why_of("sokolova", "person")
    assert "former name: Olga Khamidov" in why_of("khamidov", "person")
    assert "same sound: Petrova" in why_of("Petrava", "person")
    assert "partner: Bureau of Statistics (Gosplan)" in why_of("gosplan", "event")
    assert "delegate: Olga Petrova (Соколова Ольга)" in why_of("соколова", "event")
    assert "delegation: Bureau of Statistics (the statisticians)" in why_of("statisticians", "event")
    assert "venue: Hotel Astoria" in why_of("astoria", "event")
    assert "outcome: Yearbook" in why_of("yearbook", "event")
    assert re.search(r"outcome: … x x .* handed over in person\.$", why_of("handed over", "event"))
    assert f"case: {case} (Operation Abacus)" in why_of("abacus", "event")
    assert "also called: Operation Abacus" in why_of("abacus", "case")
    assert "who owes: Bureau of Statistics (Gosplan)" in why_of("gosplan", "commitment")
    assert "proof: Letter of the registrar" in why_of("registrar", "commitment")


def test_what_the_row_shows_itself_needs_no_reason(officer):
    for words in ("tashkent", "talks japan", "karimov rustam", "мвд"):
        for kind in ("organization", "person"):
            assert not [row for row in rows(officer, words).get(kind, ()) if ": " in row]
    assert "city:" not in " ".join(rows(officer, "ташкент")["event"])


def test_the_words_of_a_restricted_case_explain_an_open_event_only_to_those_who_may_read_it(client, world):
    client.force_login(world.officer)
    assert any(f"case: {world.secret_case}" in row for row in rows(client, f"{CANARY} matter")["event"])
    client.force_login(world.analyst)
    assert not rows(client, f"{CANARY} matter")
    assert not [row for row in rows(client, f"{CANARY}").get("event", ()) if "case:" in row]


def test_nothing_that_was_typed_or_kept_becomes_html(officer, world):
    with writes.change(None, "command") as change:
        change.save(Person(name="Bobby <b>Tables</b>"))
        change.save(Event(kind="meeting", title="<script>alert(1)</script> round", summary="<img src=x> tables", start_date="2021-11-05"))  # fmt: skip
    page = page_of(officer, "tables")
    assert "&lt;b&gt;<mark>Tables</mark>&lt;/b&gt;" in page
    assert "<script>alert" not in page + page_of(officer, "<script>alert(1)</script>")
    assert "<img src=x" not in page


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("%", "Write a word or a number"),
        ("\x00", "Null characters|Write a word"),
        (" ".join("abcdefghijklmn"), "At most 12 words"),
        ("-".join(["ab"] * 25), "At most 12 words"),
        ("\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 8, "At most 12 words"),
        ("talks \u202e", "change the direction"),
        ("x" * 301, "at most 300 characters"),
    ],
)
def test_what_cannot_be_asked_is_said_beside_the_field_and_stays_in_it(officer, words, message):
    page = page_of(officer, words)
    assert re.search(message, plain(page))
    assert 'aria-invalid="true" aria-describedby="err-again"' in page
    assert words.strip() in unescape(re.search(r'id="again"[^>]* value="([^"]*)"', page)[1])
    assert 'id="results"' not in page


def test_without_a_question_it_says_what_can_be_asked(officer):
    assert "What are you looking for?" in page_of(officer, "  ")


def offers(client, words, path="/search/"):
    page = page_of(client, words, path)
    found = re.search(r'<ul class="instead">(.*?)</ul>', page, re.DOTALL)
    return [plain(one) for one in re.findall("<li>(.*?)</li>", found[1], re.DOTALL)] if found else []


def test_the_other_keyboard_is_offered_where_it_finds_something(officer):
    assert offers(officer, "rfhbvjd")[0].startswith("Did you mean “каримов”: ")
    assert offers(officer, "ефырлуте", "/events/") == ["Did you mean “tashkent”: 3 events"]
    assert offers(officer, "zzzyyy") == offers(officer, "ефырлуте", "/people/") == []


def test_a_misspelt_name_is_offered_as_it_is_spelt(officer):
    assert "Did you mean “Rustam Karimov”: 1 person" in offers(officer, "Rustan Karinov", "/people/")
    assert "Did you mean “Embassy of Japan”: 1 organization" in offers(officer, "Enbassy Japam", "/organizations/")


def test_the_word_that_spoils_a_question_is_named(officer):
    found = offers(officer, "talks xyzzy", "/events/")
    assert [one for one in found if one.startswith("Without “xyzzy”: ")]
    assert not [one for one in found if "Without “talks”" in one]


def test_offers_keep_the_other_filters_and_count_what_they_list(officer):
    page = officer.get("/events/?q=nfkrc+xyzzy&kind=bilateral").content.decode()
    assert "instead" not in page
    page = officer.get("/events/?q=talks+xyzzy&kind=bilateral").content.decode()
    link, count = re.search(r'<ul class="instead">.*?href="([^"]+)" data-count="(\d+)"', page, re.DOTALL).groups()
    assert "kind=bilateral" in link
    assert f'class="results" data-count="{count}"' in officer.get(unescape(link)).content.decode()


def test_no_offer_where_the_words_find_something_and_another_filter_takes_it_away(officer):
    assert "instead" not in officer.get("/events/?q=talks&kind=ceremony").content.decode()


def test_nothing_hidden_is_offered(client, world):
    other_layout = "яьуштщпщкыл"  # the keys of the canary
    for who, sees in (("officer", True), ("manager", True), ("admin", False)):
        client.force_login(world.users[who])
        for words in (other_layout, f"{CANARY} xyzzy", f"matter {other_layout}"):
            assert bool(offers(client, words)) <= sees, (who, words)
    client.force_login(world.admin)
    assert not [one for one in offers(client, f"talks {CANARY}") if "Without “talks”" in one]


def test_the_lists_mark_what_they_were_asked_for_and_say_why(officer, world):
    assert "<mark>Talks</mark> with the Ambassador" in page_of(officer, "talks", "/events/")
    assert "Operation <mark>Meadow</mark>" in page_of(officer, "meadow", "/cases/")
    assert "Office <mark>equipment</mark>" in page_of(officer, "equipment", "/commitments/")
    assert "Compare the lists of <mark>precursors</mark>" in page_of(officer, "precursor", "/outcomes/")
    people = page_of(officer, "каримов", "/people/")
    assert "Rustam <mark>Karimov</mark>" in people
    assert "<mark>Каримов</mark> Рустам" in people
    assert 'class="sub why"' not in people
    assert "alias in Russian: <mark>УНП</mark> ООН" in page_of(officer, "унп", "/organizations/").replace(
        ':</span> <span lang="ru">', ": "
    ).replace('<span class="label">', "")
    assert "<mark>" not in officer.get("/events/").content.decode()


def more_of_everything(world, first, n):
    with writes.change(None, "command") as change:
        for i in range(first, first + n):
            body = change.save(
                Organization(name=f"Lantern body {i}", kind="ministry", country="KZ", parent=world.ministry)
            )
            person = change.save(Person(name=f"Lantern Person{i}"))
            change.save(Post(person=person, organization=body, title="Head"))
            case = change.save(Case(title=f"Lantern case {i}", lead=person))
            event = change.save(Event(kind="meeting", title=f"Lantern {i}", start_date="2021-09-01", city="Tashkent"))
            change.set(event, "cases", [case])
            party = change.save(Delegation(event=event, organization=body))
            change.save(Delegate(delegation=party, person=person))
            outcome = change.save(Outcome(event=event, kind="information", title=f"Lantern news {i}"))
            change.set(outcome, "parties", [body])
            change.save(Commitment(title=f"Lantern promise {i}", debtor=world.caricc, creditor=body, event=event))
            change.save(Topic(name=f"Lantern topic {i}"))


def test_more_rows_and_more_hits_cost_no_more_queries(officer, world, count_queries):
    costs = []
    for first, more in ((0, TOP + 1), (100, 40)):
        more_of_everything(world, first, more)
        with count_queries() as counted:
            page = page_of(officer, "lantern")
        costs.append([sum(one["sql"].startswith("EXPLAIN") == looks for one in counted) for looks in (False, True)])
    assert len(ROW.findall(page)) == 7 * TOP
    assert costs[1] == costs[0]
    asks, looks_at_plans = costs[0]
    assert asks <= 60
    assert looks_at_plans <= 20
    for path in ("/people/", "/organizations/"):
        with count_queries() as counted:
            page_of(officer, "lantern", path)
        assert len(counted) <= 11


def explained(kind: Hits, words: str, user) -> int:
    """How many hits of a kind these words have; that each word of each hit has its reason is asserted."""
    meant = understood(kind.model, words, user)
    finder, seen = kind.finder(words, meant.within), kind.model.objects.visible_to(user)
    ids = list(meant.of(seen).order_by("pk").values_list("pk", flat=True)[:8])
    for one in kind.rows(seen.filter(pk__in=ids), user) if ids else ():
        told = why(finder, kind.sources(one))
        assert not told.unexplained, f"{words!r} finds {one!r}, and nothing says why"
    return len(ids)


def questions_of(kind: Hits, some: int) -> list[str]:
    """Words that are in the keys of records of a kind, and their beginnings; every so many of them."""
    index = Index.of[kind.model._meta.label_lower]
    kept = {key for keys in index.table._base_manager.values_list("keys", flat=True) for key in keys.split()}
    by_letter = [sorted(key[1:] for key in kept if key[0] == letter) for letter in "nwkmt"]
    chosen = [word for found in by_letter for word in found[:: max(len(found) // some, 1)]]
    return [one for word in chosen for one in dict.fromkeys((word, word[:3]))]


@pytest.mark.parametrize("who", ["officer", "analyst"])
def test_every_word_of_every_hit_in_the_world_has_a_reason(world, who):
    for kind in all_kinds():
        found = sum(explained(kind, words, world.users[who]) for words in questions_of(kind, 60))
        assert found > 5, kind


def test_every_word_of_every_hit_among_many_rows_has_a_reason(world):
    call_command("synthesize", events=150, stdout=StringIO())
    for kind in all_kinds():
        found = sum(explained(kind, words, world.officer) for words in questions_of(kind, 8))
        assert found > 20, kind


@pytest.mark.parametrize(
    "words", ["karim", "rim", "talks jap", "каримовым", "прекурсоров встреча", "r karimov", "osmun", CANARY]
)
def test_what_people_ask_has_a_reason_too(world, words):
    for kind in all_kinds():
        explained(kind, words, world.officer)
