"""The one box: people, communities and posts in one answer."""

from typing import Any

import msgspec

from fedcop.actions import post, profile
from fedcop.actions.draft import Draft
from fedcop.knowledge import one_box, reasons
from fedcop.knowledge.one_box import Page, Results
from fedcop.node import Node
from storage import actors, visible
from storage.actors import Actor
from tests.support.network import Council


async def look(node: Node, me: Actor, text: str, *, need: bool = False, **page: Any) -> Results:
    shown = Page(**({"limit": 10} | page))
    return await node.store.scan(
        one_box.look, visible.person(me.id), text, node.clock.now(), shown, home=node.uris.domain, need=need
    )


async def test_who_wrote_about_it_is_found_with_what_they_wrote(kent: Council, node: Node) -> None:
    ada, ben = await kent.person("ada"), await kent.person("ben")
    ada = await profile.update(node, ada, profile.Changes(indexable=True, discoverable=True))
    floods = await kent.community("floods", ada)
    made = await post.publish(node, ada, Draft(text="How we fell ash trees @floods"))
    found = await look(node, ben, "ash trees")
    assert [one.view.post.id for one in found.posts] == [made]
    (person,) = found.people
    assert person.row.id == ada.id
    assert "posts about this: 1" in reasons.said(person.reasons, found.words, "en")
    assert found.counts == {"people": 1, "communities": 0, "posts": 1}
    assert [one.row.id for one in (await look(node, ben, "floods")).communities] == [floods.id]
    assert (await look(node, ben, "ash trees", kinds=("posts",))).people == []


async def test_words_that_nothing_has_all_of_are_looked_for_one_by_one(kent: Council, node: Node) -> None:
    ada = await kent.person("ada")
    await post.publish(node, ada, Draft(text="Ash"))
    found = await look(node, ada, "ash elephants")
    assert (found.any_of, len(found.posts)) == (True, 1)
    assert not (await look(node, ada, "ash")).any_of
    assert (await look(node, ada, "Has anybody seen elephants near an ash?", need=True)).counts["posts"] == 1


async def test_a_whole_handle_finds_even_who_hides(kent: Council, node: Node) -> None:
    ada, ben = await kent.person("ada"), await kent.person("ben")
    hidden = msgspec.structs.replace(actors.profile_of(ben), findable="hidden")
    await node.store.write(actors.set_profile, ben.id, hidden, node.clock.now())
    for text in ("@ben", "ben@kent.example", "@ben@kent.example"):
        found = await look(node, ada, text)
        assert [one.row.id for one in found.people] == [ben.id]
    for text in ("ben", "@be", "@floods", "@ben@devon.example"):
        assert (await look(node, ada, text)).people == []
    assert (await look(node, ada, "@ben", kinds=("posts",))).people == []
    assert (await look(node, ada, "@ben", skipped=1)).people == []


async def test_pages_follow_one_another(kent: Council, node: Node) -> None:
    ada = await kent.person("ada")
    made = {await post.publish(node, ada, Draft(text=f"Ash {n}")) for n in range(5)}
    pages = [await look(node, ada, "ash", limit=2, skipped=skipped) for skipped in (0, 2, 4)]
    assert [len(one.posts) for one in pages] == [2, 2, 1]
    assert {found.view.post.id for one in pages for found in one.posts} == made
