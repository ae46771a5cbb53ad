"""Polls, events and quotes of other nodes: as they come, as they change, and as clients see them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from fedcop import fetch
from fedcop.actions import vote
from fedcop.mastodon.auth import Caller
from fedcop.mastodon.entities import status as entities
from fedcop.mastodon.entities.place import place_at
from fedcop.workers import due
from storage import blocks, notifications, polls, posts, views, visible
from storage.pages import Page
from storage.polls import Poll
from storage.posts import Post
from storage.visible import SYSTEM, Viewer
from tests.fedcop.receive.conftest import Scene, act, create, note
from tests.support.speak import Peer

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def question(peer: Peer, *votes: int, titles: str = "AB", **more: Any) -> dict[str, Any]:
    options = [
        {"type": "Note", "name": title, "replies": {"type": "Collection", "totalItems": count}}
        for title, count in zip(titles, votes, strict=True)
    ]
    asked = {
        "type": "Question",
        "oneOf": options,
        "endTime": "2026-03-02T13:00:00Z",
        "votersCount": sum(votes),
    }
    return note(peer, 1, "Which?", **asked) | more


async def held(scene: Scene, number: int = 1) -> Post:
    found = await scene.kent.post(f"{scene.surrey.base}/notes/{number}")
    assert found is not None
    return found


async def poll_of(scene: Scene) -> Poll:
    found = await scene.kent.node.store.read(polls.find, SYSTEM, (await held(scene)).id)
    assert found is not None
    return found


async def counts(scene: Scene) -> list[int]:
    return [option.votes_count for option in (await poll_of(scene)).options]


async def shown(scene: Scene, post: Post, viewer: Viewer | None = None) -> Any:
    """Give a status as ada's client gets it, or that of somebody else."""
    viewer = viewer or visible.person(scene.ada.id)
    view = await scene.kent.node.store.read(views.post_view, viewer, post.id)
    assert view is not None
    at = place_at(scene.kent.node, "https://kent.example", Caller(viewer=viewer))
    return msgspec.to_builtins(entities.status(view, at))


async def follow(scene: Scene) -> None:
    """Let ada follow sam, so that what sam writes concerns somebody here."""
    sam = await fetch.actor(scene.kent.node, scene.surrey.uri("sam"))
    await scene.kent.follow(scene.ada, sam)
    await scene.network.settle()
    (asked,) = scene.surrey.sent("Follow")
    answer = {"id": f"{scene.surrey.base}/accept", "type": "Accept", "actor": sam.uri, "object": asked}
    await scene.arrives(scene.surrey, answer)


async def asked(scene: Scene, **more: Any) -> None:
    await follow(scene)
    await scene.arrives(scene.surrey, create(question(scene.surrey, 1, 2, **more)))


async def test_counts_change_without_an_edit(scene: Scene) -> None:
    await asked(scene)
    await scene.arrives(scene.surrey, act(scene.surrey, "Update", 1, question(scene.surrey, 5, 7)))
    assert await counts(scene) == [5, 7]
    post = await held(scene)
    assert post.edited_at is None
    assert len(await scene.kent.node.store.read(posts.revisions, SYSTEM, post.id)) == 1


async def test_choices_change_with_an_edit_only(scene: Scene) -> None:
    await asked(scene)
    other = question(scene.surrey, 9, 9, titles="XY")
    await scene.arrives(scene.surrey, act(scene.surrey, "Update", 1, other))
    assert await counts(scene) == [1, 2]
    edited = other | {"updated": "2026-03-02T11:30:00Z"}
    await scene.arrives(scene.surrey, act(scene.surrey, "Update", 2, edited))
    assert [option.title for option in (await poll_of(scene)).options] == ["X", "Y"]
    assert (await held(scene)).edited_at is not None


async def test_nobody_else_counts(scene: Scene) -> None:
    await asked(scene)
    update = act(scene.surrey, "Update", 1, question(scene.surrey, 9, 9), by="bea")
    await scene.arrives(scene.surrey, update)
    assert await counts(scene) == [1, 2]


