"""A template and its values to a page: language, words, components, safe headers.

    return page.answer(request, "public/community.html", community=view)
    return page.answer(request, "sign_in/form.html", status=422, faults={"name": "..."}, typed=form)

The language is the one of ``?lang=``, else of its cookie, else the first of Accept-Language that is spoken
here. Templates escape everything; HTML of posts is clean already and is marked so where it is shown.

Every template knows ``words`` and ``speech`` (``web/text.py``), ``node``, ``signed_in`` (None before
``session.find`` was asked), ``faults`` (what is wrong in a form, by field), ``typed`` (what was put into it)
and ``component``, which gives the HTML of a component of the GOV.UK Design System.
"""

import re
import zlib
from importlib import resources
from typing import Any
from urllib.parse import urlencode

from jinja2 import (
    ChainableUndefined,
    Environment,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    Undefined,
    select_autoescape,
)
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from fedcop.node import Node
from fedcop.web import text

LANGUAGE_COOKIE = "lang"
YEAR = 31_536_000
# Part of its address, so that a browser does not keep the one of an earlier version.
STYLE = f"{zlib.crc32((resources.files('fedcop.web') / 'static' / 'style.css').read_bytes()):08x}"
KIT = "govuk_frontend_jinja"


def _environment(folders: dict[str, PackageLoader], undefined: type[Undefined]) -> Environment:
    return Environment(
        loader=PrefixLoader(folders),
        autoescape=select_autoescape(default=True),
        undefined=undefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
    )


# The components ask for parameters that nobody gave; our own templates may not.
_COMPONENTS = _environment({KIT: PackageLoader(KIT, "templates")}, ChainableUndefined)
_TEMPLATES = _environment(
    {
        "page": PackageLoader("fedcop.web", "templates"),
        "public": PackageLoader("fedcop.web.public", "templates"),
        "staff": PackageLoader("fedcop.web.staff", "templates"),
        "sign_in": PackageLoader("fedcop.web.sign_in", "templates"),
        "facilitator": PackageLoader("fedcop.web.facilitator", "templates"),
        "admin": PackageLoader("fedcop.web.admin", "templates"),
    },
    StrictUndefined,
)


def component(name: str, /, **parameters: Any) -> Markup:
    """Give a component, such as ``"error-summary"``, with the parameters that its macro documents."""
    macros = _COMPONENTS.get_template(f"{KIT}/components/{name}/macro.html").module
    macro = getattr(macros, "govuk" + name.title().replace("-", ""))
    return Markup(macro(parameters))  # noqa: S704 - the macro escaped what it was given


_TEMPLATES.globals |= {"component": component, "style": STYLE}


def answer(request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
    """Give a page in the reader's language; a language that was chosen is remembered.

    The link to the other language leads to the same address, but from what answers a form to ``here``, if
    that is given: at the form's own address there may be nothing to read.
    """
    node: Node = request.app.state.node
    language = language_of(request)
    speech = text.of(language)
    known = {
        "node": node.config.node,
        "words": speech.words,
        "speech": speech,
        "language": language,
        "other_language": "en" if language == "cy" else "cy",
        "here": _here(request, values.pop("here", "")),
        "path": request.url.path,
        "signed_in": getattr(request.state, "signed_in", None),
        "faults": {},
        "typed": {},
    }
    response = HTMLResponse(_TEMPLATES.get_template(template).render(known | values), status)
    response.headers["Vary"] = "Accept, Accept-Language, Cookie, Signature, Signature-Input"
    response.headers["Content-Language"] = language
    if known["signed_in"] is not None:
        response.headers["Cache-Control"] = "no-store"
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
    spoken = [name for name in node.config.node.languages if name in text.LANGUAGES] or ["en"]
    accepted = re.findall(r"\b([a-z]{2})\b(?:-\w+)?", request.headers.get("accept-language", "").lower())
    wanted = [request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE), *accepted]
    return next((name for name in wanted if name in spoken), spoken[0])


def _here(request: Request, instead: str) -> str:
    """Give this page's address up to its language, for the link to the other one."""
    if instead and request.method == "POST":
        return f"{instead}?lang="
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    return f"{request.url.path}?{urlencode([*kept, ('lang', '')])}"
