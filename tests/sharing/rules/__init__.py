"""What each room says about its own addresses, gathered for the access matrix.

A module here may hold RULES, PUBLIC, OWN, KEPT (models of which no row may change by a refused request) and
`rows(rows)`, which makes the rows that its rules name beside those that are there, marked with MARK.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

MARK = "Zanzibar"
"""Stands in every row that not every member may see."""


def modules() -> list[ModuleType]:
    """The rooms' modules, in order of their names."""
    return [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)]


def gathered(name: str, empty: Any) -> Any:
    """The sets, dicts or tuples of that name from every room as one."""
    whole = empty
    for module in modules():
        part = getattr(module, name, empty)
        whole = whole + part if isinstance(whole, tuple) else whole | part
    return whole


def rows_of_rooms(rows: dict[str, Any]) -> dict[str, Any]:
    """The rows with those of every room added."""
    for module in modules():
        rows |= module.rows(rows) if hasattr(module, "rows") else {}
    return rows
