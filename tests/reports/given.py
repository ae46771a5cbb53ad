"""What a case says is given, in words: each pattern here makes one kind of sentence true.

Sentences that no pattern knows are taken as said (most tell what is so anyway) and named as hints when the
case falls short.
"""

import json
import re
from datetime import timedelta
from typing import Any, Final

from activitypub.errors import RemoteFault
from fedcop.actions import allowlist, follow, like, moderate, post
from fedcop.actions.post import Draft
from fedcop.errors import Refusal
from storage import actors, communities, entries, posts
from storage.engine import Reader, Transaction
from storage.ids import ActorId
from storage.posts import Post
from storage.visible import SYSTEM
from tests.reports import stage
from tests.reports.behaviour import BEHAVIOURS, execute, runs
from tests.reports.setting import GROUP, HOST, NAME, URL, WHO, Pattern, Setting


async def is_not_follower(now: Setting, match: re.Match[str]) -> None:
    await stage.unfollow_as(now.bench, now.uri(match["who"]), now.named(match))


async def are_followers(now: Setting, match: re.Match[str]) -> None:
    names = re.sub(r"\([^)]*\)", "", match["names"])
    if re.search(r"\b(?:not|nobody|n't)\b", names):
        return
    for name in re.findall(NAME, names):
        uri = now.bench.peers.find(name) if name not in ("and", "also") else None
        if uri is None or await now.bench.node.store.read(_held, uri, now.named(match)):
            continue
        now.bench.clock.move(timedelta(seconds=1))
        await stage.follow_as(now.bench, uri, now.named(match))


async def left(now: Setting, match: re.Match[str]) -> None:
    uri = now.uri(match["who"])
    await stage.follow_as(now.bench, uri, now.group)
    if "has posted in makers" in now.case.text:
        await _publish(now, "ana", "@makers While all were there")
    now.bench.clock.move(timedelta(seconds=1))
    await stage.unfollow_as(now.bench, uri, now.group)


async def _held(read: Reader, follower: str, target: str) -> int:
    statement = """
    SELECT COUNT(*) FROM follows AS f JOIN actors AS a ON a.id = f.follower_id JOIN actors AS b
        ON b.id = f.target_id WHERE a.uri = :follower AND b.uri = :target
    """
    return int(await read.value(statement, follower=follower, target=target))


async def follows_outward(now: Setting, match: re.Match[str]) -> None:
    """Let somebody here follow somebody elsewhere, who accepts."""
    me, uri = await now.bench.local(match["me"]), now.uri(match["who"])
    bench = now.bench
    found = await bench.ask(
        "GET",
        f"/api/v2/search?q={uri}&resolve=true&type=accounts",
        {"Authorization": f"Bearer {now.values.values['admin_token']}"},
        None,
    )
    assert found.status == 200, found.brief()
    await follow.follow(bench.node, me, await bench.actor(uri))
    await bench.settle()
    asked = next(sent for sent in reversed(bench.wire.sent) if b'"Follow"' in sent.request.body)
    accept = {
        "id": f"{uri}/accepts/{me.id}",
        "type": "Accept",
        "actor": uri,
        "object": json.loads(asked.request.body),
    }
    await stage.post_as(bench, uri, f"{me.uri}/inbox", accept)


async def has_posted(now: Setting, match: re.Match[str]) -> None:
    """Let somebody elsewhere have posted into the community, and note the ids of what passed it on."""
    more: dict[str, Any] = {}
    if match["kind"] in ("reply", "comment"):
        more = {"inReplyTo": now.values.values["local_post"]}
    for uri in re.findall(URL, match[0].partition("'s ")[2]):
        now.bench.clock.move(timedelta(seconds=1))
        await _has_posted(now, now.uri(match["who"]), uri.rstrip("."), more)


