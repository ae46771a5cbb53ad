"""The directory and suggestions."""

from fedcop.node import Node
from storage import practices
from storage.practices import Practice
from tests.fedcop.actions.scene import Scene
from tests.fedcop.mastodon.conftest import Client
from tests.fedcop.mastodon.methods.test_timelines import account_id
from tests.support.described import faults

UPDATE = "/api/v1/accounts/update_credentials"


async def names(client: Client, path: str, **query: str) -> list[str]:
    return [one["acct"] for one in await client.get(path, **query)]


async def test_communities_and_who_chose_to_be_found_are_in_the_directory(ada: Client, ben: Client) -> None:
    assert await names(ben, "/api/v1/directory", order="new") == ["trees", "floods"]
    await ada.ask("PATCH", UPDATE, json={"discoverable": True})
    assert await names(ben, "/api/v1/directory", order="new") == ["trees", "floods", "ada"]
    await ada.write("@floods Sandbags")
    assert (await names(ben, "/api/v1/directory"))[-1] == "trees"
    assert await names(ben, "/api/v1/directory", order="new", offset="1", limit="1") == ["floods"]
    assert await names(ben, "/api/v1/directory", local="true", order="odd", offset="-1") != []


async def test_the_directory_is_not_for_strangers(stranger: Client) -> None:
    assert (await stranger.refused("GET", "/api/v1/directory"))[0] == 401


async def test_what_one_has_not_joined_is_suggested_until_one_declines(ada: Client, ben: Client) -> None:
    await ada.ask("PATCH", UPDATE, json={"discoverable": True})
    shown = await ben.get("/api/v2/suggestions")
    assert [(one["source"], one["account"]["acct"]) for one in shown] == [
        ("staff", "floods"),
        ("staff", "trees"),
        ("global", "ada"),
    ]
    assert faults("Suggestion", shown) == []
    await ben.post(f"/api/v1/accounts/{await account_id(ben, 'floods')}/follow")
    trees = await account_id(ben, "trees")
    assert (await ben.ask("DELETE", f"/api/v1/suggestions/{trees}")).json() == {}
    assert await names(ben, "/api/v1/suggestions") == ["ada"]
    assert await names(ben, "/api/v1/suggestions", limit="0") == ["ada"]
    assert (await ben.refused("DELETE", "/api/v1/suggestions/7"))[0] == 404


async def test_people_like_oneself_are_suggested_before_other_people(
    ada: Client, ben: Client, node: Node
) -> None:
    scene = Scene(node)
    liked = Practice(offers=("service/561",))
    for handle, practice in (("dan", Practice()), ("eve", liked), ("fay", Practice())):
        text = practices.text_of(practice)
        await scene.remote(handle, "devon.example", findable="nodes", practice=text)
    await ben.ask("PATCH", UPDATE, json={"fields_attributes": [{"name": "Looking for", "value": "gritting"}]})
    assert await names(ben, "/api/v1/suggestions") == [
        "floods", "trees", "eve@devon.example", "dan@devon.example", "fay@devon.example",
    ]  # fmt: skip
