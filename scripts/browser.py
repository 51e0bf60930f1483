"""Find the browser for the tests of pages: prints its path, or ends with 1 where there is none.

Needs Python alone, since `.ci/run` asks before anything is installed.
"""

from __future__ import annotations

import shutil
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
#: Where macOS has applications that are on no path.
APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
ADVICE = "`sudo apt-get install chromium` (or Google Chrome) brings one"


def find() -> str | None:
    """Return the path of Chromium or Chrome; None if this machine has neither."""
    paths = (shutil.which(name) for name in (*NAMES, *APPLICATIONS))
    return next((path for path in paths if path), None)


if __name__ == "__main__":
    path = find()
    print(path or f"There is no Chromium and no Chrome: {ADVICE}.")
    sys.exit(path is None)
