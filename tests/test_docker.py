"""The container files: what they promise, and their command run here, without an engine."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
import yaml

from graph.question import Question
from graph.store.local import VERSION, LocalServer
from graph.store.local.child import free_port
from graph.store.local.home import SETTINGS
from graph.store.local.java import MEMORY, PROFILES
from tests.sync_store import SyncStore

ROOT = Path(__file__).parents[1]
COMPOSE = ROOT / "docker-compose.yml"
DOCKERFILE = ROOT / "Dockerfile"
BIN = Path(sys.executable).parent
COUNT = Question("MATCH (n) RETURN count(n) AS n", lambda rows: rows[0]["n"])


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, Any]]:
    """The services of docker-compose.yml by name."""
    by_name: dict[str, dict[str, Any]] = yaml.safe_load(COMPOSE.read_text("utf-8"))["services"]
    return by_name


def instructions(text: str) -> list[tuple[str, str]]:
    """The instructions of a Dockerfile, each with its argument on one line."""
    code = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    line = re.sub(r"\\\n\s*", " ", code)
    lines = (line.split(maxsplit=1) for line in line.splitlines() if line.strip())
    return [(name, re.sub(r"\s+", " ", argument)) for name, argument in lines]


def last_stage() -> list[tuple[str, str]]:
    """The instructions of the image itself, after those that only build."""
    every = instructions(DOCKERFILE.read_text("utf-8"))
    start = max(index for index, (name, _) in enumerate(every) if name == "FROM")
    return every[start:]


def one(name: str) -> str:
    """The argument of the only instruction of that name in the image."""
    (argument,) = (argument for instruction, argument in last_stage() if instruction == name)
    return argument


def conf_name(variable: str) -> str:
    """The setting that a variable of Neo4j's image sets, by the rule of its entry point."""
    return variable.removeprefix("NEO4J_").replace("_", ".").replace("..", "_")


def test_compose_file_follows_the_specification() -> None:
    """The Compose specification's own JSON schema takes the file."""
    result = run(BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", COMPOSE)
    assert result.returncode == 0, result.stdout + result.stderr


def test_dockerfile_passes_the_linter() -> None:
    """Hadolint has nothing to say, beyond what the file itself gives a reason for."""
    result = run(BIN / "hadolint", "--no-color", DOCKERFILE)
    assert result.returncode == 0, result.stdout + result.stderr


def test_neo4j_is_the_version_that_is_tested(services: dict[str, Any]) -> None:
    """The image has the version of the local server, in the Community edition."""
    assert services["neo4j"]["image"] == f"neo4j:{VERSION}-community"


def test_neo4j_has_the_settings_of_the_local_server(services: dict[str, Any]) -> None:
    """Hardening and memory are those of `home.py` and `java.py`, no more and no less."""
    variables = services["neo4j"]["environment"]
    settings = {conf_name(k): v for k, v in variables.items() if not k.endswith("_FILE")}
    options = {option[:4]: option[4:] for option in PROFILES["desktop"]}
    heap = {
        "server.memory.heap.initial_size": options["-Xms"],
        "server.memory.heap.max_size": options["-Xmx"],
    }
    assert settings == {**SETTINGS, **MEMORY["desktop"], **heap}


def test_neo4j_has_memory_for_what_it_is_told_to_use(services: dict[str, Any]) -> None:
    """The limit leaves half a gigabyte beyond heap and page cache, for Java itself."""
    variables = services["neo4j"]["environment"]
    settings = ("NEO4J_server_memory_heap_max__size", "NEO4J_server_memory_pagecache_size")
    megabytes = sum(int(variables[name].removesuffix("m")) for name in settings)
    limit = services["neo4j"]["mem_limit"]
    assert int(limit.removesuffix("g")) * 1024 >= megabytes + 512


@pytest.mark.parametrize("name", ["neo4j", "app"])
def test_services_may_do_little(services: dict[str, Any], name: str) -> None:
    """No capabilities, no new privileges, limits, loopback only, and one volume."""
    service = services[name]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"] and service["pids_limit"]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert service["volumes"] == [f"{name}:/data"]
    assert not {"privileged", "network_mode", "pid", "devices"} & service.keys()


def test_nobody_is_root(services: dict[str, Any]) -> None:
    """Both run as users of their own; the app's cannot write outside its volume and /tmp."""
    assert services["neo4j"]["user"] == "7474:7474"
    assert one("USER") == "10001:10001" and "user" not in services["app"]
    assert services["app"]["read_only"] is True
    assert services["app"]["tmpfs"] == ["/tmp"]


def test_volumes_are_named() -> None:
    """Each service's volume is declared, and there is no other."""
    assert yaml.safe_load(COMPOSE.read_text("utf-8"))["volumes"] == {"neo4j": None, "app": None}
    assert not [name for name, _ in last_stage() if name == "VOLUME"]


def test_secrets_are_files_and_in_no_file_of_ours(services: dict[str, Any]) -> None:
    """Passwords come from files beside the repository's own, which no image contains."""
    secrets = yaml.safe_load(COMPOSE.read_text("utf-8"))["secrets"]
    assert secrets == {
        name: {"file": f"./secrets/{name}"} for name in ("neo4j_auth", "neo4j_password")
    }
    for service in services.values():
        (secret,) = service["secrets"]
        variables = {k: v for k, v in service["environment"].items() if v.endswith(secret)}
        assert [*variables.values()] == [f"/run/secrets/{secret}"]
        assert all(name.endswith("_FILE") for name in variables)
        assert not {"NEO4J_AUTH", "SIGHTLINES_NEO4J_PASSWORD"} & service["environment"].keys()
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert "*" in ignored and not [line for line in ignored if "secret" in line.partition("#")[0]]


def test_the_documented_command_makes_the_secrets(tmp_path: Path) -> None:
    """Two files with one password, in a folder that nobody else may enter."""
    text = (ROOT / "docs" / "docker.md").read_text("utf-8")
    command = next(block for block in re.findall(r"```sh\n(.*?)```", text, re.S) if "rand" in block)
    process = subprocess.run(["sh", "-c", command], cwd=tmp_path, check=False)
    assert process.returncode == 0
    folder = tmp_path / "secrets"
    password = (folder / "neo4j_password").read_text()
    assert re.fullmatch("[0-9a-f]{48}", password)
    assert (folder / "neo4j_auth").read_text() == f"neo4j/{password}"
    assert folder.stat().st_mode & 0o777 == 0o700
    # The users in the containers are strangers to the host, and have to read them.
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o644}


