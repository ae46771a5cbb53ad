"""Pictures: only those of the media folder, under the type that their name says."""

from pathlib import Path

import pytest

from tests.fedcop.web.conftest import Browser


@pytest.fixture
def folder(browser: Browser) -> Path:
    path = Path(browser.council.node.config.media.folder)
    path.mkdir(parents=True, exist_ok=True)
    (path / "cd.png").write_bytes(b"PNG")
    (path / "page.html").write_text("<script>")
    (path.parent / "secret.png").write_bytes(b"secret")
    return path


async def test_a_picture_is_served_with_its_type_and_no_rights(browser: Browser, folder: Path) -> None:
    answer = await browser.get("/media/cd.png")

    assert answer.content == b"PNG"
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize(
    "path",
    ["/media/page.html", "/media/../secret.png", "/media/%2e%2e/secret.png",
     "/media/ab%2f..%2f..%2fsecret.png", "/media/none.png", "/media/cd", "/media/cd.png%00",
     "/media//etc/passwd"],
)  # fmt: skip
async def test_nothing_else_is_served(browser: Browser, folder: Path, path: str) -> None:
    assert (await browser.get(path)).status_code == 404
