import os
import subprocess
import sys

import pytest

from btgui.engine.runtimes.quiet_loading import loading_quietly


def test_what_is_no_note_reaches_standard_error(monkeypatch, capfd):
    monkeypatch.delitem(sys.modules, "tensorflow", raising=False)

    def load():
        os.write(2, b"WARNING: All log messages before absl::InitializeLog() is called\n")
        os.write(2, b"I0000 00:00:1795740884.613669   11973 port.cc:153] oneDNN is on.\n")
        os.write(2, b"E0000 00:00:1795740884.613669   11973 cuda.cc:1] Out of memory.\n")
        os.write(2, b"It cannot be imported.\n")
        raise ImportError

    with pytest.raises(ImportError), loading_quietly():
        load()
    os.write(2, b"I0000 00:00:00 afterwards\n")
    assert capfd.readouterr().err == (
        "E0000 00:00:1795740884.613669   11973 cuda.cc:1] Out of memory.\n"
        "It cannot be imported.\n"
        "I0000 00:00:00 afterwards\n"
    )


def test_without_standard_error_it_is_loaded_all_the_same():
    program = (
        "import os; os.close(2)\n"
        "from btgui.engine.runtimes.quiet_loading import loading_quietly\n"
        "with loading_quietly(): print('loaded')"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, stdout=subprocess.PIPE)
    assert done.stdout.split() == [b"loaded"]
