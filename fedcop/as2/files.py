"""Attachments both ways: our pictures as they go out, and what lies at a peer."""

from collections.abc import Sequence
from typing import TypeGuard

import msgspec

from activitypub.document import Json
from activitypub.vocab.objects import Attachment
from fedcop.content import sanitise
from fedcop.uris import Uris
from storage.media import Media

MOST = 16
LONGEST_DESCRIPTION = 1500

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


def file_of(held: Media, uris: Uris) -> File:
    """Give an attachment of ours as it goes out."""
    focus = (held.focus_x, held.focus_y) if held.focus_x is not None and held.focus_y is not None else None
    return File(
        url=uris.media(held.name or ""),
        media_type=held.media_type,
        description=held.description,
        width=held.width,
        height=held.height,
        blurhash=held.blurhash,
        focus=focus,
    )


def attachment_of(file: File) -> Json:
    """Give an attachment's document."""
    # Lemmy reads only Link, Image and Document here, and refuses the post for any other (federation.md 1.4).
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
        media_type = (attachment.media_type or "").partition(";")[0].strip().lower()
        found.append(
            IncomingFile(
                type=_kind_of(attachment.type, media_type),
                media_type=media_type,
                url=url,
                description=sanitise.text_of(attachment.name or attachment.summary or "")[
                    :LONGEST_DESCRIPTION
                ],
                blurhash=attachment.blurhash,
                width=attachment.width,
                height=attachment.height,
                focus=_focus_from(attachment.focal_point),
            )
        )
    return found


def is_web(url: str | None) -> TypeGuard[str]:
    """Tell whether an address is one of the web."""
    return bool(url) and str(url).startswith(("https://", "http://"))


def _kind_of(kind: str, media_type: str) -> str:
    for known in ("image", "video", "audio"):
        if media_type.startswith(known + "/") or (not media_type and kind.lower() == known):
            return known
    return "unknown"


def _focus_from(point: Focus | None) -> Focus | None:
    """Give a focal point that lies in the picture; clients place the picture by it without looking."""
    return point if point and all(-1 <= part <= 1 for part in point) else None
