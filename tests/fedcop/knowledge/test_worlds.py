"""Over worlds drawn at random: nothing that looks for something finds what its reader may not open.

Who may open what is said here once more, in Python and over what was drawn, not over rows. Worlds change
while they are looked at: people leave, block, hide, are suspended, edit and remove; nodes leave the list.
"""

import random
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest

from fedcop.knowledge import one_box
from fedcop.knowledge.one_box import Page
from fedcop.node import Node
from storage import actors, blocks, findable, follows, peers, posts, search_rows, visible
from storage.engine import Store, Transaction
from storage.ids import ActorId, PostId
from storage.visible import STRANGER, Viewer, person
from tests.storage.people import HOME, NOON, new_actor, new_id
from tests.storage.written import new_post

WORDS = ("ash", "bins", "gully", "verge")
HOSTS = (HOME, "devon.example", "powys.example")
LEVELS = ("hidden", "council", "members", "nodes", "public")
AUDIENCES = ("public", "public", "unlisted", "followers", "direct", "members")
ALL = Page(limit=2_000)


@dataclass
class Person:
    """Somebody as they were drawn."""

    id: ActorId
    host: str
    level: str
    indexable: bool
    active: bool = True


@dataclass
class Post:
    """A post as it was drawn."""

    id: PostId
    author: ActorId
    community: ActorId | None
    audience: str
    named: frozenset[ActorId]
    word: str
    removed: bool = False


@dataclass
class World:
    """What was drawn, and what has become of it."""

    rng: random.Random
    people: dict[ActorId, Person] = field(default_factory=dict)
    communities: dict[ActorId, bool] = field(default_factory=dict)  # does only a member read it?
    members: set[tuple[ActorId, ActorId]] = field(default_factory=set)
    followers: set[tuple[ActorId, ActorId]] = field(default_factory=set)
    blocked: set[tuple[ActorId, ActorId]] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)
    posts: dict[PostId, Post] = field(default_factory=dict)

    def here(self) -> list[ActorId]:
        return [one.id for one in self.people.values() if one.host == HOME and one.active]

    def may_open(self, me: ActorId | None, post: Post) -> bool:
        """Tell whether somebody may open a post, and look it up."""
        author = self.people[post.author]
        if post.removed or author.host in self.hidden or not author.active:
            return False
        if me is None:
            return post.audience == "public" and author.indexable
        if me == post.author:
            return True
        if (me, post.author) in self.blocked or (post.author, me) in self.blocked:
            return False
        member = post.community is not None and (me, post.community) in self.members
        if post.audience == "members":
            return member
        if post.audience in ("public", "unlisted"):
            return member or me in post.named or (post.audience == "public" and author.indexable)
        return me in post.named

    def may_find(self, me: ActorId | None, whom: ActorId) -> bool:
        """Tell whether somebody may come across a person."""
        one = self.people[whom]
        if not one.active or one.host in self.hidden:
            return False
        if me is not None and ((me, whom) in self.blocked or (whom, me) in self.blocked):
            return False
        if one.level == "public" or me == whom:
            return True
        fellow = any(
            (me, group) in self.members and (whom, group) in self.members for group in self.communities
        )
        return me is not None and (
            one.level == "nodes"
            or (one.level == "council" and one.host == HOME)
            or (one.level == "members" and one.host == HOME and fellow)
        )


async def draw(tx: Transaction, world: World) -> None:
    """Draw people, communities, who belongs to what, and posts."""
    rng = world.rng
    for _ in range(9):
        host, level = rng.choice(HOSTS), rng.choice(LEVELS)
        one = Person(ActorId(new_id()), host, level, rng.random() < 0.5)
        summary = f"<p>{rng.choice(WORDS)} {rng.choice(WORDS)}</p>"
        await _add(tx, one.id, host, "Person", findable=level, indexable=one.indexable, summary=summary)
        world.people[one.id] = one
    for _ in range(4):
        group, closed = ActorId(new_id()), rng.random() < 0.5
        await _add(
            tx, group, rng.choice(HOSTS), "Group", approves=closed, findable=rng.choice(("members", "public"))
        )
        world.communities[group] = closed
    for me in world.people:
        for target in (*world.communities, *world.people):
            if me != target and rng.random() < 0.3:
                accepted = rng.random() < 0.8
                await follows.add(tx, _follow(me, target, accepted=accepted))
                if accepted:
                    (world.members if target in world.communities else world.followers).add((me, target))
    for _ in range(40):
        await _write(tx, world)


async def _add(tx: Transaction, actor_id: ActorId, host: str, kind: str, **given: Any) -> None:
    new = new_actor(f"{kind[0].lower()}{actor_id}", host, kind=kind, display_name=f"N{actor_id}", **given)
    if new.local:
        await actors.add_local(tx, new, actor_id)
    else:
        await actors.upsert(tx, new, actor_id=actor_id)


def _follow(me: ActorId, target: ActorId, *, accepted: bool) -> follows.NewFollow:
    at = NOON if accepted else None
    uri = f"https://x.example/{me}-{target}"
    return follows.NewFollow(
        id=new_id(), follower_id=me, target_id=target, uri=uri, requested_at=NOON, accepted_at=at
    )


