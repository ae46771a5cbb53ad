"""What posts quote, and what we authorized."""

import pytest

from storage import blocks, posts, quotes, views, visible
from storage.engine import Store
from storage.ids import PostId
from storage.posts import NewPost
from storage.quotes import NewQuote, Quote
from storage.visible import STRANGER, SYSTEM, Viewer
from tests.storage import people, written
from tests.storage.people import NOON


async def quote_of(store: Store, post: NewPost, viewer: Viewer = SYSTEM) -> Quote:
    return (await store.read(quotes.of_posts, viewer, [post.id]))[post.id]


async def test_a_quoted_post_may_come_later_and_may_go(store: Store) -> None:
    ada = await people.add(store, "ada")
    quoting = await written.add(store, ada, quote=NewQuote(uri="https://kent.example/posts/99"))
    found = await quote_of(store, quoting)
    assert (found.state, found.held, found.quoted_id) == ("pending", False, None)
    quoted = await written.add(store, ada, uri="https://kent.example/posts/99")
    found = await quote_of(store, quoting)
    assert (found.held, found.quoted_id) == (True, quoted.id)
    await store.write(posts.remove, quoted.id, NOON, ada, "")
    found = await quote_of(store, quoting)
    assert (found.removed, found.quoted_id) == (True, None)


@pytest.mark.parametrize("audience", ["followers", "direct", "members"])
async def test_of_a_quoted_post_only_what_one_may_see_is_given(store: Store, audience: str) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    quoted = await written.add(store, ada, audience=audience)
    quoting = await written.add(store, bea, quote=NewQuote(uri=quoted.uri, state="accepted"))
    for viewer, seen in ((visible.person(ada), True), (visible.person(bea), False), (STRANGER, False)):
        (view,) = await store.read(views.views, viewer, [quoting.id])
        assert view.quote is not None
        assert (view.quote.quote.quoted_id is not None, view.quote.view is not None) == (seen, seen)
        assert view.quote.quote.held


async def test_whom_one_blocked_is_marked(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    quoted = await written.add(store, ada)
    quoting = await written.add(store, bea, quote=NewQuote(uri=quoted.uri, state="accepted"))
    await store.write(blocks.block, people.new_id(), bea, ada, None)
    assert (await quote_of(store, quoting, visible.person(bea))).blocked
    assert not (await quote_of(store, quoting, visible.person(ada))).blocked


async def test_what_was_found_out_stays_until_something_else_is(store: Store) -> None:
    ada = await people.add(store, "ada")
    quoting = await written.add(store, ada, quote=NewQuote(uri="https://a.example/1", state="accepted"))
    await store.write(quotes.put, quoting.id, NewQuote(uri="https://a.example/1"))
    assert (await quote_of(store, quoting)).state == "accepted"
    await store.write(quotes.put, quoting.id, NewQuote(uri="https://a.example/2"))
    assert (await quote_of(store, quoting)).state == "pending"
    await store.write(quotes.put, quoting.id, None)
    assert await store.read(quotes.of_posts, SYSTEM, [quoting.id]) == {}
    held = await store.read(posts.find, SYSTEM, quoting.id)
    assert held is not None
    assert not held.has_quote


async def test_only_whom_a_post_quotes_takes_an_authorization_back(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    quoted = await written.add(store, ada)
    stamp = "https://kent.example/quotes/7"
    new = NewQuote(uri=quoted.uri, state="accepted", stamp=stamp)
    quoting = await written.add(store, bea, quote=new)
    assert not await store.write(quotes.revoke, stamp, bea)
    assert (await quote_of(store, quoting)).state == "accepted"
    assert await store.write(quotes.revoke, stamp, ada)
    assert (await quote_of(store, quoting)).state == "revoked"


async def test_an_authorization_is_given_once_and_stands_with_its_post(store: Store) -> None:
    ada = await people.add(store, "ada")
    post = await written.add(store, ada)
    quoting_uri = "https://surrey.example/notes/1"
    assert await store.read(quotes.given, post.id, quoting_uri) is None
    await store.write(quotes.give, 7, post.id, quoting_uri)
    await store.write(quotes.give, 8, post.id, quoting_uri)
    assert await store.read(quotes.given, post.id, quoting_uri) == 7
    stamp = await store.read(quotes.find_stamp, STRANGER, 7)
    assert stamp is not None
    assert (stamp.quoting_uri, stamp.quoted_uri, stamp.author_id) == (quoting_uri, post.uri, ada)
    narrow = await written.add(store, ada, audience="direct")
    await store.write(quotes.give, 9, narrow.id, quoting_uri)
    assert await store.read(quotes.find_stamp, STRANGER, 9) is None
    await store.write(posts.remove, PostId(post.id), NOON, ada, "")
    assert await store.read(quotes.find_stamp, STRANGER, 7) is None
