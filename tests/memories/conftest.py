"""What the tests of memories share."""

import pytest


@pytest.fixture
def shelf(tmp_path):
    (tmp_path / "made").mkdir()
    return tmp_path
