"""Making the lock: `python -m graph.store.local.lock VERSION > neo4j-VERSION.lock`.

A tool for moving Sightlines to another version of Neo4j. It alone needs Maven (`mvn`), which
decides which jars belong to that version: jgo's own resolution adds libraries for tests and picks
other versions of some. jgo then fetches the jars that are not in Maven's local repository, and the
lock gets the SHA-256 of each. Afterwards set `VERSION` in `jars`, and read the diff before
committing it.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from jgo.maven import MavenContext

from graph.store.local.jars import Jar, sha256

# The server and its Bolt endpoint, which `neo4j` alone lacks.
_PROJECT = """\
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>sightlines</groupId>
  <artifactId>lock</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.neo4j</groupId><artifactId>neo4j</artifactId><version>{version}</version>
    </dependency>
    <dependency>
      <groupId>org.neo4j</groupId><artifactId>neo4j-bolt</artifactId><version>{version}</version>
    </dependency>
  </dependencies>
</project>
"""

# As Maven lists them: group:artifact:jar[:classifier]:version:scope
_DEPENDENCY = re.compile(
    r"^ *(?P<group>[^: ]+):(?P<artifact>[^:]+):jar(:(?P<classifier>[^:]+))?"
    r":(?P<version>[^:]+):(compile|runtime)\b",
    re.MULTILINE,
)


def make_lock(version: str) -> list[Jar]:
    """The jars of a version of Neo4j, sorted by group, artifact, version and classifier.

    Raises `subprocess.CalledProcessError` if Maven fails; its messages are on stderr.
    """
    with tempfile.TemporaryDirectory() as folder:
        dependencies = _list_dependencies(Path(folder), version)
    jars = [_measure(MavenContext(), match) for match in _DEPENDENCY.finditer(dependencies)]
    return sorted(jars, key=lambda jar: (jar.group, jar.artifact, jar.version, jar.classifier))


def _list_dependencies(folder: Path, version: str) -> str:
    project = folder / "pom.xml"
    output = folder / "dependencies.txt"
    project.write_text(_PROJECT.format(version=version), "utf-8")
    options = [f"-DoutputFile={output}", "-DincludeScope=runtime"]
    command = ["mvn", "--batch-mode", "--file", str(project), "dependency:list", *options]
    subprocess.run(command, check=True, stdout=sys.stderr)
    return output.read_text("utf-8")


def _measure(maven: MavenContext, match: re.Match[str]) -> Jar:
    group, artifact, version = match["group"], match["artifact"], match["version"]
    classifier = match["classifier"] or ""
    component = maven.project(group, artifact).at_version(version)
    path = component.artifact(classifier=classifier, packaging="jar").resolve()
    return Jar(group, artifact, version, classifier, sha256(path), path.stat().st_size)


if __name__ == "__main__":
    for line in make_lock(sys.argv[1]):
        print(line)
