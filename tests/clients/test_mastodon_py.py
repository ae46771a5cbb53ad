"""Three councils in three processes, and their staff with Mastodon.py: what clients see on real sockets."""

import io
import re
import time
from collections.abc import Callable
from functools import partial
from html import unescape
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import requests
from mastodon import Mastodon
from mastodon.errors import MastodonNotFoundError
from PIL import Image

from fedcop.sample.council import PASSWORD, Site
from tests.clients.conftest import Serve, site
from tests.support.described import answer_faults

pytestmark = pytest.mark.slow

SCOPES = ["read", "write", "follow"]
DONE = "https://client.example/done"
WITHIN = 20.0

PNG = io.BytesIO()
Image.new("RGB", (64, 48), "teal").save(PNG, "PNG")

T = TypeVar("T")

PEOPLE = {"alun": "kent", "beth": "devon", "cerys": "powys"}


def as_described(answer: requests.Response, **_: Any) -> None:
    """Let no answer pass that is not as described."""
    method, path = str(answer.request.method), urlsplit(answer.url).path
    assert answer_faults(method, path, answer) == []


class Staff:
    """Somebody and their client."""

    def __init__(self, name: str, node: Site) -> None:
        self.name = name
        self.node = node
        self.address = f"http://127.0.0.1:{node.council.port}"
        client_id, secret = Mastodon.create_app(
            "Mastodon.py", scopes=SCOPES, redirect_uris=DONE, api_base_url=self.address
        )
        session = requests.Session()
        session.hooks["response"].append(as_described)
        self.client = Mastodon(
            client_id=client_id, client_secret=secret, api_base_url=self.address, session=session
        )

    def sign_in(self) -> None:
        """Get a token as anybody does: the pages ask for name and password, then for consent."""
        asked = self.client.auth_request_url(
            redirect_uris=DONE, scopes=SCOPES, state="a b&c", allow_http=True
        )
        with httpx.Client(base_url=self.address, follow_redirects=True) as browser:
            form = hidden(browser.get(asked))
            consent = browser.post("/sign-in", data={**form, "name": self.name, "password": PASSWORD})
            wish = hidden(consent) | {"decision": "allow"}
            forged = browser.post("/oauth/authorize", data=wish | {"csrf": "forged"})
            assert forged.status_code == 403
            answer = browser.post("/oauth/authorize", data=wish, follow_redirects=False)
        assert answer.status_code == 302, answer.text
        assert answer.headers["location"].startswith(f"{DONE}?code=")
        said = parse_qs(urlsplit(answer.headers["location"]).query)
        assert said["state"] == ["a b&c"]
        self.client.log_in(code=said["code"][0], redirect_uri=DONE, scopes=SCOPES, allow_http=True)

    def account(self, handle: str) -> Any:
        """Find an account by its whole name, wherever it lives."""
        return self.client.search_v2(handle, resolve=True, result_type="accounts").accounts[0]

    def join(self, handle: str) -> Any:
        """Follow an account and wait until that is accepted."""
        account = self.account(handle)
        self.client.account_follow(account.id)
        until(lambda: self.client.account_relationships(account.id)[0].following)
        return account

    def home(self) -> dict[str, Any]:
        """Give the posts of the home timeline by their addresses, without who brought them there."""
        return {status.uri: status for status in map(inner, self.client.timeline_home())}

    def told(self, kind: str, uri: str) -> list[Any]:
        """Give what this person was told of one kind about a post."""
        return [one for one in self.client.notifications(types=[kind]) if one.status.uri == uri]

    def reads(self, uri: str, word: str) -> bool:
        """Say whether a word stands in a post as this person sees it."""
        return word in self.home()[uri].content

    def sees(self, uri: str) -> bool:
        """Say whether a post is in this person's home."""
        return uri in self.home()

    def holds(self, uri: str) -> bool:
        """Say whether this person's node has a post."""
        return bool(self.client.search_v2(uri, resolve=False, result_type="statuses").statuses)

    def lacks(self, uri: str) -> bool:
        """Say whether this person's node has no such post, or none any more."""
        return not self.holds(uri)


def inner(status: Any) -> Any:
    """Give the post itself, whether a community or a person passed it on or not."""
    return status.reblog or status


def hidden(page: httpx.Response) -> dict[str, str]:
    """Give the hidden fields of a page's first form."""
    form = re.search(r"<form.*?</form>", page.text.partition("<main")[2], re.DOTALL)
    assert form is not None, page.text
    fields = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form[0])
    return {name: unescape(value) for name, value in fields}


