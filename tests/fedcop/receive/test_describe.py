"""A facilitator elsewhere changes what a community of ours says of itself."""

from typing import Any

from storage import actors, communities
from storage.visible import SYSTEM
from tests.fedcop.receive.conftest import Scene, act


async def change(scene: Scene, number: int, **said: Any) -> dict[str, Any]:
    """Let cal, who facilitates, change makers, and give it."""
    document = {
        "id": scene.makers.uri,
        "type": "Group",
        "preferredUsername": "makers",
        "inbox": "https://x.example/",
    }
    await scene.arrives(scene.lemmy, act(scene.lemmy, "Update", number, document | said, by="cal"))
    return document


async def facilitated(scene: Scene) -> None:
    await scene.join(scene.lemmy, "cal")
    cal = await scene.kent.node.store.read(actors.find_by_uri, SYSTEM, scene.lemmy.uri("cal"))
    assert cal is not None
    now = scene.network.clock.now()
    await scene.kent.node.store.write(
        communities.add_facilitator, scene.makers.id, cal.id, lead=False, now=now
    )


async def test_what_says_nothing_new_is_not_passed_on(scene: Scene) -> None:
    await facilitated(scene)
    await change(scene, 1, name="Makers", summary="")
    assert scene.lemmy.sent("Announce") == []
    await change(scene, 2, name="Kent makers", summary="")
    assert len(scene.lemmy.sent("Announce")) == 1


async def test_an_empty_name_leaves_the_one_that_there_is_and_the_source_is_kept(scene: Scene) -> None:
    await facilitated(scene)
    await change(
        scene, 1, name="", summary="<p>Glue</p>", source={"content": "Glue", "mediaType": "text/markdown"}
    )
    makers = await scene.kent.known(scene.makers)
    assert (makers.display_name, makers.summary, makers.summary_source) == ("Makers", "<p>Glue</p>", "Glue")


async def test_a_picture_that_cannot_be_had_changes_nothing(scene: Scene) -> None:
    await facilitated(scene)
    icon = {"type": "Image", "url": "https://lemmy.example/none.png"}
    image = {"type": "Image", "url": "https://rogue.example/none.png"}
    await change(scene, 1, name="Kent makers", icon=icon, image=image)
    makers = await scene.kent.known(scene.makers)
    assert (makers.display_name, makers.icon, makers.image) == ("Kent makers", None, None)


async def test_another_community_s_facilitator_changes_nothing(scene: Scene) -> None:
    await scene.join(scene.lemmy, "cal")
    await change(scene, 1, name="Mine")
    assert (await scene.kent.known(scene.makers)).display_name == "Makers"
