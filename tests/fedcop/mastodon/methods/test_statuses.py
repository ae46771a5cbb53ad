"""Writing, reading, editing and deleting a status."""

import httpx
import pytest

from fedcop.actions import authorize
from fedcop.clock import SetClock
from fedcop.node import Node
from storage import actors, posts, visible
from storage.ids import PostId
from tests.fedcop.mastodon.conftest import DOMAIN, Client
from tests.fedcop.mastodon.methods.test_timelines import account_id


async def test_a_status_is_written_and_read(ada: Client, ben: Client) -> None:
    made = await ada.write("Sandbags at the #Depot, @ben", language="cy", spoiler_text="Rain")
    read = await ben.get(f"/api/v1/statuses/{made['id']}")

    assert read["content"] == made["content"]
    assert "Sandbags at the" in read["content"]
    assert (read["visibility"], read["language"], read["spoiler_text"]) == ("public", "cy", "Rain")
    assert read["sensitive"] is True
    assert (read["reblog"], read["in_reply_to_id"], read["edited_at"]) == (None, None, None)
    assert read["account"]["acct"] == "ada"
    assert [mention["acct"] for mention in read["mentions"]] == ["ben"]
    assert [tag["name"] for tag in read["tags"]] == ["Depot"]
    assert read["application"] == {"name": "Test app", "website": None}
    assert read["url"].endswith(f"/posts/{read['id']}")
    assert "pinned" not in read
    assert made["pinned"] is False


@pytest.fixture
async def bot(node: Node, http: httpx.AsyncClient, clock: SetClock) -> Client:
    """Give Ada's other client, which has an address and may write but not read."""
    tusk = await authorize.register(
        node,
        name="Tusk",
        redirect_uris=[authorize.OUT_OF_BAND],
        scopes="write",
        website="https://tusk.example",
    )
    ada = await node.store.read(actors.find_by_handle, visible.SYSTEM, "ada", DOMAIN)
    assert ada is not None
    granted = await authorize.grant(node, tusk.app, ada.id, "write")
    return Client(http, granted.token, clock)


async def test_the_client_that_a_status_was_written_with_is_named(bot: Client, ben: Client) -> None:
    made = await bot.write("Sandbags")

    read = await ben.get(f"/api/v1/statuses/{made['id']}")
    assert read["application"] == {"name": "Tusk", "website": "https://tusk.example"}


async def test_who_may_write_but_not_read_is_told_what_they_wrote(bot: Client) -> None:
    path = f"/api/v1/statuses/{(await bot.write('Sandbags'))['id']}"

    assert (await bot.post(f"{path}/favourite"))["favourited"]
    assert (await bot.post(f"{path}/reblog"))["reblog"]["reblogged"]
    assert (await bot.ask("PUT", path, json={"status": "Pumps"})).json()["content"] == "<p>Pumps</p>"
    profile = await bot.ask("PATCH", "/api/v1/accounts/update_credentials", json={"display_name": "Ada B"})
    assert profile.json()["display_name"] == "Ada B"
    assert await bot.refused("GET", path) == (403, "This action is outside the authorized scopes")


@pytest.mark.parametrize("word", ["public", "unlisted", "private", "direct"])
async def test_each_visibility_comes_back(ada: Client, word: str) -> None:
    assert (await ada.write("Hello", visibility=word))["visibility"] == word


async def test_an_unknown_visibility_narrows(ada: Client) -> None:
    assert (await ada.write("Hello", visibility="limited"))["visibility"] == "private"


async def test_what_is_not_said_comes_from_the_settings(ada: Client) -> None:
    await ada.ask(
        "PATCH",
        "/api/v1/accounts/update_credentials",
        data={"source[privacy]": "unlisted", "source[language]": "cy", "source[sensitive]": "1"},
    )
    made = await ada.write("Bore da")
    assert (made["visibility"], made["language"], made["sensitive"]) == ("unlisted", "cy", True)


async def test_a_reply_hangs_on_its_parent_even_through_a_wrapper(ada: Client, ben: Client) -> None:
    asked = await ada.write("Who has sandbags?")
    boost = await ben.post(f"/api/v1/statuses/{asked['id']}/reblog")
    reply = await ben.write("We do", in_reply_to_id=boost["id"])

    assert reply["in_reply_to_id"] == asked["id"]
    assert reply["in_reply_to_account_id"] == asked["account"]["id"]
    assert (await ada.get(f"/api/v1/statuses/{asked['id']}"))["replies_count"] == 1


