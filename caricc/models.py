"""What belongs to no subject: accounts, tokens, history, and two small ledgers of the program itself."""

import datetime
import hashlib
import hmac
import secrets

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caricc.lib.ids import new_id


class User(AbstractUser):
    """An account. Its rights come from its groups alone; `caricc.lib.rights` holds the table."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    groups = models.ManyToManyField(  # type: ignore[assignment]
        "auth.Group",
        blank=True,
        related_name="user_set",
        related_query_name="user",
        verbose_name=_("roles"),
    )

    user_permissions = None  # type: ignore[assignment]  # rights come from roles only

    objects = UserManager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["username"]
        permissions = [("use_admin", _("Can use the admin site"))]

    def __str__(self):
        return self.get_full_name() or self.username

    @property
    def is_staff(self) -> bool:
        """Whether the admin site lets this account in: a right of the role, not a flag of the account."""
        return self.is_active and self.has_perm("caricc.use_admin")

    @is_staff.setter
    def is_staff(self, value):
        """Ignored: `createsuperuser` sets it, the role decides it."""

    @property
    def initials(self) -> str:
        words = (self.get_full_name() or self.username).split()
        return "".join(word[0] for word in words[:2]).upper()


class ApiToken(models.Model):
    """A key to the API. Only a keyed hash is kept; the token itself is shown once, when it is made."""

    class Scope(models.TextChoices):
        READ = "read", _("Read")
        EXPORT = "export", _("Read and export")
        WRITE = "write", _("Read, export and write")

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens", verbose_name=_("account"))
    prefix = models.CharField(_("begins with"), max_length=8, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    scope = models.CharField(_("scope"), max_length=6, choices=Scope.choices, default=Scope.READ)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    expires_at = models.DateTimeField(_("ends"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-created_at"]

    def __str__(self):
        return f"{self.prefix}…"

    @classmethod
    def make(cls, user: User, scope: str, days: int | None = None) -> tuple["ApiToken", str]:
        """The row and the token in clear: `car_`, 8 characters that find the row, `_`, 40 that prove it."""
        prefix, secret = secrets.token_hex(4), secrets.token_urlsafe(30)
        text = f"car_{prefix}_{secret}"
        ends = timezone.now() + datetime.timedelta(days=days) if days else None
        return cls.objects.create(
            user=user,
            prefix=prefix,
            digest=cls.hash(text),
            scope=scope,
            expires_at=ends,
        ), text

    @staticmethod
    def hash(text: str) -> str:
        """HMAC-SHA256 with the site's secret, so that a copied table cannot be tried against guesses."""
        return hmac.new(settings.SECRET_KEY.encode(), b"api-token:" + text.encode(), hashlib.sha256).hexdigest()

    @classmethod
    def find(cls, text: str) -> "ApiToken | None":
        """The living token that `text` proves, with its user; None for anything else."""
        parts = text.split("_", 2)
        if len(parts) != 3 or parts[0] != "car" or "\x00" in text:
            return None
        token = cls.objects.select_related("user").filter(prefix=parts[1]).first()
        digest = cls.hash(text)
        if token is None or not hmac.compare_digest(token.digest, digest):
            return None
        alive = token.expires_at is None or token.expires_at > timezone.now()
        return token if alive and token.user.is_active else None

    def used(self) -> None:
        """Keep the time of use, to the minute at most, so that reading does not write each time."""
        now = timezone.now()
        if self.last_used_at is None or now - self.last_used_at > datetime.timedelta(minutes=1):
            ApiToken.objects.filter(pk=self.pk).update(last_used_at=now)


class HistoryQuerySet(models.QuerySet):
    def of(self, record) -> "HistoryQuerySet":
        """All that happened to a record and its parts, newest first; ask only for a record that the reader may see."""
        root = record.root()
        return self.filter(root_model=root._meta.label_lower, root_id=root.pk).select_related("actor")


class History(models.Model):
    """One row for each changed row: who, what from what to what, when, by which door, why."""

    class Door(models.TextChoices):
        ADMIN = "admin", _("Editing page")
        PAGE = "page", _("Page")
        API = "api", _("API")
        COMMAND = "command", _("Command")
        SEED = "seed", _("Fixtures")
        LOADDATA = "loaddata", _("Fixtures by loaddata")
        SYNTHESIZE = "synthesize", _("Invented data")

    class Action(models.TextChoices):
        CREATE = "create", _("Entered")
        CHANGE = "change", _("Changed")
        DELETE = "delete", _("Deleted")
        LOAD = "load", _("Loaded in bulk")
        GRANT = "grant", _("Opened to a reader")

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("when"), db_index=True)
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("who"))
    door = models.CharField(_("door"), max_length=12, choices=Door.choices)
    action = models.CharField(_("what"), max_length=8, choices=Action.choices)
    model = models.CharField(_("kind of record"), max_length=60)
    record_id = models.BigIntegerField(_("record"), null=True)
    root_model = models.CharField(_("belongs to a"), max_length=60, blank=True)
    root_id = models.BigIntegerField(_("belongs to"), null=True)
    version = models.PositiveIntegerField(_("version"), null=True)
    changes = models.JSONField(_("from what to what"), default=dict)
    why = models.TextField(_("why"), blank=True)

    objects = HistoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("history")
        verbose_name_plural = _("history")
        ordering = ["-id"]
        default_permissions = ("view",)
        indexes = [models.Index(fields=["root_model", "root_id", "-id"], name="history_of_a_record")]

    def __str__(self):
        return f"{self.get_action_display()} {self.model} {self.record_id}"


class SeedKey(models.Model):
    """A key of the fixtures that was loaded once: it is never loaded again, not even after its record was deleted."""

    key = models.SlugField(max_length=120, primary_key=True)
    loaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ()

    def __str__(self):
        return self.key


class Sequence(models.Model):
    """Running numbers without gaps or doubles: the row is locked until the transaction that took a number ends."""

    name = models.CharField(max_length=60, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self):
        return f"{self.name}: {self.last}"

    @classmethod
    def take(cls, name: str, count: int = 1) -> int:
        """The last of `count` numbers that nobody else gets."""
        cls.objects.get_or_create(name=name)
        cls.objects.filter(name=name).update(last=F("last") + count)
        return cls.objects.values_list("last", flat=True).get(name=name)
