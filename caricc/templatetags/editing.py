"""What the templates of the editing pages need to lay out rows."""

from django import template
from django.utils.text import capfirst

register = template.Library()


@register.filter
def cells(row) -> list[dict]:
    """The cells of a row of an inline: what stands open in each, and what is folded away under a few words."""
    inline, made = row.model_admin, []
    for fieldset in row:
        for line in fieldset:
            fields = [field for field in line if field.is_readonly or not field.field.is_hidden]
            asides = [f for f in fields if not f.is_readonly and f.field.name in inline.asides]
            first = fields[0].field
            name, label = (first["name"], first["label"]) if fields[0].is_readonly else (first.name, first.label)
            made.append(
                {
                    "name": name,
                    "label": inline.heads.get(name) or capfirst(label),
                    "fields": [field for field in fields if field not in asides],
                    "asides": asides,
                    "title": inline.aside_titles.get(name, ""),
                    "open": any(aside.field.errors or aside.field.value() for aside in asides),
                }
            )
    return made
