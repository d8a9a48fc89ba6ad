"""Two things measured in turn, and what is said about them.

A bare time says more about the machine and who else uses it than about Hakoniwa. So everything is
measured beside a baseline or a peer that the same load slows down, and their ratio is what to
compare.
"""

import argparse
import json
import math
import os
import statistics
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Unit:
    """What is measured, and how people read it."""

    name: str
    shown_as: str
    shown_times: float = 1.0
    digits: int = 0
    more_is_better: bool = False  # then p95 is what 95 of 100 reach

    def show(self, spread: dict[str, float]) -> str:
        values = (f"{value * self.shown_times:.{self.digits}f}" for value in spread.values())
        return f"{' / '.join(values)} {self.shown_as}"


SECONDS = Unit("seconds", "ms", shown_times=1000)
# For what takes about a millisecond.
SHORT_SECONDS = Unit("seconds", "ms", shown_times=1000, digits=2)
MEGABYTES_A_SECOND = Unit("megabytes a second", "MB/s", digits=1, more_is_better=True)


@dataclass
class Comparison:
    """Measurements of something and of its baseline, taken in alternation."""

    what: str
    baseline: str
    goal: str  # on a quiet machine; for people, no benchmark fails for it
    unit: Unit = SECONDS
    measured: list[float] = field(default_factory=list)
    baseline_measured: list[float] = field(default_factory=list)

    def add(self, measured: float, baseline: float) -> None:
        self.add_many([measured], [baseline])

    def add_many(self, measured: Iterable[float], baseline: Iterable[float]) -> None:
        """What one turn of each has given; they need not be as many."""
        self.measured += measured
        self.baseline_measured += baseline

    def summary(self) -> dict[str, Any]:
        own, baseline = self._spread(self.measured), self._spread(self.baseline_measured)
        return {
            "what": self.what,
            "goal": self.goal,
            "unit": self.unit.name,
            "repetitions": len(self.measured),
            **own,
            "baseline": {
                "what": self.baseline,
                "repetitions": len(self.baseline_measured),
                **baseline,
            },
            "ratio": {name: own[name] / baseline[name] for name in own},
        }

    def row(self) -> str:
        own, baseline = self._spread(self.measured), self._spread(self.baseline_measured)
        ratio = " / ".join(f"{own[name] / baseline[name]:.2f}" for name in own)
        return (
            f"| {self.what} | {self.goal} | {self.unit.show(own)} | {self.baseline} "
            f"| {self.unit.show(baseline)} | {ratio} |"
        )

    def _spread(self, values: list[float]) -> dict[str, float]:
        ranked = sorted(values, reverse=self.unit.more_is_better)
        return {
            "median": statistics.median(ranked),
            "p95": ranked[math.ceil(0.95 * len(ranked)) - 1],
            "p99": ranked[math.ceil(0.99 * len(ranked)) - 1],
        }


def options(description: str, repetitions: str, usual: int) -> argparse.Namespace:
    """The command line that every benchmark has; `repetitions` is what is repeated."""
    return command_line(description, repetitions, usual).parse_args()


def command_line(description: str, repetitions: str, usual: int) -> argparse.ArgumentParser:
    """The same for a benchmark that has more to choose from."""
    line = argparse.ArgumentParser(
        prog=f"./classroom bench {Path(sys.argv[0]).stem}",
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    line.add_argument("--json", action="store_true", help="print JSON instead of a table")
    line.add_argument("--repetitions", type=int, help=f"{repetitions} ({usual})")
    once = "once, to see that it works"
    line.add_argument("--quick", action="store_const", const=1, dest="repetitions", help=once)
    line.set_defaults(repetitions=usual)
    return line


def turns(repetitions: int) -> Iterator[tuple[bool, bool]]:
    """For each turn, whether ours is first, then second: they alternate, as a first one may leave
    the machine busy.
    """
    for turn in range(repetitions):
        ours_first = turn % 2 == 0
        yield ours_first, not ours_first


def load() -> float:
    """How many processes wanted a processor in the last minute."""
    return os.getloadavg()[0]


def report(comparisons: list[Comparison], load_before: float, as_json: bool) -> None:
    """Print all; the load before says whether the machine was quiet."""
    cores = os.cpu_count()
    if as_json:
        summaries = [comparison.summary() for comparison in comparisons]
        print(json.dumps({"load": load_before, "cores": cores, "comparisons": summaries}, indent=2))
        return
    print(f"Load before: {load_before:.1f} on {cores} cores. Median / p95 / p99.\n")
    print("| Measured | Goal | Result | Beside | Its result | Ratio |")
    print("|---|---|---|---|---|---|")
    for comparison in comparisons:
        print(comparison.row())
