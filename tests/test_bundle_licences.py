"""What is collected for the packaged application's licences, and the check that finds what it lacks."""

import shutil
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path

import pytest

from tools import bundle_licences
from tools.bundle_licences import licence_problems, package_texts, system_texts

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def bundle(tmp_path):
    """A packaged application of two packages, one of which holds no licence text."""
    shutil.copytree(ROOT / "resources" / "licences", tmp_path / "resources" / "licences")
    (tmp_path / "resources" / "licences" / "system").mkdir()
    for name in ("LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, tmp_path)
    for name, own in (("numpy", ["LICENSE.txt"]), ("pyjpegls", [])):
        folder = tmp_path / f"{name}-1.0.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Name: {name}\nVersion: 1.0\n", encoding="utf-8")
        for file in own:
            (folder / file).write_text("terms", encoding="utf-8")
    return tmp_path


def test_an_application_with_all_its_licences_has_no_problem(bundle):
    assert licence_problems(bundle) == []


def test_a_part_without_a_licence_is_told(bundle):
    (bundle / "numpy-1.0.dist-info" / "LICENSE.txt").unlink()
    (bundle / "resources" / "licences" / "pyjpegls.txt").unlink()
    problems = licence_problems(bundle)
    assert problems == [f"{name} 1.0: no licence text" for name in ("numpy", "pyjpegls")]


@pytest.mark.parametrize(
    "name", ["libreadline.so.8", "readline.cpython-311-x86_64-linux-gnu.so", "libgdbm.so.6"]
)
def test_a_library_under_the_gpl_is_told(bundle, name):
    (bundle / name).touch()
    assert licence_problems(bundle) == [f"{name}: under the GPL"]


def test_a_linux_application_without_its_system_libraries_licences_is_told(bundle, monkeypatch):
    (bundle / "resources" / "licences" / "system").rmdir()
    monkeypatch.setattr(sys, "platform", "linux")
    (problem,) = licence_problems(bundle)
    assert "system libraries" in problem


def test_licences_among_a_package_s_code_go_to_its_metadata():
    package = distribution("imagecodecs")
    (folder,) = Path(str(package.locate_file(""))).glob("imagecodecs-*.dist-info")
    texts = package_texts(folder)
    assert {folder for _, folder in texts} == {f"{folder.name}/licenses/imagecodecs/licenses"}
    assert all(Path(file).is_file() for file, _ in texts)
    assert any(Path(file).name == "LICENSE-libjpeg-turbo" for file, _ in texts)


def test_debian_s_words_on_a_library_are_taken_with_the_texts_that_they_name(tmp_path, monkeypatch):
    documents, common = tmp_path / "doc", tmp_path / "common"
    (documents / "libmade1").mkdir(parents=True)
    (documents / "libmade1" / "copyright").write_text(f"see {common}/LGPL-2.1.", encoding="utf-8")
    common.mkdir()
    (common / "LGPL-2.1").touch()
    monkeypatch.setattr(bundle_licences, "_DOCUMENTS", documents)
    monkeypatch.setattr(bundle_licences, "_COMMON", common)

    def answer(command, **_):
        assert "/usr/lib/libmade.so.1" in command
        return subprocess.CompletedProcess(
            command, 1, "libmade1:amd64: /usr/lib/libmade.so.1\nlibgone: /usr/lib/gone.so\n"
        )

    monkeypatch.setattr(shutil, "which", lambda name: name)
    monkeypatch.setattr(subprocess, "run", answer)
    taken = system_texts([Path("/lib/libmade.so.1"), Path("/lib/gone.so")])
    assert [name for name, _, _ in taken] == [
        "resources/licences/system/libmade1.txt",
        "resources/licences/common-licenses/LGPL-2.1.txt",
    ]


def test_a_system_without_debian_s_tools_has_none(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    assert system_texts([Path("/lib/libmade.so.1")]) == []