async def _has_posted(now: Setting, author: str, uri: str, more: dict[str, Any]) -> None:
    await stage.write_as(now.bench, author, uri, f"The text of {uri.rsplit('/', 1)[-1]}", now.group, **more)
    name = re.sub(r"\W", "_", uri.rsplit("/", 1)[-1])
    found = await now.bench.node.store.read(posts.find_by_uri, SYSTEM, uri)
    if found is not None:
        community = await now.bench.actor(now.group)
        entry = await now.bench.node.store.read(entries.find, community.id, found.id)
        now.values.values[f"{name}_api"] = str(found.id)
        if entry is not None and entry.uri:
            now.values.values[f"announce_{name}"] = entry.uri


async def known_from_before(now: Setting, match: re.Match[str]) -> None:
    """Let a server that is not allowed have been, so that the node knows somebody and a post of theirs."""
    host = match["host"]
    name = match.groupdict().get("who") or next(iter(now.peer(host).people), "rex")
    author = now.bench.peers.open(host).uri(name.partition("@")[0])
    await allowlist.allow(now.bench.node, host, by="bench")
    uri = f"https://{host}/notes/before"
    await stage.write_as(now.bench, author, uri, "From before", now.group)
    known, held = await now.bench.node.store.read(_known, author, uri)
    label = host.partition(".")[0]
    now.values.values |= {
        f"{label}_account_api": str(known),
        f"{label}_post_api": str(held),
        f"{label}_post": uri,
    }
    await allowlist.forget(now.bench.node, host, by="bench")


async def _known(read: Reader, author: str, uri: str) -> tuple[int, int]:
    actor = await actors.find_by_uri(read, SYSTEM, author)
    held = await posts.find_by_uri(read, SYSTEM, uri)
    return (actor.id if actor else 0), (held.id if held else 0)


async def is_called(now: Setting, match: re.Match[str]) -> None:
    community = await now.bench.actor(now.group)
    await now.bench.node.store.write(_rename, community.id, match["name"], now.bench.clock.now())


async def _rename(tx: Transaction, actor_id: ActorId, name: str, at: Any) -> None:
    await tx.execute("UPDATE actors SET display_name = :name WHERE id = :id", name=name, id=actor_id)


async def local_post(now: Setting, match: re.Match[str]) -> None:
    author = await now.bench.local(match["who"])
    await _publish(now, author.handle, match["text"])


async def _publish(now: Setting, name: str, text: str, **more: Any) -> Post:
    author = await now.bench.local(name)
    post_id = await post.publish(now.bench.node, author, Draft(text=text, **more))
    now.bench.clock.move(timedelta(seconds=1))
    await now.bench.settle()
    found = await now.bench.node.store.read(posts.find, SYSTEM, post_id)
    assert found is not None
    return found


async def has_liked(now: Setting, match: re.Match[str]) -> None:
    me = await now.bench.local(match["me"])
    written = [await _publish(now, "fin", f"To like {number}") for number in range(int(match["n"]))]
    for one in [*written[1::2], *written[::2]]:
        await like.like(now.bench.node, me, one.id)
        now.bench.clock.move(timedelta(seconds=1))
    await now.bench.settle()


async def likes(now: Setting, match: re.Match[str]) -> None:
    """Let somebody elsewhere like the post that is there from the start."""
    who = now.uri(match["who"])
    like = {"id": f"{who}/likes/1", "type": "Like", "actor": who, "object": now.values.values["local_post"]}
    await stage.post_as(now.bench, who, f"{now.group}/inbox", like)


async def posts_today(now: Setting, match: re.Match[str]) -> None:
    await _publish(now, match["me"], "What I did today")


async def is_facilitator(now: Setting, match: re.Match[str]) -> None:
    uri = now.uri(match["who"])
    community, person = await now.bench.actor(now.group), await _met(now, uri)
    await now.bench.node.store.write(
        communities.add_facilitator, community.id, person.id, lead=False, now=now.bench.clock.now()
    )


async def _met(now: Setting, uri: str) -> actors.Actor:
    """Give somebody as the node knows them, having met them if need be."""
    if await now.bench.node.store.read(actors.find_by_uri, SYSTEM, uri) is None:
        token = now.values.values["admin_token"]
        url = f"/api/v2/search?q={uri}&resolve=true"
        await now.bench.ask("GET", url, {"Authorization": f"Bearer {token}"}, None)
    return await now.bench.actor(uri)


