"""What posts quote, and what we authorized."""

import pytest

from storage import blocks, posts, quotes, views, visible
from storage.engine import Store
from storage.ids import PostId
from storage.pages import Page
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
    assert await store.read(quotes.by_stamp, stamp, bea) is None
    assert await store.read(quotes.by_stamp, stamp, ada) == quoting.id
    assert await store.write(quotes.refuse, quoting.id)
    assert (await quote_of(store, quoting)).state == "revoked"
    assert not await store.write(quotes.refuse, quoting.id)


async def test_an_authorization_that_its_post_names_no_more_was_taken_back(store: Store) -> None:
    ada = await people.add(store, "ada")
    new = NewQuote(uri="https://a.example/1", state="accepted", stamp="https://a.example/quotes/1")
    quoting = await written.add(store, ada, quote=new)
    await store.write(quotes.put, quoting.id, NewQuote(uri=new.uri, stamp=new.stamp))
    assert (await quote_of(store, quoting)).state == "accepted"
    await store.write(quotes.put, quoting.id, NewQuote(uri=new.uri))
    assert (await quote_of(store, quoting)).state == "revoked"


async def test_quotes_are_counted_while_they_are_authorized(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    quoted = await written.add(store, ada)

    async def count() -> int:
        held = await store.read(posts.find, SYSTEM, quoted.id)
        assert held is not None
        return held.quotes_count

    first, second = [
        await written.add(store, bea, quote=NewQuote(uri=quoted.uri, state="accepted")) for _ in range(2)
    ]
    await written.add(store, bea, quote=NewQuote(uri=quoted.uri))
    assert await count() == 2
    assert await store.write(quotes.refuse, first.id)
    assert await count() == 1
    assert await store.write(quotes.accept, first.id, "https://kent.example/quotes/1")
    assert not await store.write(quotes.accept, first.id, "https://kent.example/quotes/1")
    assert await count() == 2
    await store.write(posts.remove, first.id, NOON, bea, "")
    await store.write(quotes.put, second.id, NewQuote(uri="https://a.example/1", state="accepted"))
    assert await count() == 0


@pytest.mark.parametrize(
    ("audience", "policy", "may"),
    [
        ("public", "public", "ada bea fan"),
        ("unlisted", "manual", "ada bea fan"),
        ("public", "followers", "ada fan"),
        ("public", "nobody", "ada"),
        ("followers", "public", "ada"),
        ("members", "public", "ada"),
        ("direct", "public", ""),
    ],
)
async def test_who_may_quote_is_its_authors_to_say(
    store: Store, audience: str, policy: str, may: str
) -> None:
    who = {name: await people.add(store, name) for name in ("ada", "bea", "fan")}
    await people.follow(store, who["fan"], who["ada"])
    post = await written.add(store, who["ada"], audience=audience, quote_policy=policy)
    found = [
        name
        for name, actor in who.items()
        if await store.read(quotes.may_quote, visible.person(actor), post.id, "https://a.example/1")
    ]
    assert found == may.split()


async def test_what_was_authorized_may_stay_until_it_is_taken_back(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    post = await written.add(store, ada, quote_policy="public")
    uri, asks = "https://a.example/1", (quotes.may_quote, visible.person(bea), post.id)
    await store.write(quotes.give, 7, post.id, uri)
    assert await store.write(quotes.set_policy, post.id, "nobody")
    assert not await store.write(quotes.set_policy, post.id, "nobody")
    assert await store.read(*asks, uri)
    assert not await store.read(*asks, "https://a.example/2")
    assert await store.write(quotes.take_back, post.id, uri, NOON)
    assert not await store.write(quotes.take_back, post.id, uri, NOON)
    await store.write(quotes.set_policy, post.id, "public")
    assert not await store.read(*asks, uri)
    assert await store.read(*asks, "https://a.example/2")
    assert await store.read(quotes.find_stamp, SYSTEM, 7) is None


async def test_posts_that_quote_one_are_listed_to_who_may_see_them(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    quoted = await written.add(store, ada)
    new = NewQuote(uri=quoted.uri, state="accepted")
    first = await written.add(store, bea, quote=new)
    hidden = await written.add(store, bea, quote=new, audience="followers")
    await written.add(store, bea, quote=NewQuote(uri=quoted.uri))
    for viewer, ids in ((visible.person(bea), [hidden.id, first.id]), (visible.person(ada), [first.id])):
        assert await store.read(quotes.quoting, viewer, quoted.id, Page(limit=9)) == ids
    assert await store.read(quotes.author_here, SYSTEM, first.id) == ada


async def test_an_answer_finds_the_quote_that_asked(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    quoted = await written.add(store, ada)
    asked = "https://kent.example/activities/5"
    quoting = await written.add(store, bea, quote=NewQuote(uri=quoted.uri, asked=asked))
    await store.write(quotes.put, quoting.id, NewQuote(uri=quoted.uri))
    assert await store.read(quotes.asked, ada, asked, None, None) == quoting.id
    assert await store.read(quotes.asked, ada, None, quoting.uri, quoted.uri) == quoting.id
    assert await store.read(quotes.asked, bea, asked, quoting.uri, quoted.uri) is None
    assert await store.write(quotes.refuse, quoting.id)
    assert (await quote_of(store, quoting)).state == "rejected"


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
