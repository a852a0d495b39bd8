"""The Chromium of the browser suite: on the path, else playwright's own, else installed; prints where it is.

`python -m tests.chromium` installs it where it is missing; where that does not work it says what to do and fails.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
ADVICE = """There is no Chromium, and none could be installed.
Do one of these, then run it again:
  - install your system's package (Debian and Ubuntu: apt-get install chromium);
  - .venv/bin/playwright install --with-deps chromium
  - set CHROMIUM to the path of a Chromium or Chrome that is there."""


def find() -> str | None:
    """Where Chromium is; None where there is none that starts."""
    named = os.environ.get("CHROMIUM")
    for candidate in [named] if named else [*(shutil.which(name) for name in NAMES), _of_playwright()]:
        if candidate and _starts(candidate):
            return candidate
    return None


def _of_playwright() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def _starts(path: str) -> bool:
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def install() -> None:
    """Playwright's own download; then the system's package manager, where we may use it."""
    steps = [[[sys.executable, "-m", "playwright", "install", "chromium"]]]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        steps.append(
            [["apt-get", "update", "-q"], ["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"]]
        )
    for commands in steps:
        for command in commands:
            print("Chromium: " + " ".join(command), file=sys.stderr, flush=True)
            environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            try:
                subprocess.run(
                    command, stdin=subprocess.DEVNULL, stdout=sys.stderr, timeout=600, check=False, env=environment
                )
            except subprocess.TimeoutExpired:
                print("Chromium: gave up after 10 minutes", file=sys.stderr)
        if find():
            return


def main() -> int:
    if find() is None:
        install()
    found = find()
    if found is None:
        print(ADVICE, file=sys.stderr)
        return 1
    print(found)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
