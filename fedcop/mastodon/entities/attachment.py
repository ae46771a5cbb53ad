"""MediaAttachment."""

import msgspec
from msgspec import UNSET, UnsetType

from fedcop.mastodon.entities.place import Place
from storage.media import Media


class Size(msgspec.Struct, kw_only=True):
    """How large a picture is, and how long a film lasts."""

    width: int
    height: int
    size: str
    aspect: float
    duration: float | UnsetType = UNSET  # seconds


class Focus(msgspec.Struct):
    """What is to be seen when a picture is cropped, from -1 to 1 in both directions."""

    x: float
    y: float


class Meta(msgspec.Struct, kw_only=True):
    """What is known of a file; a part that is not known is left out."""

    original: Size | UnsetType = UNSET
    small: Size | UnsetType = UNSET
    focus: Focus | UnsetType = UNSET


class MediaAttachment(msgspec.Struct, kw_only=True):
    """A picture or another file of a status."""

    id: str
    type: str
    url: str | None
    preview_url: str | None
    remote_url: None = None  # clients would dial it
    description: str | None
    blurhash: str | None
    meta: Meta


def attachment(file: Media, at: Place, audience: str | None) -> MediaAttachment:
    """Give a file as clients read it, ``audience`` being that of its post, None before it is in one."""
    url, preview_url = at.pictures.of_post(file, audience)
    return MediaAttachment(
        id=str(file.id),
        type=file.type,
        url=url if file.there else None,
        preview_url=preview_url,
        description=file.description or None,
        blurhash=file.blurhash,
        meta=Meta(
            original=_size(file.width, file.height, UNSET if file.duration is None else file.duration),
            small=_size(file.preview_width, file.preview_height),
            focus=UNSET
            if file.focus_x is None or file.focus_y is None
            else Focus(file.focus_x, file.focus_y),
        ),
    )


def _size(width: int | None, height: int | None, duration: float | UnsetType = UNSET) -> Size | UnsetType:
    if not width or not height:
        return UNSET
    return Size(
        width=width, height=height, size=f"{width}x{height}", aspect=width / height, duration=duration
    )
