"""The full-text rows that search reads: one for each post, and one for each person and community.

    await search_rows.add_post(tx, new)             in the transaction that stores a post
    await search_rows.put_post(tx, post_id)         in one that changes it
    await search_rows.put_actor(tx, actor_id)       in one that changes a profile, or what somebody belongs to
    while await store.bulk(search_rows.walk, 200): ...    makes those anew that are due

Marks
  Who finds a row: ``all0`` everybody; ``here0`` whoever is signed in; ``p7`` the person 7; ``m9`` the members
  of the community 9. What it is: ``by7`` by the person 7 or the person itself, ``in9`` in the community 9,
  ``h123`` of a host, ``note0``, ``person0``, ``group0``, ``named0`` found by its name.

Who finds a post: its author and whom it names; if it is in a community and not direct, the members; anybody
if it is public and its author lets others look their posts up (``indexable``, FEP-5feb: missing is no). What
is for followers alone is not looked up by them. Who finds a person or community: ``findable.LISTED``; by name
whoever is signed in, but for people here who hide.

What changes the rows of many posts at once (``indexable``, a suspension) notes that they are due, and a
worker makes them anew; until then ``search.OPENED`` keeps back what it must.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from storage import practices, search_words, service_list
from storage.engine import Reader, Transaction
from storage.ids import ActorId, PostId
from storage.row import Row, array_of
from storage.service_list import Service

ALL: Final = "all0"
HERE: Final = "here0"
NAMED: Final = "named0"
NOTE: Final = "note0"
PERSON: Final = "person0"
GROUP: Final = "group0"
OPEN: Final = frozenset({"public", "unlisted", "members"})  # in a community: to its members


class _Post(Row, frozen=True):
    """What a row of a post is made of."""

    id: PostId
    author_id: ActorId
    community_id: ActorId | None
    host: str
    type: str
    title: str
    content: str
    summary: str
    audience: str
    indexable: bool


class _Actor(Row, frozen=True):
    """What a row of a person or community is made of."""

    id: ActorId
    type: str
    handle: str
    domain: str
    host: str
    local: bool
    display_name: str
    summary: str
    fields: str
    findable: str
    approves: bool
    practice: str
    closed_at: datetime | None


REMOVE_POST = "DELETE FROM search_posts WHERE rowid = :post_id"

ADD_POST = """
INSERT INTO search_posts (rowid, title, text, closed_title, closed_text, marks)
VALUES (:id, :title, :text, :closed_title, :closed_text, :marks)
"""

_POST = "p.id, p.author_id, p.community_id, p.host, p.type, p.title, p.content, p.summary, p.audience"

POST = f"""
SELECT {_POST}, a.indexable FROM posts AS p JOIN actors AS a ON a.id = p.author_id
 WHERE p.id = :post_id AND p.removed_at IS NULL AND a.state = 'active'
"""

TAGS = "SELECT name FROM post_tags WHERE post_id = :post_id ORDER BY name"
ASKED_ABOUT = """
SELECT s.label || ' ' || s.label_cy FROM ask_services AS k JOIN services AS s ON s.id = k.service_id
 WHERE k.post_id = :post_id ORDER BY s.id
