"""Take the README's picture: `make screenshot` while `make up` runs on port 8000 (PORT=)."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

OUT = Path(__file__).with_name("screenshot.png")
TIE = "tiandy/SUPPLIES/irgc"


def main(port: str) -> None:
    """Open the home page with one connection selected, and keep what a person sees."""
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 850})
        page.goto(f"http://127.0.0.1:{port}/#tie={TIE}")
        page.wait_for_function("document.fonts.ready.then(() => true)")
        page.wait_for_timeout(1_000)
        page.screenshot(path=OUT)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "8000")
