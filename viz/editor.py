"""A script that turns the text field of queries into an editor, and its style sheet."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup


@dataclass(frozen=True)
class Editor:
    """CodeMirror, as its package has it. Raises `ValueError` for texts that end their element."""

    script: str
    style: str

    def __post_init__(self) -> None:
        if "</script" in self.script or "<!--" in self.script or "</style" in self.style:
            raise ValueError("the editor's files cannot stand in a page")

    @cached_property
    def scripts(self) -> tuple[Markup, ...]:
        """What the page runs before its own scripts."""
        # A browser hashes what it has read, without carriage returns.
        return (Markup(self.script.replace("\r\n", "\n")),)

    @cached_property
    def styles(self) -> tuple[Markup, ...]:
        """What the page has beside its own style sheet."""
        return (Markup(self.style.replace("\r\n", "\n")),)
