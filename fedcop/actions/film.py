"""Write a film that somebody uploaded anew, as MP4, with the program that ``media.ffmpeg`` names.

Rules that hold in this file
  1. What the program reads is hostile: it opens files only, in the one format that the first bytes say, with
     a bound on pixels, time and what it writes, in a process group that is ended as a whole.
  2. What it wrote is read as an upload is before anybody gets it; what fails is a film that never comes.
"""

import asyncio
import contextlib
import logging
import os
import secrets
import signal
from pathlib import Path

import msgspec

from fedcop.config import MediaSection
from fedcop.content import files, kinds
from fedcop.errors import Invalid
from fedcop.node import Node
from storage import media
from storage.ids import MediaId
from storage.media import Kept, Media, Preview
from storage.visible import SYSTEM

SECONDS = 600
# Of the largest upload: what H.264 makes of a film that a newer format pressed harder.
MOST_GROWTH = 4
LONGEST_SIDE = 1920
# How FFmpeg calls the format of each kind that is taken.
_FORMATS = {".mp4": "mov", ".mov": "mov", ".webm": "matroska", ".ogv": "ogg"}
_QUIET = ("-nostdin", "-hide_banner", "-loglevel", "error", "-y", "-protocol_whitelist", "file,pipe")
_SIZED = f"scale='min({LONGEST_SIDE},iw)':'min({LONGEST_SIDE},ih)':force_original_aspect_ratio=decrease"


# A film of which nothing came.
LOST = Kept(type="unknown", media_type=kinds.MP4.media_type, name=None)

log = logging.getLogger("fedcop.film")


async def write_anew(node: Node, media_id: MediaId) -> None:
    """Make of a film as it came what is shown, or note that nothing comes of it; once, whoever asks."""
    await node.memory.once(f"film {media_id}", lambda: _write_anew(node, media_id))


async def _write_anew(node: Node, media_id: MediaId) -> None:
    held = await node.store.read(media.find, SYSTEM, media_id)
    if held is None or held.raw is None:
        return
    section = node.config.media
    target = Path(section.folder) / f"{secrets.token_hex(16)}.mp4"
    try:
        made = await _made(section, held, held.raw, target)
    except BaseException:
        # What is cancelled is begun again; what was written of it is nobody's.
        target.unlink(missing_ok=True)
        raise
    await settle(node, held, held.raw, made)


async def settle(node: Node, held: Media, raw: str, made: Kept) -> None:
    """Note what came of a film, and delete the file as it came."""
    wanted = await node.store.write(media.finish, held.id, raw, made)
    small = made.small.preview if made.small else None
    files.remove(node.config.media, (raw,) if wanted else (raw, made.name, small))


async def _made(section: MediaSection, held: Media, raw: str, target: Path) -> Kept:
    """Run the program and read what it wrote."""
    kind = _FORMATS[Path(raw).with_suffix("").suffix]
    ended_well = await _run(
        section, *_QUIET, "-max_pixels", str(section.max_pixels), "-f", kind,
        "-i", str(Path(section.folder) / raw),
        "-map", "0:v:0", "-map", "0:a:0?", "-map_metadata", "-1", "-map_chapters", "-1",
        "-c:v", "libx264", "-preset", "veryfast", "-crf", "24", "-pix_fmt", "yuv420p", "-threads", "1",
        "-vf", f"{_SIZED},scale=trunc(iw/2)*2:trunc(ih/2)*2,setsar=1", "-c:a", "aac", "-b:a", "128k",
        "-movflags", "+faststart", "-fs", str(MOST_GROWTH * section.max_bytes), "-f", "mp4", str(target),
    )  # fmt: skip
    made = await asyncio.to_thread(_read, section, target) if ended_well else None
    if made is None:
        await asyncio.to_thread(target.unlink, missing_ok=True)
        return LOST
    return made if held.preview else await _pictured(section, made, target)


def _read(section: MediaSection, target: Path) -> Kept | None:
    """Give what the program wrote, if that is a whole film."""
    if not target.is_file() or target.stat().st_size >= MOST_GROWTH * section.max_bytes:
        return None
    data = target.read_bytes()
    if kinds.kind_of(data) is not kinds.MP4:
        return None
    try:
        width, height = kinds.size_of(data, kinds.MP4) or (None, None)
        duration = kinds.duration_of(data, kinds.MP4)
    except Invalid:
        return None
    return Kept(
        type="video",
        media_type=kinds.MP4.media_type,
        name=target.name,
        width=width,
        height=height,
        duration=duration,
    )


async def _pictured(section: MediaSection, made: Kept, film: Path) -> Kept:
    """Give a film with its first picture, if one can be had."""
    still = film.with_suffix(".still")
    wish = ("-i", str(film), "-frames:v", "1", "-update", "1", "-f", "image2", "-c:v", "png", str(still))
    try:
        if await _run(section, *_QUIET, *wish):
            small = await asyncio.to_thread(_still, section, still)
            return msgspec.structs.replace(made, small=small)
    except (Invalid, OSError) as error:
        log.warning("a film is without a picture: %s", error)
    finally:
        still.unlink(missing_ok=True)
    return made


def _still(section: MediaSection, still: Path) -> Preview:
    """Read a still, which is larger than what people may upload."""
    roomy = msgspec.structs.replace(section, max_bytes=MOST_GROWTH * section.max_bytes)
    return files.keep_preview(roomy, still.read_bytes())


async def _run(section: MediaSection, *arguments: str) -> bool:
    """Run the program with no environment and tell whether it ended well."""
    try:
        process = await asyncio.create_subprocess_exec(
            section.ffmpeg, *arguments, env={"PATH": os.defpath}, start_new_session=True,
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
    except OSError as error:
        log.error("media.ffmpeg cannot be run: %s", error)  # noqa: TRY400 - its trace says nothing more
        return False
    try:
        async with asyncio.timeout(SECONDS):
            return await process.wait() == 0
    except TimeoutError:
        return False
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
