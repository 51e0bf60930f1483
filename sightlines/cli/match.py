"""`match`: pairs of entities that may be the same, decided one by one into judgements."""

from __future__ import annotations

import getpass
import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from graph import dataset
from graph.dataset.read_yaml import compose
from graph.disk import write_whole, writing_in
from graph.errors import InputError
from graph.model import Entity
from graph.same import Pair, propose
from sightlines.cli.app import app
from sightlines.cli.parameters import AsJson, Paths
from sightlines.console import facts, out, say

#: What a person may answer, and the verdict that it is.
_VERDICTS = {"s": "same", "d": "different", "u": "unsure"}
_QUESTION = "[s]ame, [d]ifferent, [u]nsure, s[k]ip, undo [z], [q]uit"


@app.command("match")
def match_command(
    paths: Paths,
    to: Annotated[
        Path | None, typer.Option(help="File of judgements to write to; it ends with them.")
    ] = None,
    least: Annotated[float, typer.Option(help="The least score.", min=0, max=1)] = 0.85,
    limit: Annotated[int, typer.Option(help="How many pairs at most.", min=1)] = 100,
    by: Annotated[str | None, typer.Option(help="Who decides.")] = None,
    as_json: AsJson = False,
) -> None:
    """Propose entities that may be the same, with a score and its reasons. A person decides.

    With --to and a terminal each pair is asked about, and the answer becomes a judgement.

    Example: [bold]sightlines match seeds/ lists/ --to seeds/judgements.yaml[/bold]
    """
    data = dataset.read(paths)
    pairs = propose(list(data.entities.values()), data.judgements, least)
    if as_json:
        facts([_facts(pair) for pair in pairs[:limit]])
        return
    if to is None or not sys.stdin.isatty():
        for pair in pairs[:limit]:
            out.print(f"{pair.score:.2f}  {_words(pair.left)}  =?  {_words(pair.right)}")
            out.print(f"      {'; '.join(pair.reasons)}")
        say(f"{len(pairs):,} pairs of at least {least}.")
        return
    _ask(pairs[:limit], JudgementFile(to), by or getpass.getuser())


def _ask(pairs: list[Pair], file: JudgementFile, by: str) -> None:
    number = 0
    while number < len(pairs):
        pair = pairs[number]
        out.print(f"\n{number + 1} of {len(pairs)}, {pair.score:.2f}: {'; '.join(pair.reasons)}")
        for entity in (pair.left, pair.right):
            out.print(f"  {_words(entity)}: {', '.join(n.text for n in entity.names[1:])}")
        answer = typer.prompt(_QUESTION, default="k").strip().lower()[:1]
        if answer == "q":
            break
        if answer == "z":
            number = max(number - 1, 0)
            file.undo()
            continue
        if answer in _VERDICTS:
            reason = typer.prompt("Why", default="; ".join(pair.reasons))
            file.add(pair, _VERDICTS[answer], by, reason)
        elif answer != "k":
            continue
        else:
            file.skip()
        number += 1
    say(f"{file.path} has {file.count} new judgements.")


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
        self._steps.append("".join(f"  {line}\n" for line in text.splitlines()))
        self._write()

    def skip(self) -> None:
        """Note a pair that nothing is written of."""
        self._steps.append("")

    def undo(self) -> None:
        """Take the last step back."""
        if self._steps and self._steps.pop():
            self._write()

    def _write(self) -> None:
        with writing_in(self.path.parent, InputError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self.path, (self._start + "".join(self._steps)).encode())


def _words(entity: Entity) -> str:
    return f"{entity.label} ({entity.id}, {entity.type})"


def _facts(pair: Pair) -> dict[str, Any]:
    sides = {"left": pair.left, "right": pair.right}
    return {
        **{side: {"id": e.id, "label": e.label, "type": e.type} for side, e in sides.items()},
        "score": pair.score,
        "reasons": list(pair.reasons),
    }
