from collections.abc import Callable
from typing import Any

SIDES: dict[str, tuple[Callable[..., Any], bool]] = {}


def side(name: str, warm: bool = True):
    """Registers what makes a side: a function of its arguments that returns what is to be measured.

    Without `warm` the first call is measured like the others: it does what needs no warming, or is done only once.
    """

    def register(make):
        SIDES[name] = (make, warm)
        return make

    return register
