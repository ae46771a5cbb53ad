"""A person of kent who follows sam of surrey, and whatever sam sends."""

import re
from typing import Any

import pytest

from tests.parsing_suites.cases import Case, cases
from tests.support.network import Council, Network
from tests.support.reading import Reading, reading
from tests.support.speak import PUBLIC, Peer

NOTE = "/assets/note1.jsonap"  # what the cases about replies and quotes answer and quote


class Suites:
    """Both suites at the inbox of one node."""

    def __init__(self, reader: Reading, peer: Peer) -> None:
        self.reader, self.peer = reader, peer
        self.sam = peer.uri("sam")
        self.cases = cases(peer.documents["/users/sam"], reader.ada.uri)

    async def shown(self, case: Case) -> dict[str, Any] | str:
        """Deliver a case; give the status that a client reads, or why there is none."""
        answer = await self.reader.send(case.activity, by=self.sam)
        status = await self.reader.status(case.object_id)
        if status is not None:
            return status
        if answer != 202:
            return f"answered {answer}"
        # The ids of one suite are made up anew each time.
        return re.sub(rf"{self.peer.base}/\S+/[\w-]+", "it", await self.reader.outcome(case.activity["id"]))


@pytest.fixture
async def suites(network: Network, kent: Council) -> Suites:
    peer = network.peer("surrey.example")
    sam = peer.person("sam")
    peer.put(NOTE, {"id": peer.base + NOTE, "type": "Note", "attributedTo": sam, "to": [PUBLIC], "cc": [],
                    "content": "<p>One</p>", "published": "2026-03-02T10:00:00Z"})  # fmt: skip
    reader = await reading(network, kent)
    await reader.follow(sam)
    return Suites(reader, peer)
