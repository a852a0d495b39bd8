"""The list of outcomes."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from caricc.lib.pages import ListPage
from events import filters


class OutcomeList(ListPage):
    question_class = filters.OutcomeQuestion
    resource = "outcomes"
    url_name = "events:outcome_list"
    table = "events/_outcome_table.html"
    title = _("Outcomes")

    @classmethod
    def counted(cls, n):
        return ngettext("%(n)s outcome", "%(n)s outcomes", n) % {"n": n}
