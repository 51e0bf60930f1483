"""Fetching Neo4j's jars once, with jgo as the client of the Maven repository.

jgo only warns when a checksum differs, and writes a file under its final name while the download
is in progress. So each jar is downloaded into another folder, checked against the lock, and moved
only when it is complete.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock

from graph.disk import writing_in
from graph.errors import LocalServerError
from graph.store.local.jars import Jar, missing

if TYPE_CHECKING:
    from jgo.maven import Artifact

THREADS = 8  # downloads at a time: most jars are small, and each waits for the network
ATTEMPTS = 3  # for each jar: one hiccup among 230 should not end the whole fetch
PAUSE = 2.0  # seconds after the first attempt; twice as many after the second
NETWORK_SECONDS = 30  # of silence on one connection

Progress = Callable[[int, int], None]
"""Called with (bytes done, bytes of the whole lock), from several threads, one at a time."""


def fetch(lock: Sequence[Jar], folder: Path, progress: Progress, mirror: str | None = None) -> None:
    """Download the missing jars of the lock into `folder`; without any, no network is needed.

    Incomplete files are deleted and fetched again, and jars that the lock does not name are
    removed, since the class path contains the whole folder. `mirror` is the address of a Maven
    repository to use instead of the default. A second fetch into the same folder waits for the
    first. Raises `LocalServerError`; what was fetched until then stays.
    """
    if not missing(lock, folder) and not _strangers(lock, folder):
        return  # before writing: the folder may be read-only, as in a container image
    with writing_in(folder, LocalServerError):
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "fetch.lock"):
            for stranger in _strangers(lock, folder):
                stranger.unlink()
            _fetch_missing(lock, folder, progress, mirror)


def _strangers(lock: Sequence[Jar], folder: Path) -> list[Path]:
    names = {jar.name for jar in lock}
    return [path for path in folder.glob("*.jar") if path.name not in names]


def _fetch_missing(
    lock: Sequence[Jar], folder: Path, progress: Progress, mirror: str | None
) -> None:
    jars = missing(lock, folder)
    for cache in folder.glob("*.aot"):  # of other jars
        cache.unlink()
    for jar in jars:
        (folder / jar.name).unlink(missing_ok=True)
    total = sum(jar.size for jar in lock)
    tally = _Tally(total - sum(jar.size for jar in jars), total, progress)
    scratch = folder / "partial"
    shutil.rmtree(scratch, ignore_errors=True)  # of a fetch that was killed
    try:
        _run([_Download(jar, folder, scratch, tally, mirror) for jar in jars], tally)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _run(downloads: Sequence[_Download], tally: _Tally) -> None:
    with ThreadPoolExecutor(THREADS) as pool:
        try:
            futures = [pool.submit(download.run) for download in downloads]
            done, _ = wait(futures, return_when=FIRST_EXCEPTION)
            for future in done:
                future.result()
        except BaseException:  # Ctrl-C among them: the other threads must end too
            tally.stopped.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


class _Stopped(Exception):
    """Another jar failed, or the user cancelled: this download is no longer needed."""


class _Tally:
    """The bytes of all downloads together; `stopped` makes the threads end."""

    def __init__(self, done: int, total: int, report: Progress) -> None:
        self.stopped = threading.Event()
        self._done = done
        self._total = total
        self._report = report
        self._guard = threading.Lock()

    def add(self, count: int) -> None:
        with self._guard:
            self._done += count
            self._report(self._done, self._total)


class _Download:
    """The download of one jar through `scratch` into `folder`."""

    def __init__(
        self, jar: Jar, folder: Path, scratch: Path, tally: _Tally, mirror: str | None
    ) -> None:
        self._jar = jar
        self._folder = folder
        self._scratch = scratch
        self._tally = tally
        self._mirror = mirror
        self._received = 0

    def run(self) -> None:
        # Imported here: it takes 0.2 s, which a start with all jars in place does not need.
        from requests import RequestException
        from requests.exceptions import SSLError

        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._fetch()
            except SSLError as error:
                raise LocalServerError(
                    f"{self._jar.name} could not be fetched: the certificate of the Maven "
                    "repository is not trusted. Behind a proxy with certificates of its own, name "
                    "the file that holds them in REQUESTS_CA_BUNDLE."
                ) from error
            except RequestException as error:
                self._count(-self._received)
                if attempt == ATTEMPTS:
                    raise _unreachable(self._jar) from error
                # A broken connection often works again in a moment; stop waiting when cancelled.
                self._tally.stopped.wait(PAUSE * attempt)

    def _fetch(self) -> None:
        artifact = self._artifact()
        path = artifact.cached_path
        assert path is not None, "a context with a cache folder gives every artifact a path"
        path.unlink(missing_ok=True)  # left by a failed attempt
        try:
            artifact.resolve()
        except RuntimeError as error:  # raised by jgo for every status but 200
            raise LocalServerError(
                f"The Maven repository does not serve {self._jar.name}."
            ) from error
        if not self._jar.is_whole(path):
            raise _refused(self._jar)
        os.replace(path, self._folder / self._jar.name)
        self._count(self._jar.size - self._received)  # jgo reports nothing without a Content-Length

    def _artifact(self) -> Artifact:
        from jgo.maven import MavenContext, PythonResolver

        jar = self._jar
        context = MavenContext(
            resolver=PythonResolver(progress_callback=self._watch),
            repo_cache=self._scratch,
            remote_repos={"mirror": self._mirror.rstrip("/")} if self._mirror else None,
            timeout=NETWORK_SECONDS,
        )
        component = context.project(jar.group, jar.artifact).at_version(jar.version)
        return component.artifact(classifier=jar.classifier, packaging="jar")

    @contextmanager
    def _watch(self, name: str, size: int) -> Iterator[Callable[[int], None]]:
        """The progress callback of jgo, which calls the yielded function with each chunk's size."""
        yield self._count

    def _count(self, count: int) -> None:
        if self._tally.stopped.is_set():
            raise _Stopped
        self._received += count
        self._tally.add(count)


def _refused(jar: Jar) -> LocalServerError:
    return LocalServerError(
        f"{jar.name} as served is not the file in the lock (SHA-256 {jar.sha256}, {jar.size} "
        "bytes), and was deleted. Fetch again, or check for a proxy that alters downloads."
    )


def _unreachable(jar: Jar) -> LocalServerError:
    return LocalServerError(
        f"{jar.name} could not be fetched: the Maven repository cannot be reached, or the "
        "connection broke. The first start downloads Neo4j (161 MB); finished files are kept. "
        "Start again with a connection, or name a mirror in SIGHTLINES_MAVEN_MIRROR or a server "
        "of your own in SIGHTLINES_NEO4J_URI."
    )
