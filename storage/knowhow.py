"""Know-how: what an Article says beside its text: what it was made from, who stands behind it, who used it.

    await knowhow.put(tx, post_id, new)                    with the post, and after each edit
    held = await store.read(knowhow.find, viewer, post_id)
    people = await store.read(knowhow.people, viewer, post_id)

Rules
  1. Whoever published a note says who stands behind it. Somebody is shown as such only if the note is ours,
     if they are of the node that says so, or if one of the posts that it was made from is held and theirs.
  2. Whose post is deleted, by them or by a facilitator, leaves the notes that were made from it: their words
     at once, their name in the text once it is written anew (``due``). What had its time, as retention
     disposes of it in the community's name, stays in them.
  3. A version that lacks a post or a person of the one before ends all earlier ones: they hold their words.
     What is on hold is sealed first.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from storage import actors, know_how_drafts, pages, sealed, visible
from storage.actors import Actor
from storage.engine import Reader, Transaction
from storage.ids import ActorId, PostId
from storage.pages import Page
from storage.row import Row, array_of
from storage.visible import Viewer


class NewPart(msgspec.Struct, frozen=True, kw_only=True):
    """A post that a note is made from; ``role`` (question, tried, answer) and ``content`` in ours only."""

    uri: str
    url: str = ""
    post_id: PostId | None = None
    author_id: ActorId | None = None
    role: str = ""
    content: str = ""


class NewKnowHow(msgspec.Struct, frozen=True, kw_only=True):
    """What a note says beside its text; ``people`` are ids, ``draft`` is id and version of its draft."""

    licence: str = ""
    review_at: datetime | None = None
    parts: tuple[NewPart, ...] = ()
    people: tuple[str, ...] = ()
    draft: tuple[int, int] | None = None


class KnowHow(Row, frozen=True):
    """One row of know_how."""

    post_id: PostId
    licence: str
    review_at: datetime | None
    uses_count: int


class Part(Row, frozen=True):
    """One row of know_how_parts."""

    note_id: PostId
    place: int
    uri: str
    url: str
    post_id: PostId | None
    author_id: ActorId | None
    role: str
    content: str


class Source(Row, frozen=True):
    """A post that a note was made from and that the viewer may read."""

    post_id: PostId
    title: str
    author_name: str


_COLUMNS = ", ".join(f"k.{name}" for name in KnowHow.__struct_fields__)
_PARTS = ", ".join(f"s.{name}" for name in Part.__struct_fields__)
_GIVEN = NewPart.__struct_fields__

PUT = """
INSERT INTO know_how (post_id, licence, review_at) VALUES (:post_id, :licence, :review_at)
ON CONFLICT (post_id) DO UPDATE SET licence = excluded.licence, review_at = excluded.review_at, due_at = NULL,
       reminded_at = CASE WHEN know_how.review_at = excluded.review_at THEN know_how.reminded_at END
"""

LACKS = """
SELECT 1 FROM know_how AS h
 WHERE h.post_id = :post_id
   AND (h.due_at IS NOT NULL
        OR EXISTS (SELECT 1 FROM know_how_people AS k
                    WHERE k.note_id = :post_id AND k.uri NOT IN (SELECT value FROM json_each(:people)))
        OR EXISTS (SELECT 1 FROM know_how_parts AS s
                    WHERE s.note_id = :post_id AND s.uri NOT IN (SELECT value FROM json_each(:sources))))
"""

END_VERSIONS = "DELETE FROM revisions WHERE post_id = :post_id"

CLEAR_PARTS = "DELETE FROM know_how_parts WHERE note_id = :post_id"
CLEAR_PEOPLE = "DELETE FROM know_how_people WHERE note_id = :post_id"

PUT_PART = f"""
INSERT INTO know_how_parts (note_id, place, {", ".join(_GIVEN)})
VALUES (:note_id, :place, {", ".join(":" + name for name in _GIVEN)})
"""

# A note of ours that is put back after its removal: what is kept of it names its sources, not their words.
COMPLETE = """
UPDATE know_how_parts
   SET (post_id, author_id, url, content, role) = (
        SELECT q.id, q.author_id, q.url, q.content,
               CASE WHEN q.id = q.root_id THEN 'question' ELSE 'answer' END
          FROM posts AS q WHERE q.uri = know_how_parts.uri)
 WHERE note_id = :post_id AND content = ''
   AND EXISTS (SELECT 1 FROM posts AS n WHERE n.id = :post_id AND n.local = 1)
   AND EXISTS (SELECT 1 FROM posts AS q WHERE q.uri = know_how_parts.uri AND q.removed_at IS NULL)
