"""Parameters of several commands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Paths = Annotated[
    list[Path],
    typer.Argument(help="Files and folders of the data set (.yaml, .jsonl).", show_default=False),
]
#: The current folder, where a command may do without paths.
HERE = [Path()]
DataPaths = Annotated[
    list[Path],
    typer.Argument(
        help="Files and folders to read (.yaml, .jsonl).", show_default="the current folder"
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Port = Annotated[
    int | None,
    typer.Option(help="Port of the API and the pages.", min=1, max=65535, show_default="8000"),
]
