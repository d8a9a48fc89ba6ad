"""That benchmarks run. How fast, a test can't say: it shares the machine.

Those that need peers run in .ci/run, as do all: `./classroom bench --quick`.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.comparison import MEGABYTES_A_SECOND, Comparison
from benchmarks.growth import exponent

PROJECT = Path(__file__).parents[1]


@pytest.mark.parametrize(("name", "comparisons"), [("pull", 2), ("tick", 1)])
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


def test_a_spread_names_the_slow_ones() -> None:
    slower = Comparison("ours", "theirs", "")
    slower.add_many(range(1, 101), [50])
    summary = slower.summary()
    assert (summary["median"], summary["p95"], summary["p99"]) == (50.5, 95, 99)
    assert summary["ratio"] == {"median": 1.01, "p95": 1.9, "p99": 1.98}


def test_where_more_is_better_the_slow_ones_have_less() -> None:
    faster = Comparison("ours", "theirs", "", MEGABYTES_A_SECOND)
    faster.add_many(range(1, 101), [50])
    summary = faster.summary()
    assert (summary["p95"], summary["p99"]) == (6, 2)
    assert "50.5 / 6.0 / 2.0 MB/s" in faster.row()


@pytest.mark.parametrize(("times", "k"), [(1, 0), (2, 1), (4, 2)])
def test_growth_is_the_power_that_fits(times: float, k: float) -> None:
    sizes = [8, 16, 32, 64]
    assert exponent(sizes, [0.5 * times**step for step in range(4)]) == pytest.approx(k)
