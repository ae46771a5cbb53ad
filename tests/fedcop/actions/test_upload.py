"""Uploads: kept under names that nobody guesses, described by their owner only, attached to one post."""

import io
from pathlib import Path

import pytest
from PIL import Image

from fedcop.actions import upload
from fedcop.actions.upload import Change
from fedcop.errors import Invalid, NotFound
from storage import media, visible
from storage.actors import Actor
from tests.fedcop.actions.scene import Scene
from tests.support.files import PDF, film, letter, sound


def png(width: int = 900, height: int = 600) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(buffer, "PNG")
    return buffer.getvalue()


def kept_in(scene: Scene) -> set[str]:
    """Give what lies in the media folder."""
    return {path.name for path in Path(scene.node.config.media.folder).glob("*")}


async def test_a_picture_is_kept_with_a_small_copy(scene: Scene, ada: Actor) -> None:
    held = await upload.take(scene.node, ada, png(), description="A wall", focus=(0.5, -9.0))

    folder = Path(scene.node.config.media.folder)
    assert held.name is not None
    assert held.preview is not None
    assert (folder / held.name).stat().st_size > 0
    with Image.open(folder / held.preview) as small:
        assert small.size == (640, 427)
    assert (held.width, held.height, held.media_type) == (900, 600, "image/png")
    assert (held.description, held.focus_x, held.focus_y, held.post_id) == ("A wall", 0.5, -1.0, None)
    assert await scene.node.store.read(media.find, visible.person(ada.id), held.id) == held


async def test_an_upload_goes_out_with_its_post(scene: Scene, ada: Actor) -> None:
    await scene.joined(await scene.remote("dee", "lemmy.example"), ada)
    held = await upload.take(scene.node, ada, png(), description="A wall")
    post = await scene.write(ada, "Look", media=(held.id,))

    (sent,) = await scene.sent()
    (attachment,) = sent.document["object"]["attachment"]
    assert attachment["url"] == f"https://kent.example/media/{held.name}"
    assert (attachment["type"], attachment["name"], attachment["width"]) == ("Image", "A wall", 900)
    with pytest.raises(Invalid, match="another post"):
        await scene.write(ada, "Again", media=(held.id,))
    kept = await scene.node.store.read(media.of_post, visible.SYSTEM, post.id)
    assert [row.id for row in kept] == [held.id]


@pytest.mark.parametrize(
    ("data", "media_type"),
    [(film(), "video/mp4"), (sound(), "audio/wav"), (PDF, "application/pdf")],
)
async def test_a_film_a_sound_or_a_document_goes_out_as_a_document_of_its_type(
    scene: Scene, ada: Actor, data: bytes, media_type: str
) -> None:
    await scene.joined(await scene.remote("dee", "lemmy.example"), ada)
    held = await upload.take(scene.node, ada, data, description="The plan")
    await scene.write(ada, "Look", media=(held.id,))

    (sent,) = await scene.sent()
    (attachment,) = sent.document["object"]["attachment"]
    assert (attachment["type"], attachment["mediaType"]) == ("Document", media_type)
    assert (attachment["name"], attachment["url"]) == ("The plan", f"https://kent.example/media/{held.name}")


async def test_a_picture_stands_for_a_film_and_another_takes_its_place(
    scene: Scene, ada: Actor, ben: Actor
) -> None:
    held = await upload.take(scene.node, ada, film(), thumbnail=png())
    assert (held.type, held.width, held.height, held.preview_width) == ("video", 64, 48, 640)
    with pytest.raises(NotFound):
        await upload.illustrate(scene.node, ben, held.id, png(30, 20))

    await upload.illustrate(scene.node, ada, held.id, png(30, 20))

    now = await scene.node.store.read(media.find, visible.person(ada.id), held.id)
    assert now is not None
    assert (now.preview_width, now.preview_height, now.name) == (30, 20, held.name)
    assert kept_in(scene) == {now.name, now.preview}


async def test_a_picture_stands_for_itself(scene: Scene, ada: Actor) -> None:
    held = await upload.take(scene.node, ada, png())
    await upload.illustrate(scene.node, ada, held.id, png(30, 20))

    assert await scene.node.store.read(media.find, visible.person(ada.id), held.id) == held


async def test_what_is_refused_leaves_nothing_behind(scene: Scene, ada: Actor) -> None:
    for data, thumbnail in ((film(more=b"\0\0\0\7free"), png()), (film(), b"no"), (letter(), PDF)):
        with pytest.raises(Invalid):
            await upload.take(scene.node, ada, data, thumbnail=thumbnail)
    assert kept_in(scene) == set()


async def test_what_is_no_picture_or_too_much_is_refused(scene: Scene, ada: Actor) -> None:
    with pytest.raises(Invalid, match="picture"):
        await upload.take(scene.node, ada, b"<svg onload=alert(1)>")
    with pytest.raises(Invalid, match="bytes"):
        await upload.take(scene.node, ada, b"\0" * (scene.node.config.media.max_bytes + 1))
    with pytest.raises(Invalid, match="longer"):
        await upload.take(scene.node, ada, png(), description="x" * 1501)


async def test_only_its_owner_describes_an_upload(scene: Scene, ada: Actor, ben: Actor) -> None:
    held = await upload.take(scene.node, ada, png(40, 30), description="A wall", focus=(0.1, 0.2))
    with pytest.raises(NotFound):
        await upload.describe(scene.node, ben, Change(media_id=held.id, description="Mine"))
    await upload.describe(scene.node, ada, Change(media_id=held.id, description="A gate"))
    await upload.describe(scene.node, ada, Change(media_id=held.id, focus=(1.0, 1.0)))

    now = await scene.node.store.read(media.find, visible.person(ada.id), held.id)
    assert now is not None
    assert (now.description, now.focus_x, now.focus_y) == ("A gate", 1.0, 1.0)


async def test_a_description_leaves_the_middle_where_it_is(scene: Scene, ada: Actor) -> None:
    held = await upload.take(scene.node, ada, png(40, 30), focus=(0.1, 0.2))
    await upload.describe(scene.node, ada, Change(media_id=held.id, description="A gate"))

    now = await scene.node.store.read(media.find, visible.person(ada.id), held.id)
    assert now is not None
    assert (now.focus_x, now.focus_y) == (0.1, 0.2)
