"""All that this node holds of one person, for their own archive: others appear by id and address alone.

    rows = await store.scan(holdings.page, holdings.Marked, holdings.LIKED, me, after, 200)
    posts, made = await store.scan(holdings.posts, visible.SYSTEM, me, ids)

Each kind is a row and its statement, read page by page in the order of ``id``; one without pages has id 0.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from storage import views
from storage.engine import Reader
from storage.ids import ActorId, PostId
from storage.row import Row, array_of
from storage.views import PostView
from storage.visible import Viewer

R = TypeVar("R", bound="Held")


class Held(Row, frozen=True):
    """One thing that is held of a person."""

    id: int


class Tie(Held, frozen=True):
    """A follow, of somebody or by somebody."""

    address: str
    uri: str
    boosts: bool
    notify: bool
    state: str
    since: datetime


class Membership(Held, frozen=True):
    """A community, and what the person is there."""

    address: str
    uri: str
    role: str
    state: str
    since: datetime


class Named(Held, frozen=True):
    """Somebody, or something, by address and id."""

    address: str
    uri: str


class Muted(Named, frozen=True):
    """Somebody who is muted."""

    notifications: bool
    until: datetime | None


class Remark(Named, frozen=True):
    """A private note about somebody."""

    text: str


class Marked(Held, frozen=True):
    """A post that was liked, bookmarked or pinned."""

    uri: str


class Tag(Held, frozen=True):
    """A hashtag."""

    name: str


class Host(Held, frozen=True):
    """A node of which the person would rather hear nothing."""

    host: str


class Vote(Held, frozen=True):
    """A vote in a poll."""

    uri: str
    answer: str


class Quoted(Held, frozen=True):
    """Know-how that was to quote the person, and what they said to that."""

    title: str
    answer: str
    reason: str
    told_at: datetime | None
    answered_at: datetime | None


class Distilled(Held, frozen=True):
    """Know-how that the person made, or is making."""

    title: str
    lead: str
    state: str
    begun_at: datetime


class Asked(Held, frozen=True):
    """What the person asked, what became of it, and whether they said that it helped."""

    uri: str
    state: str
    need: str
    tried: str
    by_when: str | None
    helped: str | None
    helped_how: str


class Listed(Held, frozen=True):
    """Somebody on a list."""

    title: str
    address: str


class Reported(Held, frozen=True):
    """A report that the person made; ``posts`` is JSON: row ids."""

    target: str
    category: str
    comment: str
    forwarded: bool
    posts: str
    made_at: datetime
    closed_at: datetime | None


class Invited(Held, frozen=True):
    """A community that the person was invited into."""

    uri: str
    at: datetime


class Browser(Held, frozen=True):
    """A session of the pages."""

    created_at: datetime
    expires_at: datetime


class Application(Held, frozen=True):
    """An application that was allowed to act for the person, and to do what."""

    name: str
    website: str | None
    scopes: str
    allowed_at: datetime
    last_used_at: datetime | None


class Planned(Held, frozen=True):
    """A post to be published later; ``draft`` is JSON."""

    due_at: datetime
    draft: str


class Upload(Held, frozen=True):
    """A file that the person uploaded."""

    name: str
    media_type: str
    description: str
    post: str | None
    at: datetime


_ADDRESS = "a.handle || '@' || a.domain"

FOLLOWING = f"""
SELECT f.id, {_ADDRESS}, a.uri, f.reblogs, f.notify, f.state, f.requested_at
  FROM follows AS f JOIN actors AS a ON a.id = f.target_id AND a.type <> 'Group'
 WHERE f.follower_id = :me AND f.id > :after ORDER BY f.id LIMIT :limit
"""

FOLLOWERS = f"""
SELECT f.id, {_ADDRESS}, a.uri, f.reblogs, f.notify, f.state, f.requested_at
  FROM follows AS f JOIN actors AS a ON a.id = f.follower_id
 WHERE f.target_id = :me AND f.id > :after ORDER BY f.id LIMIT :limit
