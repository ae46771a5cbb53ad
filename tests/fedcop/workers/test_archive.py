"""What people asked for is made, also after a process was killed while it did."""

from datetime import timedelta

from fedcop.actions import archive
from fedcop.workers import archive as worker
from storage import archives
from tests.support.network import Council, Network


def no_folder(kent: Council) -> None:
    archive.folder_of(kent.node).write_text("no folder")


async def test_an_archive_cut_short_is_made_anew(network: Network, kent: Council) -> None:
    ada = await kent.person("ada")
    await archive.ask(kent.node, ada)
    folder = archive.folder_of(kent.node)
    folder.mkdir()
    (folder / "half.zip").write_bytes(b"PK")
    assert await archive.clear(kent.node) == 1, "as a worker does when it starts"
    assert await worker.work(kent.node) == 1
    assert (await archive.path_of(kent.node, ada.id)).is_file()
    assert await worker.work(kent.node) == 0


async def test_what_cannot_be_made_is_tried_a_few_times_more(network: Network, kent: Council) -> None:
    ada = await kent.person("ada")
    await archive.ask(kent.node, ada)
    no_folder(kent)
    for number in range(1, len(worker.AGAIN_AFTER) + 2):
        assert await worker.work(kent.node) == 1
        assert await worker.work(kent.node) == 0
        held = await kent.node.store.read(archives.find, ada.id)
        assert held is not None
        assert held.attempt == number
        network.clock.move(timedelta(hours=7))
    assert (held.due_at, held.name) == (None, None)
    archive.folder_of(kent.node).unlink()
    await archive.ask(kent.node, ada)
    assert await worker.work(kent.node) == 1
    assert (await archive.path_of(kent.node, ada.id)).is_file()
