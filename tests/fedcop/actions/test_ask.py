"""Asking a community, by form or by what is written anywhere, and wanting no answer any more."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from fedcop.actions import ask, moderate, post
from fedcop.actions.draft import title_apart
from fedcop.errors import Invalid, NotFound, NotPermitted
from storage import activities, asks, posts
from storage.actors import Actor
from storage.asks import Ask
from storage.ids import PostId
from storage.visible import SYSTEM
from tests.fedcop.actions.scene import Scene
from tests.support.clock import NOON

GRIT = ask.Draft(
    title="Who has a good  contract for grit?",
    need="Ours ends.",
    tried="The framework of 2019",
    by_when=date(2026, 4, 1),
    services=("function/3",),
    community="@roads",
)


async def held(scene: Scene, post_id: PostId) -> Ask | None:
    return await scene.node.store.read(asks.find, SYSTEM, post_id)


async def said(scene: Scene, post_id: PostId) -> dict[str, Any]:
    kept = await scene.node.store.read(activities.of_post, post_id)
    whole: dict[str, Any] = msgspec.json.decode(kept[-1].body)
    return {"@context": whole["@context"], **whole["object"]}


async def test_an_ask_is_a_thread_that_says_all_in_its_text_and_in_our_terms(
    scene: Scene, ada: Actor, roads: Actor
) -> None:
    post_id = await ask.publish(scene.node, ada, GRIT)
    thread, asked = await scene.held(post_id), await held(scene, post_id)
    assert asked is not None
    assert (thread.type, thread.title, thread.community_id) == (
        "Page",
        "Who has a good contract for grit?",
        roads.id,
    )
    for text in (
        "Ours ends.",
        "Tried so far: The framework of 2019",
        "Needed by 1 April 2026",
        "About: Benefits",
    ):
        assert text in thread.content
    assert (asked.need, asked.tried, asked.by_when) == (GRIT.need, GRIT.tried, GRIT.by_when)
    assert (asked.services, asked.state, asked.asker_id) == (GRIT.services, "open", ada.id)
    document = await said(scene, post_id)
    assert document["ask"] == {
        "need": "Ours ends.",
        "tried": "The framework of 2019",
        "byWhen": "2026-04-01",
        "services": ["http://id.esd.org.uk/function/3"],
    }
    assert document["@context"][-1]["fedcop"] == "urn:x-fedcop:"


async def test_an_ask_reads_in_its_own_language(scene: Scene, ada: Actor, roads: Actor) -> None:
    thread = await scene.held(
        await ask.publish(scene.node, ada, msgspec.structs.replace(GRIT, language="cy"))
    )
    assert "Wedi rhoi cynnig ar: The framework" in thread.content
    assert "Ei angen erbyn 1 Ebrill 2026" in thread.content
    assert "Ynghylch: Budd-daliadau" in thread.content
    assert thread.language == "cy"


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"title": " "}, r"title.*blank"),
        ({"title": "x" * 201}, r"title.*200"),
        ({"need": ""}, r"need.*blank"),
        ({"need": "x" * 2001}, r"need.*2000"),
        ({"tried": "x" * 2001}, r"tried.*2000"),
        ({"community": ""}, r"community.*blank"),
        ({"by_when": NOON.date() - timedelta(days=1)}, r"by.when.*passed"),
        ({"services": tuple(f"function/{n}" for n in range(1, 7))}, r"services.*5"),
        ({"services": ("function/3", "function/999999")}, r"services.*list"),
    ],
)
async def test_what_cannot_be_asked_is_refused_by_field(
    scene: Scene, ada: Actor, roads: Actor, changes: dict[str, Any], fault: str
) -> None:
    with pytest.raises(Invalid, match=f"(?i){fault}"):
        await ask.publish(scene.node, ada, msgspec.structs.replace(GRIT, **changes))
    assert await scene.node.store.read(asks.open_at, SYSTEM, limit=9) == []


async def test_all_faults_are_told_at_once(scene: Scene, ada: Actor) -> None:
    with pytest.raises(Invalid) as refused:
        await ask.publish(scene.node, ada, ask.Draft(title="", need="", community=""))
    assert refused.value.fields.keys() == {"title", "need", "community"}


@pytest.mark.parametrize(
    "text",
    [
        "@roads Who has a contract for grit? Ours ends.",
        "@roads Grit #ask\n\nWho has a contract?",
        "@roads Graean #Cwestiwn",
    ],
)
async def test_a_thread_from_any_client_asks_by_its_title_or_its_tag(
    scene: Scene, ada: Actor, roads: Actor, text: str
) -> None:
    thread = await scene.write(ada, text)
    asked = await held(scene, thread.id)
    assert asked is not None
    assert (asked.state, asked.need) == ("open", "")


async def test_what_is_told_or_stands_elsewhere_asks_nobody(scene: Scene, ada: Actor, roads: Actor) -> None:
    told = await scene.write(ada, "@roads Grit has come\n\nWho wants some?")
    alone = await scene.write(ada, "Who has a contract for grit?")
    poll = await scene.write(
        ada, "@roads Which grit?", poll=post.drafts.PollDraft(options=("a", "b"), seconds=600)
    )
    reply = await scene.write(ada, "Which? #ask", in_reply_to=told.id)
    for one in (told, alone, poll, reply):
        assert await held(scene, one.id) is None


async def test_an_edit_may_ask_and_never_stops_asking(scene: Scene, ada: Actor, roads: Actor) -> None:
    thread = await scene.write(ada, "@roads Grit")
    await post.edit(scene.node, ada, thread.id, post.Draft(text="@roads Grit?"))
    assert await held(scene, thread.id) is not None
    await post.edit(scene.node, ada, thread.id, post.Draft(text="@roads Grit"))
    assert await held(scene, thread.id) is not None


async def test_who_asked_withdraws_and_asks_again_and_the_text_stays(
    scene: Scene, ada: Actor, roads: Actor
) -> None:
    formed = await ask.publish(scene.node, ada, GRIT)
    typed = (await scene.write(ada, "@roads Grit?\n\nOurs ends.")).id
    for post_id in (formed, typed):
        before = await scene.held(post_id)
        await ask.withdraw(scene.node, ada, post_id)
        await ask.withdraw(scene.node, ada, post_id)
        after, asked = await scene.held(post_id), await held(scene, post_id)
        assert asked is not None
        assert (asked.state, asked.withdrawn_at) == ("withdrawn", scene.node.clock.now())
        assert (after.title, after.content, after.source) == (before.title, before.content, before.source)
        assert (await said(scene, post_id))["ask"]["withdrawn"] == "2026-03-02T12:00:00Z"
        await ask.renew(scene.node, ada, post_id)
        asked = await held(scene, post_id)
        assert asked is not None
        assert asked.state == "open"
        assert "withdrawn" not in (await said(scene, post_id))["ask"]


async def test_nobody_withdraws_what_another_asks(scene: Scene, ada: Actor, ben: Actor, roads: Actor) -> None:
    post_id = await ask.publish(scene.node, ada, GRIT)
    with pytest.raises(NotPermitted):
        await ask.withdraw(scene.node, ben, post_id)
    with pytest.raises(NotPermitted):
        await ask.renew(scene.node, ben, post_id)
    told = await scene.write(ada, "@roads Grit has come")
    with pytest.raises(NotFound):
        await ask.withdraw(scene.node, ada, told.id)


async def test_a_removed_ask_is_gone_and_comes_back_with_its_post(
    scene: Scene, ada: Actor, ben: Actor, roads: Actor
) -> None:
    post_id = await ask.publish(scene.node, ben, GRIT)
    await scene.write(ada, "We have.", in_reply_to=post_id)
    await moderate.remove_post(scene.node, ada, post_id)
    assert await held(scene, post_id) is None
    await moderate.restore_post(scene.node, ada, post_id)
    asked = await held(scene, post_id)
    assert asked is not None
    assert (asked.state, asked.need) == ("answered", GRIT.need)


async def test_a_title_that_was_given_apart_is_given_back_for_an_edit(
    scene: Scene, ada: Actor, roads: Actor
) -> None:
    apart = await scene.write(ada, "@roads It rains.", title="Sandbags")
    within = await scene.write(ada, "@roads Sandbags\n\nIt rains.")
    alone = await scene.write(ada, "It rains.", title="Weather")
    assert [title_apart(one, roads) for one in (apart, within)] == ["Sandbags", ""]
    assert title_apart(alone, None) == ""
    assert isinstance(await scene.node.store.read(posts.find, SYSTEM, apart.id), posts.Post)
