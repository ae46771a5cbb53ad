"""From a thread of two councils to know-how that both use, and that outlives who leaves."""

import html
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import httpx
import pytest

from activitypub.wire import Request
from fedcop import fetch
from fedcop.actions import account, distilling, knowhow, leave, objections
from fedcop.actions.distilling import Outline
from fedcop.actions.knowhow import Revision
from fedcop.as2.knowhow import OPEN_GOVERNMENT
from fedcop.server.app import build
from fedcop.workers import know_how
from storage import know_how_drafts, posts
from storage import knowhow as rows
from storage.actors import Actor
from storage.engine import Reader
from storage.ids import PostId, RowId
from storage.know_how_drafts import KnowHowDraft
from storage.posts import Post
from storage.visible import SYSTEM
from tests.support import described
from tests.support.network import Council, Network
from tests.support.speak import ACTIVITY

PASSWORD = "three ordinary words"


@dataclass
class Journey:
    """Kent's community gullies, led by ada; kent's cat and devon's ben and dan are in it."""

    network: Network
    kent: Council
    devon: Council
    people: dict[str, Actor] = field(default_factory=dict)
    pages: dict[str, httpx.AsyncClient] = field(default_factory=dict)

    async def begin(self, **more: str) -> list[Post]:
        """Let everybody join, dan of devon ask, and cat of kent and ben of devon answer; give the thread."""
        for council, names in ((self.kent, ("ada", "cat")), (self.devon, ("ben", "dan"))):
            for name in names:
                self.people[name] = await council.person(name)
                await account.set_password(council.node, self.people[name].id, PASSWORD)
        gullies = await self.kent.community("gullies", self.people["ada"], **more)
        await fetch.actor(self.devon.node, gullies.uri)
        await self.kent.follow(self.people["ada"], gullies)
        await self.kent.follow(self.people["cat"], gullies)
        for name in ("ben", "dan"):
            await self.devon.follow(self.people[name], gullies)
        await self.network.settle()
        await self.accept()
        asked = await self.say(self.devon, "dan", "@gullies@kent.example How often?\n\nOurs block in autumn.")
        by_cat = await self.say(self.kent, "cat", "Cat says twice a year", asked)
        by_ben = await self.say(self.devon, "ben", "Ben says after storms", asked)
        return [asked, by_cat, by_ben]

    async def accept(self) -> None:
        """Let whoever waits in; nobody does where everybody may join."""

    async def say(self, council: Council, name: str, text: str, to: Post | None = None) -> Post:
        """Let somebody write, and let that reach everybody."""
        parent = await council.post(to.uri) if to is not None else None
        post_id = await council.publish(
            self.people[name], text, in_reply_to=parent.id if parent is not None else None
        )
        await self.network.settle()
        found = await council.node.store.read(posts.find, SYSTEM, post_id)
        assert found is not None
        return found

    async def due(self) -> None:
        """Let all that is due happen at both nodes, and all that follows from it."""
        await self.network.settle()
        while any([await know_how.work(one.node) for one in (self.kent, self.devon)]):
            await self.network.settle()

    async def drafted(self, thread: list[Post]) -> RowId:
        """Let ada draft a note of the whole thread and its people be told."""
        held = [await self.kent.post(one.uri) for one in thread]
        picks = tuple(one.id for one in held if one is not None)
        outline = Outline(title="Twice, and after storms", lead="It costs less.", picks=picks)
        draft_id = await distilling.draft(self.kent.node, self.people["ada"], picks[0], outline)
        await objections.tell(self.kent.node, self.people["ada"], draft_id)
        await self.due()
        return draft_id

    async def draft(self, draft_id: RowId) -> KnowHowDraft:
        found = await self.kent.node.store.read(know_how_drafts.find, SYSTEM, draft_id)
        assert found is not None
        return found

    async def link(self, council: Council, name: str) -> str:
        """Give the link that somebody was told, as it reached their own node."""

        async def read(read: Reader) -> list[str]:
            return await read.values(
                """SELECT p.content FROM posts AS p JOIN mentions AS m ON m.post_id = p.id
                JOIN actors AS a ON a.id = m.actor_id WHERE p.audience = 'direct' AND a.uri = :uri""",
                uri=self.people[name].uri,
            )

        (told,) = await council.node.store.read(read)
        found = re.search(r'href="(https://kent\.example/know-how/drafts/[^"]*)"', html.unescape(told))
        assert found is not None, told
        return found[1]

    async def browser(self, council: Council, name: str = "") -> httpx.AsyncClient:
        """Give a browser before a council's pages, signed in as somebody or as nobody."""
        base = council.node.config.node.base_url
        headers = {"accept": "text/html", "origin": base}
        transport = described.Described(app=build(council.node))
        made = httpx.AsyncClient(transport=transport, base_url=base, headers=headers)
        self.pages[f"{council.host} {name}"] = made
        if name:
            form = {"name": name, "password": PASSWORD, "next": "/"}
            assert (await made.post("/sign-in", data=form)).status_code == 303
        return made

    async def close(self) -> None:
        for one in self.pages.values():
            await one.aclose()


