import re
from pathlib import Path

import pytest

from btgui.engine import licences
from btgui.engine.licences import application_parts, is_licence

ROOT = Path(__file__).resolve().parents[2]


def test_every_package_that_is_packed_has_its_texts():
    pinned = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    packed = {"btgui", "python", *re.findall(r"^([a-z0-9.-]+)==", pinned, re.MULTILINE)}
    parts = [
        part
        for part in application_parts()
        if re.sub(r"[-_.]+", "-", part.name.split(" ")[0]).lower() in packed
    ]
    assert {"tensorflow", "PySide6_Essentials"} <= {part.name.split(" ")[0] for part in parts}
    assert [part.name for part in parts if not part.texts] == []
    assert [file for part in parts for file in part.texts if not file.is_file()] == []


def test_what_the_packages_lack_is_kept_with_the_application():
    texts = {part.name.split(" ")[0]: part.text() for part in application_parts()}
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in texts["shiboken6"]
    assert "GNU GENERAL PUBLIC LICENSE" in texts["shiboken6"]
    assert "The Qt Company" in texts["PySide6_Essentials"]
    assert "The TensorFlow Authors" in texts["tensorflow"]
    assert "Apache License" in texts["tensorflow"]
    assert "Pierre V. Villeneuve" in texts["pyjpegls"]


def test_no_text_is_kept_that_nothing_needs():
    kept = {path.name for path in (ROOT / "resources" / "licences").iterdir()}
    needed = {name for names in licences._KEPT_HERE.values() for name in names}
    assert kept == needed | {"Python.txt"}


def test_the_packaged_application_s_system_libraries_are_parts_too(tmp_path):
    (tmp_path / "licences" / "system").mkdir(parents=True)
    (tmp_path / "licences" / "system" / "libxcb1.txt").write_text("Copyright X", encoding="utf-8")
    (tmp_path / "licences" / "common-licenses").mkdir()
    (tmp_path / "licences" / "common-licenses" / "GPL-2.txt").write_text("GNU", encoding="utf-8")
    (tmp_path / "made-1.0.dist-info").mkdir()
    (tmp_path / "made-1.0.dist-info" / "METADATA").write_text("Name: made\nVersion: 1.0\n")
    parts = application_parts(tmp_path, tmp_path)
    names = ["btgui", "Python", "made 1.0", "libxcb1", "common-licenses"]
    assert [part.name for part in parts] == names
    assert parts[2].texts == ()
    assert "Copyright X" in parts[3].text()
    assert "GPL-2.txt" in parts[4].text()


@pytest.mark.parametrize(
    ("name", "holds_a_licence"),
    [
        ("LICENSE", True),
        ("licenses/hdf5.txt", True),
        ("imagecodecs/licenses/PATENTS-rav1e", True),
        ("tensorflow/THIRD_PARTY_NOTICES.txt", True),
        ("COPYING", True),
        ("METADATA", False),
        ("packaging/licenses/_spdx.py", False),
        ("cv2/data/haarcascade_license_plate_rus_16stages.xml", False),
    ],
)
def test_licences_are_told_from_other_files(name, holds_a_licence):
    assert is_licence(Path(name)) == holds_a_licence


def test_the_notice_of_qt_says_what_the_lgpl_asks_for():
    notice = (ROOT / "resources" / "licences" / "Qt.txt").read_text(encoding="utf-8")
    said = re.sub(r"\s+", " ", notice)
    assert "under the GNU Lesser General Public License, version 3" in said
    assert "You may replace these files by your own versions" in said
    assert "https://download.qt.io/" in said