async def is_banned(now: Setting, match: re.Match[str]) -> None:
    fin, banned = await now.bench.local("fin"), await _met(now, now.uri(match["who"]))
    await moderate.ban(now.bench.node, fin, await now.bench.actor(now.group), banned)
    await now.bench.settle()


async def is_locked(now: Setting, match: re.Match[str]) -> None:
    fin = await now.bench.local("fin")
    found = await now.bench.node.store.read(posts.find_by_uri, SYSTEM, now.values.values["local_post"])
    assert found is not None
    await moderate.lock(now.bench.node, fin, found.id)
    await now.bench.settle()


async def has_mode(now: Setting, match: re.Match[str]) -> None:
    """Let the community decide who joins, or be for members only."""
    words = match["mode"]
    mode = "invite" if "invit" in words else "approval" if "appro" in words else "open"
    visibility = "members" if "member" in words or "private" in words or "closed" in words else "public"
    community = await now.bench.actor(now.named(match))
    await now.bench.node.store.write(communities.add, community.id, join_mode=mode, visibility=visibility)
    statement = "UPDATE actors SET approves = :approves WHERE id = :id"
    closed = visibility == "members"
    await now.bench.node.store.write(execute, statement, approves=closed, id=community.id)


async def has_many_followers(now: Setting, match: re.Match[str]) -> None:
    """Let many people of a host follow, each with an inbox of their own."""
    peer = now.peer(match["host"])
    peer.shared_inbox = False
    for number in range(int(match["n"])):
        peer.add(f"p{number}", key=f"{peer.host} shared")
        await stage.follow_as(now.bench, peer.uri(f"p{number}"), now.group)
        now.bench.clock.move(timedelta(milliseconds=10))


async def allows(now: Setting, match: re.Match[str]) -> None:
    host = match["host"].encode("idna").decode() if not match["host"].isascii() else match["host"]
    if "." in host:
        now.bench.peers.open(host)
    await allowlist.allow(now.bench.node, match["host"] if "." in host else f"{host}.example", by="bench")
    person = re.search(r"hosts (\w+)", now.case.text)
    if person and person[1] not in now.bench.peers.open(host).people:
        now.bench.peers.open(host).add(person[1])


async def list_is(now: Setting, match: re.Match[str]) -> None:
    """Put exactly these hosts on the list."""
    wanted = [name for name in re.split(r"[,\s]+", match["hosts"]) if name]
    wanted = [name if "." in name else f"{name}.example" for name in wanted if name != "and"]
    for host in [host for host in stage.ALLOWED if host not in wanted]:
        await allowlist.forget(now.bench.node, host, by="bench")
    for host in wanted:
        try:
            await allowlist.allow(now.bench.node, host, by="bench")
        except Refusal:
            # The list cannot hold the node's own name, which says the same: it plays no part.
            continue


async def wait_in_queue(now: Setting, match: re.Match[str]) -> None:
    peer = now.peer(match["host"])
    peer.down = True
    for number in range({"one": 1, "two": 2, "three": 3}.get(match["n"], 2)):
        await _publish(now, "ana", f"@makers waiting {number}")
    peer.down = False


