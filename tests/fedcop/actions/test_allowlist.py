"""The federation list: changed, and what is held brought into line with it."""

import asyncio

import pytest

from fedcop.actions import allowlist
from fedcop.errors import Invalid, NotFound
from fedcop.node import Node
from storage import actors, audit, changes, deliveries, follows, peers, posts
from storage import allowlist as rows
from storage.actors import Actor
from storage.visible import STRANGER
from tests.fedcop.actions.scene import Scene
from tests.support.network import Network


async def test_an_allowed_pattern_holds_at_once_and_stands_in_the_record(scene: Scene) -> None:
    node = scene.node
    await allowlist.allow(node, "*.Gov.UK", reason="councils", by="ada")
    assert node.allows("york.gov.uk")
    (entry,) = await node.store.read(audit.latest, 1)
    assert (entry.verb, entry.object, entry.detail, entry.by_name) == ("allow", "*.gov.uk", "councils", "ada")
    assert (await node.store.read(changes.counters))["rules"] == 1


async def test_a_node_that_answers_not_is_allowed_as_given(scene: Scene) -> None:
    result = await allowlist.allow(scene.node, "york.example", by="ada")
    assert scene.node.allows("york.example")
    assert "could not be reached" in result.lines[0]


async def test_a_node_whose_ids_have_another_host_is_allowed_there_too(network: Network) -> None:
    kent = await network.open("kent.example")
    york = await network.open("york.example", node={"base_url": "https://communities.york.example"})
    network.router.add("york.example", network.router.apps[york.node.uris.host].app)
    result = await allowlist.allow(kent.node, "york.example", by="ada")
    assert kent.node.allows("communities.york.example")
    assert result.lines == (
        "york.example is served by communities.york.example, whose name its ids have: "
        "communities.york.example is allowed too",
    )
    patterns = [row.pattern for row in await kent.node.store.read(rows.all_rules)]
    assert patterns == ["communities.york.example", "york.example"]


async def test_a_node_whose_ids_have_the_name_given_needs_no_word(network: Network) -> None:
    kent = await network.open("kent.example", federation={"allow": []})
    await network.open("devon.example")
    assert (await allowlist.allow(kent.node, "devon.example", by="ada")).lines == ()


async def test_a_host_of_ids_that_is_allowed_already_is_only_named(network: Network) -> None:
    kent = await network.open("kent.example")
    york = await network.open("york.example", node={"base_url": "https://communities.york.example"})
    network.router.add("york.example", network.router.apps[york.node.uris.host].app)
    await allowlist.allow(kent.node, "*.york.example", by="ada")
    result = await allowlist.allow(kent.node, "york.example", by="ada")
    assert "communities.york.example is allowed too" in result.lines[0]
    patterns = [row.pattern for row in await kent.node.store.read(rows.all_rules)]
    assert patterns == ["*.york.example", "york.example"]


async def test_an_allow_below_a_deny_says_that_it_changes_nothing(scene: Scene) -> None:
    await allowlist.deny(scene.node, "york.example", by="ada")
    result = await allowlist.allow(scene.node, "council.york.example", by="ada")
    assert result.lines[0].startswith("council.york.example stays denied: denied")


@pytest.mark.parametrize("text", ["https://york.example/", "york", "*.uk", "", "ada@york.example"])
async def test_what_is_no_pattern_is_refused(scene: Scene, text: str) -> None:
    with pytest.raises(Invalid, match="wanted a domain"):
        await allowlist.allow(scene.node, text, by="ada")


async def test_this_node_is_neither_allowed_nor_denied(scene: Scene) -> None:
    for change in (allowlist.allow, allowlist.deny):
        with pytest.raises(Invalid, match="is this node"):
            await change(scene.node, "kent.example", by="ada")


async def test_what_is_not_on_the_list_cannot_be_forgotten(scene: Scene) -> None:
    with pytest.raises(NotFound, match="is not on the list"):
        await allowlist.forget(scene.node, "york.example", by="ada")
    with pytest.raises(NotFound, match="fixed by the configuration"):
        await allowlist.forget(scene.node, "devon.example", by="ada")


async def _tied(scene: Scene, roads: Actor) -> Actor:
    """Tie the node to somebody at devon.example in every way there is."""
    cleo = await scene.remote("cleo", "devon.example")
    await scene.joined(cleo, roads)
    await scene.joined(roads, cleo)
    await scene.write(await _facilitator(scene, roads), "@roads Potholes")
    return cleo


async def _facilitator(scene: Scene, roads: Actor) -> Actor:
    found = await scene.node.store.read(actors.find_by_handle, STRANGER, "ada", roads.domain)
    assert found is not None
    return found


