"""Runs one case: what is given, then its steps, then what must be seen."""

import asyncio
import json
import re
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from fedcop.actions import allowlist
from fedcop.clock import SetClock
from fedcop.errors import Refusal
from tests.reports import generators, given, lookups, ops, stage
from tests.reports.answers import Answer, NotUnderstood
from tests.reports.bench import DOMAIN, Bench, Stage
from tests.reports.cases import Case, Finding, Report
from tests.reports.checks import Checks
from tests.reports.placeholders import Placeholders
from tests.reports.setting import Setting
from tests.reports.signatures import digest_of, path_of, sign, tampered

FORM = "application/x-www-form-urlencoded"
SENT_WITHIN = 30.0  # seconds after the last step
LATER = timedelta(hours=1)  # from what happened before to the first step


async def run(case: Case, made: Stage, folder: Path) -> Report:
    """Run a case, once for each of the settings that it names, and say what came of it."""
    report = Report(case)
    for number, text in enumerate(variants(case.text)):
        one = replace(case, given=case.given | {"text": text})
        try:
            await Run(one, made, folder / f"{number}", report).all()
        except NotUnderstood as error:
            report.not_understood.append(str(error))
        except Exception as error:  # noqa: BLE001 - whatever a file says, the other cases are run
            seen = f"{type(error).__name__}: {error}"
            report.findings.append(Finding(holds=False, wanted="the case can be run", seen=seen))
    return report


def variants(text: str) -> list[str]:
    """Give the settings of a text: ``Case 1: ... Case 2: ...`` are two."""
    parts = re.split(r"Case \d+:\s*", text)
    return [f"{parts[0]} {part}".strip() for part in parts[1:]] or [text]


