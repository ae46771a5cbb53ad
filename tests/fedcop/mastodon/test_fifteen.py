"""The fifteen bugs that clients met most often with other servers, a test each (mastodon-api.md 6)."""

import base64
from typing import Any

import httpx
import pytest

from fedcop.actions import authorize
from fedcop.node import Node
from tests.fedcop.mastodon.conftest import Client
from tests.fedcop.mastodon.methods.test_timelines import account_id, ids
from tests.fedcop.mastodon.streaming.conftest import Dial, dial, port
from tests.support import pictures

__all__ = ("dial", "port")  # fixtures

PHANPY = {"origin": "https://phanpy.social"}
KEYS = {
    "p256dh": "BEm_a0bdPDhf0SOsrnB2-ategf1hHoCnpXgQsFj5JCkcoMrMt2WHoPfEYOYPzOIs9mZE8ZUaD7VA5vouy0kEkr8=",
    "auth": "eH_C8rq2raXqlcBVDa1gLg==",
}


async def test_bug_1_web_clients_get_no_live_updates(secrets: dict[str, str], dial: Dial) -> None:
    async with dial("", subprotocols=[secrets["ada"]]) as connection:
        assert connection.subprotocol == secrets["ada"]
    async with dial(f"?access_token={secrets['ada']}&stream=user", subprotocols=["odd"]) as connection:
        assert connection.subprotocol == "odd"


async def test_bug_2_a_browser_can_neither_post_nor_page(ada: Client) -> None:
    asked = await ada.http.options(
        "/api/v1/statuses",
        headers=PHANPY
        | {
            "access-control-request-method": "POST",
            "access-control-request-headers": "authorization,content-type,idempotency-key",
        },
    )
    assert asked.status_code == 200
    assert "idempotency-key" in asked.headers["access-control-allow-headers"].lower()
    await ada.write("Hello")
    page = await ada.ask("GET", "/api/v1/timelines/home?limit=1", headers=PHANPY)
    assert "Link" in page.headers["access-control-expose-headers"]
    assert page.headers["link"].index('rel="next"') < page.headers["link"].index('rel="prev"')


@pytest.mark.parametrize("path", ["/api/v2/instance", "/api/v1/preferences"])
async def test_bug_3_a_client_hangs_after_sign_in(ada: Client, path: str) -> None:
    said = await ada.get(path)
    assert said.get("configuration") or "posting:default:visibility" in said


async def test_bug_4_the_server_is_called_unsupported(stranger: Client) -> None:
    for path in ("/api/v1/instance", "/api/v2/instance"):
        version = (await stranger.get(path))["version"]
        number, _, rest = version.partition(" ")
        assert [part.isdecimal() for part in number.split(".")] == [True, True, True]
        assert rest.startswith("(compatible; Fedcop ")
    assert (await stranger.get("/api/v2/instance"))["api_versions"] == {"mastodon": 7}


async def registered(client: Client, *uris: str) -> dict[str, Any]:
    made: dict[str, Any] = await client.post(
        "/api/v1/apps", client_name="App", redirect_uris=list(uris), scopes="read write"
    )
    return made


@pytest.mark.parametrize(
    "spelling", ["json", "form", "multipart", "query", "text", "untyped", "basic", "both", "surplus"]
)
async def test_bug_5_the_token_is_refused(stranger: Client, spelling: str) -> None:
    app = await registered(stranger, "a:/b")
    client = {name: app[name] for name in ("client_id", "client_secret")}
    form = {"grant_type": "client_credentials", **client}
    text = "&".join(f"{name}={value}" for name, value in form.items())
    pair = base64.b64encode(f"{app['client_id']}:{app['client_secret']}".encode()).decode()
    how: dict[str, dict[str, Any]] = {
        "json": {"json": form},
        "form": {"data": form},
        "multipart": {"files": {name: (None, value) for name, value in form.items()}},
        "query": {"params": form},
        "text": {"content": text, "headers": {"content-type": "text/plain"}},
        "untyped": {"content": text},
        "basic": {
            "data": {"grant_type": "client_credentials"},
            "headers": {"authorization": f"Basic {pair}"},
        },
        "both": {"data": form, "headers": {"authorization": f"Basic {pair}"}},
        "surplus": {"json": form | {"scope": "read admin:write", "redirect_uri": "x:/y", "odd": [1]}},
    }
    answer = await stranger.ask("POST", "/oauth/token", **how[spelling])
    assert answer.status_code == 200, answer.text
    assert {"access_token", "token_type", "scope", "created_at"} <= answer.json().keys()


