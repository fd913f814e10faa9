"""The formats in which an asset can be taken along."""

from __future__ import annotations

from types import ModuleType

from dam.export.formats import alto

FORMATS: dict[str, ModuleType] = {"alto": alto}
"""By the name that stands in their address. Each has MEDIA_TYPE, EXTENSION, applies_to and render."""
