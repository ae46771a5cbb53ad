"""Ids and secrets that a case names and that have to be looked up, or made, before its first step."""

import re
from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import quote

from fedcop.actions import authorize, upload
from storage import actors, posts
from storage.engine import Reader
from storage.visible import SYSTEM
from tests.reports import generators, stage
from tests.reports.setting import Setting

LookUp = Callable[[Setting, str], Awaitable[str | None]]


async def look_up(now: Setting) -> None:
    """Fill in what stands in braces anywhere in a case and is not known yet."""
    for name in dict.fromkeys(re.findall(r"\{([a-z]\w*)\}", now.case.everything)):
        for pattern, find in LOOK_UPS:
            if name not in now.values.values and (match := re.fullmatch(pattern, name)):
                found = await find(now, match[1] if match.groups() else name)
                if found is not None:
                    now.values.values[name] = found


async def threads(now: Setting, text: str) -> None:
    """Fill in ``{thread_url_of:ID}`` with the page of the thread that holds a post."""
    for name in re.findall(r"\{(thread_url_of:[^{}\s]+)\}", now.values.fill(text)):
        uri = name.partition(":")[2]
        found = await now.bench.node.store.read(posts.find_by_uri, SYSTEM, uri)
        if found is not None:
            now.values.values[name] = now.bench.node.uris.post(found.root_id)


async def _rule(now: Setting, name: str) -> str | None:
    """Give the id under which the client API lists a host's entry."""
    token = now.values.values["admin_token"]
    kind = "domain_allows" if "allow" in now.case.everything else "domain_blocks"
    answer = await now.bench.ask(
        "GET", f"/api/v1/admin/{kind}?limit=200", {"Authorization": f"Bearer {token}"}, None
    )
    entries = answer.json if answer.status == 200 else []
    return next((entry["id"] for entry in entries if entry["domain"] == f"{name}.example"), None)


async def _account(now: Setting, name: str) -> str | None:
    uri = now.bench.peers.find(name)
    if uri is None:
        return None
    token = now.values.values["token"]
    address = f"/api/v2/search?q={quote(uri, safe='')}&resolve=true&type=accounts"
    await now.bench.ask("GET", address, {"Authorization": f"Bearer {token}"}, None)
    return await now.bench.node.store.read(_id_of_actor, uri)


async def _post_of(now: Setting, name: str) -> str | None:
    """Give the id of a post by somebody that the node is to know, made if there is none."""
    uri = now.bench.peers.find(name)
    if uri is None:
        return None
    note = f"{uri.rsplit('/', 2)[0]}/notes/of-{name}"
    await stage.write_as(now.bench, uri, note, f"By {name}", now.group)
    now.values.values[f"{name}_post"] = note
    return await now.bench.node.store.read(_id_of_post, note)


async def _id_of_actor(read: Reader, uri: str) -> str | None:
    found = await actors.find_by_uri(read, SYSTEM, uri)
    return str(found.id) if found else None


async def _id_of_post(read: Reader, uri: str) -> str | None:
    found = await posts.find_by_uri(read, SYSTEM, uri)
    return str(found.id) if found else None


async def _media(now: Setting, _: str) -> str:
    ana = await now.bench.local("ana")
    picture = generators.picture("PNG 64x48")
    return str((await upload.take(now.bench.node, ana, picture, description="As uploaded")).id)


async def _application(now: Setting, wanted: str) -> str | None:
    """Register an application and let ana consent to it."""
    node = now.bench.node
    made = await authorize.register(
        node, name="Bench", redirect_uris=[stage.CALLBACK], scopes=stage.SCOPES, website=None
    )
    wish = await authorize.asked(
        node, client_id=made.app.client_id, redirect_uri=stage.CALLBACK, scope=stage.SCOPES,
        response_type="code", state=None, challenge=None, challenge_method=None,
    )  # fmt: skip
    ana = await now.bench.local("ana")
    now.values.values |= {
        "client_id": made.app.client_id,
        "client_secret": made.secret,
        "code": await authorize.consent(node, wish, ana.id),
    }
    return now.values.values[wanted]


LOOK_UPS: Final[tuple[tuple[str, LookUp], ...]] = (
    (r"(\w+)_(?:allow|block)_id", _rule),
    (r"(media_id)", _media),
    (r"(code|client_id|client_secret)", _application),
    (r"(\w+)_post_api", _post_of),
    (r"(\w+?)(?:_account)?_api", _account),
)
