"""Search: the newest matches of each kind that a viewer finds, with what ranking asks of each.

    found = await store.scan(search.look, viewer, wanted, now, home="kent.example")
    shown = await store.read(search.opened, viewer, ids)      those of a page that may be opened still

Who may see a row is part of what the engine is asked for (decision 14), so a word costs what its newest
``MOST`` matches cost, however common it is. Ranking is ``fedcop/knowledge/rank.py``.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

import msgspec

from storage import findable, ids, search_match, search_rows, search_words, visible
from storage.dialect import either
from storage.engine import Reader
from storage.ids import ActorId, PostId
from storage.row import Row, array_of
from storage.search_match import Match, Sees
from storage.search_words import Term, Wanted
from storage.visible import Viewer

MOST: Final = 2_000  # matches of one kind that are ranked
MOST_NEVER: Final = 500  # people and hosts of each sort that a query leaves out
OLDEST: Final = 0
NEWEST: Final = 1 << 62
Where = dict[str, frozenset[int]]  # the terms, by their places, that stand in a field


class PostFacts(Row, frozen=True):
    """What ranking asks of a post; ``accepted`` as an answer to what somebody asked."""

    id: PostId
    author_id: ActorId
    community_id: ActorId | None
    host: str
    likes: int
    replies: int
    is_reply: bool
    accepted: bool


class ActorFacts(Row, frozen=True):
    """What ranking asks of a person or community; ``followed`` by the viewer, or joined."""

    id: ActorId
    host: str
    followers: int
    followed: bool
    shared: int


class Post(msgspec.Struct, frozen=True):
    """A post that matches, and which terms stand where: in the text those that are not in the title."""

    facts: PostFacts
    where: Where


class Actor(msgspec.Struct, frozen=True):
    """A person or community that matches, and which terms stand where: in the text those of no other field.

    ``name`` has all of them if its name is meant.
    """

    facts: ActorFacts
    where: Where


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What matches, the newest first, before it is ranked."""

    people: list[Actor]
    communities: list[Actor]
    posts: list[Post]


MINE = """
-- Communities that I belong to, but for those whose node tells us no more who does.
SELECT f.target_id FROM follows AS f JOIN actors AS g ON g.id = f.target_id AND g.type = 'Group'
 WHERE f.follower_id = :me AND f.state = 'accepted'
   AND NOT EXISTS (SELECT 1 FROM rosters AS r WHERE r.community_id = g.id AND r.refused_at IS NOT NULL)
 ORDER BY f.target_id
"""

AVOIDED = """
SELECT b.target_id FROM blocks AS b WHERE b.actor_id = :me
UNION SELECT b.actor_id FROM blocks AS b WHERE b.target_id = :me
UNION SELECT m.target_id FROM mutes AS m WHERE m.actor_id = :me AND (m.until IS NULL OR m.until > :now)
LIMIT :most
"""

HIDDEN = """
SELECT h.host FROM muted_hosts AS h WHERE h.actor_id = :me
UNION SELECT p.host FROM peers AS p WHERE p.standing = 'hidden'
LIMIT :most
"""


async def _sees(read: Reader, viewer: Viewer, now: datetime) -> Sees:
    me = viewer.actor if viewer.kind == "person" else ActorId(0)
    mine = await read.values(MINE, me=me) if me else []
    avoided = await read.values(AVOIDED, me=me, now=now, most=MOST_NEVER) if me else []
    hosts = await read.values(HIDDEN, me=me, most=MOST_NEVER)
    own = (f"p{me}", *(f"m{one}" for one in mine)) if me else ()
    return Sees(
        everybody=(search_rows.ALL, search_rows.HERE) if me else (search_rows.ALL,),
        own=own,
        named=(search_rows.NAMED, f"p{me}") if me else (search_rows.ALL,),
        never=(*(f"by{one}" for one in avoided), *map(search_words.number_of, hosts)),
    )


