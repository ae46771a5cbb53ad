"""Every page, in both languages, wide and narrow: axe finds nothing, and nothing hangs over."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from fedcop.sample.council import Site
from tests.browser.reader import SIZES, Reader, reader_of

pytestmark = pytest.mark.slow

STRANGERS = ("/", "/communities", "/communities/drainage", "/sign-in", "/nowhere", "/invitation/used")
STAFF = ("/", "/communities", "/communities/drainage", "/people", "/people/ruth", "/search", "/search?q=ru",
         "/search?q=nobody", "/settings/sessions", "/settings/data", "/nowhere")  # fmt: skip


@pytest.fixture(scope="module")
def thread(councils: dict[str, Site]) -> str:
    """Give the address of a thread with replies, in a community of Kent."""
    kent = councils["kent"]
    ruth, alun = (kent.command("token", "create", who, "--scopes", "read write") for who in ("ruth", "alun"))
    asked = kent.ask(
        "POST",
        "/api/v1/statuses",
        token=ruth,
        status=f"@drainage@{kent.domain} How often do you empty gullies?\n\nOurs are *blocked* each autumn.",
    )
    kent.ask("POST", "/api/v1/statuses", token=alun, status="Twice a year", in_reply_to_id=asked["id"])
    return f"/posts/{asked['id']}"


@pytest.fixture(params=["en", "cy"])
def reader(
    request: pytest.FixtureRequest, browser: Browser, councils: dict[str, Site], axe: Path
) -> Iterator[Reader]:
    """Give a reader of Kent's pages in one language."""
    found = reader_of(browser, councils["kent"], axe)
    found.speak(request.param)
    yield found
    found.context.close()


def looked_at(reader: Reader, paths: tuple[str, ...]) -> list[str]:
    """Give what is wrong with some pages."""
    wrong = []
    for path in paths:
        reader.open(path)
        wrong += [f"{path}: {fault}" for fault in reader.faults()]
        for name, (width, height) in SIZES.items():
            reader.page.set_viewport_size({"width": width, "height": height})
            wrong += [f"{path}: has to be scrolled sideways when {name}"] if reader.overflows() else []
    return wrong


def test_nothing_keeps_strangers_out(reader: Reader, thread: str) -> None:
    assert looked_at(reader, (*STRANGERS, thread)) == []


def test_nothing_keeps_staff_out(reader: Reader, thread: str) -> None:
    reader.sign_in("alun")

    assert looked_at(reader, (*STAFF, thread)) == []


def test_a_form_that_was_filled_in_wrongly_keeps_nobody_out(reader: Reader, thread: str) -> None:
    reader.sign_in("alun")
    reader.open(thread)
    reader.page.locator(".reply button").click()

    assert reader.page.locator(".govuk-error-summary a").get_attribute("href") == "#text"
    assert reader.faults() == []


def test_dark_pages_can_be_read_too(browser: Browser, councils: dict[str, Site], axe: Path) -> None:
    dark = reader_of(browser, councils["kent"], axe, color_scheme="dark")
    dark.sign_in("alun")
    assert looked_at(dark, ("/", "/communities/drainage", "/settings/sessions")) == []
    dark.context.close()


def test_axe_finds_what_is_wrong(reader: Reader) -> None:
    reader.open("/sign-in")
    reader.page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=/x>')")

    assert any(fault.startswith("image-alt") for fault in reader.faults())
