"""The application of a worker process, which reads the settings from the environment."""

from sightlines.connect import configured_address
from sightlines.server import build
from sightlines.settings import read_settings

app = build(configured_address(read_settings()), read_settings())