"""

PUT_PERSON = """
INSERT INTO know_how_people (note_id, uri, place) VALUES (:note_id, :uri, :place) ON CONFLICT DO NOTHING
"""


async def put(tx: Transaction, post_id: PostId, new: NewKnowHow, now: datetime) -> bool:
    """Store what a note says, or what an edit made of it; tell whether that ended earlier versions."""
    sources = array_of(part.uri for part in new.parts)
    ended = await tx.value(LACKS, post_id=post_id, people=array_of(new.people), sources=sources) is not None
    if ended:
        await sealed.keep_post(tx, post_id, now)
        await tx.execute(END_VERSIONS, post_id=post_id)
    await tx.execute(PUT, post_id=post_id, licence=new.licence, review_at=new.review_at)
    await tx.execute(CLEAR_PARTS, post_id=post_id)
    await tx.execute(CLEAR_PEOPLE, post_id=post_id)
    for place, part in enumerate(new.parts):
        await tx.execute(PUT_PART, note_id=post_id, place=place, **msgspec.structs.asdict(part))
    for place, uri in enumerate(new.people):
        await tx.execute(PUT_PERSON, note_id=post_id, uri=uri, place=place)
    await tx.execute(COMPLETE, post_id=post_id)
    return ended


OF_POSTS = f"""
SELECT {_COLUMNS} FROM know_how AS k JOIN posts AS p ON p.id = k.post_id
 WHERE k.post_id IN (SELECT value FROM json_each(:ids)) AND p.removed_at IS NULL AND {visible.POST}
"""


async def of_posts(read: Reader, viewer: Viewer, post_ids: Sequence[PostId]) -> dict[PostId, KnowHow]:
    """Give what those posts say that are notes and that the viewer may see."""
    rows = await read.all(KnowHow, OF_POSTS, ids=array_of(post_ids), **visible.parameters(viewer))
    return {row.post_id: row for row in rows}


async def find(read: Reader, viewer: Viewer, post_id: PostId) -> KnowHow | None:
    """Give what a note says that the viewer may see."""
    return (await of_posts(read, viewer, [post_id])).get(post_id)


PEOPLE = f"""
SELECT {actors.COLUMNS}
  FROM know_how_people AS k
  JOIN posts AS p ON p.id = k.note_id
  JOIN actors AS a ON a.uri = k.uri
 WHERE k.note_id = :post_id AND a.state = 'active' AND a.type = 'Person'
   AND (p.local = 1 OR a.host = p.host OR EXISTS (
        SELECT 1 FROM know_how_parts AS s JOIN posts AS q ON q.uri = s.uri
         WHERE s.note_id = k.note_id AND q.author_id = a.id))
   AND {visible.POST} AND {visible.ACTOR}
 ORDER BY k.place LIMIT :limit
"""


async def people(read: Reader, viewer: Viewer, post_id: PostId, *, limit: int = 50) -> list[Actor]:
    """Give who stands behind a note, as far as that is more than somebody's claim."""
    return await read.all(Actor, PEOPLE, post_id=post_id, limit=limit, **visible.parameters(viewer))


NAMED_COUNT = f"""
SELECT COUNT(*) FROM know_how_people AS k JOIN posts AS p ON p.id = k.note_id
 WHERE k.note_id = :post_id AND {visible.POST}
"""


async def named_count(read: Reader, viewer: Viewer, post_id: PostId) -> int:
    """Give how many people whoever published a note named."""
    return int(await read.value(NAMED_COUNT, post_id=post_id, **visible.parameters(viewer)))


SOURCES = f"""
SELECT p.id, p.title, COALESCE(NULLIF(w.display_name, ''), w.handle)
  FROM know_how_parts AS s JOIN posts AS p ON p.uri = s.uri JOIN actors AS w ON w.id = p.author_id
 WHERE s.note_id = :post_id AND p.removed_at IS NULL AND {visible.POST}
   AND EXISTS (SELECT 1 FROM posts AS p WHERE p.id = :post_id AND {visible.POST})
 ORDER BY s.place
"""


