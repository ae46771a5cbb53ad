"""HTML that others wrote, made well nested and shallow before a parser sees it; that alone makes it not safe.

    balanced("<div><b>One<p>Two")        "<p><b>One</b></p><p>Two</p>"

A parser of HTML repairs. At each tag it looks up through all that are open, and it opens again in each new
paragraph whatever was not closed in the last: 100 kB can take it a second and come out as 28 MB.

Rules that hold in this file
  1. Each tag that leaves was opened and closed here, at most ``MOST_DEPTH`` inside each other; what would be
     deeper is left out, its text stays. Of more than ``MOST_TAGS`` none stays, or paragraphs only.
  2. Names are brought to those that are shown: a title is a heading of a post's own page already, so the
     first heading in a text is h3; containers become paragraphs, so that their texts stay apart.
  3. A picture within the text becomes a link to it, as Mastodon does: nothing is loaded from a peer.
"""

import re

MOST_DEPTH = 32
MOST_TAGS = 8_000  # a long article of 100 kB has two thousand
MOST_REFERENCES = 20_000  # more than 100 kB hold when every letter is written as one

SHOWN = frozenset(
    (
        *("p", "br", "a", "span", "strong", "em", "b", "i", "u", "del", "code", "pre", "blockquote"),
        *("ul", "ol", "li", "h3", "h4"),
        # Without them 10² reads as 102.
        *("sub", "sup"),
    )
)
# What they hold is no text; the cleaner takes it away.
EMPTIED = frozenset({"script", "style", "iframe", "svg", "math"})

_CONTAINERS = (
    *("div", "section", "article", "aside", "header", "footer", "main", "nav", "address", "center", "hr"),
    *("figure", "figcaption", "details", "summary", "dl", "dt", "dd"),
    *("table", "thead", "tbody", "tfoot", "tr", "caption"),
)
_NAMES = {name: name for name in SHOWN | EMPTIED} | dict.fromkeys(_CONTAINERS, "p")
_NAMES |= {"h1": "h3", "h2": "h3", "h5": "h4", "h6": "h4", "s": "del", "strike": "del", "ins": "u"}
_NAMES |= {"img": "img", "td": "td", "th": "td"}

_BLOCKS = frozenset({"p", "h3", "h4", "ul", "ol", "pre", "blockquote"})
# Opening one of these ends another that is open, unless one of the second stands between them.
_ENDS = {name: ("p", frozenset({"li", "blockquote"})) for name in _BLOCKS}
_ENDS |= {"li": ("li", frozenset({"ul", "ol"})), "a": ("a", frozenset())}

_VOID = {"br": "<br>", "td": " "}
_PLAIN = SHOWN - _ENDS.keys() - _VOID.keys()

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|<[!?][^<>]*>", re.DOTALL)
# A quoted value may hold what ends a tag, but not what begins one: so no text is looked at twice. Attributes
# whose quotes are never closed are left out, or a parser would take the text behind them for more.
_TAG = re.compile(
    r"""<(/?)((?>[a-z][^\s/<>]*))(?=[\s/>])(?:((?>(?:[^<>"']+|"[^"<]*"|'[^'<]*')*))|[^<>]*)>""",
    re.IGNORECASE,
)
_CUT = re.compile(r"</?[a-z][^<>]*\Z", re.IGNORECASE)
_ANY_BUT_LINES = re.compile(r"</?(?!(?:p|br)[\s/>])[a-z][^<>]*>", re.IGNORECASE)
_ANY = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""(?:^|\s)(src|alt|class)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""", re.IGNORECASE)


def balanced(markup: str) -> str:
    """Give HTML whose tags are few, known, closed and not deep; ``<`` stands for nothing but a tag."""
    found = iter(_TAG.split(_bounded(markup)))
    parts, opened = [next(found).replace("<", "&lt;")], list[str]()
    # Slash, name, attributes and the text behind, again and again; most tags just open or close, as here.
    for slash, written, rest, text in zip(found, found, found, found, strict=True):
        name = _NAMES.get(written) or _NAMES.get(written.lower())
        if slash:
            _end(parts, opened, name)
        elif name in _PLAIN and len(opened) < MOST_DEPTH:
            opened.append(name)
            parts.append(f"<{name}{rest or ''}>")
        elif name is not None:
            _begin(parts, opened, name, rest or "")
        parts.append(text.replace("<", "&lt;") if "<" in text else text)
    _close(parts, opened, len(opened))
    return "".join(parts)


def _bounded(markup: str) -> str:
    """Leave out comments, a tag that an excerpt cuts in two, and what there is far too much of."""
    if "<!" in markup or "<?" in markup:
        markup = _COMMENT.sub("", markup)
    if markup.rfind("<") > markup.rfind(">"):
        markup = _CUT.sub("", markup)
    if markup.count("&") > MOST_REFERENCES:
        markup = markup.replace("&", " ")
    for tags in (_ANY_BUT_LINES, _ANY):
        if markup.count("<") > MOST_TAGS:
            markup = tags.sub(" ", markup)
    return markup


def _end(parts: list[str], opened: list[str], name: str | None) -> None:
    if opened and opened[-1] == name:
        parts.append(f"</{opened.pop()}>")
    elif name in opened:
        _close(parts, opened, opened[::-1].index(name) + 1)
    elif name in ("td", "br"):
        parts.append(_VOID[name])


def _begin(parts: list[str], opened: list[str], name: str, rest: str) -> None:
    if name in _VOID:
        parts.append(_VOID[name])
    elif name == "img":
        parts.append(_linked(rest))
    else:
        _open(parts, opened, name, rest)


def _open(parts: list[str], opened: list[str], name: str, rest: str) -> None:
    if name in _ENDS:
        ended, unless = _ENDS[name]
        for place in range(len(opened) - 1, -1, -1):
            if opened[place] == ended:
                _close(parts, opened, len(opened) - place)
                break
            if opened[place] in unless:
                break
    if len(opened) < MOST_DEPTH:
        opened.append(name)
        parts.append(f"<{name}{rest}>")


def _close(parts: list[str], opened: list[str], count: int) -> None:
    for _ in range(count):
        parts.append(f"</{opened.pop()}>")


def _linked(rest: str) -> str:
    """Give a picture as a link with its description; of one that stands for a sign, as in Discourse, that."""
    found: dict[str, str] = {name.lower(): value.strip("\"'") for name, value in _ATTRIBUTE.findall(rest)}
    source, description = found.get("src", ""), found.get("alt", "").strip()
    if "emoji" in found.get("class", "") or not source.startswith(("https://", "http://")):
        return description
    return f'<a href="{source}">{description or source.rpartition("/")[2] or source}</a>'
