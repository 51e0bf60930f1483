"""Below a path of another host, behind nginx: one setting, and everything leads where it should."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import httpx2
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.config import Exposure
from graph.store.address import Address
from graph.store.connection import Store
from graph.text import TextStore
from sightlines.client import Client
from sightlines.wheel import install
from tests.conftest import STORIES
from tests.http_server import listening

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
PATH = "/research/sightlines/"
CONFIGURATION = """
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{}}
http {{
  access_log off;
  proxy_max_temp_file_size 0;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    location {path} {{ proxy_pass {server}{stripped}; }}
  }}
}}
"""
#: Addresses that are followed at most, of each kind of page or answer.
MOST = 4
#: Whatever begins like this leads past the path.
ASTRAY = re.compile(
    r"""["'(<>\s=](/(?:v1|entity|tie|source|story|graph|timeline|compare|path|search|docs|client)\b"""
    r"""[^"'\s<]*|[a-z]+://(?:127\.0\.0\.1|testserver)[^"'\s<]*)"""
)

pytestmark = pytest.mark.skipif(
    NGINX is None, reason="nginx is not installed: apt-get install nginx-light"
)


@dataclass(frozen=True)
class Proxy:
    """A server behind nginx: its public address, and where nginx really listens."""

    public: str
    real: str
    http: httpx2.Client

    def get(self, url: str, **headers: str) -> httpx2.Response:
        """Ask for a public address."""
        assert url.startswith(self.public), url
        return self.http.get(self.real + url.removeprefix(self.public), headers=headers)


class Patient(Store):
    """Waits for plans as long as a busy machine may take; no test here is about time."""

    def __init__(self, address: Address | Callable[[], Address]) -> None:
        super().__init__(address, patience=120.0)


