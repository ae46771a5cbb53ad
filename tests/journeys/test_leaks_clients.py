"""People who try to read a members-only community by client API and pages: none gets a byte of it.

``by`` says who they are: nobody, a colleague of a member on the community's node (ned) and on another (dan),
a former member on the community's node (kit) and on another (eva).
"""

from typing import Any

import httpx
import pytest

from tests.support.leaks import Attempts, Leaky, Tried, entry_of, text_of
from tests.support.network import Council

ATTEMPTS = Attempts()

ANYBODY = "anybody, where reading without an account is allowed"
NEIGHBOUR = "a member's neighbour, on the community's node and on another"
FORMER = "a former member, on the community's node and on another"
NEIGHBOURS = ("ned", "dan")
FORMERS = ("kit", "eva")


@ATTEMPTS.by(ANYBODY, "a status by its id, alone or among others", "404, or an empty list")
async def status_by_anybody(leaky: Leaky) -> list[str]:
    return [
        await get(leaky, who, f"/api/v1/statuses/{path}")
        for who in ("anybody", "anybody at devon")
        for row in await _rows(leaky, who)
        for path in (f"{row}", f"?id[]={row}", f"{row}/context", f"{row}/history", f"{row}/favourited_by")
    ]


@ATTEMPTS.by(ANYBODY, "public timeline, hashtag, search, statuses of a member", "nothing of it")
async def lists_by_anybody(leaky: Leaky) -> list[str]:
    return [await get(leaky, "anybody", path) for path in await _lists(leaky, "anybody")]


@ATTEMPTS.by(ANYBODY, "pages and feeds: post, thread, community, oEmbed, Atom", "404")
async def pages_by_anybody(leaky: Leaky) -> list[str]:
    return [await get(leaky, "anybody", path, page=True) for path in await _pages(leaky)]


@ATTEMPTS.by(ANYBODY, "a picture by its row, whole, small, with a made up seal", "404")
async def pictures_by_anybody(leaky: Leaky) -> list[str]:
    path = leaky.sealed["kit"].partition("?")[0]
    other = leaky.sealed["eva"].partition("?")[2]
    forged = [path, path.replace("original", "small"), f"{path}?e=9999999999&s=1.00", f"{path}?{other}"]
    return [await get(leaky, "anybody", address) for address in forged]


@ATTEMPTS.by(ANYBODY, "counts: instance, profile of a member, of the community", "0")
async def counts_by_anybody(leaky: Leaky) -> list[str]:
    found = []
    for who in (leaky.closed.kay, leaky.closed.shelter):
        shown = (await leaky.http["anybody"].get(f"/api/v1/accounts/{who.id}")).json()
        found.append("" if (shown["statuses_count"], shown["last_status_at"]) == (0, None) else "LEAK")
    stats = (await leaky.http["anybody"].get("/api/v1/instance")).json()["stats"]
    return [*found, "" if stats["status_count"] == 0 else "LEAK"]


@ATTEMPTS.by(NEIGHBOUR, "home, also by a followed hashtag", "nothing of it")
async def home_by_neighbour(leaky: Leaky) -> list[str]:
    return [await get(leaky, who, "/api/v1/timelines/home") for who in NEIGHBOURS]


@ATTEMPTS.by(NEIGHBOUR, "notifications, although a post names them", "none")
async def notifications_by_neighbour(leaky: Leaky) -> list[str]:
    answers = [await get(leaky, who, "/api/v1/notifications") for who in NEIGHBOURS]
    counts = [
        (await leaky.http[who].get("/api/v1/notifications/unread_count")).json()["count"]
        for who in NEIGHBOURS
    ]
    return [*answers, "" if counts == [0, 0] else "LEAK"]


@ATTEMPTS.by(NEIGHBOUR, "a status by its id, its thread, source, history, who likes it", "404")
async def status_by_neighbour(leaky: Leaky) -> list[str]:
    return [
        await get(leaky, who, f"/api/v1/statuses/{row}{rest}")
        for who in NEIGHBOURS
        for row in await _rows(leaky, who)
        for rest in ("", "/context", "/source", "/history", "/favourited_by", "/reblogged_by", "/quotes")
    ]


