import shutil
from pathlib import Path

import pydicom

from btgui.engine.studies.dicomdir import missing_files
from btgui.engine.studies.index import index_places

FOLDER = Path(pydicom.__file__).parent / "data" / "test_files" / "dicomdirtests"


def test_all_files_of_a_whole_disc_are_there():
    assert missing_files(FOLDER / "DICOMDIR") == ()


def test_files_that_are_not_beside_the_list_are_told(tmp_path):
    shutil.copy(FOLDER / "DICOMDIR", tmp_path)
    shutil.copytree(FOLDER / "77654033", tmp_path / "77654033")
    missing = missing_files(tmp_path / "DICOMDIR")
    assert missing
    assert not any(name.startswith("77654033/") for name in missing)
    index = index_places([tmp_path / "DICOMDIR"])
    told = [p.reason for p in index.passed_over if p.path.name == "DICOMDIR"]
    assert len(told) == 1
    assert f"lists {len(missing)} missing files" in told[0]


def test_a_damaged_list_lists_nothing(tmp_path):
    damaged = tmp_path / "DICOMDIR"
    damaged.write_bytes((FOLDER / "DICOMDIR").read_bytes()[:700])
    assert missing_files(tmp_path / "none") == ()
    missing_files(damaged)
