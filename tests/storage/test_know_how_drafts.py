"""Know-how while it is made."""

from datetime import timedelta

import msgspec

from storage import deliveries, know_how_drafts, posts, visible
from storage.deliveries import NewBody
from storage.engine import Reader, Store, Transaction
from storage.ids import ActorId, PostId, RowId
from storage.know_how_drafts import KnowHowDraft, NewDraft
from storage.visible import STRANGER, SYSTEM
from tests.storage import people, written
from tests.storage.people import NOON, new_id

SOON = NOON + timedelta(days=7)


class World(msgspec.Struct):
    """Ada drafts what ben and cat said."""

    store: Store
    ada: ActorId
    ben: ActorId
    cat: ActorId
    floods: ActorId
    said: list[PostId]
    draft_id: RowId

    async def held(self) -> KnowHowDraft:
        found = await self.store.read(know_how_drafts.find, SYSTEM, self.draft_id)
        assert found is not None
        return found

    async def told(self) -> None:
        version = (await self.held()).version
        assert await self.store.write(
            know_how_drafts.tell, self.draft_id, version, [self.ben, self.cat], SOON
        )
        for one in (self.ben, self.cat):
            await self.store.write(know_how_drafts.told, self.draft_id, one, None, NOON)

    async def answer(self, who: ActorId, said: str) -> bool:
        return await self.store.write(know_how_drafts.answer, self.draft_id, who, said, "why", NOON)

    async def due(self) -> list[RowId]:
        return [one.id for one in await self.store.read(know_how_drafts.due, SOON, 9)]


async def world(store: Store) -> World:
    ada, ben, cat = [await people.add(store, name) for name in ("ada", "ben", "cat")]
    floods = await people.add(store, "floods", kind="Group")
    root = await written.add(store, ben, community_id=floods)
    reply = await written.answer(store, cat, root)
    made = World(store, ada, ben, cat, floods, [root.id, reply.id], RowId(new_id()))
    new = NewDraft(
        by_actor=ada, community_id=floods, root_id=root.id, title="T", lead="L", language="cy",
        licence="urn:x", months=6,
    )  # fmt: skip
    await store.write(know_how_drafts.add, made.draft_id, new, made.said, NOON)
    return made


async def test_a_draft_is_seen_by_who_makes_it_and_who_facilitates(store: Store) -> None:
    made = await world(store)
    held = await made.held()
    assert (held.title, held.lead, held.language, held.state, held.version) == ("T", "L", "cy", "draft", 1)

    async def facilitate(tx: Transaction) -> None:
        await tx.execute(
            "INSERT INTO facilitators (community_id, actor_id, lead, added_at) VALUES (:c, :a, 1, :now)",
            c=made.floods, a=made.cat, now=NOON,
        )  # fmt: skip

    await store.write(facilitate)
    for viewer, sees in (
        (visible.person(made.ada), True), (visible.person(made.cat), True),
        (visible.person(made.ben), False), (STRANGER, False),
    ):  # fmt: skip
        assert (await store.read(know_how_drafts.find, viewer, made.draft_id) is not None) is sees
        assert len(await store.read(know_how_drafts.of_community, viewer, made.floods, limit=9)) == sees


async def test_a_change_wants_the_latest_version_and_forgets_answers(store: Store) -> None:
    made = await world(store)
    await made.told()
    assert await made.answer(made.ben, "agree")
    assert await made.answer(made.cat, "leave_out")
    held = await made.held()
    new = NewDraft(
        by_actor=made.ada, community_id=made.floods, root_id=held.root_id, title="U", lead="", language=None,
        licence="urn:y", months=3,
    )  # fmt: skip
    assert not await store.write(know_how_drafts.change, made.draft_id, held.version - 1, new, made.said)
    assert await store.write(know_how_drafts.change, made.draft_id, held.version, new, made.said)
    changed = await made.held()
    assert (changed.title, changed.state, changed.due_at) == ("U", "draft", None)
    assert [one.answer for one in await store.read(know_how_drafts.answers, made.draft_id)] == ["leave_out"]
    assert await store.read(know_how_drafts.picked, SYSTEM, made.draft_id) == made.said[:1]


