"""What the tests of memories share."""

import pytest

from memories import media


@pytest.fixture
def shelf(tmp_path):
    (tmp_path / "made").mkdir()
    return tmp_path


@pytest.fixture
def lacking(tmp_path, monkeypatch):
    """A machine on which the named libraries are not installed."""

    def lack(*names):
        room = tmp_path / "room"
        room.mkdir()
        for package in ("memories", "provenance"):
            (room / package).symlink_to(media.ROOM / package)
        for name in names:
            (room / f"{name}.py").write_text("raise ImportError(__name__)")
        monkeypatch.setattr(media, "ROOM", room)

    return lack
