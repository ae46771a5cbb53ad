"""Every page, in both languages, wide and narrow: axe finds nothing, and nothing hangs over."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from fedcop.sample.council import PASSWORD, Site
from tests.browser.reader import SIZES, Reader, reader_of

pytestmark = pytest.mark.slow

STRANGERS = ("/", "/communities", "/communities/drainage", "/sign-in", "/nowhere", "/invitation/used")
STAFF = ("/", "/communities", "/communities/drainage", "/people", "/people?service=function/110",
         "/people/ruth", "/search", "/search?q=ru", "/search?q=nobody", "/ask", "/settings/sessions",
         "/settings/data", "/settings/account", "/settings/questions", "/settings/questions?done",
          "/settings/profile", "/settings/profile?saved",
         "/settings/profile/offers", "/settings/profile/seen", "/settings/profile/seen?as=fellow",
         "/people/alun/hello", "/nowhere")  # fmt: skip


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


@pytest.fixture(scope="module")
def silent(councils: dict[str, Site]) -> tuple[str, str]:
    """Give the addresses of a question that nobody answers: its thread, and what its facilitator sees."""
    kent = councils["kent"]
    alun = kent.command("token", "create", "alun", "--scopes", "read write")
    text = f"@drainage@{kent.domain} Who has lined a culvert?\n\nOurs leaks."
    asked = kent.ask("POST", "/api/v1/statuses", token=alun, status=text)
    return f"/posts/{asked['id']}", f"/facilitate/drainage/asks/{asked['id']}"


@pytest.fixture(scope="module")
def know_how(councils: dict[str, Site], browser: Browser, axe: Path, thread: str) -> tuple[str, ...]:
    """Give the addresses of know-how: a note, whom one quotes, one that is made, its form, a list of both."""
    kent = councils["kent"]
    ruth = reader_of(browser, kent, axe)
    ruth.sign_in("ruth")

    def made(*, quotes_alun: bool) -> str:
        """Make a draft, let its people be told, and give its address once that is done."""
        ruth.open(f"/know-how/new?thread={thread.rpartition('/')[2]}")
        ruth.page.locator("[name^=pick-]").last.set_checked(quotes_alun)
        ruth.page.locator("main form button").click()
        ruth.page.locator("main form button").click()
        return ruth.page.url.removeprefix(kent.address)

    draft, other = made(quotes_alun=True), made(quotes_alun=False)
    alun = kent.command("token", "create", "alun", "--scopes", "read")
    link, note = "", other
    for _ in range(400):  # a note may be published before the page of its draft is shown
        if link and "/drafts/" not in note:
            break
        ruth.page.wait_for_timeout(250)
        ruth.open(other)
        note = ruth.page.url.removeprefix(kent.address)
        told = str(kent.ask("GET", "/api/v1/notifications?types[]=mention", token=alun))
        link = next(iter(re.findall(r"/know-how/drafts/\d+/people/\d+\?seal=\w+", told)), "")
    ruth.context.close()
    return note, link, draft, f"{draft}/edit", f"{note}/edit", "/communities/drainage/know-how"


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


def test_nothing_keeps_strangers_out(reader: Reader, thread: str, know_how: tuple[str, ...]) -> None:
    note, link, *_, listed = know_how
    pages = (note, note.replace("know-how", "posts"), link, listed)
    assert looked_at(reader, (*STRANGERS, thread, *pages)) == []


def test_nothing_keeps_staff_out(reader: Reader, thread: str) -> None:
    reader.sign_in("alun")

    assert looked_at(reader, (*STAFF, thread)) == []


def test_nothing_keeps_facilitators_out(reader: Reader, know_how: tuple[str, ...]) -> None:
    reader.sign_in("ruth")

    assert looked_at(reader, know_how) == []


def test_nothing_keeps_out_who_refers_a_question(reader: Reader, silent: tuple[str, str]) -> None:
    reader.sign_in("ruth")
    asks = "/facilitate/drainage/asks"
    assert looked_at(reader, (*silent, f"{silent[1]}?done=asked", asks, f"{asks}?done=closed")) == []

    reader.open(silent[1])
    reader.page.locator("#person").fill("nobody")
    reader.page.locator("#person").press("Enter")

    assert reader.page.locator(".govuk-error-summary a").get_attribute("href") == "#person"
    assert reader.faults() == []


def test_a_form_that_was_filled_in_wrongly_keeps_nobody_out(reader: Reader, thread: str) -> None:
    reader.sign_in("alun")
    reader.open(thread)
    reader.page.locator(".reply button").click()

    assert reader.page.locator(".govuk-error-summary a").get_attribute("href") == "#text"
    assert reader.faults() == []


def test_asking_and_accepting_keeps_nobody_out(reader: Reader, thread: str) -> None:
    reader.sign_in("ruth")
    wrong = looked_at(reader, (thread, "/ask"))
    continue_ = reader.page.locator("button[name=do][value=look]")
    continue_.click()
    wrong += [f"/ask with faults: {fault}" for fault in reader.faults()]
    assert reader.page.locator(".govuk-error-summary a").first.get_attribute("href") == "#title"
    reader.page.locator("#community").select_option(index=1)
    reader.page.locator("#title").fill("How often do you empty gullies?")
    reader.page.locator("#need").fill("They are blocked each autumn.")
    continue_.click()
    assert reader.page.locator("button[name=do][value=ask]").count() == 1
    wrong += [f"/ask, looked at: {fault}" for fault in reader.faults()]
    reader.page.locator("button[name=do][value=change]").click()
    assert reader.page.locator("#title").input_value() == "How often do you empty gullies?"
    assert wrong == []


def test_dark_pages_can_be_read_too(browser: Browser, councils: dict[str, Site], axe: Path) -> None:
    dark = reader_of(browser, councils["kent"], axe, color_scheme="dark")
    dark.sign_in("alun")
    assert looked_at(dark, ("/", "/communities/drainage", "/settings/sessions")) == []
    dark.context.close()


def test_axe_and_the_policy_find_what_is_wrong(reader: Reader) -> None:
    small = '<button class="small">x</button>'
    reader.open("/sign-in")
    reader.page.evaluate(
        f"""document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=/x>{small}{small}');
        document.querySelectorAll('.small').forEach(one => one.style.cssText = 'width: 9px; height: 9px');
        document.body.insertAdjacentHTML('beforeend', '<p onclick="alert(1)">x</p>')"""
    )
    reader.page.evaluate("document.querySelector('[onclick]').click()")

    found = reader.faults()
    assert {fault.partition(":")[0] for fault in found} >= {"image-alt", "target-size"}
    assert [fault for fault in found if "Content Security Policy" in fault]


def test_a_thread_is_answered_by_the_keyboard_alone(
    browser: Browser, councils: dict[str, Site], axe: Path, thread: str
) -> None:
    alun = reader_of(browser, councils["kent"], axe)
    keys = alun.page.keyboard
    alun.open(f"/sign-in?next={thread}")
    keys.press("Tab")
    assert alun.page.locator(".govuk-skip-link").bounding_box()["x"] >= 0  # type: ignore[index]
    keys.press("Enter")
    keys.press("Tab")
    keys.type("alun")
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")
    alun.page.wait_for_url(councils["kent"].address + thread)

    for _ in range(40):
        keys.press("Tab")
        if alun.page.evaluate("document.activeElement.id") == "text":
            break
    keys.type("By keyboard alone")
    keys.press("Tab")
    keys.press("Tab")
    keys.press("Enter")
    alun.page.get_by_text("By keyboard alone").wait_for()
    assert "#post-" in alun.page.url
    alun.context.close()
