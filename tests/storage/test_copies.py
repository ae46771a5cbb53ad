"""Which hosts hold an object of ours."""

from storage import copies, memberships, peers
from storage.copies import Holder
from storage.engine import Store, Transaction
from storage.ids import ActorId
from tests.storage import people

POST = "https://leeds.example/posts/1"


async def add_actor(tx: Transaction) -> None:
    await tx.execute(
        """INSERT INTO actors (id, uri, type, handle, host, domain, local, inbox, shared_inbox, created_at,
                updated_at)
        VALUES (1, 'https://york.example/people/ada', 'Person', 'ada', 'york.example', 'york.example', 0,
                'https://york.example/people/ada/inbox', 'https://york.example/inbox', '', '')"""
    )


async def test_a_host_holds_an_object_once_however_often_it_is_sent(store: Store) -> None:
    await store.write(copies.add, POST, [("kent.example", "https://kent.example/inbox")])
    await store.write(copies.add, POST, [("kent.example", "https://kent.example/people/bo/inbox")])
    assert await store.read(copies.holders, POST) == [Holder("kent.example", "https://kent.example/inbox")]
    assert await store.read(copies.holders, "https://leeds.example/posts/2") == []


async def test_of_several_inboxes_of_a_host_the_first_is_noted(store: Store) -> None:
    inboxes = [("kent.example", f"https://kent.example/{name}/inbox") for name in ("shared", "bo", "al")]
    await store.write(copies.add, POST, inboxes)
    assert await store.read(copies.holders, POST) == [Holder(*inboxes[0])]


async def test_a_host_that_fetched_is_told_by_the_inbox_that_somebody_there_shares(store: Store) -> None:
    await store.write(copies.fetched, POST, "york.example")
    await store.write(copies.fetched, POST, "york.example")
    assert await store.read(copies.holders, POST) == [Holder("york.example", None)]
    await store.write(add_actor)
    assert await store.read(copies.holders, POST) == [Holder("york.example", "https://york.example/inbox")]


async def test_a_host_that_fetched_and_is_sent_it_later_has_an_inbox(store: Store) -> None:
    await store.write(copies.fetched, POST, "kent.example")
    await store.write(copies.add, POST, [("kent.example", "https://kent.example/inbox")])
    assert await store.read(copies.holders, POST) == [Holder("kent.example", "https://kent.example/inbox")]


async def test_holders_are_forgotten_with_the_object(store: Store) -> None:
    await store.write(copies.fetched, POST, "kent.example")
    assert await store.write(copies.forget, POST) == 1
    assert await store.read(copies.holders, POST) == []


async def test_who_holds_an_author_or_any_of_their_posts_is_given_once(store: Store) -> None:
    async def add_post(tx: Transaction) -> None:
        await tx.execute(
            """INSERT INTO posts (id, uri, host, local, author_id, type, audience, root_id, published_at)
            VALUES (5, :uri, 'leeds.example', 1, 1, 'Note', 'public', 5, '')""",
            uri=POST,
        )

    await store.write(add_actor)
    await store.write(add_post)
    await store.write(copies.add, POST, [("kent.example", "https://kent.example/inbox")])
    await store.write(copies.fetched, "https://york.example/people/ada", "kent.example")
    await store.write(copies.fetched, "https://york.example/people/ada", "devon.example")
    await store.write(copies.fetched, "https://leeds.example/posts/2", "essex.example")
    assert await store.read(copies.holders_of_author, ActorId(1)) == [
        Holder("devon.example", None),
        Holder("kent.example", "https://kent.example/inbox"),
    ]


async def test_who_hears_of_it_from_a_community_is_told_apart(store: Store) -> None:
    ada = await people.add(store, "ada", "york.example")
    eve = await people.add(store, "eve", "mastodon.example")
    floods = await people.add(store, "floods", kind="Group")
    grit = await people.add(store, "grit", "lemmy.example", kind="Group")
    hosts = ("york.example", "mastodon.example", "lemmy.example", "essex.example", "leeds.example")
    await store.write(copies.add, POST, [(host, f"https://{host}/inbox") for host in hosts])
    for host in hosts:
        kind = "plain" if host == "mastodon.example" else "group"
        await store.write(peers.set_software, host, software="x", version="1", kind=kind, now=people.NOON)
    for person in (ada, eve):
        await people.follow(store, person, floods)
    assert await store.read(copies.told_by, POST, floods) == ["york.example"]
    await store.write(memberships.set_members, grit, [("https://essex.example/people/cy", "essex.example")])
    assert sorted(await store.read(copies.told_by, POST, grit)) == ["essex.example", "lemmy.example"]
