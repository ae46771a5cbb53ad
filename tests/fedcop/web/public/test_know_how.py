"""The page of know-how."""

import re
from datetime import timedelta

from fedcop.actions import leave, objections, own_post
from fedcop.workers import know_how
from storage import actors, communities, knowhow, posts
from storage.actors import Actor
from storage.ids import PostId
from storage.knowhow import NewKnowHow, NewPart
from storage.visible import SYSTEM
from tests.fedcop.actions.scene import Scene
from tests.fedcop.web.conftest import Browser, hidden
from tests.fedcop.web.staff.test_know_how import drafted, give_password, published, thread


async def test_a_note_says_who_stands_behind_it_and_what_it_was_made_from(
    browser: Browser, ada: Actor
) -> None:
    _, picks = await thread(browser, ada)
    note = await published(browser, ada, picks)

    page = (await browser.get(f"/know-how/{note}")).text

    assert '<h1 dir="auto">Empty gullies twice</h1>' in page
    assert "<blockquote><p><strong>How often?</strong></p>" in page
    assert page.count("<bdi>Ben</bdi>") == 1
    assert [f'href="/posts/{pick}"' in page for pick in picks] == [True, True]
    assert "Open Government Licence" in page
    assert "To be looked at again by" in page
    assert "Used 0 times" in page
    assert "I used this" not in page, "strangers read only"
    assert "/communities/drainage" in page
    listed = (await browser.get("/communities/drainage")).text
    assert f'href="/know-how/{note}"' in listed
    assert f"/know-how/{note}" in (await browser.get(f"/posts/{note}")).text


async def test_a_note_can_be_read_in_welsh(browser: Browser, ada: Actor) -> None:
    _, picks = await thread(browser, ada)
    note = await published(browser, ada, picks)
    page = (await browser.get(f"/know-how/{note}?lang=cy")).text
    assert "Y bobl y tu ôl iddi" in page
    assert "Heb ei defnyddio eto" in page


async def test_who_used_it_says_so_and_may_take_it_back(browser: Browser, ada: Actor) -> None:
    ben, picks = await thread(browser, ada)
    note = await published(browser, ada, picks)
    await give_password(browser, ben)
    await browser.sign_in("ben")
    page = await browser.get(f"/know-how/{note}")
    await browser.post(f"/know-how/{note}", do="use", **hidden(page))
    page = await browser.get(f"/know-how/{note}")
    assert "Used once" in page.text
    assert "You said that you used this." in page.text
    await browser.post(f"/know-how/{note}", do="unuse", **hidden(page))
    assert "Used 0 times" in (await browser.get(f"/know-how/{note}")).text


async def test_the_people_behind_it_are_asked_where_it_stands(browser: Browser, ada: Actor) -> None:
    _, picks = await thread(browser, ada)
    note = await published(browser, ada, picks)
    await browser.sign_in("ada")
    page = await browser.get(f"/know-how/{note}")
    assert 'href="#text"' in page.text
    assert "@ben@kent.example </textarea>" in page.text
    ask = re.search(r'href="(/ask\?[^"]*)"', page.text)
    assert ask is not None
    assert 'value="Empty gullies twice"' in (await browser.get(ask[1].replace("&amp;", "&"))).text
    found = (await browser.get("/search?q=gullies")).text
    assert f'href="/know-how/{note}"' in found
    asked = await browser.post(
        f"/posts/{note}", text="@ben@kent.example Every road?", language="en", **hidden(page)
    )
    assert asked.status_code == 303
    reply = await browser.council.node.store.read(
        posts.find, SYSTEM, PostId(int(asked.headers["location"].rpartition("-")[2]))
    )
    assert reply is not None
    assert reply.parent_id == note


async def test_what_strangers_may_not_see_is_not_found(browser: Browser, ada: Actor) -> None:
    ben, picks = await thread(browser, ada)
    note = await published(browser, ada, picks)
    await browser.council.community("closed", ada, visibility="members", join_mode="approval")
    scene = Scene(browser.council.node)
    closed = await named(browser, "closed")
    await scene.joined(ada, closed)
    root = await browser.council.publish(ada, "@closed How?\n\nSo.")
    inside = await published_in(browser, ada, root)
    for address in (inside, picks[0], 1, "x", "9" * 30):
        assert (await browser.get(f"/know-how/{address}")).status_code == 404, address
    await give_password(browser, ben)
    await browser.sign_in("ben")
    assert (await browser.get(f"/know-how/{note}")).status_code == 200
    assert (await browser.get(f"/know-how/{inside}")).status_code == 404
    assert (
        await browser.post(f"/know-how/{inside}", do="use", **hidden(await browser.get("/settings/data")))
    ).status_code == 404
    await browser.sign_in("ada")
    assert (await browser.get(f"/know-how/{inside}")).status_code == 200


async def named(browser: Browser, handle: str) -> Actor:
    found = await browser.council.node.store.read(actors.find_by_handle, SYSTEM, handle, "kent.example")
    assert found is not None
    return found


async def published_in(browser: Browser, ada: Actor, root: PostId) -> PostId:
    """Give a note of one's own words, which is published at once."""
    node = browser.council.node
    await objections.tell(node, ada, await drafted(browser, ada, [root]))
    await know_how.work(node)
    (note,) = await Scene(node).rows("SELECT MAX(post_id) FROM know_how")
    return PostId(note)


async def test_notes_of_other_councils_are_read_here_by_staff(browser: Browser, ada: Actor) -> None:
    scene = Scene(browser.council.node)
    dan = await scene.remote("dan", "devon.example")
    new = NewKnowHow(
        licence="https://creativecommons.org/licenses/by/4.0/",
        review_at=browser.council.node.clock.now() - timedelta(days=1),
        parts=(NewPart(uri="https://devon.example/posts/9"),),
        people=(dan.uri, "https://york.example/people/zoe", ada.uri),
    )
    theirs = await scene.theirs(dan, type="Article", title="Salt", know_how=new)
    assert (await browser.get(f"/know-how/{theirs.id}")).status_code == 404
    await browser.sign_in("ada")
    page = (await browser.get(f"/know-how/{theirs.id}")).text
    assert 'href="/people/dan@devon.example"' in page
    assert "and 2 other people" in page, "nobody is shown whom only somebody's word puts there"
    assert "creativecommons.org" in page
    assert "May be out of date" in page
    assert "/edit" not in page


async def test_the_note_of_who_left_leads_to_where_it_goes_on(browser: Browser, ada: Actor) -> None:
    ben, picks = await thread(browser, ada)
    note = await published(browser, ada, picks)
    node = browser.council.node
    drainage = await named(browser, "drainage")
    await node.store.write(communities.add_facilitator, drainage.id, ben.id, lead=False, now=node.clock.now())
    await leave.delete_person(node, "ada", by="ben")
    heir = await node.store.read(knowhow.heir, note)
    moved = await browser.get(f"/know-how/{note}")
    assert (moved.status_code, moved.headers["location"]) == (301, f"/know-how/{heir}")
    assert (await browser.get(f"/know-how/{heir}")).status_code == 200
    held = await node.store.read(posts.find, SYSTEM, PostId(heir or 0))
    assert held is not None
    await own_post.delete(node, ben, held.id)
    assert (await browser.get(f"/know-how/{heir}")).status_code == 404
