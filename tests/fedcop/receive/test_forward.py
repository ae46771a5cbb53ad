"""A reply that reached only the node of whom it answers goes on to the community, which asks for it."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from activitypub import document
from activitypub.vocab import Activity, registry
from fedcop import fetch
from fedcop.actions import moderate
from fedcop.receive import forward
from fedcop.receive.arrival import Arrival
from storage import activities, peers
from storage.actors import Actor
from storage.posts import Post
from tests.support.network import Council, Network
from tests.support.speak import PUBLIC, Peer, signed


@dataclass
class Answered:
    """Ben of devon began a thread in kent's floods; sam of a Mastodon server answers him and nobody else."""

    network: Network
    kent: Council
    devon: Council
    surrey: Peer
    lemmy: Peer
    fin: Actor
    ben: Actor
    floods: Actor
    root: Post
    sam: str

    def note(self, number: int = 1, **more: Any) -> dict[str, Any]:
        """Serve a reply, and give its Create."""
        uri = f"{self.surrey.base}/notes/{number}"
        document = {
            "id": uri, "type": "Note", "attributedTo": self.sam, "to": [PUBLIC], "cc": [self.ben.uri],
            "content": f"<p>Answer {number}</p>", "inReplyTo": self.root.uri,
            "published": "2026-03-02T11:00:00Z",
        } | more  # fmt: skip
        self.surrey.put(f"/notes/{number}", document)
        return self.act("Create", document, f"{uri}/create")

    def act(self, kind: str, of: dict[str, Any] | str, uri: str) -> dict[str, Any]:
        return {
            "id": uri,
            "type": kind,
            "actor": self.sam,
            "to": [PUBLIC],
            "cc": [self.ben.uri],
            "object": of,
        }

    async def tell_devon(self, activity: dict[str, Any]) -> None:
        """Let sam's server tell whoever is answered, and everything follow from it."""
        assert await self.surrey.post(self.devon.url("/inbox"), activity) == 202
        await self.network.settle()

    async def at_kent(self, number: int = 1) -> Post | None:
        return await self.kent.post(f"{self.surrey.base}/notes/{number}")

    def passed_on(self, kind: str) -> list[dict[str, Any]]:
        """Give what the members' nodes were told of a kind by the community."""
        wrapped = [one["object"] for one in self.lemmy.sent("Announce")]
        return [one for one in wrapped if isinstance(one, dict) and one["type"] == kind]


@pytest.fixture
async def scene(two_nodes: Network) -> Answered:
    kent, devon = two_nodes
    surrey = two_nodes.peer("surrey.example")
    lemmy = two_nodes.peer("lemmy.example", software="lemmy")
    fin, ben = await kent.person("fin"), await devon.person("ben")
    floods = await kent.community("floods", fin)
    await fetch.actor(devon.node, floods.uri)
    await devon.follow(ben, floods)
    cal = lemmy.person("cal")
    follow = {"id": f"{cal}/f", "type": "Follow", "actor": cal, "object": floods.uri}
    assert await lemmy.post(kent.url("/inbox"), follow) == 202
    await two_nodes.settle()
    root = await devon.uri_of(await devon.publish(ben, "Gauge\n\n@floods@kent.example Which?"))
    await two_nodes.settle()
    held = await devon.post(root)
    assert held is not None
    return Answered(two_nodes, kent, devon, surrey, lemmy, fin, ben, floods, held, surrey.person("sam"))


async def test_a_reply_that_does_not_name_the_community_reaches_it_and_its_members(scene: Answered) -> None:
    await scene.tell_devon(scene.note())
    found = await scene.at_kent()
    assert found is not None
    assert (found.community_id, found.content) == (scene.floods.id, "<p>Answer 1</p>")
    (passed,) = scene.passed_on("Create")[1:]
    assert passed["object"]["id"] == found.uri
    assert passed["object"]["content"] == "<p>Answer 1</p>"


async def test_so_do_its_edit_and_its_end(scene: Answered) -> None:
    await scene.tell_devon(scene.note())
    edited = scene.note(content="<p>Better</p>", updated="2026-03-02T11:30:00Z")["object"]
    await scene.tell_devon(scene.act("Update", edited, f"{edited['id']}/update"))
    found = await scene.at_kent()
    assert found is not None
    assert found.content == "<p>Better</p>"
    assert [one["object"]["content"] for one in scene.passed_on("Update")] == ["<p>Better</p>"]

    del scene.surrey.documents["/notes/1"]
    await scene.tell_devon(scene.act("Delete", edited["id"], f"{edited['id']}/delete"))
    found = await scene.at_kent()
    assert found is not None
    assert found.removed_at is not None
    assert [one["object"] for one in scene.passed_on("Delete")] == [edited["id"]]


async def test_what_names_the_community_is_not_sent_on(scene: Answered) -> None:
    await scene.tell_devon(scene.note(cc=[scene.ben.uri, scene.floods.uri]))
    assert await scene.at_kent() is None, "sam's own server tells the community"


