"""The federation list: changed, and what is held brought into line with it."""

from datetime import date, timedelta

import pytest

from fedcop.actions import allowlist
from fedcop.actions.narrow import Result
from fedcop.clock import SetClock
from fedcop.errors import Invalid, NotFound
from fedcop.node import Node
from storage import allowlist as rows
from storage import audit, changes
from storage.actors import Actor
from tests.fedcop.actions.scene import Scene
from tests.support.network import Network


async def test_an_allowed_pattern_holds_at_once_and_stands_in_the_record(scene: Scene) -> None:
    node = scene.node
    await allowlist.allow(node, "*.Gov.UK", reason="councils", by="ada")
    assert node.allows("york.gov.uk")
    (entry,) = await node.store.read(audit.latest, 1)
    assert (entry.verb, entry.object, entry.reason, entry.by_name) == ("allow", "*.gov.uk", "councils", "ada")
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
    assert (await allowlist.reconcile(scene.node)) == Result()


FILE = (
    "domain,severity,reason\n"
    "york.example,allow,near\nspam.example,suspend,\nkent.example,allow,\nx.example,noop,\n"
)


async def test_an_import_takes_what_it_can_and_says_what_it_left(scene: Scene) -> None:
    done = await allowlist.import_list(scene.node, FILE, by="ada", dry_run=False)
    assert [(rule.pattern, rule.severity) for rule in done.added] == [
        ("york.example", "allow"),
        ("spam.example", "deny"),
    ]
    assert [line.text for line in done.left] == ["kent.example,allow,", "x.example,noop,"]
    assert scene.node.allows("york.example")
    row = await scene.node.store.read(rows.find, "york.example")
    assert row is not None
    assert (row.reason, row.source, row.by_name) == ("near", "import", "ada")


async def test_an_import_with_a_bad_line_changes_nothing_and_names_it(scene: Scene) -> None:
    with pytest.raises(Invalid, match=r"line 6: found 'x', wanted a domain.*; nothing is changed"):
        await allowlist.import_list(scene.node, FILE + "x,deny,\n", by="ada", dry_run=False)
    assert await scene.node.store.read(rows.all_rules) == []


async def test_many_bad_lines_are_named_as_far_as_anybody_reads(scene: Scene) -> None:
    with pytest.raises(Invalid, match=r"line 1: .*line 5: .*; and 2 more; nothing is changed"):
        await allowlist.import_list(scene.node, "x,deny\n" * 7, by="ada", dry_run=False)


async def test_a_plain_list_leaves_what_is_no_domain(scene: Scene) -> None:
    done = await allowlist.import_list(scene.node, "york.example\nno domain\n", by="ada", dry_run=False)
    assert [rule.pattern for rule in done.added] == ["york.example"]
    assert [line.number for line in done.left] == [2]


async def test_an_import_again_adds_nothing_and_keeps_what_was_said(scene: Scene) -> None:
    await allowlist.import_list(scene.node, FILE, by="ada", dry_run=False)
    before = await scene.node.store.read(rows.all_rules)
    again = await allowlist.import_list(scene.node, FILE, by="bea", dry_run=False)
    assert (again.added, again.changed) == ((), ())
    assert [line.number for line in again.already] == [2, 3]
    plain = await allowlist.import_list(scene.node, "york.example\ndevon.example\n", by="bea", dry_run=False)
    assert [line.why for line in plain.already] == ["is there already (import)", "is there already (file)"]
    assert await scene.node.store.read(rows.all_rules) == before


async def test_an_import_changes_an_entry_that_says_something_else(scene: Scene) -> None:
    await allowlist.import_list(scene.node, FILE, by="ada", dry_run=False)
    text = "domain,severity,reason,until\nyork.example,allow,still near,2027-01-31\n"
    done = await allowlist.import_list(scene.node, text, by="bea", dry_run=False)
    assert [rule.pattern for rule in done.changed] == ["york.example"]
    row = await scene.node.store.read(rows.find, "york.example")
    assert row is not None
    assert (row.reason, row.until, row.by_name) == ("still near", date(2027, 1, 31), "bea")


async def test_an_import_leaves_what_has_ended_and_what_the_file_fixes(network: Network) -> None:
    kent = await network.open("kent.example", federation={"allow": [], "deny": ["spam.example"]})
    text = "domain,severity,until\nyork.example,allow,2026-03-01\nspam.example,allow,\n"
    done = await allowlist.import_list(kent.node, text, by="ada", dry_run=False)
    assert [line.why for line in done.left] == ["ended with 2026-03-01", "is fixed by the configuration file"]
    assert (done.added, done.changed) == ((), ())


