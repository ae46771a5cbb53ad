"""Rows of search that are due are made anew, and nothing else is written."""

import msgspec

from fedcop.actions import post, profile, service_file
from fedcop.actions.draft import Draft
from fedcop.node import Node
from fedcop.workers import search as worker
from storage import actors, practices, search, search_rows, search_words, visible
from storage.practices import Practice
from tests.support.network import Council


async def test_posts_come_and_go_with_the_choice_of_their_author(kent: Council, node: Node) -> None:
    ada, ben = await kent.person("ada"), await kent.person("ben")
    await post.publish(node, ada, Draft(text="Gully"))

    async def found() -> int:
        wanted = search_words.read("gully")
        looked = await node.store.scan(
            search.look, visible.person(ben.id), wanted, node.clock.now(), home=node.uris.domain
        )
        return len(looked.posts)

    assert await found() == 0
    ada = await profile.update(node, ada, profile.Changes(indexable=True))
    assert await worker.work(node) == 2
    assert await found() == 1
    await profile.update(node, ada, profile.Changes(indexable=False))
    await worker.work(node)
    assert await found() == 0
    assert await worker.work(node) == 0
    await node.store.write(search_rows.note_all_due)
    assert await worker.work(node) >= 4


async def test_people_are_found_by_what_they_offer_and_by_new_labels_of_it(kent: Council, node: Node) -> None:
    ada, ben = await kent.person("ada"), await kent.person("ben")
    practice = practices.text_of(Practice(role="Arborist", offers=("function/110",)))
    shown = msgspec.structs.replace(actors.profile_of(ada), findable="nodes", practice=practice)
    await node.store.write(actors.set_profile, ada.id, shown, node.clock.now())

    async def found(text: str) -> list[str]:
        looked = await node.store.scan(
            search.look,
            visible.person(ben.id),
            search_words.read(text),
            node.clock.now(),
            home=node.uris.domain,
        )
        return [field for one in looked.people for field in one.where]

    assert await found("parking") == ["topics"]
    assert await found("arborist") == ["role"]
    await service_file.take(node, ["Identifier,Label,Type\n110,Stationary vehicles,Function\n"])
    await worker.work(node)
    assert await found("vehicles") == ["topics"]
