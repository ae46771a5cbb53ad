"""A refusal is a page."""

from tests.fedcop.web.conftest import Browser


async def test_a_form_from_another_site_is_refused(browser: Browser) -> None:
    page = await browser.http.post(
        "/sign-in", data={"name": "x", "password": "y"}, headers={"origin": "https://evil.example"}
    )

    assert page.status_code == 403
    assert "came from another site" in page.text


async def test_a_form_that_a_browser_calls_cross_site_is_refused(browser: Browser) -> None:
    page = await browser.http.post("/sign-in", data={"name": "x"}, headers={"sec-fetch-site": "cross-site"})

    assert page.status_code == 403


async def test_an_unknown_client_is_told_on_a_page_and_not_redirected(browser: Browser) -> None:
    page = await browser.get(
        "/oauth/authorize?client_id=x&redirect_uri=https://evil.example&response_type=code"
    )

    assert page.status_code == 400
    assert "No application is registered" in page.text
    assert "location" not in page.headers