async def test_what_is_not_for_everybody_is_not_sent_on(scene: Answered) -> None:
    await scene.tell_devon(scene.note(to=[scene.ben.uri], cc=[]) | {"to": [scene.ben.uri], "cc": []})
    assert await scene.devon.post(f"{scene.surrey.base}/notes/1") is not None
    assert await scene.at_kent() is None


async def test_what_answers_somebody_elsewhere_is_theirs_to_send_on(scene: Answered, asked: str) -> None:
    await scene.tell_devon(create := scene.note(inReplyTo=asked))
    post = await scene.devon.post(f"{scene.surrey.base}/notes/1")
    assert post is not None
    assert await scene.at_kent() is None
    said = registry.read(whole := document.read(json.dumps(create).encode()))
    assert isinstance(said, Activity)
    by = await fetch.actor(scene.devon.node, scene.sam)
    arrival = Arrival(activity=said, raw=whole.raw, by=by)
    floods = await scene.devon.known(scene.floods)
    assert post.community_id == floods.id
    assert await forward.of_held(scene.devon.node, arrival, post, floods) is None


async def test_whose_activity_is_sent_on_was_not_heard_by_that(scene: Answered, asked: str) -> None:
    scene.network.clock.move(timedelta(hours=1))
    assert await sent_on(scene, scene.note(inReplyTo=asked)) == 202
    surrey = await scene.kent.node.store.read(peers.find, "surrey.example")
    assert surrey is None or surrey.heard_at is None


async def test_where_the_community_is_ours_the_reply_is_passed_on_at_once(scene: Answered) -> None:
    ours = await scene.kent.uri_of(await scene.kent.publish(scene.fin, "Sand\n\n@floods Which?"))
    create = scene.note(inReplyTo=ours, cc=[scene.fin.uri])
    assert await scene.surrey.post(scene.kent.url("/inbox"), create) == 202
    await scene.network.settle()
    found = await scene.at_kent()
    assert found is not None
    assert found.community_id == scene.floods.id
    assert await scene.devon.post(found.uri) is not None


async def test_followers_of_whom_is_answered_are_told_if_the_reply_is_for_them(
    two_nodes: Network,
) -> None:
    network, (kent, devon) = two_nodes, two_nodes
    surrey = network.peer("surrey.example")
    sam, ada, ben = surrey.person("sam"), await kent.person("ada"), await devon.person("ben")
    await fetch.actor(devon.node, ada.uri)
    await devon.follow(ben, ada)
    await network.settle()
    root = await kent.uri_of(await kent.publish(ada, "Hello"))
    await network.settle()
    readers = (
        ([PUBLIC], [ada.uri]),
        ([PUBLIC], [ada.uri, f"{ada.uri}/followers"]),
        ([ada.uri, f"{ada.uri}/followers"], []),
    )
    for number, (to, cc) in enumerate(readers):
        uri = f"{surrey.base}/notes/{number}"
        note = {"id": uri, "type": "Note", "attributedTo": sam, "to": to, "cc": cc, "content": "x"}
        surrey.put(f"/notes/{number}", note | {"inReplyTo": root})
        create = {"id": f"{uri}/c", "type": "Create", "actor": sam, "object": note | {"inReplyTo": root}}
        assert await surrey.post(kent.url("/inbox"), create) == 202
    await network.settle()
    held = [await devon.post(f"{surrey.base}/notes/{n}") is not None for n in (0, 1, 2)]
    assert held == [False, True, False], "what only they read, sam's own server gives them"


@pytest.fixture
async def asked(scene: Answered) -> str:
    """Let cal of the lemmy server begin a thread in floods, and give its id."""
    uri = f"{scene.lemmy.base}/post/1"
    cal = scene.lemmy.uri("cal")
    page = {
        "id": uri, "type": "Page", "attributedTo": cal, "name": "Sand", "cc": [],
        "to": [PUBLIC, scene.floods.uri], "audience": scene.floods.uri, "content": "<p>Which?</p>",
        "published": "2026-03-02T11:00:00Z",
    }  # fmt: skip
    scene.lemmy.put("/post/1", page)
    create = {"id": f"{uri}/c", "type": "Create", "actor": cal, "to": [PUBLIC], "cc": [], "object": page}
    assert await scene.lemmy.post(scene.kent.url("/inbox"), create) == 202
    await scene.network.settle()
    return uri


async def sent_on(scene: Answered, activity: dict[str, Any], *, by: str = "cal") -> int:
    """Let somebody of the lemmy server sign what sam did, send it to kent, and everything follow from it."""
    uri = scene.lemmy.uri(by)
    body = json.dumps({"@context": "https://www.w3.org/ns/activitystreams"} | activity).encode()
    now = scene.network.clock.now()
    url = scene.kent.url("/inbox")
    scene.network.router.take()
    answer = await scene.network.router.send(
        signed("POST", url, body, key_id=f"{uri}#main-key", by=uri, now=now)
    )
    await scene.network.settle()
    return answer.status


