"""A hold keeps a person, a community or a thread from every deletion until it is lifted."""

import io
import json
from datetime import timedelta

import pytest

from fedcop.actions import access, allowlist, erasure, hold, leave, moderate, own_post
from fedcop.errors import Invalid, NotFound, NotPermitted
from fedcop.workers import upkeep
from storage import actors, audit, holds, posts, sealed
from storage.actors import Actor
from storage.ids import PostId
from storage.posts import Post
from storage.visible import SYSTEM
from tests.fedcop.actions.scene import Scene

REASON = "Complaint 2026/17"


async def contents(scene: Scene, about: str) -> list[tuple[str, str]]:
    """Give what a hold keeps as it is exported: state and source of each post."""
    out = io.BytesIO()
    await hold.export(scene.node, await hold.named(scene.node, about), out, by="ada")
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    return [(line["state"], line.get("source", "")) for line in lines]


@pytest.mark.parametrize(
    ("about", "kind", "name"),
    [
        ("ben", "person", "@ben@kent.example"),
        ("@Ben@kent.example", "person", "@ben@kent.example"),
        ("https://kent.example/people/ben", "person", "@ben@kent.example"),
        ("@dee@devon.example", "person", "@dee@devon.example"),
        ("https://devon.example/users/dee", "person", "@dee@devon.example"),
        ("https://kent.example/people/dee@devon.example", "person", "@dee@devon.example"),
        ("https://kent.example/people/ben?lang=cy#top", "person", "@ben@kent.example"),
        ("roads", "community", "@roads@kent.example"),
        ("https://kent.example/communities/roads", "community", "@roads@kent.example"),
    ],
)
async def test_what_is_named_is_put_on_hold_and_recorded(
    scene: Scene, about: str, kind: str, name: str
) -> None:
    await scene.remote("dee", "devon.example")
    held = await hold.place(scene.node, about, reason=f"  {REASON} ", by="ada")
    assert (held.kind, held.name, held.reason, held.by_name) == (kind, name, REASON, "ada")
    (entry,) = await scene.node.store.read(audit.latest, 1)
    assert (entry.verb, entry.object, entry.by_name, entry.reason) == (
        f"hold {kind}",
        held.uri,
        "ada",
        REASON,
    )
    with pytest.raises(Invalid, match="on hold already"):
        await hold.place(scene.node, about, reason=REASON, by="ada")
    await hold.lift(scene.node, held.kind, held.target_id, reason="Closed", by="ada")
    (entry,) = await scene.node.store.read(audit.latest, 1)
    assert (entry.verb, entry.reason) == (f"lift {kind}", "Closed")
    with pytest.raises(NotFound, match="not on hold"):
        await hold.lift(scene.node, held.kind, held.target_id, reason="Closed", by="ada")


async def test_a_post_names_its_thread(scene: Scene, ada: Actor, ben: Actor, roads: Actor) -> None:
    thread = await scene.write(ada, "Grit\n\n@roads Who has grit?")
    reply = await scene.write(ben, "We have", in_reply_to=thread.id)
    held = await hold.place(scene.node, reply.uri, reason=REASON, by="ada")
    assert (held.kind, held.target_id, held.name) == ("thread", thread.id, "Grit")


async def test_the_page_of_a_post_names_its_thread_whoever_wrote_it(scene: Scene) -> None:
    _, held = await _said(scene)
    for page in (f"https://kent.example/posts/{held.id}?lang=cy", held.uri):
        found = await hold.place(scene.node, page, reason=REASON, by="ada")
        assert (found.kind, found.target_id) == ("thread", held.id)
        await hold.lift(scene.node, "thread", held.id, reason="Closed", by="ada")


@pytest.mark.parametrize(
    "about",
    [
        "",
        "nobody",
        "https://[x",
        "https://york.example/people/ben",
        "https://kent.example/posts/1",
        "@x@y@z",
        "kent.example",
    ],
)
async def test_what_is_nothing_here_is_refused(scene: Scene, about: str) -> None:
    with pytest.raises(Invalid, match="wanted a handle"):
        await hold.place(scene.node, about, reason=REASON, by="ada")


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
async def test_a_hold_and_its_end_want_a_reason(scene: Scene, ben: Actor, reason: str) -> None:
    with pytest.raises(Invalid, match="say why"):
        await hold.place(scene.node, "ben", reason=reason, by="ada")
    await hold.place(scene.node, "ben", reason=REASON, by="ada")
    with pytest.raises(Invalid, match="say why"):
        await hold.lift(scene.node, "person", ben.id, reason=reason, by="ada")


