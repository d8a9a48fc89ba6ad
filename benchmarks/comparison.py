"""Two things timed in turn, and what is said about them.

A bare time says more about the machine and who else uses it than about Hakoniwa. So everything is
measured beside a baseline that the same load slows down, and their ratio is what to compare.
"""

import argparse
import json
import math
import os
import statistics
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Comparison:
    """Seconds of something and of its baseline, measured in alternation."""

    what: str
    baseline: str
    goal: str  # on a quiet machine; for people, no benchmark fails for it
    seconds: list[float] = field(default_factory=list)
    baseline_seconds: list[float] = field(default_factory=list)

    def add(self, seconds: float, baseline_seconds: float) -> None:
        self.seconds.append(seconds)
        self.baseline_seconds.append(baseline_seconds)

    def summary(self) -> dict[str, Any]:
        own, baseline = _spread(self.seconds), _spread(self.baseline_seconds)
        return {
            "what": self.what,
            "goal": self.goal,
            "repetitions": len(self.seconds),
            **own,
            "baseline": {"what": self.baseline, **baseline},
            "ratio": {name: own[name] / baseline[name] for name in own},
        }


def options(description: str, repetitions: str, usual: int) -> argparse.Namespace:
    """The command line that every benchmark has; `repetitions` is what is repeated."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--quick", action="store_true", help="once, to see that it works")
    parser.add_argument("--repetitions", type=int, default=usual, help=f"{repetitions} ({usual})")
    chosen = parser.parse_args()
    if chosen.quick:
        chosen.repetitions = 1
    return chosen


def load() -> float:
    """How many processes wanted a processor in the last minute."""
    return os.getloadavg()[0]


def report(comparisons: list[Comparison], load_before: float, as_json: bool) -> None:
    """Print all; the load before says whether the machine was quiet."""
    summaries = [comparison.summary() for comparison in comparisons]
    cores = os.cpu_count()
    if as_json:
        print(json.dumps({"load": load_before, "cores": cores, "comparisons": summaries}, indent=2))
        return
    print(f"Load before: {load_before:.1f} on {cores} cores. Median / p95.\n")
    print("| Measured | Goal | Time | Baseline | Its time | Ratio |")
    print("|---|---|---|---|---|---|")
    for line in summaries:
        baseline, ratio = line["baseline"], line["ratio"]
        print(
            f"| {line['what']} | {line['goal']} | {_times(line)} | {baseline['what']} "
            f"| {_times(baseline)} | {ratio['median']:.2f} / {ratio['p95']:.2f} |"
        )


def _spread(seconds: list[float]) -> dict[str, float]:
    ranked = sorted(seconds)
    return {
        "median": statistics.median(ranked),
        "p95": ranked[math.ceil(0.95 * len(ranked)) - 1],
    }


def _times(spread: dict[str, Any]) -> str:
    return f"{spread['median'] * 1000:.0f} / {spread['p95'] * 1000:.0f} ms"
