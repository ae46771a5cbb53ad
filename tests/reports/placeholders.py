"""What stands in braces: ids of the stage, times, values of earlier answers. Any other such text stays."""

import re
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from tests.reports.answers import MISSING, Answer, select
from tests.reports.signatures import http_date
from tests.support.speak import pem

UNITS: Final = {"s": "seconds", "m": "minutes", "min": "minutes", "h": "hours", "d": "days"}
_BRACES = re.compile(r"\{([^{}]+)\}")
_TIME = re.compile(r"now(?:([+-])(\d+)(s|min|m|h|d))?(_iso|_http|_unix|_date)?")


class Placeholders:
    """The values of a case; ``later`` looks up what is not known from the start."""

    def __init__(self, values: Mapping[str, str], now: Callable[[], datetime]) -> None:
        self.values = dict(values)
        self.answers: dict[int, Answer] = {}
        self.counter = 0
        self.keys: Callable[[str], str | None] = lambda _: None
        self.unknown: set[str] = set()
        self._now = now

    def fill(self, value: Any) -> Any:
        """Give a value with its braces filled in, at any depth."""
        if isinstance(value, str):
            whole = _BRACES.fullmatch(value)
            if whole and re.match(r"step\d+:", whole[1]):
                found = self.value_of(whole[1])
                return value if found is MISSING else found
            once = _BRACES.sub(self._text, value)
            return once if once == value else _BRACES.sub(self._text, once)  # braces within braces
        if isinstance(value, dict):
            return {self.fill(name): self.fill(inner) for name, inner in value.items()}
        return [self.fill(inner) for inner in value] if isinstance(value, list) else value

    def value_of(self, text: str) -> Any:
        """Give what ``stepN:SELECTOR`` points at; ``MISSING`` if that step has no such thing."""
        number, _, selector = text.removeprefix("step").partition(":")
        answer = self.answers.get(int(number))
        return MISSING if answer is None else select(answer, selector)

    def _text(self, match: re.Match[str]) -> str:
        found = self._found(match[1])
        if found is not None:
            return str(found)
        if re.fullmatch(r"[a-z]+\d?(_\w+)+|[a-z]{3,}", match[1]):
            self.unknown.add(match[1])
        return match[0]

    def _found(self, name: str) -> Any:
        if name in self.values:
            return self.values[name]
        if moment := _TIME.fullmatch(name):
            return self._moment(moment)
        if re.match(r"step\d+:", name):
            found = self.value_of(name)
            return None if found is MISSING else found
        if name == "rand":
            return secrets.token_hex(6)
        if name == "i":
            return self.counter
        if name.startswith("repeat:"):
            return self._repeated(name)
        if name.startswith("pem_"):
            label = self.keys(name.removeprefix("pem_"))
            return None if label is None else pem(label).replace("\r", "")
        return None

    def _moment(self, match: re.Match[str]) -> str:
        sign, number, unit, form = match.groups()
        moment = self._now()
        if number:
            moment += timedelta(**{UNITS[unit]: int(number)}) * (1 if sign == "+" else -1)
        if form == "_iso":
            return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        if form == "_unix":
            return str(int(moment.timestamp()))
        return moment.strftime("%Y-%m-%d") if form == "_date" else http_date(moment)

    def _repeated(self, name: str) -> str | None:
        _, text, number = name.split(":", 2)
        limit = self.values.get("max_characters", "")
        match = re.fullmatch(r"(\d+)(?:\s*([+-])\s*(\d+))?", number.replace("$max_characters", limit))
        if match is None:
            return None
        count = int(match[1]) + (int(match[3]) if match[3] else 0) * (-1 if match[2] == "-" else 1)
        return text * count
