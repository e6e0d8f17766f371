import pytest

from btgui.views.heatmaps.gradcam_viewer import GradCamViewer


@pytest.fixture
def viewer(qtbot, analysis):
    viewer = GradCamViewer()
    qtbot.addWidget(viewer)
    qtbot.addWidget(viewer.strip)
    viewer.resize(700, 600)
    viewer.strip.resize(700, 150)
    viewer.show()
    viewer.strip.show()
    viewer.show_analysis(analysis)
    viewer.show_explanation(analysis)
    return viewer
