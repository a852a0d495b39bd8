from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def check_zone(value: str) -> None:
    """An IANA zone; empty is for the field to judge."""
    if value and (value not in available_timezones() or value == "localtime"):
        raise ValidationError(
            _("“%(value)s” is not a time zone, such as Asia/Almaty."),
            params={"value": value},
        )
