import pytest

import main
from btgui import __version__
from btgui.command_line.parser import analyze_parser, models_parser, window_parser


def test_the_window_takes_scans_or_nothing():
    assert window_parser().parse_args([]).paths == []
    options = window_parser().parse_args(["a.png", "folder"])
    assert [str(path) for path in options.paths] == ["a.png", "folder"]


@pytest.mark.parametrize(
    ("parser", "arguments"),
    [
        (analyze_parser, []),
        (analyze_parser, ["a.png", "--method", "guess"]),
        (models_parser, []),
        (models_parser, ["export", "only-one"]),
        (window_parser, ["--unknown"]),
    ],
)
def test_misuse_ends_with_two(parser, arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(arguments)
    assert ended.value.code == 2
    assert "usage" in capsys.readouterr().err


@pytest.mark.parametrize("parser", [window_parser, analyze_parser])
def test_help_says_that_it_is_no_medical_device(parser):
    assert "Not a medical device" in " ".join(parser().format_help().split())


def test_analysing_explains_the_verdict_by_grad_cam_unless_told_otherwise():
    options = analyze_parser().parse_args(["a.png"])
    assert (options.method, options.target, options.model) == ("grad_cam", None, None)
    assert (options.json, options.csv, options.explain) == (False, None, None)


def test_the_version_is_the_package_s(capsys):
    with pytest.raises(SystemExit) as ended:
        window_parser().parse_args(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"btgui {__version__}\n"


def test_every_command_leads_to_its_parser(capsys):
    for command in ("analyze", "models"):
        with pytest.raises(SystemExit):
            main.main([command, "--help"])
        assert capsys.readouterr().out.startswith(f"usage: btgui {command}")
