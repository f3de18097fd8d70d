"""The samples are what their generators write, and what their page says they are."""

import csv
import re
from pathlib import Path

import pytest

from data_samples import make

SAMPLES = Path(__file__).parents[2] / "data_samples"
FILES = sorted(path.name for path in SAMPLES.glob("*.csv"))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with every sample, written now."""
    folder = tmp_path_factory.mktemp("samples")
    make.write_all(folder)
    return folder


def test_the_generators_write_exactly_the_files_that_are_there(made):
    assert sorted(path.name for path in made.iterdir()) == FILES
    assert len(FILES) == 9


@pytest.mark.parametrize("name", FILES)
def test_a_sample_is_made_again_byte_for_byte(made, name):
    assert (made / name).read_bytes() == (SAMPLES / name).read_bytes()


@pytest.mark.parametrize("name", FILES)
def test_a_sample_is_small(name):
    assert (SAMPLES / name).stat().st_size < 1_000_000


@pytest.mark.parametrize("sample", ["churn", "traffic", "tumours"])
def test_the_page_states_the_number_of_rows(sample):
    page = (SAMPLES / "README.md").read_text()
    stated = re.search(rf"`{sample}\*\.csv` \| (\d+), (\d+), (\d+) ", page)
    counted = [
        str(sum(1 for _ in csv.reader((SAMPLES / f"{sample}{batch}.csv").open())) - 1)
        for batch in ("", "_fresh", "_drifted")
    ]
    assert list(stated.groups()) == counted


@pytest.mark.parametrize("sample", ["churn", "traffic", "tumours"])
def test_every_batch_of_a_set_has_the_same_columns(sample):
    headers = {(SAMPLES / f"{sample}{batch}.csv").read_text().split("\n", 1)[0] for batch in ("", "_fresh", "_drifted")}
    assert len(headers) == 1
