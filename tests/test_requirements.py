"""What is installed: pinned, hashed, from nowhere in particular, and free of the GPL."""

import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILES = ("requirements.txt", "requirements-dev.txt", "requirements-gpu.txt")
SOURCES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("requirements*/*.in"))
# PyInstaller's licence makes an exception for the programs it packs, and it is a tool only.
WITH_EXCEPTION = {"pyinstaller", "pyinstaller-hooks-contrib"}


def entries(name: str) -> list[str]:
    """Return the file's requirements, continued lines joined."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def is_gpl(said: str) -> bool:
    """Whether a package's words on its licence leave no choice but the GPL or the AGPL."""
    strict = re.search(
        r"(?<!L)(?<!Lesser )(?<!Library )(\bA?GPL|General Public License)", said, re.IGNORECASE
    )
    return bool(strict) and not re.search(r"LGPL| OR ", said)


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ("GPL-3.0-or-later", True),
        ("GPLv2", True),
        ("AGPL-3.0", True),
        ("GNU GENERAL PUBLIC LICENSE", True),
        ("License :: OSI Approved :: GNU Affero General Public License v3", True),
        ("License :: OSI Approved :: GNU General Public License v2 (GPLv2)", True),
        ("LGPL-3.0-only", False),
        ("LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only", False),
        ("License :: OSI Approved :: GNU Lesser General Public License v3 (LGPLv3)", False),
        ("Apache-2.0", False),
    ],
)
def test_the_gpl_is_told_from_its_weaker_relatives(said, refused):
    assert is_gpl(said) == refused


def test_every_file_of_requirements_is_looked_at():
    assert sorted(path.name for path in ROOT.glob("requirements*.txt")) == sorted(FILES)
    assert SOURCES


@pytest.mark.parametrize("name", FILES)
def test_every_package_is_pinned_exactly_and_hashed(name):
    assert entries(name)
    for entry in entries(name):
        pinned, *hashes = entry.split("--hash=")
        assert re.fullmatch(r"[a-z0-9._-]+==\S+ +(; .+)?", pinned), entry
        assert hashes
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}\s*", one) for one in hashes), entry


@pytest.mark.parametrize(
    "file",
    [*FILES, *SOURCES, "pyproject.toml", "start.py", "build.spec", ".ci/run"],
)
def test_no_file_names_where_packages_come_from(file):
    text = (ROOT / file).read_text(encoding="utf-8")
    source = r"https?://|git\+|index-url|--find-links|--trusted-host|^\s*-[if]\b| @ \w+:"
    assert not re.search(source, text, re.MULTILINE)


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
        said = " ".join([*licence.strip().splitlines()[:1], *classifiers])
        if is_gpl(said) and package not in WITH_EXCEPTION:
            gpl[package] = said
    assert not gpl
