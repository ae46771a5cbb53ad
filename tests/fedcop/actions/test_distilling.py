"""What a facilitator picks for know-how."""

from typing import Any

import pytest

from fedcop.actions import distilling, own_post
from fedcop.actions.distilling import Outline
from fedcop.errors import Invalid, NotFound
from storage import know_how_drafts, posts, visible
from storage.actors import Actor
from storage.ids import PostId
from tests.fedcop.actions.scene import Scene
from tests.fedcop.actions.test_knowhow import drafted, held, thread


async def test_a_draft_holds_what_was_asked_tried_and_answered_with_its_people(
    scene: Scene, ada: Actor, ben: Actor, cat: Actor
) -> None:
    picks = await thread(scene, ben, cat, ben)
    draft = await held(scene, await drafted(scene, ada, picks[::-1][-1:] + picks[1:]))
    made = await scene.node.store.read(distilling.made, draft)
    assert made is not None
    assert [(part.role, part.said.name) for part in made.said] == [
        ("question", "Ben"), ("tried", "Ben"), ("answer", "Cat"),
    ]  # fmt: skip
    assert {one.handle for one in made.people} == {"ben", "cat"}
    assert draft.state == "draft"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"lead": "x" * 5001}, "text"),
        ({"picks": ()}, "picks"),
        ({"picks": tuple(range(41))}, "picks"),
        ({"picks": (1,)}, "picks"),
        ({"licence": "https://evil.example/"}, "licence"),
        ({"months": 0}, "months"),
    ],
)
async def test_a_draft_that_cannot_be_is_refused(
    scene: Scene, ada: Actor, ben: Actor, wrong: dict[str, Any], field: str
) -> None:
    (root,) = await thread(scene, ben)
    given = {"title": "Gullies", "picks": (root,)} | wrong
    with pytest.raises(Invalid) as refused:
        await distilling.draft(scene.node, ada, root, Outline(**given))
    assert list(refused.value.fields) == [field]


async def test_only_a_facilitator_makes_know_how_of_a_thread(
    scene: Scene, ada: Actor, ben: Actor, cat: Actor
) -> None:
    root, answer = await thread(scene, ben, cat)
    outline = Outline(title="Gullies", picks=(root,))
    for who, where in ((ben, root), (ada, answer), (ada, PostId(1))):
        with pytest.raises(NotFound):
            await distilling.draft(scene.node, who, where, outline)
    alone = await scene.publish(ada, "In no community")
    with pytest.raises(NotFound):
        await distilling.draft(scene.node, ada, alone, Outline(title="x", picks=(alone,)))


async def test_nothing_is_picked_that_its_readers_do_not_read(
    scene: Scene, ada: Actor, ben: Actor, cat: Actor
) -> None:
    root, answer = await thread(scene, ben, cat)
    other, _ = await thread(scene, cat, ben)
    private = await scene.publish(ben, "@ada between us", in_reply_to=root, audience="direct")
    await own_post.delete(scene.node, cat, answer)
    for pick in (other, private, answer):
        with pytest.raises(Invalid, match="picks"):
            await drafted(scene, ada, [root, pick])


async def test_what_goes_leaves_a_draft(scene: Scene, ada: Actor, ben: Actor, cat: Actor) -> None:
    picks = await thread(scene, ben, cat)
    draft_id = await drafted(scene, ada, picks)
    before = await held(scene, draft_id)
    await own_post.delete(scene.node, cat, picks[1])
    after = await held(scene, draft_id)
    assert after.version > before.version, "what was made ready with it is not published"
    made = await scene.node.store.read(distilling.made, after)
    assert made is not None
    assert [part.said.name for part in made.said] == ["Ben"]


async def test_a_draft_is_changed_by_who_sees_its_latest_state(
    scene: Scene, ada: Actor, ben: Actor, cat: Actor
) -> None:
    picks = await thread(scene, ben, cat)
    draft_id = await drafted(scene, ada, picks)
    outline = Outline(title="Other", picks=(picks[0],))
    with pytest.raises(NotFound):
        await distilling.change(scene.node, ben, draft_id, 1, outline)
    await distilling.change(scene.node, ada, draft_id, 1, outline)
    with pytest.raises(Invalid, match="changed meanwhile"):
        await distilling.change(scene.node, ada, draft_id, 1, outline)
    assert (await held(scene, draft_id)).title == "Other"
    viewer = visible.person(ada.id)
    assert await scene.node.store.read(know_how_drafts.picked, viewer, draft_id) == [picks[0]]


async def test_a_note_is_no_longer_than_peers_take(scene: Scene, ada: Actor, ben: Actor) -> None:
    (root,) = await thread(scene, ben)
    draft = await held(scene, await drafted(scene, ada, [root]))
    made = await scene.node.store.read(distilling.made, draft)
    assert made is not None
    with pytest.raises(Invalid, match="fewer posts"):
        distilling.distilled(
            scene.node, Outline(title="x", lead="word " * 15_000), made.said, made.parts,
            community=made.community, review_at=scene.node.clock.now(),
        )  # fmt: skip


async def test_a_draft_without_its_author_or_community_is_none(scene: Scene, ada: Actor, ben: Actor) -> None:
    draft = await held(scene, await drafted(scene, ada, await thread(scene, ben)))
    await scene.node.store.write(posts.remove, draft.root_id, scene.node.clock.now(), ada.id, "")
    made = await scene.node.store.read(distilling.made, draft)
    assert made is not None
    assert made.parts == ()
    await scene.node.store.write(distilling.actors.mark_deleted, ada.id, scene.node.clock.now())
    assert await scene.node.store.read(distilling.made, draft) is None
