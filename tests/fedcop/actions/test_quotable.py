"""Who may quote a post of ours, and consent that is taken back."""

import pytest

from fedcop.actions import quotable
from fedcop.errors import NotFound, NotPermitted
from storage import quotes
from storage.actors import Actor
from storage.quotes import NewQuote
from storage.visible import SYSTEM
from tests.fedcop.actions.scene import Scene


async def test_another_policy_is_told_to_whoever_holds_the_post(scene: Scene, ada: Actor) -> None:
    dan = await scene.remote("dan", "devon.example")
    await scene.joined(dan, ada)
    mine = await scene.write(ada, "Sandbags")
    await scene.sent()
    await quotable.allow(scene.node, ada, mine.id, "followers")
    (update,) = await scene.sent()
    said = update.document["object"]
    assert said["interactionPolicy"] == {"canQuote": {"automaticApproval": [f"{ada.uri}/followers"]}}
    assert "updated" not in said, "no text changed"
    await quotable.allow(scene.node, ada, mine.id, "followers")
    assert await scene.sent() == []


async def test_what_is_for_followers_stays_the_authors_to_quote(scene: Scene, ada: Actor) -> None:
    mine = await scene.write(ada, "Sandbags", audience="followers")
    await quotable.allow(scene.node, ada, mine.id, "public")
    assert (await scene.held(mine.id)).quote_policy == "nobody"


async def test_only_the_author_says_who_may_quote(scene: Scene, ada: Actor, ben: Actor) -> None:
    mine = await scene.write(ada, "Sandbags")
    with pytest.raises(NotPermitted):
        await quotable.allow(scene.node, ben, mine.id, "nobody")
    hidden = await scene.write(ada, "Between us", audience="followers")
    with pytest.raises(NotFound):
        await quotable.allow(scene.node, ben, hidden.id, "nobody")


async def test_who_quotes_elsewhere_is_told_that_consent_is_taken_back(scene: Scene, ada: Actor) -> None:
    dan = await scene.remote("dan", "devon.example")
    mine = await scene.write(ada, "Sandbags")
    theirs = await scene.theirs(dan, quote=NewQuote(uri=mine.uri, state="accepted"))
    await quotable.withdraw(scene.node, ada, mine.id, theirs.id)
    (delete,) = await scene.sent()
    assert (delete.form, delete.inbox) == ("Delete", "https://devon.example/inbox")
    assert delete.document["object"].startswith("https://kent.example/quotes/")
    assert delete.document["to"] == [dan.uri]
    (quote,) = (await scene.node.store.read(quotes.of_posts, SYSTEM, [theirs.id])).values()
    assert quote.state == "revoked"
    await quotable.withdraw(scene.node, ada, mine.id, theirs.id)
    assert await scene.sent() == []


async def test_a_quote_that_its_author_may_not_see_is_none_to_them(
    scene: Scene, ada: Actor, ben: Actor
) -> None:
    mine = await scene.write(ada, "Sandbags")
    hidden = await scene.theirs(
        await scene.remote("dan", "devon.example"),
        quote=NewQuote(uri=mine.uri, state="accepted"),
        audience="followers",
    )
    other = await scene.write(ben, "Look")
    for quoting in (hidden, other):
        with pytest.raises(NotFound):
            await quotable.withdraw(scene.node, ada, mine.id, quoting.id)