async def sources(read: Reader, viewer: Viewer, post_id: PostId) -> list[Source]:
    """Give the posts that a note was made from, as far as they are held and the viewer may read them."""
    return await read.all(Source, SOURCES, post_id=post_id, **visible.parameters(viewer))


SOURCE_URIS = f"""
SELECT s.uri FROM know_how_parts AS s JOIN posts AS p ON p.id = s.note_id
 WHERE s.note_id = :post_id AND {visible.POST} ORDER BY s.place
"""

PEOPLE_URIS = f"""
SELECT k.uri FROM know_how_people AS k JOIN posts AS p ON p.id = k.note_id
 WHERE k.note_id = :post_id AND {visible.POST} ORDER BY k.place
"""


async def named(read: Reader, viewer: Viewer, post_id: PostId) -> tuple[list[str], list[str]]:
    """Give the ids of the posts that a note was made from, and of the people it names."""
    more = {"post_id": post_id, **visible.parameters(viewer)}
    return await read.values(SOURCE_URIS, **more), await read.values(PEOPLE_URIS, **more)


PARTS = f"""
SELECT {_PARTS} FROM know_how_parts AS s JOIN posts AS p ON p.id = s.note_id
 WHERE s.note_id = :post_id AND {visible.POST} ORDER BY s.place
"""


async def parts(read: Reader, viewer: Viewer, post_id: PostId) -> list[Part]:
    """Give what a note of ours was made from, with the words as they stand in it."""
    return await read.all(Part, PARTS, post_id=post_id, **visible.parameters(viewer))


IN_COMMUNITY = f"""
SELECT p.id FROM posts AS p JOIN know_how AS k ON k.post_id = p.id
 WHERE p.community_id = :community_id AND p.type = 'Article' AND p.removed_at IS NULL
   AND {visible.POST} AND {pages.where("p.id")}
"""


async def in_community(read: Reader, viewer: Viewer, community_id: ActorId, page: Page) -> list[PostId]:
    """Give the notes of a community, the latest first."""
    text = pages.text(IN_COMMUNITY, page)
    more = {"community_id": community_id, **visible.parameters(viewer), **pages.parameters(page)}
    return [PostId(row_id) for row_id in await read.values(text, **more)]


USE = """
INSERT INTO know_how_uses (post_id, actor_id, at)
SELECT k.post_id, :actor_id, :now FROM know_how AS k WHERE k.post_id = :post_id
ON CONFLICT DO NOTHING
"""

COUNT_USE = "UPDATE know_how SET uses_count = uses_count + :change WHERE post_id = :post_id"


async def use(tx: Transaction, post_id: PostId, actor_id: ActorId, now: datetime) -> bool:
    """Note that somebody used a note; False if that is known, or it is none."""
    used = await tx.execute(USE, post_id=post_id, actor_id=actor_id, now=now)
    if used:
        await tx.execute(COUNT_USE, post_id=post_id, change=1)
    return used > 0


UNUSE = "DELETE FROM know_how_uses WHERE post_id = :post_id AND actor_id = :actor_id"


async def unuse(tx: Transaction, post_id: PostId, actor_id: ActorId) -> bool:
    """Take back that somebody used a note; False if they had not said so."""
    gone = await tx.execute(UNUSE, post_id=post_id, actor_id=actor_id)
    if gone:
        await tx.execute(COUNT_USE, post_id=post_id, change=-1)
    return gone > 0


HAS_USED = "SELECT 1 FROM know_how_uses WHERE post_id = :post_id AND actor_id = :actor_id"


async def has_used(read: Reader, post_id: PostId, actor_id: ActorId) -> bool:
    """Tell whether somebody said that they used a note."""
    return await read.value(HAS_USED, post_id=post_id, actor_id=actor_id) is not None


USED = "SELECT post_id FROM know_how_uses WHERE actor_id = :actor_id ORDER BY post_id LIMIT :limit"


async def used_by(read: Reader, actor_id: ActorId, *, limit: int) -> list[PostId]:
    """Give notes that somebody used."""
    return await read.values(USED, actor_id=actor_id, limit=limit)


# Nobody's word, or the community's own: it had its time.
_DISPOSED = """(
:by IS NULL OR EXISTS (SELECT 1 FROM posts AS p WHERE p.id = :post_id AND p.community_id = :by))"""

