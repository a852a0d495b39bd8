import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

NAMES = Path(__file__).parents[1] / "lib" / "names"
HEADER = "variant\tcanonical\tverdict\ttype\n"


def evaluate(file, *arguments) -> str:
    out = StringIO()
    call_command("evaluate_names", str(file), *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("file", ["pairs.tsv", "second_pairs.tsv"])
def test_people_reach_their_goals(file):
    told = json.loads(evaluate(NAMES / file, "--json"))["person"]
    assert told["pairs"] > 90
    assert told["recall_at_1"] >= 0.95
    assert told["recall_at_5"] >= 0.99
    assert told["preselected"] >= 0.6 * told["pairs"]
    assert told["preselected_right"] >= 0.98 * told["preselected"]
    assert told["different_taken_for_same"] == []


@pytest.mark.parametrize("file", ["pairs.tsv", "second_pairs.tsv", "third_pairs.tsv"])
def test_organizations_reach_their_goals(file):
    told = json.loads(evaluate(NAMES / file, "--json"))["organization"]
    assert told["pairs"] > 50
    assert told["recall_at_1"] >= 0.95
    assert told["recall_at_5"] >= 0.98
    assert told["recall_through_stored_names"] == 1
    assert told["preselected_right"] == told["preselected"] > 5
    assert told["different_taken_for_same"] == []


def test_the_text_tells_the_same(tmp_path):
    file = tmp_path / "pairs.tsv"
    file.write_text(
        HEADER + "Р. Назаров\tNazarov Rustam\tsame\tperson\nNazarov Rustam\tNazarov Rustam\tdifferent\tperson\n"
    )
    assert evaluate(file).splitlines() == [
        "person: 2 pairs",
        "  recall at 1                  1.000",
        "  recall at 5                  1.000",
        "  preselected                  1, of these right 0",
        "  different taken for the same 1",
        "    Nazarov Rustam | Nazarov Rustam (1.00)",
        "organization: 0 pairs",
        "  recall at 1                  -",
        "  recall at 5                  -",
        "  recall through stored names  -",
        "  preselected                  0, of these right 0",
        "  different taken for the same none",
    ]


def test_what_the_file_does_not_know_is_not_counted(tmp_path):
    file = tmp_path / "pairs.tsv"
    rows = "Karimov Anvar\tNazarov Rustam\tdifferent\tperson\nA. Karimov\tKarimov Anvar Azizovich\tsame\tperson\n"
    file.write_text(HEADER + rows)
    told = json.loads(evaluate(file, "--json"))["person"]
    assert (told["preselected"], told["different_taken_for_same"]) == (0, [])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "line 1: the header must name"),
        (b"variant\tcanonical\tverdict\nA\tB\tsame\n", "line 1: .*missing: type"),
        (HEADER.encode() + b"A\tB\tsame\n", "line 2: 3 columns where there should be 4"),
        (HEADER.encode() + b"A\tB\tsame\tperson\nA\tB\tmaybe\tperson\n", "line 3: verdict is 'maybe'"),
        (HEADER.encode() + b"A\tB\tsame\tship\n", "line 2: type is 'ship'"),
        (HEADER.encode() + b"\tB\tsame\tperson\n", "line 2: variant is empty"),
        (HEADER.encode() + "Назаров\tB\tsame\tperson\n".encode("cp1251"), "line 2: not UTF-8"),
    ],
)
def test_a_bad_file_is_told_with_its_line(tmp_path, content, said):
    file = tmp_path / "pairs.tsv"
    file.write_bytes(content)
    with pytest.raises(CommandError, match=said):
        evaluate(file)


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        evaluate(tmp_path / "none.tsv")


@pytest.mark.parametrize("odd", ["Karimov\u2028Rustam", "Karimov\x0bRustam", "Karimov\x85Rustam", "x" * 140_000])
def test_only_the_ends_of_lines_end_lines_and_a_line_may_be_long(tmp_path, odd):
    file = tmp_path / "pairs.tsv"
    file.write_bytes(f"{HEADER}{odd}\tRustam Karimov\tsame\tperson\r\nA\tB\tsame\tship\r\n".encode())
    with pytest.raises(CommandError, match="line 3: type is 'ship'"):
        evaluate(file)
