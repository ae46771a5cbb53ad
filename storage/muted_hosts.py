"""Nodes of which a person would rather hear nothing: their posts and notifications stay away."""

from storage import pages
from storage.engine import Reader, Transaction
from storage.ids import ActorId
from storage.pages import Page
from storage.row import Row

# The condition that the person ``:me`` wants to hear of a post ``p``.
HEARD = "p.host NOT IN (SELECT host FROM muted_hosts WHERE actor_id = :me)"


class MutedHost(Row, frozen=True):
    """One node of which somebody hears nothing."""

    id: int
    host: str


MUTE = """
INSERT INTO muted_hosts (id, actor_id, host) VALUES (:id, :me, :host) ON CONFLICT (actor_id, host) DO NOTHING
"""


async def mute(tx: Transaction, row_id: int, me: ActorId, host: str) -> None:
    """Let a person hear nothing of a node."""
    await tx.execute(MUTE, id=row_id, me=me, host=host)


UNMUTE = "DELETE FROM muted_hosts WHERE actor_id = :me AND host = :host"


async def unmute(tx: Transaction, me: ActorId, host: str) -> None:
    """Let a person hear of a node again."""
    await tx.execute(UNMUTE, me=me, host=host)


PAGE = f"SELECT id, host FROM muted_hosts WHERE actor_id = :me AND {pages.where('id')}"


async def page(read: Reader, me: ActorId, page: Page) -> list[MutedHost]:
    """Give the nodes of which a person hears nothing, the latest first."""
    rows = await read.all(MutedHost, pages.text(PAGE, page), me=me, **pages.parameters(page))
    return pages.ordered(rows, page)


AMONG = "SELECT host FROM muted_hosts WHERE actor_id = :me"


async def all_of(read: Reader, me: ActorId) -> set[str]:
    """Give every node of which a person hears nothing."""
    return set(await read.values(AMONG, me=me))
