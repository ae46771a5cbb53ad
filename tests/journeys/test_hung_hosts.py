"""Journey: hosts that take the connection and never answer cost the others nothing."""

import time
from pathlib import Path

import pytest

from bench.peer import Peer
from bench.seed import follow_each_other
from bench.site import Site

HOSTS = 200
HUNG = 10
TIMES = 4


async def publish(site: Site, token: str, peer: Peer, hosts: set[str]) -> float:
    """Publish a post and give the seconds until all these hosts have it."""
    before, began = len(peer.arrived), time.monotonic()
    await site.ask("POST", "/api/v1/statuses", token=token, status=f"News at {began}")
    await peer.wait_for(before + len(hosts), seconds=15)
    assert peer.reached(since=before) == hosts
    return time.monotonic() - began


@pytest.mark.slow
async def test_hung_hosts_hold_up_nobody(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.make()
    token = site.add_person("will")
    async with Peer() as peer:
        followers = [peer.person(f"h{number:03}", "ana") for number in range(HOSTS)]
        await follow_each_other(site, "will", followers=followers)
        hosts = {person.host for person in followers}
        await site.start()
        try:
            await publish(site, token, peer, hosts)  # opens the connections
            well = min([await publish(site, token, peer, hosts) for _ in range(TIMES)])
            peer.silent = {person.host for person in followers[:HUNG]}
            hung = min([await publish(site, token, peer, hosts - peer.silent) for _ in range(TIMES)])

            assert peer.given_up == 0, "a hung host had timed out before the others had their delivery"
            print(
                f"\n{HOSTS} hosts {well * 1000:.0f} ms; {HOSTS - HUNG} beside {HUNG} hung ones "
                f"{hung * 1000:.0f} ms: {hung / well:.2f} times (1.2 wanted)"
            )
        finally:
            await site.stop()