async def test_a_key_that_was_used_before_gives_the_same_status(ada: Client) -> None:
    how = {"json": {"status": "Once"}, "headers": {"idempotency-key": "k1"}}
    first = await ada.ask("POST", "/api/v1/statuses", **how)
    second = await ada.ask("POST", "/api/v1/statuses", **how)
    assert first.json()["id"] == second.json()["id"]


async def test_whom_a_client_does_not_expect_to_be_named_is_not_written_to(ada: Client, ben: Client) -> None:
    his = await account_id(ada, "ben")
    hers = await account_id(ada, "cai")
    for allowed, unexpected in (([], ["ben", "cai"]), ([his], ["cai"])):
        asked = {"status": "@ben and @cai, hello", "allowed_mentions": allowed}
        refused = await ada.ask("POST", "/api/v1/statuses", json=asked)
        assert refused.status_code == 422
        assert [one["acct"] for one in refused.json()["unexpected_accounts"]] == unexpected
    assert await ben.get("/api/v1/notifications") == []
    made = await ada.write("@ben and @cai, hello", allowed_mentions=[his, hers])
    assert [one["acct"] for one in made["mentions"]] == ["ben", "cai"]


async def test_an_empty_status_is_refused(ada: Client) -> None:
    status, words = await ada.refused("POST", "/api/v1/statuses", json={"status": "  "})
    assert status == 422
    assert words.startswith("Validation failed")


async def test_a_reply_to_nothing_is_refused(ada: Client) -> None:
    assert await ada.refused("POST", "/api/v1/statuses", json={"status": "x", "in_reply_to_id": "12"}) == (
        404,
        "Record not found",
    )


async def test_a_direct_status_is_not_there_for_others(ada: Client, ben: Client, cai: Client) -> None:
    made = await ada.write("For @ben alone", visibility="direct")
    assert (await ben.get(f"/api/v1/statuses/{made['id']}"))["visibility"] == "direct"
    for path in ("", "/context", "/history", "/source", "/reblogged_by"):
        assert await cai.refused("GET", f"/api/v1/statuses/{made['id']}{path}") == (404, "Record not found")
    assert await cai.refused("POST", f"/api/v1/statuses/{made['id']}/favourite") == (404, "Record not found")


async def test_an_edit_shows_in_text_source_and_history(ada: Client, ben: Client) -> None:
    made = await ada.write("Frist", language="cy")
    edited = await ada.ask(
        "PUT", f"/api/v1/statuses/{made['id']}", json={"status": "First", "spoiler_text": "Order"}
    )
    assert edited.status_code == 200, edited.text
    assert "First" in edited.json()["content"]
    assert edited.json()["edited_at"].endswith("Z")
    assert edited.json()["language"] == "cy"
    assert await ada.get(f"/api/v1/statuses/{made['id']}/source") == {
        "id": made["id"],
        "text": "First",
        "spoiler_text": "Order",
    }
    history = await ben.get(f"/api/v1/statuses/{made['id']}/history")
    assert [("Frist" in one["content"], one["spoiler_text"]) for one in history] == [
        (True, ""),
        (False, "Order"),
    ]
    assert history[0]["account"]["acct"] == "ada"


async def test_a_title_that_was_written_apart_survives_an_edit(ada: Client) -> None:
    made = await ada.write("@floods It rains.", spoiler_text="Who has sandbags?")
    source = await ada.get(f"/api/v1/statuses/{made['id']}/source")
    assert (source["text"], source["spoiler_text"]) == ("@floods It rains.", "Who has sandbags?")
    edited = await ada.ask(
        "PUT",
        f"/api/v1/statuses/{made['id']}",
        json={"status": f"{source['text']} A lot.", "spoiler_text": source["spoiler_text"]},
    )
    assert "Who has sandbags?" in edited.json()["content"]
    gone = await ada.ask("DELETE", f"/api/v1/statuses/{made['id']}")
    assert (gone.json()["text"], gone.json()["spoiler_text"]) == (
        "@floods It rains. A lot.",
        "Who has sandbags?",
    )


