"""The type of the print, unpacked once for all its tests."""

import pytest

from tags import fonts
from tests.pdfs import PACKAGES


@pytest.fixture(scope="session")
def print_fonts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fonts")
    fonts.unpack_fonts(PACKAGES, into=folder)
    return folder
