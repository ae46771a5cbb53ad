"""Push subscriptions as clients make them."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from fedcop.content import webpush
from tests.fedcop.mastodon.conftest import Client

PATH = "/api/v1/push/subscription"
POINT = webpush.encoded(webpush._point(ec.derive_private_key(7, ec.SECP256R1()).public_key()))
SECRET = webpush.encoded(b"s" * 16)


def form(**given: Any) -> dict[str, Any]:
    endpoint = given.pop("endpoint", "https://web.push.apple.com/abc")
    keys = {"p256dh": POINT, "auth": SECRET} | given
    return {"subscription": {"endpoint": endpoint, "keys": keys}, "data": {"alerts": {"mention": True}}}


async def test_a_client_subscribes_changes_and_leaves(ada: Client, ben: Client) -> None:
    assert (await ada.refused("GET", PATH))[0] == 404
    assert (await ada.refused("PUT", PATH, json={"data": {"alerts": {"poll": True}}}))[0] == 404
    made = await ada.post(PATH, **form())
    assert made == await ada.get(PATH)
    assert isinstance(made["id"], int)
    instance = await ada.get("/api/v2/instance")
    assert made["server_key"] == instance["configuration"]["vapid"]["public_key"]
    assert [name for name, wanted in made["alerts"].items() if wanted] == ["mention"]
    assert made["alerts"]["admin.sign_up"] is False
    changed = (
        await ada.ask("PUT", PATH, data={"data[alerts][poll]": "1", "data[policy]": "followed"})
    ).json()
    assert [name for name, wanted in changed["alerts"].items() if wanted] == ["poll"]
    assert changed["policy"] == "followed"
    assert (await ben.refused("GET", PATH))[0] == 404
    assert (await ada.ask("DELETE", PATH)).json() == {}
    assert (await ada.refused("GET", PATH))[0] == 404


async def test_the_key_is_told_to_each_application_too(ada: Client) -> None:
    app = await ada.post("/api/v1/apps", client_name="x", redirect_uris="urn:ietf:wg:oauth:2.0:oob")
    assert len(webpush.decoded(app["vapid_key"])) == 65
    assert (await ada.get("/api/v1/apps/verify_credentials"))["vapid_key"] == app["vapid_key"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"endpoint": "https://10.0.0.1/x"}, "endpoint"),
        ({"endpoint": "https://collector.example/x"}, "endpoint"),
        ({"endpoint": "file:///etc/passwd"}, "endpoint"),
        ({"endpoint": "https://web.push.apple.com/" + "x" * 2000}, "endpoint"),
        ({"endpoint": ""}, "endpoint"),
        ({"p256dh": "AAAA"}, "p256dh"),
        ({"p256dh": "!"}, "p256dh"),
        ({"auth": "AAAA"}, "auth"),
        ({"auth": "!"}, "auth"),
    ],
)
async def test_what_cannot_be_woken_is_refused(ada: Client, given: dict[str, str], field: str) -> None:
    response = await ada.ask("POST", PATH, json=form(**given))
    assert (response.status_code, list(response.json()["details"])) == (422, [field])
    assert (await ada.refused("GET", PATH))[0] == 404
