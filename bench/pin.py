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
from pathlib import Path
from statistics import median

from graph.dataset.edit_yaml import pin
from graph.dataset.files import find_files
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
            _CLAIM.replace("NUMBER", str(n)).replace("PASSAGE", _typing(draw.choice(paragraphs)))
            for n in range(options.passages)
        )
        pinning, reading = [], []
        for _ in range(5):
            path.write_text(f"defaults: {{source: paper}}\nclaims:\n{content}", encoding="utf-8")
            (file,), _ = find_files([path])
            start = time.perf_counter()
            assert list(read_yaml(file))
            reading.append(time.perf_counter() - start)
            fresh = Text(text.paragraphs)  # what it has folded is not remembered
            start = time.perf_counter()
            count, faults = pin(file, {"paper": fresh}.__getitem__)
            pinning.append(time.perf_counter() - start)
            assert (count, faults) == (options.passages, []), faults[:3]
    print(f"{options.passages} passages in {options.paragraphs} paragraphs, medians of 5 runs:")
    print(f"pin {median(pinning) * 1e3:.0f} ms, reading the file {median(reading) * 1e3:.0f} ms")


def _typing(words: list[str]) -> str:
    """Return the last words of a paragraph, as somebody types them."""
    passage = "\n      ".join(words[-20:])
    for typeset, typed in ("“", '"'), ("”", '"'), ("’", "''"), ("—", "-"):
        passage = passage.replace(typeset, typed)
    return passage


if __name__ == "__main__":
    main()
