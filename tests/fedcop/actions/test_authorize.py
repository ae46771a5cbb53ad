"""OAuth below its doors; the doors' own tests walk through it whole."""

import msgspec
import pytest

from fedcop.actions import account, authorize
from fedcop.actions.authorize import Asked, OAuthFault, Registered
from fedcop.errors import Invalid
from storage import oauth
from tests.support.network import Council


async def registered(kent: Council, *uris: str, scopes: str = "read write") -> Registered:
    return await authorize.register(
        kent.node, name="Tusk", redirect_uris=uris or ("a:/b",), scopes=scopes, website="nowhere"
    )


async def wish(kent: Council, made: Registered, **more: str | None) -> Asked:
    asked: dict[str, str | None] = {
        "client_id": made.app.client_id, "redirect_uri": None, "scope": None, "response_type": "code",
        "state": None, "challenge": None, "challenge_method": None,
    }  # fmt: skip
    return await authorize.asked(kent.node, **(asked | more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("held", "wanted", "covered"),
    [
        ("read", "read:statuses", True),
        ("read:statuses", "read", False),
        ("read:accounts", "profile", True),
        ("write", "profile", False),
        ("follow", "write:follows", True),
        ("follow", "read:mutes", True),
        ("follow", "write:statuses", False),
        ("admin:read", "admin:read:accounts", True),
        ("admin:read", "admin:write:accounts", False),
        ("read", "readers", False),
    ],
)
def test_a_scope_covers_its_children(held: str, wanted: str, covered: bool) -> None:
    assert authorize.covers(held, wanted) is covered


@pytest.mark.parametrize(
    ("text", "scopes"),
    [
        ("read write", "read write"),
        ("read+write,follow", "read write follow"),
        ("read read", "read"),
        ("everything", "read"),
        (None, "read"),
    ],
)
def test_scopes_are_read_with_every_separator(text: str | None, scopes: str) -> None:
    assert authorize.scopes_of(text) == scopes


async def test_secrets_are_stored_as_hashes_only(kent: Council) -> None:
    made = await registered(kent)
    app = await kent.node.store.read(oauth.find_app, made.app.client_id)

    assert app is not None
    assert app.client_secret == account.hash_of(made.secret)
    assert made.secret not in msgspec.json.encode(app).decode()
    assert app.website is None


async def test_the_first_address_is_taken_when_none_is_named(kent: Council) -> None:
    assert (await wish(kent, await registered(kent, "a:/b", "c:/d"))).redirect_uri == "a:/b"


@pytest.mark.parametrize(
    "uri", ["http://127.0.0.1:1/x", "http://127.0.0.1/x?y", "https://127.0.0.1/x", "http://other/x"]
)
async def test_loopback_differs_in_nothing_but_the_port(kent: Council, uri: str) -> None:
    made = await registered(kent, "http://127.0.0.1/x")

    if uri == "http://127.0.0.1:1/x":
        assert (await wish(kent, made, redirect_uri=uri)).redirect_uri == uri
    else:
        with pytest.raises(OAuthFault):
            await wish(kent, made, redirect_uri=uri)


@pytest.mark.parametrize(
    ("known", "asked"),
    [
        # urlsplit drops what ends a line, and would find the two alike; the header would be two.
        ("http://127.0.0.1/Set-Cookie:a=b", "http://127.0.0.1/\r\nSet-Cookie:a=b"),
        ("http://127.0.0.1/x", "http://127.0.0.1:\n1/x"),
        ("http://127.0.0.1/x", "http://127.0.0.1/\tx"),
        ("http://127.0.0.1/x", " http://127.0.0.1/x"),
        ("http://127.0.0.1/x", "http://127.0.0.1@evil.example/x"),
        ("http://127.0.0.1/x", "http://127.0.0.1.evil.example/x"),
        ("http://localhost/x", "http://localhost\\@evil.example/x"),
        ("https://phanpy.example/", "https://phanpy.example"),
        ("https://phanpy.example/", "https://phanpy.example/?x=1"),
        ("https://phanpy.example/", "https://phanpy.example:8443/"),
        ("https://phanpy.example/", "https://PHANPY.example/"),
        ("https://phanpy.example/a", "https://phanpy.example/b/../a"),
    ],
)
async def test_no_other_address_passes_for_the_registered_one(kent: Council, known: str, asked: str) -> None:
    made = await registered(kent, known)
    with pytest.raises(OAuthFault, match="not one of the application's own"):
        await wish(kent, made, redirect_uri=asked)


@pytest.mark.parametrize(
    "uri",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "http://evil.example/",
        "https://a@evil.example/",
        "https:///x",
        "https://x/#frag",
        "app://\u20ac",
        "app:/a\r\nb",
        "app:/a b",
        "no-scheme",
        "//evil.example/",
    ],
)
async def test_what_is_no_address_to_come_back_to_is_not_registered(kent: Council, uri: str) -> None:
    with pytest.raises(Invalid):
        await registered(kent, uri)


async def test_a_challenge_that_was_taken_out_on_the_way_is_missed(kent: Council) -> None:
    ada = await kent.person("ada")
    made = await registered(kent)
    code = await authorize.consent(kent.node, await wish(kent, made), ada.id)
    with pytest.raises(OAuthFault, match="The code is wrong"):
        await authorize.redeem(
            kent.node, made.app, code=code, redirect_uri=None, verifier="v" * 43, secret_given=True
        )


async def test_a_code_gives_a_token_of_the_person_for_ten_minutes(kent: Council) -> None:
    ada = await kent.person("ada")
    made = await registered(kent)
    code = await authorize.consent(kent.node, await wish(kent, made), ada.id)
    late = await authorize.consent(kent.node, await wish(kent, made), ada.id)

    terms = {"redirect_uri": None, "verifier": None, "secret_given": True}
    granted = await authorize.redeem(kent.node, made.app, code=code, **terms)  # type: ignore[arg-type]
    bearer = await kent.node.store.read(oauth.find_token, account.hash_of(granted.token))
    assert bearer is not None
    assert (bearer.actor_id, bearer.scopes) == (ada.id, "read write")

    kent.node.clock.move(authorize.CODE_FOR)  # type: ignore[attr-defined]
    with pytest.raises(OAuthFault):
        await authorize.redeem(kent.node, made.app, code=late, **terms)  # type: ignore[arg-type]


async def test_another_redirect_address_than_the_code_s_is_refused(kent: Council) -> None:
    ada = await kent.person("ada")
    made = await registered(kent, "a:/b", "c:/d")
    code = await authorize.consent(kent.node, await wish(kent, made, redirect_uri="a:/b"), ada.id)

    with pytest.raises(OAuthFault):
        await authorize.redeem(
            kent.node, made.app, code=code, redirect_uri="c:/d", verifier=None, secret_given=True
        )


async def test_a_name_and_an_address_are_wanted(kent: Council) -> None:
    with pytest.raises(Invalid):
        await authorize.register(kent.node, name=" ", redirect_uris=["a:/b"], scopes=None, website=None)
    with pytest.raises(Invalid):
        await authorize.register(kent.node, name="Tusk", redirect_uris=[], scopes=None, website=None)


async def test_a_website_is_kept_when_it_is_one(kent: Council) -> None:
    made = await authorize.register(
        kent.node, name="Tusk", redirect_uris=["a:/b"], scopes=None, website="https://tusk.example"
    )

    assert made.app.website == "https://tusk.example"
