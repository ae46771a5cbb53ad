"""Quoting a status, who may, and no longer."""

from typing import Any

import pytest

from tests.fedcop.mastodon.conftest import Client
from tests.fedcop.mastodon.methods.test_timelines import account_id

DENIED = (404, "the post that you quote is not there, or its author does not let you quote it")


async def state_of(client: Client, status_id: str) -> tuple[str, str | None]:
    """Give the state of a quote, and the text of what it shows."""
    quote = (await client.get(f"/api/v1/statuses/{status_id}"))["quote"]
    return quote["state"], quote["quoted_status"] and quote["quoted_status"]["id"]


async def test_a_quote_is_shown_counted_listed_and_told(ada: Client, ben: Client, cai: Client) -> None:
    quoted = await ada.write("Sandbags work")
    made = await ben.write("Look at this", quoted_status_id=quoted["id"])

    assert made["quote"]["state"] == "accepted"
    assert made["quote"]["quoted_status"]["id"] == quoted["id"]
    assert f'RE: <a href="{quoted["uri"]}"' in made["content"]
    assert (await cai.get(f"/api/v1/statuses/{quoted['id']}"))["quotes_count"] == 1
    assert [one["id"] for one in await cai.get(f"/api/v1/statuses/{quoted['id']}/quotes")] == [made["id"]]
    (told,) = await ada.get("/api/v1/notifications")
    assert (told["type"], told["status"]["id"], told["account"]["acct"]) == ("quote", made["id"], "ben")


async def test_who_is_quoted_and_named_is_told_of_both(ada: Client, ben: Client) -> None:
    quoted = await ada.write("Sandbags work")
    made = await ben.write("@ada is right", quoted_status_id=quoted["id"])

    assert {told["type"] for told in await ada.get("/api/v1/notifications")} == {"mention", "quote"}
    assert [mention["acct"] for mention in made["mentions"]] == ["ada"]


async def test_a_wrapper_is_quoted_as_the_post_inside_and_a_reply_may_quote(ada: Client, ben: Client) -> None:
    quoted = await ada.write("Sandbags work")
    wrapper = await ben.post(f"/api/v1/statuses/{quoted['id']}/reblog")
    asked = await ada.write("Who knows?")
    made = await ben.write("Ada does", quoted_status_id=wrapper["id"], in_reply_to_id=asked["id"])

    assert made["in_reply_to_id"] == asked["id"]
    assert made["quote"]["quoted_status"]["id"] == quoted["id"]


@pytest.mark.parametrize(
    ("policy", "follows", "current"),
    [
        ("public", False, "automatic"),
        ("followers", False, "denied"),
        ("followers", True, "automatic"),
        ("nobody", True, "denied"),
    ],
)
async def test_the_policy_of_a_status_decides(
    ada: Client, ben: Client, policy: str, current: str, *, follows: bool
) -> None:
    if follows:
        await ben.post(f"/api/v1/accounts/{await account_id(ada, 'ada')}/follow")
    quoted = await ada.write("Mine", quote_approval_policy=policy)

    assert quoted["quote_approval"]["current_user"] == "automatic", "who wrote it may always"
    seen = (await ben.get(f"/api/v1/statuses/{quoted['id']}"))["quote_approval"]
    assert seen == {
        "automatic": [] if policy == "nobody" else [policy], "manual": [], "current_user": current,
    }  # fmt: skip
    answer = await ben.ask(
        "POST", "/api/v1/statuses", json={"status": "Look", "quoted_status_id": quoted["id"]}
    )
    assert (answer.status_code == 200) == (current == "automatic")


async def test_a_persons_default_is_the_policy_of_what_they_write(ada: Client) -> None:
    me = await ada.ask(
        "PATCH", "/api/v1/accounts/update_credentials", json={"source": {"quote_policy": "followers"}}
    )
    assert me.json()["source"]["quote_policy"] == "followers"
    assert (await ada.get("/api/v1/preferences"))["posting:default:quote_policy"] == "followers"
    assert (await ada.write("Mine"))["quote_approval"]["automatic"] == ["followers"]
    assert (await ada.write("Hers", quote_approval_policy="public"))["quote_approval"]["automatic"] == [
        "public"
    ]
    wrong = {"source": {"quote_policy": "everybody"}}
    refused = await ada.ask("PATCH", "/api/v1/accounts/update_credentials", json=wrong)
    assert refused.status_code == 422


async def test_a_policy_changes_alone_and_by_an_edit(ada: Client, ben: Client) -> None:
    made = await ada.write("Mine")
    path = f"/api/v1/statuses/{made['id']}"

    changed = (
        await ada.ask("PUT", f"{path}/interaction_policy", json={"quote_approval_policy": "nobody"})
    ).json()
    assert (changed["quote_approval"]["automatic"], changed["edited_at"]) == ([], None)
    edit = {"status": "Mine!", "quote_approval_policy": "followers"}
    assert (await ada.ask("PUT", path, json=edit)).json()["quote_approval"]["automatic"] == ["followers"]
    assert (await ada.ask("PUT", path, json={"status": "Yes"})).json()["quote_approval"]["automatic"] == [
        "followers"
    ]
    for said, status in (({"quote_approval_policy": "public"}, 403), ({"quote_approval_policy": "all"}, 422)):
        assert (await ben.refused("PUT", f"{path}/interaction_policy", json=said))[0] == status


