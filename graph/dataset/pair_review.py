"""Pairs that may be the same, decided one by one: each answer is a judgement in a file at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import yaml

from graph.dataset.read_yaml import compose
from graph.disk import write_whole, writing_in
from graph.errors import InputError
from graph.same import Pair


class PairReview:
    """Pairs in their order, the one that is to be decided, and the file of judgements."""

    def __init__(self, pairs: Sequence[Pair], path: Path, by: str) -> None:
        self.pairs = pairs
        self.number = 0
        self._file = JudgementFile(path)
        self._by = by

    @property
    def path(self) -> Path:
        """The file of judgements."""
        return self._file.path

    @property
    def count(self) -> int:
        """How many judgements were added."""
        return self._file.count

    @property
    def pair(self) -> Pair | None:
        """The pair that is to be decided; None after the last one."""
        return self.pairs[self.number] if self.number < len(self.pairs) else None

    def judge(self, verdict: str, reason: str) -> None:
        """Write a judgement on the pair, and go to the next one. Raises `InputError`."""
        assert self.pair is not None
        self._file.add(self.pair, verdict, self._by, reason)
        self.number += 1

    def skip(self) -> None:
        """Go to the next pair, and write nothing."""
        assert self.pair is not None
        self._file.skip()
        self.number += 1

    def undo(self) -> None:
        """Go back to the pair before, and take back what was written of it."""
        if self.number:
            self._file.undo()
            self.number -= 1


class JudgementFile:
    """A YAML file that ends with judgements. Each step is written at once, and can be undone."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._start = path.read_text(encoding="utf-8") if path.exists() else "judgements:\n"
        root, faults = compose(self._start)
        keys = [key.value for key, _ in root.value] if isinstance(root, yaml.MappingNode) else []
        if faults or keys[-1:] != ["judgements"]:
            raise InputError(f"{path} does not end with `judgements:`. Name another file.")
        if not self._start.endswith("\n"):
            self._start += "\n"
        self._steps: list[str] = []
        self._content = path.read_bytes() if path.exists() else b""

    @property
    def count(self) -> int:
        """How many judgements were added."""
        return sum(map(bool, self._steps))

    def add(self, pair: Pair, verdict: str, by: str, reason: str) -> None:
        """Add a judgement on a pair, and write the file."""
        fields = {
            "left": pair.left.id,
            "right": pair.right.id,
            "verdict": verdict,
            "by": by,
            "on": date.today().isoformat(),
            "reason": reason,
        }
        text = yaml.safe_dump([fields], allow_unicode=True, sort_keys=False, width=100)
        self._write([*self._steps, "".join(f"  {line}\n" for line in text.splitlines())])

    def skip(self) -> None:
        """Note a pair that nothing is written of."""
        self._steps.append("")

    def undo(self) -> None:
        """Take the last step back; there has to be one."""
        *steps, last = self._steps
        if last:
            self._write(steps)
        else:
            self._steps = steps

    def _write(self, steps: list[str]) -> None:
        """Write the file with some steps; nothing where another program has changed it since."""
        content = (self._start + "".join(steps)).encode()
        if (self.path.read_bytes() if self.path.exists() else b"") != self._content:
            raise InputError(f"{self.path} was changed by somebody else. Start again.")
        with writing_in(self.path.parent, InputError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self.path, content)
        self._content, self._steps = content, steps
