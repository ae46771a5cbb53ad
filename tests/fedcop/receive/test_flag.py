import json

from storage import actors, communities
from storage.actors import Actor
from storage.engine import Reader
from storage.reports import Report
from storage.visible import SYSTEM
from tests.fedcop.receive.conftest import Scene, act


async def stored(read: Reader) -> list[Report]:
    everything = f"SELECT {', '.join(Report.__struct_fields__)} FROM reports ORDER BY id"
    return await read.all(Report, everything)


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


async def facilitator_elsewhere(scene: Scene) -> Actor:
    """Let somebody of the lemmy server facilitate the community."""
    await scene.join(scene.lemmy, "cal")
    cal = await scene.kent.node.store.read(actors.find_by_uri, SYSTEM, scene.lemmy.uri("cal"))
    assert cal is not None
    now = scene.network.clock.now()
    await scene.kent.node.store.write(
        communities.add_facilitator, scene.makers.id, cal.id, lead=False, now=now
    )
    return cal


async def test_the_facilitators_hear_of_it_wherever_they_live_but_not_who_sent_it(scene: Scene) -> None:
    cal = await facilitator_elsewhere(scene)
    uri = await scene.kent.uri_of(await scene.kent.publish(scene.ada, "Hello\n\n@makers Look."))
    await scene.arrives(scene.surrey, act(scene.surrey, "Flag", 1, [uri, scene.ada.uri], content="Rude"))

    assert await scene.kent.told(scene.fin) == ["report"]
    assert "report" not in await scene.kent.told(scene.ada)
    (flag,) = scene.lemmy.sent("Flag")
    assert (flag["actor"], flag["to"], flag["content"]) == (scene.kent.node.uris.actor, [cal.uri], "Rude")
    assert scene.surrey.sent("Flag") == []
    assert "surrey.example" not in str(flag)


async def test_a_facilitator_who_reports_is_not_sent_their_own_report(scene: Scene) -> None:
    await facilitator_elsewhere(scene)
    uri = await scene.kent.uri_of(await scene.kent.publish(scene.ada, "Hello\n\n@makers Look."))
    await scene.arrives(scene.lemmy, act(scene.lemmy, "Flag", 1, uri, by="cal", content="Rude"))

    assert scene.lemmy.sent("Flag") == []
