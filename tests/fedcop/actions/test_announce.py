"""A community passes on what is done in it: to each kind of peer in the form that it reads."""

import msgspec
import pytest

from activitypub.errors import LocalFault
from fedcop.actions import announce
from storage import activities, entries
from storage.actors import Actor
from storage.ids import PostId
from tests.fedcop.actions.scene import Scene

RAW = b'{"id": "https://lemmy.example/activities/1", "type": "Create",  "x": [1, 2]}'
URI = "https://lemmy.example/activities/1"


async def members(scene: Scene, roads: Actor) -> None:
    """Let a member of each kind of peer join."""
    for host, kind in (
        ("lemmy.example", "group"),
        ("mastodon.example", "plain"),
        ("devon.example", "unknown"),
    ):
        await scene.joined(await scene.remote("dee", host, kind=kind), roads)


async def passed(scene: Scene, roads: Actor, kind: str = "Create", **more: object) -> announce.Passed:
    author = await scene.remote("eve", "lemmy.example")
    post = await scene.theirs(author, community_id=roads.id)
    given = {"object_uri": post.uri, "post_id": post.id} | more
    prepared = announce.prepare(scene.node, roads, uri=URI, kind=kind, actor_id=author.id, body=RAW, **given)
    await scene.node.store.write(announce.add, scene.node, prepared)
    return prepared


async def test_a_new_thread_goes_to_each_kind_of_peer_in_its_form(scene: Scene, roads: Actor) -> None:
    await members(scene, roads)
    await passed(scene, roads, begins_thread=True)

    assert await scene.forms() == [
        ("https://devon.example/inbox", "Announce"),
        ("https://devon.example/inbox", "Announce Create"),
        ("https://lemmy.example/inbox", "Announce Create"),
        ("https://mastodon.example/inbox", "Announce"),
    ]


async def test_all_else_goes_whole_and_not_to_plain_peers(scene: Scene, roads: Actor) -> None:
    await members(scene, roads)
    await passed(scene, roads)

    assert await scene.forms() == [
        ("https://devon.example/inbox", "Announce Create"),
        ("https://lemmy.example/inbox", "Announce Create"),
    ]


async def test_the_bytes_inside_are_the_ones_that_came(scene: Scene, roads: Actor) -> None:
    await members(scene, roads)
    await passed(scene, roads)

    assert all(RAW in sent.body for sent in await scene.sent())


async def test_a_new_thread_is_an_entry_of_the_community_and_a_reply_is_none(
    scene: Scene, roads: Actor
) -> None:
    thread = await passed(scene, roads, begins_thread=True)
    entry = await scene.node.store.read(entries.find, roads.id, PostId(thread.kept.post_id or 0))

    assert entry is not None
    assert (entry.kind, entry.uri) == ("announce", thread.kept.plain_by)


async def test_what_is_no_thread_is_no_entry(scene: Scene, roads: Actor) -> None:
    reply = await passed(scene, roads)

    assert await scene.node.store.read(entries.find, roads.id, PostId(reply.kept.post_id or 0)) is None


async def test_what_was_passed_on_is_kept_with_the_ids_that_an_undo_needs(scene: Scene, roads: Actor) -> None:
    thread = await passed(scene, roads, begins_thread=True)
    kept = await scene.node.store.read(activities.find, URI)

    assert kept is not None
    assert (kept.body, kept.community_id) == (RAW, roads.id)
    assert kept.wrapped_by == thread.wrapped.body.uri
    found = await scene.node.store.read(announce.plain_of, roads.id, PostId(thread.kept.post_id or 0))
    assert found == kept.plain_by is not None


async def test_another_communitys_announce_is_not_ours_to_undo(
    scene: Scene, roads: Actor, bids: Actor
) -> None:
    thread = await passed(scene, roads, begins_thread=True)

    assert await scene.node.store.read(announce.plain_of, bids.id, PostId(thread.kept.post_id or 0)) is None


async def test_a_removal_takes_back_what_plain_peers_were_told(scene: Scene, roads: Actor) -> None:
    await members(scene, roads)
    undone = "https://kent.example/activities/9"
    prepared = await passed(scene, roads, "Delete", undoes=undone)

    sent = await scene.sent()
    assert sorted((one.inbox, one.form) for one in sent) == [
        ("https://devon.example/inbox", "Announce Create"),
        ("https://devon.example/inbox", "Undo Announce"),
        ("https://lemmy.example/inbox", "Announce Create"),
        ("https://mastodon.example/inbox", "Undo Announce"),
    ]
    undo = next(one.document for one in sent if one.document["type"] == "Undo")
    assert undo["object"]["id"] == undone
    assert undo["object"]["object"] == prepared.kept.object_uri


@pytest.mark.parametrize("kind", ["Announce", "Follow", "Flag", "Accept"])
async def test_some_things_are_never_passed_on(scene: Scene, roads: Actor, kind: str) -> None:
    with pytest.raises(LocalFault, match=kind):
        await passed(scene, roads, kind)


async def test_a_host_that_is_not_allowed_gets_nothing(scene: Scene, roads: Actor) -> None:
    await scene.joined(await scene.remote("mal", "denied.example"), roads)
    await passed(scene, roads)

    assert await scene.sent() == []


async def test_hosts_that_get_a_post_of_ours_hold_a_copy(scene: Scene, roads: Actor) -> None:
    await members(scene, roads)
    prepared = await passed(scene, roads, copy_of="https://kent.example/posts/1")

    hosts = await scene.rows(
        "SELECT host FROM copies WHERE object_uri = :uri ORDER BY 1", uri=prepared.wrapped.copy_of
    )
    assert hosts == ["devon.example", "lemmy.example"]
    assert msgspec.json.decode(prepared.wrapped.body.body)["actor"] == roads.uri
