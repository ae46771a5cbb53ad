"""Lets the people of the sample network join, ask and answer, each through their own node's client API."""

import itertools
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from fedcop.sample.council import PASSWORD, Site, Unanswered
from fedcop.sample.story import Story, Thread

AT_ONCE = 6
ARRIVES_WITHIN = 60.0
LOOK_EVERY = 0.25
ADMIN = "alun"
OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
SCOPES = "read write follow push"


class Play:
    """The story under way: sites by council, tokens by person."""

    def __init__(self, story: Story, sites: dict[str, Site], tokens: dict[str, str]) -> None:
        self.story = story
        self.sites = sites
        self.tokens = tokens
        self.round = itertools.count(1)

    def people_and_communities(self, slug: str) -> None:
        """Add a council's people and communities by the command line."""
        site = self.sites[slug]
        for handle, person in self.story.people.items():
            if person.council == slug:
                admin = ["--admin"] if handle == ADMIN else []
                named = ["--email", self.email(handle), "--display-name", person.name]
                site.command("person", "add", handle, *named, "--password", PASSWORD, *admin)
        for handle, community in self.story.communities.items():
            if community.council == slug:
                named = ["--name", community.name, "--summary", community.summary]
                kept = ["--facilitator", community.facilitator, "--join", community.join]
                site.command("community", "open", handle, *named, *kept)

    def email(self, handle: str) -> str:
        """Give a person's address of sign-in."""
        return f"{handle}@{self.story.people[handle].council}.example"

    def begin(self, say: Callable[[str], None]) -> None:
        """Sign everybody in, let them join, and play the first conversations."""
        say("signing people in")
        apps = {slug: self._app(site) for slug, site in self.sites.items()}
        self._all(lambda handle: self._sign_in(handle, apps), self.story.people)
        say("joining communities")
        self._all(
            self._join, [(who, slug) for slug, members in self.story.members.items() for who in members]
        )
        self._all(self._join, [(who, slug) for slug, who in self.story.waiting.items()])
        for slug, community in self.story.communities.items():
            if community.join == "approval":
                self._decide(slug)
        self._all(self._until_member, [(who, slug) for slug, m in self.story.members.items() for who in m])
        self._all(self._follow, [(who, name) for who, names in self.story.follows.items() for name in names])
        say("asking and answering")
        self._all(self.thread, self.story.threads)

    def thread(self, thread: Thread) -> None:
        """Let somebody post, and the others answer once the post has come to their node."""
        text = thread.text.replace("{n}", str(next(self.round)))
        if thread.community:
            text = f"{self._mention(thread.by, thread.community)} {text}"
        uri = str(self._ask(thread.by, "POST", "/api/v1/statuses", status=text)["uri"])
        for reply in thread.replies:
            here = self._arrived(reply.by, uri)
            author = here["account"]["acct"]
            answer = self._ask(
                reply.by,
                "POST",
                "/api/v1/statuses",
                status=f"@{author} {reply.text}",
                in_reply_to_id=here["id"],
            )
            uri = str(answer["uri"])

    def _app(self, site: Site) -> dict[str, Any]:
        form = {
            "client_name": "fedcop sample",
            "redirect_uris": "urn:ietf:wg:oauth:2.0:oob",
            "scopes": SCOPES,
        }
        return dict(site.ask("POST", "/api/v1/apps", **form))

    def _sign_in(self, handle: str, apps: dict[str, dict[str, Any]]) -> None:
        person = self.story.people[handle]
        app = apps[person.council]
        answer = self.sites[person.council].ask(
            "POST", "/oauth/token", grant_type="password", client_id=app["client_id"],
            client_secret=app["client_secret"], username=self.email(handle), password=PASSWORD, scope=SCOPES,
        )  # fmt: skip
        self.tokens[handle] = answer["access_token"]
        self._ask(handle, "PATCH", "/api/v1/accounts/update_credentials", **self._said(handle))

    def _said(self, handle: str) -> dict[str, str]:
        """Give what somebody says of themself, for the people of every council that their node talks with."""
        person = self.story.people[handle]
        lines = [
            ("Role", person.role),
            ("Ask me about", ", ".join(person.services)),
            ("Looking for", ", ".join(person.needs)),
        ]
        said = {"note": f"{person.role}. Ask me about: {lines[1][1]}.", "discoverable": "true"}
        for number, (name, value) in enumerate(lines):
            said |= {f"fields_attributes[{number}][name]": name, f"fields_attributes[{number}][value]": value}
        return said

    def _join(self, pair: tuple[str, str]) -> None:
        who, slug = pair
        self._ask(who, "POST", f"/api/v1/accounts/{self._community(who, slug)['id']}/follow")

    def _follow(self, pair: tuple[str, str]) -> None:
        who, (name, _, council) = pair[0], pair[1].partition("@")
        account_id = self._account(who, f"@{name}@{self.sites[council].domain}")["id"]
        self._ask(who, "POST", f"/api/v1/accounts/{account_id}/follow")
        self._until_following(who, account_id)

    def _decide(self, slug: str) -> None:
        """Let the facilitator accept everybody but the one who waits."""
        facilitator, wanted = self.story.communities[slug].facilitator, set(self.story.members[slug])
        for _ in self._looks():
            for account in self._ask(facilitator, "GET", "/api/v1/follow_requests"):
                if account["username"] in wanted:
                    self._ask(facilitator, "POST", f"/api/v1/follow_requests/{account['id']}/authorize")
                    wanted.discard(account["username"])
            if not wanted:
                return
        raise Unanswered(f"{slug}: no request to join arrived from {', '.join(sorted(wanted))}")

    def _until_member(self, pair: tuple[str, str]) -> None:
        self._until_following(pair[0], self._community(*pair)["id"])

    def _until_following(self, who: str, account_id: str) -> None:
        for _ in self._looks():
            if self._ask(who, "GET", "/api/v1/accounts/relationships", **{"id[]": account_id})[0][
                "following"
            ]:
                return
        raise Unanswered(f"what {who} asked to follow gave no answer within {ARRIVES_WITHIN:.0f} s")

    def _community(self, who: str, slug: str) -> dict[str, Any]:
        return self._account(who, self._mention(who, slug))

    def _account(self, who: str, name: str) -> dict[str, Any]:
        query = {"q": name, "type": "accounts", "resolve": "true", "limit": 1}
        found = self._ask(who, "GET", "/api/v2/search", **query)["accounts"]
        if not found:
            raise Unanswered(f"{who} does not find {name}")
        return dict(found[0])

    def _arrived(self, who: str, uri: str) -> dict[str, Any]:
        for _ in self._looks():
            found = self._ask(who, "GET", "/api/v2/search", q=uri, type="statuses", resolve="false")[
                "statuses"
            ]
            if found:
                return dict(found[0])
        raise Unanswered(f"{uri} did not come to {who}'s node within {ARRIVES_WITHIN:.0f} s")

    def _mention(self, who: str, slug: str) -> str:
        host = self.story.communities[slug].council
        here = self.story.people[who].council == host
        return f"@{slug}" if here else f"@{slug}@{self.sites[host].domain}"

    def _ask(self, who: str, method: str, path: str, **form: Any) -> Any:
        return self.sites[self.story.people[who].council].ask(method, path, token=self.tokens[who], **form)

    def _looks(self) -> Iterable[None]:
        ends = time.monotonic() + ARRIVES_WITHIN
        while time.monotonic() < ends:
            yield
            time.sleep(LOOK_EVERY)

    def _all(self, act: Callable[[Any], None], items: Iterable[Any]) -> None:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for _ in pool.map(act, items):
                pass
