"""Who sees which post: every viewer against every post, and a second telling of the rule in plain Python."""

import msgspec
import pytest

from storage import actors, blocks, entries, media, peers, posts, visible
from storage.engine import Reader, Store
from storage.ids import ActorId, PostId
from storage.visible import STRANGER, SYSTEM, Viewer
from tests.storage import people, written
from tests.storage.people import HOME, NOON

YORK, LEEDS, WELLS, GONE = "york.example", "leeds.example", "wells.example", "gone.example"
AUDIENCES = ("public", "unlisted", "followers", "members", "direct")


class Body(msgspec.Struct, frozen=True):
    """Somebody of the matrix, as the test knows them."""

    id: ActorId
    host: str
    suspended: bool = False


class Text(msgspec.Struct, frozen=True):
    """A post of the matrix, as the test knows it."""

    id: PostId
    author: Body
    audience: str
    community: Body | None
    names: frozenset[ActorId]


class World(msgspec.Struct):
    """All that the second telling of the rule looks at."""

    bodies: dict[str, Body]
    texts: list[Text]
    follows: set[tuple[ActorId, ActorId]]
    blocks: set[tuple[ActorId, ActorId]]


async def _world(store: Store) -> World:
    hosts = {"ada": HOME, "bea": HOME, "cat": HOME, "dan": YORK, "eve": LEEDS, "fay": GONE, "gil": HOME}
    bodies = {name: Body(await people.add(store, name, host), host) for name, host in hosts.items()}
    for name, host in (("floods", HOME), ("roads", YORK)):
        bodies[name] = Body(await people.add(store, name, host, kind="Group"), host)
    await store.write(actors.set_state, bodies["gil"].id, "suspended", NOON)
    bodies["gil"] = Body(bodies["gil"].id, HOME, suspended=True)
    await store.write(peers.met, GONE, NOON)
    await store.write(peers.hide, GONE, NOON)
    world = World(bodies, [], set(), set())
    for one, other in (
        *(("bea", name) for name in ("ada", "dan", "floods", "roads", "fay", "gil")),
        *(("dan", name) for name in ("ada", "floods")),
        ("eve", "roads"),
    ):
        await people.follow(store, bodies[one].id, bodies[other].id)
        world.follows.add((bodies[one].id, bodies[other].id))
    await people.follow(store, bodies["cat"].id, bodies["ada"].id, accepted=False)
    await people.follow(store, bodies["cat"].id, bodies["floods"].id, accepted=False)
    await store.write(blocks.block, people.new_id(), bodies["dan"].id, bodies["cat"].id, None)
    world.blocks.add((bodies["dan"].id, bodies["cat"].id))
    for author in ("ada", "dan", "eve", "fay", "gil"):
        for audience in AUDIENCES:
            for community in (None, "floods", "roads"):
                for named in ((), ("cat",), ("eve", "bea")):
                    world.texts.append(
                        await _text(
                            store,
                            bodies[author],
                            audience,
                            bodies[community] if community else None,
                            frozenset(bodies[name].id for name in named),
                        )
                    )
    return world


async def _text(
    store: Store, author: Body, audience: str, community: Body | None, names: frozenset[ActorId]
) -> Text:
    new = await written.add(
        store,
        author.id,
        host=author.host,
        audience=audience,
        community_id=community.id if community else None,
        mentions=tuple((actor_id, True) for actor_id in names),
    )
    return Text(new.id, author, audience, community, names)


def _may_see(world: World, viewer: Viewer, text: Text) -> bool:
    if viewer.kind == "system":
        return True
    if text.author.host == GONE or text.author.suspended:
        return False
    if viewer.kind == "stranger":
        return text.audience in ("public", "unlisted")
    if viewer.kind == "node":
        return _node_may_see(world, viewer.host, text)
    if viewer.actor == text.author.id:
        return True
    return (text.author.id, viewer.actor) not in world.blocks and _addresses(world, viewer.actor, text)


def _node_may_see(world: World, host: str, text: Text) -> bool:
    there = [body for body in world.bodies.values() if body.host == host]
    if text.audience == "members" and text.community is not None:
        if text.community.host == host:
            return True
        return text.community.host == HOME and any(_addresses(world, body.id, text) for body in there)
    return any(_addresses(world, body.id, text) for body in there) or text.audience in ("public", "unlisted")


def _addresses(world: World, reader: ActorId, text: Text) -> bool:
    match text.audience:
        case "public" | "unlisted":
            return True
        case "members":
            return text.community is not None and (reader, text.community.id) in world.follows
        case "followers":
            return reader in text.names or (reader, text.author.id) in world.follows
        case _:
            return reader in text.names


def _viewers(world: World) -> list[Viewer]:
    persons = [visible.person(world.bodies[name].id) for name in ("ada", "bea", "cat", "gil")]
    return [SYSTEM, STRANGER, *persons, *(visible.node(host) for host in (YORK, LEEDS, WELLS, GONE))]


async def test_every_viewer_sees_what_the_rule_says_of_every_post(store: Store) -> None:
    world = await _world(store)
    wrong = []
    for viewer in _viewers(world):
        seen = set(await store.read(_seen, viewer))
        # Somebody suspended reads nothing, since they cannot sign in; the rule does not look at it.
        wrong += [
            (viewer, text) for text in world.texts if (text.id in seen) != _may_see(world, viewer, text)
        ]
    assert wrong == []


SEEN = f"SELECT p.id FROM posts AS p WHERE {visible.POST}"


async def _seen(read: Reader, viewer: Viewer) -> list[int]:
    return await read.values(SEEN, **visible.parameters(viewer))


async def test_every_door_to_a_post_applies_the_rule(store: Store) -> None:
    ada, cat = await people.add(store, "ada"), await people.add(store, "cat")
    picture = written.new_file(ada)
    new = await written.add(store, ada, audience="followers", media=(picture,))
    for viewer, sees in ((visible.person(cat), False), (visible.person(ada), True)):
        assert (await store.read(posts.find, viewer, new.id) is not None) is sees
        assert (await store.read(posts.find_by_uri, viewer, new.uri) is not None) is sees
        assert (await store.read(entries.find_by_id, viewer, new.id) is not None) is sees  # type: ignore[arg-type]
        assert (await store.read(media.find, viewer, picture.id) is not None) is sees


async def test_an_actor_is_hidden_with_its_host_only(store: Store) -> None:
    ada, fay = await people.add(store, "ada"), await people.add(store, "fay", GONE)
    await store.write(blocks.block, people.new_id(), fay, ada, None)
    assert await store.read(actors.find, visible.person(ada), fay) is not None
    await store.write(peers.met, GONE, NOON)
    await store.write(peers.hide, GONE, NOON)
    for viewer in (visible.person(ada), STRANGER, visible.node(YORK)):
        assert await store.read(actors.find, viewer, fay) is None
    assert await store.read(actors.find, SYSTEM, fay) is not None


@pytest.mark.parametrize("audience", ["followers", "members"])
async def test_a_narrow_boost_is_for_the_followers_of_who_made_it(store: Store, audience: str) -> None:
    ada, bea, cat = [await people.add(store, name) for name in ("ada", "bea", "cat")]
    await people.follow(store, bea, ada)
    new = await written.add(store, cat)
    boost = await written.pass_on(store, ada, new.id, audience=audience)
    for viewer, sees in (
        (visible.person(ada), True),
        (visible.person(bea), True),
        (visible.person(cat), False),
        (STRANGER, False),
        (SYSTEM, True),
    ):
        assert (await store.read(entries.find_by_id, viewer, boost) is not None) is sees
