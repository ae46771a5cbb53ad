"""A picture of a post for members goes to the nodes of members, by a signed request."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from fedcop.fetch import documents
from storage import media
from storage.posts import Post
from storage.visible import SYSTEM
from tests.support import closed
from tests.support.closed import Closed
from tests.support.network import Council, Network


@pytest.fixture
async def shelter(network: Network) -> AsyncIterator[Closed]:
    made = await closed.opened(network)
    yield made
    await made.close()


async def address(council: Council, post: Post) -> str:
    (file,) = await council.node.store.read(media.of_post, SYSTEM, post.id)
    return council.url(f"/media/{file.id}/original")


async def test_the_communitys_node_gives_it_to_nodes_with_a_member(shelter: Closed) -> None:
    url = await address(shelter.kent, await shelter.begin(shelter.kent, shelter.kay, "Heron", picture=True))
    surrey = await shelter.network.open("surrey.example")
    given = await documents.get(shelter.devon.node, url)
    assert (given.status, given.header("content-type")) == (200, "image/png")
    assert given.header("cache-control") == "private, no-cache"
    assert (await documents.get(surrey.node, url)).status == 404
    await shelter.leave(shelter.devon, shelter.dee)
    assert (await documents.get(shelter.devon.node, url)).status == 404


async def test_the_authors_node_asks_the_community_who_may_have_it(shelter: Closed) -> None:
    url = await address(shelter.devon, await shelter.begin(shelter.devon, shelter.dee, "Heron", picture=True))
    shelter.network.clock.move(timedelta(minutes=11))
    assert (await documents.get(shelter.essex.node, url)).status == 200
    await shelter.leave(shelter.essex, shelter.eva)
    shelter.network.clock.move(timedelta(minutes=11))
    assert (await documents.get(shelter.essex.node, url)).status == 404
    assert (await documents.get(shelter.kent.node, url)).status == 200


async def test_what_lies_elsewhere_is_given_by_its_own_node_only(shelter: Closed) -> None:
    begun = await shelter.begin(shelter.devon, shelter.dee, "Heron", picture=True)
    at_kent = await shelter.kent.post(begun.uri)
    assert at_kent is not None
    assert (await documents.get(shelter.essex.node, await address(shelter.kent, at_kent))).status == 404
    assert (await documents.get(shelter.essex.node, shelter.kent.url("/media/x/original"))).status == 404