async def test_it_is_due_once_everybody_was_told_and_had_their_time(store: Store) -> None:
    made = await world(store)
    assert await store.write(know_how_drafts.tell, made.draft_id, 1, [made.ben, made.cat], SOON)
    assert not await store.write(know_how_drafts.tell, made.draft_id, 1, [made.ben], SOON)
    assert await made.due() == []
    untold = await store.read(know_how_drafts.untold, 9)
    assert [one.actor_id for one in untold] == [made.ben, made.cat]
    for one in untold:
        await store.write(know_how_drafts.told, one.draft_id, one.actor_id, None, NOON)
    assert await store.read(know_how_drafts.untold, 9) == []
    assert await store.read(know_how_drafts.due, NOON, 9) == []
    assert await made.due() == [made.draft_id]
    await store.write(know_how_drafts.put_off, made.draft_id, SOON + timedelta(hours=1))
    assert await made.due() == []


async def test_its_time_is_over_when_all_have_said_something(store: Store) -> None:
    made = await world(store)
    await made.told()
    assert await made.answer(made.ben, "agree")
    assert await store.read(know_how_drafts.due, NOON, 9) == []
    assert await made.answer(made.cat, "leave_out")
    assert len(await store.read(know_how_drafts.due, NOON, 9)) == 1
    assert not await made.answer(made.cat, "agree")
    assert not await made.answer(made.ada, "agree")


async def test_what_was_made_ready_before_an_objection_is_not_published(store: Store) -> None:
    made = await world(store)
    await made.told()
    ready = (await made.held()).version
    await made.answer(made.cat, "leave_out")
    assert not await store.write(know_how_drafts.close, made.draft_id, ready, PostId(1))
    assert await store.write(know_how_drafts.close, made.draft_id, ready + 1, PostId(1))
    held = await made.held()
    assert (held.state, held.post_id) == ("published", 1)
    assert not await store.write(know_how_drafts.stop, made.draft_id)
    assert await made.answer(made.ben, "leave_out"), "who objects later is heard too"
    assert (await made.held()).state == "published"


async def test_one_word_stops_it(store: Store) -> None:
    made = await world(store)
    await made.told()
    await made.answer(made.ben, "stop")
    assert (await made.held()).state == "stopped"
    assert await made.due() == []
    await made.told()
    assert [one.answer for one in await store.read(know_how_drafts.answers, made.draft_id)] == ["", ""]
    assert await store.write(know_how_drafts.stop, made.draft_id)
    assert (await made.held()).due_at is None


async def test_a_post_that_goes_leaves_every_draft(store: Store) -> None:
    made = await world(store)
    await store.write(posts.remove, made.said[1], NOON, made.cat, "")
    assert await store.read(know_how_drafts.picked, SYSTEM, made.draft_id) == made.said[:1]
    assert (await made.held()).version == 2

    async def left(read: Reader) -> int:
        return int(await read.value("SELECT COUNT(*) FROM know_how_picks"))

    assert await store.read(left) == 1


async def test_who_was_not_reached_is_known_while_what_tells_them_waits(store: Store) -> None:
    made = await world(store)
    await made.told()
    note = await written.add(store, made.ada, audience="direct")
    await store.write(know_how_drafts.told, made.draft_id, made.ben, note.id, NOON)
    assert await store.read(know_how_drafts.unreached, made.draft_id) == []

    async def wait(tx: Transaction) -> None:
        body = NewBody(
            uri="https://kent.example/a/1", type="Create", object_uri=note.uri, sender_id=made.ada, body=b"{}"
        )
        await deliveries.add_body(tx, RowId(1), body)
        await deliveries.add(tx, RowId(1), [("york.example", "https://york.example/inbox")], NOON)

    await store.write(wait)
    assert await store.read(know_how_drafts.unreached, made.draft_id) == [made.ben]
    await made.answer(made.ben, "agree")
    assert await store.read(know_how_drafts.unreached, made.draft_id) == []


async def test_a_draft_is_handed_over_with_its_note(store: Store) -> None:
    made = await world(store)
    await made.told()
    assert await store.write(know_how_drafts.close, made.draft_id, (await made.held()).version, PostId(7))
    await store.write(know_how_drafts.hand_over, PostId(7), made.cat, PostId(8))
    held = await made.held()
    assert (held.by_actor, held.post_id) == (made.cat, 8)
