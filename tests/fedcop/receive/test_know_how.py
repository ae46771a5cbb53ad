"""Know-how of other nodes: what is taken, what is trimmed, and whose word counts."""

from typing import Any

import pytest

from activitypub.vocab.write import KNOW_HOW_CONTEXT
from fedcop.as2.knowhow import OPEN_GOVERNMENT
from storage import activities, knowhow, posts
from storage.knowhow import KnowHow
from storage.posts import Post
from storage.visible import SYSTEM
from tests.fedcop.receive.conftest import Scene, act, announced, create
from tests.support.speak import PUBLIC


def article(scene: Scene, **more: Any) -> dict[str, Any]:
    """Give a note by sam of surrey in makers."""
    return {
        "@context": KNOW_HOW_CONTEXT,
        "id": f"{scene.surrey.base}/know-how/1",
        "type": "Article",
        "attributedTo": scene.surrey.uri("sam"),
        "to": [scene.makers.uri, PUBLIC],
        "cc": [],
        "audience": scene.makers.uri,
        "name": "Which glue",
        "content": "<p>Bone glue.</p>",
        "published": "2026-03-02T11:00:00Z",
        "derivedFrom": ["https://lemmy.example/post/1"],
        "contributor": [scene.surrey.uri("sam")],
        "license": OPEN_GOVERNMENT,
        "reviewBy": "2027-03-02T11:00:00Z",
    } | more


async def taken(scene: Scene, document: dict[str, Any]) -> tuple[Post, KnowHow | None]:
    """Let a note arrive, and give what is held of it."""
    await scene.join(scene.surrey, "sam")
    await scene.arrives(scene.surrey, create(document))
    held = await scene.kent.post(document["id"])
    assert held is not None
    return held, await scene.kent.node.store.read(knowhow.find, SYSTEM, held.id)


async def handles(scene: Scene, held: Post) -> list[str]:
    found = await scene.kent.node.store.read(knowhow.people, SYSTEM, held.id)
    return [f"{one.handle}@{one.host}" for one in found]


async def test_a_note_of_another_node_is_know_how_here(scene: Scene) -> None:
    asked = await scene.kent.publish(scene.ada, "@makers Which glue?\n\nFor wood.")
    uri = await scene.kent.uri_of(asked)
    sources = {"derivedFrom": [uri], "contributor": [scene.ada.uri, scene.surrey.uri("sam")]}
    held, said = await taken(scene, article(scene, **sources))
    assert said is not None
    assert (held.type, held.title, held.community_id) == ("Article", "Which glue", scene.makers.id)
    assert (said.licence, said.uses_count) == (OPEN_GOVERNMENT, 0)
    assert said.review_at is not None
    assert said.review_at.year == 2027
    assert await handles(scene, held) == ["ada@kent.example", "sam@surrey.example"]
    (source,) = await scene.kent.node.store.read(knowhow.sources, SYSTEM, held.id)
    assert source.post_id == asked


async def test_nobody_stands_behind_what_they_did_not_write(scene: Scene) -> None:
    """Ada of Kent is not shown as behind a note because somebody at Surrey says so."""
    held, _ = await taken(scene, article(scene, contributor=[scene.ada.uri, scene.fin.uri]))
    assert await handles(scene, held) == []
    assert await scene.kent.node.store.read(knowhow.named_count, SYSTEM, held.id) == 2


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"derivedFrom": []}, None),
        ({"derivedFrom": "javascript:alert(1)"}, None),
        ({"type": "Note"}, None),
        ({"license": "javascript:alert(1)"}, ""),
        ({"contributor": [f"https://x.example/{n}" for n in range(900)]}, OPEN_GOVERNMENT),
        ({"derivedFrom": [f"https://x.example/{n}" for n in range(900)]}, OPEN_GOVERNMENT),
        ({"reviewBy": "next year"}, OPEN_GOVERNMENT),
        ({"contributor": {"a": 1}, "license": [1, 2]}, ""),
    ],
)
async def test_what_makes_no_sense_is_left_out(
    scene: Scene, said: dict[str, Any], expected: str | None
) -> None:
    held, found = await taken(scene, article(scene, **said))
    assert (found.licence if found else None) == expected
    sources, people = await scene.kent.node.store.read(knowhow.named, SYSTEM, held.id)
    assert len(sources) <= 100
    assert len(people) <= 50


async def test_script_in_a_note_runs_nowhere(scene: Scene) -> None:
    evil = '<p onclick="x">Glue<script>alert(1)</script></p><img src=x>'
    held, _ = await taken(scene, article(scene, name="<script>x</script>", content=evil))
    assert "script" not in held.content
    assert "onclick" not in held.content