async def look(
    read: Reader,
    viewer: Viewer,
    wanted: Wanted,
    now: datetime,
    *,
    home: str,
    any_of: bool = False,
    kinds: Iterable[str] = ("people", "communities", "posts"),
    without: Iterable[int] = (),
) -> Found:
    """Give what matches; ``home`` is this node's domain, ``any_of`` asks for any of the terms.

    ``without`` some people, and what they wrote.
    """
    nothing = Found(people=[], communities=[], posts=[])
    narrowing = await _narrowing(read, viewer, wanted, home)
    if wanted.nothing or narrowing is None:
        return nothing
    sees = await _sees(read, viewer, now)
    sees = msgspec.structs.replace(sees, never=(*sees.never, *(f"by{one}" for one in without)))
    asked = _Asked(read, viewer, sees, wanted, any_of)
    about_people = bool(wanted.terms) and not wanted.narrowed
    return Found(
        people=await asked.actors([*narrowing, search_rows.PERSON])
        if about_people and "people" in kinds
        else [],
        communities=await asked.actors([*narrowing, search_rows.GROUP])
        if about_people and "communities" in kinds
        else [],
        posts=await asked.posts(narrowing) if "posts" in kinds else [],
    )


FIND_NAMED = """
SELECT id FROM actors
 WHERE handle = :handle AND domain = :domain AND CASE type WHEN 'Group' THEN 1 ELSE 0 END = :group
   AND state <> 'deleted' LIMIT 1
"""

HOSTS = "SELECT host, COALESCE(domain, host) FROM peers LIMIT 5000"


async def _narrowing(read: Reader, viewer: Viewer, wanted: Wanted, home: str) -> list[str] | None:
    """Give the marks that all of it must have; None if somebody or something is named that is not known."""
    marks = [search_rows.NOTE] if wanted.notes else []
    if wanted.author:
        author = viewer.actor if wanted.author == "me" else await _named(read, wanted.author, home)
        marks.append(f"by{author or 0}")
    if wanted.by:
        marks.append(f"by{wanted.by}")
    if wanted.community:
        marks.append(f"in{await _named(read, wanted.community, home, group=1) or 0}")
    if wanted.council:
        hosts = [(home, home), *await read.all(tuple[str, str], HOSTS)]
        meant = [host for host, domain in hosts if _is_council(wanted.council, host, domain)]
        if len(meant) != 1:
            return None
        marks.append(search_words.number_of(meant[0]))
    return marks


def _is_council(said: str, host: str, domain: str) -> bool:
    """Tell whether somebody means a host: by its name, or by one label of it."""
    return said in (host, domain) or said in domain.partition(":")[0].split(".")[:-1]


async def _named(read: Reader, handle: str, home: str, *, group: int = 0) -> int | None:
    name, _, domain = handle.partition("@")
    found: int | None = await read.value(FIND_NAMED, handle=name, domain=domain or home, group=group)
    return found


POSTS = either(
    """
SELECT rowid FROM search_posts
 WHERE search_posts MATCH :match AND rowid > :after AND rowid < :before ORDER BY rowid DESC LIMIT :most
""",
    postgres="""
SELECT rowid FROM search_posts
 WHERE document @@ (to_tsquery('search_words', :words) && CAST(:marks AS tsquery))
   AND rowid > :after AND rowid < :before ORDER BY rowid DESC LIMIT :most
""",
)

ACTORS = either(
    """
SELECT rowid FROM search_actors
 WHERE search_actors MATCH :match AND rowid >= :after ORDER BY rowid DESC LIMIT :most
""",
    postgres="""
SELECT rowid FROM search_actors
 WHERE document @@ (to_tsquery('search_words', :words) && CAST(:marks AS tsquery)) AND rowid >= :after
 ORDER BY rowid DESC LIMIT :most
""",
)

NAMES = either(
    """
SELECT rowid FROM search_names WHERE search_names MATCH :match ORDER BY rowid DESC LIMIT :most
""",
    postgres="""
SELECT rowid FROM search_names
 WHERE document @@ (to_tsquery('pg_catalog.simple', :words) && CAST(:marks AS tsquery))
 ORDER BY rowid DESC LIMIT :most
""",
)