class Run:
    """One case in one setting."""

    def __init__(self, case: Case, made: Stage, folder: Path, report: Report) -> None:
        self.case = case
        self.report = report
        self.clock = SetClock(made.at + LATER)
        shutil.copytree(made.folder, folder)
        tables, self._changed = tables_of(case.given.get("config") or {})
        self.bench = Bench(folder, self.clock, tables)
        self.values = Placeholders(made.values, self.clock.now)
        self.setting = Setting(self.bench, case, self.values)
        self.checks = Checks(self.setting, report, self.get)
        self.bench.peers.open("devon.example").documents["/notes/old"] = made.old

    async def all(self) -> None:
        """Set the case up, take its steps and check."""
        await self.bench.start()
        try:
            self._serve()
            await self._prepare()
            await self._steps()
            self._tell()
        finally:
            await self.bench.stop()

    async def _steps(self) -> None:
        await self.checks.look_before(self.case.expect)
        self.checks.begun, self.checks.since = len(self.bench.wire.sent), self.clock.now()
        for number, step in enumerate(self.case.when):
            await self._take(number, step)
        await self.bench.pass_time(SENT_WITHIN)
        await self.checks.all(self.case.expect)

    def _serve(self) -> None:
        """Put up what the case's peers serve, and everybody whom it lets sign."""
        peers, values = self.bench.peers, self.values
        peers.fill = values.fill
        values.keys = lambda name: peers.key_of(uri) if (uri := peers.find(name)) else None
        for url, served in (self.case.given.get("peer_serves") or {}).items():
            peers.serve(url, served)
            for link in _self_links(served.get("body")):
                peers.ensure(link)
        for step in self.case.when:
            if step.get("sign_as") and "{" not in step["sign_as"]:
                peers.ensure(step["sign_as"])

    async def _prepare(self) -> None:
        if self._changed:
            await allowlist.reconcile(self.bench.node)
        self.report.hints += await given.make(self.setting)
        await lookups.look_up(self.setting)
        await self.bench.settle()
        self.clock.move(timedelta(minutes=2))  # so that nothing done just now is in the way of a new fetch

    async def _take(self, number: int, step: dict[str, Any]) -> None:
        """Take one step; a step in words may lead to none of them being understood."""
        coming = self.case.when[number + 1 :][:1]
        self.bench.paused = bool(coming and coming[0]["method"] == "OPS" and "kill" in coming[0]["path"])
        answers: list[Answer] = []
        if step["method"].upper() == "OPS":
            answers.append(await self._operate(step))
        elif step.get("repeat_parallel"):
            many = [self._send(step, counter) for counter in range(step["repeat_parallel"])]
            answers += await asyncio.gather(*many)
        else:
            answers += [await self._send(step, counter) for counter in range(step.get("repeat") or 1)]
        self.checks.answers[number] = answers
        self.values.answers[number] = answers[-1]
        await self.bench.settle()

    async def _operate(self, step: dict[str, Any]) -> Answer:
        try:
            return await ops.perform(self.setting, step["path"], self.values.fill(step.get("body")))
        except NotUnderstood as error:
            self.report.not_understood.append(str(error))
            return Answer(0)
        except Refusal as refusal:  # as the page would answer
            return Answer(refusal.status, body=str(refusal).encode())

    async def _send(self, step: dict[str, Any], counter: int) -> Answer:
        await lookups.threads(self.setting, json.dumps(step))
        self.values.counter = counter
        fill = self.values.fill
        path = path_of(fill(step["path"]))
        headers = {name: str(value) for name, value in (step.get("headers") or {}).items()}
        body, files = self._body(step, headers)
        if body is not None and "{sha256_b64_of_body}" in json.dumps(headers):
            self.values.values["sha256_b64_of_body"] = digest_of(body)
        headers = fill(headers)
        if not any(name.lower() == "host" for name in headers):
            headers["Host"] = DOMAIN
        signer = fill(step.get("sign_as"))
        if signer:
            options = fill(step.get("sign_options") or {})
            label = self._label(signer, options.get("key"))
            headers = sign(
                step["method"], path, headers, body or b"",
                actor=signer, label=label, now=self.clock.now(), options=options,
            )  # fmt: skip
            if body is not None and "tamper_body_after_signing" in options:
                body = tampered(body, options["tamper_body_after_signing"])
        return self._named(await self.bench.ask(step["method"], path, headers, body, files))

    def _label(self, signer: str, key: str | None) -> str:
        """Give the label of the key that signs: the signer's own, somebody else's, or one of its own kind."""
        if key is None or key == "K1":
            return self.bench.peers.key_of(signer)
        other = self.bench.peers.find(key)
        return self.bench.peers.key_of(other) if other else key

    def _body(self, step: dict[str, Any], headers: dict[str, str]) -> tuple[bytes | None, Any]:
        given_body = step.get("body")
        kind = next((value for name, value in headers.items() if name.lower() == "content-type"), None)
        if given_body is None:
            return None, None
        body = self.values.fill(given_body)
        if kind and kind.startswith("multipart/"):
            for name in [name for name in headers if name.lower() == "content-type"]:
                del headers[name]
            return None, self._parts(str(body), kind)
        if isinstance(body, str):
            if kind is None:
                headers["Content-Type"] = FORM
            return body.encode(), None
        return json.dumps(body).encode(), None

    def _parts(self, body: str, kind: str) -> list[tuple[str, Any]]:
        """Give the parts of a form: ``@name`` is a file, ``field=text`` a field."""
        field = re.search(r"field=(\w+)", kind)
        parts: list[tuple[str, Any]] = []
        for line in filter(None, body.splitlines()):
            name, _, value = (
                line.rpartition("=") if "=@" in line or not line.startswith("@") else ("", "", line)
            )
            name = name or (field[1] if field else "file")
            if value.startswith("@"):
                parts.append((name, (value[1:], self._file(value[1:]), "application/octet-stream")))
            else:
                parts.append((name, (None, value)))
        return parts

    def _file(self, name: str) -> bytes:
        """Give the bytes of a file that the case describes, where its peers serve it or in its text."""
        for url, served in self.bench.peers.served.items():
            if url.endswith(f"/{name}"):
                return self.bench.peers.made(served, url, url).body
        words = re.search(rf"{re.escape(name)}:? ([^.;]*)", self.case.text)
        kind = name.rsplit(".", 1)[-1].replace("jpg", "jpeg")
        return generators.picture(f"{kind} {words[1] if words else ''}")

    async def get(self, path: str, who: str, accept: str) -> Answer:
        """Ask for something as nobody, as a person of the node, or as an actor of a peer, who signs."""
        headers = {"Host": DOMAIN, "Accept": accept}
        who = who.removeprefix("signer").strip(" ():") or "bea"
        path = path_of(path)
        tokens = {name: self.values.values[f"{name}_token"] for name in ("ana", "fin", "admin")}
        if who in tokens:
            headers["Authorization"] = f"Bearer {tokens[who]}"
            if not path.startswith("/api"):
                headers["Cookie"] = self.values.values[f"session_{who}"]
        elif who not in ("anon", "nobody", "anonymous"):
            signer = self.setting.uri(who)
            self.bench.peers.ensure(signer)
            label, now = self.bench.peers.key_of(signer), self.clock.now()
            headers = sign("GET", path, headers, b"", actor=signer, label=label, now=now, options={})
        return self._named(await self.bench.ask("GET", path, headers, None))

    def _named(self, answer: Answer) -> Answer:
        """Give an answer with the names of people who may be on it."""
        names = {"Ana", "Fin", "Admin"}
        for peer in self.bench.peers.all():
            names |= {str(document.get("name")) for document in _actors(peer.documents)}
        for served in self.bench.peers.served.values():
            names |= {str(document["name"]) for document in _actors({"": served.get("body")})}
        answer.names = sorted(names)
        return answer

    def _tell(self) -> None:
        """Note what a person may want to look at, and what was never filled in."""
        if self.values.unknown:
            self.report.hints.append(f"not filled in: {', '.join(sorted(self.values.unknown))}")
        for number, answers in self.checks.answers.items():
            self.report.evidence.append(f"step {number}: " + "; ".join(one.brief() for one in answers[:6]))
        self.report.evidence += [
            f"{one.at:%H:%M:%S} {one.request.method} {one.request.url} -> {one.status}"
            for one in self.bench.wire.sent[self.checks.begun :]
        ][:40]
        self.report.evidence.append(f"most requests at once, by host: {self.bench.wire.most_at_once}")


