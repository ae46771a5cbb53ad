"""A thread of another node, read as whole as its nodes give it: upward by what is answered, then downward.

    await fetch.thread(node, post_id)       somebody here opened it; nothing that a peer sends sets this off

Downward the collection is read that the first post names as its ``context``, if its own node or the
community's serves that (FEP-7888, FEP-f228); without it the ``replies`` of each post, as Mastodon's are read
(federation.md 4.5). What is listed there is asked of its own node, if that is on the list; only what stands
in a collection of the very same origin is taken as it stands. It is stored if it answers something in the
thread: a list that names anything else makes us store nothing.
"""

import asyncio
import contextlib
from collections import defaultdict, deque

from activitypub import vocab
from activitypub.document import Document
from activitypub.errors import RemoteFault
from activitypub.origin import host_of, same_origin
from activitypub.vocab import registry
from fedcop.errors import Refusal
from fedcop.fetch import posts as fetched
from fedcop.fetch import spending
from fedcop.fetch.collections import items
from fedcop.node import Node
from fedcop.policy.pictures import EVERYBODY
from storage import actors, posts
from storage.actors import Actor
from storage.engine import Reader
from storage.ids import PostId
from storage.posts import Post
from storage.visible import SYSTEM

# Of one reading; a longer thread comes in several (federation.md 1.6, 4.5).
MOST_ABOVE = 50
MOST_BELOW = 50
MOST_REQUESTS = 150
MOST_BYTES = 16_777_216
WITHIN = 60  # seconds


async def thread(node: Node, post_id: PostId) -> None:
    """Read what is missing of the thread in which a post stands, within the budget above.

    Only of a thread for everybody that began elsewhere; one in a community of ours comes to us by itself.
    Raises ``RemoteFault`` or a Refusal when its first post cannot be asked for; what else is not to be had is
    left out.
    """
    with spending.at_most(MOST_REQUESTS, octets=MOST_BYTES), contextlib.suppress(TimeoutError):
        async with asyncio.timeout(WITHIN):
            root = await _top(node, post_id)
            post = await node.store.read(posts.find, SYSTEM, post_id)
            if root is None or post is None:
                return
            community = await node.store.read(_community, root)
            if is_elsewhere(root, community):
                await _Reading(node, root, community).run(post)


def is_elsewhere(root: Post, community: Actor | None) -> bool:
    """Tell whether a thread for everybody is kept by another node, so that some of it may be missing here.

    What only members read comes from its community, and by no other way (decision 9).
    """
    if root.local or root.removed_at is not None or root.audience not in EVERYBODY:
        return False
    return community is None or not (community.local or community.approves)


async def _top(node: Node, post_id: PostId) -> Post | None:
    """Give what began the thread, after what was missing above it was asked for."""
    root = await node.store.read(_root, post_id)
    if root is not None and root.in_reply_to is not None:
        with contextlib.suppress(RemoteFault, Refusal):
            await fetched.post(node, root.in_reply_to, budget=MOST_ABOVE)
        root = await node.store.read(_root, post_id)
    return root


async def _root(read: Reader, post_id: PostId) -> Post | None:
    post = await posts.find(read, SYSTEM, post_id)
    return await posts.find(read, SYSTEM, post.root_id) if post is not None else None


async def _community(read: Reader, root: Post) -> Actor | None:
    return await actors.find(read, SYSTEM, root.community_id) if root.community_id is not None else None


class _Reading:
    """What one reading of a thread has seen and may still spend."""

    def __init__(self, node: Node, root: Post, community: Actor | None) -> None:
        self._node = node
        self._root = root
        self._owners = [root.uri, *([community.uri] if community is not None else [])]
        self._left = MOST_BELOW
        self._seen = {root.uri}
        self._collections: deque[str] = deque()
        self._early: defaultdict[str, list[vocab.Post]] = defaultdict(list)  # by what they answer

    async def run(self, opened: Post) -> None:
        """Read what hangs below the first post, and below the one that was opened."""
        first = await fetched.given(self._node, self._root.uri)
        if first is None:
            return
        context = first.context or ""
        if any(same_origin(context, uri) for uri in self._owners) and await self._collection(context):
            return  # it is the whole thread, so no replies are asked for
        self._remember(first)
        await self._look_at(opened)
        while self._collections and self._left > 0:
            await self._collection(self._collections.popleft())

    async def _look_at(self, opened: Post) -> None:
        """Have the replies to the post that was opened read: the way down to it may be long."""
        if opened.id == self._root.id or opened.local:
            return
        with contextlib.suppress(RemoteFault, Refusal):
            found = await fetched.given(self._node, opened.uri)
            if found is not None:
                self._remember(found)

    async def _collection(self, uri: str) -> bool:
        """Take what a collection lists; tell whether it lists anything."""
        try:
            listed = await items(self._node, uri)
        except (RemoteFault, Refusal):
            return False
        for item in listed:
            if self._left <= 0:
                break
            # One that cannot be had does not keep the others from being read.
            with contextlib.suppress(RemoteFault, Refusal):
                await self._item(item, uri)
        return bool(listed)

    async def _item(self, item: Document | str, uri: str) -> None:
        name, found = offered(item, uri)
        if name is None or name in self._seen:
            return
        self._seen.add(name)
        if not await self._is_wanted(name):
            return
        self._left -= 1
        found = found or await fetched.given(self._node, name)
        if found is not None:
            await self._place(found)

    async def _is_wanted(self, uri: str) -> bool:
        node = self._node
        if node.uris.is_ours(uri) or not node.allows(host_of(uri)):
            return False
        return await node.store.read(posts.find_by_uri, SYSTEM, uri) is None

    async def _place(self, found: vocab.Post) -> None:
        """Store a post whose parent is in the thread, and what waited for it; any other waits."""
        if found.in_reply_to is None:
            return
        if not await self._holds(found.in_reply_to):
            self._early[found.in_reply_to].append(found)
            return
        ready = [found]
        while ready:
            one = ready.pop()
            with contextlib.suppress(RemoteFault, Refusal):
                await fetched.keep(self._node, one, audiences=EVERYBODY)
            if await self._holds(one.id):
                self._remember(one)
                ready += self._early.pop(one.id, [])

    async def _holds(self, uri: str) -> bool:
        """Tell whether a post stands in this thread; a removed one still has its place."""
        post = await self._node.store.read(posts.find_by_uri, SYSTEM, uri)
        return post is not None and post.root_id == self._root.id

    def _remember(self, post: vocab.Post) -> None:
        """Have the replies to a post read later on, if its own node serves them."""
        if post.replies is not None and same_origin(post.replies, post.id):
            self._collections.append(post.replies)


def offered(item: Document | str, uri: str) -> tuple[str | None, vocab.Post | None]:
    """Give the id of a post that a collection lists, and the post if it may be taken as it stands there.

    ``uri`` is the collection's address. A post may stand in a Create, and that in an Announce.
    """
    if isinstance(item, str):
        return item, None
    thing: object = registry.read(item)
    for _ in range(2):
        if isinstance(thing, vocab.Activity) and thing.type in ("Create", "Announce"):
            thing = thing.object
    if isinstance(thing, str):
        return thing, None
    if not isinstance(thing, vocab.Post):
        return None, None
    own = same_origin(thing.id, uri) and same_origin(thing.attributed_to or "", uri)
    return thing.id, thing if own else None
