"""Fetching the jars, from a Maven repository on loopback that can misbehave."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from graph.errors import LocalServerError
from graph.store.local import Jar, download, fetch, missing, read_lock
from graph.store.local.jars import LOCK

# When a download fails, jgo lets its connection go without closing it.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")

NAMES = ("annotations-2026.09.0.jar", "asm-9.10.1.jar", "antlr4-runtime-4.13.2.jar")


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing here is back only after a while: a broken download is tried again at once."""
    monkeypatch.setattr(download, "PAUSE", 0.01)


class Mirror(ThreadingHTTPServer):
    """Serves a folder in Maven's layout; breaks off in the middle of what `breaks` names."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), partial(MirrorHandler, directory=str(folder)))
        self.folder = folder
        self.breaks: list[str] = []
        self.requests: list[str] = []

    @property
    def address(self) -> str:
        """What `fetch` takes as `mirror`."""
        return f"http://127.0.0.1:{self.server_port}"

    def file_of(self, jar: Jar) -> Path:
        """Where a jar lies in the served folder."""
        return self.folder.joinpath(*jar.group.split("."), jar.artifact, jar.version, jar.name)


class MirrorHandler(SimpleHTTPRequestHandler):
    """Sends whole files, or half of them under the header of the whole."""

    server: Mirror

    def do_GET(self) -> None:
        """Answer, and remember the name of each jar."""
        name = self.path.rpartition("/")[2]
        if name.endswith(".jar"):
            self.server.requests.append(name)
        if name not in self.server.breaks:
            return super().do_GET()
        self.server.breaks.remove(name)
        content = Path(self.translate_path(self.path)).read_bytes()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2])
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def lock() -> list[Jar]:
    """Three small jars of the real lock."""
    return [jar for jar in read_lock() if jar.name in NAMES]


@pytest.fixture
def mirror(jars: Path, lock: list[Jar], tmp_path: Path) -> Iterator[Mirror]:
    """A mirror that serves the three jars."""
    with Mirror(tmp_path / "mirror") as server:
        for jar in lock:
            server.file_of(jar).parent.mkdir(parents=True)
            shutil.copy(jars / jar.name, server.file_of(jar))
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()
    gc.collect()  # while the mark above still holds


def ignore(done: int, total: int) -> None:
    """A progress callback for tests that do not look at it."""


def test_the_lock_is_sorted_and_names_each_file_once() -> None:
    """A line for each jar, in order, as `python -m graph.store.local.lock` writes it."""
    jars = read_lock()
    keys = [(jar.group, jar.artifact, jar.version, jar.classifier) for jar in jars]
    assert len({jar.name for jar in jars}) == len(jars) == 230
    assert keys == sorted(keys)
    assert "".join(f"{jar}\n" for jar in jars) == LOCK.read_text("utf-8")


def test_an_empty_folder_is_filled(mirror: Mirror, lock: list[Jar], tmp_path: Path) -> None:
    """All jars arrive side by side, and the progress ends at their sum."""
    folder = tmp_path / "jars"
    steps: list[tuple[int, int]] = []
    fetch(lock, folder, lambda done, total: steps.append((done, total)), mirror.address)
    total = sum(jar.size for jar in lock)
    assert sorted(path.name for path in folder.glob("*.jar")) == sorted(NAMES)
    assert missing(lock, folder) == []
    assert steps[-1] == (total, total)
    assert not (folder / "partial").exists()


def test_a_full_folder_needs_no_network(mirror: Mirror, lock: list[Jar], tmp_path: Path) -> None:
    """A second fetch asks nobody, and writes nothing."""
    folder = tmp_path / "jars"
    fetch(lock, folder, ignore, mirror.address)
    (folder / "fetch.lock").unlink(missing_ok=True)
    fetch(lock, folder, ignore, "http://127.0.0.1:1")
    assert not (folder / "fetch.lock").exists()


def test_a_corrupt_jar_is_fetched_again(mirror: Mirror, lock: list[Jar], tmp_path: Path) -> None:
    """Same length, one byte changed: that jar and no other is asked for."""
    folder = tmp_path / "jars"
    fetch(lock, folder, ignore, mirror.address)
    mirror.requests.clear()
    jar = folder / NAMES[1]
    jar.write_bytes(b"\0" + jar.read_bytes()[1:])
    fetch(lock, folder, ignore, mirror.address)
    assert mirror.requests == [NAMES[1]]
    assert missing(lock, folder) == []


def test_a_jar_that_the_lock_does_not_name_is_removed(
    mirror: Mirror, lock: list[Jar], tmp_path: Path
) -> None:
    """The class path takes the whole folder, so that nothing else may lie there."""
    folder = tmp_path / "jars"
    fetch(lock, folder, ignore, mirror.address)
    (folder / "stranger.jar").write_bytes(b"")
    fetch(lock, folder, ignore, mirror.address)
    assert not (folder / "stranger.jar").exists()


def test_a_download_that_breaks_off_once_is_tried_again(
    mirror: Mirror, lock: list[Jar], tmp_path: Path
) -> None:
    """One hiccup does not end the fetch, and its bytes are not counted twice."""
    mirror.breaks = [NAMES[2]]
    steps: list[int] = []
    fetch(lock, tmp_path / "jars", lambda done, total: steps.append(done), mirror.address)
    assert mirror.requests.count(NAMES[2]) == 2
    assert steps[-1] == sum(jar.size for jar in lock) == max(steps)


def test_a_fetch_that_broke_off_is_resumed(mirror: Mirror, lock: list[Jar], tmp_path: Path) -> None:
    """What arrived whole stays; half a file does not; the next fetch asks for the rest only."""
    folder = tmp_path / "jars"
    mirror.breaks = [NAMES[2]] * 3
    with pytest.raises(LocalServerError, match=r"antlr4-runtime.* connection broke.* are kept"):
        fetch(lock, folder, ignore, mirror.address)
    rest = {jar.name for jar in missing(lock, folder)}
    assert NAMES[2] in rest
    assert not (folder / NAMES[2]).exists()
    mirror.requests.clear()
    fetch(lock, folder, ignore, mirror.address)
    assert set(mirror.requests) == rest
    assert missing(lock, folder) == []


def test_what_a_killed_fetch_left_is_cleared(
    mirror: Mirror, lock: list[Jar], tmp_path: Path
) -> None:
    """Half a download in the folder for downloads is never taken for a jar."""
    folder = tmp_path / "jars"
    half = folder / "partial" / mirror.file_of(lock[0]).relative_to(mirror.folder)
    half.parent.mkdir(parents=True)
    half.write_bytes(b"half")
    fetch(lock, folder, ignore, mirror.address)
    assert missing(lock, folder) == []


def test_a_wrong_jar_is_refused_by_name(mirror: Mirror, lock: list[Jar], tmp_path: Path) -> None:
    """What differs from the lock never reaches the folder."""
    folder = tmp_path / "jars"
    mirror.file_of(lock[0]).write_bytes(b"\0" * lock[0].size)
    with pytest.raises(LocalServerError, match=f"{lock[0].name} as served is not"):
        fetch(lock, folder, ignore, mirror.address)
    assert not (folder / lock[0].name).exists()


def test_a_jar_that_is_not_served_is_named(mirror: Mirror, lock: list[Jar], tmp_path: Path) -> None:
    """A mirror that lacks a jar is told apart from no network."""
    mirror.file_of(lock[1]).unlink()
    with pytest.raises(LocalServerError, match=f"does not serve {lock[1].name}"):
        fetch(lock, tmp_path / "jars", ignore, mirror.address)


def test_without_a_network_the_error_says_what_to_do(lock: list[Jar], tmp_path: Path) -> None:
    """Nobody listens at that address: the size, the mirror and the own server are named."""
    with pytest.raises(LocalServerError) as error:
        fetch(lock, tmp_path / "jars", ignore, "http://127.0.0.1:1")
    for hint in ("161 MB", "SIGHTLINES_MAVEN_MIRROR", "SIGHTLINES_NEO4J_URI"):
        assert hint in str(error.value)


def test_a_cache_folder_that_cannot_be_made_is_named(lock: list[Jar], tmp_path: Path) -> None:
    """A file where the folder should be."""
    (tmp_path / "cache").write_text("")
    with pytest.raises(LocalServerError, match="cache/jars cannot be used"):
        fetch(lock, tmp_path / "cache" / "jars", ignore, "http://127.0.0.1:1")
