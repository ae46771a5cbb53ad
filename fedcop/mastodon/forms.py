"""Query, form, multipart and JSON to one checked Struct, in every spelling that clients use.

    form = await forms.read(request, StatusForm)

Rules that hold in this file (mastodon-api.md 2.1, each seen in a client)
  1. Query and body are merged whatever the verb; what the body says of a name replaces the query.
  2. ``x[]=1``, ``x[0]=1``, repeated ``x=1``, JSON ``"x"`` and ``"x[]"`` are one list; ``a[b]=1`` is a
     table in a table; a JSON table with the keys "0", "1" is a list (Ice Cubes).
  3. null, and where no text is wanted "", "null" and "undefined" (so JavaScript's FormData writes what is
     not set), are as if absent; unknown names are ignored.
  4. A boolean is true, "true", 1, "1" or "on" (Ivory sends 1); a number may be text and text a number.
"""

import functools
import itertools
import re
from collections.abc import AsyncGenerator, Mapping
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin
from urllib.parse import parse_qsl

import msgspec
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from fedcop.errors import Invalid, NotFound, Refusal
from fedcop.uris import row_id_in
from storage.pages import Page

T = TypeVar("T")
Json = dict[str, Any]

ABSENT = "Record not found"
MOST_TEXT = 1_048_576
MOST_PARTS = 1000
DEEPEST = 6
HIGHEST = (1 << 63) - 1
_LONG = re.compile(r"-?[0-9]{19,}")

_FAULTS = (
    (re.compile(r"missing required field `(\w+)`"), "can't be blank"),
    (re.compile(r"`(?:str|array)` of length <= (\d+)"), "is too long (maximum is {})"),
    (re.compile(r"`(?:str|array)` of length >= (\d+)"), "can't be blank"),
    (re.compile(r"Expected `(?:int|float)"), "is not a number"),
)
_UNSET = ("", "null", "undefined")
_BOOLS = {
    "true": True,
    "1": True,
    "on": True,
    "t": True,
    "yes": True,
    "false": False,
    "0": False,
    "off": False,
    "f": False,
    "no": False,
}


class Upload(msgspec.Struct, frozen=True):
    """A file as it was sent."""

    data: bytes


class Paging(msgspec.Struct, frozen=True, kw_only=True):
    """The four names by which every list is paged."""

    max_id: int | None = None
    since_id: int | None = None
    min_id: int | None = None
    limit: int | None = None

    def page(self, default: int, most: int) -> Page:
        """Give the page that is asked for; a limit is clamped, never refused."""
        return Page(
            max_id=self.max_id,
            since_id=self.since_id,
            min_id=self.min_id,
            limit=clamped(self.limit, default, most),
        )


def clamped(limit: int | None, default: int, most: int) -> int:
    """Give a limit between 1 and ``most``."""
    return default if limit is None else max(1, min(limit, most))


def number(request: Request, name: str = "id") -> int:
    """Give a row id from the path; what is no decimal number names nothing."""
    row_id = row_id_in(request.path_params[name])
    if row_id is None:
        raise NotFound(ABSENT)
    return row_id


async def read(request: Request, form: type[T]) -> T:
    """Give what a request says as ``form``; raise ``Invalid``, field by field, when it does not fit."""
    tree: Json = {}
    _put_all(tree, query_of(request))
    # Mastodon.py sends some of its GETs with a body of JSON; one that has a body names its type.
    if request.method not in ("GET", "HEAD") or "content-type" in request.headers:
        await _read_body(request, tree)
    return checked(tree, form)


def query_of(request: Request) -> list[tuple[str, str]]:
    """Give the names and texts of a query, in order."""
    query: bytes = request.scope["query_string"]
    return parse_qsl(query.decode("utf-8", "replace"), keep_blank_values=True)


def checked(tree: Json, form: type[T]) -> T:
    """Give a tree of what was sent as ``form``; raise ``Invalid`` when it does not fit."""
    try:
        return msgspec.convert(_shaped(tree, form), form, strict=False)
    except msgspec.ValidationError as error:
        raise _refusal(str(error)) from None