@pytest.fixture
async def journey(network: Network) -> AsyncIterator[Journey]:
    kent = await network.open("kent.example", web={"public_pages": True})
    made = Journey(network, kent, await network.open("devon.example"))
    yield made
    await made.close()


def csrf(page: httpx.Response) -> dict[str, str]:
    found = re.search(r'name="csrf" value="([^"]*)"', page.text[page.text.index("<main") :])
    assert found is not None
    return {"csrf": html.unescape(found[1])}


async def test_a_thread_of_two_councils_becomes_know_how_that_both_use(journey: Journey) -> None:
    kent, devon, people = journey.kent, journey.devon, journey.people
    thread = await journey.begin()
    draft_id = await journey.drafted(thread)

    # Each was told at their own node. Ben objects by his link, which asks for no account at Kent.
    nobody = await journey.browser(kent)
    link = await journey.link(devon, "ben")
    page = await nobody.get(link)
    assert "Ben says after storms" in page.text
    assert "Cat says" not in page.text
    assert (await nobody.post(link, data={"answer": "leave_out", "reason": "no"})).status_code == 303
    for council, name in ((devon, "dan"), (kent, "cat")):
        assert (
            await nobody.post(await journey.link(council, name), data={"answer": "agree"})
        ).status_code == 303
    await journey.due()

    # All have said something: it is published, without ben, and is at the other council as know-how.
    held = await journey.draft(draft_id)
    assert held.state == "published"
    uri = kent.url(f"/know-how/{held.post_id}")
    there = await devon.post(uri)
    assert there is not None
    assert there.type == "Article"
    assert "Cat says twice a year" in there.content
    assert "Ben says" not in there.content
    named = await devon.node.store.read(rows.people, SYSTEM, there.id)
    assert [one.handle for one in named] == ["dan", "cat"]
    assert len(await devon.node.store.read(rows.sources, SYSTEM, there.id)) == 2
    assert "Twice, and after storms" in (await nobody.get(f"/know-how/{held.post_id}")).text

    # Dan reads it at home, says there that he used it, and Kent counts that.
    dan = await journey.browser(devon, "dan")
    page = await dan.get(f"/know-how/{there.id}")
    assert 'href="/people/cat@kent.example"' in page.text
    await dan.post(f"/know-how/{there.id}", data={"do": "use", **csrf(page)})
    await journey.network.settle()
    assert "Used once" in (await nobody.get(f"/know-how/{held.post_id}")).text

    # He asks the people behind it; that is a reply to the note at both nodes.
    page = await dan.get(f"/know-how/{there.id}")
    assert "@cat@kent.example " in page.text
    asked = {"text": "@cat@kent.example Leaves too?", "language": "en", **csrf(page)}
    assert (await dan.post(f"/posts/{there.id}", data=asked)).status_code == 303
    await journey.network.settle()
    assert "mention" in await kent.told(people["cat"])

    # A new version reaches Devon.
    journey.network.clock.move(timedelta(minutes=1))
    change = Revision(
        title="Twice a year", lead="New lead.", licence=OPEN_GOVERNMENT, months=6, places=(0, 1)
    )
    await knowhow.revise(kent.node, people["ada"], PostId(held.post_id or 0), change)
    await journey.network.settle()
    newer = await devon.post(uri)
    assert newer is not None
    assert (newer.title, "New lead." in newer.content) == ("Twice a year", True)
    assert len(await devon.node.store.read(posts.revisions, SYSTEM, newer.id)) == 2

    # Cat is erased: no version at either node holds a word or the name of hers, and the rest is read as ever.
    journey.network.clock.move(timedelta(minutes=1))
    await leave.delete_person(kent.node, "cat", by="ada")
    await journey.due()
    for council in (kent, devon):
        last = await council.post(uri)
        assert last is not None
        texts = await council.node.store.read(posts.revisions, SYSTEM, last.id)
        assert [one.title for one in texts] == ["Twice a year"], council.host
        assert "Ours block in autumn." in texts[0].content
        assert "Cat" not in texts[0].content
        assert [one.handle for one in await council.node.store.read(rows.people, SYSTEM, last.id)] == ["dan"]

    # So it is when somebody of the other council leaves.
    journey.network.clock.move(timedelta(minutes=1))
    await leave.delete_person(devon.node, "dan", by="ben")
    await journey.due()
    for council in (kent, devon):
        last = await council.post(uri)
        assert last is not None
        assert last.content == "<p>New lead.</p>", council.host


