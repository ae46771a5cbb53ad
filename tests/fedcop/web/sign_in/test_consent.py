"""The consent page, from the application's wish to its token."""

import base64
import hashlib
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from storage.actors import Actor
from tests.fedcop.web.conftest import Browser, hidden

CUSTOM = "com.example.app:/done"
OOB = "urn:ietf:wg:oauth:2.0:oob"


async def app(browser: Browser, *uris: str, scopes: str = "read write follow") -> dict[str, Any]:
    form = {"client_name": "Tusk & <b>Co", "redirect_uris": "\n".join(uris or (CUSTOM,)), "scopes": scopes}
    answer = await browser.http.post("/api/v1/apps", data=form)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def authorize(client: dict[str, Any], **more: str) -> str:
    asked = {"client_id": client["client_id"], "redirect_uri": CUSTOM, "response_type": "code"}
    return f"/oauth/authorize?{urlencode(asked | more)}"


async def allow(browser: Browser, address: str, decision: str = "allow") -> httpx.Response:
    page = await browser.get(address)
    assert page.status_code == 200, page.text
    return await browser.post("/oauth/authorize", **hidden(page), decision=decision)


async def token(browser: Browser, client: dict[str, Any], code: str, **more: str) -> httpx.Response:
    form = {"grant_type": "authorization_code", "code": code, "client_id": client["client_id"],
            "client_secret": client["client_secret"], "redirect_uri": CUSTOM} | more  # fmt: skip
    return await browser.http.post("/oauth/token", data={name: text for name, text in form.items() if text})


def code_of(answer: httpx.Response) -> str:
    assert answer.status_code == 302, answer.text
    return parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]


async def test_an_application_gets_its_token_by_a_code(browser: Browser, ada: Actor) -> None:
    client = await app(browser)
    await browser.sign_in("ada")

    answer = await allow(browser, authorize(client, state="x y", scope="read write"))
    assert answer.headers["location"].startswith(f"{CUSTOM}?code=")
    assert answer.headers["location"].endswith("&state=x+y")
    made = (await token(browser, client, code_of(answer))).json()

    assert (made["token_type"], made["scope"]) == ("Bearer", "read write")
    assert isinstance(made["created_at"], int)
    me = await browser.http.get(
        "/api/v1/accounts/verify_credentials", headers={"authorization": f"Bearer {made['access_token']}"}
    )
    assert me.json()["username"] == "ada"


async def test_the_page_names_application_scopes_and_account_and_may_not_be_framed(
    browser: Browser, ada: Actor
) -> None:
    await browser.sign_in("ada")

    page = await browser.get(authorize(await app(browser), scope="read:statuses push write"))

    assert "Allow Tusk &amp; &lt;b&gt;Co to use your account?" in page.text
    assert "Ada Bright" in page.text
    assert "post, reply, like" in page.text
    assert "administrators" not in page.text
    policy = page.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "form-action" not in policy
    assert page.headers["x-frame-options"] == "DENY"
    assert "no-store" in page.headers["cache-control"]


async def test_whoever_is_not_signed_in_signs_in_first_and_comes_back(browser: Browser, ada: Actor) -> None:
    address = authorize(await app(browser))

    first = await browser.get(address)
    back = parse_qs(urlsplit(first.headers["location"]).query)["next"][0]
    answer = await browser.sign_in("ada", wanted=back)

    assert answer.headers["location"] == address


async def test_force_login_asks_for_the_password_again(browser: Browser, ada: Actor) -> None:
    await browser.sign_in("ada")

    answer = await browser.get(authorize(await app(browser), force_login="true", lang="None", state="None"))

    assert answer.headers["location"].startswith("/sign-in?next=")
    assert "force_login" not in answer.headers["location"]
    assert (await browser.get("/sign-in")).status_code == 200
    assert (await browser.get(authorize(await app(browser), force_login="False"))).status_code == 302


async def test_a_refusal_goes_back_as_access_denied(browser: Browser, ada: Actor) -> None:
    await browser.sign_in("ada")

    answer = await allow(browser, authorize(await app(browser)), "deny")

    assert "error=access_denied" in answer.headers["location"]
    assert "code=" not in answer.headers["location"]


async def test_out_of_band_shows_the_code_to_be_copied(browser: Browser, ada: Actor) -> None:
    client = await app(browser, OOB)
    await browser.sign_in("ada")

    page = await allow(browser, authorize(client, redirect_uri=OOB))
    code = page.text.partition("<title>")[2].partition("</title>")[0]

    assert f'value="{code}" readonly' in page.text
    assert (await token(browser, client, code, redirect_uri=OOB)).status_code == 200


