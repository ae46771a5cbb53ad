"""The session: its cookie, what it opens and what it never opens."""

from storage.actors import Actor
from tests.fedcop.web.conftest import Browser, hidden


async def test_the_cookie_is_bound_to_this_host_and_hidden_from_scripts(browser: Browser, ada: Actor) -> None:
    answer = await browser.sign_in("ada")

    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-session=")
    for part in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
        assert part in cookie


async def test_the_cookie_never_opens_the_client_api(browser: Browser, ada: Actor) -> None:
    await browser.sign_in("ada")

    assert (await browser.http.get("/api/v1/accounts/verify_credentials")).status_code == 401


async def test_signing_out_wants_the_session_s_own_text_and_ends_it(browser: Browser, ada: Actor) -> None:
    await browser.sign_in("ada")
    page = await browser.get("/")

    assert (await browser.post("/sign-out", csrf="guessed")).status_code == 403
    assert "Ada Bright" in (await browser.get("/")).text

    assert (await browser.post("/sign-out", csrf=hidden(page)["csrf"])).status_code == 303
    assert "Ada Bright" not in (await browser.get("/")).text


async def test_a_cookie_that_was_signed_out_opens_nothing(browser: Browser, ada: Actor) -> None:
    await browser.sign_in("ada")
    kept = dict(browser.http.cookies)
    await browser.post("/sign-out", csrf=hidden(await browser.get("/"))["csrf"])
    browser.http.cookies.update(kept)

    assert "Ada Bright" not in (await browser.get("/")).text


async def test_a_form_that_is_too_long_or_none_is_refused_on_a_page(browser: Browser, ada: Actor) -> None:
    await browser.sign_in("ada")

    long = await browser.post("/sign-out", csrf="x" * 70_000)
    odd = await browser.http.post("/sign-in", content=b"--x", headers={"content-type": "multipart/form-data"})

    for answer in (long, odd):
        assert answer.status_code == 422
        assert "This form cannot be read" in answer.text
    assert "Ada Bright" in (await browser.get("/")).text
