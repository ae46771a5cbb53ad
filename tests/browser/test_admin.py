"""An admin at the pages: the list, a knock, a failing peer, somebody to suspend; with scripts and without."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from bench.site import free_port
from fedcop.sample.council import PASSWORD, Site, Unanswered
from fedcop.sample.story import Council
from tests.browser.reader import SIZES, Reader, reader_of

pytestmark = pytest.mark.slow

WITHIN = 20_000
PAGES = (
    "/admin",
    "/admin/list",
    "/admin/list/import",
    "/admin/list/register",
    "/admin/list?explain=cop.leeds.gov.uk",
    "/admin/knocks",
    "/admin/peers",
    "/admin/people",
    "/admin/people/alun",
    "/admin/people/olwen",
    "/admin/communities",
    "/admin/communities/drainage/close",
    "/admin/reports",
    "/admin/retention",
    "/admin/queue",
    "/admin/audit",
)


@pytest.fixture(scope="module", params=[True, False], ids=["with scripts", "without"])
def scripts(request: pytest.FixtureRequest) -> bool:
    """Tell whether the browser runs scripts."""
    return bool(request.param)


@pytest.fixture(scope="module")
def sites(scripts: bool, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Site]]:
    """Serve Kent, with an admin, and Devon, which Kent does not know yet."""
    folder = tmp_path_factory.mktemp("admin")
    named = {slug: Council(name=slug.title(), description="", port=free_port()) for slug in ("kent", "devon")}
    made = {slug: Site(slug, council, folder, tls=None) for slug, council in named.items()}
    try:
        made["kent"].make([], ca_file=None)
        made["devon"].make([made["kent"].domain], ca_file=None)
        for site, people in ((made["kent"], ("olwen", "alun")), (made["devon"], ("beth",))):
            site.start()
            site.wait_until_ready()
            for name in people:
                more = ("--admin",) if name == "olwen" else ()
                site.command("person", "add", name, "--email", f"{name}@{site.slug}.example",
                             "--display-name", name.title(), "--password", PASSWORD, *more)  # fmt: skip
        made["kent"].command("community", "open", "drainage", "--name", "Drainage", "--facilitator", "alun")
        yield made
    finally:
        for site in made.values():
            site.end()
            if site.process is not None:
                site.process.wait(15)


@pytest.fixture(scope="module")
def olwen(scripts: bool, browser: Browser, sites: dict[str, Site], axe: Path) -> Iterator[Reader]:
    """Give the admin of Kent, who is signed in."""
    reader = reader_of(browser, sites["kent"], axe, java_script_enabled=scripts)
    reader.page.set_default_timeout(WITHIN)
    reader.sign_in("olwen")
    yield reader
    reader.context.close()


def ask_to_join(site: Site, token: str, handle: str) -> None:
    """Let somebody ask to join a community elsewhere, anew if they did before."""
    found = site.ask("GET", "/api/v2/search", token=token, q=handle, resolve="true", type="accounts")
    path = f"/api/v1/accounts/{found['accounts'][0]['id']}"
    site.ask("POST", f"{path}/unfollow", token=token)
    site.ask("POST", f"{path}/follow", token=token)


def allow(olwen: Reader, name: str, reason: str) -> None:
    """Fill the form of the list, look at what follows and go on."""
    page = olwen.page
    page.locator("#domain").fill(name)
    page.locator("#reason").fill(reason)
    page.get_by_role("button", name="Show what would follow").click()
    expect(page.get_by_role("heading", name=f"Allow {name}?")).to_be_visible()
    expect(page.get_by_text("This would end nothing.")).to_be_visible()
    page.get_by_role("button", name=f"Allow {name}").click()
    expect(page.get_by_text(f"{name} is allowed.")).to_be_visible()


def test_all_of_gov_uk_is_allowed_and_three_names_explained(olwen: Reader) -> None:
    olwen.open("/admin/list")
    allow(olwen, "*.gov.uk", "Councils and central government")

    olwen.open("/admin/list")
    expect(olwen.page.get_by_role("row").filter(has_text="*.gov.uk")).to_contain_text("this page")
    verdicts = []
    for name in ("cop.leeds.gov.uk", "gov.uk", "gov.uk.evil.example"):
        olwen.page.locator("#explain").fill(name)
        olwen.page.get_by_role("button", name="Explain").click()
        verdicts.append(olwen.page.locator("[role=status] strong").inner_text())
    assert verdicts == ["Allowed", "Denied", "Denied"]


def test_what_is_no_name_is_told_at_the_field_and_stays_there(olwen: Reader) -> None:
    olwen.open("/admin/list")
    olwen.page.locator("#domain").fill("gov.uk/councils")
    olwen.page.get_by_role("button", name="Show what would follow").click()

    expect(olwen.page.locator("#reason-error")).to_contain_text("Say why")
    olwen.page.locator("#reason").fill("Councils")
    olwen.page.get_by_role("button", name="Show what would follow").click()
    expect(olwen.page.locator("#domain-error")).to_contain_text("wanted a domain such as")
    assert olwen.page.locator("#domain").input_value() == "gov.uk/councils"
    assert olwen.page.locator("#reason").input_value() == "Councils"


def test_a_knock_is_decided(olwen: Reader, sites: dict[str, Site]) -> None:
    kent, devon = sites["kent"], sites["devon"]
    beth = devon.command("token", "create", "beth", "--scopes", "read write follow")
    ask_to_join(devon, beth, f"@drainage@{kent.domain}")
    olwen.open("/admin/knocks")
    for _ in range(50):  # it is written within a second
        if olwen.page.get_by_text(devon.domain).count():
            break
        time.sleep(0.2)
        olwen.page.reload()

    olwen.page.get_by_role("link", name=f"Decide {devon.domain}").click()
    assert olwen.page.locator("#domain").input_value() == devon.domain
    allow(olwen, devon.domain, "Our neighbour")

    olwen.open("/admin/knocks")
    expect(olwen.page.get_by_text("No node waits for a decision.")).to_be_visible()


def test_a_peer_that_fails_is_looked_at_and_tried_again(olwen: Reader, sites: dict[str, Site]) -> None:
    kent, devon = sites["kent"], sites["devon"]
    beth = devon.command("token", "create", "beth", "--scopes", "read write follow")
    ask_to_join(devon, beth, f"@drainage@{kent.domain}")
    alun = kent.command("token", "create", "alun", "--scopes", "read write")
    joined = kent.ask("GET", "/api/v1/accounts/lookup", token=alun, acct="drainage")["id"]
    for _ in range(100):
        if len(kent.ask("GET", f"/api/v1/accounts/{joined}/followers", token=alun)) == 2:
            break
        time.sleep(0.1)
    devon.end()
    assert devon.process is not None
    devon.process.wait(15)
    kent.ask("POST", "/api/v1/statuses", token=alun, status="@drainage Who hears this?")

    olwen.open("/admin/peers")
    row = olwen.page.get_by_role("row").filter(has_text=devon.domain)
    for _ in range(100):
        if row.get_by_text("Fails").count():
            break
        time.sleep(0.2)
        olwen.page.reload()
    row.get_by_role("link").click()
    expect(olwen.page.get_by_text("Last answer")).to_be_visible()
    olwen.page.get_by_role("button", name="Try again now").click()
    expect(olwen.page.get_by_text("It is being tried again.")).to_be_visible()
    olwen.open("/admin/queue")
    expect(olwen.page.get_by_role("row").filter(has_text=devon.domain)).to_be_visible()


def test_what_a_denial_would_end_is_shown_before(olwen: Reader, sites: dict[str, Site]) -> None:
    name = sites["devon"].domain
    olwen.open("/admin/list")
    olwen.page.locator("#domain").fill(name)
    olwen.page.get_by_label("Deny", exact=True).check()
    olwen.page.locator("#reason").fill("Moved away")
    olwen.page.get_by_role("button", name="Show what would follow").click()

    expect(olwen.page.get_by_text("This would end what ties this node")).to_be_visible()
    expect(olwen.page.get_by_role("row").filter(has_text=name)).to_be_visible()
    olwen.page.get_by_role("link", name="Back to the list").click()
    expect(olwen.page.get_by_role("row").filter(has_text=name)).to_contain_text("Allow")


def test_somebody_is_suspended(olwen: Reader, sites: dict[str, Site]) -> None:
    olwen.open("/admin/people")
    olwen.page.get_by_role("link", name="Alun").click()
    olwen.page.locator("#reason").fill("Left the council")
    olwen.page.get_by_role("button", name="Suspend", exact=True).click()

    expect(olwen.page.get_by_text("That is done.")).to_be_visible()
    expect(olwen.page.get_by_text("Suspended")).to_be_visible()
    expect(olwen.page.get_by_role("row").filter(has_text="Left the council")).to_contain_text("olwen")
    with pytest.raises(Unanswered):
        sites["kent"].ask("POST", "/oauth/token", grant_type="password", username="alun", password=PASSWORD)


def test_nothing_keeps_admins_out(olwen: Reader, sites: dict[str, Site], scripts: bool) -> None:
    if not scripts:
        pytest.skip("axe is a script; the pages are the same")
    wrong = []
    for language in ("cy", "en"):
        olwen.speak(language)
        for path in (*PAGES, f"/admin/peers/{sites['devon'].domain}"):
            olwen.open(path)
            wrong += [f"{language} {path}: {fault}" for fault in olwen.faults()]
            for name, (width, height) in SIZES.items():
                olwen.page.set_viewport_size({"width": width, "height": height})
                wrong += [f"{language} {path}: too wide when {name}"] if olwen.overflows() else []
    assert wrong == []