async def _write(tx: Transaction, world: World) -> None:
    rng = world.rng
    author, word = rng.choice(list(world.people.values())), rng.choice(WORDS)
    audience = rng.choice(AUDIENCES)
    in_one = audience == "members" or (audience in ("public", "unlisted") and rng.random() < 0.6)
    community = rng.choice(list(world.communities)) if in_one else None
    if community is not None and world.communities[community]:
        audience = "members"
    named = frozenset(rng.sample(list(world.people), rng.randrange(3)) if audience != "members" else ())
    parent = rng.choice(list(world.posts.values())) if world.posts and rng.random() < 0.3 else None
    place: dict[str, Any] = {"parent_id": parent.id, "in_reply_to": "https://x.example/p"} if parent else {}
    new = new_post(
        author.id, host=author.host, content=f"<p>{word} words</p>", audience=audience,
        community_id=community, mentions=tuple((one, True) for one in named),
        **place,
    )  # fmt: skip
    await posts.add(tx, new)
    world.posts[PostId(new.id)] = Post(PostId(new.id), author.id, community, audience, named, word)


async def _leave(tx: Transaction, world: World) -> None:
    if world.members:
        me, group = world.rng.choice(sorted(world.members))
        await follows.remove(tx, me, group)
        world.members.discard((me, group))


async def _join(tx: Transaction, world: World) -> None:
    me, group = world.rng.choice(list(world.people)), world.rng.choice(list(world.communities))
    await follows.add(tx, _follow(me, group, accepted=True))
    world.members.add((me, group))


async def _block(tx: Transaction, world: World) -> None:
    one, other = world.rng.sample(list(world.people), 2)
    await blocks.block(tx, new_id(), one, other, None)
    world.blocked.add((one, other))


async def _choose(tx: Transaction, world: World) -> None:
    one = world.people[world.rng.choice(world.here() or list(world.people))]
    row = await actors.find(tx, visible.SYSTEM, one.id)
    assert row is not None
    one.level, one.indexable = world.rng.choice(LEVELS), not one.indexable
    profile = msgspec.structs.replace(actors.profile_of(row), findable=one.level, indexable=one.indexable)
    await actors.set_profile(tx, one.id, profile, NOON)


async def _suspend(tx: Transaction, world: World) -> None:
    one = world.rng.choice(list(world.people.values()))
    one.active = not one.active
    await actors.set_state(tx, one.id, "active" if one.active else "suspended", NOON)


async def _remove(tx: Transaction, world: World) -> None:
    post = world.rng.choice(list(world.posts.values()))
    await posts.remove(tx, post.id, NOON, None, "")
    post.removed = True


async def _deny(tx: Transaction, world: World) -> None:
    host = world.rng.choice(HOSTS[1:])
    await (peers.show(tx, host) if host in world.hidden else peers.hide(tx, host, NOON))
    world.hidden ^= {host}


HAPPENS = (_leave, _join, _block, _choose, _suspend, _remove, _deny, _write)


async def look(store: Store, world: World, me: ActorId | None, *, whole: bool) -> None:
    """Look for everything as somebody, on every way, and compare with what they may open."""
    viewer = STRANGER if me is None else person(me)
    for word in WORDS:
        results = await store.scan(one_box.look, viewer, word, NOON, ALL, home=HOME)
        found = {PostId(one.view.post.id) for one in results.posts}
        allowed = {one.id for one in world.posts.values() if one.word == word and world.may_open(me, one)}
        assert found <= allowed, (me, word)
        if whole:
            assert found == allowed, (me, word)
        for hit in results.people:
            assert world.may_find(me, hit.row.id), (me, word, hit)
            for reason in hit.reasons:
                if reason.key == "wrote":
                    seen = [world.posts[one] for one in found]
                    assert reason.count == len([one for one in seen if one.author == hit.row.id])
        for hit in results.communities:
            assert not world.communities[hit.row.id] or (me, hit.row.id) in world.members
    await _come_across(store, world, me, viewer)


async def _come_across(store: Store, world: World, me: ActorId | None, viewer: Viewer) -> None:
    given: dict[str, Any] = {"newest": True, "local": False, "skipped": 0, "limit": 100}
    listed = await store.scan(findable.directory, viewer, **given)
    listed += await store.scan(findable.suggested, viewer, NOON, limit=100) if me is not None else []
    for one in listed:
        if one.id in world.communities:
            assert not world.communities[one.id]
        elif (me, one.id) not in world.blocked and (one.id, me) not in world.blocked:
            assert one.id not in world.people or world.may_find(me, one.id)


@pytest.mark.parametrize(
    "seed", [*range(3), *(pytest.param(more, marks=pytest.mark.slow) for more in range(3, 20))]
)
async def test_nobody_finds_what_they_may_not_open(node: Node, seed: int) -> None:
    store = node.store
    world = World(random.Random(seed))
    await store.write(draw, world)
    for turn in range(4):
        for me in (None, *world.here()[:4]):
            await look(store, world, me, whole=turn == 0)
        for _ in range(6):
            await store.write(world.rng.choice(HAPPENS), world)
    # What was due is made anew, and then all is found that may be.
    while await store.bulk(search_rows.walk, 500):
        pass
    for me in (None, *world.here()):
        await look(store, world, me, whole=True)
