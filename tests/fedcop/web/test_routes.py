"""The table of pages."""

from fedcop import web
from tests.support.network import Council


async def test_no_page_shadows_another(kent: Council) -> None:
    seen = [
        (route.path, method)  # type: ignore[attr-defined]
        for route in web.routes(kent.node)
        for method in getattr(route, "methods", None) or {"*"}
    ]

    assert len(seen) == len(set(seen))
    assert not [path for path, _ in seen if path.startswith("/api")]
