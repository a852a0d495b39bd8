"""What may be on record already, while one types."""

import pytest

from contacts.models import Person
from tests.contacts.test_twins import named
from tests.pages.test_in_chromium import grave_findings


@pytest.mark.parametrize("width", [380, 1440])
def test_the_warning_comes_while_typing_and_what_is_ticked_stays(world, page, sign_in, width):
    named("Bahrom", "Mirzoyev")
    sign_in(world.officer)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/admin/contacts/person/add/")
    page.fill("[name=names-0-family]", "Мирзоев")
    page.fill("[name=names-0-given]", "Бахром")
    page.wait_for_selector("#likes .likes")
    assert "Bahrom Mirzoyev" in page.inner_text("#likes")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not grave_findings(page)
    page.check("#likes [name=_another]")
    with page.expect_response("**/people/like/**"):
        page.fill("[name=names-0-patronymic]", "Q.")
        page.fill("[name=names-0-given]", "Bahrom")
    page.fill("[name=names-0-family]", "Nobodyknownhere")
    page.wait_for_selector("#likes .likes", state="detached")
    page.fill("[name=names-0-family]", "Mirzoyev")
    page.wait_for_selector("#likes .likes")
    page.fill("[name=names-0-patronymic]", "")
    page.check("#likes [name=_another]")
    page.click("[name=_save]")
    page.wait_for_url("**/admin/contacts/person/")
    assert Person.objects.matching("mirzoyev", world.officer).count() == 2
