"""Days as the Centre counts them: today is Almaty's, whatever the clock of the machine says."""

import datetime

from django.utils import timezone


def today() -> datetime.date:
    return timezone.localdate()
