"""The settings: read from the environment once, by the entry points, and passed on as values."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

import platformdirs
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from graph.errors import InputError


class Settings(BaseSettings):
    """Every setting, each from `SIGHTLINES_` and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="SIGHTLINES_", frozen=True, extra="ignore")

    home: Path | None = Field(None, description="Folder of the store and the texts.")
    cache: Path | None = Field(None, description="Folder of downloads that can be had again.")
    maven_mirror: str | None = Field(None, description="A Maven repository to take Neo4j from.")

    stories: Path | None = Field(
        None, description="Folder of stories to tell; none: those that came with the program."
    )

    neo4j_uri: str | None = Field(None, description="A server to use; none: one of our own.")
    neo4j_user: str = "neo4j"
    neo4j_password: SecretStr | None = None
    neo4j_password_file: Path | None = None
    neo4j_database: str = "neo4j"

    host: str = Field("127.0.0.1", description="Address that the API and the pages listen on.")
    port: Annotated[int, Field(ge=1, le=65535)] = 8000
    workers: Annotated[int, Field(ge=1, le=64)] = 1

    cypher: Literal["on", "key", "off"] | None = Field(
        None, description="Who may ask in Cypher; none: anybody on loopback, else holders of keys."
    )
    read: Literal["anybody", "key"] = Field(
        "anybody", description="Who may read on a public address."
    )
    origins: str | None = Field(
        None, description="Web pages that may read answers; none: any in public, on loopback none."
    )
    proxies: str | None = Field(
        None, description="Addresses of proxies that may say whose request it is, by commas."
    )
    metrics: Literal["on", "off"] = "off"
    log: Literal["on", "off"] | None = Field(
        None, description="A line of JSON for each request; none: in public only."
    )

    @property
    def data_folder(self) -> Path:
        """Where the local store, its password and the texts are kept."""
        return (self.home or Path(platformdirs.user_data_dir("sightlines"))).absolute()

    @property
    def cache_folder(self) -> Path:
        """Where Neo4j's jars are kept."""
        return (self.cache or Path(platformdirs.user_cache_dir("sightlines"))).absolute()

    @property
    def texts_folder(self) -> Path:
        """Where the texts of sources are kept, for those who hold them."""
        return self.data_folder / "texts"

    @property
    def stories_folder(self) -> Path:
        """Where the stories are that pages tell."""
        # Files of a package that is installed unpacked, as all of this one are.
        return self.stories or Path(str(files("stories")))

    @property
    def tables_folder(self) -> Path:
        """Where whole tables of snapshots are kept as files; they can be made again."""
        return self.data_folder / "tables"

    @property
    def keys_file(self) -> Path:
        """Where the keys that were given out are kept, as fingerprints."""
        return self.data_folder / "keys.json"

    def password(self) -> str:
        """Return the password of the configured server. Raises `InputError` if there is none."""
        if self.neo4j_password is not None:
            return self.neo4j_password.get_secret_value()
        if self.neo4j_password_file is None:
            raise InputError(
                "SIGHTLINES_NEO4J_URI is set, and no password is: "
                "give it in a file that SIGHTLINES_NEO4J_PASSWORD_FILE names."
            )
        try:
            password = self.neo4j_password_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is no text in UTF-8"
            raise InputError(
                f"The password file {self.neo4j_password_file} cannot be read: {reason}."
            ) from error
        if not password:
            raise InputError(f"The password file {self.neo4j_password_file} is empty.")
        return password


def read_settings() -> Settings:
    """Read the environment. Raises `InputError` naming every variable that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = "; ".join(
            f"SIGHTLINES_{'_'.join(map(str, fault['loc'])).upper()}: {fault['msg'].lower()}"
            for fault in error.errors()
        )
        raise InputError(f"A setting is wrong. {wrong}.") from error
