"""How peers behave, as a case says it in words: what they answer, when, with which key and software."""

import re
from typing import Any, Final

from fedcop import fetch
from storage.engine import Transaction
from tests.reports.peers import Reply, Rule
from tests.reports.setting import HOST, URL, WHO, Pattern, Setting


async def answers(now: Setting, match: re.Match[str]) -> None:
    """Let inboxes answer as said, once or always; what belongs to somebody is theirs alone."""
    peer = now.owner(match["host"])
    if peer is None:
        return
    first = Reply(int(match["status"]))
    after = (match.groupdict().get("after") or "").strip()
    if after:
        first.headers["Retry-After"] = after
    times = {"once": 1, "twice": 2}.get(match["times"] or "", int(match["count"] or 0))
    replies = [first] * times + [Reply(int(match["then"] or 202))] if times else [first]
    person = peer.people.get(match["host"])
    if person is None:
        peer.inbox = Rule(replies)
        return
    peer.inboxes[f"{person}/inbox"] = Rule(replies)
    if re.search(r"so does (her|his|their|the) actor", now.case.text):
        peer.documents[person] = Reply(first.status)


async def answers_late(now: Setting, match: re.Match[str]) -> None:
    peer = now.owner(match["host"])
    if peer is not None:
        late, prompt = Reply(202, delay=float(match["n"])), Reply(202)
        peer.inbox = Rule([late, prompt] if match["first"] else [late])


async def never_answers(now: Setting, match: re.Match[str]) -> None:
    peer = now.owner(match["host"])
    if peer is not None:
        peer.inbox = Rule([Reply(delay=None)])


async def url_answers(now: Setting, match: re.Match[str]) -> None:
    what: dict[str, Any] = {"never": True} if match["never"] else {"status": int(match["status"])}
    now.bench.peers.serve(match["url"], what)


async def url_redirects(now: Setting, match: re.Match[str]) -> None:
    if match["url"] not in now.bench.peers.served:
        target = match["target"].rstrip(".")
        now.bench.peers.serve(match["url"], {"status": 302, "headers": {"Location": target}, "body": ""})


async def has_no_shared_inbox(now: Setting, match: re.Match[str]) -> None:
    """Let a host have inboxes of people only; whoever follows from there does so anew."""
    peer = now.peer(match["host"])
    peer.shared_inbox = False
    statement = "UPDATE actors SET shared_inbox = NULL WHERE host = :host"
    await now.bench.node.store.write(execute, statement, host=peer.host)


async def execute(tx: Transaction, statement: str, **parameters: Any) -> int:
    return await tx.execute(statement, **parameters)


async def is_down(now: Setting, match: re.Match[str]) -> None:
    now.peer(match["host"]).down = True


async def resolves_to(now: Setting, match: re.Match[str]) -> None:
    now.bench.peers.open(match["host"])
    now.bench.peers.addresses[match["host"]] = re.findall(r"[\d.]+\d|[0-9a-f:]*::?[0-9a-f:]+", match["to"])


async def serves_key(now: Setting, match: re.Match[str]) -> None:
    now.bench.peers.keys[now.uri(match["who"])] = match["label"]


async def runs(now: Setting, match: re.Match[str]) -> None:
    """Let a host say what it runs, as if nobody had asked it yet."""
    peer = now.peer(match["host"])
    peer.software = (match["software"].lower(), match["version"] or "1.0")
    statement = "UPDATE peers SET kind = 'unknown', kind_at = NULL WHERE host = :host"
    await now.bench.node.store.write(execute, statement, host=peer.host)
    await fetch.peer_kind(now.bench.node, peer.host)


# What would disturb the making of all else comes last.
BEHAVIOURS: Final[tuple[Pattern, ...]] = (
    (rf"serves (?P<label>K\w+) in {WHO}'s actor document", serves_key),
    (rf"{WHO}'s key (?:was rotated to|is now|has changed to) (?P<label>K\w+)", serves_key),
    (rf"{HOST} has no shared ?Inbox", has_no_shared_inbox),
    (
        rf"{HOST}(?:'s)?(?: (?:personal|shared|own))?(?: inbox)? answers "
        r"(?P<status>[1-5]\d\d)(?: (?:(?P<times>once|twice)|(?P<count>\d+) times))?"
        r"(?:,? (?:and )?then (?P<then>\d{3}))?(?: with Retry-After: (?P<after>[\w ,:]+?)(?=[.;]|$))?",
        answers,
    ),
    (rf"{HOST}'s inbox takes (?P<n>\d+) s(?P<first> for the first request)?", answers_late),
    (rf"on {HOST} with[^.;]*accept the connection and never answer", never_answers),
    (rf"{HOST}(?:'s inbox)? (?:accepts the connection and )?never answers", never_answers),
    (rf"(?P<url>{URL}) (?:answers (?P<status>\d{{3}})|(?P<never>never answers|hangs))", url_answers),
    (rf"(?P<url>{URL}) redirects to (?P<target>\S+)", url_redirects),
    (rf"{HOST} (?:is|are) (?:down|unreachable|offline)", is_down),
    (r"(?P<host>[\w.-]+\.example) resolves to (?P<to>[0-9a-f:., and]+)", resolves_to),
)