# As the marks say, and as the rows stand now.
_OPENED = f"""(
{visible.POST} AND (
    p.author_id = :viewer_actor
    OR p.audience = 'public'
       AND EXISTS (SELECT 1 FROM actors AS w WHERE w.id = p.author_id AND w.indexable = 1)
    OR p.audience <> 'members'
       AND EXISTS (SELECT 1 FROM mentions AS m WHERE m.post_id = p.id AND m.actor_id = :viewer_actor)
    OR p.audience IN ('public', 'unlisted', 'members') AND EXISTS (
        SELECT 1 FROM follows AS f
         WHERE f.follower_id = :viewer_actor AND f.target_id = p.community_id AND f.state = 'accepted')))"""

POST_FACTS = f"""
-- Whoever's rows are due to be made anew is asked for as they stand: nothing is counted that is not found.
SELECT p.id, p.author_id, p.community_id, p.host, p.likes_count, p.replies_count,
       p.parent_id IS NOT NULL, EXISTS (SELECT 1 FROM accepted_answers AS c WHERE c.post_id = p.id)
  FROM posts AS p
 WHERE p.id IN (SELECT value FROM json_each(:ids)) AND p.removed_at IS NULL
   AND (NOT EXISTS (SELECT 1 FROM search_due AS d WHERE d.actor_id = p.author_id) OR {_OPENED})
   AND (:answered = 0 OR COALESCE(
        (SELECT k.state IN ('answered', 'resolved') FROM asks AS k WHERE k.post_id = p.id),
        p.replies_count > 0))
"""

ACTOR_FACTS = """
SELECT a.id, a.host, a.followers_count,
       EXISTS (SELECT 1 FROM follows AS f
                WHERE f.follower_id = :me AND f.target_id = a.id AND f.state = 'accepted'),
       (SELECT COUNT(*) FROM follows AS f
         WHERE f.follower_id = a.id AND f.state = 'accepted' AND a.hides_follows = 0
           AND f.target_id IN (SELECT value FROM json_each(:communities)))
  FROM actors AS a WHERE a.id IN (SELECT value FROM json_each(:ids)) AND a.state = 'active'
"""


class _Asked:
    """One search, kind by kind."""

    def __init__(self, read: Reader, viewer: Viewer, sees: Sees, wanted: Wanted, any_of: bool) -> None:  # noqa: FBT001 - as given
        self._read = read
        self._viewer = viewer
        self._sees = sees
        self._wanted = wanted
        self._terms = wanted.terms
        self._any_of = any_of
        # Where all terms are asked for, each stands somewhere in all that is found: that need not be asked.
        self._each = any_of and len(wanted.terms) > 1

    async def posts(self, only: list[str]) -> list[Post]:
        match = search_match.of_posts(self._terms, self._sees, only=only, any_of=self._any_of)
        found = await self._posts(match, OLDEST)
        if not found:
            return []
        places = _Places(found)
        for number, term in enumerate(self._terms):
            titled = await self._with(term, only, found[-1], titles=True)
            places.note("title", number, titled)
            rest = set(await self._with(term, only, found[-1]) if self._each else found)
            places.note("text", number, rest.difference(titled))
        rows = await self._read.all(
            PostFacts,
            POST_FACTS,
            ids=array_of(found),
            answered=int(self._wanted.answered),
            **visible.parameters(self._viewer),
        )
        facts = {row.id: row for row in rows}
        return [Post(facts[one], places.of(one)) for one in found if one in facts]

    async def _with(self, term: Term, only: list[str], oldest: int, *, titles: bool = False) -> list[PostId]:
        match = search_match.of_posts([term], self._sees, only=only, titles=titles)
        return await self._posts(match, oldest - 1)

    async def _posts(self, match: Match, after: int) -> list[PostId]:
        wanted = self._wanted
        return await self._read.values(
            POSTS,
            **match.parameters(),
            after=max(after, ids.at(wanted.after) if wanted.after else OLDEST),
            before=ids.at(wanted.before) if wanted.before else NEWEST,
            most=MOST,
        )

    async def actors(self, only: list[str]) -> list[Actor]:
        """Give who says it of themselves; with all terms asked for, whose name it is comes too."""
        sees, terms = self._sees, self._terms
        by_name: list[ActorId] = []
        if not self._any_of:
            match = search_match.of_names(terms, sees, only=only)
            by_name = await self._read.values(NAMES, **match.parameters(), most=MOST)
        match = search_match.of_actors(terms, sees, only=only, any_of=self._any_of)
        by_word = await self._actors(match)
        found = sorted({*by_name, *by_word}, reverse=True)[:MOST]
        if not found:
            return []
        places = _Places(found)
        for number, term in enumerate(terms):
            places.note("name", number, by_name)
            rest = set(await self._with_in(term, only, "", found[-1]) if self._each else by_word)
            for field in ("topics", "role"):
                there = await self._with_in(term, only, field, found[-1])
                places.note(field, number, there)
                rest.difference_update(there)
            places.note("text", number, rest)
        mine = [int(mark[1:]) for mark in sees.own if mark.startswith("m")]
        rows = await _facts(self._read, self._viewer.actor, found, mine)
        return [Actor(row, places.of(row.id)) for row in rows]

    async def _with_in(self, term: Term, only: list[str], field: str, oldest: int) -> list[ActorId]:
        return await self._actors(search_match.of_actors([term], self._sees, only=only, field=field), oldest)

    async def _actors(self, match: Match, after: int = OLDEST) -> list[ActorId]:
        return await self._read.values(ACTORS, **match.parameters(), after=after, most=MOST)


