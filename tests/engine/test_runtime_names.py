from btgui.engine.runtime_names import known_runtime


def test_a_runtime_of_a_newer_version_s_settings_leaves_the_choice_to_us():
    assert known_runtime("openvino") == "openvino"
    assert known_runtime("abacus") == "auto"
