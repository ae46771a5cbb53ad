"""Servers that try to read a members-only community: none gets a byte of it.

Each attempt gives all that was answered, headers too, and no word, id or name of the community may be in it.
"""

import pytest

from fedcop.actions import allowlist
from storage import media
from storage.visible import SYSTEM
from tests.support.leaks import Attempts, Leaky, Tried

ATTEMPTS = Attempts()
SHELTER = "https://kent.example/communities/shelter"

STRANGER = "a server of other software, allowed and signed"
CUT_OFF = "a node whose last member has left"


@ATTEMPTS.by("anybody, unsigned", "posts and activities by their ids", "401")
async def ids_unsigned(leaky: Leaky) -> list[str]:
    return [await leaky.unsigned(uri) for uri in await _ids(leaky)]


@ATTEMPTS.by("anybody, unsigned", "outbox, followers, pinned posts, thread", "401")
async def collections_unsigned(leaky: Leaky) -> list[str]:
    return [await leaky.unsigned(uri) for uri in await _collections(leaky)]


@ATTEMPTS.by("anybody, unsigned", "`context` and `replies` of a post", "401")
async def threads_unsigned(leaky: Leaky) -> list[str]:
    return [await leaky.unsigned(uri) for uri in _threads(leaky)]


@ATTEMPTS.by(STRANGER, "a post by its id, of the community's node", "404")
async def post_signed(leaky: Leaky) -> list[str]:
    return [await leaky.signed(leaky.answer.uri), await leaky.signed(leaky.late.uri)]


@ATTEMPTS.by(STRANGER, "a post by its id, of its author's node", "404")
async def post_of_author(leaky: Leaky) -> list[str]:
    return [await leaky.signed(leaky.first.uri)]


@ATTEMPTS.by(STRANGER, "the Create and the Announce by their ids", "404")
async def activities_signed(leaky: Leaky) -> list[str]:
    return [await leaky.signed(uri) for uri in await _ids(leaky)]


@ATTEMPTS.by(STRANGER, "the outbox", "404")
async def outbox_signed(leaky: Leaky) -> list[str]:
    return [await leaky.signed(f"{SHELTER}/outbox")]


@ATTEMPTS.by(STRANGER, "the followers", "how many, as of any community")
async def followers_signed(leaky: Leaky) -> list[str]:
    answer = await leaky.signed(f"{SHELTER}/followers")
    return [answer, *[f"LEAK {name}" for name in ("dee", "kay", "fin") if f"people/{name}" in answer]]


@ATTEMPTS.by(STRANGER, "whether somebody is a member (`is_follower`)", "404")
async def is_follower_signed(leaky: Leaky) -> list[str]:
    yes = await leaky.mastodon.get(f"{SHELTER}/followers?is_follower={leaky.closed.dee.uri}", by=leaky.sam)
    no = await leaky.mastodon.get(f"{SHELTER}/followers?is_follower={leaky.closed.dan.uri}", by=leaky.sam)
    return ["" if (yes.status, no.status) == (404, 404) else "LEAK"]


@ATTEMPTS.by(STRANGER, "the members of its own (FEP-8fcf)", "none")
async def synchronisation_signed(leaky: Leaky) -> list[str]:
    answer = await leaky.signed(f"{SHELTER}/followers/synchronization")
    return [answer, "LEAK" if "people/" in answer else ""]


@ATTEMPTS.by(STRANGER, "the pinned posts", "an empty collection")
async def featured_signed(leaky: Leaky) -> list[str]:
    answer = await leaky.signed(f"{SHELTER}/featured")
    return [answer, "" if '"totalItems":0' in answer else "LEAK"]


@ATTEMPTS.by(STRANGER, "the whole thread, at the community", "404")
async def thread_signed(leaky: Leaky) -> list[str]:
    return [await leaky.signed(uri) for uri in await _thread(leaky)]


@ATTEMPTS.by(STRANGER, "`context` and `replies`, at both nodes", "404")
async def contexts_signed(leaky: Leaky) -> list[str]:
    return [await leaky.signed(uri) for uri in _threads(leaky)]


@ATTEMPTS.by(STRANGER, "a picture, at its author's node", "404")
async def picture_signed(leaky: Leaky) -> list[str]:
    return [await leaky.signed(url) for url in await _pictures(leaky)]


@ATTEMPTS.by(STRANGER, "how many posts a member and the community have", "0")
async def counts_signed(leaky: Leaky) -> list[str]:
    answer = await leaky.signed(f"{leaky.closed.kay.uri}/outbox")
    return ["" if '"totalItems":0' in answer else "LEAK"]


@ATTEMPTS.by(STRANGER, "whether an id is a post of theirs, by how 404 is said", "as for an id of nothing")
async def timing_signed(leaky: Leaky) -> list[str]:
    there = await leaky.mastodon.get(leaky.answer.uri, by=leaky.sam)
    nothing = await leaky.mastodon.get("https://kent.example/posts/12345", by=leaky.sam)
    return ["" if (there.status, there.body) == (nothing.status, nothing.body) else "LEAK"]


@ATTEMPTS.by(STRANGER, "NodeInfo", "no counts")
async def nodeinfo(leaky: Leaky) -> list[str]:
    answer = await leaky.unsigned("https://kent.example/nodeinfo/2.1")
    return [answer, "LEAK" if '"localPosts":1' in answer else ""]


