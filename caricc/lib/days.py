"""Days as the Centre counts them: today is that of the setting TIME_ZONE (Almaty), not of the machine."""

import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language


def today() -> datetime.date:
    return timezone.localdate()


def written(value, form: str = "j M Y") -> str:
    """A day as people write it, `M` being three letters: in Russian small ones, after a day (as `F` is) those of the genitive."""
    if (get_language() or "").startswith("ru"):
        month = date_format(value, "E" if "j" in form else "F").lower()
        words = {
            "M": month[:3],
            "F": month if "j" in form else date_format(value, "F"),
            "l": date_format(value, "l").lower(),
        }
        form = "".join("".join(f"\\{letter}" for letter in words[sign]) if sign in words else sign for sign in form)
    return date_format(value, form)
