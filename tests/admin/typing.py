"""A form of the editing pages as a browser would send it: what stands in it, and what is typed over it."""

from html.parser import HTMLParser


class _Form(HTMLParser):
    def __init__(self, form_id):
        super().__init__()
        self.form_id, self.inside, self.fields = form_id, False, {}
        self.select = self.textarea = None

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.inside = given.get("id") == self.form_id
        name = given.get("name")
        if not self.inside or "disabled" in given:
            return
        if tag == "input" and name and given.get("type") not in ("submit", "button"):
            if given.get("type") not in ("checkbox", "radio") or "checked" in given:
                self.add(name, given.get("value", "on" if given.get("type") == "checkbox" else ""))
        elif tag == "select":
            self.select, self.chosen, self.first, self.many = name, [], None, "multiple" in given
        elif tag == "option" and self.select:
            self.first = given.get("value", "") if self.first is None else self.first
            if "selected" in given:
                self.chosen.append(given.get("value", ""))
        elif tag == "textarea":
            self.textarea, self.words = name, ""

    def handle_data(self, data):
        if self.textarea:
            self.words += data

    def handle_endtag(self, tag):
        if tag == "select" and self.select:
            chosen = self.chosen or ([] if self.many or self.first is None else [self.first])
            for value in chosen:
                self.add(self.select, value)
            self.select = None
        elif tag == "textarea" and self.textarea:
            self.add(
                self.textarea,
                self.words.removeprefix("\r\n").removeprefix("\n").replace("\r\n", "\n").replace("\n", "\r\n"),
            )
            self.textarea = None
        elif tag == "form":
            self.inside = False

    def add(self, name, value):
        if "__prefix__" not in name:
            self.fields.setdefault(name, []).append(value)


def typed(response, form_id="event_form", **over) -> dict:
    """The fields of the form on a page, with others typed over them (`__` in a name stands for a dash)."""
    form = _Form(form_id)
    form.feed(response.content.decode())
    for name, value in over.items():
        name = name.replace("__", "-")
        form.fields.pop(name, None)
        if value is not None:
            form.fields[name] = [str(v) for v in value] if isinstance(value, list) else [str(value)]
    return form.fields


def row_of(fields: dict, prefix: str, **where) -> str:
    """`people-3`: the first row of an inline that holds these values."""
    for number in range(int(fields[f"{prefix}-TOTAL_FORMS"][0])):
        row = f"{prefix}-{number}"
        if all(fields.get(f"{row}-{name}", [""])[0] == str(value) for name, value in where.items()):
            return row
    raise AssertionError(f"no row of {prefix} with {where}")


def errors_on(response) -> list[str]:
    """What the summary on top says."""
    return [message for error in response.context["errors_by_field"] for message in error["messages"]]
