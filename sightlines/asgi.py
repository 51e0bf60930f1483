"""The app for several processes: each reads the settings of the one that started it."""

from sightlines.connect import configured
from sightlines.server import build
from sightlines.settings import read_settings

app = build(configured(read_settings()), read_settings())
