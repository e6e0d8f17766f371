import errno
import os
import tempfile

import pytest

from btgui.command_line.opening import check_new_file
from btgui.engine.errors import ExportError


def test_a_table_for_a_folder_that_cannot_be_written_to_is_refused(tmp_path, monkeypatch):
    def refuse(**_options):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", refuse)
    with pytest.raises(ExportError, match=r"t\.csv cannot be written \(Read-only file system\)"):
        check_new_file(tmp_path / "t.csv")


def test_looking_for_a_table_s_place_leaves_nothing(tmp_path):
    check_new_file(tmp_path / "t.csv")
    check_new_file(None)
    assert not [*tmp_path.iterdir()]
