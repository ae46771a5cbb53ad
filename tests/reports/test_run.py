"""The runner itself, on cases of our own: what it sets up, sends and sees, and what it says of it."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.reports import run
from tests.reports.bench import Stage
from tests.reports.cases import Case, Report
from tests.support.speak import ACTIVITY, PUBLIC

BEA = "https://devon.example/users/bea"
KIM = "https://essex.example/users/kim"
TOKEN = {"Authorization": "Bearer {token}", "Content-Type": "application/json"}

Check = Callable[..., Awaitable[Report]]


@pytest.fixture
def check(made: Stage, tmp_path: Path) -> Check:
    """Run a case: what is given, its steps, and what must be seen."""

    async def checked(
        text: str, when: list[dict[str, Any]], expect: list[dict[str, Any]], **given: Any
    ) -> Report:
        case = Case("own", "0 own", "Of our own", {"text": text, **given}, when, expect)
        return await run.run(case, made, tmp_path)

    return checked


def send(body: Any, by: str, path: str = "{group_inbox}", **more: Any) -> dict[str, Any]:
    return {
        "method": "POST",
        "path": path,
        "headers": {"Content-Type": ACTIVITY},
        "body": body,
        "sign_as": by,
    } | more


def get(path: str, **headers: str) -> dict[str, Any]:
    return {"method": "GET", "path": path, "headers": headers, "body": None, "sign_as": None}


def write(text: str) -> dict[str, Any]:
    return {"method": "POST", "path": "/api/v1/statuses", "headers": TOKEN, "body": {"status": text}}


def ops(words: str, body: str | None = None) -> dict[str, Any]:
    return {"method": "OPS", "path": words, "headers": {}, "body": body, "sign_as": None}


def create(uri: str, by: str, **more: Any) -> dict[str, Any]:
    note = {
        "id": uri,
        "type": "Note",
        "attributedTo": by,
        "to": [PUBLIC],
        "cc": ["{group}"],
        "content": "<p>hello @makers</p>",
        "published": "{now_iso}",
        "tag": [{"type": "Mention", "href": "{group}", "name": "@makers@node.kent.example"}],
    } | more
    return {
        "id": f"{uri}/activity",
        "type": "Create",
        "actor": by,
        "object": note,
        "to": [PUBLIC],
        "cc": ["{group}"],
    }


async def test_what_falls_short_is_told_with_what_was_seen_and_wanted(check: Check) -> None:
    report = await check("bea follows the group.", [get("/api/v2/instance")], [{"step": 0, "status": [418]}])

    assert report.verdict == "falls short"
    (finding,) = report.short
    assert "status [418]" in finding.wanted
    assert finding.seen.startswith("200 {")
    assert "falls short" in report.lines()[0]


async def test_a_step_that_nobody_knows_leaves_the_case_to_a_person(check: Check) -> None:
    report = await check("", [ops("polish the brass")], [{"manual": "Does it shine?"}])

    assert report.verdict == "manual"
    assert (report.not_understood, report.manual) == (["polish the brass"], ["Does it shine?"])


async def test_a_selector_that_nobody_knows_leaves_the_case_to_a_person(check: Check) -> None:
    report = await check(
        "", [get("/")], [{"step": 0, "check": [["$html.colour", "eq", "red"]]}, {"step": 0, "status": [200]}]
    )

    assert report.verdict == "manual"


async def test_what_cannot_be_run_does_not_stop_the_others(check: Check) -> None:
    report = await check("", [get("/")], [{"step": 0, "check": [["$html.text", "matches", "("]]}])

    assert report.verdict == "falls short"
    assert "the case can be run" in report.short[0].wanted


async def test_people_follow_and_do_not_as_is_said(check: Check) -> None:
    follow = {"id": f"{BEA}/f/1", "type": "Follow", "actor": BEA, "object": "{group}"}
    report = await check(
        "bea@devon.example does not follow the group yet. kim and sam follow makers.",
        [send(follow, BEA)],
        [
            {"get": "{group_followers}", "as": "bea", "accept": ACTIVITY, "status": 200,
             "check": [["$.totalItems", "delta", 1]]},
            {"get": "{group_followers}?page=true", "as": "cal", "accept": ACTIVITY,
             "check": [["$raw", "contains", "/users/cal"]]},
            {"sent": {"to_host": "devon.example", "match": {"type": "Accept", "object.id": f"{BEA}/f/1"},
                      "count": 1, "signed_host": "devon.example"}},
        ],
    )  # fmt: skip

    assert report.verdict == "holds", report.lines()


async def test_a_peer_that_fails_is_tried_again_and_each_try_counts(check: Check) -> None:
    report = await check(
        "surrey's inbox answers 500 twice, then 202; sam follows the group.",
        [write("@makers three tries")],
        [
            {"sent": {"to_host": "surrey.example", "match": {"content~": "three tries"}, "count": 3,
                      "accepted_count": 1, "same_activity_id": True, "distinct_header": "Date",
                      "signature_valid": True}},
        ],
    )  # fmt: skip

    assert report.verdict == "holds", report.lines()


async def test_a_peer_that_hangs_holds_up_nobody_and_time_passes_for_it(check: Check) -> None:
    report = await check(
        "devon.example never answers.",
        [
            write("@makers slow"),
            ops("advance the clock by 10 minutes in steps of 30 s, running the queue"),
            ops("devon.example answers 202 from now on; wait for the next attempt"),
        ],
        [
            {"sent": {"to_host": "essex.example", "match": {"type": "Announce"}, "count": 1, "within_s": 1}},
            {"sent": {"to_host": "devon.example", "match": {"content~": "slow"}, "accepted_count": 1}},
        ],
    )

    assert report.verdict == "holds", report.lines()


async def test_after_a_crash_the_node_goes_on_from_what_lay_on_the_disk(check: Check) -> None:
    report = await check(
        "",
        [
            write("@makers before"),
            ops("kill -9 the node right after the 200, start it again"),
            get("/api/v1/timelines/home", **TOKEN),
        ],
        [
            {"step": 2, "status": [200]},
            {"step": 2, "check": [["$[*].uri", "contains", "step0:$.uri"]]},
            {"sent": {"to_host": "devon.example", "match": {"mentions_status": "step0"}, "count": 1}},
        ],
    )  # fmt: skip

    assert report.verdict == "holds", report.lines()


async def test_facilitators_act_through_what_the_page_calls(check: Check) -> None:
    uri = "https://devon.example/notes/own"
    report = await check(
        f"bea's note {uri} is in the group and was announced; the id of that Announce is {{announce_own}}.",
        [
            ops(f"UI: facilitator removes {uri} from the community, reason 'off topic'"),
            ops(f"UI: facilitator bans {BEA} from makers for 2 days"),
        ],
        [
            {"sent": {"to_host": "devon.example", "match": {"type": "Undo", "object.id": "{announce_own}"}}},
            {"sent": {"to_host": "essex.example", "match": {"object.type": "Block", "object.object": BEA}}},
            {"find_status": uri, "exists": False, "check": []},
        ],
    )  # fmt: skip

    assert report.verdict == "holds", report.lines()


async def test_a_signature_is_changed_in_one_detail(check: Check) -> None:
    uri = "https://essex.example/notes/own"
    options = [{"key": "K7"}, {"headers": "(request-target) date"}, {"host": "other.example"},
               {"tamper_body_after_signing": {"object.content": "changed"}},
               {"request_target": "post /x"}]  # fmt: skip
    report = await check(
        "kim is allowlisted.",
        [*(send(create(uri, KIM), KIM, sign_options=one) for one in options), send(create(uri, KIM), KIM)],
        [
            *({"step": number, "status": [401]} for number in range(len(options))),
            {"step": len(options), "status": [202]},
        ],
    )  # fmt: skip

    assert report.verdict == "holds", report.lines()


async def test_steps_are_repeated_one_after_the_other_or_at_once(check: Check) -> None:
    uri = "https://essex.example/notes/own"
    report = await check(
        "",
        [
            send(create(f"{uri}{{i}}", KIM), KIM, repeat=3),
            send(create(uri, KIM), KIM, repeat_parallel=3),
        ],
        [
            {"step": 0, "status": [202]},
            {
                "find_status": f"{uri}2",
                "exists": True,
                "check": [["$.account.acct", "eq", "kim@essex.example"]],
            },
            {"sent": {"to_host": "devon.example", "match": {"object": uri}, "count": 1}},
        ],
    )

    assert report.verdict == "holds", report.lines()


async def test_peers_serve_what_a_case_says_and_connections_are_counted(check: Check) -> None:
    chain = {"generator": "note N replies to N+1 and mentions user N+1"}
    report = await check(
        "essex.example resolves to 93.184.1.1. surrey.example resolves to 10.0.0.7.",
        [
            send(
                create("https://essex.example/notes/own", KIM, inReplyTo="https://essex.example/gen/1"), KIM
            ),
            get("/api/v2/search?q=%40sam%40surrey.example&resolve=true", **TOKEN),
        ],
        [
            {"fetched": {"host": "essex.example", "min": 1, "max": 20}},
            {"fetched": {"host": "surrey.example", "max": 0}},
            {"step": 1, "check": [["$.accounts", "len", 0]]},
        ],
        peer_serves={"https://essex.example/gen/*": chain},
    )

    assert report.verdict == "holds", report.lines()


async def test_a_file_goes_as_part_of_a_form_and_a_page_is_read(check: Check) -> None:
    upload = {
        "method": "POST",
        "path": "/api/v2/media",
        "headers": {"Authorization": "Bearer {token}", "Content-Type": "multipart/form-data; field=file"},
        "body": "@plan.png",
    }
    form = TOKEN | {"Content-Type": "application/x-www-form-urlencoded"}
    said = {"method": "POST", "path": "/api/v1/statuses", "headers": form,
            "body": "status=%40makers+Plan&media_ids[]={step0:$.id}"}  # fmt: skip
    report = await check(
        "",
        [upload, said, get("{thread_url_of:{step1:$.uri}}", Accept="text/html")],
        [
            {"step": 0, "status": [200]},
            {"step": 1, "check": [["$.media_attachments", "len", 1]]},
            {"step": 2, "check": [["$html.h1", "contains", "Plan"], ["$html.img_alts", "eq", [""]]]},
            {"get": "/communities/makers", "as": "anon", "accept": "text/html", "status": [200],
             "check": [["$html.thread_title", "eq", "Plan"], ["$html.controls_without_name", "len", 0]]},
        ],
    )  # fmt: skip

    assert report.verdict == "holds", report.lines()


async def test_the_configuration_and_each_setting_of_a_case_are_tried(check: Check) -> None:
    rex = "https://media.rogue.example/users/rex"
    follow = {"id": f"{rex}/1", "type": "Follow", "actor": rex, "object": "{group}"}
    blocked = await check(
        "One block.", [send(follow, rex)], [{"step": 0, "status": [403]}],
        config={"federation": "blocklist", "blocks": ["rogue.example"]},
    )  # fmt: skip
    assert blocked.verdict == "holds", blocked.lines()


async def test_two_settings_are_two_runs(check: Check) -> None:
    report = await check(
        "Case 1: the list is [devon.example]. Case 2: the list is [essex.example].",
        [send(create("https://essex.example/notes/own", KIM), KIM)],
        [{"step": 0, "status": [202]}],
    )

    assert [finding.holds for finding in report.findings] == [False, True]


async def test_commands_run_beside_the_node(check: Check) -> None:
    report = await check(
        "",
        [
            ops("CLI: fedcop explain rogue.example"),
            ops("CLI: import allowlist from file", "rogue.example\n"),
            ops("CLI: fedcop explain rogue.example"),
        ],
        [{"step": 0, "status": [401]}, {"step": 1, "status": [200]}, {"step": 2, "status": [200]}],
    )  # fmt: skip

    assert report.verdict == "holds", report.lines()