def copies() -> list[tuple[str, str]]:
    """What the Dockerfile copies out of the checkout, and where to, relative to its folder."""
    return [
        (source.rstrip("/"), target.removeprefix("./"))
        for name, argument in instructions(DOCKERFILE.read_text("utf-8"))
        if name == "COPY" and not argument.startswith("--from")
        for *sources, target in [argument.split()]
        for source in sources
    ]


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as the image has it: the wheel of what the Dockerfile copies, installed.

    The packages that it needs are those of this environment.
    """
    folder = tmp_path_factory.mktemp("image")
    build, site = folder / "build", folder / "site"
    build.mkdir()
    for source, target in copies():
        if (ROOT / source).is_dir():
            assert target == f"{source}/"
            shutil.copytree(ROOT / source, build / target, ignore=shutil.ignore_patterns("*.pyc"))
        else:
            shutil.copy(ROOT / source, build / target)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--target", site]
    installed = run(*pip, "install", *options, build)
    assert installed.returncode == 0, installed.stderr
    return site


def test_the_app_is_installed_from_the_lock_file_alone() -> None:
    """Everything is fetched with a hash, and our own package without anything."""
    text = DOCKERFILE.read_text("utf-8")
    installs = [line for _, line in instructions(text) if "pip install" in line]
    assert len(installs) == 2
    assert "--requirement requirements.lock" in installs[0]
    assert "--no-deps --only-binary :all: --require-hashes" in installs[0]
    assert "--no-deps --no-build-isolation" in installs[1]


def test_every_part_of_the_app_is_copied() -> None:
    """What pyproject.toml packages is what the Dockerfile copies and .dockerignore lets in."""
    copied = {name for name, _ in copies()}
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert {line[1:] for line in ignored if line.startswith("!")} == copied
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    patterns = project["tool"]["setuptools"]["packages"]["find"]["include"]
    packages = {pattern.removesuffix("*") for pattern in patterns}
    assert copied == packages | {"pyproject.toml", "requirements.lock", "README.md", "LICENSE"}


def test_neo4j_health_check_is_a_handshake(
    services: dict[str, Any], neo4j_server: LocalServer
) -> None:
    """It is healthy when Bolt answers, and not when nobody or something else does."""
    kind, *command = services["neo4j"]["healthcheck"]["test"]
    assert kind == "CMD" and services["app"]["depends_on"]["neo4j"]["condition"] == (
        "service_healthy"
    )
    port = neo4j_server.uri.rpartition(":")[2]
    healthy = run(*[word.replace("7687", port) for word in command])
    assert healthy.returncode == 0, healthy.stderr
    assert run(*[word.replace("7687", str(free_port())) for word in command]).returncode != 0


@pytest.fixture
def environment(
    services: dict[str, Any], neo4j_server: LocalServer, installation: Path, tmp_path: Path
) -> dict[str, str]:
    """What the app's container is given, with the places of this machine for those in there."""
    built = dict(pair.split("=", 1) for pair in one("ENV").split())
    variables = {
        name: re.sub(r"\$\{\w+:-(\w*)\}", r"\1", value)
        for name, value in services["app"]["environment"].items()
    }
    assert variables["SIGHTLINES_NEO4J_URI"] == "bolt://neo4j:7687"
    assert variables["SIGHTLINES_NEO4J_PASSWORD_FILE"] == "/run/secrets/neo4j_password"
    secret = tmp_path / "neo4j_password"
    secret.write_text(neo4j_server.auth[1], "ascii")
    here = {
        "PATH": f"{installation / 'bin'}:{BIN}:{os.environ['PATH']}",
        "PYTHONPATH": str(installation),
        "SIGHTLINES_HOME": str(tmp_path / "data"),
        "SIGHTLINES_PORT": str(free_port()),
        "SIGHTLINES_NEO4J_URI": neo4j_server.uri,
        "SIGHTLINES_NEO4J_PASSWORD_FILE": str(secret),
    }
    return {**built, **variables, **here}