"""

MEMBERSHIPS = f"""
SELECT f.id, {_ADDRESS}, a.uri,
       CASE WHEN l.lead = 1 THEN 'lead' WHEN l.lead = 0 THEN 'facilitator' ELSE 'member' END,
       f.state, f.requested_at
  FROM follows AS f JOIN actors AS a ON a.id = f.target_id AND a.type = 'Group'
  LEFT JOIN facilitators AS l ON l.community_id = f.target_id AND l.actor_id = f.follower_id
 WHERE f.follower_id = :me AND f.id > :after ORDER BY f.id LIMIT :limit
"""

BLOCKED = f"""
SELECT b.id, {_ADDRESS}, a.uri FROM blocks AS b JOIN actors AS a ON a.id = b.target_id
 WHERE b.actor_id = :me AND b.id > :after ORDER BY b.id LIMIT :limit
"""

MUTED = f"""
SELECT m.id, {_ADDRESS}, a.uri, m.notifications, m.until
  FROM mutes AS m JOIN actors AS a ON a.id = m.target_id
 WHERE m.actor_id = :me AND m.id > :after ORDER BY m.id LIMIT :limit
"""

MUTED_HOSTS = "SELECT id, host FROM muted_hosts WHERE actor_id = :me AND id > :after ORDER BY id LIMIT :limit"

REMARKS = f"""
SELECT r.target_id, {_ADDRESS}, a.uri, r.text FROM remarks AS r JOIN actors AS a ON a.id = r.target_id
 WHERE r.actor_id = :me AND r.target_id > :after ORDER BY r.target_id LIMIT :limit
"""

ENDORSED = f"""
SELECT e.id, {_ADDRESS}, a.uri FROM endorsements AS e JOIN actors AS a ON a.id = e.target_id
 WHERE e.actor_id = :me AND e.id > :after ORDER BY e.id LIMIT :limit
"""

LIKED = """
SELECT l.id, p.uri FROM likes AS l JOIN posts AS p ON p.id = l.post_id
 WHERE l.actor_id = :me AND l.id > :after ORDER BY l.id LIMIT :limit
"""

BOOKMARKED = """
SELECT b.id, p.uri FROM bookmarks AS b JOIN posts AS p ON p.id = b.post_id
 WHERE b.actor_id = :me AND b.id > :after ORDER BY b.id LIMIT :limit
"""

PINNED = """
SELECT i.id, p.uri FROM profile_pins AS i JOIN posts AS p ON p.id = i.post_id
 WHERE i.actor_id = :me AND i.id > :after ORDER BY i.id LIMIT :limit
"""

FOLLOWED_TAGS = """
SELECT id, tag FROM followed_tags WHERE actor_id = :me AND id > :after ORDER BY id LIMIT :limit
"""

FEATURED_TAGS = """
SELECT id, name FROM featured_tags WHERE actor_id = :me AND id > :after ORDER BY id LIMIT :limit
"""

VOTES = """
SELECT v.id, p.uri, o.title FROM votes AS v JOIN posts AS p ON p.id = v.post_id
  JOIN poll_options AS o ON o.post_id = v.post_id AND o.place = v.place
 WHERE v.actor_id = :me AND v.id > :after ORDER BY v.id LIMIT :limit
"""

USED = """
SELECT u.post_id, p.uri FROM know_how_uses AS u JOIN posts AS p ON p.id = u.post_id
 WHERE u.actor_id = :me AND u.post_id > :after ORDER BY u.post_id LIMIT :limit
"""

QUOTED = """
SELECT d.id, d.title, n.answer, n.reason, n.told_at, n.answered_at
  FROM know_how_answers AS n JOIN know_how_drafts AS d ON d.id = n.draft_id
 WHERE n.actor_id = :me AND d.id > :after ORDER BY d.id LIMIT :limit
"""

DISTILLED = """
SELECT d.id, d.title, d.lead, d.state, d.created_at FROM know_how_drafts AS d
 WHERE d.by_actor = :me AND d.id > :after ORDER BY d.id LIMIT :limit
