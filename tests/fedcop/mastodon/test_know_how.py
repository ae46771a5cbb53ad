"""Know-how as clients read it: a status with its title and a link to its page."""

from fedcop.actions import distilling, objections
from fedcop.actions.distilling import Outline
from fedcop.node import Node
from fedcop.workers import know_how
from storage import actors, know_how_drafts
from storage.ids import PostId
from storage.visible import SYSTEM
from tests.fedcop.mastodon.conftest import DOMAIN, Client


async def test_know_how_is_a_status_with_title_and_link_that_its_page_changes(
    ada: Client, node: Node
) -> None:
    asked = await ada.write("@floods How many sandbags?\n\nFor a door.")
    me = await node.store.read(actors.find_by_handle, SYSTEM, "ada", DOMAIN)
    assert me is not None
    root = PostId(int(asked["id"]))
    draft_id = await distilling.draft(node, me, root, Outline(title="Six bags a door", picks=(root,)))
    await objections.tell(node, me, draft_id)
    await know_how.work(node)
    held = await node.store.read(know_how_drafts.find, SYSTEM, draft_id)
    assert held is not None

    shown = await ada.get(f"/api/v1/statuses/{held.post_id}")

    page = f"{node.uris.base_url}/know-how/{held.post_id}"
    assert (shown["uri"], shown["url"], shown["visibility"]) == (page, page, "public")
    assert shown["content"].startswith("<p><strong>Six bags a door</strong></p><h3>The question</h3>")
    assert shown["content"].endswith(f'target="_blank">{page}</a></p>')
    assert shown["spoiler_text"] == ""
    floods = await ada.get("/api/v1/accounts/lookup", acct="floods")
    statuses = await ada.get(f"/api/v1/accounts/{floods['id']}/statuses")
    assert statuses[0]["reblog"]["id"] == shown["id"], "its community shows it as every thread"
    refused = await ada.refused("PUT", f"/api/v1/statuses/{held.post_id}", json={"status": "all new"})
    assert refused == (403, f"know-how is changed on its page: {page}")
