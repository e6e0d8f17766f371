"""Training from the main window: the wizard, its one current run, and earlier runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QWidget

from btgui.engine.models.library import ModelLibrary
from btgui.engine.notifications import mention
from btgui.engine.training_runs.runs import TrainingRun, discard, waiting_runs
from btgui.views.dialogs.questions import ask_to_discard, ask_to_stop_and_close
from btgui.views.dialogs.stopping_dialog import StoppingDialog
from btgui.views.ending_runs import EndingRuns
from btgui.views.resume_bar import ResumeBar
from btgui.views.training_news import TrainingNews
from btgui.views.window_state import bring_up
from btgui.workers.background import Background
from btgui.workers.training_process import Ending, TrainingProcess

if TYPE_CHECKING:  # imported when first used, so that the application starts sooner
    from btgui.engine.datasets.dataset import LabelledScan
    from btgui.views.training_wizard.page import Page
    from btgui.views.training_wizard.result_page import ResultPage
    from btgui.views.training_wizard.training_page import TrainingPage
    from btgui.views.training_wizard.wizard import TrainingWizard


class TrainingDesk(QObject):
    """Opens the wizard, runs its training, and offers earlier runs.

    Parameters
    ----------
    library
        The library that accepted models are added to.

    Signals
    -------
    open_requested(Path)
        The user wants to see a scan in the window.
    model_accepted(str, bool)
        The model with this id joined the library; whether it is to be used from now on.
    """

    open_requested = Signal(object)
    model_accepted = Signal(str, bool)

    def __init__(self, library: ModelLibrary, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self._library = library
        self._wizard: TrainingWizard | None = None
        self._in_use = ""
        self._deletions: list[Background] = []
        self._listing = Background(self)
        self._ending_runs = EndingRuns(self)
        self._ending_runs.ended.connect(self._offer_ended)
        self.process = TrainingProcess(self)
        self.bar = ResumeBar()
        self.news = TrainingNews(self)
        self.news.indicator.clicked.connect(self.show_training)
        self._listing.succeeded.connect(self._listed)
        self._listing.failed.connect(self._not_listed)
        self.bar.chosen.connect(self._go_on)
        self.bar.discard_requested.connect(self._ask_to_discard)

    @property
    def wizard(self) -> TrainingWizard:
        """The wizard, which is built at the first use."""
        if self._wizard is None:
            from btgui.views.training_wizard.assembly import build_wizard

            self._wizard = build_wizard(self.process, self._library, self._parent)
            result, page = self._result_page, self.training_page
            result.set_in_use(self._in_use)
            result.runner.view.open_requested.connect(self.open_requested)
            result.accepted.connect(self.model_accepted)
            page.run_began.connect(self._run_began)
            page.run_told.connect(self.news.indicator.setText)
            page.run_ended.connect(self._run_ended)
            for one in self._wizard.pages:
                one.complete_changed.connect(self._withdraw_what_is_decided)
        return self._wizard

    @property
    def _result_page(self) -> ResultPage:
        from btgui.views.training_wizard.result_page import ResultPage

        return self.wizard.findChild(ResultPage)

    @property
    def training_page(self) -> TrainingPage:
        """The wizard's page on which the training runs."""
        from btgui.views.training_wizard.training_page import TrainingPage

        return self.wizard.findChild(TrainingPage)

    def set_in_use(self, model_id: str) -> None:
        """Store which model is in use: new models are compared with it."""
        self._in_use = model_id
        if self._wizard is not None:
            self._result_page.set_in_use(model_id)

    def offer_earlier_runs(self) -> None:
        """Offer earlier runs, one after the other, if there are any.

        After a crash of the application, the process of a run may live on for some seconds: such a
        run is offered when its process has ended.
        """
        self.bar.offer(waiting_runs())
        self._ending_runs.watch()

    def show_earlier_runs(self) -> None:
        """Offer earlier runs at the user's request; if there are none, the status bar says so."""
        self.offer_earlier_runs()
        if not self.bar.isVisible():
            mention("There is no interrupted training.")

    def enable_in(self, menu: QMenu) -> None:
        """Disable the entry for earlier runs in the open menu while there are none."""
        entry = next(one for one in menu.actions() if one.objectName() == "earlier_runs")
        menu.aboutToShow.connect(lambda: entry.setEnabled(bool(waiting_runs())))
        # The shortcut must work whatever there was when the menu was last open.
        menu.aboutToHide.connect(lambda: entry.setEnabled(True))

    def show_wizard(self) -> None:
        """Open the wizard on the page where the user left it, or on its first page."""
        if self.process.is_running():
            mention("A training is running; another one can start when it has ended.")
        self._open()

    def show_training(self) -> None:
        """Open the wizard on the page of the run."""
        self.wizard.go_to(self.wizard.pages.index(self.training_page))
        self._open()

    def _open(self) -> None:
        wizard = self.wizard
        run = self.training_page.run
        if self.process.is_running():
            wizard.go_to(wizard.pages.index(self.training_page))
        elif run is not None and not run.asked.exists():
            # The run was decided on: the next one starts from the beginning.
            self.training_page.forget_run()
            wizard.start_anew()
        if not self.process.is_running():
            self.news.indicator.hide()  # the wizard now shows how the run ended
        bring_up(wizard)

    def may_close(self) -> bool:
        """Return whether the application may close; ask if work is running, and stop a training."""
        if self.process.is_running():
            may = ask_to_stop_and_close(
                self._parent,
                "A training is running",
                "Stop the training? Its state is kept; the next start offers to resume it.",
            )
            if may:
                StoppingDialog(self.process, self._parent).wait()
            return may
        pages = [] if self._wizard is None else self._wizard.pages
        at_work = (one for one in pages if one.busy() and not self._was_stopped(one))
        busy = next((page.title for page in at_work), "")
        return not busy or ask_to_stop_and_close(
            self._parent,
            "The wizard is at work",
            f"Stop the work in the wizard at “{busy}”? It must be started again later.",
        )

    def _was_stopped(self, page: Page) -> bool:
        """Whether the page was left, which stops its work."""
        is_seen = self.wizard.isVisible() and page is self.wizard.current_page
        return page.lets_one_back and not is_seen

    def close(self) -> None:
        """End all background work; the checkpoint of a running training stays."""
        self.process.close()
        self._ending_runs.stop()
        self._listing.close()
        for deletion in self._deletions:
            deletion.close()
        if self._wizard is not None:
            for page in self._wizard.pages:
                page.close_down()

    def _shows(self, run: TrainingRun) -> bool:
        """Whether the wizard shows this run."""
        return self._wizard is not None and self.training_page.run == run

    def _ask_to_discard(self, run: TrainingRun) -> None:
        ask_to_discard(
            self._parent,
            "Discard the training",
            f"Delete the training of {run.request.name} with everything it has learned? "
            f"This cannot be undone.",
            lambda: self._discard(run),
        )

    def _discard(self, run: TrainingRun) -> None:
        if self._shows(run):
            if self.process.is_running():
                mention(f"{run.request.name} is being trained; stop its training first.")
                return
            self.training_page.forget_run()
            self.wizard.start_anew()
        # On a thread: there may be gigabytes to delete.
        deletion = Background(self)
        deletion.failed.connect(mention)
        deletion.start(lambda _stopped: discard(run))
        self._deletions.append(deletion)
        self.bar.offer([other for other in waiting_runs() if other != run])

    def _go_on(self, run: TrainingRun) -> None:
        page = self.training_page
        if not run.asked.exists():  # it was decided on in the wizard meanwhile
            mention(f"The training of {run.request.name} has already been decided on.")
            self.offer_earlier_runs()
            return
        if self.process.is_running():
            mention("A training is running; resume the other one when it has ended.")
            return
        if self._shows(run) and self.wizard.draft.run_folder == run.folder:
            self.wizard.go_to(self.wizard.pages.index(page))
        else:
            self._take_over(run)
        if run.is_finished:
            page.show_run(run)
            self.wizard.go_to(self.wizard.current_index + 1)
        elif run.refusal:
            page.show_run(run)
        else:
            page.resume_run(run)
        self._open()

    def _take_over(self, run: TrainingRun) -> None:
        """Make the wizard show the choices that a run was started with."""
        from btgui.engine.datasets.listing import listed_scans
        from btgui.views.training_wizard.run_draft import draft_of

        draft = draft_of(run)
        self._listing.cancel()
        if (place := draft.place) is not None:
            self._listing.start(lambda stopped: listed_scans(place, stopped))
        self.wizard.take_over(draft, self.wizard.pages.index(self.training_page))

    def _listed(self, scans: list[LabelledScan]) -> None:
        if self.wizard.draft.waits_for_scans:
            self.wizard.draft.scans = scans
            self.wizard.show_again()

    def _not_listed(self, problem: str) -> None:
        from btgui.views.training_wizard.run_draft import hide_choices

        if self.wizard.draft.waits_for_scans:
            hide_choices(self.wizard.draft, problem)
            self.wizard.show_again()

    def _offer_ended(self, ended: list[TrainingRun]) -> None:
        if not self.process.is_running():
            # Runs that the user has postponed stay so.
            self.bar.offer(waiting_runs() if self.bar.isVisible() else ended)

    def _run_began(self, _run: TrainingRun) -> None:
        self.news.begin()
        self._ending_runs.stop()
        self.bar.hide()

    def _run_ended(self, run: TrainingRun, ending: Ending) -> None:
        """Show how a run ended in the main window too: the wizard may have been closed."""
        deleted, seen = self.training_page.busy(), self.wizard.isActiveWindow()
        self.news.end(run, ending, deleted=deleted, seen=seen)

    def _withdraw_what_is_decided(self) -> None:
        if not self.process.is_running():
            self.news.withdraw(self.training_page.run)
