"""What is installed: pinned, hashed, from nowhere in particular, and free of the GPL."""

import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILES = ("requirements.txt", "requirements-dev.txt", "requirements-gpu.txt")
# PyInstaller's licence makes an exception for the programs it packs, and it is a tool only.
WITH_EXCEPTION = {"pyinstaller", "pyinstaller-hooks-contrib"}


def entries(name: str) -> list[str]:
    """Return the file's requirements, continued lines joined."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


@pytest.mark.parametrize("name", FILES)
def test_every_package_is_pinned_exactly_and_hashed(name):
    for entry in entries(name):
        assert re.match(r"[a-z0-9._-]+==\S+ ", entry), entry
        assert "--hash=sha256:" in entry, entry


@pytest.mark.parametrize(
    "file",
    [*FILES, "pyproject.toml", "start.py", "build.spec", ".ci/run"],
)
def test_no_file_names_where_packages_come_from(file):
    text = (ROOT / file).read_text(encoding="utf-8")
    assert not re.search(r"https?://|--index-url|--find-links|--extra-index", text)


def test_the_application_and_the_tests_use_the_same_versions():
    pins = [
        {
            match[1]: match[2]
            for entry in entries(name)
            if (match := re.match(r"([a-z0-9._-]+)==([^\s;]+)", entry))
        }
        for name in FILES[:2]
    ]
    assert pins[0].items() <= pins[1].items()


@pytest.mark.parametrize("name", FILES[:2])
def test_no_package_is_under_the_gpl(name):
    gpl = {}
    for entry in entries(name):
        package = entry.split("==")[0]
        try:
            facts = metadata(package)
        except PackageNotFoundError:
            continue  # for another operating system
        licence = facts.get("License-Expression") or facts.get("License") or ""
        classifiers = [c for c in facts.get_all("Classifier", []) if c.startswith("License")]
        said = " ".join([licence.splitlines()[0] if licence else "", *classifiers])
        strict = re.search(r"(?<!L)(?<!Lesser )\bA?GPL|(?<!Lesser )General Public License", said)
        alternative = "LGPL" in said or " OR " in said
        if strict and not alternative and package not in WITH_EXCEPTION:
            gpl[package] = said
    assert not gpl