async def test_counts_in_a_community_of_ours_are_passed_on(scene: Scene) -> None:
    await scene.join(scene.lemmy, "cal")
    in_community = question(scene.surrey, 1, 2, cc=[scene.makers.uri])
    await scene.arrives(scene.surrey, create(in_community))
    later = question(scene.surrey, 3, 2, cc=[scene.makers.uri])
    await scene.arrives(scene.surrey, act(scene.surrey, "Update", 1, later))
    assert [one["object"]["type"] for one in scene.lemmy.sent("Announce")] == ["Create", "Update"]


async def test_a_vote_goes_to_who_asked_and_to_nobody_else(scene: Scene) -> None:
    await asked(scene)
    scene.surrey.received.clear()
    await vote.vote(scene.kent.node, scene.ada, (await held(scene)).id, [1])
    await scene.network.settle()
    (sent,) = scene.surrey.received
    said = sent["object"]
    assert (said["type"], said["name"], said["inReplyTo"]) == ("Note", "B", f"{scene.surrey.base}/notes/1")
    assert (sent["to"], sent["cc"]) == ([scene.surrey.uri("sam")], [])
    assert "proof" not in sent
    assert "content" not in said
    assert scene.network.router.take()[-1] == f"POST {scene.surrey.uri('sam')}/inbox"
    assert await counts(scene) == [1, 3]


async def test_whoever_looks_gets_the_counts_of_its_node_once_a_minute(scene: Scene) -> None:
    await asked(scene)
    scene.surrey.put("/notes/1", question(scene.surrey, 8, 8))
    scene.network.router.take()
    await vote.refresh(scene.kent.node, await poll_of(scene))
    assert scene.network.fetches() == []
    scene.network.clock.move(timedelta(minutes=1))
    await vote.refresh(scene.kent.node, await poll_of(scene))
    await vote.refresh(scene.kent.node, await poll_of(scene))
    assert [line for line in scene.network.fetches() if "/notes/" in line] == [
        "GET https://surrey.example/notes/1"
    ]
    assert await counts(scene) == [8, 8]


async def test_a_node_that_is_down_keeps_nobody_from_looking(scene: Scene) -> None:
    await asked(scene)
    scene.surrey.status["/notes/1"] = 503
    scene.network.clock.move(timedelta(minutes=1))
    await vote.refresh(scene.kent.node, await poll_of(scene))
    assert await counts(scene) == [1, 2]


async def test_who_voted_here_is_told_that_a_poll_elsewhere_ended(scene: Scene) -> None:
    await asked(scene)
    await vote.vote(scene.kent.node, scene.ada, (await held(scene)).id, [0])
    scene.surrey.put("/notes/1", question(scene.surrey, 4, 4))
    scene.network.clock.move(timedelta(hours=1, minutes=1))
    await due.work(scene.kent.node)
    assert await counts(scene) == [4, 4]
    told = await scene.kent.node.store.read(
        notifications.page, visible.person(scene.ada.id), scene.ada.id, Page(), types=("poll",)
    )
    assert [one.post_id for one in told] == [(await held(scene)).id]
    assert (await scene.kent.node.store.read(polls.due, NOON + timedelta(days=9), 10)) == []


MEETING = {
    "type": "Event",
    "name": "Flood drill",
    "startTime": "2026-06-04T14:00:00+01:00",
    "timezone": "Europe/London",
    "location": {"type": "Place", "name": "Depot", "address": "2 Mill Lane"},
    "url": "https://surrey.example/drill",
}


async def test_an_event_is_shown_with_title_when_where_and_link(scene: Scene) -> None:
    await follow(scene)
    await scene.arrives(scene.surrey, create(note(scene.surrey, 1, "Bring boots.", **MEETING)))
    content = (await shown(scene, await held(scene)))["content"]
    for words in (
        "<p><strong>Flood drill</strong></p>",
        "When: Thursday 4 June 2026, 14:00 (Europe/London)",
        "Where: Depot, 2 Mill Lane",
        "<p>Bring boots.</p>",
        'href="https://surrey.example/drill"',
    ):
        assert words in content


