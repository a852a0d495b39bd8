"""Which saved views exist for whom."""

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from caricc.lib.filter_kinds import IdsFilter
from caricc.lib.filters import Question
from caricc.lib.visibility import RegisterQuerySet


def labels_with_a_rule() -> list[str]:
    """The kinds of record that a question can name and that not everybody sees."""
    targets = {
        wanted.target_label
        for question in Question.about.values()
        for wanted in question.base_filters.values()
        if isinstance(wanted, IdsFilter)
    }
    return sorted(
        label for label in targets if type(apps.get_model(label).objects.all()).rule is not RegisterQuerySet.rule
    )


class SavedViewQuerySet(RegisterQuerySet):
    def rule(self, user) -> Q:
        """One's own, and what is shared with one, unless it names a record that one may not see: its name may tell of it."""
        shared = Q(shared="all") | Q(shared="role", role__in=user.groups.values("pk"))
        mentions = self.model._meta.get_field("mentions").related_model.objects.filter(view=OuterRef("pk"))
        for label in labels_with_a_rule():
            seen = apps.get_model(label).objects.visible_to(user).filter(pk=OuterRef("record_id"))
            shared &= ~Exists(mentions.filter(~Exists(seen), label=label))
        return Q(owner=user.pk) | shared

    def for_list(self, user):
        return self.select_related("owner", "role")
