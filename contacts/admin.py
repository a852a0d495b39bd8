"""The editors of organizations, people, posts and cities."""

from django import forms
from django.contrib import admin, messages
from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from caricc.lib import writes
from caricc.lib.admin import RegisterAdmin, RegisterInline
from caricc.lib.admin_forms import Refused, RegisterForm, Rows
from caricc.lib.days import today
from caricc.lib.text import fold, fold_words
from contacts.choices import OrganizationKind
from contacts.filters import CityQuestion, OrganizationQuestion, PersonQuestion, PostQuestion
from contacts.likeness import JUDGES
from contacts.models import City, CityName, Organization, OrganizationName, Person, PersonName, Post, Rhythm
from contacts.twins import likely_twins

IT_IS_ANOTHER = "_another"  # what the box of the warning is called; its value names those that it was said of


class ArchivableAdmin(RegisterAdmin):
    """Reference data: put away and taken out again by the list, too."""

    actions = ["archive", "restore"]

    @admin.action(description=gettext_lazy("Archive"), permissions=["change"])
    def archive(self, request, queryset):
        self._put(request, queryset, True)

    @admin.action(description=gettext_lazy("Take out of the archive"), permissions=["change"])
    def restore(self, request, queryset):
        self._put(request, queryset, False)

    def _put(self, request, queryset, archived):
        with writes.change(request.user, "admin") as change:
            rows = list(queryset.filter(archived=not archived))
            for row in rows:
                row.archived = archived
                change.save(row)
        words = ngettext("%(n)d record changed.", "%(n)d records changed.", len(rows)) % {"n": len(rows)}
        messages.success(request, words)


class LooksForTwins:
    """Warns of what may be on record already; a new record that is likely there is saved when it is said to be another."""

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if change:
            return
        record = form.instance
        told = JUDGES[self.model].told([record.pk]).get(record.pk)
        found = likely_twins(self.model, told, request.user, record.pk) if told else []
        said = set(request.POST.get(IT_IS_ANOTHER, "").split(","))
        if any(str(twin.record.pk) not in said for twin in found):
            request.likes = found
            raise Refused(
                "",
                forms.ValidationError(
                    ngettext(
                        "%(name)s may be the same. Look at what is on record; if this is another one, say so there and save again.",
                        "%(n)d records may be the same. Look at what is on record; if this is another one, say so there and save again.",
                        len(found),
                    )
                    % {"name": found[0].record.name, "n": len(found)}
                ),
            )

    def render_change_form(self, request, context, *args, **kwargs):
        context["likes"] = getattr(request, "likes", [])
        context["likes_url"] = reverse(f"contacts:{self.opts.model_name}_like")
        return super().render_change_form(request, context, *args, **kwargs)


class CityNamesInline(RegisterInline):
    model = CityName
    verbose_name_plural = gettext_lazy("Other names")
    hint = gettext_lazy("What it is or was called. Those above are added by themselves.")
    add_words = gettext_lazy("Another name")
    fields = ["name", "language", "since", "until"]


@admin.register(City)
class CityAdmin(ArchivableAdmin):
    question = CityQuestion
    asked = {"country": None}
    list_display = ["name", "name_ru", "country", "time_zone"]
    fields = [("name", "name_ru"), ("country", "time_zone"), "archived"]
    inlines = [CityNamesInline]


class NamesInline(RegisterInline):
    model = OrganizationName
    verbose_name_plural = gettext_lazy("Other names")
    hint = gettext_lazy(
        "Old names, acronyms, Russian names: it is found under each. Those above are added by themselves."
    )
    add_words = gettext_lazy("Another name")
    fields = ["name", "short_name", "language", "since", "until"]


class OrganizationForm(RegisterForm):
    class Meta:
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}


@admin.register(Organization)
class OrganizationAdmin(LooksForTwins, ArchivableAdmin):
    form = OrganizationForm
    question = OrganizationQuestion
    asked = {"kind": None, "country": None, "own": None, "silent": None, "archived": None}
    list_display = ["name", "short_name", "kind", "country", "parent"]
    inlines = [NamesInline]
    fieldsets = [
        (
            None,
            {"fields": [("name", "short_name"), ("kind", "country")]},
        ),
        (
            None,
            {"fields": ["parent", ("seat_city", "seat_country"), "own"]},
        ),
        (
            gettext_lazy("Rhythm"),
            {
                "classes": ["collapse", "after"],
                "description": gettext_lazy("how often to meet it, and whether it may be quiet"),
                "fields": ["rhythm", ("snoozed_until", "snooze_reason")],
            },
        ),
        (
            gettext_lazy("Later"),
            {
                "classes": ["collapse", "after"],
                "description": gettext_lazy("successor, note, archive"),
                "fields": ["succeeded_by", "note", "archived"],
            },
        ),
    ]

    def offered_as(self, row):
        return f"{row.name} ({row.short_name})" if row.short_name else row.name


