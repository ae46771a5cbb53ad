"""Attachments both ways: our files as they go out, and what lies at a peer."""

import mimetypes
import re
from collections.abc import Sequence
from typing import TypeGuard
from urllib.parse import unquote

import msgspec

from activitypub.document import Json
from activitypub.vocab.objects import Attachment
from fedcop.content import plain, sanitise
from fedcop.uris import Uris
from storage.media import Media

MOST = 16
LONGEST_DESCRIPTION = 1500

# One word with the ending of a picture: DSC_0042.JPG, plan2.png.
_FILE_NAME = re.compile(
    r"\S+\.(jpe?g|png|gif|webp|avif|heic|svg|bmp|tiff?|mp4|mov|webm|mp3|ogg|pdf)", re.IGNORECASE
)

Focus = tuple[float, float]


class File(msgspec.Struct, frozen=True, kw_only=True):
    """An attachment of ours; ``url`` is where it is served."""

    url: str
    media_type: str
    description: str = ""
    width: int | None = None
    height: int | None = None
    blurhash: str | None = None
    focus: Focus | None = None


class IncomingFile(msgspec.Struct, frozen=True, kw_only=True):
    """An attachment of a peer's post, still lying there."""

    type: str
    media_type: str
    url: str
    description: str
    blurhash: str | None
    width: int | None
    height: int | None
    focus: Focus | None


def file_of(held: Media, uris: Uris, *, closed: bool = False) -> File:
    """Give an attachment of ours as it goes out.

    By its name anybody may open it. ``closed``: in a post for members it goes out by its row, and only a
    signed request by one of their nodes opens that (decision 26).
    """
    focus = (held.focus_x, held.focus_y) if held.focus_x is not None and held.focus_y is not None else None
    return File(
        url=uris.media_row(held.id) if closed else uris.media(held.name or ""),
        media_type=held.media_type,
        description=held.description,
        width=held.width,
        height=held.height,
        blurhash=held.blurhash,
        focus=focus,
    )


def attachment_of(file: File) -> Json:
    """Give an attachment's document."""
    # Lemmy 1.0 (objects/src/protocol/page.rs) reads only Link, Image and Document here, and refuses the whole
    # post for a Video or Audio; Mastodon 4 sends Document for all. Everybody reads the media type.
    kind = "Image" if file.media_type.startswith("image/") else "Document"
    attachment: Json = {"type": kind, "url": file.url, "mediaType": file.media_type}
    some = {
        "name": file.description or None,
        "width": file.width,
        "height": file.height,
        "blurhash": file.blurhash,
        "focalPoint": list(file.focus) if file.focus else None,
    }
    return attachment | {key: value for key, value in some.items() if value is not None}


def incoming_from(attachments: Sequence[Attachment]) -> list[IncomingFile]:
    """Give what can be shown of a peer's attachments; a Link is none of them."""
    found = []
    for attachment in attachments[:MOST]:
        url = attachment.url or attachment.href
        if attachment.type == "Link" or not is_web(url):
            continue
        media_type = _media_type_of(attachment)
        found.append(
            IncomingFile(
                type=_kind_of(attachment.type, media_type, url),
                media_type=media_type,
                url=url,
                description=_description_from(attachment, url),
                blurhash=attachment.blurhash,
                width=attachment.width,
                height=attachment.height,
                focus=_focus_from(attachment.focal_point),
            )
        )
    return found


def _description_from(attachment: Attachment, url: str) -> str:
    """Give what a file shows; its file name, which some servers put there, says nothing."""
    file_name = unquote(name_of(url))
    told = (
        plain.text_of(attachment.name or "", LONGEST_DESCRIPTION),
        sanitise.text_of(attachment.summary or "")[:LONGEST_DESCRIPTION],
    )
    return next((text for text in told if text not in ("", file_name) and not _FILE_NAME.fullmatch(text)), "")


def is_web(url: str | None) -> TypeGuard[str]:
    """Tell whether an address is one of the web."""
    return bool(url) and str(url).startswith(("https://", "http://"))


def name_of(url: str) -> str:
    """Give the last part of an address's path; an address that cannot be taken apart has one too."""
    return re.split(r"[?#]", url, maxsplit=1)[0].rpartition("/")[2]


def is_picture(attachment: Attachment) -> bool:
    """Tell whether an attachment is a picture, by what it says of itself."""
    url = attachment.url or attachment.href or ""
    return attachment.type != "Link" and _kind_of(attachment.type, _media_type_of(attachment), url) == "image"


def _media_type_of(attachment: Attachment) -> str:
    return (attachment.media_type or "").partition(";")[0].strip().lower()


def _kind_of(kind: str, media_type: str, url: str) -> str:
    """Give what a file is: by its media type, else its type, else as its name ends."""
    if not media_type and kind in ("Image", "Video", "Audio"):
        return kind.lower()
    known = (media_type or mimetypes.guess_type(name_of(url))[0] or "").partition("/")[0]
    return known if known in ("image", "video", "audio") else "unknown"


def _focus_from(point: Focus | None) -> Focus | None:
    """Give a focal point that lies in the picture; clients place the picture by it without looking."""
    return point if point and all(-1 <= part <= 1 for part in point) else None
