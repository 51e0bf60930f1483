"""The words of the project's own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).with_name("vocabulary.yaml")


@cache
def vocabulary() -> Mapping[str, str]:
    """Return what each word means, in one sentence, in the order of the alphabet."""
    words: dict[str, str] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return words