async def test_silence_agrees_but_not_of_whom_nothing_reached(journey: Journey) -> None:
    thread = await journey.begin()
    journey.network.router.down.add("devon.example")
    draft_id = await journey.drafted(thread)
    journey.network.clock.move(timedelta(days=8))
    await journey.due()
    held = await journey.draft(draft_id)
    assert held.state == "published"
    note = await journey.kent.node.store.read(posts.find, SYSTEM, PostId(held.post_id or 0))
    assert note is not None
    assert "Cat says" in note.content
    assert "Ben says" not in note.content
    assert "block in autumn" not in note.content


async def test_know_how_of_a_closed_community_stays_inside(journey: Journey) -> None:
    kent, devon, network = journey.kent, journey.devon, journey.network
    for council, names in ((kent, ("ada", "cat")), (devon, ("dan", "ben"))):
        for name in names:
            journey.people[name] = await council.person(name)
            await account.set_password(council.node, journey.people[name].id, PASSWORD)
    shut = await kent.community("shut", journey.people["ada"], visibility="members", join_mode="open")
    await fetch.actor(devon.node, shut.uri)
    await kent.follow(journey.people["ada"], shut)
    await devon.follow(journey.people["dan"], shut)
    await network.settle()
    asked = await journey.say(devon, "dan", "@shut@kent.example Heron?\n\nAt the weir.")
    assert asked.audience == "members"
    draft_id = await journey.drafted([asked])
    nobody = await journey.browser(kent)
    await nobody.post(await journey.link(devon, "dan"), data={"answer": "agree"})
    await journey.due()
    held = await journey.draft(draft_id)
    uri = kent.url(f"/know-how/{held.post_id}")
    there = await devon.post(uri)
    assert there is not None
    assert there.audience == "members"
    peer = network.peer("surrey.example")
    peer.person("sam")
    for council, person, expected, row in (
        (devon, "dan", 200, there.id), (devon, "ben", 404, there.id),
        (kent, "ada", 200, held.post_id), (kent, "cat", 404, held.post_id), (kent, "", 404, held.post_id),
    ):  # fmt: skip
        browser = await journey.browser(council, person)
        assert (await browser.get(f"/know-how/{row}")).status_code == expected, (council.host, person)
        address = f"shut@{kent.host}" if council is devon else "shut"
        listed = (await browser.get(f"/communities/{address}/know-how")).text
        assert ("after storms" in listed) is (expected == 200), (council.host, person)
        found = (await browser.get("/search?q=weir")).text if person else ""
        assert ("after storms" in found) is (expected == 200 and bool(person)), (council.host, person)
    for path in ("", "/context", "/replies"):
        assert (await peer.get(uri + path, by=peer.uri("sam"))).status == 404
    unsigned = Request(method="GET", url=uri, headers=(("accept", ACTIVITY),))
    assert (await network.router.send(unsigned)).status == 401
