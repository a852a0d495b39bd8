"""The plain widgets of forms with thousands of fields, written without a template each: the same HTML, many times faster.

Everything that comes from data goes through `escape`.
"""

from html import escape

from django.forms.renderers import TemplatesSetting
from django.templatetags.static import static
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _


def _attrs(given: dict) -> str:
    made = ""
    for name, value in given.items():
        if value is True:
            made += f" {name}"
        elif value is not None and value is not False:
            made += f' {name}="{escape(str(value))}"'
    return made


def _input(context) -> str:
    widget = context["widget"]
    value = widget["value"]
    known = {"type": widget["type"], "name": widget["name"], "value": None if value is None else str(value)}
    return f"<input{_attrs(known)}{_attrs(widget['attrs'])}>"


def _textarea(context) -> str:
    widget = context["widget"]
    attrs = _attrs({"name": widget["name"], **widget["attrs"]})
    return f"<textarea{attrs}>\n{escape(str(widget['value'] or ''))}</textarea>"


def _select(context) -> str:
    widget = context["widget"]
    options = "".join(
        f'<option value="{escape(str(option["value"]))}"{_attrs(option["attrs"])}>{escape(str(option["label"]))}</option>'
        for _name, group, _index in widget["optgroups"]
        for option in group
    )
    return f"<select{_attrs({'name': widget['name'], **widget['attrs']})}>{options}</select>"


def _related(context) -> str:
    link = ""
    if context["can_add_related"] and not context["is_hidden"]:
        attrs = {
            "class": "related-widget-wrapper-link add-related",
            "id": f"add_id_{context['name']}",
            "data-popup": "yes",
            "href": f"{context['add_related_url']}?{context['url_params']}",
            "aria-label": _("New %(model)s") % {"model": context["model"]},
        }
        icon = f'<svg class="icon" aria-hidden="true"><use href="{escape(static("sprite.svg"))}#plus"/></svg>'
        link = f"<a{_attrs(attrs)}>{icon}</a>"
    model = {} if context["model_has_limit_choices_to"] else {"data-model-ref": context["model_name"]}
    inner = context["rendered_widget"]  # a widget that was written here
    return f'<div class="related related-widget-wrapper"{_attrs(model)}>{inner}{link}</div>'


def _no_groups(context) -> bool:
    return all(name is None for name, _group, _index in context["widget"]["optgroups"])


INPUTS = ("text", "number", "hidden", "date", "time", "email", "url", "checkbox")
QUICK = {
    **{f"django/forms/widgets/{kind}.html": _input for kind in INPUTS},
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/select.html": _select,
    "admin/widgets/related_widget_wrapper.html": _related,
}


class QuickRenderer(TemplatesSetting):
    def render(self, template_name, context, request=None):
        write = QUICK.get(template_name)
        if write is None or (write is _select and not _no_groups(context)):
            return super().render(template_name, context, request)
        return mark_safe(write(context))  # noqa: S308 - every value in it was escaped above


quick = QuickRenderer()
