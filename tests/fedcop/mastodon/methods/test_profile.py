"""Joining, and changing one's profile."""

import io
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from PIL import Image

from fedcop.actions import authorize
from fedcop.clock import SetClock
from fedcop.node import Node, open_node
from tests.fedcop.mastodon.conftest import BASE, Client, app_of, settings
from tests.support import described
from tests.support.hosts import Door, HostRouter

UPDATE = "/api/v1/accounts/update_credentials"
NEW = {"username": "Dee", "email": "dee@kent.example", "password": "long enough", "agreement": True}


@pytest.fixture
async def open_door(folder: Path, clock: SetClock) -> AsyncIterator[Client]:
    """Give an application's own client of a node that lets people join by themselves."""
    config = settings(folder, sign_in={"registration": "open"})
    node = await open_node(config, clock=clock, transport=Door(HostRouter()))
    async with httpx.AsyncClient(transport=described.Described(app=app_of(node)), base_url=BASE) as http:
        yield Client(http, await application(node), clock)
    await node.close()


async def application(node: Node) -> str:
    made = await authorize.register(
        node, name="App", redirect_uris=["urn:ietf:wg:oauth:2.0:oob"], scopes="read write", website=None
    )
    return (await authorize.grant(node, made.app, None, "read write")).token


async def test_somebody_joins_and_is_in_at_once(open_door: Client) -> None:
    token = await open_door.post("/api/v1/accounts", **NEW)
    assert (token["token_type"], token["scope"]) == ("Bearer", "read write")
    assert isinstance(token["created_at"], int)
    dee = Client(open_door.http, token["access_token"], open_door.clock)
    assert (await dee.get("/api/v1/accounts/verify_credentials"))["acct"] == "dee"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"username": ""}, "Username can't be blank"),
        ({"username": "ada"}, "taken"),
        ({"username": "no spaces"}, "handle"),
        ({"email": "ada@kent.example"}, "email"),
        ({"password": ""}, "Password can't be blank"),
        ({"agreement": False}, "Agreement must be accepted"),
    ],
)
async def test_a_fault_in_joining_names_its_field(
    open_door: Client, change: dict[str, object], words: str
) -> None:
    status, error = await open_door.refused("POST", "/api/v1/accounts", json=NEW | change)
    assert status == 422
    assert error.startswith("Validation failed: ")
    assert words in error


async def test_all_faults_in_joining_are_told_at_once(open_door: Client) -> None:
    nothing = {"username": "", "email": "", "password": "", "agreement": False}
    refused = await open_door.ask("POST", "/api/v1/accounts", json=nothing)
    told = {name: [fault["error"] for fault in faults] for name, faults in refused.json()["details"].items()}
    assert told == {
        "username": ["ERR_BLANK"],
        "email": ["ERR_BLANK", "ERR_INVALID"],
        "password": ["ERR_BLANK"],
        "agreement": ["ERR_ACCEPTED"],
    }


async def test_a_closed_node_lets_nobody_in(node: Node, http: httpx.AsyncClient, clock: SetClock) -> None:
    client = Client(http, await application(node), clock)
    assert (await client.refused("POST", "/api/v1/accounts", json=NEW))[0] == 403


async def test_an_applications_token_is_nobodys(open_door: Client) -> None:
    assert await open_door.refused("GET", "/api/v1/accounts/verify_credentials") == (
        401,
        "This method requires an authenticated user",
    )


async def test_a_profile_changes_where_it_is_told_to(ada: Client) -> None:
    changed = await ada.ask(
        "PATCH",
        UPDATE,
        data={
            "display_name": "Ada L",
            "note": "I know #pumps",
            "locked": "true",
            "bot": "1",
            "fields_attributes[0][name]": "Works at",
            "fields_attributes[0][value]": "Kent",
        },
    )
    own = changed.json()
    assert (own["display_name"], own["locked"], own["bot"]) == ("Ada L", True, True)
    assert own["source"]["note"] == "I know #pumps"
    assert "<p>" in own["note"]
    assert [(line["name"], line["value"]) for line in own["fields"]] == [("Works at", "Kent")]
    kept = (await ada.ask("PUT", UPDATE, json={"locked": False})).json()
    assert (kept["display_name"], kept["locked"], kept["bot"]) == ("Ada L", False, True)


