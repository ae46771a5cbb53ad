"""Everyone met: people, communities and node actors, ours and others'.

    actor = await store.read(actors.find_by_handle, viewer, "ada", "kent.example")

A handle is looked for in lower case. Who may see an actor at all is ``visible.ACTOR``; how much of it is
shown is for whoever writes it out.
"""

import json
from collections.abc import Sequence
from datetime import datetime

import msgspec

from storage import practices, sealed, search_rows, visible
from storage.engine import Reader, Transaction
from storage.errors import Conflict
from storage.ids import ActorId
from storage.row import Row
from storage.visible import Viewer


class Shown(Row, frozen=True):
    """What of an actor stands beside a post: a page of posts reads this much and no more."""

    id: ActorId
    uri: str
    type: str
    handle: str
    domain: str
    display_name: str
    summary: str
    url: str
    followers_uri: str | None
    icon: str | None
    icon_text: str
    image: str | None
    image_text: str
    fields: str
    approves: bool
    bot: bool
    findable: str
    whole: bool  # the viewer may read the profile; else the card alone (``visible.PROFILE``)
    indexable: bool
    hides_follows: bool
    tabs: str
    state: str
    followers_count: int
    following_count: int
    posts_count: int
    last_post_at: datetime | None
    created_at: datetime


class Actor(Shown, frozen=True):
    """One row of actors."""

    host: str
    local: bool
    summary_source: str
    inbox: str
    shared_inbox: str | None
    outbox: str | None
    following_uri: str | None
    featured_uri: str | None
    facilitators_uri: str | None
    also_known_as: str
    author_of: str
    practice: str
    moved_to: str | None
    updated_at: datetime
    fetched_at: datetime | None


class Listed(Actor, frozen=True):
    """An actor with the id of the row that puts it on a list, by which the list is paged."""

    row_id: int


class Field(msgspec.Struct, frozen=True):
    """One line of a profile: a name and clean HTML."""

    name: str
    value: str


class Tabs(msgspec.Struct, frozen=True):
    """What of a profile is shown beside its posts."""

    media: bool = True
    media_replies: bool = True
    featured: bool = True