@pytest.mark.parametrize(
    "uri",
    [
        "com.tapbots.Ivory.22300:/request_token",
        "icecubesapp://",
        "https://elk.zone/api/kent.example/oauth/https%3A%2F%2Felk.zone",
        "urn:ietf:wg:oauth:2.0:oob",
    ],
)
async def test_bug_6_sign_in_fails_on_the_way_back(node: Node, stranger: Client, uri: str) -> None:
    app = await registered(stranger, "other:/first", uri)
    assert app["redirect_uris"] == ["other:/first", uri]
    wish = await authorize.asked(
        node,
        client_id=app["client_id"],
        redirect_uri=uri,
        scope=None,
        response_type="code",
        state=None,
        challenge=None,
        challenge_method=None,
    )
    assert wish.redirect_uri == uri


async def test_bug_7_loading_newer_leaves_gaps(ada: Client) -> None:
    made = [(await ada.write(f"{number}"))["id"] for number in range(5)]
    home = "/api/v1/timelines/home"
    assert ids(await ada.get(home, min_id=made[0], limit=2)) == [made[2], made[1]]
    assert ids(await ada.get(home, since_id=made[0], limit=2)) == [made[4], made[3]]
    assert ids(await ada.get(home, min_id=made[0], since_id=made[1], limit=1)) == [made[2]]


async def test_bug_8_paging_never_ends(ada: Client, ben: Client, cai: Client) -> None:
    hers = await account_id(ada, "ada")
    for client in (ben, cai):
        await client.post(f"/api/v1/accounts/{hers}/follow")
    full = await ada.ask("GET", f"/api/v1/accounts/{hers}/followers?limit=1")
    last = await ada.ask("GET", f"/api/v1/accounts/{hers}/followers?limit=3")
    assert "max_id" in full.links["next"]["url"]
    assert full.json()[0]["id"] not in full.links["next"]["url"]
    assert "next" not in last.links
    for path in ("/api/v1/notifications", "/api/v1/timelines/home", f"/api/v1/accounts/{hers}/followers"):
        assert "link" not in (await ada.ask("GET", f"{path}?max_id=1")).headers


async def test_bug_9_one_status_takes_the_timeline_with_it(ada: Client) -> None:
    picture = {"file": ("a.png", pictures.png(), "image/png")}
    media = (await ada.ask("POST", "/api/v2/media", files=picture)).json()
    await ada.write("Look", media_ids=[media["id"]])
    (status,) = await ada.get("/api/v1/timelines/home")
    assert [status[name] for name in ("mentions", "tags", "emojis", "filtered")] == [[], [], [], []]
    assert [status[name] for name in ("favourited", "reblogged", "bookmarked", "muted", "pinned")] == 5 * [
        False
    ]
    assert {"edited_at", "reblog", "in_reply_to_id"} <= status.keys()
    (shown,) = status["media_attachments"]
    assert shown["url"]
    assert {"width", "height"} <= shown["meta"]["original"].keys()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/timelines/home", 401),
        ("GET", "/api/v1/no/such/thing", 404),
        ("POST", "/api/v1/no/such/thing", 404),
        ("GET", "/api/v1/statuses/x", 404),
        ("POST", "/api/v1/statuses", 401),
    ],
)
async def test_bug_10_html_comes_where_json_is_read(
    stranger: Client, method: str, path: str, status: int
) -> None:
    assert (await stranger.refused(method, path))[0] == status


