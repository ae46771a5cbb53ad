"""Every spelling of a parameter that a client was seen to use, and what it means."""

from types import SimpleNamespace
from typing import Annotated, Any

import msgspec
import pytest
from starlette.requests import Request

from fedcop.errors import Invalid, NotFound, Refusal
from fedcop.mastodon import forms
from fedcop.mastodon.forms import Paging, Upload


class Source(msgspec.Struct, frozen=True, kw_only=True):
    privacy: str | None = None
    sensitive: bool | None = None


class Line(msgspec.Struct, frozen=True, kw_only=True):
    name: str = ""
    value: str = ""


class Form(msgspec.Struct, frozen=True, kw_only=True):
    status: str = ""
    count: int | None = None
    flag: bool | None = None
    id: tuple[int, ...] = ()
    types: tuple[str, ...] = ()
    source: Source = Source()
    fields_attributes: tuple[Line, ...] = ()
    file: Upload | None = None


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    chosen: tuple[int, ...] | None = None


class Strict(msgspec.Struct, frozen=True, kw_only=True):
    username: Annotated[str, msgspec.Meta(min_length=1, max_length=5)]
    line: Line = Line()


def request(
    method: str = "POST", query: str = "", body: bytes = b"", kind: str | None = None, most: int = 1000
) -> Request:
    headers = [] if kind is None else [(b"content-type", kind.encode())]
    media = SimpleNamespace(max_bytes=most)
    node = SimpleNamespace(config=SimpleNamespace(media=media))
    scope: dict[str, Any] = {
        "type": "http",
        "method": method,
        "path": "/api/v1/x",
        "query_string": query.encode(),
        "headers": headers,
        "server": ("kent.example", 443),
        "app": SimpleNamespace(state=SimpleNamespace(node=node)),
    }
    parts = [body[:10], body[10:]]

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

    return Request(scope, receive)


JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("query", "body", "kind"),
    [
        ("", b"id[]=1&id[]=2", FORM),
        ("", b"id[0]=1&id[1]=2", FORM),
        ("", b"id[1]=2&id[0]=1", FORM),
        ("", b"id=1&id=2", FORM),
        ("", b"id%5B%5D=1&id%5B%5D=2", FORM),
        ("", b'{"id": [1, 2]}', JSON),
        ("", b'{"id": ["1", "2"]}', JSON),
        ("", b'{"id[]": ["1", "2"]}', JSON),
        ("", b'{"id": {"1": 2, "0": 1}}', JSON),
        ("id[]=1&id[]=2", b"", None),
        ("id[]=1&id[]=2", b"", JSON),
        ("id[]=7", b'{"id": [1, 2]}', JSON),
    ],
)
async def test_a_list_is_read_in_every_spelling(query: str, body: bytes, kind: str | None) -> None:
    assert (await forms.read(request("POST", query, body, kind), Form)).id == (1, 2)


@pytest.mark.parametrize("body", [b"id=1", b'{"id": 1}', b"id[]=1&id[]=", b'{"id": [1, null]}'])
async def test_a_single_value_is_a_list_of_one(body: bytes) -> None:
    assert (await forms.read(request(body=body), Form)).id == (1,)


@pytest.mark.parametrize("text", ["true", "1", "on", "t", "yes", "True"])
async def test_truth_has_many_spellings(text: str) -> None:
    assert (await forms.read(request("GET", f"flag={text}"), Form)).flag is True


@pytest.mark.parametrize("text", ["false", "0", "off", "f", "no"])
async def test_so_has_falsehood(text: str) -> None:
    assert (await forms.read(request("GET", f"flag={text}"), Form)).flag is False


@pytest.mark.parametrize("body", [b'{"flag": true}', b'{"flag": 1}', b'{"flag": "true"}'])
async def test_json_says_truth_as_it_likes(body: bytes) -> None:
    assert (await forms.read(request(body=body, kind=JSON), Form)).flag is True


@pytest.mark.parametrize("body", [b'{"count": null, "flag": null}', b"count=&flag=", b"", b"{}", b" "])
async def test_null_and_empty_are_as_if_absent(body: bytes) -> None:
    form = await forms.read(request(body=body), Form)
    assert (form.count, form.flag) == (None, None)


@pytest.mark.parametrize("unset", [b"undefined", b"null"])
async def test_what_javascript_writes_of_nothing_is_as_if_absent_where_no_text_is_wanted(
    unset: bytes,
) -> None:
    names = (b"count", b"flag", b"id", b"fields_attributes", b"source")
    body = b"&".join(name + b"=" + unset for name in names)
    assert await forms.read(request(body=body), Form) == Form()
    assert await forms.read(request(body=b"chosen=" + unset), Chosen) == Chosen(chosen=None)
    assert (await forms.read(request(body=b"name=" + unset), Line)).name == unset.decode()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"source[privacy]=private&source[sensitive]=1", FORM),
        (b'{"source": {"privacy": "private", "sensitive": true}}', JSON),
        (b'{"source[privacy]": "private", "source[sensitive]": true}', JSON),
    ],
)
async def test_a_table_in_a_table(body: bytes, kind: str) -> None:
    form = await forms.read(request(body=body, kind=kind), Form)
    assert form.source == Source(privacy="private", sensitive=True)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"fields_attributes[0][name]=a&fields_attributes[0][value]=b&fields_attributes[1][name]=c", FORM),
        (b"fields_attributes[][name]=a&fields_attributes[][value]=b&fields_attributes[][name]=c", FORM),
        (b'{"fields_attributes": [{"name": "a", "value": "b"}, {"name": "c"}]}', JSON),
        (b'{"fields_attributes": {"0": {"name": "a", "value": "b"}, "1": {"name": "c"}}}', JSON),
    ],
)
async def test_a_list_of_tables(body: bytes, kind: str) -> None:
    form = await forms.read(request(body=body, kind=kind), Form)
    assert form.fields_attributes == (Line(name="a", value="b"), Line(name="c"))


