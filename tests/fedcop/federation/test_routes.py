from activitypub.wire import Request
from tests.support.network import Council, Network
from tests.support.speak import ACTIVITY


async def test_an_inbox_takes_only_a_post(kent: Council, network: Network) -> None:
    asked = Request(method="GET", url=kent.url("/inbox"), headers=(("Accept", ACTIVITY),))
    assert (await network.router.send(asked)).status == 405


async def test_a_refusal_is_one_line_for_a_server(kent: Council, network: Network) -> None:
    asked = Request(method="GET", url=kent.url("/people/nobody"), headers=(("Accept", ACTIVITY),))
    answer = await network.router.send(asked)
    assert answer.status == 404
    assert (answer.header("content-type") or "").startswith("text/plain")
    assert answer.body == b"https://kent.example/people/nobody is not there\n"


async def test_a_database_that_takes_nothing_makes_a_server_come_again(
    kent: Council, network: Network
) -> None:
    await kent.node.store.close()
    asked = Request(method="GET", url=kent.url("/actor"), headers=(("Accept", ACTIVITY),))
    answer = await network.router.send(asked)
    assert (answer.status, answer.header("retry-after")) == (503, "60")
