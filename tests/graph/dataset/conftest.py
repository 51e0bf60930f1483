"""A small data set without faults, and a way to check texts written beside it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from graph.dataset import CheckResult, check

GOOD = """\
sources:
  - id: article
    kind: article
    title: An article
    publisher: magazine
    published: 2022-11-19
    read_on: 2023-01-01
    text_sha256: aca06c1ec7ce7f5fc29f86ee5ce02ba0bc88929a7ea1d57b1ca46fe2dd8b7a25
entities:
  - {id: tiandy, type: Company, names: Tiandy}
  - {id: irgc, type: PublicBody, names: IRGC}
  - {id: cameras, type: Technology, names: cameras}
  - {id: tehran, type: Place, names: Tehran}
  - {id: magazine, type: Organization, names: A magazine}
claims:
  - source: article
    predicate: supplies
    roles: {supplier: tiandy, recipient: irgc, item: cameras}
    modality: stated
    said_by: article
    evidence: [{paragraph: 1, start: 0, end: 4, sha256: SHA}]
    summary: Tiandy supplied cameras.
    recorded_on: 2024-01-01
    recorded_by: somebody
  - source: article
    predicate: based_in
    roles: {who: tiandy, place: tehran}
    modality: stated
    said_by: article
    evidence: [{paragraph: 2, start: 0, end: 4, sha256: SHA}]
    summary: Tiandy has an office in Tehran.
    recorded_on: 2024-01-01
    recorded_by: somebody
""".replace("SHA", "a" * 64)

#: Before what is expected to be at fault; it is removed before the text is read.
MARK = "▸"
#: At the beginning of a line with a fault that has no column.
LINE_MARK = "▹"


def marks(text: str) -> list[tuple[int, int | None]]:
    """Return line and column of every mark in a text, as they are without the marks."""
    return [
        (number, None if line.startswith(LINE_MARK) else piece_end + 1)
        for number, line in enumerate(text.split("\n"), 1)
        for piece_end in _ends(re.split(f"[{MARK}{LINE_MARK}]", line)[:-1])
    ]


def _ends(pieces: list[str]) -> list[int]:
    return [sum(map(len, pieces[: n + 1])) for n in range(len(pieces))]


@pytest.fixture
def good() -> str:
    """The text of a YAML file without fault or warning."""
    return GOOD


@pytest.fixture
def check_files(tmp_path: Path) -> Callable[..., CheckResult]:
    """Check files given as `name="text"` (`_` for the dot), beside the good one unless alone."""

    def run(alone: bool = False, **files: str | bytes) -> CheckResult:
        folder = tmp_path / "set"
        folder.mkdir(exist_ok=True)
        if not alone:
            files = {"a_good_yaml": GOOD, **files}
        for name, content in files.items():
            path = folder / ".".join(name.rsplit("_", 1))
            data = content.encode() if isinstance(content, str) else content
            path.write_bytes(data)
        return check([folder])

    return run


@pytest.fixture
def expect(check_files: Callable[..., CheckResult]) -> Callable[..., None]:
    """Check a text with the good data set: one fault at each mark, with these words."""

    def run(text: str, *words: str, suffix: str = "yaml", warning: bool = False) -> None:
        text = dedent(text)
        report = check_files(**{f"case_{suffix}": re.sub(f"[{MARK}{LINE_MARK}]", "", text)})
        faults = report.warnings if warning else report.faults
        assert [(f.line, f.column) for f in faults] == marks(text), "\n".join(map(str, faults))
        for fault, expected in zip(faults, words, strict=True):
            assert expected in str(fault)
            assert fault.path.endswith(f"case.{suffix}")

    return run
