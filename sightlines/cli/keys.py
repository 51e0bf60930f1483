"""`key`: API keys of a server that others can reach."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from api.keys import RIGHTS, Key, Right, new_key, read_keys, write_keys
from graph.disk import writing_in
from graph.errors import InputError
from sightlines.cli import app
from sightlines.cli.parameters import AsJson
from sightlines.console import facts, out, say
from sightlines.settings import read_settings

_NAME = re.compile("[a-z0-9][a-z0-9-]{0,60}")


@app.key.command("add")
def add_command(
    name: Annotated[str, typer.Argument(help="The holder: a slug, such as newsroom.")],
    scope: Annotated[
        list[str] | None, typer.Option(help=f"{', '.join(RIGHTS)}; default: read.")
    ] = None,
) -> None:
    """Create a key and print it, once: only its fingerprint is stored.

    Example: [bold]sightlines key add newsroom --scope read --scope cypher[/bold]
    """
    file, keys = _read_keys()
    if not _NAME.fullmatch(name):
        raise InputError(f"{name!r} is not a slug: lower-case letters, digits and hyphens.")
    if any(key.name == name for key in keys.values()):
        raise InputError(f"There is a key for {name!r}: remove it first, or give another name.")
    token, key = new_key(name, _scopes(scope or ["read"]))
    with writing_in(file.parent, InputError):
        write_keys(file, {**keys, key.sha256: key})
    say(f"The key for {name}. Hand it over now, it is not shown again. A running server accepts it")
    say("after a restart.")
    out.print(token)


@app.key.command("list")
def list_command(as_json: AsJson = False) -> None:
    """List the holders of keys, and what each key may do.

    Example: [bold]sightlines key list[/bold]
    """
    keys = sorted(_read_keys()[1].values(), key=lambda key: key.name)
    if as_json:
        facts([{"name": key.name, "scopes": sorted(key.scopes)} for key in keys])
        return
    for key in keys:
        out.print(f"{key.name}  {' '.join(sorted(key.scopes))}")


@app.key.command("remove")
def remove_command(name: Annotated[str, typer.Argument(help="The holder of the key.")]) -> None:
    """Revoke a key; a running server refuses it after a restart.

    Example: [bold]sightlines key remove newsroom[/bold]
    """
    file, keys = _read_keys()
    rest = {sha256: key for sha256, key in keys.items() if key.name != name}
    if len(rest) == len(keys):
        names = ", ".join(sorted(key.name for key in keys.values())) or "none"
        raise InputError(f"There is no key for {name!r}; there are {names}.")
    with writing_in(file.parent, InputError):
        write_keys(file, rest)
    say(f"The key for {name} is removed.")


def _read_keys() -> tuple[Path, dict[str, Key]]:
    file = read_settings().keys_file
    try:
        return file, read_keys(file)
    except ValueError as error:
        raise InputError(f"{error}: move it away, and create the keys again.") from error


def _scopes(names: list[str]) -> list[Right]:
    unknown = [name for name in names if name not in RIGHTS]
    if unknown:
        raise InputError(f"There is no scope {unknown[0]!r}; there are {', '.join(RIGHTS)}.")
    return [right for right in RIGHTS if right in names]
