"""The files of a post change with an edit: which they are, their order, and what is said of them."""

import pytest

from fedcop.actions import post, upload
from fedcop.actions.post import Draft
from fedcop.actions.upload import Change
from fedcop.errors import Invalid
from storage import media, visible
from storage.actors import Actor
from storage.ids import MediaId
from storage.media import Media
from storage.posts import Post
from tests.fedcop.actions.scene import Scene
from tests.fedcop.actions.test_upload import png


async def taken(scene: Scene, owner: Actor) -> MediaId:
    return (await upload.take(scene.node, owner, png(40, 30), description="A wall")).id


async def files(scene: Scene, held: Post) -> list[Media]:
    return await scene.node.store.read(media.of_post, visible.SYSTEM, held.id)


@pytest.fixture
async def pictured(scene: Scene, ada: Actor) -> Post:
    """Give a post with two pictures, sent to a follower elsewhere."""
    await scene.joined(await scene.remote("dee", "lemmy.example"), ada)
    held = await scene.write(ada, "Look", media=(await taken(scene, ada), await taken(scene, ada)))
    await scene.sent()
    return held


async def test_an_edit_takes_the_files_it_names_in_their_order(
    scene: Scene, ada: Actor, pictured: Post
) -> None:
    first, second = await files(scene, pictured)
    third = await taken(scene, ada)

    await post.edit(scene.node, ada, pictured.id, Draft(text="Look"), files=(third, first.id))

    assert [file.id for file in await files(scene, pictured)] == [third, first.id]
    (sent,) = await scene.sent()
    urls = [attachment["url"] for attachment in sent.document["object"]["attachment"]]
    assert len(urls) == 2
    assert urls[1] == f"https://kent.example/media/{first.name}"
    # What was taken out is its owner's again.
    assert (await scene.write(ada, "Again", media=(second.id,))).id


async def test_an_edit_that_names_no_files_leaves_them_and_an_empty_list_takes_them_out(
    scene: Scene, ada: Actor, pictured: Post
) -> None:
    before = await files(scene, pictured)
    await post.edit(scene.node, ada, pictured.id, Draft(text="See"))
    assert await files(scene, pictured) == before

    with pytest.raises(Invalid, match="blank"):
        await post.edit(scene.node, ada, pictured.id, Draft(text=""), files=())
    await post.edit(scene.node, ada, pictured.id, Draft(text="Words"), files=())
    assert await files(scene, pictured) == []


async def test_what_is_newly_said_of_a_file_goes_out_with_the_edit(
    scene: Scene, ada: Actor, pictured: Post
) -> None:
    first, second = await files(scene, pictured)
    change = Change(media_id=first.id, description="A gate", focus=(0.5, 0.5))

    await post.edit(scene.node, ada, pictured.id, Draft(text="Look"), changes=(change,))

    now = await files(scene, pictured)
    assert [(file.description, file.focus_x) for file in now] == [("A gate", 0.5), ("A wall", None)]
    assert now[1] == second
    (sent,) = await scene.sent()
    attachments = sent.document["object"]["attachment"]
    assert [one["name"] for one in attachments] == ["A gate", "A wall"]
    assert attachments[0]["focalPoint"] == [0.5, 0.5]


async def test_an_edit_takes_no_file_of_another_post_or_person(
    scene: Scene, ada: Actor, ben: Actor, pictured: Post
) -> None:
    before = await files(scene, pictured)
    elsewhere, theirs = await taken(scene, ada), await taken(scene, ben)
    await scene.write(ada, "Other", media=(elsewhere,))

    for wrong in (elsewhere, theirs, MediaId(5)):
        with pytest.raises(Invalid, match="media_ids"):
            await post.edit(scene.node, ada, pictured.id, Draft(text="x"), files=(before[0].id, wrong))
        change = Change(media_id=wrong, description="x")
        with pytest.raises(Invalid, match="media_attributes"):
            await post.edit(scene.node, ada, pictured.id, Draft(text="x"), changes=(change,))
    assert await files(scene, pictured) == before


async def test_a_file_named_twice_is_in_the_post_once(scene: Scene, ada: Actor, pictured: Post) -> None:
    first, _ = await files(scene, pictured)

    await post.edit(scene.node, ada, pictured.id, Draft(text="Look"), files=(first.id, first.id))

    (sent,) = await scene.sent()
    assert len(sent.document["object"]["attachment"]) == len(await files(scene, pictured)) == 1
