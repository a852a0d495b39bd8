"""Pages and the API, asked as a browser asks that is signed in: address, middleware, session, rights, rows, template."""

from html.parser import HTMLParser

from events.models import Event
from tests.bench.inside.questions import asked
from tests.bench.inside.reader import browser, reader
from tests.bench.inside.registry import side
from tests.bench.inside.replay import caught, replay

LIST, BOARD, API = "/events/", "/", "/api/v1/events/"
A_HUNDRED = "limit=100&count=false"
PER_PAGE = 50


def request(path: str):
    """A function that asks for `path` and must be answered with 200."""
    client = browser()

    def ask():
        response = client.get(path, secure=True)
        if response.status_code != 200:
            raise AssertionError(f"{path} was answered with {response.status_code}")
        return response

    return ask


def quietly(ask):
    def run() -> None:
        ask()

    return run


def path_of(page: str, question: str) -> str:
    start = {"list": LIST, "board": BOARD, "plain": "/reference/events/"}[page]
    query = asked(question)
    return f"{start}?{query}" if query else start


@side("page")
def page(page: str, question: str):
    return quietly(request(path_of(page, question)))


@side("page SQL")
def page_sql(page: str, question: str):
    return replay(request(path_of(page, question)))


@side("page queries", warm=False)
def page_queries(page: str, question: str):
    """How many queries a request makes that is not the first of its process."""
    ask = request(path_of(page, question))

    def count() -> dict:
        ask()
        return {"queries": len(caught(ask))}

    return count


@side("last page")
def last_page():
    """The page behind the link "last" of the first one; `by` tells how that link finds it."""
    found = last_link(request(LIST)().content.decode())
    ask = request(found)

    def run() -> dict:
        ask()
        return {"by": "keyset" if "cursor=" in found else "offset"}

    return run


class _Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found: list[dict] = []

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            self.found.append({**dict(attrs), "text": ""})

    def handle_data(self, data):
        if self.found:
            self.found[-1]["text"] += data


def last_link(html: str) -> str:
    """Where the link to the last page leads; on a page without one, to the page of the last rows by its number."""
    parser = _Links()
    parser.feed(html)
    for link in parser.found:
        if link.get("rel") == "last":
            return link["href"]
    count = Event.objects.visible_to(reader()).count()
    return f"{LIST}?page={-(-count // PER_PAGE)}"


@side("api")
def api():
    return quietly(request(f"{API}?{A_HUNDRED}"))


@side("api SQL")
def api_sql():
    return replay(request(f"{API}?{A_HUNDRED}"))


@side("plain api")
def plain_api():
    return quietly(request("/reference/api/events/?limit=100"))
