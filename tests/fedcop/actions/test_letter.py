"""A direct note mentions those whom it is for, whatever names it holds."""

from fedcop.actions import letter
from storage import posts, visible
from storage.visible import SYSTEM
from tests.support.network import Council


async def test_a_note_reaches_those_whom_it_is_for_and_nobody_whom_it_names(kent: Council) -> None:
    fin, ada, bob = [await kent.person(name) for name in ("fin", "ada", "bob")]
    pests = await kent.community("pests", fin)

    sent = await letter.prepare(
        kent.node, pests, [ada], "read this, says @bob@kent.example", language="cy",
        quoted='<p><a href="https://kent.example/people/bob">@bob</a> knows</p>',
    )  # fmt: skip
    await letter.send(kent.node, sent)

    found = await kent.node.store.read(posts.find, visible.person(ada.id), sent.new.id)
    assert found is not None
    assert (found.audience, found.author_id, found.language) == ("direct", pests.id, "cy")
    assert found.content.endswith("@bob</a> knows</p></blockquote>")
    assert await kent.node.store.read(posts.find, visible.person(bob.id), sent.new.id) is None
    assert await kent.told(ada) == ["mention"]
    assert await kent.told(bob) == []


async def test_a_note_continues_what_it_answers(kent: Council) -> None:
    fin, ada = await kent.person("fin"), await kent.person("ada")
    pests = await kent.community("pests", fin)
    first = await letter.prepare(kent.node, pests, [ada], "one", language="en")
    await letter.send(kent.node, first)
    held = await kent.node.store.read(posts.find, SYSTEM, first.new.id)

    second = await letter.prepare(kent.node, pests, [ada], "two", language="en", answers=held)

    assert (second.new.root_id, second.new.in_reply_to) == (first.new.id, first.new.uri)