async def test_saving_what_was_read_makes_nobody_easier_to_find(ada: Client) -> None:
    own = await ada.get("/api/v1/accounts/verify_credentials")
    assert own["discoverable"] is False
    assert (await ada.ask("PATCH", UPDATE, json={"discoverable": False})).json()["discoverable"] is False
    assert (await ada.ask("PATCH", UPDATE, json={"discoverable": True})).json()["discoverable"] is True
    assert (await ada.ask("PATCH", UPDATE, json={"discoverable": False})).json()["discoverable"] is False


async def test_the_defaults_for_writing_are_kept(ada: Client) -> None:
    changed = await ada.ask("PATCH", UPDATE, json={"source": {"privacy": "private", "language": "hr"}})
    assert changed.json()["source"] | {"note": ""} == {
        "privacy": "private",
        "sensitive": False,
        "language": "hr",
        "note": "",
        "fields": [],
        "follow_requests_count": 0,
        "hide_collections": False,
        "discoverable": False,
        "indexable": False,
        "quote_policy": "public",
        "attribution_domains": [],
    }
    assert (await ada.ask("PATCH", UPDATE, json={"source": {"privacy": "odd"}})).json()["source"][
        "privacy"
    ] == "private"


async def test_pictures_are_served_from_here(ada: Client) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (80, 80), "green").save(picture, "PNG")
    before = await ada.get("/api/v1/accounts/verify_credentials")
    files = {name: (f"{name}.png", picture.getvalue(), "image/png") for name in ("avatar", "header")}
    after = (await ada.ask("PATCH", UPDATE, files=files)).json()
    for name in ("avatar", "header"):
        assert after[name] != before[name]
        assert after[name] == after[f"{name}_static"]
        assert after[name].startswith(f"{BASE}/media/")


async def test_a_profile_is_read_and_changed_as_typed(ada: Client) -> None:
    changed = (await ada.ask("PATCH", "/api/v1/profile", json={"note": "I know #pumps"})).json()
    assert (changed["note"], changed["avatar"], changed["header"]) == ("I know #pumps", None, None)
    assert await ada.get("/api/v1/profile") == changed


async def test_a_picture_is_taken_away(ada: Client) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (80, 80), "green").save(picture, "PNG")
    before = await ada.get("/api/v1/accounts/verify_credentials")
    files = {name: (f"{name}.png", picture.getvalue(), "image/png") for name in ("avatar", "header")}
    with_pictures = (await ada.ask("PATCH", UPDATE, files=files)).json()
    without = (await ada.ask("DELETE", "/api/v1/profile/avatar")).json()
    assert (without["avatar"], without["header"]) == (before["avatar"], with_pictures["header"])
    assert (await ada.ask("DELETE", "/api/v1/profile/header")).json()["header"] == before["header"]


async def test_what_is_said_of_pictures_and_shown_of_a_profile_is_kept(ada: Client, ben: Client) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (80, 80), "green").save(picture, "PNG")
    said = {
        "avatar_description": "Ada on a bridge",
        "header_description": "The bridge",
        "show_media": "false",
        "show_media_replies": "false",
        "discoverable": "true",
        "hide_collections": "true",
        "attribution_domains[]": ["https://News.example/", "blog.example", "blog.example"],
    }
    files = {name: (f"{name}.png", picture.getvalue(), "image/png") for name in ("avatar", "header")}

    changed = (await ada.ask("PATCH", "/api/v1/profile", data=said, files=files)).json()
    assert (changed["avatar_description"], changed["header_description"]) == ("Ada on a bridge", "The bridge")
    assert (changed["show_media"], changed["show_media_replies"], changed["show_featured"]) == (
        False, False, True,
    )  # fmt: skip
    assert (changed["hide_collections"], changed["attribution_domains"]) == (
        True, ["news.example", "blog.example"],
    )  # fmt: skip
    own = await ada.get("/api/v1/accounts/verify_credentials")
    shown = await ben.get(f"/api/v1/accounts/{own['id']}")
    for name in ("avatar_description", "show_media", "show_featured", "hide_collections"):
        assert own[name] == shown[name] == changed[name]
    assert own["source"]["attribution_domains"] == ["news.example", "blog.example"]
    assert own["source"]["hide_collections"] is True

    assert (await ada.ask("DELETE", "/api/v1/profile/avatar")).json()["avatar_description"] == ""
    assert (await ada.get("/api/v1/profile"))["header_description"] == "The bridge"