@contextmanager
def running(environment: dict[str, str], folder: Path) -> Iterator[tuple[str, Any]]:
    """Run the image's command until the block ends; yields its output, and the process."""
    command = [*json.loads(one("ENTRYPOINT")), *json.loads(one("CMD"))]
    assert command == ["sightlines", "up"]
    with subprocess.Popen(
        [shutil.which(command[0], path=environment["PATH"]) or "", *command[1:]],
        env=environment,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            output = ""
            for line in process.stdout:
                output += line
                if "Ctrl-C stops it" in line:
                    break
            yield output, process
        finally:
            process.kill()


def healthy(environment: dict[str, str]) -> bool:
    """Run the health check of the Dockerfile until it holds, as the engine does."""
    _, _, command = one("HEALTHCHECK").partition("CMD ")
    name, *arguments = json.loads(command)
    assert name == "python"
    words = [word.replace(":8000", f":{environment['SIGHTLINES_PORT']}") for word in arguments]
    return any(run(sys.executable, *words).returncode == 0 for _ in range(10))


def test_the_image_runs_what_was_installed(environment: dict[str, str], tmp_path: Path) -> None:
    """Its modules and its data are those of the wheel, not those of this checkout."""
    packages = ["graph", "viz", "api", "sightlines", "seeds", "stories"]
    code = f"import importlib; [print(importlib.import_module(p).__path__[0]) for p in {packages}]"
    answer = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    site = environment["PYTHONPATH"]
    assert answer.stdout.split() == [f"{site}/{package}" for package in packages]


def test_the_command_of_the_image_serves_over_a_configured_server(
    environment: dict[str, str], store: SyncStore, neo4j_server: LocalServer, tmp_path: Path
) -> None:
    """It loads the seeds, serves, and ends at SIGTERM; the server is not its own to end."""
    folder = tmp_path / "work"
    folder.mkdir()
    with running(environment, folder) as (output, process):
        assert "rows written" in output, output
        assert f"Bolt      {neo4j_server.uri}" in output
        assert "neo4j_password" in output and neo4j_server.auth[1] not in output
        assert "Starting Neo4j" not in output and "Getting Neo4j" not in output
        assert healthy(environment)
        assert refuses_cypher(environment)
        process.send_signal(signal.SIGTERM)
        assert process.wait(120) == 0
    assert psutil.pid_exists(neo4j_server.pid)
    assert store.ask(COUNT) > 100
    assert not list(folder.iterdir()), "something was written where a container is read-only"


def refuses_cypher(environment: dict[str, str]) -> bool:
    """Whether statements of anybody's are refused: a container listens on every address."""
    base = f"http://127.0.0.1:{environment['SIGHTLINES_PORT']}"
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(f"{base}/v1/cypher?statement=RETURN%201", timeout=10)
    error.value.close()
    return error.value.code == 403


def test_a_container_without_its_secret_says_what_is_missing(
    environment: dict[str, str], tmp_path: Path
) -> None:
    """The file is named, in one sentence, with exit code 1."""
    missing = {**environment, "SIGHTLINES_NEO4J_PASSWORD_FILE": str(tmp_path / "none")}
    with running(missing, tmp_path) as (output, process):
        assert process.wait(120) == 1
    assert f"The password file {tmp_path / 'none'} cannot be read" in output


def test_the_port_that_the_image_listens_on_is_published(services: dict[str, Any]) -> None:
    """Compose publishes it, on a port that can be chosen."""
    assert one("EXPOSE") == "8000"
    assert services["app"]["ports"] == ["127.0.0.1:${PORT:-8000}:8000"]
