"""How long the app takes from a key press to the repainted chart, and until all runs have answered.

Usage: python benchmarks/app_slider.py [--presses 60] [--write]

It begins the app with a worker a core, opens it in Chromium, waits until the plan's members are held, then
presses an arrow on each open slider in turns. Timed in the page: from the key's event to the frame after the
charts were replaced. Then one lever is left alone and the time to the last run's answer is taken. A row of
`app_slider.csv` each.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from machine import append, described, load
from playwright.sync_api import Page, sync_playwright

PORT = 8799
WATCH = """
window.took = []; window.pressed = 0;
addEventListener("keydown", () => { window.pressed = performance.now(); }, true);
document.addEventListener("answered", event => {
  const since = window.pressed, runs = event.detail.runs;
  requestAnimationFrame(() => setTimeout(() => window.took.push([runs, performance.now() - since]), 0));
});
"""


def main() -> None:
    """Measure, print, and write if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--presses", type=int, default=60)
    parser.add_argument("--held", type=float, default=30.0, help="seconds given to the workers to be ready")
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    server = subprocess.Popen([sys.executable, "-m", "docketflow.cli", "app", "--port", str(PORT)])
    try:
        first, whole = measured(asked.presses, asked.held)
    finally:
        server.terminate()
        server.wait(20)
    first.sort()
    row = {
        "presses": len(first),
        "first_p50_ms": round(statistics.median(first)),
        "first_p95_ms": round(first[max(0, round(0.95 * len(first)) - 1)]),
        "fifty_median_ms": round(statistics.median(whole)),
        "fifty_worst_ms": round(max(whole)),
        "load": load(),
        **described("fastapi", "playwright"),
    }
    print(row)
    if asked.write:
        append(Path(__file__).with_suffix(".csv"), row)


def measured(presses: int, held: float) -> tuple[list[float], list[float]]:
    """Return the times of first answers and of answers by all runs, in milliseconds."""
    ready()
    with sync_playwright() as begun:
        browser = begun.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.goto(f"http://127.0.0.1:{PORT}/")
        page.wait_for_timeout(held * 1000)
        page.evaluate(WATCH)
        sliders = page.locator("[data-slider]")
        first, whole = [], []
        for k in range(presses):
            sliders.nth(k % sliders.count()).focus()
            page.evaluate("window.took = []")
            page.keyboard.press("ArrowRight")
            until(page, "window.took.length > 0")
            first.append(page.evaluate("window.took[0][1]"))
        for k in range(5):
            sliders.nth(k % sliders.count()).focus()
            page.evaluate("window.took = []")
            page.keyboard.press("ArrowRight")
            until(page, "window.took.some(one => one[0] === 50)")
            whole.append(page.evaluate("window.took.find(one => one[0] === 50)[1]"))
        browser.close()
    return first, whole


def until(page: Page, holds: str) -> None:
    """Wait until something holds in the page, whose policy lets no text be run there."""
    for _ in range(12_000):
        if page.evaluate(holds):
            return
        page.wait_for_timeout(10)
    raise SystemExit(f"never came to hold: {holds}")


def ready() -> None:
    """Wait until the server answers."""
    for _ in range(240):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/static/icon.svg", timeout=1).close()
            return
        except OSError:
            time.sleep(0.25)
    raise SystemExit("the app did not begin")


if __name__ == "__main__":
    main()
