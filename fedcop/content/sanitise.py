"""HTML that others wrote, to HTML that may be stored and shown; and its text alone.

    clean("<h1>Fees</h1><script>...")        "<h3>Fees</h3>"
    text_of("<p>Tree survey &amp; mapping</p><p>Bring boots</p>")    "Tree survey & mapping\\n\\nBring boots"

The list is that of what we emit ourselves (federation.md 5.2), and the plain emphasis that others use.
"""

import html
import re

import nh3

from fedcop.content.balance import EMPTIED, SHOWN, balanced

_CLASSES = {
    "a": {"mention", "hashtag", "u-url"},
    "p": {"quote-inline"},
    "span": {"mention", "h-card", "invisible", "ellipsis", "quote-inline"},
}
# Readers' browsers tell nobody where they come from, and a link here is no recommendation to search engines.
REL = "nofollow noopener noreferrer ugc"

_CLEANER = nh3.Cleaner(
    tags=set(SHOWN),
    clean_content_tags=set(EMPTIED),
    attributes={"*": {"lang"}, "a": {"href"}, "ol": {"start"}, "li": {"value"}},
    allowed_classes=_CLASSES,
    # Arabic or Hebrew in an English page, and the other way round.
    tag_attribute_values={tag: {"dir": {"ltr", "rtl", "auto"}} for tag in SHOWN},
    url_schemes={"http", "https", "mailto"},
    link_rel=REL,
)

_BLOCKS = ("p", "h3", "h4", "blockquote", "pre", "ul", "ol")
_OUTLINE = nh3.Cleaner(
    tags={"br", "li", *_BLOCKS},
    clean_content_tags=set(EMPTIED),
    attributes={},
    link_rel=None,
)
_BLOCK_EDGE = re.compile(rf"</?(?:{'|'.join(_BLOCKS)})>")
_LINE_EDGE = re.compile(r"<br>|</li>")

_NO_CLASS = re.compile(r'(<[a-z]+[^<>]*) class=""')
_EMPTY = re.compile(r"<p>(?:\s|&nbsp;|<br>)*</p>\s*")


def clean(markup: str) -> str:
    """Give HTML that holds nothing but harmless tags, known classes and links that say ``nofollow``.

    Names and nesting are first brought to what is shown (``balance``).
    """
    if "<" not in markup and "&" not in markup:
        return markup
    cleaned = _CLEANER.clean(balanced(markup))
    if ' class=""' in cleaned:
        cleaned = _NO_CLASS.sub(r"\1", cleaned)
    return _EMPTY.sub("", cleaned)


def text_of(markup: str) -> str:
    """Give the text of HTML, decoded once: blocks parted by an empty line, lines by a break."""
    if "<" in markup or "&" in markup:
        outline = _OUTLINE.clean(balanced(markup)).replace("\n", " ").replace("<li>", "")
        markup = html.unescape(_BLOCK_EDGE.sub("\n\n", _LINE_EDGE.sub("\n", outline)))
    lines: list[str] = []
    for line in (" ".join(line.split()) for line in markup.split("\n")):
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines).strip()
