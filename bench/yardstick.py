"""What this machine can do at this moment, so that figures of different machines can be compared."""

import re
import shutil
import subprocess
import time

from activitypub.sig.keys import PrivateKey

_LINE = re.compile(r"rsa 2048 bits\s+([0-9.]+)s\s+[0-9.]+s\s+([0-9.]+)")
SIGNATURES = 400


def openssl() -> float:
    """Give the seconds that `openssl speed` takes for one RSA-2048 signature on one core."""
    program = shutil.which("openssl")
    if program is None:
        raise RuntimeError("openssl is not here; wanted on the PATH, as the yardstick")
    run = subprocess.run(
        [program, "speed", "-seconds", "1", "rsa2048"], capture_output=True, text=True, check=True
    )
    line = _LINE.search(run.stdout)
    if line is None:
        raise RuntimeError(f"found {run.stdout[-200:]!r}, wanted the line that begins 'rsa 2048 bits'")
    return 1 / float(line[2])


def signature(key: PrivateKey) -> float:
    """Give the processor seconds of one signature as a node makes it."""
    began = time.process_time()
    for _ in range(SIGNATURES):
        key.sign(b"(request-target): post /inbox")
    return (time.process_time() - began) / SIGNATURES
