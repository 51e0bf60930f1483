"""How long `text pin` takes: `python -m bench.pin [--passages 100] [--paragraphs 200]`.

A text and a file of claims are made up, each passage is quoted with straight quotation marks, other
dashes and line ends, and all are pinned in one call. Beside it, in the same run: reading the file
as YAML, which `pin` does twice.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from graph.dataset.edit_yaml import pin
from graph.dataset.files import DataFile, find_files
from graph.dataset.read_yaml import read_yaml
from graph.text import Text

_WORDS = [
    "city",
    "camera",
    "ministry",
    "“network”",
    "firm’s",
    "north—south",
    "sold",
    "bought",
    "under",
    "law",
    "by",
    "night",
]
_CLAIM = """\
  - predicate: has_attribute
    roles: {subject: firm}
    details: {what: NUMBER}
    evidence: 'PASSAGE'
    summary: One sentence in our own words.
"""


def main() -> None:
    """Print the medians of five runs in milliseconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=100)
    parser.add_argument("--paragraphs", type=int, default=200)
    options = parser.parse_args()
    draw = random.Random(1)
    paragraphs = [[*draw.choices(_WORDS, k=60), f"{n}."] for n in range(options.paragraphs)]
    text = Text(tuple(" ".join(words) for words in paragraphs))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "claims.yaml")
        content = "".join(
            _CLAIM.replace("NUMBER", str(n)).replace("PASSAGE", _quoted(draw.choice(paragraphs)))
            for n in range(options.passages)
        )
        pinning, reading = [], []
        for _ in range(5):
            path.write_text(f"defaults: {{source: paper}}\nclaims:\n{content}", encoding="utf-8")
            (file,), _ = find_files([path])
            reading.append(_milliseconds(lambda file=file: list(read_yaml(file))))
            fresh = Text(text.paragraphs)  # what it has folded is not remembered
            pinning.append(_milliseconds(lambda file=file, fresh=fresh: _pin(file, fresh, options)))
    print(f"{options.passages} passages in {options.paragraphs} paragraphs, medians of 5 runs:")
    print(f"pin {median(pinning):.0f} ms, reading the file {median(reading):.0f} ms")


def _quoted(words: list[str]) -> str:
    """Return the last words of a paragraph, as somebody types them."""
    passage = "\n      ".join(words[-20:])
    return passage.translate(str.maketrans({"“": '"', "”": '"', "’": "''", "—": "-"}))


def _pin(file: DataFile, text: Text, options: argparse.Namespace) -> None:
    count, faults = pin(file, lambda _: text)
    assert (count, faults) == (options.passages, []), faults[:3]


def _milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1_000


if __name__ == "__main__":
    main()