"""

ASKED = """
SELECT k.post_id, p.uri, k.state, k.need, k.tried, k.by_when, k.helped, k.helped_how
  FROM asks AS k JOIN posts AS p ON p.id = k.post_id
 WHERE k.asker_id = :me AND k.post_id > :after ORDER BY k.post_id LIMIT :limit
"""

ON_LISTS = f"""
SELECT m.id, l.title, {_ADDRESS} FROM lists AS l JOIN list_members AS m ON m.list_id = l.id
  JOIN actors AS a ON a.id = m.actor_id
 WHERE l.actor_id = :me AND m.id > :after ORDER BY m.id LIMIT :limit
"""

REPORTS = """
SELECT r.id, a.uri, r.category, r.comment, r.forwarded, r.posts, r.created_at, r.closed_at
  FROM reports AS r JOIN actors AS a ON a.id = r.target_id
 WHERE r.by_actor = :me AND r.id > :after ORDER BY r.id LIMIT :limit
"""

INVITATIONS = """
SELECT i.community_id, a.uri, i.invited_at FROM invited AS i JOIN actors AS a ON a.id = i.community_id
 WHERE i.actor_id = :me AND i.community_id > :after ORDER BY i.community_id LIMIT :limit
"""

SESSIONS = """
SELECT 0, created_at, expires_at FROM sessions WHERE actor_id = :me AND 0 > :after
 ORDER BY created_at LIMIT :limit
"""

APPLICATIONS = """
SELECT t.id, p.name, p.website, t.scopes, t.created_at, t.last_used_at
  FROM tokens AS t JOIN apps AS p ON p.id = t.app_id
 WHERE t.actor_id = :me AND t.id > :after ORDER BY t.id LIMIT :limit
"""

PLANNED = """
SELECT id, due_at, draft FROM scheduled WHERE actor_id = :me AND id > :after ORDER BY id LIMIT :limit
"""

UPLOADS = """
SELECT m.id, m.name, m.media_type, m.description, p.uri, m.created_at
  FROM media AS m LEFT JOIN posts AS p ON p.id = m.post_id
 WHERE m.owner_id = :me AND m.name IS NOT NULL AND m.id > :after ORDER BY m.id LIMIT :limit
"""


async def page(read: Reader, row: type[R], sql: str, me: ActorId, after: int, limit: int) -> list[R]:
    """Give the next so many of a kind that are held of a person."""
    return await read.all(row, sql, me=me, after=after, limit=limit)


OWN_ENTRIES = """
SELECT id FROM entries WHERE by_actor = :me AND id < :below ORDER BY id DESC LIMIT :limit
"""


async def entry_ids(read: Reader, me: ActorId, below: int, limit: int) -> list[int]:
    """Give the ids of what a person posted and boosted, the newest first."""
    return await read.values(OWN_ENTRIES, me=me, below=below, limit=limit)


class Made(Row, frozen=True):
    """The id of the activity by which a post was published."""

    post_id: PostId
    uri: str


CREATES = """
SELECT post_id, uri FROM activities
 WHERE post_id IN (SELECT value FROM json_each(:ids)) AND type = 'Create' AND actor_id = :me
"""


async def posts(
    read: Reader, viewer: Viewer, me: ActorId, ids: Sequence[int]
) -> tuple[list[PostView], dict[PostId, str]]:
    """Give what a person posted and boosted, and the ids of the activities by which."""
    shown = await views.views(read, viewer, ids)
    own = [view.post.id for view in shown if view.wrapper is None]
    made = await read.all(Made, CREATES, ids=array_of(own), me=me)
    return shown, {one.post_id: one.uri for one in made}


POST_URIS = "SELECT id, uri FROM posts WHERE id IN (SELECT value FROM json_each(:ids))"


async def post_uris(read: Reader, ids: Sequence[int]) -> dict[int, str]:
    """Give the ids of posts by their rows."""
    return {one.post_id: one.uri for one in await read.all(Made, POST_URIS, ids=array_of(ids))}
