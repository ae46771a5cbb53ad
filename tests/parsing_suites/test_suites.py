"""What a client reads of each case of the published suites: the recommended ones as meant, others as listed.

The list is shown.json; ``FEDCOP_WRITE_SHOWN=1 pytest tests/parsing_suites`` writes it anew: read the change.
"""

import json
import os
from pathlib import Path
from typing import Any

from tests.parsing_suites.cases import Case
from tests.parsing_suites.conftest import Suites

SHOWN = Path(__file__).with_name("shown.json")

# How the suites name what each recommended case shows; a choice is "Answer 1", "Answer 2" and so on.
ALT_TEXTS = {"Image": ("image", "A beautiful cow"), "Video": ("video", "A beautiful cow eating"),
             "Audio": ("audio", "A cow mooing")}  # fmt: skip


async def test_every_recommended_case_is_shown_as_it_is_meant(suites: Suites) -> None:
    recommended = [case for case in suites.cases if case.marked]
    assert len(recommended) == 10
    for case in recommended:
        status = await suites.shown(case)
        assert isinstance(status, dict), (case.title, status)
        sent = case.activity["object"]
        assert status["uri"] == case.object_id
        assert status["account"]["acct"] == "sam@surrey.example"
        assert sent["content"] in status["content"]
        assert (status["visibility"], status["spoiler_text"], status["sensitive"]) == ("public", "", False)
        assert status["created_at"] == "2026-03-02T11:00:00.000Z"
        _ensure_particulars(case, sent, status)


def _ensure_particulars(case: Case, sent: dict[str, Any], status: dict[str, Any]) -> None:
    if case.suite.startswith("Activities"):
        assert [mention["acct"] for mention in status["mentions"]] == ["ada"]
    elif case.suite.startswith("Polls"):
        choices = sent.get("oneOf", sent.get("anyOf"))
        assert [option["title"] for option in status["poll"]["options"]] == [one["name"] for one in choices]
        assert status["poll"]["multiple"] == ("anyOf" in sent)
    else:
        (file,), (written,) = status["media_attachments"], sent["attachment"]
        assert (file["type"], file["description"]) == ALT_TEXTS[written["type"]]
        size = (written["width"], written["height"]) if "width" in written else None
        assert size is None or (file["meta"]["original"]["width"], file["meta"]["original"]["height"]) == size


async def test_every_other_case_is_shown_as_the_list_says(suites: Suites) -> None:
    shown = {case.title: _brief(await suites.shown(case)) for case in suites.cases if not case.marked}
    if os.environ.get("FEDCOP_WRITE_SHOWN"):
        SHOWN.write_text(json.dumps(shown, ensure_ascii=False, indent=1) + "\n", "utf-8")
    assert shown == json.loads(SHOWN.read_text("utf-8"))


def _brief(status: dict[str, Any] | str) -> Any:
    """Give what a status says beyond the usual: who wrote it and when is the same in all of them."""
    if isinstance(status, str):
        return status
    said = {
        "content": status["content"],
        "warning": status["spoiler_text"],
        "sensitive": status["sensitive"],
        "language": status["language"],
        "visibility": status["visibility"].removeprefix("public"),
        "url": status["url"] if status["url"] != status["uri"] else "",
        "reply": bool(status["in_reply_to_id"]),
        "mentions": [mention["acct"] for mention in status["mentions"]],
        "tags": [tag["name"] for tag in status["tags"]],
        "files": [f"{file['type']}: {file['description'] or ''}" for file in status["media_attachments"]],
        "choices": [option["title"] for option in (status["poll"] or {"options": []})["options"]],
    }
    return {name: value for name, value in said.items() if value}
