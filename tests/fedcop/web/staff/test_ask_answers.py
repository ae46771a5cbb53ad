"""Accepting answers, withdrawing and saying whether it helped, on the page of a thread."""

from datetime import timedelta

import pytest

from fedcop.actions import answer, follow_up, moderate
from storage import answers, asks
from storage.actors import Actor
from storage.asks import Ask
from storage.ids import PostId
from storage.visible import SYSTEM
from tests.fedcop.web.conftest import Browser, hidden


class Thread:
    """Ada's ask in a community of ben's, answered by ben and by cat."""

    browser: Browser
    ada: Actor
    ben: Actor
    cat: Actor
    floods: Actor
    ask: PostId
    first: PostId
    second: PostId

    async def do(self, post_id: PostId, do: str, **more: str) -> int:
        """Press a button of the thread."""
        csrf = hidden(await self.browser.get(f"/posts/{self.ask}"))["csrf"]
        return (await self.browser.post(f"/posts/{post_id}/answer", csrf=csrf, do=do, **more)).status_code

    async def held(self) -> Ask:
        found = await self.browser.council.node.store.read(asks.find, SYSTEM, self.ask)
        assert found is not None
        return found

    async def page(self) -> str:
        return (await self.browser.get(f"/posts/{self.ask}")).text


@pytest.fixture
async def thread(browser: Browser, ada: Actor) -> Thread:
    """Give the thread, ada signed in."""
    thread, kent = Thread(), browser.council
    thread.browser, thread.ada = browser, ada
    thread.ben, thread.cat = await kent.person("ben"), await kent.person("cat")
    thread.floods = await kent.community("floods", thread.ben)
    thread.ask = await kent.publish(ada, "@floods Who has a letter?")
    thread.first = await kent.publish(thread.ben, "We had one.", in_reply_to=thread.ask)
    thread.second = await kent.publish(thread.cat, "Here is ours.", in_reply_to=thread.ask)
    await browser.sign_in("ada")
    return thread


async def test_who_asked_accepts_and_the_answer_stands_first(thread: Thread) -> None:
    page = await thread.page()
    assert page.count("This solved it, thank you<") == 2
    assert page.index("We had one.") < page.index("Here is ours.")
    assert await thread.do(thread.second, "accept") == 303
    page = await thread.page()
    assert (await thread.held()).accepted_id == thread.second
    assert page.index("Here is ours.") < page.index("We had one.")
    assert "Accepted answer" in page
    assert "Resolved" in page
    assert await thread.do(thread.second, "take_back") == 303
    assert "Accepted answer" not in await thread.page()


async def test_thanks_are_said_in_a_reply_that_accepts(thread: Thread) -> None:
    assert await thread.do(thread.second, "thank") == 303
    assert (await thread.held()).accepted_id == thread.second
    assert "Solved: thank you." in await thread.page()
    assert "mention" in await thread.browser.council.told(thread.cat)


async def test_others_have_no_such_buttons_and_no_such_right(thread: Thread) -> None:
    await thread.browser.http.post("/sign-out")
    thread.browser.http.cookies.clear()
    assert "This solved it" not in await thread.page()
    answer_ = await thread.browser.post(f"/posts/{thread.second}/answer", csrf="", do="accept")
    assert answer_.status_code in (303, 401, 403)
    assert (await thread.held()).accepted_id is None


async def test_what_another_asks_is_not_accepted_by_a_forged_form(thread: Thread) -> None:
    other = await thread.browser.council.publish(thread.cat, "@floods Who has sandbags?")
    reply = await thread.browser.council.publish(thread.ben, "We have.", in_reply_to=other)
    assert "This solved it" not in (await thread.browser.get(f"/posts/{other}")).text
    for do in ("accept", "take_back"):
        assert await thread.do(reply, do) == 403
    for do in ("withdraw", "renew"):
        assert await thread.do(other, do) == 403
    assert await thread.do(thread.ask, "accept") == 422
    assert await thread.do(PostId(1), "accept") == 404
    assert await thread.do(thread.second, "explode") == 422
    found = await thread.browser.council.node.store.read(answers.find, SYSTEM, reply)
    assert found is None


async def test_who_asked_wants_no_answer_any_more_and_one_after_all(thread: Thread) -> None:
    assert await thread.do(thread.ask, "withdraw") == 303
    page = await thread.page()
    assert (await thread.held()).state == "withdrawn"
    assert "Withdrawn" in page
    assert await thread.do(thread.ask, "renew") == 303
    assert (await thread.held()).state == "answered"


async def test_who_asked_says_on_the_page_whether_it_helped(thread: Thread) -> None:
    node = thread.browser.council.node
    await answer.accept(node, thread.ada, thread.first)
    assert "Did it help?" not in await thread.page()
    node.clock.move(timedelta(days=30))  # type: ignore[attr-defined]
    await thread.browser.sign_in("ada")
    await follow_up.ask_again(node, thread.ask)
    assert "Did it help?" in await thread.page()
    assert await thread.do(thread.ask, "helped", helped="perhaps", how="") == 422
    assert await thread.do(thread.ask, "helped", helped="partly", how="The fee is new.") == 303
    assert (await thread.held()).helped == "partly"
    assert "Partly" in await thread.page()
    assert await thread.do(thread.first, "helped", helped="yes", how="") == 404


async def test_in_a_locked_thread_an_answer_is_accepted_without_words(thread: Thread) -> None:
    await moderate.lock(thread.browser.council.node, thread.ben, thread.ask)
    page = await thread.page()
    assert "This solved it<" in page
    assert "This solved it, thank you" not in page
    assert await thread.do(thread.first, "accept") == 303
    assert (await thread.held()).state == "resolved"
