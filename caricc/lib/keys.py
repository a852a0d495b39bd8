"""Secrets shown once, when they are made: a few characters find the row, a keyed hash of the whole proves it."""

import datetime
import hashlib
import hmac
import secrets
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Key(models.Model):
    """Base of what opens something for an account without a password: an API token, the address of a calendar.

    `mark` begins the text of such a secret, `purpose` goes into its hash, so that one kind never passes for another.
    A model adds `user`.
    """

    mark = purpose = ""
    user: Any

    prefix = models.CharField(_("begins with"), max_length=8, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.prefix}…"

    @classmethod
    def mint(cls, **fields) -> tuple[Self, str]:
        """The row and the secret in clear: the mark, `_`, 8 characters that find the row, `_`, 40 that prove it."""
        prefix = secrets.token_hex(4)
        text = f"{cls.mark}_{prefix}_{secrets.token_urlsafe(30)}"
        return cls._base_manager.create(prefix=prefix, digest=cls.hash(text), **fields), text

    @classmethod
    def hash(cls, text: str) -> str:
        """HMAC-SHA256 with the site's secret, so that a copied table cannot be tried against guesses."""
        return hmac.new(settings.SECRET_KEY.encode(), f"{cls.purpose}:{text}".encode(), hashlib.sha256).hexdigest()

    @classmethod
    def find(cls, text: str) -> Self | None:
        """The living key that `text` proves, with its user; None for anything else."""
        parts = text.split("_", 2)
        if len(parts) != 3 or parts[0] != cls.mark or not text.isascii() or "\x00" in text:
            return None
        key = cls._base_manager.select_related("user").filter(prefix=parts[1]).first()
        digest = cls.hash(text)
        if key is None or not hmac.compare_digest(key.digest, digest):
            return None
        return key if key.is_alive and key.user.is_active else None

    @property
    def is_alive(self) -> bool:
        return True

    def used(self) -> None:
        """Keep the time of use, to the minute at most, so that reading does not write each time."""
        now = timezone.now()
        if self.last_used_at is None or now - self.last_used_at > datetime.timedelta(minutes=1):
            type(self)._base_manager.filter(pk=self.pk).update(last_used_at=now)
