"""Reports."""

from fedcop.node import Node
from tests.fedcop.mastodon.conftest import Client


async def test_a_report_names_who_and_what(ada: Client, ben: Client, node: Node) -> None:
    made = await ben.write("Buy my pumps")
    boost = await ada.post(f"/api/v1/statuses/{made['id']}/reblog")
    report = await ada.post(
        "/api/v1/reports",
        account_id=made["account"]["id"],
        status_ids=[boost["id"]],
        comment="Advertising",
        category="spam",
        forward=True,
    )
    assert report["status_ids"] == [made["id"]]
    assert (report["comment"], report["category"], report["forwarded"]) == ("Advertising", "spam", False)
    assert report["target_account"]["acct"] == "ben"
    assert report["action_taken"] is False
    assert report["created_at"].endswith("Z")


async def test_a_report_of_nobody_or_of_somebody_elses_status_is_refused(ada: Client, ben: Client) -> None:
    hers, his = await ada.write("mine"), await ben.write("his")
    assert await ada.refused("POST", "/api/v1/reports") == (
        422,
        "Validation failed: Account id can't be blank",
    )
    assert (await ada.refused("POST", "/api/v1/reports", json={"account_id": "7"}))[0] == 404
    mixed = {"account_id": his["account"]["id"], "status_ids": [hers["id"]]}
    assert (await ada.refused("POST", "/api/v1/reports", json=mixed))[0] == 404
    odd = {"account_id": his["account"]["id"], "category": "odd"}
    assert (await ada.refused("POST", "/api/v1/reports", json=odd))[0] == 422
