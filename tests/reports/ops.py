"""Steps in words: what is done to the process, the files, the command line, or on the node's own pages.

Each pattern calls what the page or the command calls. A step that no pattern knows raises ``NotUnderstood``.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final

from click.testing import CliRunner

from fedcop.actions import allowlist, community, follow, join, leave, moderate, own_post
from fedcop.server.cli import main
from fedcop.workers import upkeep
from storage import posts
from storage.engine import Reader
from storage.posts import Post
from storage.visible import SYSTEM
from tests.reports.answers import Answer, NotUnderstood
from tests.reports.peers import Reply, Rule
from tests.reports.setting import HOST, NAME, Setting

UNITS: Final = {"s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600, "d": 86_400}
LONGEST_WAIT: Final = timedelta(days=2)
URL: Final = r"(?P<url>https://[^\s,;']+|\{\w+\})"
REASON: Final = r"(?:.*?(?:reason|because)[: ]+'(?P<reason>[^']*)')?"
PERSON: Final = rf"(?P<who>https://[^\s,;']+|{NAME})"
BY: Final = "bench"

Operation = Callable[[Setting, re.Match[str], Any], Awaitable[Answer | None]]


def seconds_of(number: str, unit: str) -> float:
    """Give a stretch of time in seconds: ``10 minutes``."""
    return int(number) * next(
        factor
        for name, factor in sorted(UNITS.items(), key=lambda one: -len(one[0]))
        if unit.startswith(name)
    )


async def crash(now: Setting, match: re.Match[str], body: Any) -> None:
    await now.bench.crash()


async def peer_answers(now: Setting, match: re.Match[str], body: Any) -> None:
    peer = now.owner(match["host"])
    if peer is None:
        raise NotUnderstood(match[0])
    peer.down = False
    peer.inbox, peer.inboxes = Rule([Reply(int(match["status"]))]), {}
    if "next attempt" in match.string:
        await to_the_end(now, match, body)


async def peer_goes(now: Setting, match: re.Match[str], body: Any) -> None:
    now.peer(match["host"]).down = match["state"] in ("down", "off", "away", "stops")


async def advance(now: Setting, match: re.Match[str], body: Any) -> None:
    step = seconds_of(match["step"], match["step_unit"]) if match["step"] else 5.0
    await now.bench.pass_time(seconds_of(match["n"], match["unit"]), step=max(step, 1.0))


async def to_the_end(now: Setting, match: re.Match[str] | None, body: Any) -> None:
    """Let time pass until the queue is empty, or nothing is to be done within two days."""
    until = now.bench.clock.now() + LONGEST_WAIT
    await now.bench.settle()
    while now.bench.clock.now() < until and await now.bench.pass_to_next(within=LONGEST_WAIT):
        pass


async def jobs(now: Setting, match: re.Match[str], body: Any) -> None:
    await upkeep.work(now.bench.node)
    await now.bench.pass_time(60)


async def remove(now: Setting, match: re.Match[str], body: Any) -> None:
    fin = await now.bench.local("fin")
    await moderate.remove_post(
        now.bench.node, fin, (await _post(now, match)).id, reason=match["reason"] or ""
    )


async def decide_about_post(now: Setting, match: re.Match[str], body: Any) -> None:
    verb = {"locks": "lock", "closes": "lock", "unlocks": "unlock", "pins": "pin", "unpins": "unpin"}[
        match["verb"]
    ]
    fin = await now.bench.local("fin")
    await getattr(moderate, verb)(now.bench.node, fin, (await _post(now, match)).id)


async def _post(now: Setting, match: re.Match[str]) -> Post:
    uri = now.values.fill(match["url"])
    found = await now.bench.node.store.read(posts.find_by_uri, SYSTEM, uri)
    if found is None:
        raise LookupError(f"the node holds no post {uri}")
    return found


async def ban(now: Setting, match: re.Match[str], body: Any) -> None:
    fin, group = await now.bench.local("fin"), await now.bench.actor(now.group)
    banned = await now.bench.actor(now.uri(now.values.fill(match["who"])))
    until = None
    if match["n"]:
        until = now.bench.clock.now() + timedelta(seconds=seconds_of(match["n"], match["unit"]))
    await moderate.ban(now.bench.node, fin, group, banned, reason=match["reason"] or "", until=until)


async def unban(now: Setting, match: re.Match[str], body: Any) -> None:
    fin, group = await now.bench.local("fin"), await now.bench.actor(now.group)
    banned = await now.bench.actor(now.uri(now.values.fill(match["who"])))
    await moderate.unban(now.bench.node, fin, group, banned)


async def decide_join(now: Setting, match: re.Match[str], body: Any) -> None:
    fin = await now.bench.local("fin")
    asked = await now.bench.actor(now.uri(now.values.fill(match["who"])))
    accept = match["verb"].startswith(("accept", "approve", "admit"))
    await join.decide(now.bench.node, fin, asked.id, accept=accept)


async def delete_post(now: Setting, match: re.Match[str], body: Any) -> None:
    me = await now.bench.local(match["me"])
    await own_post.delete(now.bench.node, me, (await _post(now, match)).id)


async def delete_person(now: Setting, match: re.Match[str], body: Any) -> None:
    await leave.delete_person(now.bench.node, match["me"], by=BY)


async def suspend(now: Setting, match: re.Match[str], body: Any) -> None:
    await leave.suspend(now.bench.node, match["me"], by=BY)


async def leave_or_join(now: Setting, match: re.Match[str], body: Any) -> None:
    me, group = await now.bench.local(match["me"]), await now.bench.actor(now.group)
    change = follow.unfollow if match["verb"] in ("leaves", "unfollows") else follow.follow
    await change(now.bench.node, me, group)


async def close_community(now: Setting, match: re.Match[str], body: Any) -> None:
    await community.close(now.bench.node, "makers", by=BY)


async def change_list(now: Setting, match: re.Match[str], body: Any) -> None:
    verb = match["verb"]
    host = match["host"]
    if verb.startswith(("allow", "add")):
        await allowlist.allow(now.bench.node, host, by=BY)
    elif verb.startswith(("deny", "denies", "block", "ban")):
        await allowlist.deny(now.bench.node, host, by=BY)
    else:
        await allowlist.forget(now.bench.node, host, by=BY)


async def import_list(now: Setting, match: re.Match[str], body: Any) -> Answer:
    file = now.bench.folder / "import.txt"
    file.write_bytes(str(body or "").encode())
    more = ["--dry-run"] if "dry" in match.string else []
    return await _command(now, ["allowlist", "import", str(file), *more])


async def command(now: Setting, match: re.Match[str], body: Any) -> Answer:
    words = match["words"].split()
    if words[0] not in main.commands:
        raise NotUnderstood(f"command {words[0]!r}")
    return await _command(now, words)


async def _command(now: Setting, words: list[str]) -> Answer:
    """Run a command beside the running node; the answer's status is 200 for exit 0, else 400 and the exit."""
    path = now.bench.folder / "fedcop.toml"
    tables = [
        f"[{name}]\n" + "\n".join(f"{key} = {json.dumps(value)}" for key, value in table.items())
        for name, table in now.bench.tables.items()
    ]
    path.write_text("\n".join(tables), "utf-8")
    ran = await asyncio.to_thread(CliRunner().invoke, main, [*words, "--config", str(path)])
    await now.bench.node.refresh_rules()
    return Answer(200 if ran.exit_code == 0 else 400 + ran.exit_code, body=ran.output.encode())


