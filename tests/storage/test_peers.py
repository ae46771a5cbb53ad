"""Every node met."""

from datetime import UTC, datetime, timedelta

from storage import deliveries, peers
from storage.deliveries import NewBody
from storage.engine import Store, Transaction
from storage.ids import ActorId, RowId
from storage.peers import Peer

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KENT = "kent.example"


async def kent(store: Store) -> Peer:
    found = await store.read(peers.find, KENT)
    assert found is not None
    return found


async def test_a_node_never_met_is_none(store: Store) -> None:
    assert await store.read(peers.find, KENT) is None


async def test_a_node_met_is_open_of_unknown_kind_and_signed_to_by_cavage(store: Store) -> None:
    await store.write(peers.met, KENT, NOW)
    await store.write(peers.met, KENT, NOW + timedelta(days=1))
    found = await kent(store)
    assert (found.kind, found.scheme, found.standing, found.met_at) == ("unknown", "cavage", "open", NOW)


async def test_when_a_node_was_heard_is_kept_to_the_minute(store: Store) -> None:
    for seconds in (0, 30, 90):
        await store.write(peers.heard, KENT, NOW + timedelta(seconds=seconds))
        if seconds == 30:
            assert (await kent(store)).heard_at == NOW
    assert (await kent(store)).heard_at == NOW + timedelta(seconds=90)


async def test_reaching_a_node_ends_its_failures(store: Store) -> None:
    await store.write(peers.failed, KENT, "no answer", NOW)
    await store.write(peers.failed, KENT, "503", NOW)
    failed = await kent(store)
    assert (failed.failures, failed.last_error) == (2, "503")
    await store.write(peers.reached, [KENT, "york.example"], NOW)
    reached = await kent(store)
    assert (reached.failures, reached.last_error, reached.reached_at) == (0, "", NOW)
    await store.write(peers.reached, [KENT], NOW + timedelta(seconds=1))
    assert (await kent(store)).reached_at == NOW


async def test_the_domain_of_handles_leads_to_one_node(store: Store) -> None:
    await store.write(peers.met, KENT, NOW)
    given = {"instead_of": "", "now": NOW}
    assert await store.write(peers.set_domain, KENT, "council.example", **given)
    assert await store.write(peers.set_domain, KENT, "council.example", **given)
    assert not await store.write(peers.set_domain, "york.example", "council.example", **given)
    assert (await kent(store)).domain == "council.example"
    assert await store.read(peers.domains) == {"council.example": KENT}
    # One that has it no longer makes place, and only that one.
    given["instead_of"] = "essex.example"
    assert not await store.write(peers.set_domain, "york.example", "council.example", **given)
    given["instead_of"] = KENT
    assert await store.write(peers.set_domain, "york.example", "council.example", **given)
    assert await store.read(peers.domains) == {"council.example": "york.example"}


async def test_software_and_kind_are_kept_with_the_time_of_asking(store: Store) -> None:
    for version in ("0.19", "1.0"):
        await store.write(peers.set_software, KENT, software="lemmy", version=version, kind="group", now=NOW)
    found = await kent(store)
    assert (found.software, found.version, found.kind, found.kind_at) == ("lemmy", "1.0", "group", NOW)


async def test_what_a_peer_showed_by_what_it_sent_is_kept(store: Store) -> None:
    await store.write(peers.met, KENT, NOW)
    await store.write(peers.set_kind, KENT, "group")
    await store.write(peers.set_scheme, KENT, "rfc9421", NOW)
    found = await kent(store)
    assert (found.kind, found.scheme) == ("group", "rfc9421")


async def test_how_a_peer_wants_to_be_signed_to_is_kept_though_it_was_never_met(store: Store) -> None:
    await store.write(peers.set_scheme, KENT, "rfc9421", NOW)
    await store.write(peers.set_query_signed, "york.example", NOW, signed=False)
    york = await store.read(peers.find, "york.example")
    assert york is not None
    assert ((await kent(store)).scheme, york.scheme, york.query_signed) == ("rfc9421", "cavage", False)
    await store.write(peers.set_query_signed, KENT, NOW, signed=False)
    assert ((await kent(store)).scheme, (await kent(store)).query_signed) == ("rfc9421", False)


async def test_a_node_is_hidden_from_the_first_time_on_until_it_is_shown(store: Store) -> None:
    await store.write(peers.hide, KENT, NOW)
    await store.write(peers.hide, KENT, NOW + timedelta(days=1))
    hidden = await kent(store)
    assert (hidden.standing, hidden.hidden_at) == ("hidden", NOW)
    await store.write(peers.show, KENT)
    shown = await kent(store)
    assert (shown.standing, shown.hidden_at) == ("open", None)


async def test_all_are_given_with_what_waits_for_them(store: Store) -> None:
    async def queue(tx: Transaction) -> None:
        body = NewBody(uri="u", type="Create", object_uri=None, sender_id=ActorId(1), body=b"")
        await deliveries.add_body(tx, RowId(1), body)
        await deliveries.add(tx, RowId(1), [(KENT, "https://kent.example/inbox")], NOW)

    await store.write(peers.met, "york.example", NOW)
    await store.write(peers.met, KENT, NOW)
    await store.write(queue)
    found = await store.read(peers.all_met)
    assert [(peer.host, peer.backlog, peer.oldest_at) for peer in found] == [
        (KENT, 1, NOW),
        ("york.example", 0, None),
    ]
