"""Nodes that are refused wait for an admin's decision."""

import pytest

from fedcop.actions import allowlist, knock
from fedcop.errors import Invalid, NotFound
from fedcop.node import Node
from storage import audit, knocks
from storage.knocks import Knock
from tests.fedcop.actions.scene import Scene


def _note(node: Node, host: str, *, actor: str = "https://york.example/ada", agent: str = "x") -> None:
    knock.note(node, host, way="inbox", actor=actor, user_agent=agent)


async def _waiting(node: Node) -> list[Knock]:
    await knock.keep(node)
    return await node.store.read(knocks.waiting)


async def test_a_refused_node_is_kept_with_its_own_words(scene: Scene) -> None:
    for _ in range(3):
        _note(scene.node, "york.example", agent="Mastodon/4.5\r\n\x1b[31m (+https://york.example/)")
    (row,) = await _waiting(scene.node)
    assert (row.host, row.times, row.first_at) == ("york.example", 3, scene.node.clock.now())
    assert (row.actor_uri, row.user_agent) == (
        "https://york.example/ada",
        "Mastodon/4.5 [31m (+https://york.example/)",
    )
    _note(scene.node, "york.example")
    assert [row.times for row in await _waiting(scene.node)] == [4]


async def test_words_without_end_are_cut(scene: Scene) -> None:
    _note(scene.node, "york.example", actor="https://york.example/" + "x" * 9999, agent="y" * 9999)
    (row,) = await _waiting(scene.node)
    assert (len(row.actor_uri), len(row.user_agent)) == (knock.MOST_TEXT, knock.MOST_TEXT)


@pytest.mark.parametrize("host", ["kent.example", "10.0.0.1", "[::1]", "york", "Y.example", "a..example"])
async def test_what_no_entry_could_allow_is_not_kept(scene: Scene, host: str) -> None:
    _note(scene.node, host)
    assert await _waiting(scene.node) == []


async def test_a_flood_of_names_is_cut_off_until_the_next_writing(scene: Scene) -> None:
    for number in range(knock.MOST_AT_ONCE + 30):
        _note(scene.node, f"n{number}.example")
    assert len(scene.node.memory.knocks) == knock.MOST_AT_ONCE
    assert len(await _waiting(scene.node)) == knock.MOST_AT_ONCE
    assert scene.node.memory.knocks == {}


@pytest.mark.parametrize("change", ["allow", "deny"])
async def test_who_came_a_moment_before_the_decision_does_not_wait_after_it(
    scene: Scene, change: str
) -> None:
    _note(scene.node, "york.example")
    await getattr(allowlist, change)(scene.node, "york.example", by="ada")
    assert await _waiting(scene.node) == []


@pytest.mark.parametrize(("change", "pattern"), [("allow", "*.york.example"), ("deny", "york.example")])
async def test_deciding_about_a_node_takes_it_out_of_the_queue(
    scene: Scene, change: str, pattern: str
) -> None:
    for host in ("a.york.example", "leeds.example"):
        _note(scene.node, host)
    await knock.keep(scene.node)
    await getattr(allowlist, change)(scene.node, pattern, by="ada")
    assert [row.host for row in await _waiting(scene.node)] == ["leeds.example"]


async def test_a_denied_node_waits_for_no_decision(scene: Scene) -> None:
    await allowlist.deny(scene.node, "york.example", by="ada")
    _note(scene.node, "a.york.example")
    assert await _waiting(scene.node) == []


async def test_a_dismissed_node_is_shown_no_more_and_stands_in_the_record(scene: Scene) -> None:
    _note(scene.node, "york.example")
    await knock.keep(scene.node)
    await knock.dismiss(scene.node, "York.example", by="ada")
    _note(scene.node, "york.example")
    assert await _waiting(scene.node) == []
    (entry,) = await scene.node.store.read(audit.latest, 1)
    assert (entry.verb, entry.object, entry.by_name) == ("dismiss", "york.example", "ada")
    with pytest.raises(NotFound, match=r"york\.example is not in the queue"):
        await knock.dismiss(scene.node, "york.example", by="ada")
    with pytest.raises(Invalid, match="wanted a domain"):
        await knock.dismiss(scene.node, "no domain", by="ada")
