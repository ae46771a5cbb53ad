"""What people type to the HTML that federates: paragraphs, light Markdown, and the names in it found.

    found("@drainage@kent.localhost:8001 see #Ffyrdd")   whom and what a text names
    html_of(text, mentions, tag_url)                     HTML, each mention a link to whom it was found to be
    title_of(text, "", "drainage")                       ("Blocked gullies", "the rest")

Rules that hold in this file
  1. Clients send plain text (mastodon-api.md 3.4): an empty line parts paragraphs, a line break stays one.
  2. Nothing that somebody types may vanish: no HTML, entities, images, link definitions, underlined headings.
  3. In code and inside a link nothing is a name.
  4. A mention is linked only if it was found; else it stays as it was typed.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from html import escape
from typing import TYPE_CHECKING, Any

import msgspec

from fedcop.content import sanitise

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token
    from markdown_it.utils import EnvType

LONGEST_TITLE = 200
LONGEST_TAG = 100

Key = tuple[str, str | None]

# A name with letters of any script: hashtags in Welsh have ŵ and ŷ. Digits alone are a number, not a tag.
_TAG = re.compile(r"#(?=\w*[^\W\d_])(\w+(?:·\w+)*)")
_SIGNS = re.compile(r"[^\w·]+")
# A handle, after @ or, as Lemmy's people type communities, after !; the dot or dash inside is Mastodon's.
# Only a loopback domain has a port here: elsewhere ':8001' would be the writer's own words.
_MENTION = re.compile(
    r"[@!]((?>[a-z0-9_]+(?:[.-]+[a-z0-9_]+)*))"
    r"(?:@((?:[^\W_](?:[\w-]*[^\W_])?\.)*(?:localhost(?::\d{1,5})?|[^\W_](?:[\w-]*[^\W_])?\.[^\W\d_][\w-]*)))?"
    r"(?![\w@])",
    re.IGNORECASE,
)
_URL = re.compile(r"://[^\s<>\"`\\^{|}]+")
_SCHEME = re.compile(r"(?<![a-z0-9+.-])https?$", re.IGNORECASE)
# What stands before a name so that it is one: 'a@b.example' is an address, '/#x' a piece of a path.
_JOINED = re.compile(r"[\w/@#&.+-]")

_HEADINGS = {"h1": "h3", "h2": "h3", "h3": "h4", "h4": "h4", "h5": "h4", "h6": "h4"}
_BLOCK = re.compile(r"\n[ \t]*\n\s*")
_MARKS = re.compile(r"[*_`\[#\\<]|^\s*(?:[-+>]|\d+[.)])", re.MULTILINE)
# Mastodon writes no line breaks between blocks, and some clients show those that they find.
_BETWEEN = re.compile(r"(</?(?:p|ul|ol|li|blockquote|pre|h[34])\b[^<>]*>)\n")


class MentionLink(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a mention names; ``url`` is their page, ``uri`` their id."""

    url: str
    uri: str
    handle: str


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a text names, in order: handles with their domains in lower case, tags as written."""

    mentions: tuple[Key, ...]
    tags: tuple[str, ...]


def found(text: str) -> Found:
    """Give whom and what a text names."""
    tokens = list(_inner(_tokens(text)))
    return Found(
        mentions=tuple(_key(token) for token in tokens if token.type == "mention"),
        tags=tuple(token.content for token in tokens if token.type == "hashtag"),
    )


def html_of(text: str, mentions: dict[Key, MentionLink], tag_url: Callable[[str], str] | None = None) -> str:
    """Give the clean HTML of a text; ``tag_url`` gives the page of a tag's key, without it tags are text."""
    parser = _parser()
    env = {"mentions": mentions, "tag_url": tag_url}
    rendered = parser.renderer.render(_tokens(text), parser.options, env).strip()
    cleaned = _BETWEEN.sub(r"\1", sanitise.clean(rendered))
    # The cleaner sets one rel on every link; a tag's says also what it is, which some servers look for.
    return cleaned.replace(
        f'class="mention hashtag" rel="{sanitise.REL}"', 'class="mention hashtag" rel="tag"'
    )


