"""The node that each case begins with: its people, communities, followers and posts, made once and copied."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fedcop.actions import account, allowlist, community, follow, post, setup, token
from fedcop.actions.post import Draft
from storage import actors, posts
from storage.visible import SYSTEM
from tests.reports.bench import BASE, DOMAIN, Bench, Stage
from tests.reports.signatures import sign
from tests.support.clock import NOON, noon
from tests.support.speak import ACTIVITY, PUBLIC

PASSWORD = "a password that nobody guesses"
SCOPES = "read write follow push"
ADMIN_SCOPES = f"{SCOPES} admin:read admin:write"
ALLOWED = ("devon.example", "essex.example", "surrey.example")
CALLBACK = "https://app.example/cb"
OLD = "https://devon.example/notes/old"


def tables(**more: Any) -> dict[str, dict[str, Any]]:
    """Give the configuration: an allowlist, public pages, no anonymous use of the client API."""
    return {
        "node": {"domain": DOMAIN, "name": "Kent"},
        "federation": {"allow": []},
        "web": {"public_pages": True},
        "client_api": {"anonymous": False},
    } | more


async def post_as(bench: Bench, actor: str, path: str, activity: dict[str, Any]) -> int:
    """Let a peer deliver an activity, and everything follow from it; give what the inbox answered."""
    body = json.dumps({"@context": "https://www.w3.org/ns/activitystreams"} | activity).encode()
    headers = {"Host": DOMAIN, "Content-Type": ACTIVITY}
    target = urlsplit(path).path
    signed = sign(
        "POST", target, headers, body,
        actor=actor, label=bench.peers.key_of(actor), now=bench.clock.now(), options={},
    )  # fmt: skip
    answer = await bench.ask("POST", target, signed, body)
    await bench.settle()
    return answer.status


async def follow_as(bench: Bench, actor: str, target: str) -> None:
    """Let somebody elsewhere follow somebody here."""
    follow = {"id": f"{actor}/follows/{bench.clock.now().timestamp():.0f}", "type": "Follow", "actor": actor}
    status = await post_as(bench, actor, f"{target}/inbox", follow | {"object": target, "to": [target]})
    assert status == 202, f"the Follow of {actor} was answered {status}"


async def unfollow_as(bench: Bench, actor: str, target: str) -> None:
    """Let somebody elsewhere follow somebody here no more."""
    held = {"id": f"{actor}/follows/1", "type": "Follow", "actor": actor, "object": target}
    undo = {"id": f"{actor}/undo/{bench.clock.now().timestamp():.0f}", "type": "Undo", "actor": actor}
    await post_as(bench, actor, f"{target}/inbox", undo | {"object": held})


async def write_as(bench: Bench, actor: str, uri: str, text: str, group: str, **more: Any) -> None:
    """Let somebody elsewhere post into a community here; the note lies at its address there, too."""
    parts = urlsplit(uri)
    handle = f"@{group.rsplit('/', 1)[-1]}@{DOMAIN}"
    note = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": uri,
        "type": "Note",
        "attributedTo": actor,
        "to": [PUBLIC],
        "cc": [group],
        "content": f"<p>{text} {handle}</p>",
        "published": bench.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        "tag": [{"type": "Mention", "href": group, "name": handle}],
    } | more
    bench.peers.open(parts.hostname or "").documents[parts.path] = note
    create = {"id": f"{uri}/activity", "type": "Create", "actor": actor, "object": note, "to": [PUBLIC]}
    await post_as(bench, actor, f"{group}/inbox", create | {"cc": [group]})


async def make(folder: Path) -> Stage:
    """Make the node of all cases, with what happened before any of them, and close it."""
    bench = Bench(folder, noon(), tables())
    await setup.set_up(bench.config, now=NOON - timedelta(hours=1))
    await bench.start()
    try:
        for host in ALLOWED:
            await allowlist.allow(bench.node, host, by="bench")
        values = await _people(bench)
        values |= await _communities(bench, values)
        values |= await _happened(bench, values)
    finally:
        await bench.stop()
    return Stage(folder, values, bench.peers.open("devon.example").documents["/notes/old"], bench.clock.now())


async def _people(bench: Bench) -> dict[str, str]:
    values: dict[str, str] = {}
    for name, prefix in (("ana", ""), ("fin", "fac_"), ("admin", "admin_")):
        handle = name if name != "admin" else "boss"
        admin = name == "admin"
        actor, _ = await account.add_person(
            bench.node, handle,
            email=f"{name}@kent.example", display_name=name.title(), password=PASSWORD, admin=admin,
        )  # fmt: skip
        scopes = ADMIN_SCOPES if admin else SCOPES
        values[f"{prefix}token"] = await token.create(
            bench.node, handle, scopes=scopes, app_name="Bench", by="bench"
        )
        session = await account.sign_in(bench.node, handle, PASSWORD, address="127.0.0.1")
        values[f"session_{name}"] = f"__Host-session={session.secret}"
        values[f"csrf_{name}"] = session.csrf
        values[name], values[f"{name}_api"] = actor.uri, str(actor.id)
        values[f"{name}_inbox"], values[f"{name}_outbox"] = actor.inbox, f"{actor.uri}/outbox"
    for suffix in ("", "_inbox", "_outbox", "_api"):
        values[f"member{suffix}"] = values[f"ana{suffix}"]
    values |= {"member_url": values["ana"], "ana_token": values["token"], "fin_token": values["fac_token"]}
    values |= {"member_path": urlsplit(values["ana"]).path, "instance_actor": f"{BASE}/actor"}
    return values


async def _communities(bench: Bench, values: dict[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    fin, ana = await bench.local("fin"), await bench.local("ana")
    for slug, name in (("makers", "group"), ("parks", "group2")):
        opened = await community.open_community(
            bench.node, slug, name=slug.title(), summary="", facilitator=fin
        )
        await follow.follow(bench.node, ana, opened)
        found[name], found[f"{name}_api"] = opened.uri, str(opened.id)
        found[f"{name}_url"] = opened.url or opened.uri
        for part in ("inbox", "outbox", "followers"):
            found[f"{name}_{part}"] = f"{opened.uri}/{part}"
            found[f"{name}_{part}_path"] = urlsplit(f"{opened.uri}/{part}").path
        found[f"{name}_path"] = urlsplit(opened.uri).path
    return found | {"shared_inbox": f"{BASE}/inbox"}


async def _happened(bench: Bench, values: dict[str, str]) -> dict[str, str]:
    """Let bea and cal follow makers, ana post into it, and bea write what is known from before."""
    bea, cal = bench.peers.open("devon.example").uri("bea"), bench.peers.open("essex.example").uri("cal")
    for actor in (bea, cal):
        await follow_as(bench, actor, values["group"])
        bench.clock.move(timedelta(seconds=1))
    ana = await bench.local("ana")
    post_id = await post.publish(
        bench.node, ana, Draft(text="@makers Larch for the gate posts\n\nIt worked.")
    )
    await bench.settle()
    local = await bench.node.store.read(posts.find, SYSTEM, post_id)
    await write_as(bench, bea, OLD, "Known from before", values["group"])
    old = await bench.node.store.read(posts.find_by_uri, SYSTEM, OLD)
    known = await bench.node.store.read(actors.find_by_uri, SYSTEM, bea)
    assert local is not None
    assert old is not None
    assert known is not None
    instance = await bench.ask("GET", "/api/v2/instance", {}, None)
    limit = re.search(r'"max_characters":\s*(\d+)', instance.text)
    assert limit is not None, instance.brief()
    return {
        "local_post": local.uri,
        "local_post_api": str(local.id),
        "local_post_url": local.url or local.uri,
        "local_post_path": urlsplit(local.uri).path,
        "bea_post": OLD,
        "bea_post_api": str(old.id),
        "bea_api": str(known.id),
        "max_characters": limit[1],
    }