class NewActor(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an actor when it is made here or fetched."""

    uri: str
    type: str
    handle: str
    host: str
    domain: str
    local: bool
    display_name: str = ""
    summary: str = ""
    summary_source: str = ""
    url: str = ""
    inbox: str = ""
    shared_inbox: str | None = None
    outbox: str | None = None
    followers_uri: str | None = None
    following_uri: str | None = None
    featured_uri: str | None = None
    facilitators_uri: str | None = None
    icon: str | None = None
    icon_text: str = ""
    image: str | None = None
    image_text: str = ""
    fields: str = "[]"
    also_known_as: str = "[]"
    approves: bool = False
    bot: bool = False
    findable: str = "members"
    indexable: bool = False
    hides_follows: bool = False
    tabs: str = "{}"
    author_of: str = "[]"
    practice: str = "{}"
    moved_to: str | None = None
    readers: str = "[]"  # communities whose members alone may read it, where its node says so
    created_at: datetime
    updated_at: datetime
    fetched_at: datetime | None = None


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """What an actor of ours says about itself and may change."""

    display_name: str
    summary: str
    summary_source: str
    icon: str | None
    icon_text: str
    image: str | None
    image_text: str
    fields: str
    approves: bool
    bot: bool
    findable: str
    indexable: bool
    hides_follows: bool
    tabs: str
    author_of: str
    practice: str
    also_known_as: str


def profile_of(actor: Actor) -> Profile:
    """Give the profile that an actor has, to be replaced in part and stored again."""
    return Profile(**{name: getattr(actor, name) for name in Profile.__struct_fields__})


def fields_of(actor: Shown) -> list[Field]:
    """Give the lines of an actor's profile."""
    return msgspec.json.decode(actor.fields, type=list[Field])


def tabs_of(actor: Shown) -> Tabs:
    """Give what of an actor's profile is shown."""
    return msgspec.json.decode(actor.tabs, type=Tabs)


def sites_of(actor: Actor) -> list[str]:
    """Give the sites whose links may name an actor as their author."""
    return msgspec.json.decode(actor.author_of, type=list[str])


def aliases_of(actor: Actor) -> list[str]:
    """Give the ids that an actor says it is also known as."""
    return msgspec.json.decode(actor.also_known_as, type=list[str])


# The columns of ``Actor`` and of ``Shown`` over the alias ``a``.
COLUMNS = visible.with_profile(f"a.{name}" for name in Actor.__struct_fields__)
SHOWN = visible.with_profile(f"a.{name}" for name in Shown.__struct_fields__)

_GIVEN = tuple(name for name in NewActor.__struct_fields__ if name != "readers")
_KEPT = frozenset({"uri", "local", "created_at", "approves"})
_REPLACED = ", ".join(f"{name} = excluded.{name}" for name in _GIVEN if name not in _KEPT)
# A community that only its members read never becomes public, whatever its node says (decision 9).
_REPLACED += """, approves = CASE WHEN actors.type = 'Group' AND actors.approves = 1 THEN 1
    ELSE excluded.approves END"""

FIND = f"SELECT {COLUMNS} FROM actors AS a WHERE a.id = :actor_id AND {visible.ACTOR}"


async def find(read: Reader, viewer: Viewer, actor_id: ActorId) -> Actor | None:
    """Give an actor by its row id."""
    return await read.one(Actor, FIND, actor_id=actor_id, **visible.parameters(viewer))


FIND_BY_URI = f"SELECT {COLUMNS} FROM actors AS a WHERE a.uri = :uri AND {visible.ACTOR}"


async def find_by_uri(read: Reader, viewer: Viewer, uri: str) -> Actor | None:
    """Give an actor by its id on the network."""
    return await read.one(Actor, FIND_BY_URI, uri=uri, **visible.parameters(viewer))


FIND_BY_HANDLE = f"""
-- A person comes before a community that shares the handle, as Lemmy lets them.
SELECT {COLUMNS} FROM actors AS a
 WHERE a.handle = :handle AND a.domain = :domain AND a.state <> 'deleted' AND {visible.ACTOR}
 ORDER BY a.type = 'Group' LIMIT 1
"""


async def find_by_handle(read: Reader, viewer: Viewer, handle: str, domain: str) -> Actor | None:
    """Give whoever bears a handle at a domain now."""
    return await read.one(
        Actor, FIND_BY_HANDLE, handle=handle.lower(), domain=domain.lower(), **visible.parameters(viewer)
    )


BY_IDS = f"""
SELECT {COLUMNS} FROM actors AS a WHERE a.id IN (SELECT value FROM json_each(:ids)) AND {visible.ACTOR}
"""


async def by_ids(read: Reader, viewer: Viewer, ids: Sequence[int]) -> list[Actor]:
    """Give those of the actors that exist and may be seen, in the order of ``ids``."""
    rows = await read.all(Actor, BY_IDS, ids=json.dumps(list(ids)), **visible.parameters(viewer))
    found = {row.id: row for row in rows}
    return [found[actor_id] for actor_id in dict.fromkeys(map(ActorId, ids)) if actor_id in found]


RELEASE = """
-- A peer that gave a handle to a new actor took it from the one that had it.
UPDATE actors SET state = 'deleted'
 WHERE handle = :handle AND domain = :domain AND (type = 'Group') = (:type = 'Group') AND uri <> :uri
   AND local = 0 AND state <> 'deleted'
RETURNING id
"""

SEARCHED = "SELECT indexable FROM actors WHERE uri = :uri"

UPSERT = f"""
INSERT INTO actors (id, {", ".join(_GIVEN)})
VALUES (:id, {", ".join(":" + name for name in _GIVEN)})
ON CONFLICT (uri) DO UPDATE SET {_REPLACED}
RETURNING id
"""


async def upsert(tx: Transaction, new: NewActor, *, actor_id: ActorId) -> ActorId:
    """Store a fetched actor under its uri and give its row id: the one it had, else ``actor_id``.

    What was decided here (state) and counted here stays.
    """
    for gone in await tx.values(RELEASE, handle=new.handle, domain=new.domain, type=new.type, uri=new.uri):
        await search_rows.put_actor(tx, gone, posts=True)
    found = await tx.value(SEARCHED, uri=new.uri)
    kept = ActorId(await tx.value(UPSERT, id=actor_id, **msgspec.structs.asdict(new)))
    await practices.put(tx, kept, new.practice)
    await practices.set_readers(tx, kept, new.readers)
    await search_rows.put_actor(tx, kept, posts=found is not None and found != new.indexable)
    return kept


ADD_LOCAL = f"""
INSERT INTO actors (id, {", ".join(_GIVEN)})
VALUES (:id, {", ".join(":" + name for name in _GIVEN)})
ON CONFLICT DO NOTHING
RETURNING {", ".join("1" if name == "whole" else name for name in Actor.__struct_fields__)}
"""

TAKE_HANDLE = "INSERT INTO handles (handle, actor_id) VALUES (:handle, :actor_id) ON CONFLICT DO NOTHING"


async def add_local(tx: Transaction, new: NewActor, actor_id: ActorId) -> Actor:
    """Add an actor of ours and give its row; raise ``Conflict`` when the handle is or ever was taken here."""
    added = await tx.one(Actor, ADD_LOCAL, id=actor_id, **msgspec.structs.asdict(new))
    if added is None or not await tx.execute(TAKE_HANDLE, handle=new.handle, actor_id=actor_id):
        raise Conflict(f"the handle {new.handle!r} is or was taken here; a handle is never given again")
    await search_rows.put_actor(tx, actor_id)
    return added


SET_PROFILE = f"""
UPDATE actors SET {", ".join(f"{name} = :{name}" for name in Profile.__struct_fields__)}, updated_at = :now
 WHERE id = :actor_id
"""


SEARCHED_HERE = "SELECT indexable FROM actors WHERE id = :actor_id"


async def set_profile(tx: Transaction, actor_id: ActorId, profile: Profile, now: datetime) -> None:
    """Store what an actor of ours says about itself."""
    found = await tx.value(SEARCHED_HERE, actor_id=actor_id)
    await tx.execute(SET_PROFILE, actor_id=actor_id, now=now, **msgspec.structs.asdict(profile))
    await practices.put(tx, actor_id, profile.practice)
    await search_rows.put_actor(tx, actor_id, posts=found != profile.indexable)


SET_STATE = "UPDATE actors SET state = :state, updated_at = :now WHERE id = :actor_id AND state <> :state"


async def set_state(tx: Transaction, actor_id: ActorId, state: str, now: datetime) -> bool:
    """Set active, suspended or deleted; tell whether that is new."""
    if not await tx.execute(SET_STATE, actor_id=actor_id, state=state, now=now):
        return False
    await search_rows.put_actor(tx, actor_id, posts=True)
    return True


MARK_DELETED = """
UPDATE actors
   SET state = 'deleted', display_name = '', summary = '', summary_source = '', icon = NULL, image = NULL,
       fields = '[]', also_known_as = '[]', practice = '{}', findable = 'hidden', indexable = 0,
       updated_at = :now
 WHERE id = :actor_id AND state <> 'deleted'
"""


async def mark_deleted(tx: Transaction, actor_id: ActorId, now: datetime) -> bool:
    """Empty an actor's profile and mark it deleted; id and handle stay taken. False if it was."""
    await sealed.keep_actor(tx, actor_id, now)
    await practices.put(tx, actor_id, "{}")
    if not await tx.execute(MARK_DELETED, actor_id=actor_id, now=now):
        return False
    await search_rows.put_actor(tx, actor_id, posts=True)
    return True


KEEP_CARD = """
-- Who says already that they are not to be found said so in an Update, with what this node may see.
UPDATE actors SET summary = '', icon = NULL, image = NULL, fields = '[]', practice = '{}', indexable = 0,
       findable = 'hidden'
 WHERE id = :actor_id AND local = 0
   AND (findable IN ('nodes', 'public') OR :fellows = 1 AND findable = 'members')
"""


async def keep_card(tx: Transaction, actor_id: ActorId, *, fellows: bool = False) -> None:
    """Keep of somebody elsewhere who lets themself be found no more only what it takes to talk with them.

    ``fellows``: what was given to fellow members goes too.
    """
    found = await tx.value(SEARCHED_HERE, actor_id=actor_id)
    if await tx.execute(KEEP_CARD, actor_id=actor_id, fellows=int(fellows)):
        await practices.put(tx, actor_id, "{}")
        await practices.set_readers(tx, actor_id, "[]")
        await search_rows.put_actor(tx, actor_id, posts=bool(found))


MOVE = "UPDATE actors SET moved_to = :moved_to, updated_at = :now WHERE id = :actor_id"


async def move(tx: Transaction, actor_id: ActorId, moved_to: str | None, now: datetime) -> None:
    """Note where an actor went."""
    await tx.execute(MOVE, actor_id=actor_id, moved_to=moved_to, now=now)
    await search_rows.put_actor(tx, actor_id)


LOCAL_PEOPLE = f"""
SELECT {COLUMNS} FROM actors AS a
 WHERE a.local = 1 AND a.type = 'Person' AND a.state = 'active' AND a.id < :before AND {visible.ACTOR}
 ORDER BY a.id DESC LIMIT :limit
"""


async def local_people(read: Reader, viewer: Viewer, *, limit: int, before: int = 1 << 62) -> list[Actor]:
    """Give people of this node, newest first, older than the row ``before``."""
    return await read.all(Actor, LOCAL_PEOPLE, limit=limit, before=before, **visible.parameters(viewer))