def tables_of(config: dict[str, Any]) -> tuple[dict[str, dict[str, Any]], bool]:
    """Give the configuration of a case; its own words are those of the file, or of other software."""
    tables = stage.tables()
    for name, value in config.items():
        if name == "federation" and isinstance(value, str):
            tables["federation"]["mode"] = "allowlist" if value.startswith("allow") else "open"
        elif name in ("blocks", "deny", "allow", "allows", "signed_fetch", "purge_after"):
            tables["federation"][{"blocks": "deny", "allows": "allow"}.get(name, name)] = value
        elif name in ("public_pages", "anonymous"):
            tables["web" if name == "public_pages" else "client_api"][name] = value
        elif "." in name:
            section, _, key = name.partition(".")
            tables.setdefault(section, {})[key] = value
        elif isinstance(value, dict):
            tables[name] = tables.get(name, {}) | value
        else:
            raise NotUnderstood(f"configuration {name!r}")
    return tables, bool(config)


def _self_links(body: Any) -> list[str]:
    links = body.get("links", []) if isinstance(body, dict) else []
    return [link["href"] for link in links if isinstance(link, dict) and link.get("rel") == "self"]


def _actors(documents: dict[str, Any]) -> list[dict[str, Any]]:
    found = [document for document in documents.values() if isinstance(document, dict)]
    return [
        one for one in found if "preferredUsername" in one and one.get("name") and one["type"] == "Person"
    ]