async def test_a_denied_node_loses_follows_deliveries_and_sight(scene: Scene, roads: Actor) -> None:
    store, cleo = scene.node.store, await _tied(scene, roads)
    post = await scene.theirs(cleo)
    waiting = len(await scene.sent())
    assert waiting > 0
    result = await allowlist.deny(scene.node, "devon.example", by="ada")
    assert result.hidden == ("devon.example",)
    assert [(row.what, row.detail) for row in result.ended] == [
        ("membership", "@cleo@devon.example of @roads@kent.example"),
        ("follow", "@roads@kent.example of @cleo@devon.example"),
        ("delivery", f"{waiting} not sent"),
    ]
    assert not scene.node.allows("devon.example")
    assert await store.read(follows.find, cleo.id, roads.id) is None
    assert await store.read(deliveries.backlog) == []
    assert await store.read(actors.find, STRANGER, cleo.id) is None
    assert await store.read(posts.find, STRANGER, post.id) is None


async def test_widening_shows_again_and_restores_nothing(scene: Scene, roads: Actor) -> None:
    store, cleo = scene.node.store, await _tied(scene, roads)
    ended = (await allowlist.deny(scene.node, "devon.example", by="ada")).ended
    result = await allowlist.forget(scene.node, "devon.example", by="ada")
    assert (result.shown, result.hidden, result.before) == (("devon.example",), (), ended)
    assert await store.read(actors.find, STRANGER, cleo.id) is not None
    assert await store.read(follows.find, cleo.id, roads.id) is None


async def test_forgetting_one_rule_shows_only_what_the_others_permit(scene: Scene) -> None:
    await scene.remote("cleo", "devon.example")
    await allowlist.deny(scene.node, "devon.example", by="ada")
    await allowlist.deny(scene.node, "*.devon.example", by="ada")
    result = await allowlist.forget(scene.node, "devon.example", by="ada")
    assert (result.shown, scene.node.allows("devon.example")) == ((), False)


async def test_an_allow_forgotten_ends_what_it_permitted(scene: Scene, roads: Actor) -> None:
    await allowlist.allow(scene.node, "york.example", by="ada")
    yan = await scene.remote("yan", "york.example")
    await scene.joined(yan, roads)
    result = await allowlist.forget(scene.node, "york.example", by="ada")
    assert (result.hidden, len(result.ended)) == (("york.example",), 1)
    (entry,) = await scene.node.store.read(audit.latest, 1)
    assert (entry.verb, entry.object) == ("forget", "york.example")


async def test_a_denial_reaches_all_below_and_no_neighbour(scene: Scene) -> None:
    await allowlist.allow(scene.node, "*.york.example", by="ada")
    for host in ("a.york.example", "b.a.york.example", "devon.example"):
        await scene.remote("x", host)
    result = await allowlist.deny(scene.node, "a.york.example", by="ada")
    assert result.hidden == ("a.york.example", "b.a.york.example")


async def test_what_the_configuration_changed_is_brought_into_line(scene: Scene, roads: Actor) -> None:
    stray = await scene.remote("stray", "leeds.example")
    await scene.joined(stray, roads)
    result = await allowlist.reconcile(scene.node)
    assert (result.hidden, len(result.ended)) == (("leeds.example",), 1)
    assert (await allowlist.reconcile(scene.node)) == allowlist.Result()


async def test_changes_at_the_same_time_all_hold(scene: Scene) -> None:
    names = [f"n{place}.example" for place in range(5)]
    for name in names:
        await scene.remote("x", name)
    await asyncio.gather(*(allowlist.allow(scene.node, name, by="ada") for name in names))
    assert all(scene.node.allows(name) for name in names)
    standings = [await scene.node.store.read(peers.find, name) for name in names]
    assert {peer.standing for peer in standings if peer} == {"open"}


FILE = (
    "domain,severity,reason\nyork.example,allow,near\nspam.example,suspend,\nkent.example,allow,\nx,deny,\n"
)


async def test_an_import_takes_what_it_can_and_says_what_it_left(scene: Scene) -> None:
    done = await allowlist.import_list(scene.node, FILE, by="ada", dry_run=False)
    assert [(rule.pattern, rule.severity) for rule in done.taken] == [
        ("york.example", "allow"),
        ("spam.example", "deny"),
    ]
    assert [line.text for line in done.left] == ["kent.example,allow,", "x,deny,"]
    assert scene.node.allows("york.example")
    row = await scene.node.store.read(rows.find, "york.example")
    assert row is not None
    assert (row.reason, row.source) == ("near", "import")


async def test_a_dry_run_changes_nothing(scene: Scene) -> None:
    done = await allowlist.import_list(scene.node, FILE, by="ada", dry_run=True)
    assert len(done.taken) == 2
    assert await scene.node.store.read(rows.all_rules) == []


async def test_an_import_that_denies_narrows(scene: Scene) -> None:
    await scene.remote("cleo", "devon.example")
    done = await allowlist.import_list(
        scene.node, "domain,severity\ndevon.example,deny\n", by="ada", dry_run=False
    )
    assert done.result.hidden == ("devon.example",)


async def test_an_empty_import_is_no_change(node: Node) -> None:
    done = await allowlist.import_list(node, "# nothing\n", by="ada", dry_run=False)
    assert (done.taken, done.left) == ((), ())
    assert await node.store.read(changes.counters) == {}
