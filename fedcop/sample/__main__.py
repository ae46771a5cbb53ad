"""``python -m fedcop.sample``, which `make run` calls: starts the sample network and lets it talk."""

import argparse
import asyncio
import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from fedcop.sample import story as stories
from fedcop.sample import tls
from fedcop.sample.council import PASSWORD, Site, Unanswered, end_with_parent
from fedcop.sample.play import Play
from fedcop.sample.story import Story

FOLDER = Path("sample")
SAY_EVERY = 30.0
END_WITHIN = 9.0
SHOWN = ("ruth", "beth", "eleri")
CLIENT_OF = "beth"


def main() -> int:
    """Start, print one screen and ``ready``, go on until SIGINT or SIGTERM, print ``stopped``."""
    parser = argparse.ArgumentParser(prog="make run", description="Three councils on this machine.")
    parser.add_argument("--tls", action="store_true", help="serve by https under a CA kept in sample/")
    parser.add_argument("--reset", action="store_true", help="begin anew")
    parser.add_argument("--with-parent", action="store_true", help="end when the parent process is gone")
    chosen = parser.parse_args()
    if chosen.with_parent:
        end_with_parent()
    folder = FOLDER / ("https" if chosen.tls else "http")
    if chosen.reset:
        shutil.rmtree(folder, ignore_errors=True)
    try:
        asyncio.run(_run(folder.resolve(), secure=chosen.tls))
    except Unanswered as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{error.filename or folder}: {error.strerror}", file=sys.stderr)
        return 1
    print("stopped", flush=True)
    return 0


async def _run(folder: Path, *, secure: bool) -> None:
    ended = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, ended.set)
    story = stories.read()
    ca_file = (
        tls.authority(folder, [f"{slug}.localhost" for slug in story.councils] + ["localhost"])
        if secure
        else None
    )
    trusted = tls.trusting(ca_file) if ca_file else None
    sites = {slug: Site(slug, council, folder, tls=trusted) for slug, council in story.councils.items()}
    _ensure_ports(sites)
    work = asyncio.create_task(_play(folder, story, sites, ca_file))
    watch = asyncio.create_task(ended.wait())
    try:
        await asyncio.wait({work, watch}, return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            work.result()
    finally:
        work.cancel()
        watch.cancel()
        _end(sites)


def _ensure_ports(sites: dict[str, Site]) -> None:
    for site in sites.values():
        for port in {site.council.port, site.listens}:
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError:
                    raise Unanswered(f"port {port} is in use; {site.slug} wants it free") from None


async def _play(folder: Path, story: Story, sites: dict[str, Site], ca_file: Path | None) -> None:
    state = folder / "tokens.json"
    known = state.exists()
    play = Play(story, sites, json.loads(state.read_text()) if known else {})
    if not known:
        await asyncio.to_thread(_make, play, ca_file)
    else:
        await asyncio.to_thread(_bring_up, play)
    ends = (
        [await tls.end_before(folder, s.council.port, s.listens) for s in sites.values()] if ca_file else []
    )
    for site in sites.values():
        site.start()
    for site in sites.values():
        await asyncio.to_thread(site.wait_until_ready)
    if not known:
        await asyncio.to_thread(play.begin, _say)
        _keep(state, play.tokens)
    _screen(play, ca_file)
    for thread in itertools.cycle(story.later):
        await asyncio.sleep(SAY_EVERY)
        await asyncio.to_thread(_go_on, play, thread)
    for server in ends:
        server.close()


def _make(play: Play, ca_file: Path | None) -> None:
    _say("making three nodes with their people and communities")

    def make(slug: str) -> None:
        site = play.sites[slug]
        shutil.rmtree(site.folder, ignore_errors=True)
        site.make([other.domain for other in play.sites.values() if other is not site], ca_file=ca_file)
        play.people_and_communities(slug)

    with ThreadPoolExecutor(len(play.sites)) as pool:
        list(pool.map(make, play.sites))


def _bring_up(play: Play) -> None:
    """Bring nodes that an older version made to this one."""
    try:
        with ThreadPoolExecutor(len(play.sites)) as pool:
            list(pool.map(lambda site: site.command("migrate"), play.sites.values()))
    except Unanswered as error:
        raise Unanswered(f"{error}; `make run RESET=1` begins anew") from None


def _keep(state: Path, tokens: dict[str, str]) -> None:
    """Write the file that says that all is made; it is there whole or not at all."""
    new = state.with_suffix(".new")
    new.touch(mode=0o600)
    new.write_text(json.dumps(tokens))
    new.replace(state)


def _go_on(play: Play, thread: stories.Thread) -> None:
    """Let somebody say something new; one that fails is told and the next is tried."""
    try:
        play.thread(thread)
    except Unanswered as error:
        if not any(site.ended for site in play.sites.values()):
            print(error, file=sys.stderr)


def _say(text: str) -> None:
    print(f"… {text}", flush=True)


def _screen(play: Play, ca_file: Path | None) -> None:
    site = play.sites[play.story.people[CLIENT_OF].council]
    local = site.address.replace(site.domain, f"localhost:{site.council.port}")
    curl, toot = "curl", "toot"
    if ca_file is not None:
        trusted = os.path.relpath(ca_file)
        curl, toot = f"curl --cacert {trusted}", f"REQUESTS_CA_BUNDLE={trusted} toot"
    lines = ["", "Three councils, each with its own node:"]
    lines += [f"  {s.council.name:34} {s.address}/" for s in play.sites.values()]
    lines += ["", f"Sign in to one of them (password of all: {PASSWORD}):"]
    lines += [f"  {play.story.people[who].name:34} {play.email(who)}" for who in SHOWN]
    lines += ["", f"An access token of {play.story.people[CLIENT_OF].name}:", f"  {play.tokens[CLIENT_OF]}"]
    lines += ["", "Things to try:", f"  a page     {play.sites['kent'].address}/communities/drainage"]
    lines += [f"  a client   {toot} login_cli -i {local} -e {play.email(CLIENT_OF)} -p {PASSWORD}"]
    bearer = f"-H 'Authorization: Bearer {play.tokens[CLIENT_OF]}'"
    lines += [f"  the API    {curl} -s {bearer} '{local}/api/v1/timelines/home?limit=1'"]
    lines += ["", "Every half minute somebody says something new. Ctrl-C ends it.", "ready"]
    print("\n".join(lines), flush=True)


def _end(sites: dict[str, Site]) -> None:
    for site in sites.values():
        site.end()
    deadline = time.monotonic() + END_WITHIN
    for site in sites.values():
        if site.process is not None:
            try:
                site.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                site.process.kill()


if __name__ == "__main__":
    sys.exit(main())