async def _facts(read: Reader, me: ActorId, found: Sequence[int], mine: Sequence[int]) -> list[ActorFacts]:
    return await read.all(ActorFacts, ACTOR_FACTS, ids=array_of(found), me=me, communities=array_of(mine))


class _Places:
    """Which terms stand in which fields of some rows; rows that are alike in it share one mapping."""

    def __init__(self, found: Sequence[int]) -> None:
        self._marks = dict.fromkeys(found, 0)
        self._bits: list[tuple[str, int]] = []
        self._known: dict[int, Where] = {}

    def note(self, field: str, term: int, rows: Iterable[int]) -> None:
        bit, marks = 1 << len(self._bits), self._marks
        self._bits.append((field, term))
        for row in rows:
            if row in marks:
                marks[row] |= bit

    def of(self, row: int) -> Where:
        mark = self._marks[row]
        if mark not in self._known:
            stands: dict[str, set[int]] = {}
            for place, (field, term) in enumerate(self._bits):
                if mark >> place & 1:
                    stands.setdefault(field, set()).add(term)
            self._known[mark] = {field: frozenset(terms) for field, terms in stands.items()}
        return self._known[mark]


AUTHORS = f"""
-- From the few outwards: CROSS JOIN keeps the order of the loops.
SELECT a.id FROM json_each(:ids) AS n CROSS JOIN actors AS a
 WHERE a.id = n.value AND a.type = 'Person' AND {findable.LISTED} AND {visible.ACTOR}
"""


async def authors(read: Reader, viewer: Viewer, listed: Sequence[int]) -> list[Actor]:
    """Give those people whom a viewer may find, by what else of theirs was found; ``where`` is empty."""
    if not listed:
        return []
    shown = await read.values(AUTHORS, ids=array_of(listed), **visible.parameters(viewer))
    mine = await read.values(MINE, me=viewer.actor)
    return [Actor(row, {}) for row in await _facts(read, viewer.actor, shown, mine)]


OPENED = f"""
SELECT p.id FROM posts AS p
 WHERE p.id IN (SELECT value FROM json_each(:ids)) AND p.removed_at IS NULL AND {_OPENED}
"""


async def opened(read: Reader, viewer: Viewer, listed: Sequence[PostId]) -> list[PostId]:
    """Give those of some posts that a viewer finds as the rows stand now, in their order."""
    found = await read.values(OPENED, ids=array_of(listed), **visible.parameters(viewer))
    return [one for one in listed if one in frozenset(found)]
