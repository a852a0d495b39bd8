"""What runs in the process that has a database open: each side is made once, then called as often as it is measured."""

from tests.bench.inside import board, exports, filling, pages, saving, search
from tests.bench.inside.registry import SIDES

__all__ = ["SIDES", "board", "exports", "filling", "pages", "saving", "search"]
