"""Pictures of actors elsewhere, as far as they are kept here: one icon and one image each.

A new address of a picture makes what is kept of the old one worthless; it counts no more from that moment.
"""

from typing import Literal

from storage import visible
from storage.engine import Reader, Transaction
from storage.ids import ActorId
from storage.row import Row
from storage.visible import Viewer

Kind = Literal["icon", "image"]


class Picture(Row, frozen=True):
    """Where an actor's picture lies, if there is one, and the file here, if it was fetched."""

    url: str | None
    name: str | None


FIND = f"""
WITH named AS (
    SELECT a.id, CASE :kind WHEN 'icon' THEN a.icon ELSE a.image END AS url FROM actors AS a
     WHERE a.id = :actor_id AND a.local = 0 AND a.state = 'active' AND {visible.ACTOR})
SELECT n.url, k.name FROM named AS n
  LEFT JOIN pictures AS k ON k.actor_id = n.id AND k.kind = :kind AND k.url = n.url
"""


async def find(read: Reader, viewer: Viewer, actor_id: ActorId, kind: Kind) -> Picture | None:
    """Give what is known of a picture of somebody elsewhere; None for nobody, or nobody to be seen."""
    return await read.one(Picture, FIND, actor_id=actor_id, kind=kind, **visible.parameters(viewer))


EARLIER = "SELECT name FROM pictures WHERE actor_id = :actor_id AND kind = :kind"

PUT = """
INSERT INTO pictures (actor_id, kind, url, name)
SELECT id, :kind, :url, :name FROM actors WHERE id = :actor_id
ON CONFLICT (actor_id, kind) DO UPDATE SET url = excluded.url, name = excluded.name
"""


async def put(tx: Transaction, actor_id: ActorId, kind: Kind, url: str, name: str) -> str | None:
    """Note the file that was fetched from an address; give the earlier file, which nobody needs now."""
    earlier: str | None = await tx.value(EARLIER, actor_id=actor_id, kind=kind)
    await tx.execute(PUT, actor_id=actor_id, kind=kind, url=url, name=name)
    return earlier
