"""A web client on another origin, in a real browser: CORS, cookies, redirects and sockets as it has them."""

import pytest
from playwright.sync_api import Page, expect

from fedcop.sample.council import PASSWORD, Site
from tests.browser.conftest import SignIn

pytestmark = pytest.mark.slow

WITHIN = 20_000


def say(page: Page, text: str) -> None:
    page.get_by_label("Post").fill(text)
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.get_by_text("posted: 200").last).to_be_visible(timeout=WITHIN)


def token_of(site: Site, name: str) -> str:
    return site.command("token", "create", name, "--scopes", "read write follow")


def test_a_web_client_signs_in_reads_posts_and_hears_of_an_answer(
    councils: dict[str, Site], sign_in: SignIn
) -> None:
    kent = councils["kent"]
    alun = token_of(kent, "alun")
    kent.ask("POST", "/api/v1/statuses", token=alun, status="Before anybody looked")
    ruth_id = kent.ask("GET", "/api/v1/accounts/lookup", token=alun, acct="alun")["id"]
    ruth = token_of(kent, "ruth")
    kent.ask("POST", f"/api/v1/accounts/{ruth_id}/follow", token=ruth)

    page = sign_in(kent, "ruth")
    steps = page.locator("#steps li").all_inner_texts()
    assert steps[:1] == ["token"], "the sign-in before it was on the page that the browser left"
    assert {"me: ruth", "default: public", "software: fedcop", "link: read"} <= set(steps)
    expect(page.get_by_text("alun: Before anybody looked")).to_be_visible()

    say(page, "Which pumps do you hire?")
    expect(page.locator("#home li").first).to_contain_text("ruth: Which pumps do you hire?", timeout=WITHIN)
    (asked, *_) = kent.ask("GET", "/api/v1/timelines/public", token=alun)
    kent.ask("POST", "/api/v1/statuses", token=alun, status="@ruth Selwood's", in_reply_to_id=asked["id"])
    expect(page.locator("#told li").first).to_contain_text("mention by alun: @ruth Selwood's", timeout=WITHIN)
    assert PASSWORD not in page.content()


def test_a_wrong_password_is_told_and_nothing_is_given(
    councils: dict[str, Site], sign_in: SignIn, client_address: str
) -> None:
    page = sign_in(councils["kent"], "ruth")
    context = page.context
    context.clear_cookies()
    page.goto(client_address)
    page.evaluate("sessionStorage.clear()")
    page.get_by_label("Instance").fill(councils["kent"].domain)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Name").fill("ruth")
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Allow", exact=True)).to_have_count(0)
    assert page.url.startswith(councils["kent"].address)


def test_two_councils_talk_without_loading_a_page_again(councils: dict[str, Site], sign_in: SignIn) -> None:
    kent, devon = councils["kent"], councils["devon"]
    beth = token_of(devon, "beth")
    handle = f"@drainage@{kent.domain}"
    found = devon.ask("GET", "/api/v2/search", token=beth, q=handle, resolve="true", type="accounts")
    devon.ask("POST", f"/api/v1/accounts/{found['accounts'][0]['id']}/follow", token=beth)
    here, there = sign_in(kent, "ruth"), sign_in(devon, "beth")

    say(there, f"{handle} Who has relined a culvert?")
    question = here.locator("#home li", has_text="Who has relined a culvert?")
    expect(question).to_be_visible(timeout=WITHIN)
    question.get_by_role("button", name="Answer").click()
    words = here.get_by_label("Post").input_value()
    say(here, f"{words}We did, at the mill")
    expect(there.locator("#told li").first).to_contain_text("We did, at the mill", timeout=WITHIN)