@ATTEMPTS.by(NEIGHBOUR, "boost, like, bookmark, pin, mute, report, answer, quote", "404, and nothing is sent")
async def deeds_by_neighbour(leaky: Leaky) -> list[str]:
    answers = []
    for who in NEIGHBOURS:
        for row in await _rows(leaky, who):
            for deed in ("reblog", "favourite", "bookmark", "pin", "mute", "unreblog", "unfavourite"):
                answers.append(text_of(await leaky.http[who].post(f"/api/v1/statuses/{row}/{deed}")))
            for more in ({"in_reply_to_id": str(row)}, {"quoted_status_id": str(row)}):
                said = {"status": "x", "visibility": "direct", **more}
                answers.append(text_of(await leaky.http[who].post("/api/v1/statuses", json=said)))
    return answers + _posted(leaky)


@ATTEMPTS.by(NEIGHBOUR, "search for words, tags, and for the address of a post", "nothing")
async def search_by_neighbour(leaky: Leaky) -> list[str]:
    wanted = ("hero", "#otterh", leaky.first.uri, leaky.answer.uri, leaky.late.uri)
    answers = [
        (await leaky.http[who].get("/api/v2/search", params={"q": text, "resolve": "true"})).json()
        for who in NEIGHBOURS
        for text in wanted
    ]
    return [str([answer["statuses"], answer["hashtags"]]) for answer in answers]


@ATTEMPTS.by(NEIGHBOUR, "statuses of the community and of members, pinned and with media", "nothing of it")
async def account_by_neighbour(leaky: Leaky) -> list[str]:
    found = []
    for who in NEIGHBOURS:
        council = _council(leaky, who)
        for actor in (leaky.closed.shelter, leaky.closed.kay, leaky.closed.dee):
            if await council.knows(actor.uri):
                path = f"/api/v1/accounts/{(await council.known(actor)).id}/statuses"
                more = ("", "?pinned=true", "?only_media=true", "?tagged=otterhaven")
                found += [await get(leaky, who, path + rest) for rest in more]
    return found


@ATTEMPTS.by(NEIGHBOUR, "who belongs to the community, and to what a member belongs", "an empty list")
async def members_by_neighbour(leaky: Leaky) -> list[str]:
    shelter = (await leaky.kent.known(leaky.closed.shelter)).id
    followers = await leaky.http["ned"].get(f"/api/v1/accounts/{shelter}/followers")
    following = await leaky.http["ned"].get(f"/api/v1/accounts/{leaky.closed.kay.id}/following")
    at_devon = (await leaky.closed.devon.known(leaky.closed.dee)).id
    theirs = await leaky.http["dan"].get(f"/api/v1/accounts/{at_devon}/following")
    return ["" if [one.json() for one in (followers, following, theirs)] == [[], [], []] else "LEAK"]


@ATTEMPTS.by(NEIGHBOUR, "pages of a post and of the community, with a token", "404")
async def pages_by_neighbour(leaky: Leaky) -> list[str]:
    return [await get(leaky, "ned", path, page=True) for path in await _pages(leaky)]


@ATTEMPTS.by(NEIGHBOUR, "a picture and its description, by its id", "404")
async def pictures_by_neighbour(leaky: Leaky) -> list[str]:
    row = leaky.sealed["kit"].split("/")[2]
    return [await get(leaky, "ned", path) for path in (f"/api/v1/media/{row}", f"/media/{row}/original")]


@ATTEMPTS.by(FORMER, "home, also by a followed hashtag", "nothing of it")
async def home_by_former(leaky: Leaky) -> list[str]:
    return [await get(leaky, who, "/api/v1/timelines/home") for who in FORMERS]


@ATTEMPTS.by(FORMER, "bookmarks, favourites and notifications of before", "nothing of it")
async def kept_by_former(leaky: Leaky) -> list[str]:
    paths = ("/api/v1/bookmarks", "/api/v1/favourites", "/api/v1/notifications", "/api/v1/conversations")
    return [await get(leaky, who, path) for who in FORMERS for path in paths]


@ATTEMPTS.by(FORMER, "a status that they have read, its thread, source and history", "404")
async def status_by_former(leaky: Leaky) -> list[str]:
    return [
        await get(leaky, who, f"/api/v1/statuses/{row}{rest}")
        for who in FORMERS
        for row in await _rows(leaky, who)
        for rest in ("", "/context", "/source", "/history", "/favourited_by")
    ]