async def test_a_body_without_a_type_is_read_as_what_it_looks_like() -> None:
    assert (await forms.read(request(body=b'{"status": "hi"}'), Form)).status == "hi"
    assert (await forms.read(request(body=b"status=hi", kind="text/plain"), Form)).status == "hi"


async def test_a_repeated_name_that_is_no_list_means_the_last() -> None:
    assert (await forms.read(request(body=b"status=a&status=b&status=c"), Form)).status == "c"
    assert (await forms.read(request(body=b'{"status": []}'), Form)).status == ""


async def test_numbers_may_be_text_and_text_a_number() -> None:
    form = await forms.read(request(body=b'{"count": "5", "status": 12}', kind=JSON), Form)
    assert (form.count, form.status) == (5, "12")


async def test_a_name_that_breaks_the_nesting_is_ignored_with_its_value() -> None:
    form = await forms.read(request(body=b"source=x&source[privacy]=direct&]=1&[]=2&unknown=3"), Form)
    assert form.source.privacy == "direct"


async def test_multipart_carries_files_and_texts() -> None:
    body = (
        b'--x\r\nContent-Disposition: form-data; name="status"\r\n\r\nhi\r\n'
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n'
        b"Content-Type: image/png\r\n\r\nPNG\r\n--x--\r\n"
    )
    form = await forms.read(request(body=body, kind="multipart/form-data; boundary=x"), Form)
    assert (form.status, form.file) == ("hi", Upload(b"PNG"))


async def test_a_file_field_that_was_left_empty_is_as_if_absent() -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename=""\r\n\r\n\r\n--x--\r\n'
    form = await forms.read(request(body=body, kind="multipart/form-data; boundary=x"), Form)
    assert form.file is None


async def test_text_where_a_file_is_wanted_is_refused() -> None:
    with pytest.raises(Invalid, match="File is invalid"):
        await forms.read(request(body=b"file=abc"), Form)


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=x"])
async def test_a_broken_multipart_body_is_refused(kind: str) -> None:
    with pytest.raises(Refusal, match="multipart body cannot be read"):
        await forms.read(request(body=b"--y nonsense", kind=kind), Form)


@pytest.mark.parametrize("body", [b"[1]", b"{broken", b'{"a": "\xff"}'])
async def test_json_that_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(Refusal, match="not a JSON object"):
        await forms.read(request(body=body, kind=JSON), Form)


async def test_a_body_too_large_is_refused_before_it_is_read_whole() -> None:
    with pytest.raises(Invalid, match="larger than"):
        await forms.read(request(body=b"status=" + b"a" * forms.MOST_TEXT), Form)
    with pytest.raises(Invalid, match="larger than"):
        await forms.read(
            request(body=b"a" * (forms.MOST_TEXT + 1001), kind="multipart/form-data; boundary=x"), Form
        )


@pytest.mark.parametrize(
    ("body", "text", "fields"),
    [
        (b"", "Validation failed: Username can't be blank", {"username": "can't be blank"}),
        (b"username=", "Validation failed: Username can't be blank", {"username": "can't be blank"}),
        (
            b"username=abcdef",
            "Validation failed: Username is too long (maximum is 5)",
            {"username": "is too long (maximum is 5)"},
        ),
    ],
)
async def test_a_fault_names_its_field(body: bytes, text: str, fields: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refusal:
        await forms.read(request(body=body), Strict)
    assert (refusal.value.text, refusal.value.fields) == (text, fields)


async def test_a_number_that_is_none_is_refused() -> None:
    with pytest.raises(Invalid, match="Count is not a number"):
        await forms.read(request("GET", "count=banana"), Form)


async def test_a_table_that_is_none_is_refused() -> None:
    with pytest.raises(Invalid, match="Source is invalid"):
        await forms.read(request(body=b'{"source": "x"}', kind=JSON), Form)


async def test_a_limit_is_clamped_and_never_refused() -> None:
    form = await forms.read(request("GET", "limit=1000&max_id=5&min_id=2&since_id=1"), Paging)
    page = form.page(20, 40)
    assert (page.limit, page.max_id, page.min_id, page.since_id) == (40, 5, 2, 1)
    assert Paging().page(20, 40).limit == 20
    assert Paging(limit=0).page(20, 40).limit == 1


@pytest.mark.parametrize("text", ["", "abc", "-1", "1.5", "٣", "9" * 20])
def test_an_id_that_is_no_number_names_nothing(text: str) -> None:
    asked = request("GET")
    asked.scope["path_params"] = {"id": text}
    with pytest.raises(NotFound):
        forms.number(asked)


def test_an_id_is_decimal_text() -> None:
    asked = request("GET")
    asked.scope["path_params"] = {"id": "109372843234"}
    assert forms.number(asked) == 109372843234


async def test_a_get_may_bring_a_body_too() -> None:
    sent = request("GET", "count=3", b'{"id": [1, 2]}', JSON)
    assert await forms.read(sent, Form) == Form(id=(1, 2), count=3)
