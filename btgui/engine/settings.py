"""The user's choices: a typed schema with a version, kept as JSON. Window state is kept apart."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, get_args

from btgui.engine.disk.file_lock import holding
from btgui.engine.disk.files import free_name, replacing
from btgui.engine.notifications import Notification, notify
from btgui.engine.runtime_names import RUNTIME_NAMES

VERSION = 1
MAXIMUM_RECENT = 10
SETTINGS_FILE = "settings.json"
_LOCK = "settings.lock"


@dataclass(frozen=True)
class Settings:
    """What the user chose.

    Attributes
    ----------
    recent_folders
        Newest first, at most ten; empty and unused where ``remember_recent`` is off.
    default_model_id, previous_model_id
        The model that reads, and the one that read before it. Empty: the library chooses.
    colour_map, heatmap_opacity, heatmap_contours, cam_method
        How heatmaps are shown; opacity in percent, 0 to 100.
    patient_hidden, scan_text_hidden
        Whether lines that name the patient, or all text, are kept off the scan.
    runtime
        What executes the networks, a name of ``runtimes.choice``; "auto" chooses.
    keys
        The user's own keys: action to key sequence, "" for none. Others have their defaults.
    """

    version: int = VERSION
    recent_folders: tuple[str, ...] = ()
    remember_recent: bool = True
    default_model_id: str = ""
    previous_model_id: str = ""
    colour_map: str = "inferno"
    heatmap_opacity: int = 50
    heatmap_contours: bool = False
    cam_method: str = "grad_cam"
    sample_shown: bool = False
    patient_hidden: bool = False
    scan_text_hidden: bool = False
    runtime: str = "auto"
    keys: dict[str, str] = field(default_factory=dict)

    def with_recent_folder(self, folder: Path) -> Settings:
        """Return settings with this folder first among the recent ones, if those are kept."""
        if not self.remember_recent:
            return self
        others = [text for text in self.recent_folders if text != str(folder)]
        return replace(self, recent_folders=(str(folder), *others)[:MAXIMUM_RECENT])

    def with_default_model(self, model_id: str) -> Settings:
        """Return settings with this model as the default, and the one before kept to go back to."""
        if model_id == self.default_model_id:
            return self
        return replace(self, default_model_id=model_id, previous_model_id=self.default_model_id)

    def without_recent_folders(self) -> Settings:
        """Return settings that hold no recent folders; those opened later are kept as before."""
        return replace(self, recent_folders=())

    def remembering_folders(self, remember: bool) -> Settings:  # noqa: FBT001  (a signal's value)
        """Return settings that keep recent folders from now on, or neither hold nor keep any."""
        folders = self.recent_folders if remember else ()
        return replace(self, recent_folders=folders, remember_recent=remember)


# What these are where they cannot be read: the user may have wished it so.
_SAFE: dict[str, Any] = {"remember_recent": False, "patient_hidden": True, "scan_text_hidden": True}
_SAFE_WORDS = (
    "Patients and the text over scans are hidden and folders not remembered until you choose "
    "otherwise."
)


def load_settings(folder: Path, tell: Callable[[Notification], None] = notify) -> Settings:
    """Read the settings; of what cannot be read the user is told.

    A single value that cannot be read has its default. A file that cannot be read at all is set
    aside as ``.damaged``. In both cases what concerns privacy is on the safe side.
    ``tell`` takes the message: a window that is not there yet cannot hear :func:`notify`.
    """
    file = folder / SETTINGS_FILE
    try:
        values = _values_in(file)
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError, TypeError, RecursionError) as error:
        tell(Notification("warning", f"{_set_aside(file)} {_SAFE_WORDS}", str(error)))
        return replace(Settings(), **_SAFE)
    settings, problems = _from_json(values)
    if problems:
        words = f"These settings could not be read and have their defaults: {', '.join(problems)}."
        if problems.keys() & _SAFE.keys():
            words = f"{words} {_SAFE_WORDS}"
        tell(Notification("warning", words, "\n".join(problems.values())))
    return settings


def save_settings(settings: Settings, folder: Path) -> None:
    """Write the settings, all of them or nothing.

    Raises
    ------
    OSError
        The folder cannot be written.
    """
    _write(asdict(settings), folder)


def written_settings(folder: Path) -> Settings | None:
    """Return the settings as they lie in the file now; None where they cannot be read."""
    try:
        return _from_json(_values_in(folder / SETTINGS_FILE))[0]
    except (OSError, ValueError, TypeError, RecursionError):
        return None


def update_settings(
    folder: Path, change: Callable[[Settings], Settings], otherwise: Settings
) -> Settings:
    """Change the settings as they lie in the file now; return what came of it.

    Another window may have changed other ones meanwhile: these stay. So does what a newer version
    wrote and this one does not know.

    Parameters
    ----------
    change
        From the file's settings to the wanted ones.
    otherwise
        What to change where there is no file that can be read.

    Raises
    ------
    LockHeldError
        Another window holds the file for longer than a moment.
    OSError
        The folder cannot be written.
    """
    with holding(folder / _LOCK):
        try:
            values = _values_in(folder / SETTINGS_FILE)
        except (OSError, ValueError, TypeError, RecursionError):
            settings = change(otherwise)
            save_settings(settings, folder)
            return settings
        before, _ = _from_json(values)
        settings = change(before)
        wanted = asdict(settings)
        if values["version"] > VERSION:
            wanted = {n: v for n, v in wanted.items() if v != getattr(before, n)}
        _write({**values, **wanted}, folder)
    return settings


def _values_in(file: Path) -> dict[str, Any]:
    """Return what a file holds; raise where that is no object with a version number."""
    values = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(values, dict) or type(values.get("version")) is not int:
        raise TypeError("expected an object with a version number")
    return values


def _write(values: dict[str, Any], folder: Path) -> None:
    with replacing(folder / SETTINGS_FILE) as temporary:
        temporary.write_text(json.dumps(values, indent=1), encoding="utf-8")


def _set_aside(file: Path) -> str:
    """Keep a file that cannot be read under another name; return what came of it in words."""
    try:
        aside = free_name(file.with_suffix(".damaged"))
        file.replace(aside)
    except OSError as error:  # another program holds it, or the folder cannot be written
        return (
            f"The settings could not be read and start anew; the old file could not be put aside "
            f"either ({error.strerror}), and the next change replaces it. It is {file}: see "
            f"whether another program uses it, and whether its folder can be written."
        )
    return f"The settings could not be read and start anew; the old file is kept as {aside.name}."


def _from_json(values: Mapping[str, Any]) -> tuple[Settings, dict[str, str]]:
    """Return settings, and by name what is wrong with values that could not be taken.

    A newer version's unknown names are passed over; each older version gets a step here.
    """
    chosen: dict[str, Any] = {}
    problems: dict[str, str] = {}
    defaults = Settings()
    for name in (one.name for one in fields(Settings) if one.name != "version"):
        if name not in values:
            continue
        value, default = values[name], getattr(defaults, name)
        read = tuple(value) if isinstance(default, tuple) and isinstance(value, list) else value
        if type(read) is type(default) and _is_allowed(name, read):
            chosen[name] = read
        else:
            problems[name] = f"{name}: expected a value like {default!r}, received {value!r}"
            chosen[name] = _SAFE.get(name, default)
    settings = replace(defaults, **chosen)
    return settings.remembering_folders(settings.remember_recent), problems


def _is_allowed(name: str, value: Any) -> bool:  # noqa: ANN401  (each setting has its own type)
    """Whether a value of the right type is one that a setting can have."""
    if name in {"colour_map", "cam_method", "runtime"}:
        return value in _choices(name)
    if name == "heatmap_opacity":
        return bool(0 <= value <= 100)  # noqa: PLR2004  (percent)
    if name == "recent_folders":
        return len(value) <= MAXIMUM_RECENT and all(isinstance(text, str) for text in value)
    if name == "keys":
        return all(isinstance(text, str) for text in value.values())
    return True


def _choices(name: str) -> tuple[str, ...]:
    """Return the names that a setting can have; imported late, a start screen comes first."""
    from btgui.engine.exports.picture import COLOUR_MAPS
    from btgui.engine.results import CamMethod

    return {
        "colour_map": tuple(COLOUR_MAPS),
        "cam_method": get_args(CamMethod),
        "runtime": RUNTIME_NAMES,
    }[name]