@ATTEMPTS.by(FORMER, "the sealed address of a picture, made while they were members", "404")
async def sealed_by_former(leaky: Leaky) -> list[str]:
    answers = [await leaky.http[who].get(leaky.sealed[who]) for who in FORMERS]
    return ["" if answer.status_code == 404 else "LEAK" for answer in answers]


@ATTEMPTS.by(FORMER, "timelines, hashtag, search for words and addresses", "nothing of it")
async def lists_by_former(leaky: Leaky) -> list[str]:
    return [await get(leaky, who, path) for who in FORMERS for path in await _lists(leaky, who)]


@ATTEMPTS.by(FORMER, "the members, after they left", "an empty list")
async def members_by_former(leaky: Leaky) -> list[str]:
    found = []
    for who in FORMERS:
        shelter = (await _council(leaky, who).known(leaky.closed.shelter)).id
        found.append((await leaky.http[who].get(f"/api/v1/accounts/{shelter}/followers")).json())
    return ["" if found == [[], []] else "LEAK"]


async def get(leaky: Leaky, who: str, path: str, *, page: bool = False) -> str:
    """Give what is answered, without the address that was asked for, which a page repeats."""
    headers = {"accept": "text/html"} if page else {}
    return text_of(await leaky.http[who].get(path, headers=headers)).replace(path.partition("?")[0], "")


def _council(leaky: Leaky, who: str) -> Council:
    return {"dan": leaky.closed.devon, "eva": leaky.closed.essex, "anybody at devon": leaky.closed.devon}.get(
        who, leaky.kent
    )


async def _rows(leaky: Leaky, who: str) -> list[int]:
    """Give the ids of every post and announce at somebody's node."""
    council, found = _council(leaky, who), []
    for post in (leaky.first, leaky.answer, leaky.late):
        found += [await leaky.row(council, post), await entry_of(council, leaky, post)]
    return found


async def _lists(leaky: Leaky, who: str) -> list[str]:
    shelter = (await _council(leaky, who).known(leaky.closed.shelter)).id
    return [
        "/api/v1/timelines/public",
        "/api/v1/timelines/tag/otterhaven".replace("otterhaven", "OTTERHAVEN"),
        "/api/v2/search?q=her&type=statuses",
        "/api/v2/search?q=%23otter&type=hashtags",
        f"/api/v1/accounts/{shelter}/statuses",
        f"/api/v1/accounts/{shelter}/statuses?pinned=true",
        "/api/v1/trends/statuses",
        "/api/v1/trends/tags",
    ]


async def _pages(leaky: Leaky) -> list[str]:
    rows = [await leaky.row(leaky.kent, post) for post in (leaky.first, leaky.answer, leaky.late)]
    return [
        *(f"/posts/{row}" for row in rows),
        *(f"/api/oembed?url={leaky.kent.url('')}/posts/{row}" for row in rows),
        "/communities/shelter",
        "/communities/shelter.atom",
        "/communities/shelter/feed",
        "/people/kay",
        "/@kay.rss",
    ]


def _posted(leaky: Leaky) -> list[str]:
    return [one.body.decode() for one in leaky.closed.network.router.seen if one.method == "POST"]


@pytest.fixture(autouse=True)
def quiet(leaky: Leaky) -> None:
    leaky.closed.network.router.take()


@pytest.mark.parametrize("tried", ATTEMPTS, ids=lambda tried: tried.run.__name__)
@pytest.mark.asyncio(loop_scope="module")
async def test_no_client_gets_a_byte(leaky: Leaky, tried: Tried) -> None:
    answers = " ".join(await tried.run(leaky)).lower()
    assert "leak" not in answers
    assert [secret for secret in await leaky.secrets() if secret.lower() in answers] == []


@pytest.mark.asyncio(loop_scope="module")
async def test_a_member_reads_what_the_others_tried_to_read(leaky: Leaky) -> None:
    client = await leaky.closed.client(leaky.kent, leaky.closed.kay)
    rows = [await leaky.row(leaky.kent, post) for post in (leaky.first, leaky.late)]
    shown: list[httpx.Response] = [await client.get(f"/api/v1/statuses/{row}") for row in rows]
    texts: list[Any] = [one.json()["content"] for one in shown]
    assert ["Heron" in texts[0], "Kingfisher" in texts[1]] == [True, True]
    followers = (await client.get(f"/api/v1/accounts/{leaky.closed.shelter.id}/followers")).json()
    assert {one["username"] for one in followers} == {"kay", "fin", "dee"}
