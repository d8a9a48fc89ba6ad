"""Every benchmark, or the one that is named, each in a process of its own: `./classroom bench`."""

import argparse
import ast
import json
import subprocess
import sys
from pathlib import Path

BENCHMARKS = (
    *("arrival", "claim", "crowd", "echo", "growth", "memory"),
    *("pages", "pull", "room", "throughput", "tick", "up"),
)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="./classroom bench",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Measures how fast a classroom is, in turn with its peers.",
        epilog="\n".join(["benchmarks:", *(f"  {name:12}{about(name)}" for name in BENCHMARKS)]),
    )
    parser.add_argument("name", nargs="?", choices=BENCHMARKS, help="one of those below; else all")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    parser.add_argument("--quick", action="store_true", help="once, to see that it works")
    chosen, others = parser.parse_known_args()
    arguments = [f"--{name}" for name in ("json", "quick") if getattr(chosen, name)] + others
    if chosen.name:
        return subprocess.run(command(chosen.name, arguments), check=False).returncode
    return run_all(arguments, as_json=chosen.json)


def run_all(arguments: list[str], *, as_json: bool) -> int:
    """Whether one failed; the others run whatever it did."""
    printed, failed = {}, 0
    for name in BENCHMARKS:
        print(f"{name}: {about(name)}", file=sys.stderr if as_json else sys.stdout, flush=True)
        pipe = subprocess.PIPE if as_json else None
        done = subprocess.run(command(name, arguments), stdout=pipe, text=True, check=False)
        if done.returncode:
            print(f"{name} failed", file=sys.stderr)
            failed = 1
        elif as_json:
            printed[name] = json.loads(done.stdout)
        else:
            print()
    if as_json:
        print(json.dumps(printed, indent=2))
    return failed


def command(name: str, arguments: list[str]) -> list[str]:
    return [sys.executable, "-m", f"benchmarks.{name}", *arguments]


def about(name: str) -> str:
    """The first line of what it says about itself."""
    written = Path(__file__).with_name(f"{name}.py").read_text()
    return (ast.get_docstring(ast.parse(written)) or "").partition("\n")[0]


if __name__ == "__main__":
    sys.exit(main())
