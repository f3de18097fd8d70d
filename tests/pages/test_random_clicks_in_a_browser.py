"""Random clicks in two tabs at once; `python -m tests.pages.clicks --minutes 10 --seed 1` makes more of them."""

import pytest

from tests.pages.chromium import IN_CHROMIUM
from tests.pages.clicks import clicked

pytestmark = [*IN_CHROMIUM, pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.mark.parametrize("seed", [1, 2])
def test_random_clicks_lose_no_edit_and_put_none_elsewhere(browser, tmp_path, seed):
    clicks = clicked(3, seed, tmp_path / "workspace", browser)
    assert clicks.faults == []
    assert clicks.count["edits"] > 0