async def test_an_address_keeps_its_query_its_percent_signs_and_its_single_slash(
    browser: Browser, ada: Actor
) -> None:
    uri = "https://elk.example/api/kent.example/oauth/https%3A%2F%2Felk.example?x=1"
    client = await app(browser, uri)
    await browser.sign_in("ada")

    answer = await allow(browser, authorize(client, redirect_uri=uri))

    assert answer.headers["location"].startswith(f"{uri}&code=")


async def test_a_loopback_address_may_have_any_port(browser: Browser, ada: Actor) -> None:
    client = await app(browser, "http://127.0.0.1/done")
    await browser.sign_in("ada")

    assert (
        await browser.get(authorize(client, redirect_uri="http://127.0.0.1:4711/done"))
    ).status_code == 200
    assert (
        await browser.get(authorize(client, redirect_uri="http://127.0.0.1:4711/else"))
    ).status_code == 400


@pytest.mark.parametrize(
    "more",
    [{"redirect_uri": "https://evil.example"}, {"redirect_uri": CUSTOM + "/"}, {"response_type": "token"},
     {"client_id": "x"}, {"code_challenge": "x", "code_challenge_method": "plain"}],
)  # fmt: skip
async def test_a_wish_that_does_not_fit_is_a_page(browser: Browser, ada: Actor, more: dict[str, str]) -> None:
    await browser.sign_in("ada")

    page = await browser.get(authorize(await app(browser), **more))

    assert page.status_code == 400
    assert "location" not in page.headers


async def test_a_decision_wants_the_session_s_own_text(browser: Browser, ada: Actor) -> None:
    await browser.sign_in("ada")
    fields = hidden(await browser.get(authorize(await app(browser))))

    answer = await browser.post("/oauth/authorize", **(fields | {"csrf": "guess"}), decision="allow")

    assert answer.status_code == 403


async def test_a_decision_without_a_session_is_refused(browser: Browser, ada: Actor) -> None:
    client = await app(browser)
    answer = await browser.post("/oauth/authorize", client_id=client["client_id"], decision="allow")

    assert answer.status_code == 403


async def test_a_code_works_once_and_used_twice_ends_its_token(browser: Browser, ada: Actor) -> None:
    client = await app(browser)
    await browser.sign_in("ada")
    code = code_of(await allow(browser, authorize(client)))
    made = (await token(browser, client, code)).json()["access_token"]

    again = await token(browser, client, code)

    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    me = await browser.http.get(
        "/api/v1/accounts/verify_credentials", headers={"authorization": f"Bearer {made}"}
    )
    assert me.status_code == 401


async def test_a_public_client_proves_itself_by_its_verifier(browser: Browser, ada: Actor) -> None:
    client = await app(browser)
    await browser.sign_in("ada")
    verifier = "v" * 43
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    address = authorize(client, code_challenge=challenge, code_challenge_method="S256")

    code = code_of(await allow(browser, address))
    wrong = await token(browser, client, code, client_secret="", code_verifier="w" * 43)
    assert wrong.json()["error"] == "invalid_grant"

    code = code_of(await allow(browser, address))
    assert (await token(browser, client, code, client_secret="", code_verifier=verifier)).status_code == 200


async def test_without_a_challenge_the_secret_is_wanted(browser: Browser, ada: Actor) -> None:
    client = await app(browser)
    await browser.sign_in("ada")
    code = code_of(await allow(browser, authorize(client)))

    answer = await token(browser, client, code, client_secret="", code_verifier="v" * 43)

    assert answer.json()["error"] == "invalid_grant"


async def test_no_script_of_another_site_reads_or_answers_the_question(browser: Browser, ada: Actor) -> None:
    client = await app(browser)
    await browser.sign_in("ada")
    elsewhere = {"origin": "https://evil.example"}

    shown = await browser.http.get(authorize(client), headers=elsewhere)
    assert "access-control-allow-origin" not in shown.headers
    assert shown.headers["referrer-policy"] == "same-origin"
    asked = await browser.http.request("OPTIONS", "/oauth/authorize", headers=elsewhere)
    assert "access-control-allow-origin" not in asked.headers
    assert asked.status_code == 405
    for headers in (elsewhere, {"sec-fetch-site": "cross-site"}):
        answered = await browser.http.post("/oauth/authorize", data={"decision": "allow"}, headers=headers)
        assert answered.status_code == 403


async def test_another_client_s_code_is_worth_nothing(browser: Browser, ada: Actor) -> None:
    await browser.sign_in("ada")
    code = code_of(await allow(browser, authorize(await app(browser))))

    answer = await token(browser, await app(browser), code)

    assert answer.json()["error"] == "invalid_grant"
