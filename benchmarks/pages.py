"""How soon each page is there, and what it weighs.

    ./classroom bench pages [--json] [--quick] [--repetitions N]

Server time is from a request to the last byte of the page alone, over a kept connection, in turn
with a small static file of the same site. How many queries a page takes is counted in this
process, on the same database. First paint, layout shift and sizes are Chromium's own, each time in
a browser that has seen nothing yet.
"""

import gzip
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import TypedDict

import django
import requests
from playwright.sync_api import Browser, sync_playwright

from benchmarks.comparison import SHORT_SECONDS, Comparison, Unit, load, options, report
from benchmarks.fresh_sandbox import use_the_engine_of_the_classroom
from benchmarks.seats import Seat, seats
from benchmarks.served_site import PROJECT, served_site

KIBIBYTES = Unit("kibibytes", "KiB", digits=1)
XTERM = PROJECT / "node_modules" / "@xterm" / "xterm" / "lib" / "xterm.js"
STATIC = "/static/favicon.svg"
LESSON = "/en/lessons/docker-run/fetch/"
PAGES = {
    "home": "/en/",
    "lessons": "/en/lessons/",
    "a lesson's step": LESSON,
    "a sandbox's status": "/en/sandboxes/{sandbox}/",
    "sign-in": "/en/sign-in/",
}
CHROMIUM = "/usr/bin/chromium"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
WATCH = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.shifted += shift.value;
}).observe({ type: "layout-shift", buffered: true });
"""
SEEN = """() => ({
  paint: performance.getEntriesByName("first-contentful-paint")[0].startTime / 1000,
  shifted: window.shifted,
  sizes: Object.fromEntries([...performance.getEntriesByType("navigation"),
    ...performance.getEntriesByType("resource")].map((file) => [file.name, file.encodedBodySize])),
})"""


class Seen(TypedDict):
    """What Chromium says of a page: seconds, shift as a share of the window, bytes as sent."""

    paint: float
    shifted: float
    sizes: dict[str, int]


def main() -> None:
    chosen = options(__doc__ or "", "times ten requests, and browsers", usual=10)
    use_the_engine_of_the_classroom()
    load_before = load()
    with TemporaryDirectory() as state, served_site(state) as site, seats(site, 1) as taken:
        os.environ["HAKONIWA_STATE_DIR"] = state
        django.setup()
        comparisons = [
            served(name, address.format(sandbox=taken[0].sandbox), taken[0], chosen.repetitions)
            for name, address in PAGES.items()
        ]
        comparisons += painted(taken[0], chosen.repetitions)
    report(comparisons, load_before, chosen.json)


def served(name: str, address: str, seat: Seat, repetitions: int) -> Comparison:
    site = seat.guest.site
    with requests.Session() as browser:
        browser.headers["Cookie"] = seat.guest.cookies()

        def seconds_of(url: str) -> float:
            began = time.perf_counter()
            browser.get(url, timeout=30).raise_for_status()
            return time.perf_counter() - began

        size = int(browser.get(site + address, timeout=30).headers["Content-Length"]) / 1024
        what = f"server time: {name} ({queries_of(address, seat)} queries, {size:.0f} KiB)"
        comparison = Comparison(what, "a static file", "", SHORT_SECONDS)
        for _turn in range(10 * repetitions):
            comparison.add(seconds_of(site + address), seconds_of(site + STATIC))
    return comparison


def queries_of(address: str, seat: Seat) -> int:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    client.cookies.load(seat.guest.cookies())
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address, headers={"Host": "127.0.0.1"})
    if answer.status_code != 200:
        raise LookupError(f"{address}: status {answer.status_code}")
    return len(queries)


def painted(seat: Seat, repetitions: int) -> list[Comparison]:
    """A lesson's step as Chromium sees it, beside the home page and beside xterm.js alone."""
    paint = Comparison("first paint: a lesson's step", "home", "")
    script = Comparison("JavaScript of a lesson's step", "xterm.js alone, gzip", "", KIBIBYTES)
    whole = Comparison("all of a lesson's step", "xterm.js alone, gzip", "< 250 KiB", KIBIBYTES)
    shifts = []
    xterm = len(gzip.compress(XTERM.read_bytes())) / 1024
    with chromium() as browser:
        for _turn in range(repetitions):
            step, home = (seen(browser, seat, address) for address in (LESSON, "/en/"))
            paint.add(step["paint"], home["paint"])
            shifts.append(step["shifted"])
            sizes = {name.split("?")[0]: size / 1024 for name, size in step["sizes"].items()}
            scripts = (size for name, size in sizes.items() if name.endswith((".js", ".mjs")))
            script.add(sum(scripts), xterm)
            whole.add(sum(sizes.values()), xterm)
    paint.what += f" (layout shift at most {max(shifts):.3f})"
    return [paint, script, whole]


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def seen(browser: Browser, seat: Seat, address: str) -> Seen:
    with browser.new_context() as context:
        for cookie in seat.guest.cookies().split("; "):
            name, _, value = cookie.partition("=")
            context.add_cookies([{"name": name, "value": value, "url": seat.guest.site}])
        page = context.new_page()
        page.add_init_script(WATCH)
        page.goto(seat.guest.site + address, wait_until="load")
        page.wait_for_timeout(1000)
        result: Seen = page.evaluate(SEEN)
        return result


if __name__ == "__main__":
    main()
