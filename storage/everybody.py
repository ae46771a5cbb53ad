"""Everybody met, for those who look after the node: how many, with state, and how our own sign in."""

from datetime import datetime

import msgspec

from storage import actors, pages, visible
from storage.actors import Actor
from storage.engine import Reader
from storage.ids import ActorId
from storage.pages import Page
from storage.visible import Viewer


class Known(Actor, frozen=True):
    """An actor with what is kept of somebody who signs in here; None for anybody else."""

    email: str | None
    admin: bool | None
    access: str | None
    locale: str | None


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which of them; what is empty or None asks for all. Texts are the beginnings of what is meant."""

    local: bool | None = None
    state: str = ""  # active, disabled, suspended; nobody is in any other
    admin: bool = False
    handle: str = ""
    display_name: str = ""
    domain: str = ""
    email: str = ""


_COLUMNS = f"{actors.COLUMNS}, c.email, c.admin, c.state, c.locale"

PAGE = f"""
SELECT {_COLUMNS} FROM actors AS a LEFT JOIN accounts AS c ON c.actor_id = a.id
 WHERE a.type <> 'Application' AND a.state <> 'deleted' AND {visible.ACTOR}
   AND (:local < 0 OR a.local = :local)
   AND CASE :state
       WHEN '' THEN TRUE
       WHEN 'active' THEN a.state = 'active' AND COALESCE(c.state, 'active') = 'active'
       WHEN 'disabled' THEN c.state = 'disabled'
       WHEN 'suspended' THEN a.state = 'suspended'
       ELSE FALSE END
   AND (:admin = 0 OR c.admin = 1)
   AND a.handle LIKE :handle ESCAPE '\\' AND LOWER(a.display_name) LIKE :display_name ESCAPE '\\'
   AND (:domain = '' OR a.domain = :domain)
   AND COALESCE(c.email, '') LIKE :email ESCAPE '\\'
   AND {pages.where("a.id")}
"""


async def page(read: Reader, viewer: Viewer, page: Page, wanted: Wanted) -> list[Known]:
    """Give who is wanted, the latest met first."""
    rows = await read.all(
        Known,
        pages.text(PAGE, page),
        local=-1 if wanted.local is None else int(wanted.local),
        state=wanted.state,
        admin=int(wanted.admin),
        handle=_beginning(wanted.handle),
        display_name=_beginning(wanted.display_name),
        domain=wanted.domain.lower(),
        email=_beginning(wanted.email),
        **visible.parameters(viewer),
        **pages.parameters(page),
    )
    return pages.ordered(rows, page)


def _beginning(text: str) -> str:
    literal = text.strip().lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"{literal}%"


FIND = f"""
SELECT {_COLUMNS} FROM actors AS a LEFT JOIN accounts AS c ON c.actor_id = a.id
 WHERE a.id = :actor_id AND a.type <> 'Application' AND {visible.ACTOR}
"""


async def find(read: Reader, viewer: Viewer, actor_id: ActorId) -> Known | None:
    """Give one of them."""
    return await read.one(Known, FIND, actor_id=actor_id, **visible.parameters(viewer))


COUNT_LOCAL_PEOPLE = f"""
SELECT COUNT(*) FROM actors AS a
 WHERE a.local = 1 AND a.type = 'Person' AND a.state = 'active' AND {visible.ACTOR}
"""


async def count_local_people(read: Reader, viewer: Viewer) -> int:
    """Count the people of this node."""
    return int(await read.value(COUNT_LOCAL_PEOPLE, **visible.parameters(viewer)))


COUNT_LOCAL_POSTS = f"""
SELECT COALESCE(SUM(a.posts_count), 0) FROM actors AS a
 WHERE a.local = 1 AND a.type = 'Person' AND a.state = 'active' AND {visible.ACTOR}
"""


async def count_local_posts(read: Reader, viewer: Viewer) -> int:
    """Count what the people of this node wrote."""
    return int(await read.value(COUNT_LOCAL_POSTS, **visible.parameters(viewer)))


COUNT_ACTIVE_PEOPLE = f"""
SELECT COUNT(*) FROM accounts AS c CROSS JOIN actors AS a
 WHERE a.id = c.actor_id AND a.state = 'active' AND c.last_seen_at >= :since AND {visible.ACTOR}
"""


async def count_active_people(read: Reader, viewer: Viewer, since: datetime) -> int:
    """Count the people of this node who were here since a time."""
    return int(await read.value(COUNT_ACTIVE_PEOPLE, since=since, **visible.parameters(viewer)))
