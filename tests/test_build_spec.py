"""The recipe of the packaged application, carried out with PyInstaller's part taken away."""

import io
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest
from PIL import Image

from tools import application_icon

ROOT = Path(__file__).resolve().parents[1]
DATAS = ("tensorflow/include/a.h", r"tensorflow\include\a.h", "keras/a.json")


@pytest.fixture
def carried_out(monkeypatch):
    """Return a function that runs the recipe as on a system; it returns what it asks for."""

    def run(platform):
        calls = {"Analysis": [], "EXE": [], "COLLECT": [], "BUNDLE": []}

        def noting(name):
            return lambda *_parts, **options: calls[name].append(options)

        hooks = SimpleNamespace(
            collect_data_files=lambda *_, **__: [],
            collect_submodules=lambda _name: [],
            copy_metadata=lambda name, **_: [(name, f"{name}.dist-info")],
        )
        monkeypatch.setitem(sys.modules, "PyInstaller.utils.hooks", hooks)
        monkeypatch.setattr(sys, "platform", platform)
        monkeypatch.setattr(sys, "path", sys.path[:])
        monkeypatch.setenv("CI", "")
        datas = [(name, name, "DATA") for name in DATAS]
        parts = SimpleNamespace(pure=[], scripts=[], binaries=[], datas=datas)
        names = {
            "Analysis": lambda *_, **options: calls["Analysis"].append(options) or parts,
            "PYZ": lambda _pure: None,
            "EXE": noting("EXE"),
            "COLLECT": lambda *collected, **_: calls["COLLECT"].append(collected),
            "BUNDLE": noting("BUNDLE"),
            "SPECPATH": str(ROOT),
        }
        recipe = (ROOT / "build.spec").read_text(encoding="utf-8")
        exec(compile(recipe, "build.spec", "exec"), names)  # noqa: S102  (our own file)
        return calls

    return run


@pytest.mark.parametrize(("platform", "programs"), [("win32", 2), ("darwin", 1), ("linux", 1)])
def test_programs_carry_the_application_s_icon_where_programs_have_one(
    carried_out, platform, programs
):
    made = carried_out(platform)["EXE"]
    icons = [options["icon"] for options in made]
    assert icons == [None if platform == "linux" else "resources/icons/btgui.png"] * programs
    assert (ROOT / "resources/icons/btgui.png").is_file()


def test_what_may_be_dropped_on_the_dock_s_icon_is_named(carried_out):
    (bundle,) = carried_out("darwin")["BUNDLE"]
    assert bundle["icon"] == "resources/icons/btgui.png"
    kinds = bundle["info_plist"]["CFBundleDocumentTypes"]
    suffixes = {suffix for kind in kinds for suffix in kind.get("CFBundleTypeExtensions", ())}
    assert {"png", "jpg", "dcm", "nii", "btmodel"} <= suffixes
    assert not any(suffix.startswith(".") for suffix in suffixes)
    assert carried_out("win32")["BUNDLE"] == []


def test_the_picture_is_the_window_s_icon(qapp, tmp_path):
    assert application_icon.draw().save(str(tmp_path / "icon.png"))
    drawn, kept = (
        cv2.imread(str(file), cv2.IMREAD_UNCHANGED).astype(int)
        for file in (tmp_path / "icon.png", ROOT / "resources/icons/btgui.png")
    )
    assert kept.shape == (application_icon.SIDE, application_icon.SIDE, 4)
    assert np.abs(drawn - kept).mean() < 1  # another Qt may draw an edge a little differently


@pytest.mark.parametrize(("kind", "sizes"), [("ICO", {16, 32, 256}), ("ICNS", {32, 256, 1024})])
def test_system_icons_can_be_made_of_it(kind, sizes):
    made = io.BytesIO()
    Image.open(ROOT / "resources/icons/btgui.png").save(made, kind)
    found = Image.open(io.BytesIO(made.getvalue())).info["sizes"]
    assert sizes <= {size[0] * (size[2] if len(size) > 2 else 1) for size in found}


def test_licences_go_with_the_application(carried_out):
    (analysis,) = carried_out("linux")["Analysis"]
    places = dict(analysis["datas"])
    assert (places["LICENSE"], places["NOTICE"]) == (".", ".")
    assert {"PySide6-Essentials", "tensorflow", "scipy"} <= places.keys()


def test_modules_that_load_libraries_under_the_gpl_stay_outside(carried_out):
    (analysis,) = carried_out("linux")["Analysis"]
    assert {"readline", "_gdbm"} <= set(analysis["excludes"])


def test_headers_stay_outside_as_every_system_writes_their_place(carried_out):
    (collected,) = carried_out("linux")["COLLECT"]
    assert [name for name, *_ in collected[-1]] == ["keras/a.json"]


def test_openvino_sends_nothing_while_its_modules_are_collected(carried_out):
    carried_out("linux")
    assert os.environ["CI"] == "true"
