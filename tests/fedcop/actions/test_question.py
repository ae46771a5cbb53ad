"""``@ask`` answers people of its own node, by what they may see."""

import re

import msgspec
import pytest

from fedcop.actions import own_post, post, profile, question
from fedcop.actions.draft import Draft
from fedcop.actions.setup import ASK
from fedcop.node import Node
from fedcop.workers import due
from storage import accounts, actors, posts, questions
from storage.accounts import settings_of
from storage.actors import Actor
from storage.ids import PostId
from storage.posts import Post
from storage.visible import SYSTEM
from tests.support.network import Council, Network


async def ask(node: Node, by: Actor, text: str, **given: str) -> PostId:
    """Write to @ask."""
    return await post.publish(node, by, Draft(text=f"@{ASK} {text}", audience="direct", **given))


async def answers(node: Node) -> list[Post]:
    """Let the worker work and give what @ask wrote."""
    await due.work(node)
    one = await node.store.read(actors.find_by_handle, SYSTEM, ASK, node.uris.domain)
    assert one is not None
    ids = await node.store.read(posts.ids_by_author, SYSTEM, one.id, limit=20)
    found = [await node.store.read(posts.find, SYSTEM, one_id) for one_id in ids]
    return [one for one in found if one is not None]


@pytest.fixture
async def ada(kent: Council, node: Node) -> Actor:
    """Give somebody who is found, and wrote of ash trees."""
    ada = await kent.person("ada")
    ada = await profile.update(
        node, ada, profile.Changes(indexable=True, discoverable=True, display_name="Ada *K* [x]")
    )
    for n in range(5):
        await kent.publish(ada, f"Ash trees {n}")
    return ada


async def test_a_note_is_answered_once_with_people_and_posts_and_a_count_of_the_rest(
    kent: Council, node: Node, ada: Actor
) -> None:
    ben = await kent.person("ben")
    note = await ask(node, ben, "Who knows how to deal with ash trees?")
    (answer,) = await answers(node)
    assert (answer.audience, answer.parent_id, answer.community_id) == ("direct", note, None)
    assert f'<a href="{kent.url("/people/ada")}"' in answer.content
    assert "Ada *K* [x]</a>: posts about this: 5" in answer.content
    assert "“trees”" in answer.content
    assert answer.content.count("/posts/") == question.BEST
    assert "people 0, communities 0, posts 2" in answer.content
    assert "/search?q=who%20knows%20how%20to%20deal%20with%20ash%20trees" in answer.content
    assert await kent.told(ben) == ["mention"]
    assert len(await answers(node)) == 1


async def test_the_answer_names_nobody_but_who_asked(kent: Council, node: Node, ada: Actor) -> None:
    await profile.update(node, ada, profile.Changes(display_name="@cai @ada#Tag <b>"))
    cai, ben = await kent.person("cai"), await kent.person("ben")
    await ask(node, ben, "ash trees")
    (answer,) = await answers(node)
    assert "@cai @ada#Tag &lt;b&gt;" in answer.content
    assert (await kent.told(cai), await kent.told(ada)) == ([], [])


async def test_nothing_is_said_of_what_the_asker_may_not_see(kent: Council, node: Node, ada: Actor) -> None:
    ben, cai = await kent.person("ben"), await kent.person("cai")
    trees = await kent.community("trees", ada, visibility="members")
    await post.publish(node, ada, Draft(text="@trees About elephants"))
    await post.publish(node, ada, Draft(text="@cai elephants", audience="direct"))
    await ask(node, ben, "elephants")
    (answer,) = await answers(node)
    assert "nothing about this that you may see" in answer.content
    await ask(node, cai, "elephants")
    assert "posts 0" not in (second := (await answers(node))[1].content)
    assert re.findall(r"/posts/(\d+)", second) != []
    assert trees.handle not in second


async def test_the_answer_is_in_the_language_of_who_asked(kent: Council, node: Node, ada: Actor) -> None:
    ben = await kent.person("ben")
    account = await node.store.read(accounts.find, ben.id)
    assert account is not None
    settings = msgspec.structs.replace(settings_of(account), locale="cy")
    await node.store.write(accounts.set_settings, ben.id, settings)
    await ask(node, ben, "ash trees")
    (answer,) = await answers(node)
    assert answer.language == "cy"
    assert "Beth a ysgrifennwyd am hyn:" in answer.content
    await ask(node, ben, "?")
    assert "ychydig eiriau" in (await answers(node))[1].content


async def test_a_note_that_is_gone_and_one_that_is_not_direct_have_no_answer(
    kent: Council, node: Node, ada: Actor
) -> None:
    note = await ask(node, ada, "ash")
    await own_post.delete(node, ada, note)
    await post.publish(node, ada, Draft(text="@ask ash"))
    await kent.publish(ada, "ash", audience="direct")
    assert await answers(node) == []
    assert await node.store.read(questions.due, 9) == []


async def test_nobody_of_another_node_is_answered(network: Network, kent: Council, node: Node) -> None:
    devon = await network.open("devon.example")
    dan = await devon.person("dan")
    await devon.publish(dan, "@ask@kent.example ash trees", audience="direct")
    await network.settle()
    assert await answers(node) == []
