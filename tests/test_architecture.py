"""The layers: imports go one way, never in a circle, and the heavy ones wait."""

import ast
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
HEAVY = {"tensorflow", "keras", "openvino"}
LONGEST_MODULE = 400


def modules(*folders: str) -> dict[str, Path]:
    """Return every module under these folders by its dotted name."""
    found = {}
    for folder in folders:
        for file in sorted((ROOT / folder).rglob("*.py")):
            parts = file.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


@cache
def imports(file: Path, *, top_level_only: bool = False) -> frozenset[str]:
    """Return the dotted names that a file imports."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef) if top_level_only else ()
    nodes: list[ast.AST] = [ast.parse(file.read_text(encoding="utf-8"))]
    names: set[str] = set()
    for node in nodes:  # grows on the way
        nodes += [n for n in ast.iter_child_nodes(node) if not isinstance(n, functions)]
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            # "from package import module" and "from module import name" look the same.
            module = "." * node.level + (node.module or "")
            names |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
    return frozenset(names)


def offenders(folder: str, forbidden: tuple[str, ...], *, allowed: tuple[str, ...] = ()):
    """Return (module, import) pairs that break a rule."""
    return [
        (module, name)
        for module, file in modules(folder).items()
        for name in imports(file)
        if name.startswith(forbidden) and not (allowed and name.startswith(allowed))
    ]


def package_of(name: str) -> str:
    """Return a layer's package that a module is in, or the module where it is in none."""
    parts = name.split(".")
    return ".".join(parts[: 3 if parts[0] == "btgui" else 2])


def test_these_checks_find_what_they_look_for(tmp_path):
    file = tmp_path / "made.py"
    file.write_text(
        "try:\n    import keras\nexcept ImportError:\n    pass\n"
        "from . import near\n"
        "def late():\n    from btgui.views import text\n"
    )
    assert imports(file, top_level_only=True) == {"keras", ".", "..near"}
    assert imports(file) >= {"btgui.views", "btgui.views.text"}
    for folder in ("engine", "workers", "views", "command_line"):
        assert modules(f"btgui/{folder}")


def test_every_import_is_written_in_full():
    assert not offenders("btgui", (".",))
    assert not offenders("training", (".",))


def test_the_engine_knows_no_qt_and_nothing_above_it():
    above = ("PySide6", "pyqtgraph", "btgui.workers", "btgui.views", "btgui.app", "training")
    assert not offenders("btgui/engine", above)


def test_workers_know_qtcore_only_and_no_widgets():
    forbidden = ("PySide6.", "pyqtgraph", "btgui.views", "btgui.app")
    assert not offenders("btgui/workers", forbidden, allowed=("PySide6.QtCore",))


def test_nothing_in_the_application_imports_training():
    assert not offenders("btgui", ("training",))


def test_training_knows_no_qt_and_only_the_engine():
    forbidden = ("PySide6", "pyqtgraph", "btgui.")
    assert not offenders("training", forbidden, allowed=("btgui.engine",))


def test_training_reads_scans_under_the_windows_of_their_series_as_the_application_does():
    assert not offenders("training", ("btgui.engine.scan_source.read_scan",))
    listing = {
        f"btgui.engine.datasets.dataset.{name}" for name in ("read_dataset", "read_class_folder")
    }
    listers = [imports(file) for file in modules("training").values() if imports(file) & listing]
    assert listers
    assert all("btgui.engine.datasets.dataset.under_series_windows" in names for names in listers)


def test_the_command_line_knows_no_qt():
    assert not offenders("btgui/command_line", ("PySide6", "pyqtgraph", "btgui.views"))


@pytest.mark.parametrize("folder", ["btgui/views", "btgui/workers"])
def test_the_window_never_imports_the_networks_libraries(folder):
    assert not offenders(folder, tuple(HEAVY))


def test_the_networks_libraries_are_imported_inside_functions():
    files = [*modules("btgui").values(), ROOT / "main.py"]
    heavy = {
        (file.name, name)
        for file in files
        for name in imports(file, top_level_only=True)
        if name.split(".")[0] in HEAVY
    }
    assert not heavy


def test_openvino_is_imported_where_its_telemetry_is_shut_off_and_nowhere_else():
    users = {
        module
        for module, file in modules("btgui", "training", "tests", "tools", "benchmarks").items()
        if any(name.split(".")[0] == "openvino" for name in imports(file))
    }
    assert users == {"btgui.engine.runtimes.openvino_library"}


def test_errors_import_nothing_of_ours():
    assert not {n for n in imports(ROOT / "btgui/engine/errors.py") if n.startswith("btgui")}


def test_no_module_imports_another_in_a_circle():
    known = modules("btgui", "training")
    graph = {
        name: {n for n in imports(file, top_level_only=True) if n in known and n != name}
        for name, file in known.items()
    }
    try:
        tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(f"imports in a circle: {' -> '.join(error.args[1])}")


def test_no_package_imports_another_in_a_circle():
    """Between the packages of a layer, too, and whether at the top or inside a function."""
    known = modules("btgui", "training")
    graph: dict[str, set[str]] = {}
    for name, file in known.items():
        used = {package_of(n) for n in imports(file) if n in known}
        graph.setdefault(package_of(name), set()).update(used - {package_of(name)})
    try:
        tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(f"imports in a circle: {' -> '.join(error.args[1])}")


def test_no_module_is_too_long():
    files = modules("btgui", "training", "tests", "tools", "benchmarks").values()
    lines = {file.name: len(file.read_text(encoding="utf-8").splitlines()) for file in files}
    assert not {name: count for name, count in lines.items() if count > LONGEST_MODULE}


@pytest.mark.parametrize(
    "folder",
    [
        "workers",
        "views",
        *(
            f"views/{p}"
            for p in ("browser", "dialogs", "folder", "heatmaps", "measuring_models", "widgets")
        ),
        *(
            f"engine/{p}"
            for p in ("datasets", "exports", "figures", "models", "pictures", "training_runs")
        ),
    ],
)
def test_every_module_of_the_window_has_its_mirrored_test(folder):
    names = {f.stem for f in (ROOT / "btgui" / folder).glob("*.py") if f.stem != "__init__"}
    tested = {f.stem.removeprefix("test_") for f in (ROOT / "tests" / folder).glob("test_*.py")}
    assert not names - tested
