"""What starts without a key, and what does not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def bare(*command: str) -> subprocess.CompletedProcess:
    """`manage.py` as in a clone where nothing is set, with a database that leaves no file."""
    named = ("DEBUG", "SECRET_KEY", "ALLOWED_HOSTS", "DJANGO_SETTINGS_MODULE")
    environment = {name: value for name, value in os.environ.items() if name not in named}
    environment["DATABASE_URL"] = "sqlite://:memory:"
    manage = [sys.executable, "manage.py", *command]
    return subprocess.run(manage, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_what_signs_nothing_needs_no_key():
    assert bare("makemigrations", "--check", "--dry-run").returncode == 0
    done = bare("evaluate_names", "tests/lib/names/second_pairs.tsv")
    assert (done.returncode, "recall at 1" in done.stdout) == (0, True), done.stderr


@pytest.mark.parametrize("command", ["check", "migrate", "serve", "api_token"])
def test_all_else_stops_and_says_what_to_set(command):
    done = bare(command)
    assert done.returncode
    assert "SECRET_KEY is missing or weak" in done.stderr
