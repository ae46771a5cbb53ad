"""The commands of docs/operate.md, to be run in a folder of a test."""

import re
from pathlib import Path

from tests.architecture.sources import ROOT

PAGE = (ROOT / "docs" / "operate.md").read_text("utf-8")
# What a test has no right to do, or what it does in another way; a block of the page says it as it is.
LEFT_OUT = ("useradd ", "systemctl ", "head -c 24 ", "chown ")


def blocks(heading: str) -> list[str]:
    """Give the commands under a heading of the page, block by block."""
    text = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def within(folder: Path, block: str) -> str:
    """Give commands that do below a folder what they would do to the machine, as whoever runs the test."""
    lines = [line for line in block.splitlines() if not line.startswith(LEFT_OUT)]
    text = "\n".join(lines).replace("sudo -u fedcop ", "").replace("--owner fedcop --group fedcop ", "")
    return re.sub(r"(?<![\w./])/(?=(?:opt|var|etc)/)", f"{folder}/", text)
