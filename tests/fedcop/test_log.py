"""One line an event."""

import json
import logging
from collections.abc import Iterator

import pytest

from fedcop import log
from fedcop.config import LogSection


@pytest.fixture(autouse=True)
def _root() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_json_line_carries_the_facts(capsys: pytest.CaptureFixture[str]) -> None:
    log.set_up(LogSection(format="json"))
    logging.getLogger("fedcop.x").info("delivered", extra={"host": "devon.example", "n": 3})

    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["host"], line["n"], line["level"]) == (
        "delivered",
        "devon.example",
        3,
        "info",
    )


def test_a_text_line_stays_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    log.set_up(LogSection())
    logging.getLogger("fedcop.x").info("two\nlines", extra={"host": "devon.example"})

    assert capsys.readouterr().err.endswith(" info two lines host=devon.example\n")


def test_nothing_in_a_line_moves_the_cursor(capsys: pytest.CaptureFixture[str]) -> None:
    log.set_up(LogSection())
    logging.getLogger("fedcop.x").info("went", extra={"path": "/\r\x1b[2Jdone"})

    assert capsys.readouterr().err.endswith(" info went path=/  [2Jdone\n")


def test_what_strangers_send_wrongly_fills_no_log(capsys: pytest.CaptureFixture[str]) -> None:
    log.set_up(LogSection())
    logging.getLogger("uvicorn.error").warning("Invalid HTTP request received.")

    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("form", ["json", "text"])
def test_an_exception_leaves_its_trace(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    log.set_up(LogSection(format=form))  # type: ignore[arg-type]
    try:
        raise RuntimeError("odd")
    except RuntimeError:
        logging.getLogger("fedcop.x").exception("failed")

    assert "RuntimeError: odd" in capsys.readouterr().err


def test_the_level_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    log.set_up(LogSection(level="warning"))
    logging.getLogger("fedcop.x").info("quiet")

    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("form", ["json", "text"])
def test_a_line_says_what_it_is_about(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    log.set_up(LogSection(format=form))  # type: ignore[arg-type]
    with log.concerning(request_id="7f"), log.concerning(activity="https://devon.example/1"):
        logging.getLogger("fedcop.x").info("taken")
    logging.getLogger("fedcop.x").info("later")

    first, second = capsys.readouterr().err.splitlines()
    assert "7f" in first
    assert "https://devon.example/1" in first
    assert "7f" not in second


@pytest.mark.parametrize("form", ["json", "text"])
@pytest.mark.parametrize(
    "words",
    [
        "GET /api/v1/streaming?access_token=S3CRET&stream=user",
        "Authorization: Bearer S3CRET",
        "{'password': 'S3CRET'}",
        'client_secret="S3CRET"',
        "GET /invitation/S3CRET",
        "postgresql://fedcop:S3CRET@db.example/fedcop",
        "Location: https://app.example/?code=S3CRET",
        "Cookie: __Host-session=S3CRET",
        "session-8001=S3CRET; Path=/",
        "-----BEGIN PRIVATE KEY-----\nS3CRET\n-----END PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----\nS3CRET cut off",
    ],
)
def test_what_a_library_gives_away_is_left_out(
    form: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    log.set_up(LogSection(format=form))  # type: ignore[arg-type]
    try:
        raise RuntimeError(words)
    except RuntimeError as error:
        logging.getLogger("aiohttp").exception("said: %s", words, extra={"words": words, "error": error})

    said = capsys.readouterr().err
    assert "…" in said
    assert "S3CRET" not in said


@pytest.mark.parametrize(
    "words", ["https://kent.localhost:8001/people/ada", "answered 404, code: none", "https://x.example/@ada"]
)
def test_what_is_no_secret_stays(words: str) -> None:
    assert log.without_secrets(words) == words
