"""The table of pages."""

import re

import pytest

from fedcop import web
from storage.actors import Actor
from tests.fedcop.web.conftest import Browser
from tests.support.network import Council

# Before there is a session, what an application sends, and a link that opens by its seal.
WITHOUT_SESSION = ("/sign-in", "/invitation/", "/oauth/", "/know-how/drafts/1/people/")


def forms(council: Council) -> list[str]:
    """Give the address of every form that somebody signed in may send."""
    found = [
        re.sub(r"\{\w+(?::\w+)?\}", "1", route.path)  # type: ignore[attr-defined]
        for route in web.routes(council.node)
        if "POST" in (getattr(route, "methods", None) or ())
    ]
    return [path for path in found if not path.startswith(WITHOUT_SESSION)]


async def test_no_page_shadows_another(kent: Council) -> None:
    seen = [
        (route.path, method)  # type: ignore[attr-defined]
        for route in web.routes(kent.node)
        for method in getattr(route, "methods", None) or {"*"}
    ]

    assert len(seen) == len(set(seen))
    assert not [path for path, _ in seen if path.startswith("/api")]


@pytest.mark.parametrize("csrf", ["", "guessed"])
async def test_every_form_wants_the_text_of_the_session(browser: Browser, ada: Actor, csrf: str) -> None:
    await browser.sign_in("ada")
    seen = forms(browser.council)
    answers = {path: (await browser.post(path, csrf=csrf)).status_code for path in seen}
    assert len(seen) > 20
    assert {path for path, status in answers.items() if status != 403} == set()


async def test_no_form_is_taken_from_another_site(browser: Browser, ada: Actor) -> None:
    await browser.sign_in("ada")
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        for path in [*forms(browser.council), "/sign-in"]:
            answer = await browser.http.post(path, data={"name": "ada"}, headers=headers)
            assert (path, answer.status_code) == (path, 403)
