"""`key`: who may do more than anybody on a server that others can reach."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from api.http.auth import RIGHTS, Key, Right, new_key, read_keys, write_keys
from graph.errors import InputError
from sightlines.cli.app import key
from sightlines.cli.parameters import AsJson
from sightlines.console import facts, out, say
from sightlines.settings import read_settings

_NAME = re.compile("[a-z0-9][a-z0-9-]{0,60}")


@key.command("add")
def add_command(
    name: Annotated[str, typer.Argument(help="Who gets it: a slug, such as newsroom.")],
    scope: Annotated[
        list[str] | None, typer.Option(help=f"{', '.join(RIGHTS)}; none given: read.")
    ] = None,
) -> None:
    """Make a key and print it, once: only its fingerprint is kept.

    Example: [bold]sightlines key add newsroom --scope read --scope cypher[/bold]
    """
    file, held = _held()
    if not _NAME.fullmatch(name):
        raise InputError(f"{name!r} is no slug: small letters, digits and hyphens.")
    if any(given.name == name for given in held.values()):
        raise InputError(f"There is a key for {name!r}: remove it first, or give another name.")
    token, made = new_key(name, _scopes(scope or ["read"]))
    write_keys(file, {**held, made.sha256: made})
    say(f"The key for {name}. Hand it over now, it is not shown again; a server that runs takes it")
    say("when it is started anew.")
    out.print(token, markup=False)


@key.command("list")
def list_command(as_json: AsJson = False) -> None:
    """Say who holds a key, and what it may do.

    Example: [bold]sightlines key list[/bold]
    """
    _, held = _held()
    found = sorted(held.values(), key=lambda given: given.name)
    if as_json:
        facts([{"name": given.name, "scopes": sorted(given.scopes)} for given in found])
        return
    for given in found:
        out.print(f"{given.name}  {' '.join(sorted(given.scopes))}", markup=False)


@key.command("remove")
def remove_command(name: Annotated[str, typer.Argument(help="Whose key it is.")]) -> None:
    """Take a key back: a server takes it no longer once it is started anew.

    Example: [bold]sightlines key remove newsroom[/bold]
    """
    file, held = _held()
    kept = {sha256: given for sha256, given in held.items() if given.name != name}
    if len(kept) == len(held):
        names = ", ".join(sorted(given.name for given in held.values())) or "none"
        raise InputError(f"There is no key for {name!r}; there are {names}.")
    write_keys(file, kept)
    say(f"The key for {name} is removed.")


def _held() -> tuple[Path, dict[str, Key]]:
    file = read_settings().keys_file
    try:
        return file, read_keys(file)
    except ValueError as error:
        raise InputError(f"{error}: move it away, and make the keys anew.") from error


def _scopes(given: list[str]) -> list[Right]:
    unknown = [word for word in given if word not in RIGHTS]
    if unknown:
        raise InputError(f"There is no scope {unknown[0]!r}; there are {', '.join(RIGHTS)}.")
    return [right for right in RIGHTS if right in given]
