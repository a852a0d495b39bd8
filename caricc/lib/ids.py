"""The one place where record ids are made."""

import secrets
from random import Random

LARGEST = 2**53 - 1  # JavaScript holds integers exactly up to here; spreadsheets only 15 digits


def new_id(source: Random | None = None) -> int:
    """A random positive integer below 2**53, so that neither order nor number of records can be read from ids.

    Pass `source` only to make invented data repeatable.
    """
    return (source.randrange if source else _randrange)(1, LARGEST)


def _randrange(start: int, stop: int) -> int:
    return start + secrets.randbelow(stop - start)


def new_code(length: int = 6) -> str:
    """Letters and digits that nobody confuses when reading them aloud (no I, L, O, 0, 1)."""
    return "".join(secrets.choice("ABCDEFGHJKMNPQRSTUVWXYZ23456789") for _ in range(length))
