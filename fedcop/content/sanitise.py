"""HTML that others wrote, to HTML that may be stored and shown; and its text alone.

    clean("<h1>Fees</h1><script>...")        "<h3>Fees</h3>"
    text_of("<p>Tree survey &amp; mapping</p><p>Bring boots</p>")    "Tree survey & mapping\\n\\nBring boots"

The list is that of what we emit ourselves (federation.md 5.2), and the plain emphasis that others use.
"""

import html
import re

import nh3

TAGS = {
    *("p", "br", "a", "span", "strong", "em", "b", "i", "u", "del", "code", "pre", "blockquote"),
    *("ul", "ol", "li", "h3", "h4"),
}
_CLASSES = {
    "a": {"mention", "hashtag", "u-url"},
    "span": {"mention", "h-card", "invisible", "ellipsis", "quote-inline"},
}
# Readers' browsers tell nobody where they come from, and a link here is no recommendation to search engines.
REL = "nofollow noopener noreferrer ugc"

_CLEANER = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags={"script", "style", "template", "iframe", "object", "svg", "math"},
    attributes={"*": {"lang"}, "a": {"href"}, "ol": {"start"}, "li": {"value"}},
    allowed_classes=_CLASSES,
    url_schemes={"http", "https", "mailto"},
    link_rel=REL,
)

_BLOCKS = (
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "ul", "ol"),
    *("div", "section", "article", "table", "tr", "hr"),
)
_OUTLINE = nh3.Cleaner(
    tags={"br", "li", *_BLOCKS},
    clean_content_tags={"script", "style", "template"},
    attributes={},
    link_rel=None,
)
_BLOCK_EDGE = re.compile(rf"</?(?:{'|'.join(_BLOCKS)})>")
_LINE_EDGE = re.compile(r"<br>|</li>")

# Tags outside the list whose text would else run into its neighbours: a title is a heading of a post's own
# page already, so it begins with h3.
_REPLACED = {
    "h1": "h3",
    "h2": "h3",
    "h5": "h4",
    "h6": "h4",
    "div": "p",
    "section": "p",
    "article": "p",
    "tr": "p",
}
_REPLACED |= {"s": "del", "strike": "del"}
_TAG = re.compile(rf"<(/?)({'|'.join(_REPLACED)})(?=[\s/>])", re.IGNORECASE)


# At each list item or block html5ever walks up through all that are open: ten thousand of them inside each
# other, in 100 kB, take it seconds. Nobody means so many; what they hold stays.
LONG = 10_000
MOST_NESTING = 2_000
_NESTING = re.compile(r"</?(?:ul|ol|li|dl|dd|dt|div)(?=[\s/>])[^>]*>?", re.IGNORECASE)


def _shallow(markup: str) -> str:
    if len(markup) > LONG and len(_NESTING.findall(markup)) > MOST_NESTING:
        return _NESTING.sub(" ", markup)
    return markup


def clean(markup: str) -> str:
    """Give HTML that holds nothing but harmless tags, known classes and links that say ``nofollow``."""
    if "<" not in markup and "&" not in markup:
        return markup
    return _CLEANER.clean(_TAG.sub(lambda tag: f"<{tag[1]}{_REPLACED[tag[2].lower()]}", _shallow(markup)))


def text_of(markup: str) -> str:
    """Give the text of HTML, decoded once: blocks parted by an empty line, lines by a break."""
    if "<" in markup or "&" in markup:
        outline = _OUTLINE.clean(_shallow(markup)).replace("\n", " ").replace("<li>", "")
        markup = html.unescape(_BLOCK_EDGE.sub("\n\n", _LINE_EDGE.sub("\n", outline)))
    lines: list[str] = []
    for line in (" ".join(line.split()) for line in markup.split("\n")):
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines).strip()
