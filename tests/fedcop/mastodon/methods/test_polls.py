"""Polls, as clients ask them and vote."""

from datetime import timedelta
from typing import Any

import pytest

from fedcop.clock import SetClock
from fedcop.node import Node
from fedcop.workers import due
from tests.fedcop.mastodon.conftest import Client
from tests.fedcop.mastodon.methods.test_media import picture
from tests.support.described import faults


def asked(*options: str, seconds: int = 3600, **more: Any) -> dict[str, Any]:
    return {"options": list(options or ("Tea", "Coffee", "Water")), "expires_in": seconds} | more


async def poll_of(client: Client, **more: Any) -> dict[str, Any]:
    shown: dict[str, Any] = (await client.write("What shall we drink?", poll=asked(**more)))["poll"]
    return shown


async def voted(client: Client, poll_id: str, *choices: int) -> Any:
    return await client.post(f"/api/v1/polls/{poll_id}/votes", choices=list(choices))


def counts(poll: dict[str, Any]) -> list[int | None]:
    return [option["votes_count"] for option in poll["options"]]


async def test_a_poll_is_asked_in_a_status_and_shown_in_it(ada: Client) -> None:
    status = await ada.write("What shall we drink?", poll=asked(multiple=True))
    shown = await ada.get(f"/api/v1/statuses/{status['id']}")
    assert shown["poll"] == status["poll"] | {"id": status["id"]}
    assert [option["title"] for option in shown["poll"]["options"]] == ["Tea", "Coffee", "Water"]
    assert shown["poll"]["expires_at"] == "2026-03-02T14:00:01.000Z"
    assert (shown["poll"]["expired"], shown["poll"]["multiple"]) == (False, True)
    assert faults("Status", shown) == []
    assert faults("Poll", shown["poll"]) == []


async def test_a_poll_reads_in_every_spelling_of_a_form(ada: Client) -> None:
    form = {"status": "x", "poll[options][]": ["a", "b"], "poll[expires_in]": "300", "poll[multiple]": "true"}
    shown = (await ada.ask("POST", "/api/v1/statuses", data=form)).json()["poll"]
    assert ([option["title"] for option in shown["options"]], shown["multiple"]) == (["a", "b"], True)


async def test_a_vote_counts_once(ada: Client, ben: Client) -> None:
    poll = await poll_of(ada)
    after = await voted(ben, poll["id"], 1)
    assert (counts(after), after["votes_count"], after["voters_count"]) == ([0, 1, 0], 1, 1)
    assert (after["voted"], after["own_votes"]) == (True, [1])
    refused = await ben.refused("POST", f"/api/v1/polls/{poll['id']}/votes", json={"choices": [1]})
    assert refused == (422, "Validation failed: You have already voted on this poll")
    again = await ben.refused("POST", f"/api/v1/polls/{poll['id']}/votes", json={"choices": [2]})
    assert again == refused
    assert counts(await ben.get(f"/api/v1/polls/{poll['id']}")) == [0, 1, 0]


async def test_several_choices_count_where_they_may(ada: Client, ben: Client, cai: Client) -> None:
    several = await poll_of(ada, multiple=True)
    after = await voted(ben, several["id"], 0, 2)
    assert (counts(after), after["voters_count"], after["own_votes"]) == ([1, 0, 1], 1, [0, 2])
    # Another choice may come later, the same not again.
    after = await voted(ben, several["id"], 1)
    assert (counts(after), after["voters_count"]) == ([1, 1, 1], 1)
    single = await poll_of(ada)
    refused = await cai.refused("POST", f"/api/v1/polls/{single['id']}/votes", json={"choices": [0, 1]})
    assert refused == (422, "Validation failed: You have already voted on this poll")
    assert counts(await cai.get(f"/api/v1/polls/{single['id']}")) == [0, 0, 0]


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ([3], "Validation failed: The chosen vote option does not exist"),
        ([-1], "Validation failed: The chosen vote option does not exist"),
        ([], "Validation failed: Choices can't be blank"),
    ],
)
async def test_a_choice_that_is_none_is_refused(
    ada: Client, ben: Client, choices: list[int], words: str
) -> None:
    poll = await poll_of(ada)
    path = f"/api/v1/polls/{poll['id']}/votes"
    assert await ben.refused("POST", path, json={"choices": choices}) == (422, words)


async def test_nobody_votes_in_their_own_poll(ada: Client) -> None:
    poll = await poll_of(ada)
    assert poll["voted"] is True
    refused = await ada.refused("POST", f"/api/v1/polls/{poll['id']}/votes", json={"choices": [0]})
    assert refused == (422, "Validation failed: You cannot vote in your own polls")


async def test_after_its_end_no_vote_counts(ada: Client, ben: Client, clock: SetClock) -> None:
    poll = await poll_of(ada, seconds=300)
    clock.move(timedelta(seconds=300))
    refused = await ben.refused("POST", f"/api/v1/polls/{poll['id']}/votes", json={"choices": [0]})
    assert refused == (422, "Validation failed: The poll has already ended")
    assert (await ben.get(f"/api/v1/polls/{poll['id']}"))["expired"] is True


async def test_hidden_totals_are_shown_at_the_end(ada: Client, ben: Client, clock: SetClock) -> None:
    poll = await poll_of(ada, seconds=300, hide_totals=True)
    await voted(ben, poll["id"], 0)
    shown = await ben.get(f"/api/v1/polls/{poll['id']}")
    assert (counts(shown), shown["own_votes"]) == ([None, None, None], [0])
    clock.move(timedelta(seconds=300))
    assert counts(await ben.get(f"/api/v1/polls/{poll['id']}")) == [1, 0, 0]


