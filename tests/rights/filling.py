"""Sending a form of a page as a browser does: with everything that it holds."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from lxml import html


def filled(page: bytes, field: str, **changes: Any) -> dict[str, list[Any]]:
    """The values of the form that has that field, as the browser would send them, with some changed."""
    forms = html.fromstring(page.decode()).forms
    form = next(each for each in forms if field in each.fields)
    values: dict[str, list[Any]] = defaultdict(list)
    for name, value in form.form_values():
        values[name].append(value)
    for name, value in changes.items():
        values[name.replace("__", "-")] = value if isinstance(value, list) else [value]
    return dict(values)


def send(client: Any, address: str, field: str = "", **changes: Any) -> Any:
    """Open the page, fill the form that has that field (else the first that is changed), and send it."""
    page = client.get(address).content
    known_by = field or next(iter(changes)).replace("__", "-")
    return client.post(address, filled(page, known_by, **changes))
