"""The settings: entry points read them from the environment once, and pass on the values."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import platformdirs
from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from graph.errors import InputError
from graph.language import ENGLISH, read

PortNumber = Annotated[int, Field(ge=1, le=65535)]
LOOPBACK = ("127.0.0.1", "localhost", "::1")
#: Scheme, host, port and a path of signs that are the same encoded or not; no user, no query.
_PUBLIC_URL = re.compile(
    r"https?://([\w.-]+|\[[0-9a-fA-F:.]+\])(:\d{1,5})?(/[A-Za-z0-9._~-]+)*/?", re.IGNORECASE
)


def _public_url(text: str) -> str:
    """Return the address with a slash at its end. Raises `ValueError` for what is none."""
    if not _PUBLIC_URL.fullmatch(text):
        raise ValueError(f"write {text!r} as https://example.org/ or https://example.org/a/path/")
    return text.rstrip("/") + "/"


def _language(code: str) -> str:
    """Return the code of a language that there are words in. Raises `ValueError` for another."""
    try:
        read(code)
    except InputError as error:
        raise ValueError(str(error)) from error
    return code


class Settings(BaseSettings):
    """All settings; each is read from the variable `SIGHTLINES_` and its name in capitals."""

    model_config = SettingsConfigDict(
        env_prefix="SIGHTLINES_", env_ignore_empty=True, frozen=True, extra="ignore"
    )

    home: Path | None = Field(None, description="Folder of the store and the texts.")
    cache: Path | None = Field(None, description="Folder of downloads, which can be fetched again.")
    maven_mirror: str | None = Field(None, description="A Maven repository to fetch Neo4j from.")

    stories: Path | None = Field(
        None, description="Folder of stories; default: those of the program."
    )

    neo4j_uri: str | None = Field(None, description="A Neo4j server to use; default: a local one.")
    neo4j_user: str = "neo4j"
    neo4j_password: SecretStr | None = None
    neo4j_password_file: Path | None = None
    neo4j_database: str = "neo4j"
    neo4j_port: PortNumber | None = Field(None, description="Port of the local server.")

    cypher_uri: str | None = Field(
        None, description="A Neo4j server for statements from outside; default: see docs."
    )
    cypher_user: str = "neo4j"
    cypher_password: SecretStr | None = None
    cypher_password_file: Path | None = None
    cypher_database: str = "neo4j"
    cypher_port: PortNumber | None = Field(None, description="Port of the read-only server.")
    cypher_heap: str = Field(
        "512m",
        pattern="^([2-9][0-9]{2}|[1-9][0-9]{3,4})m$|^[1-9][0-9]?g$",
        description="Memory for statements on the read-only server.",
    )

    host: str = Field("127.0.0.1", description="Address that the API and the pages listen on.")
    port: PortNumber = 8000
    url: Annotated[str, AfterValidator(_public_url)] | None = Field(
        None, description="The address that others use, where a proxy stands before the server."
    )
    language: Annotated[str, AfterValidator(_language)] = Field(
        ENGLISH.code, description="The language of the pages."
    )
    workers: Annotated[int, Field(ge=1, le=64)] = 1

    cypher: Literal["on", "key", "off"] | None = Field(
        None,
        description="Who may send Cypher; default: everyone on loopback, else holders of keys.",
    )
    read: Literal["anybody", "key"] = Field(
        "anybody", description="Who may read on a public address."
    )
    origins: str | None = Field(
        None, description="Origins that may read answers; default: any in public, none on loopback."
    )
    proxies: str | None = Field(
        None, description="Addresses of proxies whose forwarded headers are trusted, by commas."
    )
    snapshots: Annotated[int, Field(ge=1, le=1000)] = Field(
        3, description="How many snapshots' files are kept, the current one among them."
    )
    metrics: Literal["on", "off"] = "off"
    log: Literal["on", "off"] | None = Field(
        None, description="A line of JSON for each request; default: in public only."
    )

    @property
    def local(self) -> bool:
        """Whether nobody but this machine reaches the server."""
        public = self.url and urlsplit(self.url).hostname not in LOOPBACK
        return self.host in LOOPBACK and not public

    @property
    def address(self) -> str:
        """The address that others use, by default of host and port, with a slash at the end."""
        # A browser cannot open the wildcard address.
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host
        return self.url or f"http://{f'[{host}]' if ':' in host else host}:{self.port}/"

    @property
    def data_folder(self) -> Path:
        """The folder of the local store, its password and the texts."""
        return (self.home or Path(platformdirs.user_data_dir("sightlines"))).absolute()

    @property
    def cache_folder(self) -> Path:
        """The folder of Neo4j's jars."""
        return (self.cache or Path(platformdirs.user_cache_dir("sightlines"))).absolute()

    @property
    def texts_folder(self) -> Path:
        """The folder of the texts of sources."""
        return self.data_folder / "texts"

    @property
    def stories_folder(self) -> Path:
        """The folder of the stories on pages."""
        # The package is installed unpacked, so its files have paths.
        return self.stories or Path(str(files("stories")))

    @property
    def tables_folder(self) -> Path:
        """The folder of exported tables; they can be made again."""
        return self.data_folder / "tables"

    @property
    def keys_file(self) -> Path:
        """The file with the fingerprints of API keys."""
        return self.data_folder / "keys.json"

    def password(self) -> str:
        """Return the password of the configured server. Raises `InputError` if it is missing."""
        return _password("NEO4J", self.neo4j_password, self.neo4j_password_file)

    def cypher_server_password(self) -> str:
        """The same for the server for statements."""
        return _password("CYPHER", self.cypher_password, self.cypher_password_file)


def _password(server: str, password: SecretStr | None, file: Path | None) -> str:
    if password is not None:
        return password.get_secret_value()
    if file is None:
        raise InputError(
            f"SIGHTLINES_{server}_URI is set without a password: "
            f"write it to a file and name that file in SIGHTLINES_{server}_PASSWORD_FILE."
        )
    try:
        text = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text in UTF-8"
        raise InputError(f"The password file {file} cannot be read: {reason}.") from error
    if not text:
        raise InputError(f"The password file {file} is empty.")
    return text


def read_settings() -> Settings:
    """Read the environment. Raises `InputError` with every variable that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = "; ".join(
            f"SIGHTLINES_{'_'.join(map(str, fault['loc'])).upper()}: {fault['msg'].lower()}"
            for fault in error.errors()
        )
        raise InputError(f"A setting is wrong. {wrong}.") from error
