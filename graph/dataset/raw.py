"""Records as they stand in a file, before anybody knows whether they are any good."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from pydantic_core import from_json

from graph.dataset.files import DataFile
from graph.dataset.json_line import read_line
from graph.dataset.node import Broken, Node, Path
from graph.faults import shorten
from graph.model import Claim, Entity, Judgement, Record, Source

MODELS: Mapping[str, type[Record]] = {
    "source": Source,
    "entity": Entity,
    "judgement": Judgement,
    "claim": Claim,
}
UTF8_MARK = b"\xef\xbb\xbf"
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


class Place(NamedTuple):
    """Where a record begins."""

    file: DataFile
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file.shown}:{self.line}"


@dataclass(slots=True)
class Raw:
    """A record as it was found: the bytes of its JSON, and what tells its places.

    `number` counts from 1 among the records of its kind in its file. A record from YAML has a node;
    one from a line of JSON has the whole line instead, which is read again if a place is asked for.
    """

    file: DataFile
    kind: str
    number: int
    line: int
    data: bytes
    whole: bytes = b""
    node: Node | None = None

    @property
    def is_claim(self) -> bool:
        """Whether it is read in the second round."""
        return self.kind == "claim"

    def tree(self) -> Node | None:
        """Return the record's tree, or None where its line cannot be read."""
        if self.node is not None:
            return self.node
        outer, _ = read_line(self.whole, self.line)
        return next((value for _, _, value in outer.items()), None) if outer else None

    def plain(self) -> dict[str, Any]:
        """Return the record as plain values; empty where it is no mapping or cannot be read."""
        try:
            found = from_json(self.data)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def place(self, path: Path, on_key: bool = False) -> tuple[int, int]:
        """Return line and column of a field, or of the nearest thing around it."""
        if not path and self.node is None:
            return self.line, 1
        tree = self.tree()
        return tree.find(path, on_key) if tree else (self.line, 1)

    def begin(self) -> Place:
        """Return where the record begins."""
        return Place(self.file, *self.place(()))

    def label(self) -> str:
        """Return how a fault names the record: `claim 3 (supplies)`, `entity tiandy`."""
        named = self.plain().get("predicate" if self.is_claim else "id")
        shown = shorten(named) if isinstance(named, str) else ""
        if self.is_claim:
            return f"claim {self.number} ({shown})" if shown else f"claim {self.number}"
        return f"{self.kind} {shown or self.number}"


class Stray(NamedTuple):
    """Something in a file that is no record.

    `warning` if the file can be read nevertheless; `lost` if records may stand there unread.
    """

    broken: Broken
    value: str = ""
    warning: bool = False
    lost: bool = True


#: Told of strays as they are found.
Tell = Callable[[Stray], None]
#: Told of a name that a file gives the data set, and of its line and column.
Named = Callable[[str, int, int], None]

EMPTY = Stray(Broken(1, 1, "the file is empty"), warning=True)


def encoding_stray(start: bytes) -> Stray | None:
    """Return what is to be said of a file's first bytes, if anything."""
    if start.startswith(UTF16_MARKS) or b"\x00" in start[:4]:
        return Stray(Broken(1, 1, "the file is UTF-16 or UTF-32", "Save it as UTF-8."))
    if start.startswith(UTF8_MARK):
        message = "the file begins with a byte order mark, which is passed over"
        return Stray(Broken(1, 1, message, "Save it as UTF-8 without one."), warning=True)
    return None
