"""How what a class costs grows with the class: other benchmarks at 1, 2, 4 and 8 times its size.

    ./classroom bench growth [--learners 8] [--json] [--quick] [--repetitions N]

Each is run with so many learners, then with two, four and eight times as many. What it measures at
the median is fitted to n^k, by least squares of the logarithms. With k = 1 twice the class takes
twice as much; with k = 0 it is all the same how many there are. For what each learner has or waits
for (all of these but the last prompt), k = 0 is the aim. Beside each is the same k of what the
benchmark has beside it.
"""

import json
import math
import os
import re
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.comparison import SECONDS, Unit, command_line, load
from benchmarks.served_site import PROJECT
from benchmarks.whole_machine import MEBIBYTES, THOUSANDTHS

NAMES = ("arrival", "memory", "tick")
TIMES = (1, 2, 4, 8)
UNITS = {unit.name: unit for unit in (SECONDS, MEBIBYTES, THOUSANDTHS)}


@dataclass(frozen=True)
class Curve:
    """What was measured at each size, and beside it."""

    what: str
    unit: Unit
    sizes: Sequence[int]
    measured: Sequence[float]
    beside: Sequence[float]

    def row(self) -> str:
        shown = (f"{value * self.unit.shown_times:.{self.unit.digits}f}" for value in self.measured)
        own, beside = (exponent(self.sizes, values) for values in (self.measured, self.beside))
        cells = [f"{self.what} ({self.unit.shown_as})", *shown, f"n^{own:.2f}", f"n^{beside:.2f}"]
        return f"| {' | '.join(cells)} |"

    def summary(self) -> dict[str, Any]:
        return {
            "what": self.what,
            "unit": self.unit.name,
            "sizes": self.sizes,
            "measured": self.measured,
            "k": exponent(self.sizes, self.measured),
            "baseline": {
                "measured": self.beside,
                "k": exponent(self.sizes, self.beside),
            },
        }


def main() -> None:
    line = command_line(__doc__ or "", "of each benchmark", usual=2)
    line.add_argument("--learners", type=int)
    chosen = line.parse_args()
    quick = chosen.repetitions == 1
    first = chosen.learners or (1 if quick else 8)
    sizes = [first * times for times in (TIMES[:2] if quick else TIMES)]
    load_before = load()
    curves = [
        curve
        for name in (NAMES[:1] if quick else NAMES)
        for curve in curves_of(name, sizes, chosen.repetitions)
    ]
    if chosen.json:
        summaries = [curve.summary() for curve in curves]
        print(json.dumps({"load": load_before, "cores": os.cpu_count(), "growth": summaries}))
        return
    print(f"Load before: {load_before:.1f} on {os.cpu_count()} cores. Medians.\n")
    print(f"| Measured | {' | '.join(f'{size} learners' for size in sizes)} | Grows as | Beside |")
    print(f"|---|{'---|' * len(sizes)}---|---|")
    for curve in curves:
        print(curve.row())


def curves_of(name: str, sizes: Sequence[int], repetitions: int) -> list[Curve]:
    runs = [run(name, size, repetitions) for size in sizes]
    return [
        Curve(
            f"{name}: {re.sub(r', [0-9].*', '', each[0]['what'])}",
            UNITS[each[0]["unit"]],
            sizes,
            [compared["median"] for compared in each],
            [compared["baseline"]["median"] for compared in each],
        )
        for each in zip(*runs, strict=True)
    ]


def run(name: str, size: int, repetitions: int) -> list[dict[str, Any]]:
    print(f"{name} with {size}", file=sys.stderr)
    how = ["--json", "--learners", str(size), "--repetitions", str(repetitions)]
    command = [sys.executable, "-m", f"benchmarks.{name}", *how]
    done = subprocess.run(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True, check=True)
    comparisons: list[dict[str, Any]] = json.loads(done.stdout)["comparisons"]
    return comparisons


def exponent(sizes: Sequence[int], values: Sequence[float]) -> float:
    """The k of the n^k that fits best."""
    logarithms = [list(map(math.log, numbers)) for numbers in (sizes, values)]
    return statistics.linear_regression(*logarithms).slope


if __name__ == "__main__":
    main()
