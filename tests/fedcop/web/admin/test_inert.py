"""Whatever a peer or a person can set is inert on every page that shows it."""

from urllib.parse import quote

import msgspec

from fedcop.actions import allowlist as list_actions
from fedcop.actions import community, hold, knock, report
from storage import peers, practices
from storage.actors import Actor
from storage.engine import Transaction
from storage.practices import Practice
from tests.fedcop.actions.scene import Scene
from tests.fedcop.web.admin.conftest import send
from tests.fedcop.web.conftest import Browser
from tests.support.clock import NOON

EVIL = "<x-evil>\"'`{{7*7}}{%raw%}&lt;</textarea></title>\u202e"
PAGES = (
    "/",
    "/communities",
    "/communities/drainage",
    "/people",
    "/people/ada",
    "/people/dan@mastodon.example",
    "/people/dan@mastodon.example/hello",
    "/search?q=x",
    "/settings/sessions",
    "/settings/account",
    "/settings/profile",
    "/settings/profile/offers",
    "/settings/profile/seen?as=council",
    "/admin",
    "/admin/list",
    "/admin/knocks",
    "/admin/peers",
    "/admin/peers/mastodon.example",
    "/admin/people",
    "/admin/people/ada",
    "/admin/communities",
    "/admin/communities/drainage/close",
    "/admin/reports",
    "/admin/retention",
    "/admin/queue",
    "/admin/audit",
)


async def _fill(browser: Browser, ada: Actor) -> str:
    """Put the hostile text wherever somebody may put a text, and give the address of a thread with it."""
    node, scene = browser.council.node, Scene(browser.council.node)
    await node.store.write(_rename, ada)
    drainage = await community.open_community(
        node, "drainage", name=EVIL, summary=EVIL, facilitator=await scene.actor(ada.id)
    )
    dan = await scene.remote("dan", "mastodon.example", software=EVIL)
    await node.store.write(_rename, dan)
    post = await browser.council.publish(await scene.actor(ada.id), f"@drainage {EVIL}\n\n{EVIL}")
    await scene.theirs(dan, title=EVIL, content="<p>x</p>", language="cy", community_id=drainage.id)
    await report.report(node, await scene.actor(ada.id), dan, comment=EVIL)
    await list_actions.allow(node, "*.gov.uk", reason=EVIL, by=EVIL)
    await hold.place(node, node.uris.post(post), reason=EVIL, by=EVIL)
    await hold.place(node, "ada", reason=EVIL, by=EVIL)
    knock.note(node, "york.example", way="inbox", actor=f"https://york.example/{EVIL}", user_agent=EVIL)
    await knock.keep(node)
    await node.store.write(peers.failed, "mastodon.example", EVIL, NOON)
    return f"/posts/{post}"


async def _rename(tx: Transaction, actor: Actor) -> None:
    practice = Practice(role=EVIL, offers=("function/110",), names={"function/110": EVIL})
    await tx.execute(
        """UPDATE actors SET display_name = :name, practice = :practice, findable = 'nodes', fields = :fields
        WHERE id = :id""",
        name=EVIL,
        practice=practices.text_of(practice),
        fields=msgspec.json.encode([{"name": EVIL, "value": "x"}]).decode(),
        id=actor.id,
    )


async def test_no_text_becomes_markup(browser: Browser, olwen: Actor, ada: Actor) -> None:
    thread = await _fill(browser, ada)
    shown = 0

    for path in (*PAGES, thread, thread.replace("/posts/", "/admin/retention/thread/")):
        for language in ("en", "cy"):
            answer = await browser.get(f"{path}{'&' if '?' in path else '?'}lang={language}")
            assert answer.status_code == 200, path
            assert "<x-evil" not in answer.text, path
            assert "`49" not in answer.text, path
            assert answer.text.count("</title>") == 1, path
            assert answer.text.count("<textarea") == answer.text.count("</textarea>"), path
            shown += answer.text.count("&lt;x-evil&gt;")

    assert shown > 40


async def test_what_is_typed_comes_back_inert(browser: Browser, olwen: Actor, ada: Actor) -> None:
    thread = await _fill(browser, ada)
    forms: dict[str, tuple[str, ...]] = {
        "/admin/list": ("domain", "reason", "review", "until"),
        "/admin/people": ("handle", "email", "display_name"),
        "/admin/retention": ("about", "reason"),
        "/admin/communities": ("slug", "name", "summary", "facilitator"),
        "/admin/list/import": ("list",),
        thread: ("text",),
    }
    for path, names in forms.items():
        text = f"domain,severity\n{EVIL},deny\n{EVIL * 200}"
        answer = await send(browser, path, **dict.fromkeys(names, text), do="allow")
        assert answer.status_code in (200, 422), path
        assert "<x-evil" not in answer.text, path
        assert "&lt;x-evil&gt;" in answer.text, path

    for address in ("/search?q=", "/admin/list?explain=", "/admin/list?domain=", "/admin/audit?about=",
                    "/admin/list?find=", "/sign-in?next=/"):  # fmt: skip
        assert "<x-evil" not in (await browser.get(address + quote(EVIL))).text, address
