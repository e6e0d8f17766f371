import gc
import os
import stat
import subprocess
import sys

import pytest

from btgui.engine.disk.private_folder import PrivateFolder, remove_left_behind
from btgui.engine.errors import BtguiError


def test_only_its_user_may_look_into_it(tmp_path):
    folder = PrivateFolder(tmp_path)
    if os.name == "posix":
        assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    (folder.path / "scan.png").touch()
    folder.close()
    assert [*tmp_path.iterdir()] == []
    folder.close()


def test_it_goes_with_what_held_it(tmp_path):
    folder = PrivateFolder(tmp_path)
    (folder.path / "scan.png").touch()
    del folder
    gc.collect()
    assert [*tmp_path.iterdir()] == []


def test_it_goes_when_the_process_ends(tmp_path):
    program = (
        "import sys; from pathlib import Path; "
        "from btgui.engine.disk.private_folder import PrivateFolder; "
        "kept = PrivateFolder(Path(sys.argv[1])); sys.modules['kept'] = kept; "
        "print(kept.path.is_dir())"
    )
    arguments = [sys.executable, "-c", program, str(tmp_path)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"
    assert [*tmp_path.iterdir()] == []


def test_what_a_killed_process_left_is_removed_and_no_other(tmp_path):
    program = (
        "import os, sys; from pathlib import Path; "
        "from btgui.engine.disk.private_folder import PrivateFolder; "
        "kept = PrivateFolder(Path(sys.argv[1])); (kept.path / 'scan.png').touch(); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=True)
    assert len([*tmp_path.glob("*/scan.png")]) == 1
    other = tmp_path / "btgui-notes-x"
    other.mkdir()
    mine = PrivateFolder(tmp_path)
    assert remove_left_behind(tmp_path) == 1
    assert {*tmp_path.iterdir()} == {other, mine.path}


def test_what_was_left_is_removed_though_another_process_has_its_number_by_now(tmp_path):
    left, mine = (tmp_path / f"btgui-{os.getpid()}-{name}" for name in ("left", "mine"))
    for folder in (left, mine):
        folder.mkdir()
        (folder / "scan.png").touch()
    os.utime(left, (0, 0))  # long before this process began
    assert remove_left_behind(tmp_path) == 1
    assert [*tmp_path.iterdir()] == [mine]


@pytest.mark.usefixtures("no_temporary_files")
def test_where_none_can_be_made_it_says_so_and_none_is_left_behind():
    with pytest.raises(BtguiError, match=r"cannot be written \(No usable temporary directory"):
        PrivateFolder()
    assert remove_left_behind() == 0