@pytest.mark.parametrize("site", ["no host", "localhost", "https://a.example/path", "x" * 300 + ".example"])
async def test_a_site_that_may_name_one_as_author_is_a_host(ada: Client, site: str) -> None:
    status, words = await ada.refused("PATCH", UPDATE, json={"attribution_domains": [site]})
    assert status == 422
    assert "wanted the host of a site" in words


async def test_what_is_said_of_a_picture_is_not_too_long(ada: Client) -> None:
    status, words = await ada.refused("PATCH", UPDATE, json={"header_description": "x" * 1501})
    assert (status, "1500" in words) == (422, True)


async def test_what_nobody_chose_is_a_picture_that_clients_know_as_missing(ada: Client) -> None:
    own = await ada.get("/api/v1/accounts/verify_credentials")
    assert own["avatar"] == f"{BASE}/avatars/original/missing.png"
    assert own["header"] == f"{BASE}/headers/original/missing.png"


async def test_what_somebody_does_is_read_and_changed_as_lines_of_the_profile(
    ada: Client, ben: Client
) -> None:
    typed = [
        {"name": "Ask me about", "value": "parking, Gritting"},
        {"name": "Rôl", "value": "Engineer"},
        {"name": "Chwilio am", "value": "Llyfrgelloedd"},
        {"name": "Website", "value": "kent.example"},
    ]
    own = (await ada.ask("PATCH", UPDATE, json={"fields_attributes": typed})).json()
    said = [(line["name"], line["value"]) for line in own["source"]["fields"]]
    assert said == [
        ("Role", "Engineer"),
        ("Ask me about", "Parking, Gritting"),
        ("Looking for", "Libraries"),
        ("Website", "kent.example"),
    ]
    again = {"fields_attributes": own["source"]["fields"], "discoverable": True}
    changed = (await ada.ask("PATCH", UPDATE, json=again)).json()
    assert changed["source"]["fields"] == own["source"]["fields"]
    shown = await ben.get(f"/api/v1/accounts/{own['id']}")
    assert [line["value"] for line in shown["fields"]] == [line["value"] for line in own["fields"]]


async def test_whoever_may_not_read_a_profile_sees_a_name(ada: Client, ben: Client) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (80, 80), "green").save(picture, "PNG")
    files = {"avatar": ("a.png", picture.getvalue(), "image/png")}
    said = {"note": "Pumps", "display_name": "Ada", "avatar_description": "Ada on a bridge"}
    own = (await ada.ask("PATCH", UPDATE, data=said, files=files)).json()
    status = await ada.write("Pumps everywhere")
    for shown in (
        await ben.get(f"/api/v1/accounts/{own['id']}"),
        (await ben.get(f"/api/v1/statuses/{status['id']}"))["account"],
    ):
        assert (shown["display_name"], shown["note"], shown["fields"]) == ("Ada", "", [])
        assert (shown["avatar_description"], shown["discoverable"]) == ("", False)
        assert shown["avatar"].endswith("missing.png")
    await ada.ask("PATCH", UPDATE, json={"discoverable": True})
    shown = (await ben.get(f"/api/v1/statuses/{status['id']}"))["account"]
    assert (shown["note"], shown["avatar_description"]) == ("<p>Pumps</p>", "Ada on a bridge")