@pytest.mark.parametrize(
    ("quoted", "quoting", "refused"),
    [
        ({"visibility": "direct"}, {}, 404),
        ({"visibility": "private"}, {}, 422),
        ({"visibility": "private"}, {"visibility": "private"}, None),
    ],
)
async def test_what_is_not_for_everybody_is_quoted_for_nobody_else(
    ada: Client, ben: Client, quoted: dict[str, Any], quoting: dict[str, Any], refused: int | None
) -> None:
    await ben.post(f"/api/v1/accounts/{await account_id(ada, 'ada')}/follow")
    mine = await ada.write("Between us, @ben", **quoted)
    said = {"status": "Look", "quoted_status_id": mine["id"]}

    assert (await ben.refused("POST", "/api/v1/statuses", json=said)) == DENIED
    answer = await ada.ask("POST", "/api/v1/statuses", json=said | quoting)
    assert answer.status_code == (refused or 200), answer.text


async def test_a_quote_shows_nobody_what_they_may_not_open(ada: Client, ben: Client, cai: Client) -> None:
    for reader in (ben, cai):
        await reader.post(f"/api/v1/accounts/{await account_id(ada, 'ada')}/follow")
    quoted = await ada.write("Sandbags work", visibility="private")
    made = await ada.write("As I said", visibility="private", quoted_status_id=quoted["id"])
    assert await state_of(ben, made["id"]) == ("accepted", quoted["id"])
    await ada.post(f"/api/v1/accounts/{await account_id(ada, 'cai')}/remove_from_followers")
    assert (await cai.refused("GET", f"/api/v1/statuses/{made['id']}"))[0] == 404

    # A direct post has other readers than what it quotes.
    told = await ada.write("@cai see", visibility="direct", quoted_status_id=quoted["id"])
    assert await state_of(cai, told["id"]) == ("unauthorized", None)
    assert "Sandbags" not in str(await cai.get(f"/api/v1/statuses/{told['id']}"))


async def test_whom_a_direct_post_does_not_name_it_does_not_quote(ada: Client, ben: Client) -> None:
    quoted = await ada.write("Sandbags work")
    said = {"status": "@cai she is wrong", "visibility": "direct", "quoted_status_id": quoted["id"]}
    assert (await ben.refused("POST", "/api/v1/statuses", json=said))[0] == 422
    assert (await ben.write("@ada wrong?", visibility="direct", quoted_status_id=quoted["id"]))["quote"]


async def test_consent_is_taken_back_once_and_for_good(ada: Client, ben: Client) -> None:
    quoted = await ada.write("Sandbags work")
    made = await ben.write("Look", quoted_status_id=quoted["id"])
    path = f"/api/v1/statuses/{quoted['id']}/quotes/{made['id']}/revoke"

    assert (await ben.refused("POST", path))[0] == 403
    assert (await ada.post(path))["quote"] == {"state": "revoked", "quoted_status": None}
    assert (await ada.post(path))["quote"]["state"] == "revoked"
    assert (
        await ben.ask("PUT", f"/api/v1/statuses/{made['id']}", json={"status": "Look!"})
    ).status_code == 200
    assert await state_of(ben, made["id"]) == ("revoked", None)
    assert await ada.get(f"/api/v1/statuses/{quoted['id']}/quotes") == []
    other = await ben.write("Nothing")
    assert (await ada.refused("POST", path.replace(made["id"], other["id"])))[0] == 404


async def test_an_edit_keeps_the_quote_and_a_deletion_ends_it(ada: Client, ben: Client) -> None:
    quoted = await ada.write("Sandbags work")
    made = await ben.write("Look", quoted_status_id=quoted["id"])
    edited = (await ben.ask("PUT", f"/api/v1/statuses/{made['id']}", json={"status": "Look!"})).json()
    assert edited["quote"]["quoted_status"]["id"] == quoted["id"]
    assert edited["content"].count("RE:") == 1
    await ada.ask("DELETE", f"/api/v1/statuses/{quoted['id']}")
    assert await state_of(ben, made["id"]) == ("deleted", None)


async def test_a_scheduled_status_quotes_in_its_time(ada: Client, ben: Client) -> None:
    quoted = await ada.write("Sandbags work")
    later = {"scheduled_at": "2026-03-03T12:00:00Z", "quoted_status_id": quoted["id"]}
    waits = await ben.write("Look", **later, quote_approval_policy="nobody")
    assert waits["params"]["quoted_status_id"] == quoted["id"]
    assert waits["params"]["quote_approval_policy"] == "nobody"
    await ada.ask(
        "PUT", f"/api/v1/statuses/{quoted['id']}/interaction_policy", json={"quote_approval_policy": "nobody"}
    )
    assert await ben.refused("POST", "/api/v1/statuses", json={"status": "Look"} | later) == DENIED