"""
MENTIONED = "SELECT actor_id FROM mentions WHERE post_id = :post_id ORDER BY actor_id"


async def add_post(tx: Transaction, post_id: PostId) -> None:
    """Add the row of a post that was stored or filled again just now."""
    post = await tx.one(_Post, POST, post_id=post_id)
    if post is None:
        return
    title = search_words.folded(post.title)
    tags = "" if "#" not in post.content else " ".join(await tx.values(TAGS, post_id=post_id))
    about = [] if post.community_id is None else await tx.values(ASKED_ABOUT, post_id=post_id)
    text = search_words.text_of(f"{post.summary} {post.content} {tags} {' '.join(about)}")
    everybody = post.audience == "public" and post.indexable
    named = [] if everybody or post.audience == "members" else await tx.values(MENTIONED, post_id=post_id)
    await tx.execute(
        ADD_POST,
        id=post.id,
        title=title if everybody else "",
        text=text if everybody else "",
        closed_title="" if everybody else title,
        closed_text="" if everybody else text,
        marks=" ".join(_marks_of_post(post, named, everybody=everybody)),
    )


async def put_post(tx: Transaction, post_id: PostId) -> None:
    """Make the row of a post anew, as the post reads now; one that was removed has none."""
    await tx.execute(REMOVE_POST, post_id=post_id)
    await add_post(tx, post_id)


def _marks_of_post(post: _Post, named: list[int], *, everybody: bool) -> list[str]:
    marks = [f"by{post.author_id}", search_words.number_of(post.host)]
    marks += [ALL] if everybody else [f"p{one}" for one in dict.fromkeys([post.author_id, *named])]
    if post.community_id is not None:
        marks.append(f"in{post.community_id}")
        if post.audience in OPEN:
            marks.append(f"m{post.community_id}")
    return [*marks, NOTE] if post.type == "Article" else marks


REMOVE_POSTS = "DELETE FROM search_posts WHERE rowid IN (SELECT value FROM json_each(:ids))"


async def remove_posts(tx: Transaction, ids: Sequence[PostId]) -> None:
    """Take the rows of posts away that are no more."""
    await tx.execute(REMOVE_POSTS, ids=array_of(ids))


ACTOR = """
SELECT a.id, a.type, a.handle, a.domain, a.host, a.local, a.display_name, a.summary, a.fields, a.findable,
       a.approves, a.practice, (SELECT c.closed_at FROM communities AS c WHERE c.actor_id = a.id)
  FROM actors AS a
 WHERE a.id = :actor_id AND a.state = 'active' AND a.moved_to IS NULL AND a.type IN ('Person', 'Group')
"""

REMOVE_ACTOR = "DELETE FROM search_actors WHERE rowid = :actor_id"
REMOVE_NAME = "DELETE FROM search_names WHERE rowid = :actor_id"

ADD_ACTOR = """
INSERT INTO search_actors (rowid, topics, role, text, marks) VALUES (:id, :topics, :role, :text, :marks)
"""

ADD_NAME = "INSERT INTO search_names (rowid, name, marks) VALUES (:id, :name, :marks)"

COMMUNITIES_OF = """
SELECT f.target_id FROM follows AS f JOIN actors AS g ON g.id = f.target_id AND g.type = 'Group'
 WHERE f.follower_id = :actor_id AND f.state = 'accepted' ORDER BY f.target_id
