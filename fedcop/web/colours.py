"""``/colours.css``: the council's own colour in place of ours, so that everybody can read what stands on it.

A colour too light for white letters is made darker, and for dark pages lighter, until the contrast is that of
WCAG 2.2 AA for text (4.5 to 1).
"""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.errors import NotFound
from fedcop.node import Node

Colour = tuple[int, int, int]

HERE: Final = "/colours.css"
WHITE: Final[Colour] = (255, 255, 255)
BLACK: Final[Colour] = (0, 0, 0)
NIGHT: Final[Colour] = (32, 39, 46)  # --band of dark pages in style.css, the lightest that links stand on
READABLE: Final = 4.5
STEPS: Final = 50


async def show(request: Request) -> Response:
    """Give the colours as custom properties."""
    node: Node = request.app.state.node
    if not node.config.node.colour:
        raise NotFound("no colour is configured")
    css = sheet_of(node.config.node.colour)
    return Response(css, media_type="text/css", headers={"cache-control": "public, max-age=86400"})


def sheet_of(text: str) -> str:
    """Give the stylesheet of a colour written as ``#rrggbb``."""
    own = (int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16))
    # Buttons, whose ground is the colour itself, stand on white pages as links do.
    light = _readable(own, WHITE, towards=BLACK)
    dark = _readable(own, NIGHT, towards=WHITE)
    day = f"--top:{_hex(light)};--main:{_hex(light)};--main-over:{_hex(_mixed(light, BLACK, 0.3))}"
    night = f"--main:{_hex(dark)};--main-over:{_hex(_mixed(dark, WHITE, 0.4))}"
    return f":root{{{day}}}@media (prefers-color-scheme:dark){{:root{{--top:#232b33;{night}}}}}"


def contrast(one: Colour, other: Colour) -> float:
    """Give the contrast of two colours, from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _readable(own: Colour, ground: Colour, *, towards: Colour) -> Colour:
    """Give the colour nearest to one's own that can be read on a ground."""
    mixtures = (_mixed(own, towards, step / STEPS) for step in range(STEPS))
    return next((mixture for mixture in mixtures if contrast(mixture, ground) >= READABLE), towards)


def _mixed(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _luminance(colour: Colour) -> float:
    """Give the relative luminance that WCAG 2.2 defines."""
    parts = (part / 255 for part in colour)
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _hex(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


ROUTES = [Route(HERE, show)]
