"""The editor of the page /cypher: CodeMirror, as a jar from the Maven repository (a WebJar).

It is fetched as Neo4j's jars are, against a lock with its hash, and read from there; no file of it
is in this package. Without it the page has a plain text field.
"""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

from graph.errors import LocalServerError
from graph.store import local
from sightlines.connect import WAIT
from sightlines.console import say, waiting
from sightlines.settings import Settings
from viz.editor import Editor

VERSION = "5.65.20"
LOCK = Path(__file__).with_name(f"codemirror-{VERSION}.lock")
_FOLDER = f"META-INF/resources/webjars/codemirror/{VERSION}"
#: Each may use those before it.
_SCRIPTS = (
    "lib/codemirror.js",
    "mode/cypher/cypher.js",
    "addon/edit/matchbrackets.js",
    "addon/hint/show-hint.js",
)
_STYLES = ("lib/codemirror.css", "addon/hint/show-hint.css")


def fetch_editor(settings: Settings) -> None:
    """Fetch the jar once; where that fails, say that the page does without it."""
    lock, folder = local.read_lock(LOCK), _folder(settings)
    try:
        with waiting("Getting the editor of /cypher (once, 1 MB)", after=WAIT):
            local.fetch(lock, folder, lambda done, total: None, settings.maven_mirror)
    except LocalServerError as error:
        say(f"The page /cypher has a plain text field for queries: {error}")


def read_editor(settings: Settings) -> Editor | None:
    """Return the editor if its jar is there, whole."""
    (jar,) = local.read_lock(LOCK)
    path = _folder(settings) / jar.name
    if not jar.is_whole(path):
        return None
    with ZipFile(path) as archive:
        texts = {name: archive.read(f"{_FOLDER}/{name}").decode() for name in _SCRIPTS + _STYLES}
    script = "\n".join(texts[name] for name in _SCRIPTS)
    return Editor(script, "\n".join(texts[name] for name in _STYLES))


def _folder(settings: Settings) -> Path:
    return settings.cache_folder / f"codemirror-{VERSION}"
