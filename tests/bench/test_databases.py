import pytest

from tests import postgres
from tests.bench.databases import Databases
from tests.bench.serving import _Body


def test_a_folder_for_databases_is_made_for_one_user_and_no_link_is_followed(tmp_path):
    made, link = tmp_path / "var" / "bench", tmp_path / "link"
    link.symlink_to(tmp_path)
    assert postgres._is_reached(made, None)
    assert made.stat().st_mode & 0o077 == 0
    assert not postgres._is_reached(link, None)


def test_the_small_scale_is_smaller_than_that_of_the_run():
    assert [Databases("", events).small_scale for events in (1_000_000, 20_000, 10_000, 500)] == [
        10_000,
        10_000,
        1000,
        100,
    ]


def body(*pieces: bytes) -> _Body:
    found = _Body(digest=True)
    for piece in pieces:
        found.take(bytearray(piece), len(piece))
    found.check()
    return found


def test_the_digest_of_a_download_knows_no_pieces_and_no_ends_of_lines():
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    whole = body(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\na\nb\n")
    assert body(head + b"3\r\na\r\n\r\n", b"3\r", b"\nb\r\n\r\n0\r\n\r\n").sha() == whole.sha()
    assert body(head, b"2\r\na\r\r\n4\r\n\nb\r\n\r\n", b"0\r\n\r\n").sha() == whole.sha()


def test_a_download_that_breaks_off_is_noticed():
    with pytest.raises(AssertionError, match="broke off"):
        body(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
