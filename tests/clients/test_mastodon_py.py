"""Three councils as three processes, and their staff with Mastodon.py: what a client sees, over real sockets."""

import re
import time
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from mastodon import Mastodon
from mastodon.errors import MastodonNotFoundError

from fedcop.sample.council import PASSWORD, Site
from tests.clients.conftest import Serve, site

pytestmark = pytest.mark.slow

SCOPES = ["read", "write", "follow"]
DONE = "https://client.example/done"
WITHIN = 20.0

PEOPLE = {"alun": "kent", "beth": "devon", "cerys": "powys"}


class Staff:
    """Somebody and their client."""

    def __init__(self, name: str, node: Site) -> None:
        self.name = name
        self.node = node
        self.address = f"http://127.0.0.1:{node.council.port}"
        client_id, secret = Mastodon.create_app(
            "Mastodon.py", scopes=SCOPES, redirect_uris=DONE, api_base_url=self.address
        )
        self.client = Mastodon(client_id=client_id, client_secret=secret, api_base_url=self.address)

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
        """Give the home timeline by the addresses of the posts."""
        return {(status.reblog or status).uri: status for status in self.client.timeline_home()}

    def holds(self, uri: str) -> bool:
        """Say whether this person's node still has a post."""
        return bool(self.client.search_v2(uri, resolve=False, result_type="statuses").statuses)


def hidden(page: httpx.Response) -> dict[str, str]:
    """Give the hidden fields of a page's first form."""
    form = re.search(r"<form.*?</form>", page.text, re.DOTALL)
    assert form is not None, page.text
    fields = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form[0])
    return {name: unescape(value) for name, value in fields}


def until(look: Callable[[], Any]) -> Any:
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
def asked(beth: Staff, cerys: Staff, drainage: str) -> Iterator[Any]:
    """Give a question of Beth's that has come to Cerys's home."""
    status = beth.client.status_post(f"{drainage} Which gully sensors?\n\nOurs fail in the cold.")
    until(lambda: status.uri in cerys.home())
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
    until(lambda: posted.uri in cerys.home())
    took = time.monotonic() - began
    with capsys.disabled():
        print(f"\na post from Devon by way of Kent in a home in Powys: {took:.2f} s")

    seen = cerys.home()[posted.uri]
    assert seen.reblog is None or seen.account.acct == drainage.removeprefix("@")
    assert (seen.reblog or seen).account.acct == f"beth@{beth.node.domain}"
    community = alun.client.account_lookup("drainage")
    assert posted.uri in {
        (status.reblog or status).uri for status in alun.client.account_statuses(community.id)
    }


def test_a_reply_comes_back_as_a_notification(asked: Any, beth: Staff, cerys: Staff) -> None:
    seen = cerys.home()[asked.uri]

    reply = cerys.client.status_reply(seen.reblog or seen, "Heated ones, since last winter.")

    told = until(lambda: [n for n in beth.client.notifications(types=["mention"]) if n.status.uri == reply.uri])
    assert told[0].account.acct == f"cerys@{cerys.node.domain}"
    assert told[0].status.in_reply_to_id == asked.id
    thread = beth.client.status_context(asked.id)
    assert [status.uri for status in thread.descendants] == [reply.uri]


def test_a_reply_is_in_the_thread_at_every_council(asked: Any, alun: Staff, cerys: Staff) -> None:
    here = until(lambda: alun.client.search_v2(asked.uri, result_type="statuses").statuses)[0]

    reply = alun.client.status_reply(here, "We keep a list of makers.")

    seen = cerys.home()[asked.uri]
    root = (seen.reblog or seen).id
    until(lambda: [s.uri for s in cerys.client.status_context(root).descendants] == [reply.uri])


def test_an_edit_is_seen_everywhere(asked: Any, alun: Staff, beth: Staff, cerys: Staff, drainage: str) -> None:
    beth.client.status_update(asked.id, f"{drainage} Which manhole sensors?\n\nOurs fail in the cold.")

    for reader in (alun, cerys):
        seen = reader.home()[asked.uri]
        status_id = (seen.reblog or seen).id
        until(lambda r=reader, i=status_id: "manhole" in r.client.status(i).content)
        assert reader.client.status(status_id).edited_at is not None
        assert len(reader.client.status_history(status_id)) == 2


def test_a_favourite_is_told_and_counted_at_the_author(asked: Any, beth: Staff, cerys: Staff) -> None:
    seen = cerys.home()[asked.uri]

    cerys.client.status_favourite((seen.reblog or seen).id)

    until(lambda: [n for n in beth.client.notifications(types=["favourite"]) if n.status.uri == asked.uri])
    assert beth.client.status(asked.id).favourites_count == 1
    cerys.client.status_unfavourite((seen.reblog or seen).id)
    until(lambda: beth.client.status(asked.id).favourites_count == 0)


def test_a_boost_is_told_and_counted_at_the_author(asked: Any, beth: Staff, cerys: Staff) -> None:
    seen = cerys.home()[asked.uri]

    wrapper = cerys.client.status_reblog((seen.reblog or seen).id)

    assert wrapper.reblog.uri == asked.uri
    told = until(lambda: [n for n in beth.client.notifications(types=["reblog"]) if n.status.uri == asked.uri])
    assert told[0].account.acct == f"cerys@{cerys.node.domain}"
    assert beth.client.status(asked.id).reblogs_count >= 1


def test_a_deleted_post_is_gone_everywhere(asked: Any, alun: Staff, beth: Staff, cerys: Staff) -> None:
    assert alun.holds(asked.uri)

    beth.client.status_delete(asked.id)

    for reader in (alun, beth, cerys):
        until(lambda r=reader: not r.holds(asked.uri))
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

    waiting = until(lambda: (found := alun.client.follow_requests()) and len(found) == 2 and found)
    by_name = {account.username: account.id for account in waiting}
    alun.client.follow_request_authorize(by_name["beth"])
    alun.client.follow_request_reject(by_name["cerys"])

    until(lambda: beth.client.account_relationships(beth.account(name).id)[0].following)
    until(lambda: not cerys.client.account_relationships(cerys.account(name).id)[0].requested)
    assert not cerys.client.account_relationships(cerys.account(name).id)[0].following
    assert alun.client.follow_requests() == []
