"""One module for each standard: MEDIA_TYPE, EXTENSION, applies_to(record) and a pure render(record)."""
