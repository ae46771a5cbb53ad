"""A person at the pages of a node: a browser of their own, and axe to look for what keeps others out."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from fedcop.sample.council import PASSWORD, Site

# WCAG 2.2 AA, which the law asks for, and what axe's makers call good practice. The size of targets, which
# came with 2.2, axe leaves out unless it is asked for.
RUN = """async () => (await axe.run(document,
    {resultTypes: ['violations'], rules: {'target-size': {enabled: true}}})).violations"""
# The last is what 400 % of zoom leaves of the first.
SIZES = {"wide": (1280, 900), "narrow": (375, 800), "zoomed": (320, 256)}


@dataclass
class Reader:
    """Somebody before a browser."""

    site: Site
    context: BrowserContext
    page: Page
    axe: Path
    complaints: list[str] = field(default_factory=list)  # of the browser: a page broke its own policy

    def open(self, path: str) -> None:
        """Go to a page of the node."""
        self.page.goto(self.site.address + path)

    def sign_in(self, name: str, password: str = PASSWORD) -> None:
        """Sign in, in whatever language the page has."""
        self.open("/sign-in")
        self.page.locator("#name").fill(name)
        self.page.locator("#password").fill(password)
        self.page.locator("main button").click()
        self.page.wait_for_url(self.site.address + "/")

    def speak(self, language: str) -> None:
        """Choose a language for all pages from now on."""
        self.open(f"/?lang={language}")

    def faults(self) -> list[str]:
        """Give what axe finds wrong with the page shown, and what the browser complained of till now."""
        self.page.evaluate(self.axe.read_text("utf-8"))
        found: list[dict[str, Any]] = self.page.evaluate(RUN)
        complaints, self.complaints = self.complaints, []
        return complaints + [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]

    def hear(self, message: ConsoleMessage) -> None:
        """Keep what the browser complains of, but for an answer such as 404, which it names as well."""
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.complaints.append(message.text)

    def overflows(self) -> bool:
        """Tell whether the page has to be scrolled sideways."""
        return bool(
            self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        )


def reader_of(browser: Browser, site: Site, axe: Path, **more: Any) -> Reader:
    """Give somebody with a browser of their own; ``more`` says how it is set, such as without scripts."""
    # The certificates are those of the test's own authority.
    context = browser.new_context(ignore_https_errors=True, **more)
    reader = Reader(site, context, context.new_page(), axe)
    reader.page.on("console", reader.hear)
    return reader
