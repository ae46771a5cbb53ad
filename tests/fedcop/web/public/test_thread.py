"""A thread's page."""

import re

import pytest

from fedcop.actions import moderate, upload
from storage import posts
from storage.actors import Actor
from storage.ids import PostId
from storage.visible import SYSTEM
from tests.fedcop.actions.scene import Scene
from tests.fedcop.web.conftest import Browser, hidden
from tests.reports.markup import Markup
from tests.support.files import PDF, film
from tests.support.network import Network
from tests.support.pictures import PictureHost, Reply, png, received


async def test_a_thread_is_shown_from_its_beginning(browser: Browser, ada: Actor) -> None:
    await browser.council.community("drainage", ada)
    asked = await browser.council.publish(ada, "@drainage Gullies on B roads")
    answered = await browser.council.publish(ada, "Once a year", in_reply_to=asked)

    page = (await browser.get(f"/posts/{answered}")).text

    assert '<h1 dir="auto">Gullies on B roads</h1>' in page
    assert page.index("Gullies on B roads</h1>") < page.index("Once a year")
    assert f'class="card this" id="post-{answered}"' in page
    assert "/communities/drainage" in page
    name = f"<bdi>{ada.display_name}</bdi>"
    assert page.count(name) == 2, "under a title, and as what a reply without one is headed by"


async def test_what_strangers_may_not_see_is_not_found(browser: Browser, ada: Actor) -> None:
    hidden = await browser.council.publish(ada, "For my followers", audience="followers")

    assert (await browser.get(f"/posts/{hidden}")).status_code == 404
    assert (await browser.get("/posts/1")).status_code == 404
    assert (await browser.get("/posts/99999999999999999999999")).status_code == 404
    assert (await browser.get("/posts/x")).status_code == 404

    await browser.sign_in("ada")
    assert (await browser.get(f"/posts/{hidden}")).status_code == 200


async def test_pictures_come_from_here_wherever_they_lie(
    browser: Browser, network: Network, ada: Actor
) -> None:
    PictureHost(network.router)
    scene = Scene(browser.council.node)
    held = await upload.take(scene.node, ada, png(40, 30), description="A gully")
    asked = await scene.write(ada, "Look", media=(held.id,), audience="followers")
    dan = await scene.remote("dan", "mastodon.example")
    place = {"in_reply_to": asked.uri, "parent_id": asked.id, "root_id": asked.id}
    file = await received(scene, dan, **place)
    await browser.sign_in("ada")

    page = (await browser.get(f"/posts/{asked.id}")).text

    shown = [src.replace("&amp;", "&") for src in re.findall(r'<img src="([^"]*)"', page)]
    assert [src.partition("?")[0] for src in shown] == [f"/media/{held.id}/small", f"/media/{file.id}/small"]
    assert [(await browser.get(src)).status_code for src in shown] == [200, 200]
    assert 'alt="A gully"' in page
    assert "surrey.example" not in page


async def test_what_others_wrote_into_a_community_here_has_its_page(browser: Browser, ada: Actor) -> None:
    drainage = await browser.council.community("drainage", ada)
    scene = Scene(browser.council.node)
    dan = await scene.remote("dan", "mastodon.example")
    inside = await scene.theirs(
        dan, title="Holltau", content="<p>Sut?</p>", language="cy", community_id=drainage.id
    )
    outside = await scene.theirs(dan, number=2)

    page = (await browser.get(f"/posts/{inside.id}")).text
    assert '<h1 dir="auto" lang="cy">Holltau</h1>' in page
    assert '<div class="said" dir="auto" lang="cy"><p>Sut?</p></div>' in page
    assert (await browser.get(f"/posts/{outside.id}")).status_code == 404


async def test_a_picture_without_a_description_says_so_and_shows_no_file_name(
    browser: Browser, ada: Actor
) -> None:
    scene = Scene(browser.council.node)
    held = await upload.take(scene.node, ada, png(40, 30))
    asked = await scene.write(ada, "Look", media=(held.id,))

    page = (await browser.get(f"/posts/{asked.id}")).text
    assert 'alt=""' in page
    assert "Picture without a description" in page