NAMED: Final = r"[\w-]+(?:\.[\w-]+)*"
FIRST: Final[tuple[Pattern, ...]] = (
    (rf"(?:the list is|allowlist:) \[?(?P<hosts>{NAMED}(?:,? (?:and )?{NAMED})*)", list_is),
    (
        r"(?P<host>[\w.-]+\.example)(?: \([^)]*\))?,? is (?:also )?"
        r"(?:on the allowlist|allowlisted|allowed)\b",
        allows,
    ),
    (rf"{HOST}'s NodeInfo (?:names|says|is) (?P<software>\w+)(?: (?P<version>[\d.]+))?", runs),
    (rf"NodeInfo of {HOST} (?:names|says|is) (?P<software>\w+)(?: (?P<version>[\d.]+))?", runs),
    (
        r"(?P<host>devon|essex|surrey|[\w.-]+\.example) (?:names|runs|is a) "
        r"(?P<software>lemmy|piefed|mbin|nodebb|discourse|fedcop|mastodon|gotosocial|misskey|akkoma|pleroma)"
        r"(?: (?P<version>[\d.]+))?",
        runs,
    ),
    (rf"{WHO} (?:does not|do not|doesn't) follow {GROUP}", is_not_follower),
    (rf"{WHO} followed earlier and left", left),
    (rf"(?P<names>[a-z][\w@., ()-]*?) follows? {GROUP}\b", are_followers),
    (r"(?P<names>\w+(?: and \w+)*) follow(?:s)?(?=[;.]|$)", are_followers),
    (r"followers of the (?:group|community): (?P<names>[^.]*)", are_followers),
    (rf"(?P<n>\d+) followers on {HOST} with (?:\d+ )?different inboxes", has_many_followers),
    (rf"\b(?P<me>ana|fin) follows (?!the |makers|parks|\{{){WHO}", follows_outward),
    (rf"{WHO} (?:has )?(?:liked|favourited) \{{local_post\}}", likes),
    (
        rf"{WHO}'s (?P<kind>note|post|reply|comment|article)s? {URL}(?:,? (?:and )?{URL})*[^.;]{{0,60}}? "
        r"(?:was|were|is|are|has been)[^.;]*?"
        r"(?:accepted|announced|in (?:the (?:group|community)|makers)|known|posted)",
        has_posted,
    ),
    (r"copy of a post by (?P<who>\w+)@(?P<host>[\w.-]+) exists", known_from_before),
    (r"(?P<host>[\w.-]+\.example) is known in the database", known_from_before),
    (r"community is called '(?P<name>[^']*)'", is_called),
    (r"post '(?P<text>.*)' by (?P<who>\w+) exists", local_post),
    (r"(?P<me>ana|fin) has favourited (?P<n>\d+) posts", has_liked),
    (r"(?P<me>ana|fin) has posted today", posts_today),
    (rf"{WHO} is (?:a |the |also a )?(?:co-)?facilitator of makers", is_facilitator),
    (rf"{WHO} (?:is|was|has been) banned from (?:the group|makers)", is_banned),
    (r"(?:\{local_post\}|the thread) is (?:locked|closed for replies)", is_locked),
    (
        rf"{GROUP} is (?:in |by |on )?(?:an? )?"
        r"(?P<mode>members?-only|for members only|private|closed|approval|by approval|invit\w+)",
        has_mode,
    ),
    (rf"(?P<n>one|two|three|\d+) deliveries to {HOST} are waiting", wait_in_queue),
)
TOLD: Final = re.compile(
    r"allowlist(ed| mode)|not allowed|top-level post|public post|nobody follows|never been seen|already|"
    r"API ids? of|is the path of|No app registered|is signed in|Default|has an RSA key|"
    r"by ana is in the group",
    re.IGNORECASE,
)


async def make(setting: Setting) -> list[str]:
    """Make true what a case says is given; give the sentences that no pattern knows, or that failed."""
    text = setting.case.text
    known: list[tuple[int, int]] = []
    failed: list[str] = []
    for pattern, maker in (*FIRST, *BEHAVIOURS):
        for match in re.finditer(pattern, text, re.IGNORECASE if pattern[:2] != "(?" else 0):
            known.append(match.span())
            try:
                await maker(setting, match)
            except (LookupError, AssertionError, StopIteration, ValueError, Refusal, RemoteFault) as error:
                failed.append(f"could not be set up: {match[0]}: {error}")
            await setting.bench.settle()
    return failed + [
        sentence[0].strip()
        for sentence in re.finditer(r"[^;]+?(?:[;]|\.(?=\s|$)|$)", text)
        if sentence[0].strip()
        and not TOLD.search(sentence[0])
        and not any(begin < sentence.end() and end > sentence.start() for begin, end in known)
    ]
