"""Tolerant access to header values: a missing or damaged element never raises."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydicom.dataset import Dataset


def value_in(dataset: Dataset, key: str | int) -> Any:  # noqa: ANN401  (whatever the header holds)
    """Return an element's value by its keyword or tag; None where it is missing or damaged."""
    try:
        if isinstance(key, str):
            return dataset.get(key)
        return dataset[key].value if key in dataset else None
    except Exception:  # noqa: BLE001  (pydicom decodes an element when it is accessed)
        return None


def listed_in(dataset: Dataset, key: str | int) -> list[Any]:
    """Return an element's values as a list, even if there is only one; [] if missing or damaged."""
    value = value_in(dataset, key)
    if value is None:
        return []
    several = isinstance(value, Sequence) and not isinstance(value, str | bytes)
    return [*value] if several else [value]


def text_in(dataset: Dataset, key: str | int) -> str:
    """Return an element as text; "" where it is missing or damaged.

    Several values are joined by backslashes as in the file, because people type backslashes into
    descriptions.
    """
    return "\\".join(str(value).strip() for value in listed_in(dataset, key))


def whole_in(dataset: Dataset, key: str | int) -> int:
    """Return an element as an integer; 0 where it is missing or damaged."""
    try:
        return int(value_in(dataset, key) or 0)
    except (TypeError, ValueError, OverflowError):
        return 0


def number_in(dataset: Dataset, key: str | int) -> float | None:
    """Return an element as a number; None where it is 0, missing, damaged or not finite."""
    return finite(value_in(dataset, key)) or None


def finite(value: object) -> float | None:
    """Return a value as a finite number; None where it is not one."""
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None
    return number if isfinite(number) else None


def first_number_in(dataset: Dataset, *keys: str | int) -> float | None:
    """Return the first value, which may be 0, of the first element that begins with a number."""
    found = (finite(value) for key in keys for value in listed_in(dataset, key)[:1])
    return next((number for number in found if number is not None), None)


def numbers_in(dataset: Dataset, key: str | int, count: int) -> tuple[float, ...] | None:
    """Return ``count`` finite numbers; None where they are missing, damaged, or more or fewer."""
    try:
        numbers = tuple(float(number) for number in value_in(dataset, key))
    except (TypeError, ValueError, OverflowError):
        return None
    return numbers if len(numbers) == count and all(map(isfinite, numbers)) else None