async def _read_body(request: Request, tree: Json) -> None:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        most = request.app.state.node.config.media.max_bytes + MOST_TEXT
        _put_all(tree, await _parts(request, await _body(request, most)))
        return
    body = await _body(request, MOST_TEXT)
    # Some clients send JSON as text/plain, or a form without a type (hollo#163, GoToSocial#304).
    if kind.endswith("json") or body.lstrip()[:1] == b"{":
        _put_all(tree, _object(body).items())
    else:
        _put_all(tree, parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


async def _body(request: Request, most: int) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise Invalid(f"Validation failed: what was sent is larger than the {most} bytes that are read")
    return bytes(body)


async def _parts(request: Request, body: bytes) -> list[tuple[str, Any]]:
    async def once() -> AsyncGenerator[bytes, None]:
        yield body

    parser = MultiPartParser(request.headers, once(), max_files=MOST_PARTS, max_fields=MOST_PARTS)
    try:
        parts = (await parser.parse()).multi_items()
    except (MultiPartException, KeyError) as error:
        raise Refusal("The multipart body cannot be read", cause=str(error)) from error
    return [(name, await _taken(part)) for name, part in parts]


async def _taken(part: UploadFile | str) -> Upload | str | None:
    if isinstance(part, str):
        return part
    # A file field that was left empty comes as a nameless part without bytes.
    data = await part.read()
    await part.close()
    return Upload(data) if data else None


def _object(body: bytes) -> Json:
    if not body.strip():
        return {}
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refusal("The body is not a JSON object", cause=str(error)) from error


def _put_all(tree: Json, pairs: Any) -> None:
    fresh: Json = {}
    for name, value in pairs:
        _put(fresh, name, value)
    tree.update(fresh)


def _put(tree: Json, name: str, value: Any) -> None:
    """Put a value where its name says: ``a[b][]`` is the next item of the list b in the table a."""
    head, *rest = name.replace("]", "").split("[")
    path = [head, *rest[:DEEPEST]]
    node = tree
    for part, following in itertools.pairwise(path):
        node = _stepped(node, part, following)
    last = path[-1]
    if last == "" and isinstance(value, list) and not node:
        node.update({str(place): item for place, item in enumerate(value)})
    elif last == "":
        node[str(len(node))] = value
    elif last in node and not isinstance(value, dict):
        before = node[last]
        node[last] = [*before, value] if isinstance(before, list) else [before, value]
    else:
        node[last] = value


def _stepped(node: Json, part: str, following: str) -> Json:
    if part == "":
        # As Rails reads ``a[][b]=1&a[][c]=2&a[][b]=3``: a key that comes again begins the next item.
        last = node.get(str(len(node) - 1))
        if isinstance(last, dict) and following not in last:
            return last
        part = str(len(node))
    child = node.get(part)
    if not isinstance(child, dict):
        child = node[part] = {}
    return child


def _shaped(value: Any, kind: Any) -> Any:
    """Give a value the outer shape that a type wants; None is for: as if absent."""
    origin = get_origin(kind)
    if origin is Annotated:
        return _shaped(value, get_args(kind)[0])
    if origin in (Union, UnionType):
        return _shaped(value, next(arg for arg in get_args(kind) if arg is not type(None)))
    if origin in (list, tuple):
        return _items(value, get_args(kind)[0])
    if isinstance(value, list):
        value = value[-1] if value else None
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return _fields(value, kind)
    return _plain(value, kind)


def _items(value: Any, kind: Any) -> list[Any] | None:
    if isinstance(value, dict):
        value = [value[key] for key in sorted(value, key=_place)]
    elif not isinstance(value, list):
        if kind is not str and value in _UNSET[1:]:
            return None
        value = [value]
    unset = (None, "") if kind is str else (None, *_UNSET)
    return [_shaped(item, kind) for item in value if item not in unset]


def _place(key: str) -> int:
    return int(key) if key.isdecimal() else MOST_PARTS


def _fields(value: Any, kind: type[msgspec.Struct]) -> Any:
    if not isinstance(value, dict):
        return None if value in _UNSET else value
    shaped = {
        name: _shaped(value[name], wanted) for name, wanted in _types_of(kind) if value.get(name) is not None
    }
    return {name: item for name, item in shaped.items() if item is not None}


@functools.cache
def _types_of(kind: type[msgspec.Struct]) -> tuple[tuple[str, Any], ...]:
    return tuple((field.encode_name, field.type) for field in msgspec.structs.fields(kind))


def _plain(value: Any, kind: Any) -> Any:
    if kind is str:
        return str(value) if isinstance(value, int | float) else value
    if value in _UNSET:
        return None
    if kind is bool:
        return _BOOLS.get(str(value).lower(), value)
    if kind is int:
        return _held(value)
    return value


def _held(value: Any) -> Any:
    """Give a number that a column can hold: beyond it there is nothing, neither rows nor a limit."""
    if isinstance(value, str) and _LONG.fullmatch(value):
        value = int(value[:25])
    return min(max(value, -HIGHEST), HIGHEST) if type(value) is int else value


def _refusal(message: str) -> Invalid:
    text, _, place = message.partition(" - at `$")
    name = place.strip("`").lstrip(".")
    for pattern, fault in _FAULTS:
        found = pattern.search(text)
        if found is None:
            continue
        if "missing" in text:
            name = f"{name}.{found.group(1)}".lstrip(".")
        return invalid(name, fault.format(*found.groups()))
    return invalid(name, "is invalid")


def invalid(name: str, fault: str) -> Invalid:
    """Give the refusal of one field, in the words by which clients know it."""
    return all_invalid({name: fault})


def all_invalid(faults: Mapping[str, str]) -> Invalid:
    """Give the refusal of several fields."""
    said = ", ".join(
        f"{name.replace('_', ' ').capitalize() or 'What was sent'} {fault}" for name, fault in faults.items()
    )
    return Invalid(f"Validation failed: {said}", **{name or "body": fault for name, fault in faults.items()})
