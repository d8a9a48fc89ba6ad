"""That the benchmarks run. How fast, a test can't say: it shares the machine."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]


@pytest.mark.parametrize(("name", "comparisons"), [("pull", 2), ("tick", 1), ("claim", 1)])
def test_it_runs_and_prints_json(name: str, comparisons: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{name}", "--quick", "--json"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    printed = json.loads(done.stdout)
    assert len(printed["comparisons"]) == comparisons
    for compared in printed["comparisons"]:
        baseline = compared["baseline"]
        for name in ("median", "p95", "p99"):
            assert compared["ratio"][name] == compared[name] / baseline[name] > 0
        assert compared["what"] != baseline["what"]
