"""What waits for an admin, at a glance."""

from storage.actors import Actor
from tests.fedcop.web.conftest import Browser


async def test_each_number_leads_to_its_page(browser: Browser, olwen: Actor) -> None:
    page = (await browser.get("/admin")).text

    for name in ("reports", "knocks", "peers", "queue", "list"):
        assert f'<a href="/admin/{name}"><strong>0</strong>' in page


async def test_the_pages_speak_welsh(browser: Browser, olwen: Actor) -> None:
    page = (await browser.get("/admin?lang=cy")).text

    assert "Nodau a wrthodwyd" in page
    assert "adroddiadau agored" in page
