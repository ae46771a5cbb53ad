"""Which address a picture has, and who may open it (decision 26 of the design).

    pictures = Pictures(origin="", reader=viewer.actor, key=node.signing.address_key, now=node.clock.now())
    whole, small = pictures.of_post(file, "members")

    /media/NAME                            a file of ours that everybody may see
    /media/ID/original, /media/ID/small    a file of a peer's post
    /media/ID/original?e=EXPIRY&s=SEAL     a file that is not for everybody
    /media/actors/ID/icon/VERSION          a picture of somebody elsewhere

Rules that hold in this file
  1. No address is a peer's: a reader who opened one would tell the peer who reads.
  2. A seal says which person may open a file until when; their right is looked up again as they do. It names
     the row and not the file, whose name opens it without a seal: that name goes to other nodes only, which
     fetch what their people were sent (Mastodon does so unsigned).
"""

import hmac
import zlib
from datetime import datetime

from storage.actors import Shown
from storage.ids import ActorId, MediaId
from storage.media import Media
from storage.pictures import Kind

EVERYBODY = frozenset({"public", "unlisted"})
SIZES = ("original", "small")

# An address stays the same for half an hour, so that a browser keeps what it has, and opens for up to one.
STEP = 1800


class Pictures:
    """The addresses of pictures for one reader at one moment."""

    def __init__(self, *, origin: str, reader: ActorId, key: bytes, now: datetime) -> None:
        self.origin = origin
        self._reader = reader
        self._key = key
        self._expiry = (int(now.timestamp()) // STEP + 2) * STEP

    def named(self, name: str) -> str:
        """Give the address of a file of ours that everybody may see."""
        return f"{self.origin}/media/{name}"

    def of_post(self, file: Media, audience: str | None) -> tuple[str, str | None]:
        """Give the addresses of a file, whole and small; one that is in no post yet is its owner's only.

        A film, sound or document that came without a picture has none to show small; what nobody has looked
        at yet may be one.
        """
        untouched = file.type == "unknown" and file.name is None
        pictured = file.preview is not None or file.type == "image" or untouched
        if audience in EVERYBODY and file.remote_url is None:
            small = self.named(file.preview or file.name or "") if pictured else None
            return self.named(file.name or ""), small
        sealed = "" if audience in EVERYBODY else self._sealed(file.id)
        whole, small = (f"{self.origin}/media/{file.id}/{size}{sealed}" for size in SIZES)
        return whole, small if pictured else None

    def of_actor(self, actor: Shown, kind: Kind) -> str | None:
        """Give the address of an actor's picture, a new one when the picture changes; None without one."""
        url = actor.icon if kind == "icon" else actor.image
        if not url:
            return None
        if not url.startswith(("https://", "http://")):
            return self.named(url)
        return f"{self.origin}/media/actors/{actor.id}/{kind}/{zlib.crc32(url.encode()):08x}"

    def _sealed(self, media_id: MediaId) -> str:
        return f"?e={self._expiry}&s={self._reader}.{_seal(self._key, media_id, self._expiry, self._reader)}"


def reader_of(key: bytes, media_id: MediaId, expiry: str, seal: str, now: datetime) -> ActorId | None:
    """Give the person whom an address lets in; None when it was not made here for this file, or has ended."""
    reader, _, code = seal.partition(".")
    if not (_is_number(expiry) and _is_number(reader)) or int(expiry) < now.timestamp():
        return None
    wanted = _seal(key, media_id, int(expiry), ActorId(int(reader)))
    return ActorId(int(reader)) if hmac.compare_digest(wanted.encode(), code.encode()) else None


def _seal(key: bytes, media_id: MediaId, expiry: int, reader: ActorId) -> str:
    return hmac.digest(key, b"%d %d %d" % (media_id, expiry, reader), "sha256")[:16].hex()


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 20
