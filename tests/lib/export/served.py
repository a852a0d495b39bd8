"""What gunicorn serves in `test_served`: the files of invented rows, without a database of its own."""

import time
from itertools import count

import django

django.setup()

from caricc.lib.export.book import book  # noqa: E402
from caricc.lib.export.download import _lines  # noqa: E402

ROW = b"x" * 1000


def pieces(breaks: bool, slow: bool):
    for n in count():
        if breaks and n == 20:
            raise RuntimeError("the database went away")
        if n == (2000 if slow else 40):
            return
        if slow:
            time.sleep(0.05)
        yield [ROW] * 70


def application(environ, start_response):
    what = environ["PATH_INFO"]
    start_response("200 OK", [("Content-Type", "text/plain"), ("X-Row-Count", str(40 * 70))])
    if what == "/quick":
        return [b"quick"]
    rows = pieces("broken" in what, "slow" in what)
    if what.endswith("xlsx"):
        return book(["a"], rows)
    return _lines(rows)
