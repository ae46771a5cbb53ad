"""Writes films that people uploaded anew, one at a time: each takes a processor for a while.

``work(node)`` is one step, for tests; ``run(node)`` goes on until it is cancelled.
"""

from collections import Counter

from fedcop.actions import film
from fedcop.actions.upload import FILMS
from fedcop.node import Node
from fedcop.workers.loop import Given, Loop, guarded
from storage import media
from storage.ids import MediaId
from storage.media import Media
from storage.visible import SYSTEM

MOST_TRIES = 3


class Lane:
    """Films that are not yet written anew."""

    bell = FILMS

    def __init__(self, node: Node) -> None:
        self._node = node
        self._failed: Counter[MediaId] = Counter()

    async def turn(self, results: list[None], in_hand: list[Media], *, more: bool) -> list[Media]:
        """Take the next film; what came of the last one is written already."""
        if not more or in_hand or not self._node.config.media.ffmpeg:
            return []
        return await self._node.store.read(media.raw, SYSTEM, 1)

    async def run(self, unit: Media) -> None:
        """Write one film anew; what fails time and again never comes."""
        ended = await guarded(film.write_anew(self._node, unit.id), f"film {unit.id}")
        if isinstance(ended, Given) or unit.raw is None:
            return
        self._failed[unit.id] += 1
        if self._failed[unit.id] >= MOST_TRIES:
            del self._failed[unit.id]
            await guarded(film.settle(self._node, unit, unit.raw, film.LOST), f"film {unit.id}")

    def rows(self, unit: Media) -> int:
        """Give how many rows a unit holds."""
        return 1


async def work(node: Node) -> int:
    """Write one film anew, if any waits, and give how many that were."""
    return await Loop(node, Lane(node)).step()


async def run(node: Node) -> None:
    """Write films anew until cancelled."""
    await Loop(node, Lane(node)).forever()
