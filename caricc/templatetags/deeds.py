"""Links to deeds: who may do them, and the address that they lead back to."""

from urllib.parse import urlencode

from django import template
from django.apps import apps

from caricc.lib.visibility import may

register = template.Library()
LONGEST = 1500  # an address beyond that is not carried through every link of a page


@register.simple_tag(takes_context=True)
def may_do(context, label, act="change"):
    """Whether the reader may do that to records of a model at all: `{% may_do "events.Commitment" as changes %}`."""
    return may(context.get("user"), act, apps.get_model(label))


@register.simple_tag(takes_context=True)
def come_back(context):
    """The question mark and `next` that lead back to this page, its question without empty values."""
    request = context.get("request")
    if request is None:
        return ""
    asked = urlencode([(name, value) for name, values in request.GET.lists() for value in values if value])
    here = f"{request.path}?{asked}" if asked else request.path
    return f"?{urlencode({'next': here})}" if len(here) <= LONGEST else ""
