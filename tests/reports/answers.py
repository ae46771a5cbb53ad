"""An answer of the node, and the selectors by which a file of reports points into it."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from tests.reports.markup import Markup


class NotUnderstood(Exception):
    """A file of reports says something that this runner has no meaning for."""


class Missing:
    """What a selector gives when there is nothing at its place."""

    def __repr__(self) -> str:
        return "nothing"


MISSING: Final = Missing()


@dataclass
class Answer:
    """What came back, or what stands for it when nothing did."""

    status: int
    headers: Sequence[tuple[str, str]] = ()
    body: bytes = b""
    names: list[str] = field(default_factory=list)  # of people who may be on a page

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @cached_property
    def json(self) -> Any:
        try:
            return json.loads(self.body)
        except ValueError:
            return MISSING

    @cached_property
    def markup(self) -> Markup:
        return Markup(self.text)

    def header(self, name: str) -> str | Missing:
        found = [value for key, value in self.headers if key.lower() == name.lower()]
        return ", ".join(found) if found else MISSING

    def brief(self) -> str:
        return f"{self.status} {self.text[:200]}"


def is_selector(text: object) -> bool:
    """Tell whether a value points into an answer rather than standing for itself."""
    return isinstance(text, str) and (
        text == "$"
        or text.startswith(("$.", "$[", "$html.", "header:"))
        or text in ("$raw", "link.next", "link.prev")
        or re.match(r"step\d+:", text) is not None
    )


def select(answer: Answer, selector: str) -> Any:
    """Give what a selector points at, ``MISSING`` if there is nothing."""
    if selector == "$raw":
        return answer.text
    if selector.startswith("header:"):
        return answer.header(selector.removeprefix("header:"))
    if selector.startswith("link."):
        return _link(answer, selector.removeprefix("link."))
    if selector.startswith("$html."):
        return _html(answer, selector.removeprefix("$html."))
    if selector.startswith("$"):
        return path(answer.json, selector)
    raise NotUnderstood(f"selector {selector!r}")


def _link(answer: Answer, relation: str) -> str | Missing:
    link = answer.header("link")
    if isinstance(link, Missing):
        return MISSING
    found = re.search(rf'<([^>]*)>\s*;[^,<]*rel="?{re.escape(relation)}"?', link)
    return found[1] if found else MISSING


PARTS: Final[dict[str, Callable[[Markup], Any]]] = {
    "text": lambda page: page.text,
    "title": lambda page: page.title,
    "thread_title": lambda page: page.thread_title,
    "img_alts": lambda page: page.img_alts,
    "lang": lambda page: page.lang,
    "h1": lambda page: page.h1,
    "controls_without_name": lambda page: page.controls_without_name,
}


def _html(answer: Answer, part: str) -> Any:
    if part == "raw":
        return answer.text
    if part == "names_outside_bdi":
        return answer.markup.names_outside_bdi(answer.names)
    if match := re.fullmatch(r"button\((.*)\)(?:\.([\w-]+))?", part):
        button = answer.markup.button(match[1].strip("'\""))
        if button is None:
            return MISSING
        value = button.attributes.get(match[2], MISSING) if match[2] else answer.markup.name_of(button)
        return True if value is None else value  # an attribute without a value says yes by being there
    if part not in PARTS:
        raise NotUnderstood(f"selector '$html.{part}'")
    found = PARTS[part](answer.markup)
    return MISSING if found is None else found


_STEP = re.compile(
    r"(?P<deep>\.\.)(?P<deep_name>[\w@:-]+|\*)|\.(?P<name>[^.\[\]]+)|\[(?P<index>-?\d+)\]|\[(?P<any>\*)\]"
    r"|\[(?P<quote>['\"])(?P<quoted>.*?)(?P=quote)\]|\[\?\(?@\.?(?P<key>[\w.]*)\s*==\s*(?P<value>.+?)\)?\]"
)


def path(value: Any, text: str) -> Any:
    """Follow a JSON path; with ``*``, ``..`` or a filter in it give the list of all that it meets."""
    many, found, at = False, [value], 1
    while at < len(text):
        match = _STEP.match(text, at)
        if match is None:
            raise NotUnderstood(f"JSON path {text!r}")
        at = match.end()
        many = many or bool(match["deep"] or match["any"] or match["name"] == "*" or match["value"])
        found = [inner for one in found for inner in _step(one, match)]
    if many:
        return found
    return found[0] if found else MISSING


def _step(value: Any, match: re.Match[str]) -> list[Any]:
    if match["deep"]:
        return _deep(value, match["deep_name"])
    if match["any"] or match["name"] == "*":
        return _members(value)
    if match["value"]:
        wanted = json.loads(match["value"].replace("'", '"'))
        return [one for one in _members(value) if path(one, f"$.{match['key']}".rstrip(".")) == wanted]
    if match["index"]:
        index = int(match["index"])
        return [value[index]] if isinstance(value, list) and -len(value) <= index < len(value) else []
    name = match["name"] if match["name"] is not None else match["quoted"]
    return [value[name]] if isinstance(value, dict) and name in value else []


def _members(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    return list(value.values()) if isinstance(value, dict) else []


def _deep(value: Any, name: str) -> list[Any]:
    here = [value[name]] if isinstance(value, dict) and name in value else []
    if name == "*":
        here = _members(value)
    return here + [inner for member in _members(value) for inner in _deep(member, name)]
