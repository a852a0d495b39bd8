"""The list of the editing pages: the same question as on the pages and in the API, asked of the same FilterSet."""

from django import forms
from django.contrib.admin.options import IS_POPUP_VAR, TO_FIELD_VAR
from django.contrib.admin.views.main import ALL_VAR, ERROR_FLAG, IS_FACETS_VAR, ORDER_VAR, PAGE_VAR, ChangeList
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from caricc.lib.admin_fields import PickManyField, PickSelectMany, picks_of
from caricc.lib.fields import country_choices
from caricc.lib.filter_kinds import ChoicesFilter, DayFilter, IdsFilter, StatesFilter, YesNoFilter

NOT_OF_THE_QUESTION = (ORDER_VAR, PAGE_VAR, ALL_VAR, ERROR_FLAG, IS_POPUP_VAR, TO_FIELD_VAR, IS_FACETS_VAR)


class RegisterChangeList(ChangeList):
    """Rows of a question; a value that makes no sense, or an unknown name, is told and gives no rows."""

    def get_queryset(self, request, exclude_parameters=None):
        admin = self.model_admin
        self.filter_specs, self.has_filters, self.has_active_filters = [], False, False
        data = QueryDict(mutable=True)
        for name, values in request.GET.lists():
            if name not in NOT_OF_THE_QUESTION:
                data.setlist(name, values)
        if admin.question is None:
            rows = admin.search(request, self.root_queryset, data.get("q", ""))
            self.problems, self.asked = {}, bool(data.get("q"))
        else:
            admin.question.follow_merges(data)
            question = admin.question(data, self.root_queryset, user=request.user, on_page=True)
            rows, self.asked = question.qs, bool(set(question.data) - {"ordering"})
            self.problems = {
                name: (question.filters[name].label if name in question.filters else name, messages)
                for name, messages in question.errors.items()
            }
            self.bar = AskForm(question, admin.asked, request, admin.admin_site, data=data)
        ordered = self.params.get(ORDER_VAR) or not (admin.question and "ordering" in admin.question.base_filters)
        if ordered:
            rows = rows.order_by(*self.get_ordering(request, rows.order_by()))
        return admin.with_columns(request, rows)

    def asked_with(self) -> list[tuple[str, str]]:
        """What the form of the list carries along beside its own fields."""
        shown = {"q", *(self.bar.fields if hasattr(self, "bar") else ())}
        skipped = {*shown, PAGE_VAR, ERROR_FLAG, ALL_VAR, IS_FACETS_VAR}
        return [(name, value) for name, values in self.filter_params.items() if name not in skipped for value in values]


class AskForm(forms.Form):
    """The names of a question that the list offers, as fields; reading them is the FilterSet's."""

    def __init__(self, question, names, request, site, data):
        super().__init__(data, auto_id="ask_%s", use_required_attribute=False)
        for name, source in names.items():
            wanted = question.filters[name]
            field = self._field(wanted, source, request, site)
            field.label, field.required = wanted.label, False
            self.fields[name] = field

    @staticmethod
    def _field(wanted, source, request, site):
        if isinstance(wanted, DayFilter):
            return forms.CharField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        if isinstance(wanted, IdsFilter):
            rows = wanted.target.objects.none()
            made = PickManyField(rows, picks=picks_of(request), widget=PickSelectMany(source, site))
            made.widget.is_required = False
            return made
        if isinstance(wanted, ChoicesFilter):
            return forms.MultipleChoiceField(choices=wanted.known, widget=forms.CheckboxSelectMultiple)
        if isinstance(wanted, StatesFilter):
            return forms.ChoiceField(choices=[("", _("any")), *country_choices()])
        if isinstance(wanted, YesNoFilter):
            return forms.ChoiceField(choices=[("", _("any")), ("true", _("yes")), ("false", _("no"))])
        return forms.CharField()