async def test_a_dry_run_changes_nothing_and_says_what_it_would_cut_off(scene: Scene) -> None:
    await scene.remote("cleo", "devon.example")
    text = FILE + "devon.example,deny,\n"
    done = await allowlist.import_list(scene.node, text, by="ada", dry_run=True)
    assert len(done.added) == 3
    assert [(ties.host, ties.people) for ties in done.effects.cut] == [("devon.example", 1)]
    assert done.result == Result()
    assert await scene.node.store.read(rows.all_rules) == []


async def test_an_import_that_denies_narrows(scene: Scene) -> None:
    await scene.remote("cleo", "devon.example")
    done = await allowlist.import_list(
        scene.node, "domain,severity\ndevon.example,deny\n", by="ada", dry_run=False
    )
    assert done.result.hidden == ("devon.example",)


async def test_an_empty_import_is_no_change(node: Node) -> None:
    done = await allowlist.import_list(node, "# nothing\n", by="ada", dry_run=False)
    assert (done.added, done.left) == ((), ())
    assert await node.store.read(changes.counters) == {}


async def test_an_entry_is_kept_with_its_terms(scene: Scene) -> None:
    review, until = date(2026, 6, 1), date(2026, 12, 31)
    await allowlist.allow(
        scene.node, "*.york.example", reason="pilot", review_on=review, until=until, by="ada"
    )
    rule = scene.node.rules.verdict("a.york.example").rule
    assert rule is not None
    assert (rule.reason, rule.by, rule.review_on, rule.until) == ("pilot", "ada", review, until)
    assert rule.at == scene.node.clock.now()


@pytest.mark.parametrize("name", ["review", "until"])
async def test_a_day_that_is_over_is_refused_by_its_name(scene: Scene, name: str) -> None:
    field = {"review": "review_on", "until": "until"}[name]
    with pytest.raises(Invalid, match="found 2026-03-01, wanted 2026-03-02 or later") as refused:
        await allowlist.deny(scene.node, "york.example", by="ada", **{field: date(2026, 3, 1)})  # type: ignore[arg-type]
    assert list(refused.value.fields) == [name]


def _clock(scene: Scene) -> SetClock:
    assert isinstance(scene.node.clock, SetClock)
    return scene.node.clock


async def test_an_entry_that_has_ended_ends_as_a_narrowing_does(scene: Scene, roads: Actor) -> None:
    node = scene.node
    await allowlist.allow(node, "*.york.example", until=date(2026, 3, 2), by="ada")
    yan = await scene.remote("yan", "a.york.example")
    await scene.joined(yan, roads)
    assert (await allowlist.end_entries(node)) == Result()
    _clock(scene).move(timedelta(hours=12))  # from noon of its last day to the beginning of the next
    result = await allowlist.end_entries(node)
    assert (result.hidden, len(result.ended)) == (("a.york.example",), 1)
    assert not node.allows("a.york.example")
    assert await node.store.read(rows.all_rules) == []
    (entry,) = await node.store.read(audit.latest, 1)
    assert (entry.verb, entry.object, entry.reason) == ("expire", "*.york.example", "allow until 2026-03-02")


async def test_a_denial_that_has_ended_shows_again(scene: Scene) -> None:
    await scene.remote("cleo", "devon.example")
    await allowlist.deny(scene.node, "devon.example", until=date(2026, 3, 2), by="ada")
    _clock(scene).move(timedelta(days=1))
    assert (await allowlist.end_entries(scene.node)).shown == ("devon.example",)
    assert scene.node.allows("devon.example")


async def test_what_the_file_fixes_is_not_changed_elsewhere(network: Network) -> None:
    kent = await network.open("kent.example", federation={"allow": ["a.example"], "deny": ["b.example"]})
    for change, name in ((allowlist.allow, "a.example"), (allowlist.deny, "b.example")):
        result = await change(kent.node, name, reason="other", by="ada")
        assert result.lines == (f"{name} is fixed by the configuration file; nothing is changed",)
    with pytest.raises(Invalid, match="is denied by the configuration file"):
        await allowlist.allow(kent.node, "b.example", by="ada")
    assert await kent.node.store.read(rows.all_rules) == []


async def test_what_the_file_allows_may_be_denied_and_that_taken_back(network: Network) -> None:
    kent = await network.open("kent.example", federation={"allow": ["a.example"]})
    await allowlist.deny(kent.node, "a.example", by="ada")
    assert not kent.node.allows("a.example")
    await allowlist.forget(kent.node, "a.example", by="ada")
    assert kent.node.allows("a.example")
