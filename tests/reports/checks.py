"""What must be seen: each kind of expectation held against the answers and against what left the node."""

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from storage.engine import Reader
from tests.reports import lookups, operators
from tests.reports.answers import MISSING, Answer, NotUnderstood, is_selector, select
from tests.reports.cases import Finding, Report
from tests.reports.setting import Setting
from tests.reports.traffic import TRIES, Traffic

SEARCHED_FOR = 20.0  # seconds in which a status must have come
TRIED_FOR = timedelta(hours=2)  # in which what is tried again must have been
LONGEST = 400

Get = Callable[[str, str, str], Awaitable[Answer]]  # path, as whom, accept


@dataclass
class Checks:
    """Holds the expectations of one case against what was seen."""

    setting: Setting
    report: Report
    get: Get
    begun: int = 0  # how much had left the node before the first step
    since: datetime | None = None
    answers: dict[int, list[Answer]] = field(default_factory=dict)
    before: dict[str, Answer] = field(default_factory=dict)

    async def look_before(self, expect: list[dict[str, Any]]) -> None:
        """Ask for what is to differ by so much from how it stands before the first step."""
        for wanted in expect:
            if "get" in wanted and any(check[1] == "delta" for check in wanted.get("check") or []):
                self.before[wanted["get"]] = await self._got(wanted)

    async def all(self, expect: list[dict[str, Any]]) -> None:
        """Check every expectation."""
        for wanted in expect:
            try:
                await self._one(wanted)
            except NotUnderstood as error:
                self.report.not_understood.append(str(error))

    async def _one(self, wanted: dict[str, Any]) -> None:
        if "manual" in wanted:
            self.report.manual.append(str(wanted["manual"]))
        elif "step" in wanted:
            self._step(wanted)
        elif "get" in wanted:
            answer = await self._got(wanted)
            self._answered(f"GET {wanted['get']}", answer, wanted, before=self.before.get(wanted["get"]))
        elif "find_status" in wanted:
            await self._find(wanted)
        elif "sent" in wanted:
            await self._sent(self.setting.values.fill(wanted["sent"]))
        elif "not_sent" in wanted:
            self._not_sent(self.setting.values.fill(wanted["not_sent"]))
        elif "fetched" in wanted:
            self._fetched(self.setting.values.fill(wanted["fetched"]))
        else:
            raise NotUnderstood(f"expectation {wanted}")

    async def _got(self, wanted: dict[str, Any]) -> Answer:
        await lookups.threads(self.setting, wanted["get"])
        path = self.setting.values.fill(wanted["get"])
        return await self.get(path, wanted.get("as", "anon"), wanted.get("accept", "application/json"))

    def _step(self, wanted: dict[str, Any]) -> None:
        answers = self.answers.get(wanted["step"])
        if not answers:
            self._note(holds=False, wanted=f"an answer to step {wanted['step']}", seen="it was not sent")
            return
        odd = wanted.get("status") and [one for one in answers if one.status not in _statuses(wanted)]
        self._answered(f"step {wanted['step']}", odd[0] if odd else answers[-1], wanted)

    def _answered(
        self, what: str, answer: Answer, wanted: dict[str, Any], *, before: Answer | None = None
    ) -> None:
        if wanted.get("status"):
            statuses = _statuses(wanted)
            holds = answer.status in statuses
            self._note(holds=holds, wanted=f"{what}: status {statuses}", seen=answer.brief())
        for selector, operator, value in wanted.get("check") or []:
            seen, meant = self._seen(selector, answer), self._meant(value, answer)
            earlier = select(before, selector) if before else MISSING
            self._note(
                holds=operators.holds(seen, operator, meant, before=earlier),
                wanted=f"{what}: {selector} {operator} {meant!r}",
                seen=f"{seen!r}"[:LONGEST]
                + (f", {earlier!r} before" if operator == "delta" else "")
                + (f" (answer: {answer.brief()})" if seen is MISSING else ""),
            )

    def _seen(self, selector: str, answer: Answer) -> Any:
        """Give what a selector points at, in this answer or in that of a step."""
        selector = self.setting.values.fill(selector)
        if re.match(r"step\d+:", selector):
            return self.setting.values.value_of(selector)
        return select(answer, selector)

    def _meant(self, value: Any, answer: Answer) -> Any:
        """Give a wanted value; one that is itself a selector is looked up in this answer, or in a step's."""
        if isinstance(value, str) and re.match(r"step\d+:", value):
            return self.setting.values.value_of(value)
        return select(answer, value) if is_selector(value) else self.setting.values.fill(value)

    async def _find(self, wanted: dict[str, Any]) -> None:
        uri = self.setting.values.fill(wanted["find_status"])
        exists = bool(wanted.get("exists", True))
        found = await self._status(uri)
        waited = 0.0
        while (found is None) == exists and waited < SEARCHED_FOR:
            await self.setting.bench.pass_time(5.0)
            waited += 5.0
            found = await self._status(uri)
        seen = "found" if found is not None else f"not found; {await self._fate(uri)}"
        self._note(
            holds=(found is not None) == exists,
            wanted=f"{uri} {'is' if exists else 'is not'} found in the client API",
            seen=seen,
        )
        if found is not None:
            self._answered(f"status {uri}", found, {"check": wanted.get("check")})

    async def _status(self, uri: str) -> Answer | None:
        path = f"/api/v2/search?q={quote(uri, safe='')}&resolve=false"
        answer = await self.get(path, "ana", "application/json")
        statuses = answer.json.get("statuses", []) if isinstance(answer.json, dict) else []
        inner = [status.get("reblog") or status for status in statuses]
        named = [status for status in inner if status["uri"] == uri]
        return _of(named[0]) if named else None

    async def _fate(self, uri: str) -> str:
        """Say what became of what was received about an object."""
        return await self.setting.bench.node.store.read(_fate, f"%{uri}%")

    async def _sent(self, wanted: dict[str, Any]) -> None:
        status_uri = self._status_uri(wanted)
        tries = bool(TRIES & set(wanted)) or self._refuses(wanted.get("to_host", "*"))
        traffic = await self._traffic()
        fault = traffic.fault_of(wanted, status_uri, tries=tries)
        until = self.setting.bench.clock.now() + TRIED_FOR
        while fault and tries and self.setting.bench.clock.now() < until:
            if not await self.setting.bench.pass_to_next(within=TRIED_FOR):
                break
            traffic = await self._traffic()
            fault = traffic.fault_of(wanted, status_uri, tries=tries)
        self._note(holds=fault is None, wanted=f"sent {wanted}", seen=fault or "as wanted")

    def _not_sent(self, wanted: dict[str, Any]) -> None:
        traffic = self._now()
        found = traffic.matching(wanted, self._status_uri(wanted))
        seen = "; ".join(
            f"{one.request.url} {one.request.body[:300].decode('utf-8', 'replace')}" for one in found
        )
        self._note(holds=not found, wanted=f"not sent {wanted}", seen=seen)

    def _fetched(self, wanted: dict[str, Any]) -> None:
        most, least = wanted.get("max"), wanted.get("min")
        requests = self._now().fetched(wanted["host"], wanted.get("path"), also_posts=most == 0)
        fine = (most is None or len(requests) <= most) and (least is None or len(requests) >= least)
        self._note(
            holds=fine, wanted=f"fetched {wanted}", seen=f"{len(requests)}: {'; '.join(requests[:30])}"
        )

    def _refuses(self, host: str) -> bool:
        peer = self.setting.bench.peers.of(host)
        return peer is not None and bool(peer.inbox or peer.inboxes)

    def _status_uri(self, wanted: dict[str, Any]) -> str | None:
        """Give the id of the status of a step that an activity is to be about; None if it may be any."""
        step = wanted.get("mentions_status") or (wanted.get("match") or {}).get("mentions_status")
        if step is None:
            return None
        number = re.sub(r"\D.*", "", str(step).removeprefix("step"))
        found = self.setting.values.value_of(f"step{number}:$.uri")
        return found if isinstance(found, str) else "no such status"

    def _now(self) -> Traffic:
        bench = self.setting.bench
        return Traffic(
            bench.wire.sent[self.begun :], self.since or bench.clock.now(), lambda _: None, lambda _: None
        )

    async def _traffic(self) -> Traffic:
        """Give what was sent, with the texts and keys of the node at hand."""
        bench, traffic = self.setting.bench, self._now()
        texts = dict(await bench.node.store.read(_texts))
        pems = await bench.node.store.read(_pems)
        traffic.content_of, traffic.pem_of = texts.get, pems.get
        return traffic

    def _note(self, *, holds: bool, wanted: str, seen: str) -> None:
        self.report.findings.append(Finding(holds, wanted, seen[: 2 * LONGEST]))


def _statuses(wanted: dict[str, Any]) -> list[int]:
    status = wanted["status"]
    return status if isinstance(status, list) else [status]


def _of(value: Any) -> Answer:
    return Answer(200, body=json.dumps(value).encode())


async def _fate(read: Reader, like: str) -> str:
    statement = (
        "SELECT type || ' ' || state || ' ' || COALESCE(outcome, '') FROM received WHERE body LIKE :like"
    )
    found = await read.values(statement, like=like)
    return "; ".join(found) or "nothing about it was received"


async def _texts(read: Reader) -> list[tuple[str, str]]:
    uris = await read.values("SELECT uri FROM posts ORDER BY id")
    texts = await read.values("SELECT COALESCE(title, '') || ' ' || content FROM posts ORDER BY id")
    return list(zip(uris, texts, strict=True))


async def _pems(read: Reader) -> dict[str, str]:
    where = "FROM private_keys WHERE kind = 'rsa' ORDER BY key_id"
    ids = await read.values(f"SELECT key_id {where}")
    return dict(zip(ids, await read.values(f"SELECT public {where}"), strict=True))
