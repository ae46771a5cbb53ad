"""A page as the selectors of a file of reports look at it: text, titles, names of controls."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
UNSEEN = frozenset({"head", "script", "style", "template", "title"})
BLOCKS = frozenset(
    {
        "address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset", "figcaption",
        "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "legend", "li",
        "main", "nav", "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul",
    }
)  # fmt: skip
HEADINGS = ("h1", "h2", "h3", "h4")
CONTROLS = frozenset({"a", "button", "input", "select", "textarea"})
NAMED_BY_VALUE = frozenset({"submit", "button", "reset"})


class Element:
    """One element with its attributes and what is in it."""

    def __init__(self, tag: str, attributes: dict[str, str | None], parent: "Element | None") -> None:
        self.tag = tag
        self.attributes = attributes
        self.parent = parent
        self.children: list[Element | str] = []

    def walk(self) -> "Iterator[Element]":
        """Give this element and all below it, in the order of the page."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def all(self, *tags: str) -> "list[Element]":
        """Give the elements of some kinds below this one."""
        return [element for element in self.walk() if element.tag in tags and element is not self]

    def ancestors(self) -> "Iterator[Element]":
        """Give this element and what it stands in, from the inside out."""
        here: Element | None = self
        while here is not None:
            yield here
            here = here.parent

    def texts(self) -> "Iterator[tuple[str, Element]]":
        """Give each piece of visible text and the element that it stands in."""
        for child in self.children:
            if isinstance(child, str):
                yield child, self
            elif child.tag not in UNSEEN and "hidden" not in child.attributes:
                if child.tag in BLOCKS:
                    yield "\n", child
                yield from child.texts()
                if child.tag in BLOCKS:
                    yield "\n", child

    @property
    def text(self) -> str:
        """Give the visible text, white space folded as a browser folds it."""
        return " ".join("".join(text for text, _ in self.texts()).split())


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {}, None)
        self._here = self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs), self._here)
        self._here.children.append(element)
        if tag not in VOID:
            self._here = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._here.children.append(Element(tag, dict(attrs), self._here))

    def handle_endtag(self, tag: str) -> None:
        opened = next((one for one in self._here.ancestors() if one.tag == tag), None)
        if opened is not None and opened.parent is not None:
            self._here = opened.parent

    def handle_data(self, data: str) -> None:
        self._here.children.append(data)


class Markup:
    """A parsed page."""

    def __init__(self, text: str) -> None:
        builder = _Builder()
        builder.feed(text)
        builder.close()
        self.root = builder.root

    @property
    def text(self) -> str:
        return self.root.text

    @property
    def lang(self) -> str | None:
        return next((element.attributes.get("lang") for element in self.root.all("html")), None)

    @property
    def title(self) -> str | None:
        return next((" ".join("".join(_raw(one)).split()) for one in self.root.all("title")), None)

    @property
    def h1(self) -> list[str]:
        return [element.text for element in self.root.all("h1")]

    @property
    def img_alts(self) -> list[str | None]:
        return [element.attributes.get("alt") for element in self.root.all("img")]

    @property
    def thread_title(self) -> str | None:
        """Give the title of the first thread listed: the first heading of the first article."""
        for article in self.root.all("article"):
            for heading in article.all(*HEADINGS):
                return heading.text
        return next((heading.text for heading in self.root.all("h2")), None)

    @property
    def controls_without_name(self) -> list[str]:
        """Give each link, button and field that a screen reader could not name."""
        return [
            f"<{one.tag} {' '.join(f'{name}={value!r}' for name, value in one.attributes.items())}>"
            for one in self.root.walk()
            if _is_control(one) and not self.name_of(one)
        ]

    def name_of(self, element: Element) -> str:
        """Give the accessible name of an element, as far as these pages need it (accname-1.2)."""
        attributes = element.attributes
        by = [self._by_id(name) for name in (attributes.get("aria-labelledby") or "").split()]
        if named := " ".join(one.text for one in by if one is not None).strip():
            return named
        if label := (attributes.get("aria-label") or "").strip():
            return label
        if (
            named := self._label_of(element)
            if element.tag in ("input", "select", "textarea")
            else _said(element)
        ):
            return named
        return (attributes.get("title") or "").strip()

    def button(self, name: str) -> Element | None:
        """Give the button of a name: the very name first, else one that holds it."""
        buttons = [
            one
            for one in self.root.walk()
            if one.tag == "button"
            or (one.tag == "input" and one.attributes.get("type") in NAMED_BY_VALUE)
            or one.attributes.get("role") == "button"
        ]
        exact = [one for one in buttons if self.name_of(one) == name]
        close = [one for one in buttons if name.lower() in self.name_of(one).lower()]
        return next(iter(exact or close), None)

    def names_outside_bdi(self, names: list[str]) -> list[str]:
        """Give each visible text in which one of these names stands outside of ``bdi``.

        What a person wrote (an element with ``dir="auto"``) keeps its own direction.
        """
        found = []
        for text, element in self.root.texts():
            if any(one.tag == "bdi" or one.attributes.get("dir") == "auto" for one in element.ancestors()):
                continue
            found += [text.strip() for name in names if _stands_in(name, text)]
        return found

    def _by_id(self, name: str) -> Element | None:
        return next((one for one in self.root.walk() if one.attributes.get("id") == name), None)

    def _label_of(self, element: Element) -> str:
        kind = element.attributes.get("type")
        if kind in NAMED_BY_VALUE:
            return (element.attributes.get("value") or "").strip() or ("Submit" if kind == "submit" else "")
        if kind == "image":
            return (element.attributes.get("alt") or "").strip()
        own = element.attributes.get("id")
        labels = [one for one in self.root.all("label") if own and one.attributes.get("for") == own]
        labels += [one for one in element.ancestors() if one.tag == "label"]
        return " ".join(label.text for label in labels).strip()


def _is_control(element: Element) -> bool:
    if element.attributes.get("aria-hidden") == "true" or element.attributes.get("type") == "hidden":
        return False
    if element.tag == "a":
        return "href" in element.attributes
    return element.tag in CONTROLS


def _said(element: Element) -> str:
    """Give what is read out of an element: its text, and its pictures' alternative texts."""
    parts: list[str] = []
    for child in element.children:
        if isinstance(child, str):
            parts.append(child)
        elif child.attributes.get("aria-hidden") != "true" and child.tag not in UNSEEN:
            named = child.attributes.get("aria-label") or child.attributes.get("alt")
            parts.append(named if named is not None else _said(child))
    return " ".join(" ".join(parts).split())


def _raw(element: Element) -> Iterator[str]:
    return (child for child in element.children if isinstance(child, str))


def _stands_in(name: str, text: str) -> bool:
    if not name.strip():
        return False
    if not name.isascii():
        return name in text
    return re.search(rf"(?<![\w@]){re.escape(name)}(?![\w@])", text) is not None
