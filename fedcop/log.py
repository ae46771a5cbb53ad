"""One line an event: text for people, JSON for machines; never a body, a token or a key."""

import json
import logging
import sys
from typing import Any

from fedcop.config import LogSection

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def set_up(section: LogSection) -> None:
    """Send what this process logs to standard error, as the configuration wants it."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if section.format == "json" else _Text())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(section.level.upper())
    for chatty in ("aiosqlite", "asyncio", "uvicorn.access"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    # It warns of each request that is no HTTP or asks for a WebSocket: strangers could fill the disk.
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    return {key: value for key, value in vars(record).items() if key not in _STANDARD}


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
        return json.dumps(line, default=str, ensure_ascii=False)


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        facts = " ".join(f"{key}={value}" for key, value in _facts(record).items())
        line = f"{self.formatTime(record, '%H:%M:%S')} {record.levelname.lower()} {record.getMessage()}"
        # A path or a peer's words may hold what moves the cursor of whoever reads the log.
        line = "".join(sign if sign.isprintable() else " " for sign in f"{line} {facts}".rstrip())
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line
