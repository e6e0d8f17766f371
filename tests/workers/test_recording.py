from types import SimpleNamespace

from btgui.engine.errors import BtguiError
from btgui.engine.notifications import subscribe
from btgui.workers.recording import Recording

FIRST = SimpleNamespace(frame=0)


class Full:
    def add(self, reading):
        raise BtguiError("The disk is full.")


def test_only_a_file_s_first_picture_is_kept():
    kept = []
    recording = Recording(SimpleNamespace(add=kept.append))
    recording.keep(FIRST)
    recording.keep(SimpleNamespace(frame=3))
    assert kept == [FIRST]


def test_a_store_that_fails_is_told_once_and_left_alone():
    messages = []
    unsubscribe = subscribe(messages.append)
    recording = Recording(Full())
    recording.keep(FIRST)
    recording.keep(FIRST)
    unsubscribe()
    assert [m.text for m in messages] == ["Readings are no longer recorded. The disk is full."]
