"""The application of a worker process, which reads the settings from the environment."""

from sightlines.server import build
from sightlines.settings import read_settings

app = build(read_settings())