@pytest.mark.parametrize(
    "how",
    [
        {"json": {"source": {"sensitive": True}}},
        {"json": {"source": {"sensitive": "1"}}},
        {"data": {"source[sensitive]": "on"}},
        {"files": {"source[sensitive]": (None, "true")}},
        {"params": {"source[sensitive]": "1"}},
    ],
)
async def test_bug_11_a_setting_is_silently_ignored(ada: Client, how: dict[str, Any]) -> None:
    changed = await ada.ask("PATCH", "/api/v1/accounts/update_credentials", **how)
    assert changed.json()["source"]["sensitive"] is True


@pytest.mark.parametrize("name", ["id[]", "id[0]", "id"])
async def test_bug_11_a_list_in_another_spelling_is_ignored(ada: Client, name: str) -> None:
    his = await account_id(ada, "ben")
    assert [one["id"] for one in await ada.get("/api/v1/accounts/relationships", **{name: his})] == [his]


async def test_bug_12_push_cannot_be_switched_on(ada: Client) -> None:
    path = "/api/v1/push/subscription"
    assert (await ada.refused("GET", path))[0] == 404
    made = await ada.ask(
        "POST",
        path,
        json={
            "subscription": {"endpoint": "https://fcm.googleapis.com/x", "keys": KEYS},
            "data": {"alerts": {"mention": "1", "follow": False}},
        },
    )
    assert made.status_code == 200, made.text
    said = made.json()
    assert type(said["id"]) is int
    assert said["server_key"]
    assert {type(one) for one in said["alerts"].values()} == {bool}
    assert (said["alerts"]["mention"], said["alerts"]["follow"]) == (True, False)


async def test_bug_13_an_address_that_is_no_address(ada: Client) -> None:
    await ada.write("@floods Sandbags")
    app = await ada.post("/api/v1/apps", client_name="App", redirect_uris="a:/b", website="")
    assert app["website"] is None
    found = [
        await ada.get("/api/v1/accounts/verify_credentials"),
        *(one["account"] for one in await ada.get("/api/v1/timelines/home")),
    ]
    for one in found:
        assert all(one[name].startswith("http") for name in ("url", "avatar", "header", "avatar_static"))
        assert all(one[name].endswith(".png") for name in ("avatar", "header"))


async def test_bug_14_notifications_are_empty_or_double(ada: Client, ben: Client) -> None:
    made = await ada.write("Hello")
    hers = made["account"]["id"]
    await ben.post(f"/api/v1/accounts/{hers}/follow")
    await ada.post(f"/api/v1/accounts/{await account_id(ada, 'ben')}/follow", notify=True)
    await ben.write("@ada indeed", in_reply_to_id=made["id"])
    for _ in range(2):
        await ben.post(f"/api/v1/statuses/{made['id']}/favourite")
        await ben.post(f"/api/v1/statuses/{made['id']}/unfavourite")
    await ben.post(f"/api/v1/statuses/{made['id']}/favourite")
    told = await ada.get("/api/v1/notifications", **{"exclude_types[]": ["odd"]})
    assert sorted(one["type"] for one in told) == ["favourite", "follow", "mention"]
    assert all(one["account"]["id"] for one in told)
    assert all(one["status"]["id"] for one in told if one["type"] != "follow")
    some = await ada.get("/api/v1/notifications", **{"types[]": ["mention", "severed_relationships", "odd"]})
    assert [one["type"] for one in some] == ["mention"]


@pytest.mark.parametrize(
    "path",
    [
        "v1/announcements",
        "v1/custom_emojis",
        "v1/filters",
        "v2/filters",
        "v1/followed_tags",
        "v1/trends/tags",
        "v1/trends/statuses",
        "v1/trends/links",
        "v1/scheduled_statuses",
        "v1/notifications/requests",
        "v1/endorsements",
        "v1/conversations",
        "v1/domain_blocks",
    ],
)
async def test_bug_15_a_tab_fails_for_want_of_anything(ada: Client, path: str) -> None:
    assert await ada.get(f"/api/{path}") == []


@pytest.mark.parametrize("path", ["/api/v1/instance", "/api/v2/instance", "/api/v1/custom_emojis"])
async def test_bug_15_a_closed_server_is_refused(http: httpx.AsyncClient, path: str) -> None:
    assert (await http.get(path)).status_code == 200
