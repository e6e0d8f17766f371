"""The user's settings: a typed schema with a version, stored as JSON without the window state."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
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
    """The user's settings.

    Attributes
    ----------
    recent_folders
        Newest first, at most ten; empty and unused if ``remember_recent`` is off.
    default_model_id, previous_model_id
        The model in use and the one used before it. Empty: the library chooses.
    colour_map, heatmap_opacity, heatmap_contours, cam_method
        How heatmaps are shown; opacity in percent, 0 to 100.
    patient_hidden, scan_text_hidden
        Whether lines that identify the patient, or all text, are hidden over the scan.
    runtime
        The runtime that executes the networks, one of ``RUNTIME_NAMES``.
    keys
        The user's shortcuts: action to key sequence, "" for none. Other actions have defaults.
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
        """Return settings with this folder first among the recent ones, if these are remembered."""
        if not self.remember_recent:
            return self
        others = [text for text in self.recent_folders if text != str(folder)]
        return replace(self, recent_folders=(str(folder), *others)[:MAXIMUM_RECENT])

    def with_default_model(self, model_id: str) -> Settings:
        """Return settings with this model as the default and the former default as the previous."""
        if model_id == self.default_model_id:
            return self
        return replace(self, default_model_id=model_id, previous_model_id=self.default_model_id)

    def without_recent_folders(self) -> Settings:
        """Return settings with an empty list of recent folders; whether to remember stays as it is."""
        return replace(self, recent_folders=())

    def remembering_folders(self, remember: bool) -> Settings:  # noqa: FBT001  (a signal's value)
        """Return settings that remember recent folders from now on, or that forget all of them."""
        folders = self.recent_folders if remember else ()
        return replace(self, recent_folders=folders, remember_recent=remember)


# The values of these settings if they cannot be read: the user may have chosen privacy.
_SAFE: dict[str, Any] = {"remember_recent": False, "patient_hidden": True, "scan_text_hidden": True}
_SAFE_WORDS = (
    "Patient details and the text over scans are hidden, and folders are not remembered, until you "
    "choose otherwise."
)


def load_settings(folder: Path, tell: Callable[[Notification], None] = notify) -> Settings:
    """Read the settings, and notify the user of anything that cannot be read.

    A single value that cannot be read is replaced by its default. A file that cannot be read at
    all is renamed to ``.damaged``, and a new one takes its place. In both cases unreadable privacy
    settings get the safe value.
    ``tell`` receives the message: before the window exists, it cannot receive :func:`notify`.
    """
    file = folder / SETTINGS_FILE
    try:
        values = _values_in(file)
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError, TypeError, RecursionError) as error:
        safe = replace(Settings(), **_SAFE)
        tell(Notification("warning", f"{_set_aside(file, safe)} {_SAFE_WORDS}", str(error)))
        return safe
    settings, problems = _from_json(values)
    if problems:
        words = f"These settings could not be read and were reset: {', '.join(problems)}."
        if problems.keys() & _SAFE.keys():
            words = f"{words} {_SAFE_WORDS}"
        tell(Notification("warning", words, "\n".join(problems.values())))
    return settings


def save_settings(settings: Settings, folder: Path) -> None:
    """Write the settings atomically.

    Raises
    ------
    OSError
        The folder cannot be written.
    """
    _write(asdict(settings), folder)


def written_settings(folder: Path) -> Settings | None:
    """Return the settings currently in the file; None if they cannot be read."""
    try:
        return _from_json(_values_in(folder / SETTINGS_FILE))[0]
    except (OSError, ValueError, TypeError, RecursionError):
        return None


def update_settings(
    folder: Path, change: Callable[[Settings], Settings], otherwise: Settings
) -> Settings:
    """Change the settings currently in the file and return the result.

    Other settings that another window has changed meanwhile are kept. So are values that a newer
    version wrote and this one does not know.

    Parameters
    ----------
    change
        Function from the file's settings to the new ones.
    otherwise
        The settings to change if the file is missing or cannot be read.

    Raises
    ------
    LockHeldError
        Another window holds the file's lock for longer than a moment.
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
    """Return the object in a settings file; raise TypeError if it has no version number."""
    values = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(values, dict) or type(values.get("version")) is not int:
        raise TypeError("expected an object with a version number")
    return values


def _write(values: dict[str, Any], folder: Path) -> None:
    with replacing(folder / SETTINGS_FILE) as temporary:
        temporary.write_text(json.dumps(values, indent=1), encoding="utf-8")


def _set_aside(file: Path, settings: Settings) -> str:
    """Rename a settings file that cannot be read and write these settings in its place.

    Without them, the next start would find no file and take the defaults, which are not the safe values.
    Returns a sentence on the outcome for the user.
    """
    try:
        aside = free_name(file.with_suffix(".damaged"))
        file.replace(aside)
    except OSError as error:  # another program holds it, or the folder cannot be written
        return (
            f"The settings could not be read and were reset. The old file, {file}, could not be "
            f"renamed either ({error.strerror}), and the next change will overwrite it: check "
            f"whether another program is using it and whether its folder is writable."
        )
    with suppress(OSError):  # the next change of a setting tries again, and says why it fails
        save_settings(settings, file.parent)
    return f"The settings could not be read and were reset; the old file is kept as {aside.name}."


def _from_json(values: Mapping[str, Any]) -> tuple[Settings, dict[str, str]]:
    """Return the settings, and the problems with invalid values by the settings' names.

    Unknown names, written by a newer version, are ignored; migrations from older versions belong
    here.
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
    """Whether a value of the right type is allowed for a setting."""
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
    """Return the allowed values of a setting; imports are late to keep the start screen fast."""
    from btgui.engine.exports.picture import COLOUR_MAPS
    from btgui.engine.results import CamMethod

    return {
        "colour_map": tuple(COLOUR_MAPS),
        "cam_method": get_args(CamMethod),
        "runtime": RUNTIME_NAMES,
    }[name]
