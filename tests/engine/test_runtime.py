"""Another runtime for sandboxes: used where the machine has it, else refused in plain words."""

import subprocess
from pathlib import Path

import pytest
from docker import APIClient
from pytest_django.fixtures import Settings

from sandbox import containers
from sandbox.errors import RuntimeMissing

from .test_disk import ROOT, TREE


def test_a_runtime_that_the_engine_has_not_is_named(engine: APIClient, settings: Settings) -> None:
    settings.SANDBOX_RUNTIME = "sysbox-runc"
    with pytest.raises(RuntimeMissing, match="sysbox-runc"):
        containers.start_container("another-runtime")


def test_a_runtime_of_the_machine_runs_what_asks_for_it(tmp_path: Path) -> None:
    """runc under another name, which leaves a note; an engine of this test's own."""
    runtime = tmp_path / "stronger"
    runtime.write_text(f'#!/bin/sh\necho "$*" >> {tmp_path}/calls\nexec runc "$@"\n')
    runtime.chmod(0o755)
    lines = f"""
        set -euo pipefail
        export HAKONIWA_RUNTIME=stronger PATH={tmp_path}:$PATH
        here={ROOT} state=/var/tmp/hakoniwa-$$ run=/run/hakoniwa-$$ owner_group=root
        for part in $here/.classroom/*.sh $here/sandbox/engine/engine.sh; do . $part; done
        cd {tmp_path} && mkdir -p $run $state
        trap 'engine_stop; rm -rf $run $state' EXIT
        engine_start
        {TREE}
        engine_docker run --runtime stronger --network none sleeper /bin/sleep 0.1
        grep --count ' create ' {tmp_path}/calls
    """
    done = subprocess.run(
        ["bash", "-c", lines], capture_output=True, text=True, timeout=90, check=False
    )
    assert done.stdout.strip() == "1", done.stderr
