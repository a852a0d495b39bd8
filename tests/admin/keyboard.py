"""Hands on a keyboard: Tab to a field, type, choose; nothing is clicked."""

AT = """(name) => {
    const here = document.activeElement;
    const box = here && here.closest && here.closest('.select2-container');
    const field = box ? box.previousElementSibling : here;
    return !!field && field.getAttribute('name') === name;
}"""
OFFERED = ".select2-results__option--highlighted:not(.loading-results)"


class Keyboard:
    def __init__(self, page):
        self.page, self.loads, self.keys = page, 0, 0
        page.context.on("page", self.watch)
        self.watch(page)

    def watch(self, page):
        page.on("load", lambda _page: self.count())

    def count(self):
        self.loads += 1

    def press(self, key):
        self.keys += 1
        self.page.keyboard.press(key)

    def to(self, name, back=False):
        for _step in range(120):
            if self.page.evaluate(AT, name):
                return
            self.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"Tab never came to {name}")

    def type(self, name, words):
        self.to(name)
        self.press("Control+A")
        self.keys += len(words)
        self.page.keyboard.type(words)

    def day(self, name, day):
        """A day is typed in the order of the browser's country, whichever that is."""
        self.to(name)
        for order in ("%d%m%Y", "%m%d%Y", "%Y%m%d"):
            self.page.keyboard.type(day.strftime(order))
            if self.page.locator(f"[name={name}]").input_value() == day.isoformat():
                self.keys += 8
                return
            while self.page.evaluate(AT, name):
                self.press("Shift+Tab")
            self.to(name)
        raise AssertionError(f"{day} could not be typed into {name}")

    def choose(self, name, words):
        """A choice among records: typing opens it, Enter takes the first."""
        self.to(name)
        if not words.isascii():  # playwright types these without a key that the page could hear
            self.press("Enter")
        self.keys += len(words)
        self.page.keyboard.type(words, delay=20)
        self.page.locator(OFFERED).first.wait_for()
        self.page.wait_for_function("() => !document.querySelector('.select2-results .loading-results')")
        self.press("Enter")
        self.page.locator(".select2-container--open").wait_for(state="detached")

    def select(self, name, words):
        """An option of a plain list is found by its first letters."""
        self.to(name)
        self.page.keyboard.type(words)

    def radio(self, name, value):
        self.to(name)
        for _step in range(12):
            if self.page.evaluate("() => document.activeElement.value") == value:
                break
            self.press("ArrowRight")
        self.press("Space")

    def button(self, name):
        self.to(name)
        with self.page.expect_navigation():
            self.press("Enter")
