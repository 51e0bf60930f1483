"""The bench of pages, beside stock pyvis: `python -m bench.pages_run`. See README.md here."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from playwright.sync_api import Browser
from rich.console import Console
from rich.table import Table

from bench import pages_browser, pages_graphs, pages_site
from bench.pages_browser import PageFigures
from graph.model import Subgraph

console = Console(width=150)
#: What issue 6 asks of ours, in milliseconds, by nodes.
READY, ANSWER, FRAME, BUILD = {500: 600}, 100, {500: 1_000 / 30}, {150: 150}
SITE = 300
#: So often is each page opened; an odd number.
VISITS = 5
#: One page of each kind for a graph: the name, whether it is ours, whether Barnes-Hut is asked for.
KINDS = (
    ("ours", True, False),
    ("stock, default", False, False),
    ("stock, barnesHut", False, True),
)


def main(
    sizes: Annotated[str, typer.Option(help="Nodes of the graphs.")] = "50,150,500,2000",
    limit: Annotated[float, typer.Option(help="Seconds to wait for a page to stand still.")] = 60,
    repeat: Annotated[int, typer.Option(help="Runs of building a page.")] = 5,
    site: Annotated[int, typer.Option(help="Build a site of so many entities; needs Neo4j.")] = 0,
    quick: Annotated[bool, typer.Option(help="A smoke run: 50 and 150 nodes, 10 seconds.")] = False,
    output: Annotated[Path | None, typer.Option("--json", help="Write all figures here.")] = None,
) -> None:
    """Open our pages and stock ones in one Chromium and print what a person waits for."""
    if quick:
        sizes, limit, repeat = "50,150", min(limit, 10), 1
    graphs = {int(size): pages_graphs.subgraph(int(size)) for size in sizes.split(",")}
    figures = _visit_all(graphs, limit)
    console.print(_table(graphs, figures, limit))
    times_by_size = {
        n: pages_site.page_seconds(pages_graphs.ours, g, repeat) for n, g in graphs.items()
    }
    for nodes, times in times_by_size.items():
        clock, cpu, again = (1_000 * s for s in (times.clock, times.cpu, times.repeat))
        console.print(
            f"Building a page of {nodes:,} nodes: {clock:,.0f} ms{_aim(clock, BUILD.get(nodes))}, "
            f"{cpu:,.0f} of the processor; {again:,.0f} ms where its positions are known"
        )
    report: dict[str, Any] = {
        "pages": {f"{n} {kind}": asdict(page) for (n, kind), page in figures.items()},
        "build": {n: asdict(times) for n, times in times_by_size.items()},
    }
    if site:
        report["site"] = asdict(_site(site))
    if output is not None:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(json.dumps(report, indent=1), encoding="utf-8")


def _visit_all(graphs: dict[int, Subgraph], limit: float) -> dict[tuple[int, str], PageFigures]:
    """Measure each kind of page of each graph."""
    figures = {}
    with tempfile.TemporaryDirectory(prefix="sightlines-bench-") as folder:
        file = Path(folder) / "page.html"
        with pages_browser.chromium() as browser:
            for nodes, graph in graphs.items():
                for kind, ours, barnes_hut in KINDS:
                    if ours:
                        file.write_text(pages_graphs.ours(graph), encoding="utf-8")
                    else:
                        pages_graphs.stock(graph, file, barnes_hut=barnes_hut)
                    with console.status(f"{nodes} nodes, {kind}"):
                        figures[nodes, kind] = _middle(browser, file, ours=ours, limit=limit)
    return figures


def _middle(browser: Browser, file: Path, *, ours: bool, limit: float) -> PageFigures:
    """The middle one of a few visits by the time to stand still; one alone if it never does."""
    visits: list[PageFigures] = []
    for _ in range(VISITS):
        visits.append(pages_browser.look(browser, file, ours=ours, limit=limit))
        if visits[-1].still is None:
            return visits[-1]
    return sorted(visits, key=lambda page: page.still or 0)[VISITS // 2]


def _table(
    graphs: dict[int, Subgraph], figures: dict[tuple[int, str], PageFigures], limit: float
) -> Table:
    table = Table("nodes, edges", "page", "kB", "gzipped", "first paint", "shown", "still", 
                  "click to evidence", "frame, p95", "asks others")  # fmt: skip
    for (nodes, kind), page in figures.items():
        ours = kind == "ours"
        table.add_row(
            f"{nodes:,}, {len(graphs[nodes].ties):,}",
            kind,
            f"{page.size / 1_000:,.0f}",
            f"{page.gzipped / 1_000:,.0f}",
            _ms(page.first_paint, 0),
            _ms(page.display, limit),
            _ms(page.still, limit) + (_aim(page.still, READY.get(nodes)) if ours else ""),
            _ms(page.answer, 5) + (_aim(page.answer, ANSWER) if ours else ""),
            f"{_ms(page.frame, 0)}, {_ms(page.slow_frame, 0)}"
            + (_aim(page.frame, FRAME.get(nodes)) if ours else ""),
            f"{page.outside}",
        )
    return table


def _ms(milliseconds: float | None, limit: float) -> str:
    """A time in words; nothing came within the limit, or nothing could be measured."""
    if milliseconds is not None:
        return f"{milliseconds:,.0f} ms"
    return f"> {limit:,.0f} s" if limit else "–"


def _aim(milliseconds: float | None, aim: float | None) -> str:
    """Whether an aim was met; nothing where there is none."""
    if aim is None:
        return ""
    meets_aim = milliseconds is not None and milliseconds <= aim
    return f" (at most {aim:.0f}: {'met' if meets_aim else 'missed'})"


def _site(entities: int) -> pages_site.SiteTimes:
    with console.status(f"a site of {entities:,} entities"):
        times = pages_site.site(entities)
    rate = times.pages / times.seconds
    console.print(
        f"A site of {entities:,} entities: {times.pages:,} files, {times.size / 1e6:.0f} MB, in "
        f"{times.seconds:.1f} s, "
        f"{rate:.0f} a second; again with nothing changed: {times.again:.1f} s, "
        f"{times.rewritten} pages written"
    )
    if entities >= 10_000:
        console.print(_aim(times.seconds, SITE).strip())
    return times


if __name__ == "__main__":
    typer.run(main)
