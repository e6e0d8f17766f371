"""The heatmap viewer: the network's evidence for a class, stage by stage."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QToolButton, QVBoxLayout, QWidget

from btgui.engine.disk.files import file_name_of
from btgui.engine.exports.file_title import file_title
from btgui.engine.exports.heat_pictures import (
    ShownHeat,
    SmallPictures,
    scan_picture,
    stage_picture,
)
from btgui.engine.exports.picture import lettered, write_picture
from btgui.engine.notifications import mention
from btgui.engine.pictures.square_pixels import with_square_pixels
from btgui.engine.pictures.turn import PictureTurn
from btgui.engine.results import CAM_METHODS, Analysis, StageMap
from btgui.views.actions import set_tip_with_keys
from btgui.views.heatmaps.heat_look import HeatLook
from btgui.views.heatmaps.stage_strip import StageStrip
from btgui.views.saving import PNG_PICTURE, ask_and_save
from btgui.views.text import plain_tip
from btgui.views.theme import tool_icon
from btgui.views.widgets.picture_label import PictureLabel, to_image
from btgui.views.widgets.picture_place import Place
from btgui.views.widgets.play_button import PlayButton
from btgui.views.widgets.wheel_guard import guard_wheel
from btgui.views.widgets.wrapping_row import WrappingRow

_PLAY_MILLISECONDS = 900
_NOT_IN_NAMES = str.maketrans("", "", ",°")  # removed from proposed file names
_WIDEST_QUESTION = 280  # pixels up to which the class box keeps the width it once needed


class GradCamViewer(QWidget):
    """A large view of one stage; its ``strip`` shows the original and every stage.

    The strip is a separate widget, which the owner lays out.

    Signals
    -------
    explanation_requested(Analysis, int, str)
        Heatmaps of this reading, for this class index and by this method, are requested.
    view_options_changed(dict)
        The user changed this option, by settings name: colour map, opacity, contours or method.
    enabled_changed()
        There is a reading to explain now, or there is none any more.
    settled()
        The requested heatmaps are shown, or why there are none.
    """

    enabled_changed = Signal()
    settled = Signal()
    explanation_requested = Signal(object, int, str)
    view_options_changed = Signal(dict)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._analysis: Analysis | None = None
        self._problem = ""  # why there are no heatmaps
        self._wanted_class: str | None = None  # chosen by the user, and kept from slice to slice
        self._stage: int | None = None  # the stage that was chosen; None shows the last one
        self._stage_before_play: int | None = None
        self._had_keys: QWidget | None = None  # lost the focus when all was disabled
        self._small = SmallPictures()
        self._turn = PictureTurn()
        self.large = PictureLabel()
        self.large.setAccessibleName("Heatmap")
        self.strip = StageStrip()
        self.strip.stage_chosen.connect(self.select_stage)
        self.target = QComboBox()
        self.target.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.target.setPlaceholderText("Why …?")  # until there is a verdict
        self.target.setMinimumContentsLength(15)  # "Why meningioma?" is always readable
        self.target.setAccessibleName("Class to explain")
        set_tip_with_keys(
            self.target,
            "The class whose evidence is shown: the verdict or another one.",
            "next_target",
        )
        self.target.activated.connect(self._request_chosen)
        self.method = QComboBox()
        self.method.setAccessibleName("Method")
        self.method.setToolTip("Grad-CAM, or Grad-CAM++, which shows several regions better.")
        for name, label in CAM_METHODS.items():
            self.method.addItem(label, name)
        self.method.activated.connect(self._choose_method)
        self.play = PlayButton("Play stages", _PLAY_MILLISECONDS)
        set_tip_with_keys(self.play, "Show the stages one after the other.", "play")
        self.play.toggled.connect(self._note_stage)
        self.play.step_wanted.connect(self._next_stage)
        self.save = QToolButton()
        self.save.setIcon(tool_icon("save"))
        self.save.setProperty("tool", True)
        self.save.setAccessibleName("Save picture")
        set_tip_with_keys(self.save, "Save this view as a picture.", "save_picture")
        self.save.clicked.connect(self.save_picture)
        self.look = HeatLook()
        self.look.changed.connect(self._draw)
        self.look.changed.connect(self.view_options_changed)
        self._lay_out()
        self.clear()

    def minimumSizeHint(self) -> QSize:  # noqa: N802  (Qt's name)
        """Return room for all rows of controls, as splitters ignore the layout's height for width."""
        width = super().minimumSizeHint().width()
        return QSize(width, self.layout().totalMinimumHeightForWidth(width))

    def set_view_options(
        self, colour_map: str, opacity: int, method: str, *, contours: bool
    ) -> None:
        """Apply the user's display options."""
        self.method.setCurrentIndex(max(0, self.method.findData(method)))
        self.look.choose(colour_map, opacity, contours=contours)

    def show_analysis(self, analysis: Analysis) -> None:
        """Store the verdict on a new scan and request its heatmaps."""
        self._analysis = analysis
        prediction = analysis.prediction
        self.target.clear()
        for index, name in enumerate(prediction.display_names):
            verdict = index == prediction.verdict_index
            self.target.addItem(f"Why {name.lower()}?" if verdict else f"Signs of {name.lower()}")
        # The box keeps its width: otherwise the controls beside it would jump from scan to scan.
        width = min(self.target.sizeHint().width(), _WIDEST_QUESTION)
        self.target.setMinimumWidth(max(width, self.target.minimumWidth()))
        names = prediction.display_names
        kept = self._wanted_class in names
        self.target.setCurrentIndex(
            names.index(self._wanted_class) if kept else prediction.verdict_index
        )
        self.setEnabled(True)
        had_keys, self._had_keys = self._had_keys, None
        taken = self.window().focusWidget() is not None  # another widget got the focus meanwhile
        if had_keys is not None and had_keys.isVisible() and not taken:
            had_keys.setFocus()
        self.enabled_changed.emit()
        self._request()

    def show_explanation(self, analysis: Analysis) -> None:
        """Show the heatmaps of a reading."""
        self._analysis, self._problem = analysis, ""
        if analysis.explanation is not None:
            self.target.setCurrentIndex(analysis.explanation.target_index)
        self._draw()
        self.settled.emit()

    def show_failure(self, reason: str) -> None:
        """Show why there are no heatmaps; another class or method can still be requested."""
        if self._analysis is not None:
            self._without_heatmaps(reason)
            self.settled.emit()

    def follow_verdict(self) -> None:
        """Explain each scan's verdict again rather than the class that the user chose."""
        self._wanted_class = None

    def clear(self, why: str = "") -> None:
        """Show no heatmaps; if a scan is open, ``why`` says why there are none."""
        self._analysis, self._problem = None, why
        if self.play.isChecked():
            self.play.setChecked(False)
            self._stage = self._stage_before_play  # where playing stopped was not a choice
        self.target.setCurrentIndex(-1)
        focus = self.window().focusWidget()
        if focus is not None and self.isAncestorOf(focus):
            self._had_keys = focus
        self.setEnabled(False)
        self.enabled_changed.emit()
        self._draw()

    @property
    def analysis(self) -> Analysis | None:
        """The reading on display, with its heatmaps once they are there."""
        return self._analysis

    @property
    def problem(self) -> str:
        """Why there are no heatmaps."""
        return self._problem

    def show_part(self, place: Place, turn: PictureTurn) -> None:
        """Show this part of the pictures in this orientation; the whole is saved and copied."""
        self.large.show_part(place)
        self.strip.show_part(place)
        if turn != self._turn:
            self._turn = turn
            self._draw()

    def stage(self) -> int:
        """Return the stage in the large view; 0 is the original, shown until there are heatmaps."""
        last = len(self._stages())
        return last if self._stage is None else min(self._stage, last)

    def shown_heat(self) -> ShownHeat | None:
        """Return the heatmap in the large view, None while that shows the original."""
        if self._analysis is None or not self.stage():
            return None
        stage = self._stages()[self.stage() - 1]
        return ShownHeat(self._analysis, stage, self.look.heat_style())

    def select_stage(self, number: int) -> None:
        """Show a stage in the large view; 0 is the original."""
        if number <= len(self._stages()):
            self._stage = number
            self._draw()

    def select_next_target(self) -> None:
        """Explain the next class."""
        if self._analysis is not None:
            self.target.setCurrentIndex((self.target.currentIndex() + 1) % self.target.count())
            self._request_chosen()

    def save_picture(self) -> None:
        """Ask for a file and save the large view at the scan's resolution."""
        if self._analysis is None:
            return
        seen = file_name_of(self._seen().translate(_NOT_IN_NAMES))
        name = f"{file_title(self._analysis.scan)}-{seen}.png".replace(" ", "-")
        ask_and_save(self, "Save picture", name, PNG_PICTURE, write_picture, self._taken())

    def copy_picture(self) -> None:
        """Copy the large view at the scan's resolution to the clipboard."""
        if self._analysis is None:
            return
        QGuiApplication.clipboard().setImage(to_image(self._taken()))
        mention(f"Copied: {self._seen()}.")

    def _lay_out(self) -> None:
        guard_wheel(self.target, self.method)
        asking = WrappingRow(self.target, self.method, self.play, self.save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 0)
        layout.addLayout(asking)
        layout.addWidget(self.large, 1)
        layout.addWidget(self.look)

    def _stages(self) -> tuple[StageMap, ...]:
        if self._analysis is None or self._analysis.explanation is None:
            return ()
        return self._analysis.explanation.stages

    def _caption(self, number: int) -> str:
        return "Original" if number == 0 else self._stages()[number - 1].label

    def _seen(self) -> str:
        """Return the caption of the large view and how it is rotated and mirrored."""
        return ", ".join(filter(None, (self._caption(self.stage()).lower(), self._turn.words())))

    def _taken(self) -> NDArray[np.uint8]:
        """Return the large view as it is saved and copied, with the orientation letters."""
        picture, edges = self._pixels(self.stage()), self._analysis.scan.edges
        return picture if edges is None else lettered(picture, self._turn.edges(edges))

    def _pixels(self, number: int) -> NDArray[np.uint8]:
        """Return the scan with a stage's heatmap or contours over it, at the scan's resolution.

        The picture is rotated and mirrored like the scan view, and resampled to square pixels.
        """
        assert self._analysis is not None  # noqa: S101  (callers have checked)
        scan = self._analysis.scan
        if number == 0:
            picture = scan_picture(scan.grey)
        else:
            heat = self._stages()[number - 1].on_scan
            picture = stage_picture(scan.grey, heat, self.look.heat_style())
        return self._turn.applied_to(with_square_pixels(picture, scan.pixel_size))

    def _remark(self, number: int) -> str:
        if number == 0 or self._stages()[number - 1].has_evidence:
            return ""
        explained = self._analysis.explanation.target_index
        name = self._analysis.prediction.display_names[explained]
        return f"No evidence for {name.lower()} at this stage"

    def _draw(self) -> None:
        stages = self._stages()
        if self._analysis is None or self._problem:
            self.large.show_text(self._problem or "Open a scan to see what the network looks at.")
            self.strip.clear()
            return
        if not stages:
            self.large.show_pixels(self._pixels(0), "Computing the heatmaps …")
            self.strip.clear()
            return
        shown = self.stage()
        self.large.show_pixels(self._pixels(shown), self._remark(shown))
        self.large.setToolTip(plain_tip(self._caption(shown)))
        small = self._small.draw(self._analysis, self.look.heat_style())
        pictures = [
            (self._caption(number), self._turn.applied_to(pixels), self._remark(number))
            for number, pixels in enumerate(small)
        ]
        self.strip.show_pictures(pictures, shown)

    def _choose_method(self) -> None:
        self.view_options_changed.emit({"cam_method": self.method.currentData()})
        self._request_chosen()

    def _request_chosen(self) -> None:
        if self._analysis is not None:
            prediction, index = self._analysis.prediction, self.target.currentIndex()
            other = index != prediction.verdict_index
            self._wanted_class = prediction.display_names[index] if other else None
            self._stage = self._stage or None  # a stage, not the original, explains a class
        self._request()

    def _request(self) -> None:
        if self._analysis is not None:
            self._without_heatmaps()  # those on the screen explain another class or method
            self.explanation_requested.emit(
                self._analysis, self.target.currentIndex(), self.method.currentData()
            )

    def _without_heatmaps(self, reason: str = "") -> None:
        assert self._analysis is not None  # noqa: S101  (callers have checked)
        self._analysis, self._problem = replace(self._analysis, explanation=None), reason
        self._draw()

    def _note_stage(self, playing: bool) -> None:  # noqa: FBT001  (a Qt slot)
        if playing:
            self._stage_before_play = self._stage

    def _next_stage(self) -> None:
        if self._stages():
            self.select_stage((self.stage() + 1) % (len(self._stages()) + 1))