async def test_only_who_is_answered_may_send_on(scene: Answered, asked: str) -> None:
    scene.lemmy.person("eve")
    create = scene.note(inReplyTo=asked, cc=[scene.lemmy.uri("cal")])
    assert await sent_on(scene, create, by="eve") == 403
    assert await sent_on(scene, create | {"type": "Like", "object": asked}) == 403
    assert await sent_on(scene, create | {"object": create["object"]["id"]}) == 403, (
        "it is not known to answer"
    )
    assert await sent_on(scene, create | {"id": f"{scene.lemmy.base}/c"}) == 403, "an id of another origin"
    assert await scene.at_kent() is None
    assert await sent_on(scene, create) == 202
    assert await scene.at_kent() is not None
    assert await sent_on(scene, scene.act("Delete", asked, f"{scene.sam}/d")) == 403, "it is not sam's"
    bea = await fetch.actor(scene.kent.node, scene.surrey.person("bea"))
    reply = create["object"]["id"]
    neighbour = scene.act("Delete", reply, f"{bea.uri}/d") | {"actor": bea.uri}
    assert await sent_on(scene, neighbour) == 403, "nor is sam's reply a neighbour's"


async def test_nothing_is_believed_of_whoever_sends_on(scene: Answered, asked: str) -> None:
    create = scene.note(inReplyTo=asked)
    forged = create["object"] | {"content": "<p>Forged</p>", "to": [PUBLIC], "cc": [scene.floods.uri]}
    like = f"{scene.surrey.base}/likes/1"
    assert await sent_on(scene, create | {"id": like, "object": forged}) == 202
    found = await scene.at_kent()
    assert found is not None
    assert found.content == "<p>Answer 1</p>"
    assert "Forged" not in json.dumps(scene.lemmy.received)
    # Nor does it use up an id that its owner has yet to use.
    liked = {"id": like, "type": "Like", "actor": scene.sam, "object": asked}
    assert await scene.surrey.post(scene.kent.url("/inbox"), liked) == 202
    await scene.network.settle()
    page = await scene.kent.post(asked)
    assert page is not None
    assert page.likes_count == 1
    assert [one["id"] for one in scene.passed_on("Like")] == [like]
    kept = await scene.kent.node.store.read(activities.find, like)
    assert kept is not None
    assert kept.type == "Like"


async def test_what_its_own_node_does_not_give_is_not_taken(scene: Answered, asked: str) -> None:
    create = scene.note(inReplyTo=asked)
    scene.surrey.documents["/notes/1"] = create["object"] | {"attributedTo": scene.surrey.person("bea")}
    assert await sent_on(scene, create) == 202
    del scene.surrey.documents["/notes/1"]
    assert await sent_on(scene, create | {"id": f"{scene.sam}/2"}) == 202
    assert await scene.at_kent() is None


async def test_what_still_stands_is_not_deleted_and_what_was_deleted_does_not_come_back(
    scene: Answered, asked: str
) -> None:
    create = scene.note(inReplyTo=asked)
    uri = create["object"]["id"]
    await sent_on(scene, create)
    await sent_on(scene, scene.act("Delete", uri, f"{uri}/d1"))
    found = await scene.at_kent()
    assert found is not None
    assert found.removed_at is None
    del scene.surrey.documents["/notes/1"]
    await sent_on(scene, scene.act("Delete", uri, f"{uri}/d2"))
    scene.note(inReplyTo=asked)
    await sent_on(scene, create | {"id": f"{uri}/again"})
    found = await scene.at_kent()
    assert found is not None
    assert found.removed_at is not None


async def test_what_is_not_for_everybody_is_not_ended_by_whom_it_answers(scene: Answered, asked: str) -> None:
    private = scene.note(inReplyTo=asked, to=[scene.fin.uri], cc=[]) | {"to": [scene.fin.uri], "cc": []}
    assert await scene.surrey.post(scene.kent.url("/inbox"), private) == 202
    await scene.network.settle()
    del scene.surrey.documents["/notes/1"]
    uri = private["object"]["id"]
    assert await sent_on(scene, scene.act("Delete", uri, f"{uri}/d")) == 403
    found = await scene.at_kent()
    assert found is not None
    assert found.removed_at is None
    assert await sent_on(scene, private | {"id": f"{uri}/again"}) == 403


async def test_who_is_banned_is_not_let_in_by_being_sent_on(scene: Answered, asked: str) -> None:
    sam = await fetch.actor(scene.kent.node, scene.sam)
    await moderate.ban(scene.kent.node, scene.fin, scene.floods, sam)
    await scene.network.settle()
    scene.surrey.received.clear()
    assert await sent_on(scene, scene.note(inReplyTo=asked)) == 202
    assert await scene.at_kent() is None
    assert scene.surrey.received == [], "nor told so: nothing was asked for"