"""


NOTE_DUE = """
INSERT INTO search_due (actor_id, after_id) VALUES (:actor_id, 0)
ON CONFLICT (actor_id) DO UPDATE SET after_id = 0
"""


async def put_actor(tx: Transaction, actor_id: ActorId, *, posts: bool = False) -> None:
    """Make the row of a person or community anew; whoever is gone, suspended or moved has none.

    With ``posts`` those of their posts are made anew soon: who finds these has changed.
    """
    if posts:
        await tx.execute(NOTE_DUE, actor_id=actor_id)
        tx.wake("search")
    await tx.execute(REMOVE_ACTOR, actor_id=actor_id)
    await tx.execute(REMOVE_NAME, actor_id=actor_id)
    actor = await tx.one(_Actor, ACTOR, actor_id=actor_id)
    if actor is None:
        return
    fellow = actor.type == "Person" and actor.findable == "members" and actor.local
    communities = await tx.values(COMMUNITIES_OF, actor_id=actor_id) if fellow else []
    marks = " ".join(_marks_of_actor(actor, communities))
    name = search_words.folded(f"{actor.display_name} {actor.handle} {actor.domain}")
    await tx.execute(ADD_NAME, id=actor.id, name=name, marks=marks)
    await tx.execute(
        ADD_ACTOR,
        id=actor.id,
        **await _practised(tx, actor),
        text=search_words.text_of(f"{actor.summary} {actor.fields}"),
        marks=marks,
    )


async def _practised(tx: Transaction, actor: _Actor) -> dict[str, str]:
    """Give what somebody is asked about, and what they do: of a service its field of work is part of that."""
    if actor.type == "Group":
        # What a community is called is what it is about.
        return {"topics": search_words.folded(actor.display_name), "role": ""}
    practice = practices.of(actor)
    offered = await service_list.by_ids(tx, practice.offers)
    above = [one.function for one in offered.values() if one.function is not None]
    fields = await service_list.by_ids(tx, [*practice.areas, *above])
    return {
        "topics": search_words.folded(" ".join(_labels(offered.values()))),
        "role": search_words.folded(" ".join([practice.role, *_labels(fields.values())])),
    }


def _labels(services: Iterable[Service]) -> list[str]:
    return [label for one in services for label in (one.label, one.label_cy) if label]


def _marks_of_actor(actor: _Actor, communities: list[int]) -> list[str]:
    marks = [f"by{actor.id}", search_words.number_of(actor.host), f"p{actor.id}"]
    marks.append(GROUP if actor.type == "Group" else PERSON)
    if not (actor.local and actor.findable == "hidden") and actor.closed_at is None:
        marks.append(NAMED)
    return marks + (_found_community(actor) if actor.type == "Group" else _found_person(actor, communities))


def _found_community(actor: _Actor) -> list[str]:
    if actor.closed_at is not None:
        return []
    if actor.approves or actor.findable not in ("nodes", "public"):
        return [f"m{actor.id}"]
    return [HERE, ALL] if actor.findable == "public" else [HERE]


def _found_person(actor: _Actor, communities: list[int]) -> list[str]:
    match actor.findable:
        case "public":
            return [HERE, ALL]
        case "nodes":
            return [HERE]
        case "council":
            return [HERE] if actor.local else []
    return [f"m{one}" for one in communities]


JOINED = """
SELECT 1 FROM actors AS w JOIN actors AS g ON g.id = :community_id AND g.type = 'Group'
 WHERE w.id = :actor_id AND w.local = 1 AND w.findable = 'members'
"""


async def put_member(tx: Transaction, actor_id: ActorId, community_id: ActorId) -> None:
    """Note that somebody began or ceased to follow: whose fellow members find them depends on it."""
    if await tx.value(JOINED, actor_id=actor_id, community_id=community_id) is not None:
        await put_actor(tx, actor_id)


NOTE_ALL_DUE = """
INSERT INTO search_due (actor_id, after_id) SELECT id, 0 FROM actors WHERE true
ON CONFLICT (actor_id) DO UPDATE SET after_id = 0
"""


async def note_all_due(tx: Transaction) -> None:
    """Have every row made anew."""
    await tx.execute(NOTE_ALL_DUE)
    tx.wake("search")


NEXT_DUE = "SELECT actor_id, after_id FROM search_due ORDER BY actor_id LIMIT 1"
POSTS_AFTER = """
SELECT id FROM posts WHERE author_id = :actor_id AND id > :after_id ORDER BY id LIMIT :limit
"""
GO_ON_AFTER = "UPDATE search_due SET after_id = :after_id WHERE actor_id = :actor_id"
IS_DONE = "DELETE FROM search_due WHERE actor_id = :actor_id"


IS_DUE = "SELECT 1 FROM search_due LIMIT 1"


async def is_due(read: Reader) -> bool:
    """Tell whether rows are due."""
    return await read.value(IS_DUE) is not None


async def walk(tx: Transaction, limit: int) -> int:
    """Make so many rows anew of those that are due, and give how many; 0 when none is."""
    done = 0
    while done < limit:
        due = await tx.one(tuple[ActorId, int], NEXT_DUE)
        if due is None:
            break
        done += await _make_anew(tx, *due, limit - done)
    return done


async def _make_anew(tx: Transaction, actor_id: ActorId, after_id: int, limit: int) -> int:
    if after_id == 0:
        await put_actor(tx, actor_id)
    ids: list[PostId] = await tx.values(POSTS_AFTER, actor_id=actor_id, after_id=after_id, limit=limit)
    for post_id in ids:
        await put_post(tx, post_id)
    if len(ids) < limit:
        await tx.execute(IS_DONE, actor_id=actor_id)
    else:
        await tx.execute(GO_ON_AFTER, actor_id=actor_id, after_id=ids[-1])
    return len(ids) + 1