async def test_the_source_is_for_whoever_reads_the_status(ada: Client, ben: Client) -> None:
    made = await ada.write("Mine")
    source = {"id": made["id"], "text": "Mine", "spoiler_text": ""}
    assert await ben.get(f"/api/v1/statuses/{made['id']}/source") == source
    hidden = await ada.write("Mine", visibility="private")
    assert (await ben.refused("GET", f"/api/v1/statuses/{hidden['id']}/source"))[0] == 404


async def test_somebody_elses_status_is_not_edited(ada: Client, ben: Client) -> None:
    made = await ada.write("Mine")
    assert (await ben.refused("PUT", f"/api/v1/statuses/{made['id']}", json={"status": "Yours"}))[0] == 403
    assert (await ben.refused("DELETE", f"/api/v1/statuses/{made['id']}"))[0] == 403


async def test_a_deleted_status_comes_back_once_with_its_text(ada: Client, node: Node) -> None:
    made = await ada.write("Draft *me* again")
    gone = await ada.ask("DELETE", f"/api/v1/statuses/{made['id']}")
    assert (gone.json()["text"], gone.json()["id"]) == ("Draft *me* again", made["id"])
    assert (await ada.refused("GET", f"/api/v1/statuses/{made['id']}"))[0] == 404
    row = await node.store.read(posts.find, visible.SYSTEM, PostId(int(made["id"])))
    assert row is not None
    assert row.removed_at is not None


async def test_deleting_ones_wrapper_takes_the_boost_back(ada: Client, ben: Client) -> None:
    made = await ada.write("Hello")
    boost = await ben.post(f"/api/v1/statuses/{made['id']}/reblog")
    await ben.ask("DELETE", f"/api/v1/statuses/{boost['id']}")
    assert (await ada.get(f"/api/v1/statuses/{made['id']}"))["reblogs_count"] == 0
    assert (await ben.refused("GET", f"/api/v1/statuses/{boost['id']}"))[0] == 404


async def test_a_thread_is_read_from_anywhere_in_it(ada: Client, ben: Client) -> None:
    one = await ada.write("one")
    two = await ben.write("two", in_reply_to_id=one["id"])
    three = await ada.write("three", in_reply_to_id=two["id"])
    other = await ada.write("other", in_reply_to_id=one["id"])

    context = await ada.get(f"/api/v1/statuses/{two['id']}/context")
    assert [status["id"] for status in context["ancestors"]] == [one["id"]]
    assert [status["id"] for status in context["descendants"]] == [three["id"]]
    whole = await ada.get(f"/api/v1/statuses/{one['id']}/context")
    assert [status["id"] for status in whole["descendants"]] == [two["id"], three["id"], other["id"]]


async def test_several_are_read_at_once_in_the_order_asked_for(ada: Client) -> None:
    first, second = await ada.write("a"), await ada.write("b")
    found = await ada.get("/api/v1/statuses", **{"id[]": [second["id"], "5", first["id"]]})
    assert [status["id"] for status in found] == [second["id"], first["id"]]


async def test_strangers_read_only_where_the_node_says_so(ada: Client, stranger: Client) -> None:
    made = await ada.write("Hello")
    assert await stranger.refused("GET", f"/api/v1/statuses/{made['id']}") == (
        401,
        "This method requires an authenticated user",
    )


async def test_nothing_is_translated(ada: Client, ben: Client) -> None:
    made = await ada.write("Helo", visibility="private")
    path = f"/api/v1/statuses/{made['id']}/translate"
    assert await ada.refused("POST", path) == (404, "Nothing is translated here")
    assert await ben.refused("POST", path) == (404, "Record not found")


async def test_an_ask_says_below_its_text_that_it_is_resolved(ada: Client, ben: Client) -> None:
    asked = await ben.write("@floods Who has sandbags?")
    answer = await ada.write("@ben We have.", in_reply_to_id=asked["id"])
    assert "Resolved" not in (await ada.get(f"/api/v1/statuses/{asked['id']}"))["content"]
    await ben.write("@ada Solved: thank you", in_reply_to_id=answer["id"])
    shown = await ada.get(f"/api/v1/statuses/{asked['id']}")
    assert shown["content"].endswith(f"{answer['url']}</a></p>")
    assert shown["content"].count("Resolved: ") == 1
    assert shown["edited_at"] is not None
    assert "Resolved" not in (await ben.get(f"/api/v1/statuses/{asked['id']}/source"))["text"]
    told = await ada.get("/api/v1/notifications")
    assert ("update", asked["id"]) in [(one["type"], one["status"]["id"]) for one in told]
