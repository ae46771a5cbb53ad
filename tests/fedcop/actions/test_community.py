"""Communities of this node: opened, closed."""

import asyncio

import pytest

from fedcop.actions import community, leave
from fedcop.errors import Invalid, NotFound, NotPermitted
from storage import communities, memberships
from storage.actors import Actor
from storage.visible import SYSTEM
from tests.fedcop.actions.scene import Scene


async def _open(scene: Scene, slug: str, facilitator: Actor, **more: str) -> Actor:
    given = {"name": "Bins", "summary": "About *bins*"} | more
    return await community.open_community(scene.node, slug, facilitator=facilitator, **given)  # type: ignore[arg-type]


async def test_a_community_opens_with_its_lead_as_first_member(scene: Scene, ben: Actor) -> None:
    bins = await _open(scene, "bins", ben)
    assert (bins.uri, bins.type) == ("https://kent.example/communities/bins", "Group")
    assert (bins.display_name, bins.summary_source) == ("Bins", "About *bins*")
    assert "<em>bins</em>" in bins.summary
    store = scene.node.store
    settings = await store.read(communities.find, SYSTEM, bins.id)
    assert settings is not None
    assert (settings.join_mode, settings.visibility) == ("open", "public")
    assert [one.id for one in await store.read(communities.facilitators_of, SYSTEM, bins.id)] == [ben.id]
    assert await store.read(memberships.is_member, bins.id, ben.id)


async def test_a_facilitator_of_another_node_joins_by_a_follow_of_their_own(scene: Scene) -> None:
    cleo = await scene.remote("cleo", "devon.example")
    bins = await _open(scene, "bins", cleo)
    assert await scene.node.store.read(communities.is_facilitator, bins.id, cleo.id)
    assert not await scene.node.store.read(memberships.is_member, bins.id, cleo.id)


async def test_a_slug_shares_its_name_space_with_people(scene: Scene, ben: Actor) -> None:
    with pytest.raises(Invalid, match="slug"):
        await _open(scene, "ada", ben)


@pytest.mark.parametrize(
    ("field", "given"),
    [("name", {"name": " "}), ("name", {"name": "x" * 101}), ("summary", {"summary": "x" * 5001})],
)
async def test_a_community_is_named_and_briefly_described(
    scene: Scene, ben: Actor, field: str, given: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as refusal:
        await _open(scene, "bins", ben, **given)
    assert list(refusal.value.fields) == [field]


async def test_a_closed_community_stays_readable_and_tells_its_members(scene: Scene, roads: Actor) -> None:
    cleo = await scene.remote("cleo", "devon.example")
    await scene.joined(cleo, roads)
    await community.close(scene.node, "roads", by="test")
    settings = await scene.node.store.read(communities.find, SYSTEM, roads.id)
    assert settings is not None
    assert settings.closed_at == scene.node.clock.now()
    (sent,) = await scene.sent()
    assert (sent.inbox, sent.form) == ("https://devon.example/inbox", "Update Group")
    with pytest.raises(Invalid, match="was closed on 2 March 2026"):
        await community.close(scene.node, "roads", by="test")


async def test_two_who_close_at_the_same_time_tell_it_once(scene: Scene, roads: Actor) -> None:
    await scene.joined(await scene.remote("cleo", "devon.example"), roads)
    await asyncio.gather(*(community.close(scene.node, "roads", by="test") for _ in range(2)))
    assert await scene.forms() == [("https://devon.example/inbox", "Update Group")]


@pytest.mark.parametrize("slug", ["nothing", "ada"])
async def test_only_a_community_can_be_closed(scene: Scene, slug: str) -> None:
    with pytest.raises(NotFound):
        await community.close(scene.node, slug, by="test")


async def test_a_person_is_named_alone_or_with_the_host(scene: Scene, ada: Actor) -> None:
    for text in ("ada", "@Ada", "ada@kent.example", " @ada@kent.example "):
        assert await community.find_person(scene.node, text) == ada
    cleo = await scene.remote("cleo", "devon.example")
    assert (await community.find_person(scene.node, "cleo@devon.example")).id == cleo.id


@pytest.mark.parametrize("text", ["", "nobody", "roads"])
async def test_who_is_no_person_is_not_found(scene: Scene, text: str) -> None:
    with pytest.raises(NotFound):
        await community.find_person(scene.node, text)


async def test_nobody_is_looked_up_where_the_list_says_no(scene: Scene) -> None:
    with pytest.raises(NotPermitted):
        await community.find_person(scene.node, "cleo@nowhere.example")


async def test_who_is_suspended_facilitates_nothing_new(scene: Scene) -> None:
    await leave.suspend(scene.node, "ben", by="test")
    with pytest.raises(NotFound):
        await community.find_person(scene.node, "ben")


@pytest.mark.parametrize("text", ["ben@b@c", "ben@https://devon.example/", "ben@devon"])
async def test_what_is_no_handle_at_a_node_is_refused(scene: Scene, text: str) -> None:
    with pytest.raises(Invalid, match="wanted a domain"):
        await community.find_person(scene.node, text)


async def test_a_name_of_two_lines_opens_nothing(scene: Scene, ben: Actor) -> None:
    with pytest.raises(Invalid, match="wanted one line"):
        await _open(scene, "bins", ben, name="Bins\nand more")