def plain_html_of(text: str) -> str:
    """Give the HTML of a text without marks: an empty line parts paragraphs, a line break stays one."""
    blocks = (escape(block.strip(), quote=False) for block in _BLOCK.split(text.replace("\r\n", "\n")))
    return "".join(f"<p>{block}</p>" for block in blocks if block).replace("\n", "<br>")


def tag_of(name: str) -> str | None:
    """Give a hashtag as a peer writes it as one that can be typed here; None when nothing is left of it."""
    name = unicodedata.normalize("NFKC", name[: 4 * LONGEST_TAG])
    match = _TAG.fullmatch("#" + "".join(_SIGNS.split(name)).strip("·")[:LONGEST_TAG])
    return match[1] if match else None


def tag_key(name: str) -> str:
    """Give the form by which a hashtag is looked up: letter case, compatibility forms and accents folded.

    Accents go from Latin letters only: in other scripts a mark may make another letter.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    if folded.isascii():
        return folded
    kept, latin = [], False
    for character in unicodedata.normalize("NFD", folded):
        if unicodedata.combining(character) and latin:
            continue
        latin = unicodedata.name(character, "").startswith("LATIN ")
        kept.append(character)
    return unicodedata.normalize("NFC", "".join(kept))


def title_of(text: str, spoiler: str, handle: str) -> tuple[str, str]:
    """Give the title of a thread in the community ``handle``, and the text that is left for its body.

    The title is ``spoiler`` if there is one; else the first block without the community's mention. What does
    not fit into 200 characters is cut at a word, and the body is everything (decision 4 of the design).
    """
    if spoiler.strip():
        return cut(" ".join(spoiler.split())), text
    blocks = _BLOCK.split(text.strip())
    for number, block in enumerate(blocks):
        title = _plain(_without(block, handle))
        if title:
            rest = "\n\n".join(blocks[number + 1 :])
            return (title, rest) if len(title) <= LONGEST_TITLE else (cut(title), text)
    return "", text


def _without(block: str, handle: str) -> str:
    """Leave out the mentions of a community."""
    return _MENTION.sub(lambda mention: "" if mention[1].lower() == handle.lower() else mention[0], block)


def _plain(block: str) -> str:
    """Give a block as one line without marks."""
    if _MARKS.search(block):
        block = sanitise.text_of(html_of(block.strip(), {}, str))
    return " ".join(block.split())


def cut(title: str) -> str:
    """Give a title that is not too long: what does not fit into 200 characters is left out from a word on."""
    if len(title) <= LONGEST_TITLE:
        return title
    head, blank, _ = title[: LONGEST_TITLE + 1].rpartition(" ")
    return head if blank else title[:LONGEST_TITLE]


@lru_cache(maxsize=64)
def _tokens(text: str) -> "Sequence[Token]":
    # Posting looks at a text three times: for names, for HTML, for its tags.
    return _parser().parse(text.replace("\r\n", "\n"))


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # noqa: PLC0415 - serving starts without it (decision 25)

    parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": 20})
    parser.disable(["entity", "image", "html_inline", "html_block", "code", "lheading", "reference"])
    parser.validateLink = _is_address  # type: ignore[method-assign]  # documented as the way to narrow it
    parser.inline.ruler.before("escape", "name", _name)
    parser.inline.ruler.before("escape", "address", _address)
    parser.add_render_rule("mention", _mention_html)
    parser.add_render_rule("hashtag", _hashtag_html)
    parser.add_render_rule("link_open", _link_html)
    parser.add_render_rule("link_close", _link_html)
    parser.add_render_rule("heading_open", _heading_html)
    parser.add_render_rule("heading_close", _heading_html)
    parser.add_render_rule("hr", _rule_html)
    parser.add_render_rule("softbreak", _break_html)
    parser.add_render_rule("hardbreak", _break_html)
    return parser


def _is_address(url: str) -> bool:
    return url.startswith(("https://", "http://", "mailto:"))


def _inner(tokens: "Sequence[Token]") -> "Iterator[Token]":
    for token in tokens:
        yield token
        yield from _inner(token.children or ())


def _key(token: "Token") -> Key:
    return token.meta["key"]  # type: ignore[no-any-return]


def _name(state: "StateInline", silent: bool) -> bool:  # noqa: FBT001 - the parser's own signature
    """Read a mention or a hashtag where one begins."""
    pattern = {"@": _MENTION, "!": _MENTION, "#": _TAG}.get(state.src[state.pos])
    if pattern is None or state.linkLevel or (state.pos and _JOINED.match(state.src, state.pos - 1)):
        return False
    match = pattern.match(state.src, state.pos)
    # '!' alone is a shout: '!important' names nobody.
    if match is None or (match[0][0] == "!" and match[2] is None):
        return False
    if not silent:
        token = state.push("hashtag" if pattern is _TAG else "mention", "", 0)
        token.content = match[1] if pattern is _TAG else match[0]
        if pattern is _MENTION:
            token.meta = {"key": (match[1].lower(), match[2].lower() if match[2] else None)}
    state.pos = match.end()
    return True


def _address(state: "StateInline", silent: bool) -> bool:  # noqa: FBT001 - the parser's own signature
    """Read a web address at its colon; the scheme waits in the pending text."""
    if state.src[state.pos] != ":" or state.linkLevel:
        return False
    match = _URL.match(state.src, state.pos)
    scheme = _SCHEME.search(state.pending, max(0, len(state.pending) - len("https"))) if match else None
    if scheme is None or match is None:
        return False
    rest = _trimmed(match[0])
    if len(rest) <= len("://"):
        return False
    href = state.md.normalizeLink(scheme[0] + rest)
    if not silent:
        state.pending = state.pending[: scheme.start()]
        state.push("link_open", "a", 1).attrs = {"href": href}
        state.push("text", "", 0).content = scheme[0] + rest
        state.push("link_close", "a", -1)
    state.pos += len(rest)
    return True


def _trimmed(address: str) -> str:
    """Leave out what ends the sentence rather than the address; a bracket stays if it was opened inside."""
    while address[-1:] in tuple(".,:;!?'*_~)]"):
        opening = {")": "(", "]": "["}.get(address[-1])
        if opening and address.count(opening) >= address.count(address[-1]):
            break
        address = address[:-1]
    return address


def _mention_html(
    _renderer: Any, tokens: "Sequence[Token]", place: int, _options: Any, env: "EnvType"
) -> str:
    link: MentionLink | None = env["mentions"].get(_key(tokens[place]))
    if link is None:
        return escape(tokens[place].content)
    # The form that Mastodon and its clients recognise (federation.md 5.2).
    href, handle = escape(link.url), escape(link.handle)
    return f'<span class="h-card"><a href="{href}" class="u-url mention">@<span>{handle}</span></a></span>'


def _hashtag_html(
    _renderer: Any, tokens: "Sequence[Token]", place: int, _options: Any, env: "EnvType"
) -> str:
    name = tokens[place].content
    if env["tag_url"] is None:
        return escape(f"#{name}")
    href = escape(env["tag_url"](tag_key(name)))
    return f'<a href="{href}" class="mention hashtag">#<span>{escape(name)}</span></a>'


def _link_html(renderer: Any, tokens: "Sequence[Token]", place: int, options: Any, env: "EnvType") -> str:
    opens = tokens[place].nesting == 1
    opening = next(token for token in reversed(tokens[: place + 1]) if token.type == "link_open")
    if not opening.attrs["href"]:
        return "[" if opens else "]()"
    address = escape(str(opening.attrs["href"])) if opens and tokens[place + 1].type == "link_close" else ""
    return renderer.renderToken(tokens, place, options, env) + address  # type: ignore[no-any-return]


def _heading_html(_renderer: Any, tokens: "Sequence[Token]", place: int, *_: Any) -> str:
    # The page has the post's title as its heading: those in a text stand below.
    tag = _HEADINGS[tokens[place].tag]
    return f"<{tag}>" if tokens[place].nesting == 1 else f"</{tag}>\n"


def _rule_html(_renderer: Any, tokens: "Sequence[Token]", place: int, *_: Any) -> str:
    return f"<p>{tokens[place].markup[0] * 3}</p>\n"


def _break_html(*_: Any) -> str:
    return "<br>"
