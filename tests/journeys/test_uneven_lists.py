"""A community brings nodes together of which one does not allow the other: proofs are believed."""

from activitypub.wire import Request
from tests.journeys.test_announce_to_home import joined
from tests.support.network import Network, titles
from tests.support.speak import ACTIVITY


async def test_a_post_reaches_a_member_whose_node_its_author_does_not_allow(network: Network) -> None:
    kent = await network.open("kent.example")
    devon = await network.open("devon.example", federation={"allow": ["kent.example"]})
    essex = await network.open("essex.example")
    floods = await kent.community("floods", await kent.person("fin"))
    ben, cal = await devon.person("ben"), await essex.person("cal")
    await joined(network, devon, ben, floods)
    await joined(network, essex, cal, floods)

    thread = await devon.uri_of(await devon.publish(ben, "Which pumps?\n\n@floods@kent.example We need two."))
    await network.settle()

    (shown,) = await essex.home(cal)
    assert titles([shown]) == ["Which pumps?"]
    assert (shown.author.uri, shown.author.domain) == (ben.uri, "devon.example")
    # Devon was asked for the author only: signed, which it refused, and once more as anybody may ask.
    assert {line for line in network.fetches() if "devon" in line} == {
        f"GET {ben.uri}",
        "GET https://devon.example/.well-known/webfinger?resource=acct:ben@devon.example",
    }

    # What is answered there goes to the community, and so back to the author.
    held = await essex.post(thread)
    assert held is not None
    await essex.publish(cal, "Two of ours are free.", in_reply_to=held.id)
    await network.settle()
    assert "mention" not in await devon.told(ben), "devon listens to nobody at essex"
    at_kent = await kent.post(thread)
    assert at_kent is not None
    assert at_kent.replies_count == 1

    # The stub is all that a stranger gets.
    answer = await network.router.send(Request(method="GET", url=ben.uri, headers=(("Accept", ACTIVITY),)))
    assert b"outbox" not in answer.body
