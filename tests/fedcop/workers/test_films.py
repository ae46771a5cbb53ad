"""Films are written anew one after the other, where there is a program for it."""

from pathlib import Path

from fedcop.actions import upload
from fedcop.workers import films
from fedcop.workers.loop import Loop
from storage import media
from storage.engine import Transaction
from storage.visible import SYSTEM
from tests.support import files
from tests.support.network import Network
from tests.support.pictures import png


async def test_each_is_done_and_what_nothing_comes_of_holds_up_no_other(
    network: Network, tmp_path: Path
) -> None:
    ffmpeg = files.program(tmp_path / "bin", files.lasting(1), png(9, 9))
    kent = await network.open("kent.example", media={"ffmpeg": ffmpeg})
    node, ada = kent.node, await kent.person("ada")
    broken, whole = [await upload.take(node, ada, files.film()) for _ in range(2)]

    async def spoil(tx: Transaction) -> None:
        await tx.execute("UPDATE media SET raw = 'a.odd.raw' WHERE id = :id", id=broken.id)

    await node.store.write(spoil)
    loop = Loop(node, films.Lane(node))
    done = [await loop.step() for _ in range(films.MOST_TRIES + 2)]

    assert done == [1] * (films.MOST_TRIES + 1) + [0]
    found = [await node.store.read(media.find, SYSTEM, one.id) for one in (broken, whole)]
    assert [row.there for row in found if row] == [False, True]
    assert [row.raw for row in found if row] == [None, None]


async def test_without_a_program_nothing_waits(network: Network, tmp_path: Path) -> None:
    kent = await network.open("kent.example")
    held = await upload.take(kent.node, await kent.person("ada"), files.film())
    assert held.there
    assert await films.work(kent.node) == 0