async def test_what_the_author_or_a_facilitator_deletes_is_gone_for_all_and_kept(
    scene: Scene, ada: Actor, ben: Actor, roads: Actor
) -> None:
    thread = await scene.write(ada, "Grit\n\n@roads Who has grit?")
    own, other = [await scene.write(ben, text, in_reply_to=thread.id) for text in ("We have", "Buy mine")]
    await hold.place(scene.node, thread.uri, reason=REASON, by="ada")
    await own_post.delete(scene.node, ben, own.id)
    await moderate.remove_post(scene.node, ada, other.id)
    assert [(await scene.held(one.id)).content for one in (own, other)] == ["", ""]
    assert sorted(await contents(scene, thread.uri)) == [
        ("deleted", "Buy mine"),
        ("deleted", "We have"),
        ("standing", "Grit\n\n@roads Who has grit?"),
    ]
    (entry,) = await scene.node.store.read(audit.latest, 1)
    assert (entry.verb, entry.object) == ("hold export", thread.uri)


async def test_an_erasure_waits_for_the_hold_on_a_person_and_says_so(
    scene: Scene, ada: Actor, ben: Actor
) -> None:
    written = await scene.write(ben, "Rosebud")
    held = await hold.place(scene.node, "ben", reason=REASON, by="ada")
    assert not await leave.delete_person(scene.node, "ben", by="ben")
    assert (await scene.actor(ben.id)).state == "suspended"
    assert (await erasure.report(scene.node, "ben")).state == "on hold"
    with pytest.raises(NotPermitted, match="asked to be deleted"):
        await access.unsuspend(scene.node, ada, await scene.actor(ben.id))
    scene.node.clock.move(timedelta(hours=3))  # type: ignore[attr-defined]
    await upkeep.work(scene.node)
    assert (await scene.held(written.id)).source == "Rosebud"
    await hold.lift(scene.node, "person", held.target_id, reason="Closed", by="ada")
    await upkeep.work(scene.node)
    assert (await scene.held(written.id)).source == ""
    assert (await scene.actor(ben.id)).state == "deleted"
    assert (await erasure.report(scene.node, "ben")).state == "ended"


async def test_an_erasure_keeps_sealed_what_stands_in_a_thread_on_hold(
    scene: Scene, ada: Actor, ben: Actor, roads: Actor
) -> None:
    thread = await scene.write(ada, "Grit\n\n@roads Who has grit?")
    held = await scene.write(ben, "We have", in_reply_to=thread.id)
    other = await scene.write(ben, "Rosebud")
    await hold.place(scene.node, thread.uri, reason=REASON, by="ada")
    assert await leave.delete_person(scene.node, "ben", by="ben")
    assert [(await scene.held(one.id)).content for one in (held, other)] == ["", ""]
    assert ("deleted", "We have") in await contents(scene, thread.uri)
    report = await erasure.report(scene.node, "ben")
    assert any("sealed" in line for line in report.limits)
    await hold.lift(scene.node, "thread", thread.id, reason="Closed", by="ada")
    await upkeep.work(scene.node)
    assert await scene.rows("SELECT body FROM sealed") == []


async def _said(scene: Scene) -> tuple[Actor, Post]:
    dee = await scene.remote("dee", "devon.example")
    return dee, await scene.theirs(dee, content="<p>Rosebud</p>")


async def test_what_a_node_off_the_list_said_is_not_purged_while_it_is_on_hold(scene: Scene) -> None:
    node = scene.node
    dee, held = await _said(scene)
    other = await scene.theirs(await scene.remote("eve", "devon.example"), number=2)
    await allowlist.deny(node, "devon.example", by="ada")
    await hold.place(node, dee.uri, reason=REASON, by="ada")
    node.clock.move(timedelta(days=node.config.federation.purge_after, hours=1))  # type: ignore[attr-defined]
    await upkeep.work(node)
    assert (await scene.held(held.id)).content == "<p>Rosebud</p>"
    assert await node.store.read(posts.find, SYSTEM, other.id) is None
    await hold.lift(node, "person", dee.id, reason="Closed", by="ada")
    await upkeep.work(node)
    assert await node.store.read(posts.find, SYSTEM, held.id) is None


async def test_somebody_elsewhere_who_takes_leave_is_kept_sealed(scene: Scene) -> None:
    dee, held = await _said(scene)
    await hold.place(scene.node, dee.uri, reason=REASON, by="ada")
    await leave.erase_posts(scene.node, dee.id)
    await scene.node.store.write(leave.forget_actor, dee, scene.node.clock.now())
    assert (await scene.held(held.id)).content == ""
    kept = await scene.node.store.read(sealed.deleted, "person", dee.id, after=0, limit=9)
    assert ["Rosebud" in text or '"dee"' in text for _, text in kept] == [True, True]


async def test_a_hold_on_nobodys_handle_is_none(scene: Scene) -> None:
    assert await scene.node.store.read(holds.find, "person", PostId(1)) is None
    assert await scene.node.store.read(actors.find, SYSTEM, scene.node.actor_id) is not None
    with pytest.raises(Invalid):
        await hold.place(scene.node, scene.node.uris.actor, reason=REASON, by="ada")