async def stored(now: Setting, match: re.Match[str], body: Any) -> Answer:
    """Give when the posts that the steps brought are said to be published, as rows hold it, in order."""
    uris = re.findall(r'"id": "(https://[^"]+)", "type": "Note"', json.dumps(now.case.when))
    found = await now.bench.node.store.read(_published, json.dumps(uris))
    return Answer(200, body=json.dumps(found).encode())


async def _published(read: Reader, uris: str) -> list[str]:
    statement = """
    SELECT published_at || ' ' || uri FROM posts WHERE uri IN (SELECT value FROM json_each(:uris)) ORDER BY 1
    """
    return await read.values(statement, uris=uris)


OPERATIONS: Final[tuple[tuple[str, Operation], ...]] = (
    (
        r"\bkill(?: -9|s|ed)?\b.*\b(?:node|process|server)|\b(?:crash|restart)\b.*\b(?:node|process|server)",
        crash,
    ),
    (rf"^{HOST}(?:'s inbox)? answers (?P<status>\d{{3}})", peer_answers),
    (rf"^{HOST} (?:is|comes|goes)(?: back)? (?P<state>up|down|on|off|away|back)", peer_goes),
    (
        r"(?:advance|move) the clock by (?P<n>\d+) (?P<unit>[a-z]+)"
        r"(?: in steps of (?P<step>\d+) (?P<step_unit>[a-z]+))?",
        advance,
    ),
    (r"^wait (?:for )?(?P<n>\d+) (?P<unit>[a-z]+)(?P<step>)(?P<step_unit>)", advance),
    (r"wait until (?:the )?(?:delivery )?queue is empty|run(?:ning)? the queue until", to_the_end),
    (r"list (?:the )?stored published values", stored),
    (r"run all scheduled jobs|run (?:the )?(?:scheduled|background|cleanup|upkeep) jobs?", jobs),
    (rf"UI: .*\bremoves {URL}.*?{REASON}$", remove),
    (rf"UI: .*\b(?P<verb>unlocks|locks|closes|unpins|pins) {URL}", decide_about_post),
    (rf"UI: .*\b(?:unbans|lifts the ban (?:of|on)) {PERSON}", unban),
    (
        rf"UI: .*\bbans {PERSON}(?: from \S+)?(?: for (?P<n>\d+) (?P<unit>[a-z]+))?{REASON}",
        ban,
    ),
    (
        rf"UI: .*\b(?P<verb>accepts|approves|admits|rejects|refuses|declines) (?:the request of )?{PERSON}",
        decide_join,
    ),
    (r"UI: (?P<me>\w+) deletes (?:her|his|their) account", delete_person),
    (rf"UI: (?P<me>\w+) deletes (?:her |his |their )?(?:post )?{URL}", delete_post),
    (r"UI: admin suspends (?P<me>ana|fin)\b", suspend),
    (
        r"UI: (?P<me>ana|fin) (?P<verb>leaves|unfollows|joins|follows) (?:makers|the (?:group|community))",
        leave_or_join,
    ),
    (
        r"(?:UI|CLI): (?:(?:admin|facilitator|fin) )?closes (?:makers|the (?:group|community))",
        close_community,
    ),
    (
        r"(?:UI|CLI): admin (?P<verb>allows|adds|denies|blocks|bans|forgets|removes) "
        r"(?P<host>[\w*.-]+\.[\w.-]+)",
        change_list,
    ),
    (r"CLI: .*\bimport\b.*\b(?:allowlist|list)\b", import_list),
    (
        r"CLI: (?:fedcop )?"
        r"(?P<words>(?:allow|deny|forget|explain|allowlist|peers|person|community|token|doctor)\b.*)",
        command,
    ),
)


async def perform(now: Setting, words: str, body: Any) -> Answer:
    """Do what a step says in words; raise ``NotUnderstood`` for what no pattern knows."""
    for pattern, operation in OPERATIONS:
        if match := re.search(pattern, words, re.IGNORECASE):
            return await operation(now, match, body) or Answer(200)
    raise NotUnderstood(words)
