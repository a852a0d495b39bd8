"""The Russian interface: a whole catalogue, its compiled twin, and days as Russians write them."""

import ast
import datetime
import re
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation.template import templatize

from caricc.lib.days import written
from caricc.saved_views import ViewForm
from contacts.rhythm import every
from events.choices import NoteKind
from events.models import Commitment
from events.views.case_deeds import NoteForm, RestCase
from tests.world import DAY

WORDS = Path(settings.LOCALE_PATHS[0], "ru", "LC_MESSAGES")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")
SINGLE, PLURAL, IN_CONTEXT = (
    {"_", "gettext", "gettext_lazy"},
    {"ngettext", "ngettext_lazy"},
    {"pgettext", "pgettext_lazy"},
)


@pytest.fixture(scope="module")
def catalogue():
    return polib.pofile(str(WORDS / "django.po"))


def texts_of(entry):
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_the_compiled_catalogue_says_what_the_written_one_says(catalogue):
    compiled = polib.mofile(str(WORDS / "django.mo"))

    def said(entries):
        return {(one.msgctxt or "", one.msgid, one.msgid_plural or ""): texts_of(one) for one in entries}

    assert said(compiled) == said(catalogue)
    assert compiled.metadata["Plural-Forms"] == catalogue.metadata["Plural-Forms"]


def test_every_message_is_translated_and_none_is_in_doubt(catalogue):
    assert [one.msgid for one in catalogue if one.fuzzy or one.obsolete or not one.translated()] == []
    assert [one.msgid for one in catalogue if one.msgid_plural and len(texts_of(one)) != 3] == []


def test_placeholders_agree(catalogue):
    """A plural says the number in each form: the first one also stands for 21."""
    wrong = []
    for one in catalogue:
        wanted = sorted(PLACEHOLDER.findall(one.msgid_plural or one.msgid))
        wrong += [text for text in texts_of(one) if sorted(PLACEHOLDER.findall(text)) != wanted]
    assert wrong == []


def messages_in(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            given = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
            if node.func.id in SINGLE | PLURAL and given:
                yield "", given[0]
            elif node.func.id in IN_CONTEXT and len(given) == 2:
                yield given[0], given[1]


def calls_of_template(text):
    """`templatize` makes calls of gettext from a template, with rubbish between them."""
    for call in re.finditer(r"\b(?:_|n?p?gettext)\(", templatize(text)):
        rest = call.string[call.start() :]
        for end in (found.end() for found in re.finditer(r"\)", rest)):
            try:
                tree = ast.parse(rest[:end].replace("\n", " "))
            except SyntaxError:
                continue
            yield tree
            break


def messages_of_template(text):
    for tree in calls_of_template(text):
        yield from messages_in(tree)


def test_no_message_of_the_source_is_missing(catalogue):
    known = {(one.msgctxt or "", one.msgid) for one in catalogue}
    asked = set()
    for part in ("caricc", "contacts", "events", "templates"):
        for path in (settings.BASE_DIR / part).rglob("*"):
            if path.suffix == ".py":
                asked |= set(messages_in(ast.parse(path.read_text())))
            elif path.suffix == ".html":
                asked |= set(messages_of_template(path.read_text()))
    assert len(asked) > 700
    assert asked - known == set()
    assert known - asked == set()


def test_no_module_hides_its_messages_behind_another_name():
    hidden = []
    for part in ("caricc", "contacts", "events"):
        for path in (settings.BASE_DIR / part).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
                    known = SINGLE | PLURAL | IN_CONTEXT
                    wanted = {name: name in known or name.startswith(("gettext", "ngettext", "pgettext")) for name in
                              (one.name for one in node.names)}  # fmt: skip
                    hidden += [
                        (path.name, one.asname) for one in node.names
                        if wanted[one.name] and (one.asname or one.name) not in known
                    ]  # fmt: skip
    assert hidden == []


def test_no_message_stands_both_alone_and_with_a_plural():
    alone, counted = set(), set()
    for part in ("caricc", "contacts", "events", "templates"):
        for path in (settings.BASE_DIR / part).rglob("*"):
            if path.suffix == ".py":
                found = [ast.parse(path.read_text())]
            elif path.suffix == ".html":
                found = list(calls_of_template(path.read_text()))
            else:
                continue
            for node in (node for tree in found for node in ast.walk(tree)):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                    first = getattr(node.args[0], "value", None)
                    (counted if node.func.id in PLURAL else alone if node.func.id in SINGLE else set()).add(first)
    assert len(counted) > 50
    assert {one for one in alone & counted if isinstance(one, str)} - {"%(n)s more"} == set()


def test_one_english_word_has_the_russian_of_its_place():
    with translation.override("ru"):
        assert NoteKind.DORMANT.label == "Приостановлено"
        assert str(RestCase.button) == "Приостановить"
        assert NoteKind.NOTE.label == str(NoteForm.base_fields["text"].label) == "Запись"
        assert str(Commitment._meta.get_field("note").verbose_name) != "Запись"
        assert str(ViewForm.base_fields["shared"].label) == "Для кого"
        assert NoteKind.DONE.label == "Шаг выполнен"
        assert every(1) == "раз в месяц"


def test_days_are_written_as_russians_write_them():
    with translation.override("ru"):
        assert written(DAY(2021, 11, 2)) == "2 ноя 2021"
        assert written(DAY(2021, 5, 2), "j M") == "2 мая"
        assert written(DAY(2021, 5, 1), "M Y") == "май 2021"
        assert written(DAY(2026, 11, 1), "j F Y") == "1 ноября 2026"
        assert written(DAY(2026, 5, 1), "j F") == "1 мая"
        assert written(DAY(2026, 11, 1), "F Y") == "Ноябрь 2026"
        assert written(DAY(2021, 5, 2), "l, j M Y") == "воскресенье, 2 мая 2021"
        assert written(datetime.datetime(2021, 6, 2, 9, 5), "j M Y, H:i") == "2 июн 2021, 09:05"
    with translation.override("en"):
        assert written(DAY(2021, 5, 2)) == "2 May 2021"
        assert written(DAY(2021, 11, 1), "M Y") == "Nov 2021"


def test_whoever_chose_russian_reads_russian(client, world):
    client.force_login(world.manager)
    client.get(reverse("language", args=["ru"]))
    text = client.get(reverse("events:event_list")).content.decode()
    assert '<html lang="ru"' in text
    for words in ("Мероприятия", "Двусторонняя встреча", "Подборки", "Выгрузить"):
        assert words in text
    assert "No events" not in text
    assert "Events" not in text
