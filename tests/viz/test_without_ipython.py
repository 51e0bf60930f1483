"""pyvis imports IPython; the lock file of the application leaves it out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

CODE = """
import sys
sys.modules["IPython"] = None  # as if it were not installed
from viz.assets import vis_script
from viz.network import Network
net = Network(directed=True)
net.add_node("a")
assert "vis.Network" in net.generate_html() and vis_script()
assert "IPython.display" not in sys.modules
"""


def test_pages_are_drawn_where_ipython_is_not_installed() -> None:
    """pyvis is imported and draws, and no stand-in stays behind."""
    command = [sys.executable, "-c", CODE]
    process = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stderr


def test_the_lock_file_of_the_application_leaves_ipython_out() -> None:
    """The tests run where IPython is installed, so that its return would go unnoticed."""
    assert "\nipython==" not in (ROOT / "requirements.lock").read_text("utf-8")
    assert "\nipython==" in (ROOT / "requirements-dev.lock").read_text("utf-8")
