"""A process that has one of the databases open: a line of JSON asks for a side, a line of JSON answers.

`{"side": "page", "args": {...}}` makes the side and runs it once unmeasured where it is new, then runs it and says how long
that took (`ms`), with whatever the side says of itself. What anything prints goes to the standard error.
"""

import gc
import json
import os
import subprocess
import sys
import time
import traceback
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def environment(address: str) -> dict[str, str]:
    """Of a process that measures in the database of this address."""
    return {
        **os.environ,
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
        "DATABASE_REPLICA_URL": "",  # both sides ask one server
        "DEBUG": "",
        "BEHIND_PLAIN_HTTP": "1",
        "SECRET_KEY": "only-for-measuring-" + "0123456789abcdef" * 3,
        "ALLOWED_HOSTS": "testserver",
        "LANGUAGE_CODE": "en",
        "PYTHONPATH": str(ROOT),
    }


class SideFailed(Exception):
    pass


class Worker:
    """The driver's end of such a process."""

    def __init__(self, address: str):
        self.address = address
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.worker"], env=environment(address), cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def ask(self, side: str, **args) -> dict:
        assert self.process.stdin
        assert self.process.stdout
        print(json.dumps({"side": side, "args": args}), file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        answer = json.loads(line) if line else {"error": "the process ended"}
        if "error" in answer:
            raise SideFailed(f"{side} {args or ''}: {answer['error']}")
        return answer

    def side(self, name: str, **args):
        return partial(self.ask, name, **args)

    def close(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:  # a run that was broken off
            self.process.kill()
            self.process.wait()


def main() -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    import django

    django.setup()
    from tests.bench.inside import SIDES

    made: dict[str, object] = {}
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            key = json.dumps(asked, sort_keys=True)
            if key not in made:
                make, warm = SIDES[asked["side"]]
                made[key] = make(**asked["args"])
                if warm:
                    made[key]()
            gc.collect()
            began = time.perf_counter()
            told = made[key]()
            answer = {"ms": (time.perf_counter() - began) * 1000, **(told or {})}
        except Exception as error:  # the run goes on, and says so in the table
            traceback.print_exc()
            answer = {"error": f"{type(error).__name__}: {error}"[:500]}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
