"""What one reader sees of one change."""

import pytest

from fedcop.actions.account import hash_of
from fedcop.mastodon import auth
from fedcop.mastodon.streaming.look import Seen, look
from fedcop.mastodon.streaming.streams import NAMES, Stream
from fedcop.node import Node
from storage.engine import Change
from tests.fedcop.mastodon.conftest import Client
from tests.fedcop.mastodon.methods.test_timelines import account_id

EVERY = frozenset(Stream(name, "gullies" if name.startswith("hashtag") else "") for name in NAMES)


async def seen_by(node: Node, secret: str, change: Change) -> Seen | None:
    _, seen = await node.store.read(
        auth.read_as, hash_of(secret), "read", look, (EVERY, change, node.clock.now()), {}
    )
    return seen


def names(seen: Seen | None) -> set[str]:
    return {stream.name for stream in seen.streams} if seen else set()


@pytest.mark.parametrize(
    ("written", "streams"),
    [
        ({"status": "Hello"}, {"public", "public:local"}),
        ({"status": "Hello #gullies"}, {"public", "public:local", "hashtag", "hashtag:local"}),
        ({"status": "Hello #gullies", "visibility": "unlisted"}, set()),
        ({"status": "Hello", "visibility": "private"}, set()),
        ({"status": "@cai hello", "visibility": "direct"}, set()),
    ],
)
async def test_a_stranger_to_the_author_sees_what_everybody_may_read(
    node: Node, secrets: dict[str, str], ada: Client, written: dict[str, str], streams: set[str]
) -> None:
    made = await ada.post("/api/v1/statuses", **written)
    assert names(await seen_by(node, secrets["ben"], Change("entry", int(made["id"])))) == streams


@pytest.mark.parametrize("kind", ["entry", "edit"])
async def test_an_author_sees_their_own(node: Node, secrets: dict[str, str], ada: Client, kind: str) -> None:
    made = await ada.write("For my followers", visibility="private")
    seen = await seen_by(node, secrets["ada"], Change(kind, int(made["id"])))  # type: ignore[arg-type]
    assert names(seen) == {"user"}


async def test_who_is_muted_is_not_heard(
    node: Node, secrets: dict[str, str], ada: Client, ben: Client
) -> None:
    await ben.post(f"/api/v1/accounts/{await account_id(ben, 'ada')}/mute")
    made = await ada.write("Hello #gullies")
    assert await seen_by(node, secrets["ben"], Change("entry", int(made["id"]))) is None


async def test_what_is_gone_is_told_to_every_stream_that_may_have_held_it(
    node: Node, secrets: dict[str, str]
) -> None:
    tagged = Change("removal", 1, tags=frozenset({"gullies"}))
    assert names(await seen_by(node, secrets["ben"], tagged)) == NAMES - {"user:notification", "direct"}
    other = Change("removal", 1, tags=frozenset({"trees"}))
    assert names(await seen_by(node, secrets["ben"], other)) == NAMES - {
        "user:notification",
        "direct",
        "hashtag",
        "hashtag:local",
    }


async def test_what_others_are_told_is_theirs(
    node: Node, secrets: dict[str, str], ada: Client, ben: Client
) -> None:
    await ada.post(f"/api/v1/accounts/{await account_id(ada, 'ben')}/follow")
    (told,) = await ben.get("/api/v1/notifications")
    change = Change("notification", int(told["id"]))
    assert names(await seen_by(node, secrets["ben"], change)) == {"user", "user:notification"}
    assert await seen_by(node, secrets["cai"], change) is None
