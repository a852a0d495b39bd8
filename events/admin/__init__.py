"""The editors of events and what follows."""

from events.admin import event, others

__all__ = ["event", "others"]