async def test_an_event_that_is_called_off_says_so(scene: Scene) -> None:
    await follow(scene)
    meeting = note(scene.surrey, 1, "Bring boots.", **MEETING)
    await scene.arrives(scene.surrey, create(meeting))
    off = meeting | {"ical:status": "CANCELLED", "updated": "2026-03-02T11:30:00Z"}
    await scene.arrives(scene.surrey, act(scene.surrey, "Update", 1, off))
    assert "<strong>Cancelled</strong>" in (await shown(scene, await held(scene)))["content"]
    await scene.arrives(scene.surrey, act(scene.surrey, "Delete", 2, meeting["id"]))
    assert (await held(scene)).removed_at is not None


async def quoting(scene: Scene, quoted: str, **more: Any) -> Post:
    """Let sam quote a post, and give what is held of that."""
    await follow(scene)
    await scene.arrives(scene.surrey, create(note(scene.surrey, 9, "See this", **{"quote": quoted} | more)))
    return await held(scene, 9)


def authorized(scene: Scene, quoted: str, by: str) -> str:
    stamp = f"{scene.lemmy.base}/stamps/1"
    said = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": stamp,
        "type": "QuoteAuthorization",
        "attributedTo": by,
        "interactingObject": f"{scene.surrey.base}/notes/9",
        "interactionTarget": quoted,
    }
    scene.lemmy.put("/stamps/1", said)
    return stamp


def original(scene: Scene, **more: Any) -> str:
    """Let cal have written something on a third server; give its id."""
    cal = scene.lemmy.uri("cal")
    document = note(scene.lemmy, 5, "The original", attributedTo=cal) | more
    scene.lemmy.put("/notes/5", {"@context": "https://www.w3.org/ns/activitystreams"} | document)
    return str(document["id"])


async def test_an_authorized_quote_is_fetched_and_shown(scene: Scene) -> None:
    quoted = original(scene)
    stamp = authorized(scene, quoted, scene.lemmy.uri("cal"))
    status = await shown(scene, await quoting(scene, quoted, quoteAuthorization=stamp))
    assert status["quote"]["state"] == "accepted"
    assert status["quote"]["quoted_status"]["content"] == "<p>The original</p>"
    assert "quote" not in status["quote"]["quoted_status"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"attributedTo": "https://lemmy.example/users/eve"},
        {"interactingObject": "https://surrey.example/notes/8"},
        {"interactionTarget": "https://lemmy.example/notes/6"},
        {"type": "Note"},
    ],
)
async def test_a_word_that_is_not_of_whom_it_quotes_is_none(scene: Scene, wrong: dict[str, Any]) -> None:
    quoted = original(scene)
    stamp = authorized(scene, quoted, scene.lemmy.uri("cal"))
    scene.lemmy.documents["/stamps/1"] |= wrong
    status = await shown(scene, await quoting(scene, quoted, quoteAuthorization=stamp))
    assert status["quote"] == {"state": "pending", "quoted_status": None}


async def test_a_word_at_another_origin_is_not_asked_for(scene: Scene) -> None:
    quoted = original(scene)
    scene.network.router.take()
    stamp = f"{scene.surrey.base}/stamps/1"
    status = await shown(scene, await quoting(scene, quoted, quoteAuthorization=stamp))
    assert status["quote"]["state"] == "pending"
    assert [line for line in scene.network.fetches() if "stamps" in line] == []


async def test_a_word_that_comes_later_is_no_edit(scene: Scene) -> None:
    quoted = original(scene)
    post = await quoting(scene, quoted)
    assert (await shown(scene, post))["quote"]["state"] == "pending"
    stamp = authorized(scene, quoted, scene.lemmy.uri("cal"))
    later = note(scene.surrey, 9, "See this", quote=quoted, quoteAuthorization=stamp)
    await scene.arrives(scene.surrey, act(scene.surrey, "Update", 1, later))
    status = await shown(scene, post)
    assert (status["quote"]["state"], status["edited_at"]) == ("accepted", None)


