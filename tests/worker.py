"""Each worker of pytest-xdist is a site of its own: own sandboxes, own state.

A pytest plugin (`-p tests.worker`), as the settings must not be read before.
"""

import os
from pathlib import Path

if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    os.environ["HAKONIWA_SITE"] += f"-{worker}"
    state = Path(os.environ["HAKONIWA_STATE_DIR"]) / worker
    state.mkdir(parents=True, exist_ok=True)
    os.environ["HAKONIWA_STATE_DIR"] = str(state)
