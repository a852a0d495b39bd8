"""A workbook as a stream: the sheets come as the XML of their rows, and are packed as they come.

Nothing is kept, so nothing grows. Sizes stand behind each part of the archive, as other writers of streamed workbooks
have them; a part that needed 64-bit sizes would be refused by spreadsheets, so that a sheet ends before it.
"""

import re
import struct
import zlib
from collections.abc import Iterable, Iterator

SHEET_ROWS = 1_048_576  # the header among them
SHEET_BYTES = 4_000_000_000
LONGEST = 32_767
PIECE = 1 << 16

NO_CELL = "<c/>"
TEXT_CELL = '<c t="inlineStr"><is><t xml:space="preserve">'
END_CELL = "</t></is></c>"
_HEAD_CELL = TEXT_CELL.replace("<c ", '<c s="1" ')

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKED = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"

_TYPES = f"""{_XML}<Types xmlns="{_PACKED}/content-types">\
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
<Default Extension="xml" ContentType="{_KIND}.worksheet+xml"/>\
<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>\
<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/></Types>"""
_ROOT = f"""{_XML}<Relationships xmlns="{_PACKED}/relationships">\
<Relationship Id="rId1" Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>"""
_STYLES = f"""{_XML}<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>\
<font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill>\
<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/>\
</border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>\
<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>\
<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>\
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""
_SHEET = f"""{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">\
<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft"/></sheetView>\
</sheetViews><sheetData>"""
_END = "</sheetData></worksheet>"

_AMP = re.compile("[&<>]")
_AMPS = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_LOOKS_ESCAPED = re.compile(rb"_(?=x[0-9A-Fa-f]{4}_)")
# What XML 1.0 cannot hold, and the carriage return, which it would make a line feed.
_CONTROLS = bytes(code for code in range(32) if code not in (9, 10))
_CONTROL = re.compile(rb"[\x00-\x08\x0b-\x1f]|\xef\xbf[\xbe\xbf]")


def cell(value) -> str:
    """Of a number or a text; as `postgres` makes it."""
    if isinstance(value, int) and -(10**15) < value < 10**15:
        return f"<c><v>{value}</v></c>"
    if value in ("", None):
        return NO_CELL
    return f"{TEXT_CELL}{_AMP.sub(lambda m: _AMPS[m[0]], str(value)[:LONGEST])}{END_CELL}"


def fit_for_xml(piece: bytes) -> bytes:
    """Characters that XML cannot hold as `_xHHHH_`, and a text that looks like it so that it is read as it stands."""
    if b"_x" in piece:
        piece = _LOOKS_ESCAPED.sub(b"_x005F_", piece)
    if len(piece.translate(None, _CONTROLS)) == len(piece) and b"\xef\xbf" not in piece:
        return piece
    return _CONTROL.sub(lambda found: f"_x{ord(found[0].decode()):04X}_".encode(), piece)


def book(names: Iterable[str], rows: Iterable[list], sheet_rows: int = 0, sheet_bytes: int = 0) -> Iterator[bytes]:
    """The workbook in pieces of some 64 KB. `rows`: lists of the XML of rows, in bytes."""
    head = f"{_SHEET}<row>{''.join(_HEAD_CELL + name + END_CELL for name in names)}</row>".encode()
    archive, sheets, source = Archive(), 0, _Pushed(rows)
    yield archive.part("[Content_Types].xml", _TYPES) + archive.part("_rels/.rels", _ROOT)
    yield archive.part("xl/styles.xml", _STYLES)
    while not sheets or source.has_more():
        sheets += 1
        yield archive.begin(f"xl/worksheets/sheet{sheets}.xml")
        yield from archive.packed(_sheet(head, source, sheet_rows or SHEET_ROWS, sheet_bytes or SHEET_BYTES))
        yield archive.end()
    numbers = range(1, sheets + 1)
    tabs = "".join(f'<sheet name="Sheet{n}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
    workbook = f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>{tabs}</sheets></workbook>'
    links = [f'<Relationship Id="rId{n}" Type="{_LINKS}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers]
    links.append(f'<Relationship Id="rId{sheets + 1}" Type="{_LINKS}/styles" Target="styles.xml"/>')
    yield archive.part("xl/workbook.xml", workbook)
    yield archive.part(
        "xl/_rels/workbook.xml.rels",
        f'{_XML}<Relationships xmlns="{_PACKED}/relationships">{"".join(links)}</Relationships>',
    )
    yield archive.close()


class _Pushed:
    """Lists of rows, of which the rest of one can be put back."""

    def __init__(self, rows: Iterable[list]):
        self.rows = iter(rows)
        self.back: list = []

    def has_more(self) -> bool:
        if not self.back:
            self.back = next(self.rows, [])
        return bool(self.back)

    def take(self, most: int) -> list:
        piece, self.back = self.back[:most], self.back[most:]
        return piece


def _sheet(head: bytes, source: _Pushed, most_rows: int, most_bytes: int) -> Iterator[bytes]:
    yield head
    left, size = most_rows - 1, len(head)
    while left and size < most_bytes and source.has_more():
        taken = source.take(left)
        piece = fit_for_xml(b"".join(taken))
        left, size = left - len(taken), size + len(piece)
        yield piece
    yield _END.encode()


class Archive:
    """A ZIP archive written in one go, without ever turning back: `bytes` to be sent, part by part."""

    def __init__(self):
        self.offset, self.parts = 0, []

    def part(self, name: str, text: str) -> bytes:
        return self.begin(name) + b"".join(self.packed([text.encode()])) + self.end()

    def begin(self, name: str) -> bytes:
        self.name, self.start, self.sum, self.size, self.packed_size = name.encode(), self.offset, 0, 0, 0
        # needs 2.0; sizes behind the data; deflated; 1 January 1980, so that the same rows are the same bytes
        return self._sent(
            struct.pack("<4s5H3I2H", b"PK\3\4", 20, 8, 8, 0, 33, 0, 0, 0, len(self.name), 0) + self.name
        )  # fmt: skip

    def packed(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        packer, waiting, length = zlib.compressobj(1, zlib.DEFLATED, -15), [], 0
        for piece in pieces:
            self.sum, self.size = zlib.crc32(piece, self.sum), self.size + len(piece)
            waiting.append(packer.compress(piece))
            length += len(waiting[-1])
            if length >= PIECE:
                yield self._data(b"".join(waiting))
                waiting, length = [], 0
        yield self._data(b"".join([*waiting, packer.flush()]))

    def end(self) -> bytes:
        self.parts.append((self.name, self.start, self.sum, self.size, self.packed_size))
        return self._sent(struct.pack("<4s3I", b"PK\7\10", self.sum, self.packed_size, self.size))

    def close(self) -> bytes:
        """The directory; with 64-bit places only where the archive is so long that it needs them."""
        start, made = self.offset, []
        for name, place, checksum, size, packed_size in self.parts:
            more = struct.pack("<HHQ", 1, 8, place) if place > 0xFFFFFFFF else b""
            made.append(
                struct.pack("<4s6H3I5H2I", b"PK\1\2", 45 if more else 20, 45 if more else 20, 8, 8, 0, 33, checksum,
                            packed_size, size, len(name), len(more), 0, 0, 0, 0, min(place, 0xFFFFFFFF))
                + name + more
            )  # fmt: skip
        directory, n = b"".join(made), len(self.parts)
        if start > 0xFFFFFFFF:
            end = start + len(directory)
            directory += struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, 45, 45, 0, 0, n, n, len(b"".join(made)), start)
            directory += struct.pack("<4sIQI", b"PK\6\7", 0, end, 1)
        return directory + struct.pack(
            "<4s4H2IH", b"PK\5\6", 0, 0, n, n, len(b"".join(made)), min(start, 0xFFFFFFFF), 0
        )  # fmt: skip

    def _data(self, data: bytes) -> bytes:
        self.packed_size += len(data)
        return self._sent(data)

    def _sent(self, data: bytes) -> bytes:
        self.offset += len(data)
        return data
