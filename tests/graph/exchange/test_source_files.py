"""The files with which somebody begins to write the claims of a source."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph.dataset import check
from graph.errors import InputError
from graph.exchange.source_files import write_source
from graph.model import Source
from graph.text import Text

TEXT = Text(("One: the “first” paragraph. " * 9, "# [Two] {it} - says: no"))
SOURCE = Source(
    id="gazette",
    kind="article",
    title="Yes: “cameras” #1",
    publisher="The Gazette",
    published="2022",
    read_on=date(2022, 2, 3),
    lang="fa",
    authors=("Ada Moss",),
    text_sha256=TEXT.sha256,
)
DAY = date(2022, 2, 3)


def test_they_are_read_as_they_were_meant(tmp_path: Path) -> None:
    """The record comes back; each paragraph has a stub that is a claim once it is filled in."""
    records, claims = write_source(tmp_path, SOURCE, TEXT, recorded_on=DAY, recorded_by="me")
    sources: list[Any] = []
    report = check([tmp_path], sources.append)
    assert report.ok and report.counts["claim"] == 0
    assert [r.model_copy(update={"datasets": ()}) for r in sources] == [SOURCE]
    text = claims.read_text("utf-8")
    assert [line[4:6] for line in text.splitlines() if re.match(r"  # \d", line)] == ["1:", "2:"]
    assert max(map(len, text.splitlines())) <= 100
    stub = text.split("  # 2:")[1].partition("\n")[2]
    filled = (
        stub.replace("  # ", "  ")
        .replace("predicate:", "predicate: has_attribute")
        .replace("{}", "{subject: x}\n    details: {what: said}")
        .replace("summary:", "summary: S.")
        .replace('""', '"says"')
    )
    claims.write_text(text.removesuffix(stub) + filled, "utf-8")
    records.write_text(
        records.read_text("utf-8").replace(
            "# - {id: , type: , names: }", "- {id: x, type: Event, names: X}"
        ),
        "utf-8",
    )
    report = check([tmp_path])
    assert report.ok and report.counts["claim"] == 1
    assert set(report.warning_counts) == {"publisher", "unpinned"}


@pytest.mark.parametrize("name", ["gazette.yaml", "gazette.claims.yaml"])
def test_nothing_is_written_over(tmp_path: Path, name: str) -> None:
    """Where one file is there, neither is written."""
    (tmp_path / name).write_text("# mine", "utf-8")
    with pytest.raises(InputError, match=f"{name}: it is there already. No file was written"):
        write_source(tmp_path, SOURCE, TEXT, recorded_on=DAY, recorded_by="me")
    assert [path.read_text("utf-8") for path in tmp_path.iterdir()] == ["# mine"]
