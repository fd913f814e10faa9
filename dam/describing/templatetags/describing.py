"""What the pages of describing write in words."""

from __future__ import annotations

from django import template

from dam.describing import dates

register = template.Library()


@register.simple_tag
def read_date(text: str | None) -> dates.Reading | None:
    """How a date is understood; None where there is none or it cannot be read."""
    try:
        return dates.read(text) if text else None
    except dates.UnreadableDateError:
        return None
