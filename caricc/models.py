"""What belongs to no subject: accounts, tokens, history, saved views, and small ledgers of the program itself."""

import datetime

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caricc.choices import Page, Shared
from caricc.lib.fields import LineField, choice_check
from caricc.lib.filters import Question
from caricc.lib.ids import new_id
from caricc.lib.keys import Key
from caricc.lib.models import Aggregate, manager
from caricc.lib.saved import records_named
from caricc.querysets import SavedViewQuerySet


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


class ApiToken(Key):
    """A key to the API. Only a keyed hash is kept; the token itself is shown once, when it is made."""

    mark, purpose = "car", "api-token"

    class Scope(models.TextChoices):
        READ = "read", _("Read")
        EXPORT = "export", _("Read and export")
        WRITE = "write", _("Read, export and write")

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens", verbose_name=_("account"))
    scope = models.CharField(_("scope"), max_length=6, choices=Scope.choices, default=Scope.READ)
    expires_at = models.DateTimeField(_("ends"), null=True, blank=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-created_at"]

    @classmethod
    def make(cls, user: User, scope: str, days: int | None = None) -> tuple["ApiToken", str]:
        """The row and the token in clear."""
        ends = timezone.now() + datetime.timedelta(days=days) if days else None
        return cls.mint(user=user, scope=scope, expires_at=ends)

    @property
    def is_alive(self) -> bool:
        return self.expires_at is None or self.expires_at > timezone.now()


class SavedView(Aggregate):
    """A question kept under a name: its query string and the page that asks it, for oneself, for a role, or for all.

    It is asked anew with the rights of whoever opens it. Whoever may not see a record that it names does not see the
    view either, since its name may tell of the record.
    """

    ABOUT = {
        Page.DASHBOARD: "events.Event", Page.EVENTS: "events.Event", Page.CALENDAR: "events.Event",
        Page.ORGANIZATIONS: "contacts.Organization", Page.PEOPLE: "contacts.Person", Page.OUTCOMES: "events.Outcome",
        Page.CASES: "events.Case", Page.COMMITMENTS: "events.Commitment",
    }  # fmt: skip
    NOT_KEPT = ("view", "of_view", "page", "offset", "cursor", "count")

    name = LineField(_("name"), max_length=120)
    page = models.CharField(_("page"), max_length=40, choices=Page.choices)
    query = models.CharField(_("question"), max_length=4000, blank=True)
    owner = models.ForeignKey(User, models.CASCADE, related_name="saved_views", verbose_name=_("owner"))
    shared = models.CharField(_("for"), max_length=7, choices=Shared.choices, default=Shared.PRIVATE)
    role = models.ForeignKey(
        "auth.Group", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("role")
    )  # fmt: skip
    pinned = models.BooleanField(
        _("on the start page"), default=False, help_text=_("A tab of the dashboard, for all who may open it.")
    )  # fmt: skip

    objects = manager(SavedViewQuerySet)

    class Meta(Aggregate.Meta):
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "id"]
        constraints = [
            choice_check("savedview", "page", Page),
            choice_check("savedview", "shared", Shared),
            models.CheckConstraint(
                condition=~models.Q(shared="role") | models.Q(role__isnull=False),
                name="savedview_role_named",
                violation_error_message=_("Say for which role."),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def about(self) -> str:
        """The label of the model that it asks about."""
        return self.ABOUT[Page(self.page)]

    @property
    def asked(self) -> QueryDict:
        """Its question, to be changed at will."""
        made = QueryDict(self.query, mutable=True)
        for name in self.NOT_KEPT:
            made.pop(name, None)
        return made

    def get_absolute_url(self):
        return f"{reverse(self.page)}?view={self.pk}"

    def clean(self):
        if self.shared == Shared.ROLE and self.role_id is None:
            raise ValidationError({"role": _("Say for which role.")})

    def prepare(self, change):
        if self.shared != Shared.ROLE:
            self.role = None
        self.query = self.asked.urlencode()

    def settle(self, change):
        """Keep which records the question names: `SavedViewQuerySet.rule` asks whether one may see them all."""
        found = records_named(Question.about[self.about], self.asked)
        SavedViewMention.objects.filter(view=self).delete()
        SavedViewMention.objects.bulk_create(
            SavedViewMention(view=self, label=label, record_id=number) for label, number in sorted(found)
        )


class SavedViewMention(models.Model):
    """A record that the question of a saved view names; follows from its query."""

    view = models.ForeignKey(SavedView, models.CASCADE, related_name="mentions")
    label = models.CharField(max_length=60)
    record_id = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["label", "record_id"], name="savedview_mentions")]

    def __str__(self):
        return f"{self.label} {self.record_id}"


class CalendarFeed(Key):
    """An address that a calendar program reads: events and due dates, with the rights of its user. Only a hash is kept."""

    mark, purpose = "cal", "calendar-feed"
    AT_MOST = 20  # feeds of one account

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="calendar_feeds", verbose_name=_("account"))
    name = LineField(_("name"), max_length=80)
    query = models.CharField(_("question"), max_length=2000, blank=True)

    about = "events.Event"  # the label of the model that it asks about

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        ordering = ["-created_at", "id"]
        default_permissions = ()


class ReminderSent(models.Model):
    """That an account got its mail of the day: a second run of `remind` sends nothing twice."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    day = models.DateField()
    items = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="remindersent_once_a_day")]

    def __str__(self):
        return f"{self.user} {self.day}"


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
        MERGE = "merge", _("Merged")
        UNMERGE = "unmerge", _("Merge undone")
        DIFFER = "differ", _("Marked as different")
        UNDIFFER = "undiffer", _("No longer marked as different")

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


class Merge(models.Model):
    """That one record went into another: where its id leads, and all that is needed to make two of them again.

    `undo` holds the steps that `caricc.lib.merge` took, those on rows that the actor may not see among them: it is shown
    to nobody.
    """

    UNDO_WITHIN = datetime.timedelta(days=30)

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    about = models.CharField(max_length=60)
    kept_id = models.BigIntegerField()
    gone_id = models.BigIntegerField()
    kept_name = models.CharField(max_length=300)
    gone_name = models.CharField(max_length=300)
    gone_key = models.CharField(max_length=120, blank=True)  # its `seed_key`
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    why = models.TextField(blank=True)
    undo = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        default_permissions = ()
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["about", "kept_id"], name="merges_into_a_record")]
        constraints = [
            models.UniqueConstraint(
                fields=["gone_id", "about"], condition=models.Q(undone_at=None), name="merge_once_at_a_time"
            )
        ]

    def __str__(self):
        return f"{self.gone_name} → {self.kept_name}"

    @property
    def last_moment(self) -> datetime.datetime:
        """Until when it can be undone."""
        return self.at + self.UNDO_WITHIN

    @property
    def too_late(self) -> bool:
        return timezone.now() > self.last_moment
