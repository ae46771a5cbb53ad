"""One line an event: text for people, JSON for machines; never a body, a token or a key.

with log.concerning(activity=uri):
    ...                             every line logged in here says which activity it is about
"""

import contextlib
import json
import logging
import re
import sys
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any, Final

from fedcop.config import LogSection

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

_about: ContextVar[Mapping[str, str]] = ContextVar("about", default=MappingProxyType({}))

# Nothing that fedcop logs has these in it. A library's exception may: it shows what it was given.
_SECRET: Final = re.compile(
    r"""
    (?P<name> \b(?:bearer|basic)\s+
            | \b(?:access_token|refresh_token|client_secret|password|passphrase|csrf)["']?\s*[=:]\s*["']?
            | [?&](?:code|s)=
            | \b(?:__Host-)?session(?:-\d+)?=
            | /invitation/
            | ://[^/\s:@]+:(?=[^/\s@]+@) )
    [^\s&;,"'<>@]+
    | -----BEGIN[^-]*PRIVATE\ KEY-----.*?(?:-----END[^-]*-----|$)
    """,
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)


@contextlib.contextmanager
def concerning(**facts: str) -> Iterator[None]:
    """Add facts, such as the id of a request, to every line that is logged until the block ends."""
    token = _about.set({**_about.get(), **facts})
    try:
        yield
    finally:
        _about.reset(token)


def without_secrets(text: str) -> str:
    """Give text with an ellipsis in the place of what looks like a token, a password or a key."""
    return _SECRET.sub(lambda found: f"{found['name'] or ''}…", text)


def set_up(section: LogSection) -> None:
    """Send what this process logs to standard error, as the configuration wants it."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if section.format == "json" else _Text())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(section.level.upper())
    for chatty in ("aiosqlite", "asyncio", "uvicorn.access"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    # It warns of each write that has to be run again; what its pool says of the server is told.
    logging.getLogger("psycopg").setLevel(logging.ERROR)
    logging.getLogger("psycopg.pool").setLevel(logging.WARNING)
    # It warns of each request that is no HTTP or asks for a WebSocket: strangers could fill the disk.
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    own = {key: value for key, value in vars(record).items() if key not in _STANDARD}
    return {**_about.get(), **own}


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S") + f".{int(record.msecs):03d}",
            "level": record.levelname.lower(),
            "by": record.name,
            "event": record.getMessage(),
            **_facts(record),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        told = {key: without_secrets(text) if isinstance(text, str) else text for key, text in line.items()}
        return json.dumps(told, default=lambda value: without_secrets(str(value)), ensure_ascii=False)


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        facts = " ".join(f"{key}={value}" for key, value in _facts(record).items())
        line = f"{self.formatTime(record, '%H:%M:%S')} {record.levelname.lower()} {record.getMessage()}"
        # A path or a peer's words may hold what moves the cursor of whoever reads the log.
        line = "".join(sign if sign.isprintable() else " " for sign in f"{line} {facts}".rstrip())
        trace = f"\n{self.formatException(record.exc_info)}" if record.exc_info else ""
        return without_secrets(line + trace)
