"""Workbooks: several sheets, long texts, characters that XML cannot hold, archives that are whole."""

import io
import zipfile

import openpyxl
import pytest

from caricc.lib.export import book
from caricc.lib.export.book import cell, fit_for_xml


def made(rows, **limits) -> bytes:
    return b"".join(book.book(["a", "b"], ([row.encode() for row in piece] for piece in rows), **limits))


def row(*values) -> str:
    return f"<row>{''.join(map(cell, values))}</row>"


def test_a_second_sheet_begins_where_the_first_is_full():
    body = made([[row(n, f"text {n}") for n in range(5)], [row(n, "") for n in range(5, 9)]], sheet_rows=4)
    sheets = openpyxl.load_workbook(io.BytesIO(body)).worksheets
    values = [[list(r) for r in sheet.iter_rows(values_only=True)] for sheet in sheets]
    assert [len(sheet) for sheet in values] == [4, 4, 4]
    assert all(sheet[0] == ["a", "b"] for sheet in values)
    assert [r[0] for sheet in values for r in sheet[1:]] == list(range(9))
    assert all(sheet.freeze_panes == "A2" and sheet["A1"].font.b and not sheet["A2"].font.b for sheet in sheets)


@pytest.mark.parametrize("rows", [2, 3, 6])
def test_rows_that_fill_sheets_to_the_last_leave_no_empty_sheet(rows):
    body = made([[row(n) for n in range(rows)]], sheet_rows=3 if rows != 3 else 4)
    assert len(openpyxl.load_workbook(io.BytesIO(body)).worksheets) == {2: 1, 3: 1, 6: 3}[rows]


def test_a_sheet_ends_before_it_needs_sizes_of_64_bits():
    body = made([[row("x" * 1000)] for _n in range(10)], sheet_bytes=5000)
    assert len(openpyxl.load_workbook(io.BytesIO(body)).worksheets) > 1


def test_an_archive_is_whole_and_the_same_for_the_same_rows():
    body = made([[row(1, "x")]])
    assert body == made([[row(1, "x")]])
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[0] == "[Content_Types].xml"
        assert all(info.extract_version == 20 and info.flag_bits == 8 for info in archive.infolist())


def test_places_past_four_gigabytes_are_told_in_64_bits():
    archive = book.Archive()
    archive.part("a", "a")
    archive.offset += 5_000_000_000
    archive.part("b", "b")
    body = archive.close()
    assert b"PK\6\6" in body
    assert b"PK\6\7" in body
    assert (5_000_000_000 + 32 + 18 + 1).to_bytes(8, "little")[4] == 1
    assert body.count(b"\1\0\10\0") >= 1


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("a\x01b", "a_x0001_b"),
        ("a\rb", "a_x000D_b"),
        ("\ufffe", "_xFFFE_"),
        ("_x0041_x0042_", "_x005F_x0041_x005F_x0042_"),
        ("_x004_", "_x004_"),
        ("a\nb\tc\u2028", "a\nb\tc\u2028"),
    ],
)
def test_characters_that_xml_cannot_hold_are_written_as_spreadsheets_write_them(text, held):
    assert fit_for_xml(text.encode()).decode() == held


def test_a_cell_holds_32767_characters_and_numbers_of_15_digits():
    assert len(cell("ы" * 40_000)) - len(cell("x")) == 32_766
    assert cell(10**15 - 1) == f"<c><v>{10**15 - 1}</v></c>"
    assert "inlineStr" in cell(10**15)
    assert cell(None) == cell("") == "<c/>"
    assert cell(0) == "<c><v>0</v></c>"