def until(look: Callable[[], T]) -> T:
    """Look again and again until there is something, and give it."""
    ends = time.monotonic() + WITHIN
    while not (found := look()):
        assert time.monotonic() < ends, "nothing came"
        time.sleep(0.02)
    return found


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory, serve: Serve) -> dict[str, Site]:
    """Serve Kent, Devon and Powys, which allow each other; Kent hosts two communities."""
    folder = tmp_path_factory.mktemp("councils")
    sites = {slug: site(slug, folder) for slug in ("kent", "devon", "powys")}
    for each in sites.values():
        each.make([other.domain for other in sites.values() if other is not each], ca_file=None)
    for name, slug in PEOPLE.items():
        person = ["--email", f"{name}@{slug}.example", "--display-name", name.title(), "--password", PASSWORD]
        sites[slug].command("person", "add", name, *person)
    for slug, mode in (("drainage", "open"), ("retrofit", "approval")):
        community = ["--name", slug.title(), "--facilitator", "alun", "--join", mode]
        sites["kent"].command("community", "open", slug, *community)
    serve(list(sites.values()))
    return sites


@pytest.fixture(scope="module")
def staff(council: dict[str, Site]) -> dict[str, Staff]:
    """Give everybody, signed in."""
    everybody = {name: Staff(name, council[slug]) for name, slug in PEOPLE.items()}
    for person in everybody.values():
        person.sign_in()
    return everybody


@pytest.fixture(scope="module")
def drainage(council: dict[str, Site], staff: dict[str, Staff]) -> str:
    """Give the whole name of the community that all three are in."""
    name = f"@drainage@{council['kent'].domain}"
    for person in staff.values():
        person.join(name)
    return name


@pytest.fixture
def alun(staff: dict[str, Staff]) -> Staff:
    return staff["alun"]


@pytest.fixture
def beth(staff: dict[str, Staff]) -> Staff:
    return staff["beth"]


@pytest.fixture
def cerys(staff: dict[str, Staff]) -> Staff:
    return staff["cerys"]


@pytest.fixture
def asked(beth: Staff, cerys: Staff, drainage: str) -> Any:
    """Give a question of Beth's that has come to Cerys's home."""
    status = beth.client.status_post(f"{drainage} Which gully sensors?\n\nOurs fail in the cold.")
    until(lambda: cerys.sees(status.uri))
    return status


def test_a_client_knows_who_signed_in_and_where(staff: dict[str, Staff]) -> None:
    for name, person in staff.items():
        assert person.client.me().acct == name
        assert person.client.instance_v1().uri == person.node.domain
        assert person.client.instance_v2().domain == person.node.domain
        assert person.client.app_verify_credentials().name == "Mastodon.py"


def test_a_community_at_another_council_is_an_account_to_follow(beth: Staff, drainage: str) -> None:
    account = beth.account(drainage)

    assert account.group
    assert account.acct == drainage.removeprefix("@")
    assert beth.client.account_relationships(account.id)[0].following