async def test_a_word_that_is_taken_back_hides_the_quote(scene: Scene) -> None:
    quoted = original(scene)
    stamp = authorized(scene, quoted, scene.lemmy.uri("cal"))
    post = await quoting(scene, quoted, quoteAuthorization=stamp)
    await scene.arrives(scene.lemmy, act(scene.lemmy, "Delete", 1, stamp, by="cal"))
    assert (await shown(scene, post))["quote"] == {"state": "revoked", "quoted_status": None}


async def test_one_may_quote_oneself(scene: Scene) -> None:
    await follow(scene)
    await scene.arrives(scene.surrey, create(note(scene.surrey, 5, "The original")))
    own = f"{scene.surrey.base}/notes/5"
    await scene.arrives(scene.surrey, create(note(scene.surrey, 9, "See this", quote=own)))
    assert (await shown(scene, await held(scene, 9)))["quote"]["state"] == "accepted"


async def test_a_quoted_post_that_was_deleted_is_gone(scene: Scene) -> None:
    await follow(scene)
    await scene.arrives(scene.surrey, create(note(scene.surrey, 5, "The original")))
    own = f"{scene.surrey.base}/notes/5"
    await scene.arrives(scene.surrey, create(note(scene.surrey, 9, "See this", quote=own)))
    await scene.arrives(scene.surrey, act(scene.surrey, "Delete", 1, own))
    assert (await shown(scene, await held(scene, 9)))["quote"] == {"state": "deleted", "quoted_status": None}


async def test_nobody_sees_by_a_quote_what_they_may_not_see(scene: Scene) -> None:
    secret = await scene.kent.publish(scene.fin, "Between us", audience="followers")
    post = await quoting(scene, await scene.kent.uri_of(secret))
    status = await shown(scene, post)
    assert status["quote"] == {"state": "pending", "quoted_status": None}
    assert "Between us" not in str(status)


async def test_whom_one_blocked_is_said_to_be(scene: Scene) -> None:
    quoted = await scene.kent.uri_of(await scene.kent.publish(scene.fin, "Quote me"))
    post = await quoting(scene, quoted)
    assert (await shown(scene, post))["quote"]["state"] == "accepted"
    await scene.kent.node.store.write(blocks.block, 77, scene.ada.id, scene.fin.id, None)
    assert (await shown(scene, post))["quote"]["state"] == "blocked_account"


async def test_a_quote_without_consent_stays_a_link(scene: Scene) -> None:
    quoted = original(scene)
    await follow(scene)
    await scene.arrives(scene.surrey, create(note(scene.surrey, 9, "See this", quoteUrl=quoted)))
    status = await shown(scene, await held(scene, 9))
    assert "quote" not in status
    assert f'<p class="quote-inline">RE: <a href="{quoted}"' in status["content"]


async def test_quotes_of_quotes_are_not_followed(scene: Scene) -> None:
    further = note(scene.lemmy, 6, "Further", attributedTo=scene.lemmy.uri("cal"))
    scene.lemmy.put("/notes/6", {"@context": "https://www.w3.org/ns/activitystreams"} | further)
    quoted = original(scene, quote=further["id"])
    scene.network.router.take()
    await quoting(scene, quoted)
    assert [line for line in scene.network.fetches() if "/notes/" in line] == [
        "GET https://lemmy.example/notes/5"
    ]


@pytest.mark.parametrize("quoted", ["https://nowhere.example/notes/1", "https://lemmy.example/notes/404"])
async def test_a_quoted_post_that_cannot_be_had_holds_nothing_up(scene: Scene, quoted: str) -> None:
    status = await shown(scene, await quoting(scene, quoted))
    assert status["quote"] == {"state": "pending", "quoted_status": None}


@pytest.mark.parametrize("kind", ["Note", "Question"])
async def test_a_first_line_that_is_the_title_stands_once(scene: Scene, kind: str) -> None:
    begun = note(scene.surrey, 1, "Which glue?", type=kind, cc=[scene.makers.uri])
    await scene.arrives(scene.surrey, create(begun))
    post = await held(scene)
    assert post.title == "Which glue?"
    assert (await shown(scene, post))["content"] == "<p>Which glue?</p>"
