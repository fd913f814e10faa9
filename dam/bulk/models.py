"""Changes to thousands of assets at once, with preview and undo."""