async def test_a_film_and_a_document_open_from_here_too(
    browser: Browser, network: Network, ada: Actor
) -> None:
    PictureHost(network.router).replies["/a.png"] = Reply(PDF)
    scene = Scene(browser.council.node)
    held = await upload.take(scene.node, ada, film(), description="A <gully>")
    asked = await scene.write(ada, "Look", media=(held.id,))
    place = {"in_reply_to": asked.uri, "parent_id": asked.id, "root_id": asked.id}
    await received(scene, await scene.remote("dan", "mastodon.example"), kind="unknown", **place)

    page = (await browser.get(f"/posts/{asked.id}")).text

    links = dict(re.findall(r'<a href="(/media/[^"]*)">(.*?)</a>', page))
    assert list(links.values()) == ["Film: <bdi>A &lt;gully&gt;</bdi>", "File"]
    opened = [await browser.get(address) for address in links]
    assert [answer.headers["content-type"] for answer in opened] == ["video/mp4", "application/pdf"]
    assert [answer.headers.get("content-disposition") for answer in opened] == [None, "attachment"]


async def test_every_name_stands_apart_from_the_direction_of_the_page(browser: Browser, ada: Actor) -> None:
    await browser.council.community("drainage", ada)
    thread = await browser.council.publish(ada, "@drainage Gullies")
    await browser.council.publish(ada, "Once a year", in_reply_to=thread)

    for address in (f"/posts/{thread}", "/communities/drainage"):
        page = (await browser.get(address)).text
        assert Markup(page).names_outside_bdi(["Ada Bright", "Drainage"]) == []


async def test_a_colleague_replies_and_lands_at_the_reply(browser: Browser, ada: Actor) -> None:
    await browser.council.community("drainage", ada)
    asked = await browser.council.publish(ada, "@drainage Gullies on B roads")
    await browser.sign_in("ada")
    form = hidden(await browser.get(f"/posts/{asked}"))

    answer = await browser.post(f"/posts/{asked}", **form, text="Once a year\r\n\r\nat least", language="cy")

    path, _, place = answer.headers["location"].partition("#")
    page = (await browser.get(path)).text
    assert answer.status_code == 303
    assert f'id="{place}"' in page
    assert '<div class="said" dir="auto" lang="cy"><p>Once a year' in page
    view = await browser.council.post(await browser.council.uri_of(asked))
    assert view is not None
    assert view.replies_count == 1


async def test_a_reply_that_says_nothing_or_too_much_stays_in_the_form(browser: Browser, ada: Actor) -> None:
    asked = await browser.council.publish(ada, "Gullies")
    await browser.sign_in("ada")
    form = hidden(await browser.get(f"/posts/{asked}"))

    page = await browser.post(f"/posts/{asked}", **form, text="<b>" + "x" * 6000)

    assert page.status_code == 422
    assert '<a href="#text">Character limit of 5000 exceeded</a>' in page.text
    assert "&lt;b&gt;xxx" in page.text
    assert (await browser.post(f"/posts/{asked}", **form, text=" ")).status_code == 422
    assert (await browser.post(f"/posts/{asked}", csrf="odd", text="x")).status_code == 403


@pytest.mark.parametrize("audience", ["followers", "unlisted", "public"])
async def test_a_reply_has_no_more_readers_than_what_it_answers(
    browser: Browser, ada: Actor, audience: str
) -> None:
    asked = await browser.council.publish(ada, "A quiet word", audience=audience)
    await browser.sign_in("ada")
    form = hidden(await browser.get(f"/posts/{asked}"))

    answer = await browser.post(f"/posts/{asked}", **form, text="Indeed")

    reply = PostId(int(answer.headers["location"].rpartition("-")[2]))
    held = await browser.council.node.store.read(posts.find, SYSTEM, reply)
    assert held is not None
    assert held.audience == audience


async def test_a_locked_thread_has_no_form(browser: Browser, ada: Actor) -> None:
    await browser.council.community("drainage", ada)
    asked = await browser.council.publish(ada, "@drainage Gullies")
    await moderate.lock(browser.council.node, ada, asked)
    await browser.sign_in("ada")

    page = (await browser.get(f"/posts/{asked}")).text

    assert "A facilitator closed this thread for replies." in page
    assert "<textarea" not in page


async def test_strangers_are_given_no_form(browser: Browser, ada: Actor) -> None:
    asked = await browser.council.publish(ada, "Gullies")

    assert "<textarea" not in (await browser.get(f"/posts/{asked}")).text
    assert (await browser.post(f"/posts/{asked}", text="x")).status_code == 403
