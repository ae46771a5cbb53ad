"""Bodies that a file of reports describes in words: chains of notes and actors, pictures, much of nothing."""

import io
import json
import re
import struct
import zlib
from collections.abc import Callable
from functools import cache
from typing import Any, Final

from PIL import Image

from tests.reports.answers import NotUnderstood
from tests.support.speak import ACTIVITY, PUBLIC, pem

UNITS: Final = {"b": 1, "bytes": 1, "kb": 1000, "kib": 1024, "mb": 1_000_000, "mib": 1_048_576}

Made = tuple[str, bytes, int]

HUGE: Final = 10_000_000  # pixels


def make(words: str, pattern: str, url: str) -> Made:
    """Give content type, bytes and status of a body; ``N`` in the words is what stands for the star."""
    for expression, maker in MAKERS:
        if match := re.search(expression, words, re.IGNORECASE):
            return maker(words, match, pattern, url)
    raise NotUnderstood(f"generator {words!r}")


@cache
def picture(words: str) -> bytes:
    """Give a picture of one colour as the words describe it, such as ``PNG 30000x30000, 1 bit``."""
    size = re.search(r"(\d+)\s*[x×]\s*(\d+)", words)
    width, height = (int(size[1]), int(size[2])) if size else (64, 48)
    kind = next((name for name in ("PNG", "JPEG", "GIF", "WEBP") if name in words.upper()), "PNG")
    frames = re.search(r"(\d+)\s+frames", words)
    if kind == "PNG" and width * height > HUGE:
        return _huge_png(width, height)
    image = Image.new("RGB", (width, height), "teal")
    buffer = io.BytesIO()
    if frames and kind == "GIF":
        others = [Image.new("P", (width, height), number % 256) for number in range(int(frames[1]) - 1)]
        image.save(buffer, kind, save_all=True, append_images=others, optimize=False)
    else:
        image.save(buffer, kind)
    return buffer.getvalue()


def _huge_png(width: int, height: int) -> bytes:
    """Write a picture of one bit and one colour row by row (PNG, 11.2): no memory is taken for it."""
    packer = zlib.compressobj(9)
    row = bytes(1 + (width + 7) // 8)
    data = b"".join([*(packer.compress(row) for _ in range(height)), packer.flush()])
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    )


def _picture(words: str, match: re.Match[str], pattern: str, url: str) -> Made:
    return f"image/{match[1].lower()}", picture(words), 200


def _number(pattern: str, url: str) -> int:
    before = pattern.partition("*")[0]
    digits = re.match(r"\d+", url.removeprefix(before))
    return int(digits[0]) if digits else 0


def _at(words: str, what: str, url: str, number: int) -> str:
    """Give the address of the next one; the words may name another path than that asked for."""
    origin = "/".join(url.split("/", 3)[:3])
    named = re.search(rf"\b{what}\w*\s+(/?\w+)?/?\(?N\s*\+\s*1", words) or re.search(
        r"(\w+)[ /]N\s*\+\s*1", words
    )
    folder = (named[1] or "").strip("/") if named else ""
    if folder in ("", "user", "actor", "note", "to", "page"):
        folder = {"mention": "users", "featured": "gen", "repl": "gen"}.get(what, url.split("/")[-2])
    return f"{origin}/{folder}/{number + 1}"


def _note(words: str, match: re.Match[str], pattern: str, url: str) -> Made:
    number = _number(pattern, url)
    origin = "/".join(url.split("/", 3)[:3])
    note: dict[str, Any] = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": url,
        "type": "Note",
        "attributedTo": f"{origin}/users/{number or 1}",
        "to": [PUBLIC],
        "content": f"<p>note {number}</p>",
        "published": "2026-03-01T12:00:00Z",
    }
    if re.search(r"repl(y|ies)", words):
        note["inReplyTo"] = _at(words, "repl", url, number)
    if "mention" in words:
        href = _at(words, "mention", url, number)
        host = origin.removeprefix("https://")
        note["tag"] = [{"type": "Mention", "href": href, "name": f"@{number + 1}@{host}"}]
    return ACTIVITY, json.dumps(note).encode(), 200


def _actor(words: str, match: re.Match[str], pattern: str, url: str) -> Made:
    number = _number(pattern, url)
    name = url.rsplit("/", 1)[-1]
    actor: dict[str, Any] = {
        "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"],
        "id": url,
        "type": "Person",
        "preferredUsername": name,
        "inbox": f"{url}/inbox",
        "outbox": f"{url}/outbox",
        "publicKey": {"id": f"{url}#main-key", "owner": url, "publicKeyPem": pem("generated")},
    }
    if "featured" in words:
        following = _at(words, "featured", url, number)
        actor["featured"] = {"type": "OrderedCollection", "totalItems": 1, "orderedItems": [following]}
    if "moved" in words.lower():
        actor["movedTo"] = _at(words, "moved", url, number)
    return ACTIVITY, json.dumps(actor).encode(), 200


def _collection(words: str, match: re.Match[str], pattern: str, url: str) -> Made:
    number = _number(pattern, url)
    count = re.search(r"(\d+)\s+(items|entries|members|posts)", words)
    origin = "/".join(url.split("/", 3)[:3])
    items = [f"{origin}/gen/{number * 100 + one}" for one in range(int(count[1]) if count else 3)]
    page = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": url,
        "type": "OrderedCollectionPage" if "*" in pattern else "OrderedCollection",
        "totalItems": 1_000_000,
        "orderedItems": items,
    }
    if "*" in pattern or "next" in words:
        page["next"] = f"{pattern.partition('*')[0]}{number + 1}" if "*" in pattern else url
    return ACTIVITY, json.dumps(page).encode(), 200


def _deep(words: str, match: re.Match[str], pattern: str, url: str) -> Made:
    depth = int(re.sub(r"\D", "", match[1] or match[2]))
    return ACTIVITY, b'{"a":' * depth + b"1" + b"}" * depth, 200


def _much(words: str, match: re.Match[str], pattern: str, url: str) -> Made:
    size = int(match[1]) * UNITS[match[2].lower()]
    return ACTIVITY, b'{"id":"' + b"x" * size + b'"}', 200


MAKERS: Final[tuple[tuple[str, Callable[[str, re.Match[str], str, str], Made]], ...]] = (
    (r"\b(PNG|JPEG|GIF|WEBP)\b", _picture),
    (r"nested (\d[\d ,]*)|(\d[\d ,]*) (?:levels )?deep", _deep),
    (r"(\d+)\s*(bytes|[KM]i?B)\b", _much),
    (r"\bcollection\s+(?:page\s+)?N\b|^(?:endless )?(?:ordered ?)?collection", _collection),
    (r"\bnote\b", _note),
    (r"\b(actor|person)\b", _actor),
    (r"\bcollection\b", _collection),
)
