"""Each version of a door stands for the code behind it.

Where a change behind a door gives something else for the same request, raise its version in `engine.doors`; then, and
where it gives the same, note the new hash here.
"""

from engine.doors import BEHIND, DOORS, WITHIN, doors_of
from operators.identity import code_of_modules
from operators.registry import BUILTIN

CODE = {
    "tables": (1, "17d331bac2965229"),
    "file": (1, "6d9601ff071fd9f2"),
    "dataset": (1, "69d2ab7844b7a318"),
    "model": (1, "a2741035c0e8ce95"),
}


def test_every_version_stands_for_the_code_behind_it():
    found = {name: (version, code_of_modules(BEHIND[name], WITHIN)) for name, version in DOORS.items()}
    assert found == CODE


def test_what_reads_a_file_depends_on_the_readers():
    assert set(doors_of(BUILTIN.build("read_csv", {"path": "a.csv"}))) == {"tables", "file"}
    assert set(doors_of(BUILTIN.build("read_dataset", {"dataset": "a"}))) == {"tables", "dataset"}
    assert set(doors_of(BUILTIN.build("load_model", {"model": "a"}))) == {"tables", "model"}
    assert set(doors_of(BUILTIN.build("sort_rows", {"by": ["a"]}))) == {"tables"}
