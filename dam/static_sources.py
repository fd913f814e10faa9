"""Where static files come from: our own folder, and the built files of npm packages."""

from pathlib import Path


def static_sources(base_dir: Path) -> list[Path | tuple[str, Path]]:
    """STATICFILES_DIRS: `static/`, and below `vendor/` the packages that `npm ci` has put in node_modules.

    A package that is not installed is left out, so that checks and tests that need no browser still run.
    """
    vendored = ("vendor/tus", base_dir / "node_modules" / "tus-js-client" / "dist")
    return [base_dir / "static", *([vendored] if vendored[1].is_dir() else [])]
