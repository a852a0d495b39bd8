"""Accounts, roles and tokens: for administrators alone."""

from django.contrib import admin
from django.contrib.admin import ShowFacets
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db.models import Q
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from caricc.lib.admin import Offers
from caricc.lib.admin_fields import an_id
from caricc.lib.admin_history import told
from caricc.models import ApiToken, CalendarFeed, History, User


class ForAdministrators:
    """Seen and changed by superusers only; what they do to accounts stands in the history, too."""

    show_facets = ShowFacets.NEVER
    show_full_result_count = False
    actions = None

    def has_module_permission(self, request):
        return request.user.is_superuser

    def has_view_permission(self, request, obj=None):
        return request.user.is_superuser

    has_add_permission = has_module_permission
    has_change_permission = has_delete_permission = has_view_permission

    def get_object(self, request, object_id, from_field=None):
        pk = an_id(object_id)
        return None if pk is None else self.get_queryset(request).filter(pk=pk).first()

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        raise Http404

    def history_view(self, request, object_id, extra_context=None):
        obj = self.get_object(request, object_id) if self.has_view_permission(request) else None
        if obj is None:
            raise Http404
        label = obj._meta.label_lower
        rows = History.objects.filter(root_model=label, root_id=obj.pk).select_related("actor")
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("History: %s") % obj, "entries": told(rows, request.user), "object": obj, "opts": self.opts,
        }  # fmt: skip
        return TemplateResponse(request, "admin/object_history.html", context)

    def log_addition(self, request, obj, message):
        self._log(request, obj, History.Action.CREATE, message)

    def log_change(self, request, obj, message):
        self._log(request, obj, History.Action.CHANGE, message)

    def log_deletions(self, request, queryset):
        for obj in queryset:
            self._log(request, obj, History.Action.DELETE, [])

    def _log(self, request, obj, action, message):
        """Which fields were changed: never the values, among which are passwords."""
        label = obj._meta.label_lower
        parts = message if isinstance(message, list) else []
        changed = sorted({str(name) for part in parts for how in part.values() for name in how.get("fields", [])})
        History.objects.create(
            model=label, record_id=obj.pk, root_model=label, root_id=obj.pk, action=action, door=History.Door.ADMIN,
            actor=request.user, at=timezone.now(), changes={"fields": [None, ", ".join(changed)]} if changed else {},
        )  # fmt: skip


class KnownToEditors(Offers):
    """Names that whoever edits may choose from, without being let into the accounts."""

    def may_be_offered(self, request):
        return request.user.has_perm("events.change_event") or request.user.has_perm("events.change_case")


@admin.register(User)
class AccountAdmin(ForAdministrators, KnownToEditors, UserAdmin):
    list_display = ["username", "first_name", "last_name", "roles", "is_active", "is_superuser", "last_login"]
    list_filter = ["is_active", "is_superuser", "groups"]
    search_fields = ["username", "first_name", "last_name", "email"]
    filter_horizontal = []
    fieldsets = [
        (None, {"fields": ["username", "password", "first_name", "last_name", "email"]}),
        (_("Rights"), {"fields": ["groups", "is_active", "is_superuser"]}),
    ]
    add_fieldsets = [
        (
            None,
            {"fields": ["username", "first_name", "last_name", "email", "password1", "password2"]},
        )
    ]

    def has_delete_permission(self, request, obj=None):
        """An account is not deleted but made inactive: the history names it."""
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=_("roles"))
    def roles(self, user):
        return ", ".join(group.name for group in user.groups.all())

    def offered(self, request):
        return User.objects.filter(is_active=True).order_by("last_name", "first_name", "username")

    def search(self, request, rows, words):
        for word in words.replace("\x00", "").split()[:10]:
            found = Q()
            for text in {word, word.lower(), word.upper(), word.capitalize()}:
                found |= Q(username__contains=text) | Q(first_name__contains=text) | Q(last_name__contains=text)
            rows = rows.filter(found)
        return rows


admin.site.unregister(Group)


@admin.register(Group)
class RoleAdmin(ForAdministrators, KnownToEditors, DjangoGroupAdmin):
    """What a role may do comes with the release; who holds it is chosen on the account."""

    fields = ["name", "rights"]
    readonly_fields = ["rights"]
    ordering = ["name"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    has_delete_permission = has_change_permission

    @admin.display(description=_("rights"))
    def rights(self, group):
        return ", ".join(group.permissions.order_by("codename").values_list("codename", flat=True))

    def offered(self, request):
        return Group.objects.order_by("name")

    def search(self, request, rows, words):
        return rows.filter(name__icontains=words.replace("\x00", "").strip())


class KeyAdmin(ForAdministrators, admin.ModelAdmin):
    """Keys are made elsewhere and shown once; here they are seen and revoked."""

    list_select_related = ["user"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(ApiToken)
class ApiTokenAdmin(KeyAdmin):
    """Tokens are made by `manage.py api_token`."""

    list_display = fields = readonly_fields = ["prefix", "user", "scope", "created_at", "expires_at", "last_used_at"]


@admin.register(CalendarFeed)
class CalendarFeedAdmin(KeyAdmin):
    """Without name and question: they may tell of records that an administrator may not see."""

    list_display = fields = readonly_fields = ["prefix", "user", "created_at", "last_used_at"]