async def test_only_its_owner_changes_a_note(scene: Scene) -> None:
    held, _ = await taken(scene, article(scene))
    changed = article(scene, content="<p>Mine now.</p>", updated="2026-03-02T12:00:00Z")
    for peer, by in ((scene.surrey, "bea"), (scene.lemmy, "cal")):
        theirs = changed | {"attributedTo": peer.uri(by)}
        await scene.arrives(peer, act(peer, "Update", 7, theirs, by=by))
        await scene.arrives(peer, act(peer, "Update", 8, changed, by=by))
    found = await scene.kent.node.store.read(posts.find, SYSTEM, held.id)
    assert found is not None
    assert found.content == "<p>Bone glue.</p>"
    await scene.arrives(scene.surrey, act(scene.surrey, "Update", 9, changed))
    found = await scene.kent.node.store.read(posts.find, SYSTEM, held.id)
    assert found is not None
    assert found.content == "<p>Mine now.</p>"


async def test_a_version_that_names_fewer_people_ends_those_before(scene: Scene) -> None:
    sam, bea = scene.surrey.uri("sam"), scene.surrey.uri("bea")
    held, _ = await taken(scene, article(scene, contributor=[sam, bea], content="<p>Bea: hide glue.</p>"))
    kept = article(scene, contributor=[sam, bea], content="<p>Both.</p>", updated="2026-03-02T11:30:00Z")
    await scene.arrives(scene.surrey, act(scene.surrey, "Update", 7, kept))
    assert len(await scene.kent.node.store.read(posts.revisions, SYSTEM, held.id)) == 2
    without = article(scene, contributor=[sam], content="<p>Sam.</p>", updated="2026-03-02T11:45:00Z")
    await scene.arrives(scene.surrey, act(scene.surrey, "Update", 8, without))
    texts = await scene.kent.node.store.read(posts.revisions, SYSTEM, held.id)
    assert [one.content for one in texts] == ["<p>Sam.</p>"]
    passed_on = await scene.kent.node.store.read(activities.of_post, held.id)
    assert [(one.type, b"hide glue" in one.body) for one in passed_on] == [("Update", False)]


async def test_a_like_that_says_used_counts_as_that_once_and_is_taken_back(scene: Scene) -> None:
    held, _ = await taken(scene, article(scene))
    like = act(scene.surrey, "Like", 7, held.uri, by="bea", used=True)
    scene.surrey.person("bea")
    for _ in range(2):
        await scene.arrives(scene.surrey, like)
    await scene.arrives(scene.lemmy, act(scene.lemmy, "Like", 8, held.uri, by="cal"))
    said = await scene.kent.node.store.read(knowhow.find, SYSTEM, held.id)
    found = await scene.kent.node.store.read(posts.find, SYSTEM, held.id)
    assert said is not None
    assert found is not None
    assert (said.uses_count, found.likes_count) == (1, 2)
    await scene.arrives(scene.surrey, act(scene.surrey, "Undo", 9, like, by="bea"))
    said = await scene.kent.node.store.read(knowhow.find, SYSTEM, held.id)
    assert said is not None
    assert said.uses_count == 0


async def test_that_somebody_used_what_is_no_know_how_is_a_like(scene: Scene) -> None:
    asked = await scene.kent.publish(scene.ada, "@makers Which glue?\n\nFor wood.")
    uri = await scene.kent.uri_of(asked)
    await scene.arrives(scene.surrey, act(scene.surrey, "Like", 7, uri, by="bea", used=True))
    found = await scene.kent.node.store.read(posts.find, SYSTEM, asked)
    assert found is not None
    assert found.likes_count == 1
    assert await scene.kent.node.store.read(knowhow.find, SYSTEM, asked) is None


async def test_know_how_that_a_community_elsewhere_announces_is_shown_as_its(scene: Scene) -> None:
    planning = await scene.planning()
    cal = scene.lemmy.uri("cal")
    place = {"audience": planning.uri, "to": [planning.uri, PUBLIC]}
    by = {"id": f"{scene.lemmy.base}/know-how/2", "attributedTo": cal, "contributor": [cal]}
    document = article(scene, **place, **by)
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 1, create(document)))
    held = await scene.kent.post(document["id"])
    assert held is not None
    assert held.community_id == planning.id
    assert await handles(scene, held) == ["cal@lemmy.example"]
    assert await scene.kent.node.store.read(knowhow.in_community, SYSTEM, planning.id, knowhow.Page()) == [
        held.id
    ]
