"""One search over everything."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.views import View

from caricc.lib.pages import list_at, panel
from caricc.lib.visibility import may

SEARCHED = (
    "contacts:person_list",
    "contacts:organization_list",
    "events:event_list",
    "events:case_list",
    "events:commitment_list",
)
TOP = 10


class Search(View):
    """Everything that has the words, by kind; each kind is the first rows of its own list."""

    http_method_names = ["get", "head", "options"]

    def get(self, request):
        words = request.GET.get("q", "").strip()
        pages = [list_at(name) for name in SEARCHED]
        if not any(may(request.user, "view", page.model()) for page in pages):
            raise PermissionDenied
        groups, errors = [], []
        if words:
            groups = [made for name in SEARCHED if (made := panel(name, request.user, TOP, q=words))]
            errors = groups[0]["answer"].errors.get("q", []) if groups else []
        total = sum(group["answer"].count for group in groups)
        context = {"words": words, "groups": [g for g in groups if g["answer"].count], "errors": errors, "total": total}
        return render(request, "events/search.html", context)
