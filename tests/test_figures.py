"""Law 1 for figures: whatever number of a page is a link leads to exactly that many rows, for each reader.

The figures are found by following the links of the pages from the start page on, so that a new one cannot be forgotten.
"""

import html
import re
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.test_laws import count_on, signed_in
from tests.world import READERS

LINK = re.compile(r"<a\b[^>]*>")
NOT_FOLLOWED = ("/admin/", "/api/", "/language/", "/accounts/", "/theme/", "/static/", "/livez", "/readyz")
SHAPE_ONLY = {"ordering", "page", "limit", "next", "shape", "month", "show", "of_view", "view", "query", "status"}
FEW = 2  # names of a question; those of more are looked at once for each page


def links_of(page: str):
    """(address, count or None) of every link of a page."""
    for tag in LINK.findall(page):
        target, count = re.search(r'\bhref="([^"]*)"', tag), re.search(r'\bdata-count="(\d+)"', tag)
        if target:
            yield html.unescape(target.group(1)), int(count.group(1)) if count else None


def kind_of(address: str) -> tuple:
    """Pages of the same address and names of questions show the same figures; one of each is looked at."""
    parts = urlsplit(address)
    names = frozenset(name for name, _value in parse_qsl(parts.query)) - SHAPE_ONLY
    return parts.path, names if len(names) <= FEW else frozenset({"many"})


STARTS = (
    "/", "/?date_after=2021-01-15&date_before=2022-01-10", "/?date_after=2020-11-20&date_before=2021-10-14", "/?period=all_time",
    "/?rollup=false&period=all_time", "/?date_after=2021-10-01&date_before=2021-12-31&role=host", "/?period=this_year",
    "/calendar/?month=2021-10", "/calendar/?shape=agenda&month=2021-11", "/organizations/?met=period%3Dlast_year",
    "/outcomes/?at=period%3Dall_time%26kind%3Dbilateral", "/search/?q=tashkent", "/search/?q=rfhbvjd", "/search/?q=talks+xyzzy", "/commitments/?at=topic__isnull%3Dfalse",
)  # fmt: skip


def crawl(client, starts=STARTS) -> dict[tuple[str, str], int]:
    """{(page, link): count} of every figure on every kind of page that links lead to from where one may begin."""
    waiting, seen, figures = list(starts), {kind_of(start) for start in starts}, {}
    while waiting:
        page = waiting.pop(0)
        answer = client.get(page, follow=True)
        assert answer.status_code == 200, page
        if not answer["Content-Type"].startswith("text/html"):
            continue
        for link, count in links_of(answer.content.decode()):
            address = link.partition("#")[0]
            if address.startswith("?"):
                address = urlsplit(page).path + address
            if not address.startswith("/") or address.startswith(NOT_FOLLOWED):
                continue
            if count is not None:
                figures[page, address] = count
            if kind_of(address) not in seen:
                seen.add(kind_of(address))
                waiting.append(address)
    return figures


def rows_at(client, address: str) -> int:
    """How many rows the list at an address says it has; its first row is enough to see that."""
    sign = "&" if "?" in address else "?"
    return count_on(client.get(f"{address}{sign}limit=1", headers={"HX-Request": "true"}).content.decode())


@pytest.mark.parametrize("who", READERS)
def test_every_figure_that_can_be_reached_opens_exactly_its_rows(world, who):
    client, counts, wrong = signed_in(world.users[who]), {}, []
    figures = crawl(client)
    for (page, address), count in figures.items():
        if address not in counts:
            counts[address] = rows_at(client, address)
        if counts[address] != count:
            wrong.append(f"{page}: {address} says {count}, lists {counts[address]}")
    assert not wrong, "\n".join(wrong[:20])
    assert len(figures) > 100
    assert sum(page == "/" for page, _address in figures) > 20


def test_the_newcomer_is_shown_no_figure(world):
    answer = signed_in(world.newcomer).get("/")
    assert answer.status_code == 403
    assert not [count for _link, count in links_of(answer.content.decode()) if count is not None]
