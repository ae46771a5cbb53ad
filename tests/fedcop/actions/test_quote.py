"""What a post of ours quotes, and how its author is asked."""

import pytest

from fedcop.actions import post
from fedcop.actions.draft import Draft
from fedcop.errors import Invalid, NotFound
from storage import quotes
from storage.actors import Actor
from storage.visible import SYSTEM
from tests.fedcop.actions.scene import Scene


async def test_somebody_elsewhere_is_asked_after_the_post_went_there(scene: Scene, ada: Actor) -> None:
    dan = await scene.remote("dan", "devon.example")
    theirs = await scene.theirs(dan, quote_policy="public")
    made = await scene.write(ada, "Look", quotes=theirs.id)

    create, request = await scene.sent()
    assert (create.form, create.inbox) == ("Create Note", "https://devon.example/inbox")
    document = create.document["object"]
    assert document["quote"] == document["quoteUri"] == document["_misskey_quote"] == theirs.uri
    assert "quoteAuthorization" not in document
    assert dan.uri in document["cc"]
    assert document["tag"] == [], "whom a post only quotes it does not name"
    assert (request.form, request.inbox) == ("QuoteRequest", dan.inbox)
    assert (request.document["object"], request.document["instrument"]) == (theirs.uri, made.uri)
    assert request.document["to"] == [dan.uri]
    (quote,) = (await scene.node.store.read(quotes.of_posts, SYSTEM, [made.id])).values()
    assert quote.state == "pending"


async def test_somebody_here_consented_before(scene: Scene, ada: Actor, ben: Actor) -> None:
    dan = await scene.remote("dan", "devon.example")
    await scene.joined(dan, ada)
    quoted = await scene.write(ben, "Sandbags")
    await scene.write(ada, "Look", quotes=quoted.id)
    (create,) = await scene.sent()
    assert create.document["object"]["quoteAuthorization"].startswith("https://kent.example/quotes/")
    assert ben.uri in create.document["object"]["cc"]


async def test_oneself_nobody_asks(scene: Scene, ada: Actor) -> None:
    dan = await scene.remote("dan", "devon.example")
    await scene.joined(dan, ada)
    quoted = await scene.write(ada, "Sandbags", audience="followers")
    await scene.sent()
    await scene.write(ada, "Look", audience="followers", quotes=quoted.id)
    (create,) = await scene.sent()
    assert create.document["object"]["quote"] == quoted.uri
    assert "quoteAuthorization" not in create.document["object"]


async def test_what_members_read_is_quoted_by_its_author_among_them_only(
    scene: Scene, ada: Actor, ben: Actor
) -> None:
    club = await scene.community("club", ada, join_mode="approval", visibility="members")
    await scene.joined(ben, club)
    mine = await scene.write(ada, "@club Who has a key?")
    open_to_all = await scene.write(ben, "Sandbags")

    with pytest.raises(Invalid):
        await scene.write(ada, "See inside", quotes=mine.id)
    with pytest.raises(NotFound):
        await scene.write(ben, "@club As Ada said", quotes=mine.id)
    with pytest.raises(Invalid):
        await scene.write(ada, "@club As Ben said", quotes=open_to_all.id)
    inside = await scene.write(ada, "@club As I said", quotes=mine.id)
    assert inside.audience == "members"
    assert (await scene.held(mine.id)).quotes_count == 1


@pytest.mark.parametrize("policy", ["nobody", "followers"])
async def test_whoever_says_no_is_not_asked(scene: Scene, ada: Actor, policy: str) -> None:
    dan = await scene.remote("dan", "devon.example")
    theirs = await scene.theirs(dan, quote_policy=policy)
    with pytest.raises(NotFound):
        await post.publish(scene.node, ada, Draft(text="Look", quotes=theirs.id))
    assert await scene.sent() == []


async def test_who_decides_each_time_is_asked(scene: Scene, ada: Actor) -> None:
    theirs = await scene.theirs(await scene.remote("dan", "devon.example"), quote_policy="manual")
    await scene.write(ada, "Look", quotes=theirs.id)
    assert [sent.form for sent in await scene.sent()] == ["Create Note", "QuoteRequest"]


async def test_an_edit_says_the_quote_again(scene: Scene, ada: Actor, ben: Actor) -> None:
    dan = await scene.remote("dan", "devon.example")
    await scene.joined(dan, ada)
    quoted = await scene.write(ben, "Sandbags")
    made = await scene.write(ada, "Look", quotes=quoted.id)
    (create,) = await scene.sent()
    await post.edit(scene.node, ada, made.id, Draft(text="Look again"))
    update = (await scene.sent())[0]
    for key in ("quote", "quoteAuthorization", "cc", "interactionPolicy"):
        assert update.document["object"][key] == create.document["object"][key], key