@contextmanager
def nginx(folder: Path, port: int, server: str, *, whole: bool) -> Iterator[None]:
    """Run nginx before a server; it passes the path on `whole`, or cuts its own part off."""
    text = CONFIGURATION.format(
        folder=folder, port=port, path=PATH, server=server, stripped="" if whole else "/"
    )
    file = folder / "nginx.conf"
    file.write_text(text)
    process = subprocess.Popen([str(NGINX), "-e", str(folder / "error.log"), "-c", str(file)])
    try:
        while True:
            assert process.poll() is None, (folder / "error.log").read_text()
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.02)
        yield
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(params=["https://example.org", None], ids=["named", "reached"], scope="module")
def proxy(
    request: pytest.FixtureRequest,
    api: TestClient,
    address: Address,
    texts: TextStore,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Proxy]:
    """The seeds behind nginx: at a name, the path cut off; or where nginx listens, passed whole."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    real = f"http://127.0.0.1:{port}"
    public = f"{request.param or real}{PATH}"
    exposure = Exposure(hosts=("*",), url=public)
    app = create_app(
        address,
        version="0",
        texts=texts,
        stories=STORIES,
        exposure=exposure,
        store_class=Patient,
    )
    install(app)

    @app.get("/broken")
    async def broken() -> None:
        raise ZeroDivisionError

    folder = tmp_path_factory.mktemp("nginx")
    with (
        listening(app) as server,
        nginx(folder, port, server, whole=request.param is None),
        httpx2.Client(timeout=300) as http,
    ):
        yield Proxy(public, f"{real}{PATH}", http)


def addresses(answer: httpx2.Response, url: str) -> Iterator[str]:
    """Yield what a page or an answer leads to, as whole addresses."""
    text = answer.text
    if answer.headers["content-type"].startswith("text/html"):
        markup = re.sub(r"<script\b.*?</script>", "", text, flags=re.DOTALL)
        for link in re.findall(r'(?:href|src|action)="([^"#][^"]*)"', markup):
            yield urljoin(url, html.unescape(link))
    elif "json" in answer.headers["content-type"]:
        yield from (urljoin(url, link) for link in links_in(answer.json()))
    for link in re.findall(r"<([^>]+)>; rel", answer.headers.get("link", "")):
        yield urljoin(url, link)


def links_in(value: object) -> Iterator[str]:
    """Yield every text of an answer that is an address of the server."""
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from links_in(item)
    elif isinstance(value, str) and PATH in value and " " not in value:
        yield value


def kind_of(url: str) -> str:
    """The kind of page or answer that an address leads to."""
    path, _, query = url.partition("?")
    parts = path.partition(PATH)[2].split("/")
    return "/".join([*parts[: 2 if parts[0] == "v1" else 1], query.partition("=")[0]])


def test_everything_leads_below_the_path(proxy: Proxy) -> None:
    """From the home page and the lists on, every link of every page and answer is followed."""
    starts = ["", "docs", "openapi.json", "client/", "v1/ties?limit=1", "v1/entities?limit=2"]
    starts += ["v1/claims?limit=1", "v1/snapshots", "v1/datasets", "v1/analyses", "v1/ties.csv"]
    starts += ["v1/search?q=tiandy", "v1/paths?from=china&to=iran-protesters", "path?from=x&to=y"]
    starts += ["v1/ties/tiandy/SUPPLIES/irgc", "v1/graph?limit=2", "cypher?statement=RETURN+1"]
    waiting = [proxy.public + start for start in starts]
    followed: dict[str, list[str]] = {}
    while waiting:
        url = waiting.pop(0).partition("#")[0]
        of_kind = followed.setdefault(kind_of(url), [])
        if url in of_kind or len(of_kind) >= MOST or ("/docs/files/" in url and of_kind):
            continue
        of_kind.append(url)
        answer = proxy.get(url)
        assert answer.status_code == 200, (url, answer.text[:300])
        if answer.headers["content-type"].partition(";")[0] in ("application/zip", "text/css"):
            continue
        # A description names paths, which its `servers` complete.
        if not url.endswith((".js", "openapi.json")):
            assert ASTRAY.search(answer.text.replace(proxy.public, "")) is None, url
        waiting += [link for link in addresses(answer, url) if link.startswith(proxy.public[:-1])]
    assert len(followed) > 25 and sum(map(len, followed.values())) > 50


def test_what_is_said_names_the_public_address(proxy: Proxy) -> None:
    """Citation, permalink, `next`, `Location`, problems, and the command for the client."""
    tie = proxy.get(f"{proxy.public}v1/ties/tiandy/SUPPLIES/irgc").json()
    for text in (tie["meta"]["permalink"], tie["cite"]["text"], tie["cite"]["bibtex"]):
        assert f"{proxy.public}v1/ties/tiandy/SUPPLIES/irgc?seen_in=" in text
    part = proxy.get(f"{proxy.public}v1/ties?limit=1")
    assert part.json()["next"].startswith(f"{proxy.public}v1/ties?limit=1&cursor=")
    assert part.links["next"]["url"] == part.json()["next"]
    redirect = proxy.get(f"{proxy.public}v1/ties/?limit=1")
    assert redirect.status_code == 307
    assert redirect.headers["location"] == f"{proxy.public}v1/ties?limit=1"
    missing = proxy.get(f"{proxy.public}v1/entities/tiandi").json()
    assert missing["instance"] == f"{PATH}v1/entities/tiandi"
    assert missing["type"].startswith(f"{PATH}docs/problems#")
    assert missing["near"][0]["link"] == f"{PATH}v1/entities/tiandy"
    for path, code, headers in (
        ("v1/export/ties.csv", "range", {"Range": "bytes=99999999-"}),
        ("broken", "internal", {}),
    ):
        problem = proxy.get(f"{proxy.public}{path}", **headers).json()
        assert problem["instance"] == f"{PATH}{path}"
        assert problem["type"] == f"{PATH}docs/problems#{code}"
    assert proxy.get(f"{proxy.public}client/").text.startswith(f"pip install {proxy.public}")
    servers = proxy.get(f"{proxy.public}openapi.json").json()["servers"]
    assert servers == [{"url": PATH.rstrip("/")}]


def test_caches_and_files_work_below_the_path(proxy: Proxy) -> None:
    """304, ranges and `Accept` are as without a proxy; no Host that is passed on is believed."""
    url = f"{proxy.public}v1/ties"
    tag = proxy.get(url).headers["etag"]
    assert proxy.get(url, **{"If-None-Match": tag}).status_code == 304
    assert proxy.get(url, **{"If-None-Match": tag, "Accept": "text/csv"}).status_code == 200
    assert proxy.get(f"{url}.parquet", Range="bytes=0-3").content == b"PAR1"
    assert "evil.example" not in proxy.get(url, Host="evil.example").text
    page = proxy.get(f"{proxy.public}entity/tiandy", Accept="text/html")
    data = re.search(r'<script[^>]*id="data"[^>]*>(.*?)</script>', page.text, re.DOTALL)
    assert data and json.loads(data[1])["permalink"].startswith(f"{proxy.public}entity/tiandy")


def test_the_client_works_below_the_path(proxy: Proxy) -> None:
    """It follows `next` and fetches a picture, where nginx is reached at the public address."""
    if proxy.public != proxy.real:
        return
    with Client(proxy.public) as client:
        assert len(list(client.ties(limit=500))) == client.ties().total > 50
        assert "tiandy" in client.graph(entity="tiandy").to_networkx()
