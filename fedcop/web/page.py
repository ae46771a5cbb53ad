"""A template and its values to a page: language, words, safe headers.

    return page.answer(request, "community.html", community=view)

The language is the one of ``?lang=``, else of its cookie, else the first of Accept-Language that is spoken
here. Templates escape everything; HTML of posts is clean already and is marked so where it is shown.
"""

import re
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, PrefixLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from fedcop.node import Node
from fedcop.web.text import WORDS

LANGUAGE_COOKIE = "lang"
YEAR = 31_536_000

_TEMPLATES = Environment(
    loader=PrefixLoader(
        {
            "page": PackageLoader("fedcop.web", "templates"),
            "public": PackageLoader("fedcop.web.public", "templates"),
            "staff": PackageLoader("fedcop.web.staff", "templates"),
            "sign_in": PackageLoader("fedcop.web.sign_in", "templates"),
        }
    ),
    autoescape=select_autoescape(default=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def answer(request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
    """Give a page in the reader's language; a language that was chosen is remembered."""
    node: Node = request.app.state.node
    language = language_of(request)
    html = _TEMPLATES.get_template(template).render(
        node=node.config.node,
        words=WORDS[language],
        language=language,
        other_language="en" if language == "cy" else "cy",
        here=_here(request),
        **values,
    )
    response = HTMLResponse(html, status)
    response.headers["Vary"] = "Accept, Accept-Language, Cookie, Signature, Signature-Input"
    response.headers["Content-Language"] = language
    if "lang" in request.query_params:
        response.set_cookie(
            LANGUAGE_COOKIE, language, max_age=YEAR, httponly=True, samesite="lax", secure=is_secure(node)
        )
    return response


def not_found(request: Request) -> Response:
    """Give the page that says that there is nothing here to see."""
    return answer(request, "page/not_found.html", status=404)


def is_secure(node: Node) -> bool:
    """Tell whether the node is served by https, so that a cookie may be bound to it."""
    return node.config.node.base_url.startswith("https:")


def language_of(request: Request) -> str:
    """Give the language that the reader wants, of those spoken here."""
    node: Node = request.app.state.node
    spoken = [name for name in node.config.node.languages if name in WORDS] or ["en"]
    accepted = re.findall(r"\b([a-z]{2})\b(?:-\w+)?", request.headers.get("accept-language", "").lower())
    wanted = [request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE), *accepted]
    return next((name for name in wanted if name in spoken), spoken[0])


def _here(request: Request) -> str:
    """Give this page's address up to its language, for the link to the other one."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    return f"{request.url.path}?{urlencode([*kept, ('lang', '')])}"