async def test_at_the_end_who_asked_and_who_voted_are_told_once(
    node: Node, ada: Client, ben: Client, cai: Client, clock: SetClock
) -> None:
    poll = await poll_of(ada, seconds=300)
    await voted(ben, poll["id"], 0)
    await due.work(node)
    assert await ben.get("/api/v1/notifications") == []
    clock.move(timedelta(seconds=300))
    await due.work(node)
    await due.work(node)
    for client in (ada, ben):
        (told,) = await client.get("/api/v1/notifications")
        assert (told["type"], told["account"]["username"]) == ("poll", "ada")
        assert told["status"]["poll"]["expired"] is True
    assert await cai.get("/api/v1/notifications") == []


@pytest.mark.parametrize(
    ("poll", "words"),
    [
        (asked("Tea"), "Choices must have more than one item"),
        (asked("1", "2", "3", "4", "5"), "Choices can't contain more than 4 items"),
        (asked("x" * 51, "y"), "Choices cannot be longer than 50 characters each"),
        (asked("Tea", "Tea"), "Choices contain duplicate items"),
        (asked(seconds=299), "Deadline is too soon"),
        (asked(seconds=2_629_747), "Deadline is too far into the future"),
    ],
)
async def test_a_poll_that_cannot_be_is_refused(ada: Client, poll: dict[str, Any], words: str) -> None:
    refused = await ada.refused("POST", "/api/v1/statuses", json={"status": "x", "poll": poll})
    assert refused == (422, f"Validation failed: {words}")


async def test_the_limits_are_those_that_clients_are_told(ada: Client) -> None:
    limits = (await ada.get("/api/v2/instance"))["configuration"]["polls"]
    most = [str(number).zfill(limits["max_characters_per_option"]) for number in range(limits["max_options"])]
    for seconds in (limits["min_expiration"], limits["max_expiration"]):
        status = await ada.write("x", poll=asked(*most, seconds=seconds))
        assert len(status["poll"]["options"]) == limits["max_options"]


async def test_a_poll_is_there_for_those_only_who_see_its_status(
    ada: Client, ben: Client, stranger: Client
) -> None:
    status = await ada.write("Between us", visibility="private", poll=asked())
    poll_id = status["id"]
    assert await ben.refused("GET", f"/api/v1/polls/{poll_id}") == (404, "Record not found")
    refused = await ben.refused("POST", f"/api/v1/polls/{poll_id}/votes", json={"choices": [0]})
    assert refused[0] == 404
    assert (await stranger.refused("GET", f"/api/v1/polls/{poll_id}"))[0] == 401
    other = await ada.write("No poll")
    assert await ben.refused("GET", f"/api/v1/polls/{other['id']}") == (404, "Record not found")


async def test_an_edit_keeps_the_votes_while_it_asks_the_same(ada: Client, ben: Client) -> None:
    status = await ada.write("What shall we drink?", poll=asked())
    path = f"/api/v1/statuses/{status['id']}"
    await voted(ben, status["id"], 0)
    kept = (await ada.ask("PUT", path, json={"status": "What do we drink?"})).json()
    assert (counts(kept["poll"]), kept["content"]) == ([1, 0, 0], "<p>What do we drink?</p>")
    longer = (await ada.ask("PUT", path, json={"status": "x", "poll": asked(seconds=7200)})).json()
    assert counts(longer["poll"]) == [1, 0, 0]
    assert longer["poll"]["expires_at"] > kept["poll"]["expires_at"]
    other = (await ada.ask("PUT", path, json={"status": "x", "poll": asked("Tea", "Milk")})).json()
    assert (counts(other["poll"]), other["poll"]["votes_count"]) == ([0, 0], 0)
    assert (await voted(ben, status["id"], 1))["own_votes"] == [1]


async def test_a_status_that_asked_nothing_gets_no_poll_by_an_edit(ada: Client) -> None:
    status = await ada.write("Plain")
    refused = await ada.refused(
        "PUT", f"/api/v1/statuses/{status['id']}", json={"status": "x", "poll": asked()}
    )
    assert refused[0] == 422


async def test_in_a_community_a_poll_is_a_thread_whose_title_stands_once(ada: Client) -> None:
    status = await ada.write("@floods Which depot?\n\nBoth have sandbags.", poll=asked("North", "South"))
    assert status["content"].count("Which depot?") == 1
    assert len(status["poll"]["options"]) == 2


async def test_a_deleted_status_takes_its_poll_along(ada: Client, ben: Client) -> None:
    poll = await poll_of(ada)
    gone = (await ada.ask("DELETE", f"/api/v1/statuses/{poll['id']}")).json()
    assert gone["poll"]["id"] == poll["id"]
    assert await ben.refused("GET", f"/api/v1/polls/{poll['id']}") == (404, "Record not found")


async def test_own_votes_come_in_the_order_of_voting(ada: Client, ben: Client) -> None:
    poll = await poll_of(ada, multiple=True)
    await voted(ben, poll["id"], 2)
    assert (await voted(ben, poll["id"], 0))["own_votes"] == [2, 0]


async def test_a_poll_may_have_pictures(ada: Client) -> None:
    held = (await ada.ask("POST", "/api/v2/media", files=picture())).json()
    made = await ada.write("Which of these?", poll=asked(), media_ids=[held["id"]])
    assert [file["id"] for file in made["media_attachments"]] == [held["id"]]
    assert made["poll"] is not None