@ATTEMPTS.by("a fedcop node without a member", "outbox, followers, pinned posts, thread", "404, or a number")
async def collections_by_fedcop(leaky: Leaky) -> list[str]:
    return [await leaky.as_node(leaky.surrey, uri) for uri in await _collections(leaky)]


@ATTEMPTS.by("a fedcop node without a member", "posts, activities and pictures by their ids", "404")
async def ids_by_fedcop(leaky: Leaky) -> list[str]:
    asked = [*await _ids(leaky), *await _pictures(leaky)]
    return [await leaky.as_node(leaky.surrey, uri) for uri in asked]


@ATTEMPTS.by(CUT_OFF, "posts and activities by their ids, those of before too", "404")
async def ids_by_former(leaky: Leaky) -> list[str]:
    return [await leaky.as_node(leaky.closed.essex, uri) for uri in await _ids(leaky)]


@ATTEMPTS.by(CUT_OFF, "outbox, followers, pinned posts, thread", "404, or a number")
async def collections_by_former(leaky: Leaky) -> list[str]:
    return [await leaky.as_node(leaky.closed.essex, uri) for uri in await _collections(leaky)]


@ATTEMPTS.by(CUT_OFF, "`context` and `replies`, at both nodes", "404")
async def threads_by_former(leaky: Leaky) -> list[str]:
    return [await leaky.as_node(leaky.closed.essex, uri) for uri in _threads(leaky)]


@ATTEMPTS.by(CUT_OFF, "a picture, at its author's node and at the community's", "404")
async def pictures_by_former(leaky: Leaky) -> list[str]:
    return [await leaky.as_node(leaky.closed.essex, url) for url in await _pictures(leaky)]


@ATTEMPTS.by(CUT_OFF, "what is said after that, by delivery", "nothing is sent")
async def deliveries_to_former(leaky: Leaky) -> list[str]:
    await leaky.closed.begin(leaky.kent, leaky.closed.kay, "Kingfisher once more")
    sent = [one for one in leaky.closed.network.router.seen if one.url.startswith("https://essex.example")]
    return [one.body.decode() for one in sent if one.method == "POST"]


@ATTEMPTS.by("a member's node", "posts and activities by their ids", "404")
async def ids_by_member(leaky: Leaky) -> list[str]:
    at_kent = [uri for uri in await _ids(leaky) if uri.startswith("https://kent.example")]
    return [await leaky.as_node(leaky.closed.devon, uri) for uri in at_kent]


@ATTEMPTS.by("a node that was taken off the list", "all of these addresses", "403")
async def everything_by_denied(leaky: Leaky) -> list[str]:
    await allowlist.deny(leaky.kent.node, "surrey.example", by="t")
    asked = [*await _ids(leaky), *await _collections(leaky), *await _pictures(leaky)]
    at_kent = [uri for uri in asked if uri.startswith("https://kent.example")]
    answers = [await leaky.as_node(leaky.surrey, uri) for uri in at_kent]
    await allowlist.forget(leaky.kent.node, "surrey.example", by="t")
    return answers


async def _ids(leaky: Leaky) -> list[str]:
    found = [leaky.first.uri, leaky.answer.uri, leaky.late.uri]
    return found + [uri for uri in await leaky.secrets() if "/activities/" in uri]


async def _thread(leaky: Leaky) -> list[str]:
    rows = [await leaky.row(leaky.kent, post) for post in (leaky.first, leaky.late)]
    return [f"{SHELTER}/threads/{row}" for row in rows]


async def _collections(leaky: Leaky) -> list[str]:
    return [f"{SHELTER}/{name}" for name in ("outbox", "followers", "featured")] + await _thread(leaky)


def _threads(leaky: Leaky) -> list[str]:
    posts = (leaky.first, leaky.late, leaky.answer)
    return [f"{post.uri}/{name}" for post in posts for name in ("context", "replies")]


async def _pictures(leaky: Leaky) -> list[str]:
    found = []
    for council in (leaky.closed.devon, leaky.kent):
        held = await council.post(leaky.first.uri)
        assert held is not None
        (file,) = await council.node.store.read(media.of_post, SYSTEM, held.id)
        found.append(council.url(f"/media/{file.id}/original"))
    return found


@pytest.mark.parametrize("tried", ATTEMPTS, ids=lambda tried: tried.run.__name__)
@pytest.mark.asyncio(loop_scope="module")
async def test_no_server_gets_a_byte(leaky: Leaky, tried: Tried) -> None:
    answers = " ".join(await tried.run(leaky)).lower()
    assert "leak" not in answers
    assert [secret for secret in await leaky.secrets() if secret.lower() in answers] == []


@pytest.mark.asyncio(loop_scope="module")
async def test_a_members_node_is_given_what_the_others_tried_to_get(leaky: Leaky) -> None:
    devon = leaky.closed.devon
    collections = [await leaky.as_node(devon, uri) for uri in await _collections(leaky)]
    assert [
        "Kingfisher" in answer or "Heron" in answer or "people/dee" in answer for answer in collections
    ] == [True] * len(collections)
    at_kent = await _pictures(leaky)
    assert "image/" in await leaky.as_node(devon, at_kent[0]) + await leaky.as_node(leaky.kent, at_kent[0])
