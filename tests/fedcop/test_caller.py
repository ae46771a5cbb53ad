"""From which address a request came."""

import asyncio

import pytest

from fedcop import caller


async def test_each_request_has_an_address_of_its_own() -> None:
    async def request(address: str) -> str:
        caller.address.set(address)
        await asyncio.sleep(0)
        return caller.address.get()

    assert await asyncio.gather(request("192.0.2.1"), request("192.0.2.2")) == ["192.0.2.1", "192.0.2.2"]
    assert caller.address.get() == ""


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_a_machine_is_counted_once_however_many_addresses_it_has(address: str, counted_as: str) -> None:
    assert caller.network_of(address) == counted_as