SOIL = f"""
UPDATE know_how SET due_at = :now
 WHERE post_id IN (SELECT note_id FROM know_how_parts WHERE post_id = :post_id) AND NOT {_DISPOSED}
"""

TAKE_OUT = f"DELETE FROM know_how_parts WHERE post_id = :post_id AND NOT {_DISPOSED}"


async def leave_out(tx: Transaction, post_id: PostId, by: ActorId | None, now: datetime) -> None:
    """Take a post's words out of every draft, and, if a person removes it, of each note made from it here."""
    await know_how_drafts.leave_out(tx, post_id)
    await tx.execute(SOIL, post_id=post_id, by=by, now=now)
    await tx.execute(TAKE_OUT, post_id=post_id, by=by)


TAKE_OUT_AUTHOR = "DELETE FROM know_how_parts WHERE note_id = :post_id AND author_id = :author_id"

SOIL_ONE = "UPDATE know_how SET due_at = :now WHERE post_id = :post_id"


async def leave_out_author(tx: Transaction, post_id: PostId, author_id: ActorId, now: datetime) -> bool:
    """Take somebody's words out of one note; False if there were none."""
    if not await tx.execute(TAKE_OUT_AUTHOR, post_id=post_id, author_id=author_id):
        return False
    await tx.execute(SOIL_ONE, post_id=post_id, now=now)
    return True


DUE = """
SELECT k.post_id FROM know_how AS k JOIN posts AS p ON p.id = k.post_id
 WHERE k.due_at <= :now AND p.local = 1 ORDER BY k.due_at LIMIT :limit
"""


async def due(read: Reader, now: datetime, limit: int) -> list[PostId]:
    """Give the notes of ours that have to be written anew, since somebody's words left them."""
    return await read.values(DUE, now=now, limit=limit)


PUT_OFF = "UPDATE know_how SET due_at = :until WHERE post_id = :post_id"


async def put_off(tx: Transaction, post_id: PostId, until: datetime | None) -> None:
    """Write a note anew later; with None not at all."""
    await tx.execute(PUT_OFF, post_id=post_id, until=until)


TO_REVIEW = """
SELECT k.post_id FROM know_how AS k JOIN posts AS p ON p.id = k.post_id
 WHERE k.review_at <= :now AND k.reminded_at IS NULL AND p.local = 1 ORDER BY k.review_at LIMIT :limit
"""


async def to_review(read: Reader, now: datetime, limit: int) -> list[PostId]:
    """Give the notes of ours that are to be looked at again and whose owner was not told yet."""
    return await read.values(TO_REVIEW, now=now, limit=limit)


REMINDED = "UPDATE know_how SET reminded_at = :now WHERE post_id = :post_id AND reminded_at IS NULL"


async def reminded(tx: Transaction, post_id: PostId, now: datetime) -> bool:
    """Note that the owner of a note is told; False if they were."""
    return await tx.execute(REMINDED, post_id=post_id, now=now) > 0


OWNED = """
SELECT p.id FROM posts AS p JOIN know_how AS k ON k.post_id = p.id
 WHERE p.author_id = :author_id AND p.local = 1 AND p.removed_at IS NULL
   AND NOT EXISTS (SELECT 1 FROM know_how_heirs AS h WHERE h.post_id = p.id)
 ORDER BY p.id LIMIT :limit
"""


async def owned(read: Reader, author_id: ActorId, *, limit: int) -> list[PostId]:
    """Give notes that somebody here answers for and of which it is not known yet where they go on."""
    return await read.values(OWNED, author_id=author_id, limit=limit)


PUT_HEIR = """
INSERT INTO know_how_heirs (post_id, heir_id) VALUES (:post_id, :heir_id) ON CONFLICT (post_id) DO NOTHING
"""


async def put_heir(tx: Transaction, post_id: PostId, heir_id: PostId) -> None:
    """Note where a note goes on whose owner leaves for good; one that goes nowhere has itself."""
    await tx.execute(PUT_HEIR, post_id=post_id, heir_id=heir_id)


HEIR = "SELECT heir_id FROM know_how_heirs WHERE post_id = :post_id AND heir_id <> post_id"


async def heir(read: Reader, post_id: PostId) -> PostId | None:
    """Give where a note goes on that is no more."""
    found: int | None = await read.value(HEIR, post_id=post_id)
    return None if found is None else PostId(found)
