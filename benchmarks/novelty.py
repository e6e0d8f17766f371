"""Measures how many pictures a model recognises as unlike its training scans.

Usage: python -m benchmarks.novelty MODEL PLACE…

Prints a line for each place, a file or a folder: of its pictures (volumes slice by slice) in which an
outline of a head was found, how many are novel, of those with a verdict of a tumour and of the others.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from btgui.engine.analysis import Analyser
from btgui.engine.models.pack import open_pack
from btgui.engine.results import Reading
from btgui.engine.scan_source import find_scans
from btgui.engine.studies.pictures_in_files import pictures_in


def main() -> None:
    """Read all pictures and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("place", type=Path, nargs="+")
    options = parser.parse_args()
    pack = open_pack(options.model)
    if pack.card.novelty_limit is None:
        parser.error(f"{pack.card.name} has no prototypes. Add them: python -m training novelty")
    analyser = Analyser(pack)
    healthy = analyser.pack.card.healthy_index
    print(f"{'place':32}{'pictures':>10}{'novel':>20}{'of tumours':>20}{'of the others':>20}")
    for place in options.place:
        pictures = pictures_in(find_scans([place], volumes=True))
        readings = [
            outcome
            for batch in analyser.readings(pictures)
            for _, outcome in batch
            if isinstance(outcome, Reading) and outcome.has_head
        ]
        called = {True: [0, 0], False: [0, 0]}  # novel, all
        for reading in readings:
            counts = called[reading.prediction.verdict_index != healthy]
            counts[0] += reading.prediction.is_novel
            counts[1] += 1
        total = [sum(pair) for pair in zip(*called.values(), strict=True)]
        cells = [f"{_share(*pair):>20}" for pair in (total, called[True], called[False])]
        print(f"{place.name:32}{len(readings):>10,}{''.join(cells)}")


def _share(novel: int, count: int) -> str:
    return f"{novel} of {count} ({novel / count:.0%})" if count else "-"


if __name__ == "__main__":
    main()
