"""The user's choices: a typed schema with a version, kept as JSON. Window state is kept apart."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from btgui.engine.files import free_name, replacing
from btgui.engine.notifications import Notification, notify

VERSION = 1
MAXIMUM_RECENT = 10
SETTINGS_FILE = "settings.json"


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


def load_settings(folder: Path, tell: Callable[[Notification], None] = notify) -> Settings:
    """Read the settings; a damaged file is set aside as ``.damaged`` and the user is told.

    ``tell`` takes that message: a window that is not there yet cannot hear :func:`notify`.
    """
    file = folder / SETTINGS_FILE
    try:
        return _from_json(json.loads(file.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError, TypeError, RecursionError) as error:
        tell(Notification("warning", _set_aside(file), str(error)))
        return Settings()


def save_settings(settings: Settings, folder: Path) -> None:
    """Write the settings, all of them or nothing.

    Raises
    ------
    OSError
        The folder cannot be written.
    """
    with replacing(folder / SETTINGS_FILE) as temporary:
        temporary.write_text(json.dumps(asdict(settings), indent=1), encoding="utf-8")


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


def _from_json(values: Any) -> Settings:  # noqa: ANN401  (whatever a file held)
    if not isinstance(values, dict) or not isinstance(values.get("version"), int):
        raise TypeError("expected an object with a version number")
    # A newer version's unknown names are dropped; each older version gets a step here.
    known = {f.name: f for f in fields(Settings)}
    chosen: dict[str, Any] = {}
    defaults = Settings()
    for name, value in values.items():
        if name not in known or name == "version":
            continue
        expected = getattr(defaults, name)
        several = isinstance(expected, tuple) and isinstance(value, list)
        read = tuple(map(str, value)) if several else value
        texts = not isinstance(read, dict) or all(isinstance(v, str) for v in read.values())
        if type(read) is not type(expected) or not texts:
            raise TypeError(f"expected {name} like {expected!r}, received {value!r}")
        chosen[name] = read
    return replace(defaults, **chosen)