@admin.register(Rhythm)
class RhythmAdmin(RegisterAdmin):
    list_display = ["kind_told", "months"]
    fields = [("kind", "months")]

    @admin.display(description=gettext_lazy("kind"))
    def kind_told(self, rhythm):
        return rhythm.get_kind_display()

    def search(self, request, rows, words):
        kinds = [
            kind for kind, label in OrganizationKind.choices if all(w in fold(str(label)) for w in fold_words(words))
        ]
        return rows.filter(kind__in=kinds)


class PersonNames(Rows):
    def clean(self):
        super().clean()
        kept = [form for form in self.forms if (form not in self.deleted and form.has_changed()) or not form.is_new]
        if sum(bool(form.cleaned_data.get("preferred")) for form in kept if hasattr(form, "cleaned_data")) > 1:
            raise forms.ValidationError(_("Only one name can be the preferred one."))

    def save_to(self, change):
        """The preferred name comes first: the one that was it so far gives way."""
        self.forms.sort(key=lambda form: not getattr(form, "cleaned_data", {}).get("preferred"))
        super().save_to(change)


class PersonNamesInline(RegisterInline):
    model = PersonName
    formset = PersonNames
    verbose_name_plural = gettext_lazy("Names")
    hint = gettext_lazy("In any script; any part may be missing or an initial. The preferred one is shown.")
    add_words = gettext_lazy("Another name")
    min_num = 1
    extra_when_new = 0
    fields = ["family", "given", "patronymic", "preferred", ("script", "language", "since", "until")]
    heads = {"script": gettext_lazy("Script and language")}
    asides = ("since", "until")
    aside_titles = {"script": gettext_lazy("dates")}


class PostsInline(RegisterInline):
    model = Post
    fk_name = "person"
    verbose_name_plural = gettext_lazy("Posts")
    hint = gettext_lazy("Either end may be unknown. The post on the day of an event counts.")
    add_words = gettext_lazy("Another post")
    fields = ["organization", ("title", "rank", "email", "phone"), "since", "until"]
    asides = ("rank", "email", "phone")
    aside_titles = {"title": gettext_lazy("rank, e-mail, phone")}


class PersonForm(RegisterForm):
    class Meta:
        widgets = {"note": forms.Textarea(attrs={"rows": 2})}


@admin.register(Person)
class PersonAdmin(LooksForTwins, ArchivableAdmin):
    form = PersonForm
    question = PersonQuestion
    asked = {"organization": Post._meta.get_field("organization"), "country": None, "archived": None}
    list_display = ["name", "posts_told", "archived"]
    inlines = [PersonNamesInline, PostsInline]
    fieldsets = [
        (
            gettext_lazy("More"),
            {
                "classes": ["collapse", "after"],
                "description": gettext_lazy("shown name, account, note, archive"),
                "fields": ["name", "user", "note", "archived"],
            },
        )
    ]

    @admin.display(description=gettext_lazy("posts"))
    def posts_told(self, person):
        return "; ".join(str(post) for post in person.posts.all())

    def with_notes(self, request, rows):
        told = ("person", "title", "since", "until", "organization__name", "organization__short_name")
        posts = Post._base_manager.select_related("organization").only(*told)
        return rows.prefetch_related(Prefetch("posts", posts))

    def offered_as(self, row):
        post = row.post_on(today()) or next(iter(row.posts.all()), None)
        return f"{row.name} ({post.organization})" if post else row.name


@admin.register(Post)
class PostAdmin(RegisterAdmin):
    question = PostQuestion
    asked = {"person": Post._meta.get_field("person"), "organization": Post._meta.get_field("organization")}
    list_display = ["person", "title", "organization", "since", "until"]
    fields = ["person", "organization", ("title", "rank"), ("email", "phone"), ("since", "until")]

    def search(self, request, rows, words):
        if not fold(words):
            return rows
        people = Person.objects.visible_to(request.user).matching(words, request.user)
        return rows.filter(person__in=people.values("pk"))