def test_a_post_comes_to_the_community_and_to_members_elsewhere(
    alun: Staff, beth: Staff, cerys: Staff, drainage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    began = time.monotonic()
    posted = beth.client.status_post(f"{drainage} Which gully sensors?\n\nOurs fail in the cold.")
    until(lambda: cerys.sees(posted.uri))
    took = time.monotonic() - began
    with capsys.disabled():
        print(f"\na post from Devon by way of Kent in a home in Powys: {took:.2f} s")

    assert cerys.home()[posted.uri].account.acct == f"beth@{beth.node.domain}"
    bringer = next(s for s in cerys.client.timeline_home() if inner(s).uri == posted.uri)
    assert bringer.account.acct == drainage.removeprefix("@")
    community = alun.client.account_lookup("drainage")
    assert posted.uri in {inner(status).uri for status in alun.client.account_statuses(community.id)}


def test_a_reply_comes_back_as_a_notification(asked: Any, beth: Staff, cerys: Staff) -> None:
    reply = cerys.client.status_reply(cerys.home()[asked.uri], "Heated ones, since last winter.")

    (told,) = until(lambda: beth.told("mention", reply.uri))
    assert told.account.acct == f"cerys@{cerys.node.domain}"
    assert told.status.in_reply_to_id == asked.id
    assert [status.uri for status in beth.client.status_context(asked.id).descendants] == [reply.uri]


def test_a_reply_is_in_the_thread_at_every_council(asked: Any, alun: Staff, cerys: Staff) -> None:
    reply = alun.client.status_reply(alun.home()[asked.uri], "We keep a list of makers.")

    root = cerys.home()[asked.uri].id
    until(lambda: [status.uri for status in cerys.client.status_context(root).descendants] == [reply.uri])


def test_an_edit_is_seen_everywhere(
    asked: Any, alun: Staff, beth: Staff, cerys: Staff, drainage: str
) -> None:
    beth.client.status_update(asked.id, f"{drainage} Which manhole sensors?\n\nOurs fail in the cold.")

    for reader in (alun, cerys):
        until(partial(reader.reads, asked.uri, "manhole"))
        seen = reader.home()[asked.uri]
        assert seen.edited_at is not None
        assert len(reader.client.status_history(seen.id)) == 2


def test_a_favourite_is_told_and_counted_at_the_author(asked: Any, beth: Staff, cerys: Staff) -> None:
    seen = cerys.home()[asked.uri]

    cerys.client.status_favourite(seen.id)
    until(lambda: beth.told("favourite", asked.uri))
    assert beth.client.status(asked.id).favourites_count == 1

    cerys.client.status_unfavourite(seen.id)
    until(lambda: beth.client.status(asked.id).favourites_count == 0)


def test_a_boost_is_told_and_counted_at_the_author(asked: Any, beth: Staff, cerys: Staff) -> None:
    wrapper = cerys.client.status_reblog(cerys.home()[asked.uri].id)

    assert wrapper.reblog.uri == asked.uri
    (told,) = until(lambda: beth.told("reblog", asked.uri))
    assert told.account.acct == f"cerys@{cerys.node.domain}"
    assert beth.client.status(asked.id).reblogs_count == 1


def test_a_deleted_post_is_gone_everywhere(asked: Any, alun: Staff, beth: Staff, cerys: Staff) -> None:
    assert alun.holds(asked.uri)

    beth.client.status_delete(asked.id)

    for reader in (alun, beth, cerys):
        until(partial(reader.lacks, asked.uri))
        assert asked.uri not in reader.home()
    with pytest.raises(MastodonNotFoundError):
        beth.client.status(asked.id)


def test_joining_by_approval_waits_for_the_facilitator(
    council: dict[str, Site], alun: Staff, beth: Staff, cerys: Staff
) -> None:
    name = f"@retrofit@{council['kent'].domain}"
    assert alun.account(name).locked
    for person in (beth, cerys):
        assert person.client.account_follow(person.account(name).id).requested

    until(lambda: len(alun.client.follow_requests()) == 2)
    by_name = {account.username: account.id for account in alun.client.follow_requests()}
    alun.client.follow_request_authorize(by_name["beth"])
    alun.client.follow_request_reject(by_name["cerys"])

    until(lambda: beth.client.account_relationships(beth.account(name).id)[0].following)
    until(lambda: not cerys.client.account_relationships(cerys.account(name).id)[0].requested)
    assert not cerys.client.account_relationships(cerys.account(name).id)[0].following
    assert alun.client.follow_requests() == []


def test_a_picture_comes_along(alun: Staff, beth: Staff, cerys: Staff, drainage: str) -> None:
    picture = beth.client.media_post(
        PNG.getvalue(), mime_type="image/png", description="A gully", focus=(0.5, -0.5)
    )
    posted = beth.client.status_post(f"{drainage} This one", media_ids=[picture])

    for reader in (alun, cerys):
        until(partial(reader.sees, posted.uri))
        (seen,) = reader.home()[posted.uri].media_attachments
        assert (seen.type, seen.description) == ("image", "A gully")
        assert seen.blurhash
        assert (seen.meta.focus.x, seen.meta.focus.y) == (0.5, -0.5)
        assert httpx.get(seen.url).headers["content-type"].startswith("image/")


def test_a_long_home_is_read_page_by_page(beth: Staff) -> None:
    written = [beth.client.status_post(f"Page {number}", visibility="unlisted").id for number in range(5)]

    first = beth.client.timeline_home(limit=2)
    second = beth.client.fetch_next(first)
    assert second is not None
    assert [status.id for status in [*first, *second]] == written[:0:-1]
    assert beth.client.fetch_previous(second) == first


def test_every_tab_of_a_client_opens(beth: Staff, drainage: str) -> None:
    me, community = beth.client.me(), beth.account(drainage)

    assert community.id in {account.id for account in beth.client.account_following(me.id)}
    assert beth.client.preferences()["posting:default:visibility"] == "public"
    assert beth.client.account_search(drainage)[0].id == community.id
    client = beth.client
    for tab in (
        client.timeline_local, client.timeline_public, client.bookmarks, client.favourites, client.lists,
        client.filters_v2, client.conversations, client.follow_requests, client.mutes, client.blocks,
        client.announcements, client.custom_emojis, client.scheduled_statuses, client.trending_statuses,
        client.suggestions, client.followed_tags, client.featured_tags,
    ):  # fmt: skip
        assert isinstance(tab(), list), tab.__name__
