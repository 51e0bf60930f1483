"""Render one page of each kind from an invented graph into build/preview: `make preview`.

No Neo4j and no server; scripts, styles and templates are read anew each time. The pages link to
the addresses of a server, so open them from `index.html`.
"""

from __future__ import annotations

import sys
from html import escape
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.viz.invented import every_page, invented_graph  # noqa: E402


def main() -> None:
    """Write the pages and an index of them."""
    folder = ROOT / "build" / "preview"
    folder.mkdir(parents=True, exist_ok=True)
    pages = every_page(invented_graph())
    for name, html in pages.items():
        (folder / f"{name}.html").write_text(html, encoding="utf-8")
    items = "".join(f'<li><a href="{name}.html">{escape(name)}</a></li>' for name in pages)
    head = '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Preview</title>'
    index = f"{head}<ul>{items}</ul>"
    (folder / "index.html").write_text(index, encoding="utf-8")
    print(f"{len(pages)} pages: {(folder / 'index.html').as_uri()}")


if __name__ == "__main__":
    main()
