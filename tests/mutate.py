"""Take each visibility filter away, one at a time, and want a red test: `make mutate`.

A filter is a call of `visible_to(...)`, the body of a `rule`, or a use of `need_to_know`. Each is replaced in the source, the
tests of the laws and doors are run until the first failure, and the source is put back. Prints a line for each.
"""

import ast
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TESTS = ["tests/test_laws.py", "tests/api", "tests/pages", "tests/admin"]
PACKAGES = ("caricc", "contacts", "events")
SPARED = {"def visible_to"}


def sources():
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts and "management" not in path.parts:
                yield path


def mutations(text: str):
    """(line, what, text without that filter) for each filter of a module."""
    lines = text.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line.encode()))

    def cut(node, replacement):
        raw = text.encode()
        begin = starts[node.lineno - 1] + node.col_offset
        end = starts[node.end_lineno - 1] + node.end_col_offset
        return (raw[:begin] + replacement.encode() + raw[end:]).decode()

    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "visible_to":
            yield node.lineno, ast.unparse(node), cut(node, f"{ast.unparse(node.func.value)}.all()")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "need_to_know":
            yield node.lineno, ast.unparse(node), cut(node, "Q()")
        elif isinstance(node, ast.FunctionDef) and node.name == "rule" and "Q()" not in ast.unparse(node.body[-1]):
            last = node.body[-1]
            yield last.lineno, f"rule: {ast.unparse(last)}", cut(last, "return Q()")


def main() -> int:
    survivors, number = [], 0
    for path in sources():
        original = path.read_text()
        for line, what, changed in mutations(original):
            number += 1
            path.write_text(changed)
            try:
                run = subprocess.run(
                    [sys.executable, "-m", "pytest", "-x", "-q", "-m", "not browser", "-n", "2", *TESTS],
                    cwd=ROOT, capture_output=True, text=True, check=False,
                )  # fmt: skip
            finally:
                path.write_text(original)
            caught = run.returncode == 1
            place = f"{path.relative_to(ROOT)}:{line}"
            print(f"{'caught' if caught else 'SURVIVED'}  {place}  {what}", flush=True)
            if not caught:
                survivors.append(place)
    print(f"{number - len(survivors)} passed, {len(survivors)} failed")
    return 1 if survivors or not number else 0


if __name__ == "__main__":
    sys.exit(main())
