import json

from storage import reports
from storage.engine import Reader
from storage.ids import RowId
from storage.reports import Report
from storage.row import Row
from tests.fedcop.receive.conftest import Scene, act


class Id(Row):
    id: RowId


async def stored(read: Reader) -> list[Report]:
    found = await read.all(Id, "SELECT id FROM reports ORDER BY id")
    return [one for row in found if (one := await reports.find(read, row.id)) is not None]


async def test_a_report_of_an_account_and_posts_is_stored_with_its_reason(scene: Scene) -> None:
    post_id = await scene.kent.publish(scene.ada, "Hello\n\n@makers Look.")
    uri = await scene.kent.uri_of(post_id)
    flag = act(scene.surrey, "Flag", 1, [scene.ada.uri, uri, "https://kent.example/posts/9"], content="Rude")
    for number in (1, 1):
        await scene.arrives(scene.surrey, flag | {"id": f"{scene.surrey.base}/flags/{number}"})
    (report,) = await scene.kent.node.store.read(stored)
    assert report.target_id == scene.ada.id
    assert report.community_id == scene.makers.id
    assert report.comment == "Rude"
    assert json.loads(report.posts) == [post_id]


async def test_a_report_as_lemmy_sends_it_names_one_post_and_a_summary(scene: Scene) -> None:
    uri = await scene.kent.uri_of(await scene.kent.publish(scene.ada, "Hello"))
    await scene.arrives(scene.lemmy, act(scene.lemmy, "Flag", 1, uri, by="cal", summary="Names a resident"))
    (report,) = await scene.kent.node.store.read(stored)
    assert (report.target_id, report.comment) == (scene.ada.id, "Names a resident")


async def test_a_report_about_nobody_here_is_ignored(scene: Scene) -> None:
    await scene.arrives(scene.surrey, act(scene.surrey, "Flag", 1, ["https://kent.example/people/nobody"]))
    assert await scene.kent.node.store.read(stored) == []
