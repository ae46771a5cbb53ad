"""What the cells begin with: members of all kinds, threads by people here and elsewhere, facilitators."""

from typing import Any

from fedcop.actions import follow
from storage import actors, answers, communities
from storage.actors import Actor
from storage.posts import Post
from storage.visible import SYSTEM
from tests.fedcop.receive.conftest import Scene, act, announced, create, note

__all__ = ["Scene", "act", "announced", "create", "note"]


async def members(scene: Scene) -> None:
    """Let cal of the lemmy server and bea of surrey join makers, and ada of this node."""
    await scene.join(scene.lemmy, "cal")
    await scene.join(scene.surrey, "bea")
    await follow.follow(scene.kent.node, scene.ada, scene.makers)


async def thread(scene: Scene, **more: Any) -> str:
    """Let sam of surrey begin a thread in makers, and give its id."""
    page = note(scene.surrey, 1, "Which glue?", cc=[scene.makers.uri], **more)
    await scene.arrives(scene.surrey, create(page))
    return str(page["id"])


async def our_thread(scene: Scene, where: str = "@makers") -> Post:
    """Let ada begin a thread, and give it."""
    post_id = await scene.kent.publish(scene.ada, f"Which glue?\n\n{where} For wood.")
    await scene.network.settle()
    return await held(scene, await scene.kent.uri_of(post_id))


async def page(scene: Scene, planning: Actor, number: int = 1, **more: Any) -> dict[str, Any]:
    """Let planning announce a thread by cal, and give it."""
    document = note(
        scene.lemmy, number, "How?", type="Page", name="Plans", attributedTo=scene.lemmy.uri("cal"),
        audience=planning.uri, to=[planning.uri, "as:Public"], **more,
    )  # fmt: skip
    scene.lemmy.put(f"/notes/{number}", document)
    await passed(scene, create(document), number)
    return document


async def passed(scene: Scene, inner: Any, number: int) -> None:
    """Let planning pass something on."""
    await scene.arrives(scene.lemmy, announced(scene.lemmy, number, inner))


async def facilitator(scene: Scene, uri: str, community: Actor) -> Actor:
    """List somebody as a facilitator of a community."""
    found = await known(scene, uri)
    now = scene.network.clock.now()
    await scene.kent.node.store.write(
        communities.add_facilitator, community.id, found.id, lead=False, now=now
    )
    return found


async def known(scene: Scene, uri: str) -> Actor:
    """Give the row of somebody."""
    found = await scene.kent.node.store.read(actors.find_by_uri, SYSTEM, uri)
    assert found is not None
    return found


async def held(scene: Scene, uri: str) -> Post:
    """Give a post that is held here."""
    found = await scene.kent.post(uri)
    assert found is not None
    return found


async def accepted(scene: Scene, uri: str) -> bool:
    """Tell whether a reply is accepted as an answer here."""
    post_id = (await held(scene, uri)).id
    return await scene.kent.node.store.read(answers.find, SYSTEM, post_id) is not None


def wrapped(scene: Scene) -> list[str]:
    """Give what makers passed on whole to the lemmy server: types, inner ones too."""
    return [_form(one["object"]) for one in scene.lemmy.sent("Announce") if isinstance(one["object"], dict)]


def plain(scene: Scene) -> list[str]:
    """Give the types of what surrey was sent."""
    return [one["type"] for one in scene.surrey.received if one["type"] != "Accept"]


def last(scene: Scene, type: str) -> dict[str, Any]:
    """Give the latest activity of a type that the lemmy server was sent."""
    return scene.lemmy.sent(type)[-1]


def _form(document: dict[str, Any]) -> str:
    inner = document.get("object")
    more = f" {inner['type']}" if isinstance(inner, dict) and document["type"] == "Undo" else ""
    return f"{document['type']}{more}"
