import pytest

from btgui.views.thumbnail_loader import ThumbnailLoader
from btgui.views.training_wizard.thumbnail import Thumbnail
from tests.conftest import write_head


@pytest.fixture
def loader(qapp):
    loader = ThumbnailLoader()
    yield loader
    loader.close()


def test_its_own_picture_comes_and_no_other(loader, qtbot, tmp_path):
    files = [write_head(tmp_path / f"{n}.png", seed=n) for n in range(2)]
    pictures = [Thumbnail(file, 64, loader) for file in files]
    for picture in pictures:
        qtbot.addWidget(picture)
        picture.show()
        assert picture.pixmap().isNull()
    qtbot.waitUntil(lambda: not any(one.pixmap().isNull() for one in pictures))
    first, second = (one.pixmap().toImage() for one in pictures)
    assert first != second


def test_a_scan_that_cannot_be_read_says_so(loader, qtbot, tmp_path):
    (tmp_path / "bad.png").write_bytes(b"nothing")
    picture = Thumbnail(tmp_path / "bad.png", 64, loader)
    qtbot.addWidget(picture)
    picture.show()
    qtbot.waitUntil(lambda: picture.text() != "")
    assert picture.toolTip() == "bad.png cannot be read."
    assert picture.pixmap().isNull()
