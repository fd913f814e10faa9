"""Where static files come from: our own folder, and the built files of npm packages."""

from pathlib import Path

PACKAGES = {
    "tus": ("tus-js-client", "dist"),
    "leaflet": ("leaflet", "dist"),
    "topojson": ("topojson-client", "dist"),
    "atlas": ("world-atlas",),
}
"""Folder below `vendor/`, and what of which npm package it holds."""


def static_sources(base_dir: Path) -> list[Path | tuple[str, Path]]:
    """STATICFILES_DIRS: `static/`, and below `vendor/` the packages that `npm ci` has put in node_modules.

    A package that is not installed is left out, so that checks and tests that need no browser still run.
    """
    folders = {name: base_dir.joinpath("node_modules", *parts) for name, parts in PACKAGES.items()}
    vendored = [(f"vendor/{name}", folder) for name, folder in folders.items() if folder.is_dir()]
    return [base_dir / "static", *vendored]
